/**
 * Renders values as one line of text, the way a C programmer reads them in a variables view.
 *
 * Integers in decimal or hex, characters with their picture, enumerators and flags by name, text quoted, pointers with
 * the symbol or a preview of what they point to, structures as a short preview. Never throws; a fault is shown in
 * angle brackets where the value would be.
 */
import { type FlagSet, flagNames, flagSetOf } from './flags';
import { type LinkedContext, linkedOf, linkedText } from './linked';
import { isText, quote, quoteCharacter, readTextBytes } from './text';
import {
  type BaseType,
  type EnumType,
  isCharacter,
  type Member,
  plain,
  type RecordType,
  type Type,
} from './types';
import {
  dereference,
  elementOf,
  type Fault,
  type GuestMemory,
  hex,
  isFault,
  memberOf,
  readScalar,
  type Value,
} from './value';

/** What rendering may consult. */
export interface Describer extends LinkedContext {
  memory: GuestMemory;
  /** `name`, `name+0x12`, or undefined when the address belongs to no symbol. */
  symbolAt(address: bigint): string | undefined;
  /** The full type of a struct that the unit at hand only declares. */
  complete?(type: RecordType): RecordType | undefined;
}

export interface FormatOptions {
  /** Integers in hexadecimal. */
  hex?: boolean;
  /** The value's name and what holds it: chooses flag sets. */
  name?: string;
  holder?: string;
}

const PREVIEW_MEMBERS = 5;
const PREVIEW_ELEMENTS = 8;
const PREVIEW_TEXT = 200;
/** Of structures whose first members say little: the members that tell one from another. */
const PREVIEWS: ReadonlyMap<string, readonly string[]> = new Map([
  ['task_struct', ['pid', 'comm', '__state', 'flags']],
  ['file', ['f_path', 'f_flags', 'f_mode', 'f_pos']],
  ['dentry', ['d_name', 'd_parent', 'd_inode']],
  ['inode', ['i_ino', 'i_mode', 'i_size']],
  ['module', ['name', 'state', 'refcnt']],
  ['pt_regs', ['ip', 'sp', 'ax', 'di', 'si', 'dx']],
  ['kprobe', ['symbol_name', 'addr', 'offset', 'flags', 'nmissed']],
  ['vm_area_struct', ['vm_start', 'vm_end', 'vm_flags', 'vm_file']],
]);

/** One line for a value. */
export function formatValue(value: Value, describer: Describer, options: FormatOptions = {}): string {
  return render(value, describer, options, 0);
}

function render(value: Value, describer: Describer, options: FormatOptions, depth: number): string {
  if (value.place.kind === 'unavailable') return `<${value.place.reason}>`;
  const type = plain(value.type);
  switch (type.kind) {
    case 'void':
      return 'void';
    case 'base':
    case 'enum': {
      const number = readScalar(value, describer.memory);
      return isFault(number) ? faulty(number) : formatNumber(number, value.type, type, options);
    }
    case 'pointer':
      return renderPointer(value, type.to, describer, depth);
    case 'function': {
      const address = readScalar(value, describer.memory);
      return isFault(address) ? faulty(address) : withSymbol(address, describer);
    }
    case 'array':
      return isText(type)
        ? renderText(value, describer)
        : renderArray(value, type.count, describer, options, depth);
    case 'struct':
    case 'union':
      return renderRecord(value, describer.complete?.(type) ?? type, describer, options, depth);
  }
}

function faulty(fault: Fault): string {
  return `<${fault.fault}>`;
}

/** A number by its type: enumerator, flags, boolean, character, decimal or hex. */
export function formatNumber(
  number: bigint,
  declared: Type,
  type: BaseType | EnumType,
  options: FormatOptions,
): string {
  // Saved registers are addresses and masks far more often than quantities.
  const digits = options.hex || options.holder === 'pt_regs' ? hexOf(number, type.size) : String(number);
  if (type.kind === 'enum') {
    const named = type.values.find(({ value }) => value === number);
    return named ? `${named.name} (${digits})` : digits;
  }
  if (type.encoding === 'boolean') return number === 0n ? 'false' : 'true';
  const set = flagSetOf({
    name: options.name ?? '',
    typedef: typedefName(declared),
    holder: options.holder,
  });
  if (set) return formatFlags(BigInt.asUintN(type.size * 8, number), set);
  // Bytes by another name (u8, kprobe_opcode_t) are numbers, as for texts.
  if (isCharacter(type) && typedefName(declared) === undefined) {
    const picture = quoteCharacter(Number(number));
    return picture ? `${digits} ${picture}` : digits;
  }
  return digits;
}

/** `0x241 (O_WRONLY|O_CREAT)`; sets that are written in octal as octal: `0100644 (S_IFREG|0644)`. */
function formatFlags(number: bigint, set: FlagSet): string {
  const digits = set.octal ? `0${number.toString(8)}` : hex(number);
  const names = flagNames(number, set);
  return names === digits ? digits : `${digits} (${names})`;
}

function typedefName(type: Type): string | undefined {
  if (type.kind === 'qualified') return typedefName(type.of);
  return type.kind === 'typedef' ? type.name : undefined;
}

/** Hex of the type's width, without leading zeros. */
export function hexOf(number: bigint, size: number): string {
  return `0x${BigInt.asUintN(size * 8, number).toString(16)}`;
}

function withSymbol(address: bigint, describer: Describer): string {
  const symbol = describer.symbolAt(address);
  return symbol ? `${hex(address)} <${symbol}>` : hex(address);
}

function renderPointer(value: Value, target: Type, describer: Describer, depth: number): string {
  const address = readScalar(value, describer.memory);
  if (isFault(address)) return faulty(address);
  if (address === 0n) return 'NULL';
  const shape = plain(target);
  if (isText(value.type)) {
    const text = readTextBytes(value, describer.memory, PREVIEW_TEXT);
    return isFault(text) ? `${hex(address)} <${text.fault}>` : `${hex(address)} ${quoted(text)}`;
  }
  // The kernel's ERR_PTR: the top 4095 addresses are negative errnos (include/linux/err.h).
  if (address > 0xffff_ffff_ffff_f000n) return `${hex(address)} (ERR_PTR ${BigInt.asIntN(64, address)})`;
  const text = withSymbol(address, describer);
  if (depth > 0 || (shape.kind !== 'struct' && shape.kind !== 'union')) return text;
  const pointed = dereference(value, describer.memory);
  const whole = describer.complete?.(shape) ?? shape;
  if (isFault(pointed) || !whole.complete) return text;
  return `${text} ${renderRecord(pointed, whole, describer, {}, depth + 1)}`;
}

function quoted(text: { bytes: Uint8Array; truncated: boolean }): string {
  return quote(text.bytes) + (text.truncated ? '…' : '');
}

function renderText(value: Value, describer: Describer): string {
  const text = readTextBytes(value, describer.memory, PREVIEW_TEXT);
  if (isFault(text)) return faulty(text);
  return quote(text.bytes) + (text.truncated && text.bytes.length === PREVIEW_TEXT ? '…' : '');
}

function renderArray(
  value: Value,
  count: number | undefined,
  describer: Describer,
  options: FormatOptions,
  depth: number,
): string {
  const total = count ?? 0;
  if (depth > 1) return `[${total}]`;
  const parts: string[] = [];
  for (let i = 0; i < Math.min(total, PREVIEW_ELEMENTS); i++) {
    const element = elementOf(value, BigInt(i), describer.memory);
    parts.push(isFault(element) ? faulty(element) : render(element, describer, options, depth + 2));
  }
  if (total > PREVIEW_ELEMENTS) parts.push('…');
  return `[${total}] {${parts.join(', ')}}`;
}

function renderRecord(
  value: Value,
  type: RecordType,
  describer: Describer,
  options: FormatOptions,
  depth: number,
): string {
  const linked = linkedOf(value, { name: options.name ?? '', holder: options.holder }, describer);
  if (linked) return linkedText(linked, type);
  if (!type.complete) return '{…}';
  if (depth > 1) return '{…}';
  const named = type.members.filter(
    (member): member is Member & { name: string } => member.name !== undefined,
  );
  const telling = PREVIEWS.get(type.name ?? '');
  const chosen = telling
    ? named.filter(({ name }) => telling.includes(name))
    : named.slice(0, PREVIEW_MEMBERS);
  const parts = chosen.map((member) => {
    const inner = memberOf(value, member);
    const shown = render(
      inner,
      describer,
      { hex: options.hex, name: member.name, holder: type.name },
      depth + 1,
    );
    return `${member.name} = ${shown.length > 60 ? `${shown.slice(0, 59)}…` : shown}`;
  });
  if (type.members.length > parts.length) parts.push('…');
  return `{${parts.join(', ')}}`;
}
