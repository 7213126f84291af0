/**
 * Runs a fetch argument at a hit: from registers and memory to the value that the record keeps. Plain data out.
 *
 * Memory that cannot be read gives "(fault)" for text, as on Linux; for numbers Linux leaves whatever the ring buffer
 * held there, which teaches nothing: here the value is 0.
 */
import type { TraceHost } from '../host';
import type { FetchArgument, FetchSource, RegisterName } from './program';
import { isText } from './types';

/** A value in a record: number (unsigned, of the type's size), text, or null for text that could not be read. */
export type FetchedValue = bigint | string | null | FetchedValue[];

/** What the hit offers besides memory. */
export interface FetchInput {
  register(name: RegisterName): bigint;
  comm: string;
  /** Address of a symbol expression of the argument, resolved at registration. */
  symbol(expression: string): bigint | undefined;
}

/** Registers of the first six integer arguments (System V AMD64 ABI, section 3.2.3). */
const ARGUMENT_REGISTERS: readonly RegisterName[] = ['di', 'si', 'dx', 'cx', 'r8', 'r9'];
/** Longest text in a record, its end included (Linux: PATH_MAX). */
const MAX_TEXT = 4096;
const PAGE = 4096n;

/** The value of one argument. */
export function fetch(argument: FetchArgument, input: FetchInput, host: TraceHost): FetchedValue {
  const { type, dereferences, count } = argument;
  if (dereferences.length === 0) {
    const value = sourceValue(argument.source, input, host);
    if (typeof value === 'string') return value;
    if (type.kind === 'symstr') return symbolText(value, host);
    if (isText(type)) return readText(value, false, host);
    return fieldOf(argument, BigInt.asUintN(type.size * 8, value));
  }
  let address = sourceValue(argument.source, input, host);
  if (typeof address === 'string') return null;
  for (const step of dereferences.slice(0, -1)) {
    const pointer = readNumber(address + step.offset, 8, step.user, host);
    if (pointer === undefined) return isText(type) ? emptyText(count) : zero(argument);
    address = pointer;
  }
  const last = dereferences[dereferences.length - 1] ?? { offset: 0n, user: false };
  const place = BigInt.asUintN(64, address + last.offset);
  if (type.kind === 'symstr') {
    const value = readNumber(place, 8, last.user, host);
    return value === undefined ? null : symbolText(value, host);
  }
  if (isText(type)) return fetchText(argument, place, last.user, host);
  if (count === undefined) {
    return fieldOf(argument, readNumber(place, type.size, last.user, host) ?? 0n);
  }
  return Array.from({ length: count }, (_, index) =>
    fieldOf(argument, readNumber(place + BigInt(index * type.size), type.size, last.user, host) ?? 0n),
  );
}

/** Text at `place`, or, for an array, text behind each pointer of the array at `place`. */
function fetchText(argument: FetchArgument, place: bigint, user: boolean, host: TraceHost): FetchedValue {
  const { count, type } = argument;
  const userText = user || type.kind === 'ustring';
  if (count === undefined) return readText(place, userText, host);
  return Array.from({ length: count }, (_, index) => {
    const pointer = readNumber(place + BigInt(index * 8), 8, user, host);
    return pointer === undefined ? null : readText(pointer, userText, host);
  });
}

function emptyText(count: number | undefined): FetchedValue {
  return count === undefined ? null : Array.from({ length: count }, () => null);
}

function zero({ count }: FetchArgument): FetchedValue {
  return count === undefined ? 0n : Array.from({ length: count }, () => 0n);
}

function sourceValue(source: FetchSource, input: FetchInput, host: TraceHost): bigint | string {
  switch (source.kind) {
    case 'register':
      return input.register(source.name);
    case 'stackPointer':
      return input.register('sp');
    case 'stack':
      return readNumber(input.register('sp') + BigInt(source.index * 8), 8, false, host) ?? 0n;
    case 'argument': {
      const register = ARGUMENT_REGISTERS[source.index - 1];
      if (register) return input.register(register);
      // At function entry the return address is on top of the stack, the seventh argument above it.
      const slot = source.index - ARGUMENT_REGISTERS.length;
      return readNumber(input.register('sp') + BigInt(slot * 8), 8, false, host) ?? 0n;
    }
    case 'returnValue':
      return input.register('ax');
    case 'comm':
      return input.comm;
    case 'immediate':
      return source.value;
    case 'text':
      return source.value;
    case 'symbol':
      return input.symbol(source.expression) ?? 0n;
  }
}

function fieldOf({ bitField }: FetchArgument, value: bigint): bigint {
  return bitField ? (value >> BigInt(bitField.offset)) & ((1n << BigInt(bitField.width)) - 1n) : value;
}

function readBytes(address: bigint, length: number, user: boolean, host: TraceHost): Uint8Array | undefined {
  const at = BigInt.asUintN(64, address);
  return user ? host.readUser(at, length) : host.read(at, length);
}

function readNumber(address: bigint, size: number, user: boolean, host: TraceHost): bigint | undefined {
  const bytes = readBytes(address, size, user, host);
  return bytes?.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** A zero-terminated text, read page by page so that an unreadable next page does not hide what is there. */
function readText(address: bigint, user: boolean, host: TraceHost): string | null {
  let text = '';
  let at = BigInt.asUintN(64, address);
  while (text.length < MAX_TEXT) {
    const chunk = Math.min(Number(PAGE - (at % PAGE)), 64, MAX_TEXT - text.length);
    const bytes = readBytes(at, chunk, user, host);
    if (bytes === undefined) return null;
    const end = bytes.indexOf(0);
    text += String.fromCharCode(...(end < 0 ? bytes : bytes.subarray(0, end)));
    if (end >= 0) return text;
    at += BigInt(chunk);
  }
  return text;
}

/** sym+0xoff/0xsize, or the number when no symbol covers it. */
export function symbolText(address: bigint, host: TraceHost): string {
  const place = host.symbolAt(address);
  return place
    ? `${place.name}+0x${place.offset.toString(16)}/0x${place.size.toString(16)}`
    : `0x${address.toString(16)}`;
}
