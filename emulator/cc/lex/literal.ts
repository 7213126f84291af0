/**
 * Character and string literals to values (C11 6.4.4.4, 6.4.5). Plain and u8 strings are UTF-8, as gcc's default.
 */

/** Width of a literal's elements by its prefix. */
export type Encoding = 'char' | 'char16' | 'char32' | 'wchar';

export interface DecodedLiteral {
  encoding: Encoding;
  /** Element values: bytes for plain literals, code units otherwise. */
  units: readonly number[] | Uint8Array;
  /** Complaints in gcc's words. */
  problems: string[];
}

const SIMPLE: Readonly<Record<string, number>> = {
  n: 10,
  t: 9,
  r: 13,
  a: 7,
  b: 8,
  f: 12,
  v: 11,
  e: 27,
  E: 27,
  '\\': 92,
  "'": 39,
  '"': 34,
  '?': 63,
};

/** Bytes per element. */
export function encodingSize(encoding: Encoding): 1 | 2 | 4 {
  return encoding === 'char' ? 1 : encoding === 'char16' ? 2 : 4;
}

/** Appends a code point in UTF-8, UTF-16 or UTF-32. */
function pushCodePoint(units: number[], code: number, encoding: Encoding): void {
  if (encoding === 'char') {
    if (code < 0x80) units.push(code);
    else if (code < 0x800) units.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) units.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else
      units.push(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 63),
        0x80 | ((code >> 6) & 63),
        0x80 | (code & 63),
      );
  } else if (encoding === 'char16' && code >= 0x10000) {
    units.push(0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff));
  } else units.push(code);
}

/** A string of printable ASCII without escapes, as most are. */
const PLAIN = /^"[\x20-\x21\x23-\x5b\x5d-\x7e]*"$/;
const encoder = new TextEncoder();

/** Decodes a literal's spelling (prefix and quotes included, splices removed). */
export function decodeLiteral(spelling: string): DecodedLiteral {
  if (PLAIN.test(spelling))
    return { encoding: 'char', units: encoder.encode(spelling.slice(1, -1)), problems: [] };
  const quote = Math.min(...['"', "'"].map((q) => spelling.indexOf(q)).filter((i) => i >= 0));
  const prefix = spelling.slice(0, quote);
  const encoding: Encoding =
    prefix === 'L' ? 'wchar' : prefix === 'u' ? 'char16' : prefix === 'U' ? 'char32' : 'char';
  const units: number[] = [];
  const problems: string[] = [];
  const end =
    spelling.length > quote + 1 && spelling.endsWith(spelling[quote]) ? spelling.length - 1 : spelling.length;
  let at = quote + 1;
  while (at < end) {
    const code = spelling.codePointAt(at) ?? 0;
    if (code !== 92) {
      pushCodePoint(units, code, encoding);
      at += code > 0xffff ? 2 : 1;
      continue;
    }
    at = escapeSequence(spelling, at + 1, encoding, units, problems);
  }
  return { encoding, units, problems };
}

/** Handles the escape whose character after the backslash is at `at`; returns where it ends. */
function escapeSequence(
  text: string,
  at: number,
  encoding: Encoding,
  units: number[],
  problems: string[],
): number {
  const c = text[at];
  const simple = SIMPLE[c];
  if (simple !== undefined) {
    units.push(simple);
    return at + 1;
  }
  const bits = encodingSize(encoding) * 8;
  const limit = 2 ** bits;
  const octal = /^[0-7]{1,3}/.exec(text.slice(at, at + 3));
  if (octal) {
    const value = Number.parseInt(octal[0], 8);
    if (value >= limit) problems.push('octal escape sequence out of range');
    units.push(value % limit);
    return at + octal[0].length;
  }
  if (c === 'x') {
    let end = at + 1;
    let value = 0;
    let large = false;
    while (/[0-9a-fA-F]/.test(text[end] ?? '')) {
      value = value * 16 + Number.parseInt(text[end], 16);
      if (value >= limit) large = true;
      value %= limit;
      end++;
    }
    if (end === at + 1) problems.push('\\x used with no following hex digits');
    if (large) problems.push('hex escape sequence out of range');
    units.push(value);
    return end;
  }
  if (c === 'u' || c === 'U') {
    const digits = new RegExp(`^[0-9a-fA-F]{${c === 'u' ? 4 : 8}}`).exec(text.slice(at + 1, at + 9));
    if (!digits) {
      problems.push('incomplete universal character name');
      return at + 1;
    }
    const value = Number.parseInt(digits[0], 16);
    if (value > 0x10ffff) problems.push('universal character is not in the basic source character set');
    else pushCodePoint(units, value, encoding);
    return at + 1 + digits[0].length;
  }
  const code = text.codePointAt(at) ?? 92;
  problems.push(`unknown escape sequence: '\\${String.fromCodePoint(code)}'`);
  pushCodePoint(units, code, encoding);
  return at + (code > 0xffff ? 2 : 1);
}

/** Value of a character constant: int; more than one character packs as gcc does (last in the low byte). */
export function characterValue(literal: DecodedLiteral): bigint {
  if (literal.encoding !== 'char') {
    const unit = literal.units[literal.units.length - 1] ?? 0;
    return literal.encoding === 'wchar' ? BigInt(unit | 0) : BigInt(unit >>> 0);
  }
  if (literal.units.length === 1) return BigInt((literal.units[0] << 24) >> 24);
  let value = 0;
  for (const unit of literal.units) value = (value << 8) | unit;
  return BigInt(value);
}
