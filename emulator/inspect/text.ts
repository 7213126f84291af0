/** Text in guest memory: what `char *` and `char [n]` values say, and how it is quoted. */
import { isCharacter, plain, sizeOf, type Type } from './types';
import { type Fault, type GuestMemory, isFault, readScalar, readString, type Value } from './value';

/** Longest text that is read for a comparison or a log message, in bytes. */
const TEXT_LIMIT = 4096;

/**
 * True when the type is that of text: `char *`, `char [n]`, `unsigned char *`. Bytes by another name (`u8 *`,
 * `kprobe_opcode_t *`) are numbers.
 */
export function isText(type: Type): boolean {
  const shape = plain(type);
  const element = shape.kind === 'pointer' ? shape.to : shape.kind === 'array' ? shape.of : undefined;
  if (!element) return false;
  const unqualified = element.kind === 'qualified' ? element.of : element;
  return unqualified.kind !== 'typedef' && isCharacter(plain(element));
}

/** The text up to its NUL, decoded as UTF-8 (a wrong byte becomes U+FFFD). */
export function readText(value: Value, memory: GuestMemory, limit = TEXT_LIMIT): string | Fault {
  const bytes = readTextBytes(value, memory, limit);
  return isFault(bytes) ? bytes : new TextDecoder().decode(bytes.bytes);
}

/** The bytes up to the NUL. `truncated` when the limit (or the array's end) came first. */
export function readTextBytes(
  value: Value,
  memory: GuestMemory,
  limit = TEXT_LIMIT,
): { bytes: Uint8Array; truncated: boolean } | Fault {
  if (value.place.kind === 'bytes') return cut(value.place.bytes, limit);
  const shape = plain(value.type);
  const start = readScalar(value, memory);
  if (isFault(start)) return start;
  if (shape.kind !== 'array' || shape.count === undefined) return readString(start, limit, memory);
  const length = Math.min(sizeOf(shape) ?? 0, limit);
  const bytes = memory.read(start, length);
  return bytes ? cut(bytes, limit) : { fault: `cannot read memory at 0x${start.toString(16)}` };
}

function cut(bytes: Uint8Array, limit: number): { bytes: Uint8Array; truncated: boolean } {
  const end = bytes.indexOf(0);
  const length = Math.min(end < 0 ? bytes.length : end, limit);
  return { bytes: bytes.subarray(0, length), truncated: end < 0 || end > limit };
}

const NAMED: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  27: '\\e',
  34: '\\"',
  92: '\\\\',
};

/** Bytes as a C string literal; control and undecodable bytes as escapes. */
export function quote(bytes: Uint8Array): string {
  const decoded = new TextDecoder().decode(bytes);
  const text = decoded.includes('\uFFFD') ? String.fromCharCode(...bytes) : decoded;
  const raw = text !== decoded;
  let out = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const named = NAMED[code];
    if (named) out += named;
    else if (code < 32 || code === 127 || (raw && code > 126))
      out += `\\x${code.toString(16).padStart(2, '0')}`;
    else out += character;
  }
  return `"${out}"`;
}

/** One character as C writes it, for `65 'A'`; undefined when it has no picture. */
export function quoteCharacter(code: number): string | undefined {
  const byte = code & 0xff;
  if (byte === 39) return "'\\''";
  if (byte === 34) return `'"'`;
  if (byte === 0) return "'\\0'";
  if (byte > 126) return undefined;
  return `'${quote(Uint8Array.of(byte)).slice(1, -1)}'`;
}
