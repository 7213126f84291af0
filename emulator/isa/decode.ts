/**
 * The decoder: bytes to a table row, sizes, prefixes and operands, in 64-bit mode.
 *
 * Any bytes are accepted and nothing is thrown: what is not an instruction is a DecodeFailure with the reason. The
 * length is exact for every row of the table, including the x87, SSE and AVX rows that the machine does not execute.
 * It gives no meaning to an instruction and reads no memory beyond `bytes`.
 */
import { rowsOf } from './lookup';
import type { MemoryOperand, Operand, RegisterOperand } from './operand';
import type { OpcodeMap, OperandForm } from './row';
import type { TableEntry } from './table';

export type { MemoryOperand, Operand, RegisterOperand } from './operand';

/** One decoded instruction. */
export interface Decoded {
  ok: true;
  /** Bytes from the first prefix to the end. */
  length: number;
  entry: TableEntry;
  op: TableEntry['op'];
  operandSize: 1 | 2 | 4 | 8;
  addressSize: 4 | 8;
  /** In Intel order: destination first. */
  operands: readonly Operand[];
  lock: boolean;
  /** The repeat prefix of a string instruction; `rep` and `repe` are the same byte. Undefined where it has no meaning. */
  rep: 'rep' | 'repne' | undefined;
  /** A segment override that counts in 64-bit mode. */
  segment: 'fs' | 'gs' | undefined;
  /** All prefix bytes before the opcode in order, REX included, VEX excluded. */
  prefixes: readonly number[];
  /** The REX byte in force, 0 if there is none. */
  rex: number;
  /** The ModRM byte, −1 if there is none. */
  modrm: number;
  /** Where the first opcode byte (of the escape, if any) lies. */
  opcodeOffset: number;
  /** Where the displacement (memory or branch) lies and how many bytes it has; 0 and 0 if there is none. */
  displacementOffset: number;
  displacementSize: number;
  /** VEX.L, VEX.W and VEX.vvvv as they were; undefined for legacy encodings. */
  vex: { l: number; w: number; vvvv: number } | undefined;
}

/** Bytes that are no instruction. `undefined` raises #UD, `tooLong` #GP; `truncated`: more bytes are needed. */
export interface DecodeFailure {
  ok: false;
  length: number;
  reason: 'undefined' | 'truncated' | 'tooLong';
}

/** The longest instruction the architecture allows, in bytes. */
export const maximumLength = 15;

const noPrefixes: readonly number[] = [];
const noOperands: readonly Operand[] = [];
const vexMaps: readonly OpcodeMap[] = [0, 1, 2, 3];
const vexPrefixes = ['none', '66', 'f3', 'f2'] as const;

/** The bytes under the decoder's eyes. Reading past the end yields 0 and sets `overrun`. */
class Cursor {
  position: number;
  overrun = false;
  private readonly bytes: Uint8Array;
  /** End of the bytes, or of the longest instruction. */
  readonly limit: number;

  constructor(bytes: Uint8Array, offset: number) {
    this.bytes = bytes;
    this.position = offset;
    this.limit = Math.max(offset, Math.min(bytes.length, offset + maximumLength));
  }

  peek(): number {
    return this.position < this.limit ? (this.bytes[this.position] ?? 0) : -1;
  }

  byte(): number {
    if (this.position >= this.limit) this.overrun = true;
    const value = this.position < this.limit ? (this.bytes[this.position] ?? 0) : 0;
    this.position++;
    return value;
  }

  /** A little-endian signed integer of 1, 2 or 4 bytes. */
  signed(size: number): number {
    let value = this.byte();
    if (size === 1) return (value << 24) >> 24;
    value |= this.byte() << 8;
    if (size === 2) return (value << 16) >> 16;
    value |= this.byte() << 16;
    return value | (this.byte() << 24);
  }

  signed64(): bigint {
    const low = BigInt(this.signed(4) >>> 0);
    return (BigInt(this.signed(4)) << 32n) | low;
  }
}

interface Prefixes {
  list: number[] | undefined;
  operand: boolean;
  address: boolean;
  lock: boolean;
  repeat: 0 | 0xf2 | 0xf3;
  segment: 'fs' | 'gs' | undefined;
  rex: number;
}

function readPrefixes(cursor: Cursor): Prefixes {
  const found: Prefixes = {
    list: undefined,
    operand: false,
    address: false,
    lock: false,
    repeat: 0,
    segment: undefined,
    rex: 0,
  };
  for (;;) {
    const byte = cursor.peek();
    let rex = 0;
    if (byte >= 0x40 && byte <= 0x4f) rex = byte;
    else if (byte === 0x66) found.operand = true;
    else if (byte === 0x67) found.address = true;
    else if (byte === 0xf0) found.lock = true;
    else if (byte === 0xf2 || byte === 0xf3) found.repeat = byte;
    else if (byte === 0x64) found.segment = 'fs';
    else if (byte === 0x65) found.segment = 'gs';
    else if (byte !== 0x26 && byte !== 0x2e && byte !== 0x36 && byte !== 0x3e) return found;
    found.rex = rex;
    (found.list ??= []).push(byte);
    cursor.byte();
  }
}

/** Everything read so far about one instruction; the state of one call of `decode`. */
interface Reading {
  cursor: Cursor;
  prefixes: Prefixes;
  modrm: number;
  rexW: number;
  rexR: number;
  rexX: number;
  rexB: number;
  /** REX or VEX present: byte registers 4..7 are spl, bpl, sil, dil. */
  uniform: boolean;
  vex: Decoded['vex'];
  operandSize: 1 | 2 | 4 | 8;
  memory: MemoryOperand | undefined;
  displacementOffset: number;
  displacementSize: number;
  start: number;
}

const scales = [1, 2, 4, 8] as const;

/** Reads SIB and displacement of a memory operand (Intel SDM volume 2, tables 2-2 and 2-3). */
function readMemory(reading: Reading): MemoryOperand {
  const { cursor, modrm } = reading;
  const mod = modrm >> 6;
  const rm = modrm & 7;
  const memory: MemoryOperand = { kind: 'memory', scale: 1, displacement: 0, ripRelative: false, size: 0 };
  let size = mod === 1 ? 1 : mod === 2 ? 4 : 0;
  if (rm === 4) {
    const sib = cursor.byte();
    const index = ((sib >> 3) & 7) | (reading.rexX << 3);
    if (index !== 4) memory.index = index;
    memory.scale = scales[(sib >> 6) as 0 | 1 | 2 | 3];
    if ((sib & 7) === 5 && mod === 0) size = 4;
    else memory.base = (sib & 7) | (reading.rexB << 3);
  } else if (rm === 5 && mod === 0) {
    memory.ripRelative = true;
    size = 4;
  } else memory.base = rm | (reading.rexB << 3);
  if (size > 0) {
    reading.displacementOffset = cursor.position - reading.start;
    reading.displacementSize = size;
    memory.displacement = cursor.signed(size);
  }
  if (reading.prefixes.segment) memory.segment = reading.prefixes.segment;
  return memory;
}

function general(reading: Reading, register: number, size: number): RegisterOperand {
  if (size === 1 && !reading.uniform && register >= 4) {
    return { kind: 'register', register: register - 4, size: 1, high: true };
  }
  return { kind: 'register', register, size: size === 1 || size === 2 || size === 4 ? size : 8 };
}

function sizeOf(reading: Reading, form: OperandForm): number {
  switch (form.size) {
    case 'v':
      return reading.operandSize;
    case 'y':
      return reading.rexW ? 8 : 4;
    case 'z':
      return reading.operandSize === 2 ? 2 : 4;
    case 'x':
      return reading.vex?.l ? 32 : 16;
    default:
      return form.size;
  }
}

function registerOperand(reading: Reading, form: OperandForm, register: number): Operand {
  const size = sizeOf(reading, form);
  switch (form.class) {
    case 'general':
      return general(reading, register, size);
    case 'segment':
    case 'mmx':
    case 'x87':
      return { kind: form.class, register: register & 7, size: form.class === 'segment' ? 2 : size };
    case 'vector':
      return { kind: 'vector', register, size: reading.vex?.l ? 32 : 16 };
    case 'control':
    case 'debug':
      return { kind: form.class, register, size: 8 };
  }
}

function implied(reading: Reading, base: number | undefined, size: number): MemoryOperand {
  const memory: MemoryOperand = {
    kind: 'memory',
    base,
    scale: 1,
    displacement: 0,
    ripRelative: false,
    size,
  };
  if (base === 6 && reading.prefixes.segment) memory.segment = reading.prefixes.segment;
  return memory;
}

function immediate(reading: Reading, form: OperandForm): Operand {
  const size = sizeOf(reading, form);
  const { cursor } = reading;
  if (size === 8) return { kind: 'immediate', value: cursor.signed64(), size };
  const value = cursor.signed(size);
  if (form.signed) return { kind: 'immediate', value: BigInt(value), size };
  const unsigned = size === 4 ? value >>> 0 : value & (size === 2 ? 0xffff : 0xff);
  return { kind: 'immediate', value: BigInt(unsigned), size };
}

function operandOf(reading: Reading, form: OperandForm, opcode: number): Operand {
  const { cursor, modrm } = reading;
  switch (form.place) {
    case 'rm':
      if (reading.memory) {
        reading.memory.size = sizeOf(reading, form);
        return reading.memory;
      }
      return registerOperand(reading, form, (modrm & 7) | (reading.rexB << 3));
    case 'reg':
      return registerOperand(reading, form, ((modrm >> 3) & 7) | (reading.rexR << 3));
    case 'opcode':
      return registerOperand(reading, form, (opcode & 7) | (reading.rexB << 3));
    case 'vvvv':
      return registerOperand(reading, form, reading.vex?.vvvv ?? 0);
    case 'is4':
      return registerOperand(reading, form, cursor.byte() >> 4);
    case 'fixed':
      if (form.class !== 'general')
        return { kind: form.class, register: form.fixed, size: sizeOf(reading, form) };
      return {
        kind: 'register',
        register: form.fixed,
        size: general(reading, 0, sizeOf(reading, form)).size,
      };
    case 'one':
      return { kind: 'immediate', value: 1n, size: 0 };
    case 'immediate':
      return immediate(reading, form);
    case 'relative': {
      const size = form.size === 1 || form.size === 2 ? form.size : 4;
      reading.displacementOffset = cursor.position - reading.start;
      reading.displacementSize = size;
      return { kind: 'relative', displacement: cursor.signed(size) };
    }
    case 'offset': {
      const memory = implied(reading, undefined, sizeOf(reading, form));
      if (reading.prefixes.segment) memory.segment = reading.prefixes.segment;
      reading.displacementOffset = cursor.position - reading.start;
      reading.displacementSize = reading.prefixes.address ? 4 : 8;
      memory.absolute = reading.prefixes.address ? BigInt(cursor.signed(4) >>> 0) : cursor.signed64();
      memory.displacement = Number(memory.absolute);
      return memory;
    }
    case 'source':
      return implied(reading, 6, sizeOf(reading, form));
    case 'destination':
      return implied(reading, 7, sizeOf(reading, form));
  }
}

function operandSizeOf(entry: TableEntry, reading: Reading): 1 | 2 | 4 | 8 {
  if (entry.force64) return 8;
  if (entry.sizing === 'y') return reading.rexW ? 8 : 4;
  if (entry.sizing !== 'v') {
    return entry.sizing === 1 || entry.sizing === 2 || entry.sizing === 8 ? entry.sizing : 4;
  }
  if (reading.rexW) return 8;
  if (reading.prefixes.operand) return 2;
  return entry.default64 ? 8 : 4;
}

/** True if the ModRM byte, the mandatory prefix and REX.W are those of the row. */
function fits(entry: TableEntry, reading: Reading, prefix: TableEntry['prefix'], modrm: number): boolean {
  if (entry.w >= 0 && entry.w !== reading.rexW) return false;
  if (entry.withoutRexB && reading.rexB !== 0) return false;
  if (entry.prefix !== 'any' && entry.prefix !== prefix) return false;
  if (reading.vex && entry.vexL >= 0 && entry.vexL !== reading.vex.l) return false;
  if (!entry.modrm) return true;
  if (entry.digit >= 0 && entry.digit !== ((modrm >> 3) & 7)) return false;
  if (entry.mod === 'memory') return modrm < 0xc0;
  if (entry.mod === 'register') return modrm >= 0xc0 && (entry.rm < 0 || entry.rm === (modrm & 7));
  return true;
}

function select(
  rows: readonly TableEntry[],
  reading: Reading,
  prefix: TableEntry['prefix'],
  modrm: number,
): TableEntry | undefined {
  for (const entry of rows) if (fits(entry, reading, prefix, modrm)) return entry;
  return undefined;
}

/** Registers that do not exist: segment 6 and 7, cs as a destination, control registers but 0 2 3 4 8, debug above 7. */
function namesMissingRegister(entry: TableEntry, operands: readonly Operand[]): boolean {
  for (let place = 0; place < operands.length; place++) {
    const operand = operands[place];
    if (operand?.kind === 'segment' && (operand.register > 5 || (place === 0 && operand.register === 1)))
      return entry.op === 'movSegment';
    if (operand?.kind === 'control' && ![0, 2, 3, 4, 8].includes(operand.register)) return true;
    if (operand?.kind === 'debug' && operand.register > 7) return true;
  }
  return false;
}

function usesVvvv(entry: TableEntry): boolean {
  return entry.operands.some((form) => form.place === 'vvvv');
}

function failure(reading: Reading, reason: 'undefined'): DecodeFailure {
  const { cursor, start } = reading;
  if (!cursor.overrun) return { ok: false, length: cursor.position - start, reason };
  const available = cursor.limit - start;
  return { ok: false, length: available, reason: available === maximumLength ? 'tooLong' : 'truncated' };
}

/** Reads a C4, C5 (VEX), 62 (EVEX) or 8F (XOP) prefix; returns map and mandatory prefix. */
function readVex(
  reading: Reading,
  first: number,
): { map: OpcodeMap; prefix: TableEntry['prefix'] } | undefined {
  const { cursor } = reading;
  let byte = cursor.byte();
  reading.rexR = (~byte >> 7) & 1;
  let map = 1;
  if (first === 0xc4) {
    reading.rexX = (~byte >> 6) & 1;
    reading.rexB = (~byte >> 5) & 1;
    map = byte & 31;
    byte = cursor.byte();
    reading.rexW = byte >> 7;
  }
  reading.vex = { l: (byte >> 2) & 1, w: reading.rexW, vvvv: (~byte >> 3) & 15 };
  const opcodeMap = vexMaps[map];
  if (opcodeMap === undefined || map === 0) return undefined;
  return { map: opcodeMap, prefix: vexPrefixes[(byte & 3) as 0 | 1 | 2 | 3] };
}

/**
 * Measures an EVEX (62) or XOP (8F with ModRM.reg ≠ 0) instruction, which have one nameless row each: three prefix bytes,
 * opcode, ModRM; an immediate in map 3 (EVEX), map 8 and A (XOP) and for the shift groups and shuffles of map 1.
 */
function readNameless(reading: Reading, first: number): void {
  const { cursor } = reading;
  const map = cursor.byte() & (first === 0x62 ? 7 : 31);
  cursor.byte();
  if (first === 0x62) cursor.byte();
  const opcode = cursor.byte();
  reading.modrm = cursor.byte();
  if (reading.modrm < 0xc0) readMemory(reading);
  const immediates = [0x70, 0x71, 0x72, 0x73, 0xc2, 0xc4, 0xc5, 0xc6];
  if (first === 0x62 ? map === 3 || (map === 1 && immediates.includes(opcode)) : map === 8) cursor.byte();
  else if (map === 10) cursor.signed(4);
}

function noteworthyPrefix({ operand, repeat }: Prefixes): TableEntry['prefix'] {
  if (repeat === 0xf3) return 'f3';
  if (repeat === 0xf2) return 'f2';
  return operand ? '66' : 'none';
}

function repeatOf(entry: TableEntry, { repeat }: Prefixes): Decoded['rep'] {
  if (!entry.rep || repeat === 0) return undefined;
  return repeat === 0xf2 ? 'repne' : 'rep';
}

/**
 * Decodes the instruction at `bytes[offset]`. Never throws and reads at most 15 bytes. LOCK where it is not allowed, VEX
 * after a legacy prefix that forbids it, and registers that do not exist are `undefined`, as on the processor.
 */
export function decode(bytes: Uint8Array, offset = 0): Decoded | DecodeFailure {
  const cursor = new Cursor(bytes, offset);
  const prefixes = readPrefixes(cursor);
  const { rex } = prefixes;
  const reading: Reading = {
    cursor,
    prefixes,
    modrm: -1,
    rexW: (rex >> 3) & 1,
    rexR: (rex >> 2) & 1,
    rexX: (rex >> 1) & 1,
    rexB: rex & 1,
    uniform: rex !== 0,
    vex: undefined,
    operandSize: 4,
    memory: undefined,
    displacementOffset: 0,
    displacementSize: 0,
    start: offset,
  };
  const opcodeOffset = cursor.position - offset;
  let prefix = noteworthyPrefix(prefixes);
  let map: OpcodeMap = 0;
  let opcode = cursor.byte();
  if (opcode === 0x0f) {
    opcode = cursor.byte();
    map = 1;
    if (opcode === 0x38 || opcode === 0x3a) {
      map = opcode === 0x38 ? 2 : 3;
      opcode = cursor.byte();
    } else if (opcode === 0x0f) [map, opcode] = [4, 0];
  } else if (opcode === 0xc4 || opcode === 0xc5) {
    const illegal = prefixes.lock || prefix !== 'none' || rex !== 0;
    const vex = readVex(reading, opcode);
    opcode = cursor.byte();
    if (!vex || illegal) return failure(reading, 'undefined');
    ({ map, prefix } = vex);
  }
  const nameless = opcode === 0x62 || (opcode === 0x8f && (cursor.peek() & 0x38) !== 0 && cursor.peek() >= 0);
  if (map === 0 && nameless) {
    readNameless(reading, opcode);
    const entry = rowsOf(0, opcode, false).find((candidate) => candidate.alternative || opcode === 0x62);
    if (!entry || cursor.overrun) return failure(reading, 'undefined');
    return finish(reading, entry, noOperands, opcodeOffset);
  }
  const rows = rowsOf(map, opcode, reading.vex !== undefined);
  const modrm = cursor.peek();
  const entry = select(rows, reading, prefix, modrm);
  if (!entry) {
    if (rows.some((candidate) => candidate.modrm)) cursor.byte();
    return failure(reading, 'undefined');
  }
  if (entry.modrm) {
    reading.modrm = cursor.byte();
    if (reading.modrm < 0xc0 && entry.mod !== 'ignored') reading.memory = readMemory(reading);
  }
  reading.operandSize = operandSizeOf(entry, reading);
  let operands = noOperands;
  if (entry.operands.length > 0) {
    const list: Operand[] = [];
    for (const form of entry.operands) list.push(operandOf(reading, form, opcode));
    operands = list;
  }
  if (map === 4) cursor.byte();
  if (cursor.overrun) return failure(reading, 'undefined');
  if (prefixes.lock && !(entry.lock && operands[0]?.kind === 'memory')) return failure(reading, 'undefined');
  if (reading.vex && reading.vex.vvvv !== 0 && !usesVvvv(entry)) return failure(reading, 'undefined');
  if (namesMissingRegister(entry, operands)) return failure(reading, 'undefined');
  return finish(reading, entry, operands, opcodeOffset);
}

function finish(
  reading: Reading,
  entry: TableEntry,
  operands: readonly Operand[],
  opcodeOffset: number,
): Decoded {
  const { prefixes, cursor, start } = reading;
  return {
    ok: true,
    length: cursor.position - start,
    entry,
    op: entry.op,
    operandSize: reading.operandSize,
    addressSize: prefixes.address ? 4 : 8,
    operands,
    lock: prefixes.lock,
    rep: repeatOf(entry, prefixes),
    segment: prefixes.segment,
    prefixes: prefixes.list ?? noPrefixes,
    rex: prefixes.rex,
    modrm: reading.modrm,
    opcodeOffset,
    displacementOffset: reading.displacementOffset,
    displacementSize: reading.displacementSize,
    vex: reading.vex,
  };
}
