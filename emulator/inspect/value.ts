/**
 * A value: a C type and the place where its bytes are. Reading is lazy and may fail (unmapped guest memory, a register
 * that the debug information has lost); failing gives a Fault, never an exception.
 *
 * The machine is seen only through GuestMemory, so that a snapshot, a core file or a test's array serves as well.
 */
import {
  arrayOf,
  CHAR,
  isInteger,
  isSigned,
  type Member,
  plain,
  pointerTo,
  sizeOf,
  type Type,
  wrap,
} from './types';

/** Virtual memory as one stopped context sees it. */
export interface GuestMemory {
  /** A copy of `length` bytes, or undefined when a byte of them is not mapped. */
  read(address: bigint, length: number): Uint8Array | undefined;
  /** Writes as a debugger does: over write protection. False when not mapped. */
  write(address: bigint, bytes: Uint8Array): boolean;
}

/** Where a value is. A register place is any 64-bit cell that is not in memory: a CPU register, a pt_regs field by name. */
export type Place =
  | { kind: 'memory'; address: bigint; bitOffset?: number; bitSize?: number }
  | { kind: 'register'; name: string; get(): bigint | undefined; set(value: bigint): boolean }
  | { kind: 'constant'; value: bigint }
  | { kind: 'bytes'; bytes: Uint8Array }
  | { kind: 'unavailable'; reason: string };

export interface Value {
  type: Type;
  place: Place;
}

/** Why a value cannot be read or written, as a sentence for the variables view. */
export interface Fault {
  fault: string;
}

export function isFault<T>(result: T | Fault): result is Fault {
  return typeof result === 'object' && result !== null && 'fault' in result;
}

export function constant(type: Type, value: bigint): Value {
  return { type, place: { kind: 'constant', value } };
}

export function inMemory(type: Type, address: bigint): Value {
  return { type, place: { kind: 'memory', address: BigInt.asUintN(64, address) } };
}

/** The address of a value that is in memory and not a bit-field. */
export function addressOf(value: Value): bigint | undefined {
  return value.place.kind === 'memory' && value.place.bitSize === undefined ? value.place.address : undefined;
}

/** Bytes as an unsigned little-endian number. */
export function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0);
  return value;
}

/** The low `length` bytes of a number, little-endian. */
export function toBytes(value: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let rest = BigInt.asUintN(length * 8, value);
  for (let i = 0; i < length; i++) {
    bytes[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

export function hex(value: bigint): string {
  return `0x${BigInt.asUintN(64, value).toString(16)}`;
}

/** Reads an integer, enumeration, pointer or function (its address) as a number of its type's sign and width. */
export function readScalar(value: Value, memory: GuestMemory): bigint | Fault {
  const type = plain(value.type);
  if (type.kind === 'array' || type.kind === 'function') {
    const address = addressOf(value);
    return address ?? { fault: 'it has no address' };
  }
  if (type.kind !== 'pointer' && !isInteger(type)) return { fault: 'not a scalar' };
  const size = type.kind === 'pointer' ? 8 : type.size;
  const bits = readBits(value.place, size, memory);
  if (isFault(bits)) return bits;
  if (type.kind === 'pointer') return BigInt.asUintN(64, bits);
  const bitSize = value.place.kind === 'memory' ? value.place.bitSize : undefined;
  if (bitSize !== undefined) return isSigned(type) ? BigInt.asIntN(bitSize, bits) : bits;
  return wrap(bits, type);
}

function readBits(place: Place, size: number, memory: GuestMemory): bigint | Fault {
  switch (place.kind) {
    case 'constant':
      return place.value;
    case 'bytes':
      return littleEndian(place.bytes.subarray(0, size));
    case 'unavailable':
      return { fault: place.reason };
    case 'register':
      return place.get() ?? { fault: `${place.name} is not known in this frame` };
    case 'memory': {
      const field = fieldWindow(place, size);
      const bytes = memory.read(field.address, field.length);
      if (!bytes) return { fault: `cannot read memory at ${hex(field.address)}` };
      return (littleEndian(bytes) >> field.shift) & field.mask;
    }
  }
}

/** The bytes that hold a (bit-)field, and where in them it is. */
function fieldWindow(place: Extract<Place, { kind: 'memory' }>, size: number) {
  const bitSize = place.bitSize;
  if (bitSize === undefined) {
    return { address: place.address, length: size, shift: 0n, mask: (1n << BigInt(size * 8)) - 1n };
  }
  const first = place.bitOffset ?? 0;
  const skip = Math.floor(first / 8);
  const shift = first - skip * 8;
  return {
    address: place.address + BigInt(skip),
    length: Math.ceil((shift + bitSize) / 8),
    shift: BigInt(shift),
    mask: (1n << BigInt(bitSize)) - 1n,
  };
}

/** Writes a scalar; the number is wrapped to the type as a C assignment does. Returns a Fault, or undefined when done. */
export function writeScalar(value: Value, number: bigint, memory: GuestMemory): Fault | undefined {
  const type = plain(value.type);
  if (!isInteger(type) && type.kind !== 'pointer') return { fault: 'only numbers and pointers can be set' };
  const size = type.kind === 'pointer' ? 8 : type.size;
  const stored = type.kind === 'pointer' ? BigInt.asUintN(64, number) : wrap(number, type);
  const place = value.place;
  switch (place.kind) {
    case 'constant':
    case 'bytes':
      return { fault: 'not an lvalue: it has no place to be stored in' };
    case 'unavailable':
      return { fault: place.reason };
    case 'register':
      return place.set(BigInt.asUintN(64, stored)) ? undefined : { fault: `${place.name} cannot be set` };
    case 'memory': {
      const field = fieldWindow(place, size);
      const old = memory.read(field.address, field.length);
      if (!old) return { fault: `cannot write memory at ${hex(field.address)}` };
      const kept = littleEndian(old) & ~(field.mask << field.shift);
      const bits = kept | ((BigInt.asUintN(64, stored) & field.mask) << field.shift);
      const written = memory.write(field.address, toBytes(bits, field.length));
      return written ? undefined : { fault: `cannot write memory at ${hex(field.address)}` };
    }
  }
}

/** A member of a struct or union value. */
export function memberOf(value: Value, member: Member): Value {
  const place = value.place;
  switch (place.kind) {
    case 'memory':
      return {
        type: member.type,
        place: {
          kind: 'memory',
          address: BigInt.asUintN(64, place.address + BigInt(member.offset)),
          ...(member.bitSize === undefined
            ? {}
            : { bitOffset: member.bitOffset ?? 0, bitSize: member.bitSize }),
        },
      };
    case 'bytes':
      return { type: member.type, place: { kind: 'bytes', bytes: place.bytes.subarray(member.offset) } };
    case 'constant':
    case 'register': {
      const size = sizeOf(value.type) ?? 8;
      const bits = place.kind === 'constant' ? place.value : place.get();
      if (bits === undefined)
        return { type: member.type, place: { kind: 'unavailable', reason: 'register not known' } };
      return memberOf({ type: value.type, place: { kind: 'bytes', bytes: toBytes(bits, size) } }, member);
    }
    case 'unavailable':
      return { type: member.type, place };
  }
}

/** An element of an array value, or of what a pointer points to. */
export function elementOf(value: Value, index: bigint, memory: GuestMemory): Value | Fault {
  const type = plain(value.type);
  if (type.kind !== 'array' && type.kind !== 'pointer') return { fault: 'neither an array nor a pointer' };
  const element = type.kind === 'array' ? type.of : type.to;
  const size = sizeOf(element);
  if (size === undefined) return { fault: 'the elements have an incomplete type' };
  if (type.kind === 'array' && value.place.kind === 'bytes') {
    return {
      type: element,
      place: { kind: 'bytes', bytes: value.place.bytes.subarray(Number(index) * size) },
    };
  }
  const start = readScalar(value, memory);
  if (isFault(start)) return start;
  return inMemory(element, start + index * BigInt(size));
}

/** What a pointer points to (or the first element of an array; a function stays itself). */
export function dereference(value: Value, memory: GuestMemory): Value | Fault {
  const type = plain(value.type);
  if (type.kind === 'function') return value;
  if (type.kind === 'array') return elementOf(value, 0n, memory);
  if (type.kind !== 'pointer') return { fault: 'not a pointer' };
  const address = readScalar(value, memory);
  return isFault(address) ? address : inMemory(type.to, address);
}

/** A NUL-terminated string, at most `limit` bytes. `truncated` when no NUL was found before the limit or unmapped memory. */
export function readString(
  address: bigint,
  limit: number,
  memory: GuestMemory,
): { bytes: Uint8Array; truncated: boolean } | Fault {
  const found: number[] = [];
  while (found.length < limit) {
    const at = address + BigInt(found.length);
    const toPageEnd = 4096 - Number(at & 4095n);
    const chunk = memory.read(at, Math.min(64, toPageEnd, limit - found.length));
    if (!chunk) {
      if (found.length === 0) return { fault: `cannot read memory at ${hex(address)}` };
      return { bytes: Uint8Array.from(found), truncated: true };
    }
    const end = chunk.indexOf(0);
    found.push(...(end < 0 ? chunk : chunk.subarray(0, end)));
    if (end >= 0) return { bytes: Uint8Array.from(found), truncated: false };
  }
  return { bytes: Uint8Array.from(found), truncated: true };
}

/** The decayed form that an expression's operand has: arrays and functions become pointers. */
export function decay(value: Value): Value | Fault {
  const type = plain(value.type);
  if (type.kind !== 'array' && type.kind !== 'function') return value;
  const target = type.kind === 'array' ? type.of : type;
  const address = addressOf(value);
  if (address === undefined) return value.place.kind === 'bytes' ? value : { fault: 'it has no address' };
  return constant(pointerTo(target), address);
}

/** A C string literal of the debugger's own: bytes that are nowhere in the guest. */
export function literalString(text: string): Value {
  const bytes = new TextEncoder().encode(`${text}\0`);
  return { type: arrayOf(CHAR, bytes.length), place: { kind: 'bytes', bytes } };
}
