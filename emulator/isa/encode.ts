/**
 * The encoder: a mnemonic with operands to bytes, by the first table row that can express it. Rows are ordered so that
 * this is the shortest encoding. Used by the compiler's back end and, through `encodeWith`, by the assembler.
 */
import type { CodeBuffer, FixupKind } from './buffer';
import { type EncodeMemory, type EncodeOperand, formSize, matchRow, normalize } from './match';
import type { OperandForm } from './row';
import { type TableEntry, table } from './table';

export { CodeBuffer, type Fixup, type FixupKind } from './buffer';
export type { EncodeImmediate, EncodeMemory, EncodeOperand, EncodeRegister, EncodeTarget } from './match';

const byMnemonic = new Map<string, TableEntry[]>();
for (const entry of table) {
  if (entry.alternative) continue;
  const rows = byMnemonic.get(entry.mnemonic);
  if (rows) rows.push(entry);
  else byMnemonic.set(entry.mnemonic, [entry]);
}

const none: readonly TableEntry[] = [];

/** Rows with this Intel mnemonic in order of preference; empty if there is no such instruction. */
export function rowsNamed(mnemonic: string): readonly TableEntry[] {
  return byMnemonic.get(mnemonic) ?? none;
}

/** A row and the operand size at which it expresses the operands. */
export interface Choice {
  entry: TableEntry;
  operandSize: number;
}

/** `xchg eax, eax` has a row that is a nop in disguise and would not clear the upper half. */
function isDisguisedNop(entry: TableEntry, operands: readonly EncodeOperand[], operandSize: number): boolean {
  const [first] = operands;
  return (
    entry.op === 'xchg' &&
    entry.registerInOpcode &&
    operandSize === 4 &&
    first?.kind === 'register' &&
    first.register === 0
  );
}

/** True if nothing but a default would make this the byte form: memory and no register that shows a size. */
function isGuess(
  entry: TableEntry,
  rows: readonly TableEntry[],
  operands: readonly EncodeOperand[],
): boolean {
  if (entry.sizing !== 1 || !operands.some((operand) => operand.kind === 'memory' && !operand.size))
    return false;
  const shown = operands.some(
    (operand, place) => operand.kind === 'register' && entry.operands[place]?.code !== 'cl',
  );
  return !shown && rows.some(({ operands: [first] }) => first?.place === 'rm' && first.size === 'v');
}

/** The first row among `rows` for these operands, or undefined. `size` and `wide` as in `matchRow`. */
export function choose(
  rows: readonly TableEntry[],
  operands: readonly EncodeOperand[],
  size: number,
  wide = false,
): Choice | undefined {
  for (const entry of rows) {
    const operandSize = matchRow(entry, operands, size, wide);
    if (operandSize === 0 || isDisguisedNop(entry, operands, operandSize)) continue;
    if (size !== 0 || !isGuess(entry, rows, operands)) return { entry, operandSize };
  }
  return undefined;
}

/** Prefixes that are not part of the row. `repeat` is the byte F2 or F3. `notrack` is 3E. */
export interface Prefixed {
  lock?: boolean;
  repeat?: 0xf2 | 0xf3;
  notrack?: boolean;
  wide?: boolean;
}

const segmentPrefix = { es: 0x26, cs: 0x2e, ss: 0x36, ds: 0x3e, fs: 0x64, gs: 0x65 } as const;
const mandatory = { any: 0, none: 0, '66': 0x66, f2: 0xf2, f3: 0xf3 } as const;

/** The operands sorted by where they are encoded. */
interface Slots {
  rm: EncodeOperand | undefined;
  reg: number;
  opcode: number;
  vvvv: number;
  memory: EncodeMemory | undefined;
}

function slotsOf(entry: TableEntry, operands: readonly EncodeOperand[]): Slots {
  const slots: Slots = {
    rm: undefined,
    reg: Math.max(entry.digit, 0),
    opcode: 0,
    vvvv: 0,
    memory: undefined,
  };
  for (let place = 0; place < operands.length; place++) {
    const form = entry.operands[place];
    const operand = operands[place];
    if (!form || !operand) continue;
    if (operand.kind === 'memory') slots.memory = operand;
    const register =
      operand.kind === 'memory' || operand.kind === 'immediate' || operand.kind === 'target'
        ? 0
        : numberOf(operand);
    if (form.place === 'rm') slots.rm = operand;
    else if (form.place === 'reg') slots.reg = register;
    else if (form.place === 'opcode') slots.opcode = register;
    else if (form.place === 'vvvv') slots.vvvv = register;
  }
  return slots;
}

/** ah…bh are encoded as 4…7. */
function numberOf(operand: { register: number; high?: boolean }): number {
  return operand.high ? operand.register + 4 : operand.register;
}

function needsRex(operands: readonly EncodeOperand[]): boolean {
  for (const operand of operands) {
    if (operand.kind === 'register' && operand.size === 1 && operand.register >= 4 && !operand.high)
      return true;
  }
  return false;
}

/** Thrown for operands that no encoding can hold together, e.g. ah with r8. */
export class EncodeError extends Error {}

/** What ModRM, SIB and displacement will be. */
interface Addressing {
  modrm: number;
  sib: number;
  displacementSize: 0 | 1 | 4;
}

const scaleBits = { 1: 0, 2: 1, 4: 2, 8: 3 } as const;

function addressing(memory: EncodeMemory): Addressing {
  const { base, index } = memory;
  const displacement = memory.displacement ?? 0;
  if (memory.ripRelative) return { modrm: 0x05, sib: -1, displacementSize: 4 };
  const scale = scaleBits[memory.scale ?? 1] << 6;
  const indexBits = ((index ?? 4) & 7) << 3;
  if (base === undefined) return { modrm: 0x04, sib: scale | indexBits | 5, displacementSize: 4 };
  let displacementSize: 0 | 1 | 4 = 0;
  if (memory.symbol !== undefined || memory.displacementSize === 4) displacementSize = 4;
  else if (displacement < -128 || displacement > 127) displacementSize = 4;
  else if (displacement !== 0 || (base & 7) === 5 || memory.displacementSize === 1) displacementSize = 1;
  const mod = displacementSize === 0 ? 0 : displacementSize === 1 ? 0x40 : 0x80;
  if (index !== undefined || (base & 7) === 4) {
    return { modrm: mod | 4, sib: scale | indexBits | (base & 7), displacementSize };
  }
  return { modrm: mod | (base & 7), sib: -1, displacementSize };
}

/** Bytes that follow the displacement: what a rip-relative field must count past. */
function trailingBytes(entry: TableEntry, operandSize: number): number {
  let count = 0;
  for (const form of entry.operands) {
    if (form.place === 'immediate') count += formSize(form, operandSize);
    else if (form.place === 'is4') count += 1;
  }
  return count;
}

function emitMemory(buffer: CodeBuffer, memory: EncodeMemory, reg: number, trailing: number): void {
  const { modrm, sib, displacementSize } = addressing(memory);
  buffer.u8(modrm | ((reg & 7) << 3));
  if (sib >= 0) buffer.u8(sib);
  const displacement = memory.displacement ?? 0;
  if (displacementSize === 1) buffer.u8(displacement & 0xff);
  else if (displacementSize === 4) {
    if (memory.symbol === undefined) buffer.u32(displacement);
    else {
      if (memory.ripRelative) buffer.fixup('pc32', memory.symbol, displacement - 4 - trailing);
      else buffer.fixup(memory.addressSize === 4 ? 'abs32' : 'abs32s', memory.symbol, displacement);
      buffer.u32(0);
    }
  }
}

function immediateFixup(form: OperandForm, size: number, operandSize: number): FixupKind {
  if (size === 8) return 'abs64';
  if (size === 2) return 'abs16';
  if (size === 1) return 'abs8';
  return form.size === 'z' && operandSize === 8 ? 'abs32s' : 'abs32';
}

function emitValue(buffer: CodeBuffer, size: number, value: number | bigint): void {
  const number = normalize(value);
  if (size === 8) buffer.u64(BigInt(number));
  else if (typeof number === 'bigint')
    throw new EncodeError(`immediate ${number} does not fit in ${size} bytes`);
  else if (size === 4) buffer.u32(number % 0x100000000);
  else if (size === 2) buffer.u16(number);
  else buffer.u8(number & 0xff);
}

/** Emits immediates, branch displacements and absolute addresses after ModRM. */
function emitTail(
  buffer: CodeBuffer,
  entry: TableEntry,
  operandSize: number,
  operands: readonly EncodeOperand[],
): void {
  for (let place = 0; place < operands.length; place++) {
    const form = entry.operands[place];
    const operand = operands[place];
    if (!form || !operand) continue;
    if (operand.kind === 'immediate' && form.place === 'immediate') {
      const size = formSize(form, operandSize);
      if (operand.symbol === undefined) emitValue(buffer, size, operand.value);
      else {
        buffer.fixup(immediateFixup(form, size, operandSize), operand.symbol, Number(operand.value));
        emitValue(buffer, size, 0);
      }
    } else if (operand.kind === 'target') {
      const size = form.size === 1 ? 1 : 4;
      const displacement = operand.displacement ?? 0;
      if (operand.symbol === undefined) emitValue(buffer, size, displacement);
      else {
        buffer.fixup(size === 1 ? 'pc8' : 'plt32', operand.symbol, displacement - size);
        emitValue(buffer, size, 0);
      }
    } else if (operand.kind === 'memory' && form.place === 'offset') {
      if (operand.symbol !== undefined) buffer.fixup('abs64', operand.symbol, Number(operand.absolute ?? 0n));
      buffer.u64(operand.symbol === undefined ? (operand.absolute ?? 0n) : 0n);
    } else if (form.place === 'is4' && operand.kind === 'vector') buffer.u8(operand.register << 4);
  }
}

const vexMap = [0, 1, 2, 3, 0] as const;
const vexPrefix = { any: 0, none: 0, '66': 1, f3: 2, f2: 3 } as const;

function emitVex(buffer: CodeBuffer, entry: TableEntry, rex: number, vvvv: number, l: number): void {
  const tail = ((~vvvv & 15) << 3) | (l << 2) | vexPrefix[entry.prefix];
  if (entry.map === 1 && (rex & 0xb) === 0) {
    buffer.u8(0xc5);
    buffer.u8(((~rex & 4) << 5) | tail);
    return;
  }
  buffer.u8(0xc4);
  buffer.u8(((~rex & 7) << 5) | vexMap[entry.map]);
  buffer.u8(((rex & 8) << 4) | tail);
}

function rexOf(entry: TableEntry, operandSize: number, slots: Slots): number {
  let rex = 0;
  const ruled = entry.sizing === 'v' || entry.sizing === 'y';
  if (entry.w === 1 || (ruled && operandSize === 8 && !entry.default64 && !entry.force64)) rex |= 8;
  if (slots.reg & 8) rex |= 4;
  if (slots.opcode & 8) rex |= 1;
  const { rm } = slots;
  if (rm?.kind === 'memory') {
    if ((rm.index ?? 0) & 8) rex |= 2;
    if ((rm.base ?? 0) & 8) rex |= 1;
  } else if (rm && rm.kind !== 'immediate' && rm.kind !== 'target' && rm.register & 8) rex |= 1;
  return rex;
}

/**
 * Writes one instruction by a chosen row. Throws EncodeError if the operands cannot share an encoding (a high-byte register
 * in an instruction that needs REX).
 */
export function encodeWith(
  buffer: CodeBuffer,
  { entry, operandSize }: Choice,
  operands: readonly EncodeOperand[],
  prefixed: Prefixed = {},
): void {
  const slots = slotsOf(entry, operands);
  let rex = rexOf(entry, operandSize, slots);
  const forced = needsRex(operands);
  if ((rex !== 0 || forced) && operands.some((operand) => operand.kind === 'register' && operand.high)) {
    throw new EncodeError('a high-byte register cannot be used with registers that need a REX prefix');
  }
  const ruled = entry.sizing === 'v' || entry.sizing === 'y';
  const { memory } = slots;
  if (prefixed.notrack) buffer.u8(0x3e);
  if (memory?.segment) buffer.u8(segmentPrefix[memory.segment]);
  if (memory?.addressSize === 4) buffer.u8(0x67);
  if (ruled && operandSize === 2 && entry.prefix !== '66') buffer.u8(0x66);
  if (prefixed.repeat) buffer.u8(prefixed.repeat);
  if (prefixed.lock) buffer.u8(0xf0);
  if (!entry.vex) {
    if (mandatory[entry.prefix] !== 0) buffer.u8(mandatory[entry.prefix]);
    if (rex !== 0 || forced) rex |= 0x40;
    if (rex !== 0) buffer.u8(rex);
    if (entry.map !== 0) buffer.u8(0x0f);
    if (entry.map === 2 || entry.map === 3) buffer.u8(entry.map === 2 ? 0x38 : 0x3a);
  } else emitVex(buffer, entry, rex, slots.vvvv, entry.vexL === 1 ? 1 : 0);
  buffer.u8(entry.opcode + (slots.opcode & 7));
  if (entry.modrm) {
    const { rm } = slots;
    if (rm?.kind === 'memory') emitMemory(buffer, rm, slots.reg, trailingBytes(entry, operandSize));
    else {
      const register =
        rm && rm.kind !== 'immediate' && rm.kind !== 'target' ? numberOf(rm) : Math.max(entry.rm, 0);
      buffer.u8(0xc0 | ((slots.reg & 7) << 3) | (register & 7));
    }
  }
  emitTail(buffer, entry, operandSize, operands);
}

/**
 * Encodes one instruction in Intel operand order and returns its length. `size` is the operand size in bytes where no
 * register shows it (a store of an immediate), else 0. Throws EncodeError if no row expresses the operands: the caller,
 * a compiler, has a fault.
 */
export function encode(
  buffer: CodeBuffer,
  mnemonic: string,
  size: number,
  operands: readonly EncodeOperand[],
  prefixed: Prefixed = {},
): number {
  const choice = choose(rowsNamed(mnemonic), operands, size, prefixed.wide);
  if (!choice)
    throw new EncodeError(
      `no encoding of ${mnemonic} for these operands: ${JSON.stringify(operands, printable)}`,
    );
  const start = buffer.length;
  encodeWith(buffer, choice, operands, prefixed);
  return buffer.length - start;
}

function printable(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
