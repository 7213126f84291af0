/**
 * Whether a table row can express an instruction with given operands, and at which operand size. Writes nothing.
 */
import type { SpecialOperand } from './operand';
import type { OperandForm } from './row';
import type { TableEntry } from './table';

/** A general register 0..15 of 1, 2, 4 or 8 bytes; `high` names ah, ch, dh, bh as registers 0..3. */
export interface EncodeRegister {
  kind: 'register';
  register: number;
  size: number;
  high?: boolean;
}

/**
 * Memory at base + index·scale + displacement (+ symbol). With `ripRelative` there are neither base nor index and the
 * displacement counts from the symbol. `size` (bytes accessed) is needed only where no register operand shows it.
 * `displacementSize` 4 forces a long form. `addressSize` 4: the address is computed in 32 bits.
 */
export interface EncodeMemory {
  kind: 'memory';
  base?: number;
  index?: number;
  scale?: 1 | 2 | 4 | 8;
  displacement?: number;
  symbol?: number;
  ripRelative?: boolean;
  segment?: 'es' | 'cs' | 'ss' | 'ds' | 'fs' | 'gs';
  size?: number;
  displacementSize?: 1 | 4;
  addressSize?: 4 | 8;
  /** A 64-bit absolute address (movabs). */
  absolute?: bigint;
}

/** A constant, or the address of a symbol plus it. */
export interface EncodeImmediate {
  kind: 'immediate';
  value: number | bigint;
  symbol?: number;
}

/**
 * A branch target: a displacement from the end of the instruction, or a symbol plus `displacement`. Symbols take the
 * 32-bit form unless `short` asks for the 8-bit one.
 */
export interface EncodeTarget {
  kind: 'target';
  displacement?: number;
  symbol?: number;
  short?: boolean;
}

export type EncodeOperand =
  | EncodeRegister
  | EncodeMemory
  | EncodeImmediate
  | EncodeTarget
  | (SpecialOperand & { high?: undefined });

/** `value` as a signed 64-bit quantity: a number where it is exact. */
export function normalize(value: number | bigint): number | bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  const signed = BigInt.asIntN(64, BigInt(value));
  const number = Number(signed);
  return Number.isSafeInteger(number) ? number : signed;
}

/** `value` as a signed number of `size` bytes; undefined if it fits neither signed nor unsigned. */
export function signedOfSize(value: number | bigint, size: number): number | bigint | undefined {
  const number = normalize(value);
  if (size === 8) return number;
  if (typeof number === 'bigint') return undefined;
  const half = 2 ** (size * 8 - 1);
  if (number < -half || number >= 2 * half) return undefined;
  return number >= half ? number - 2 * half : number;
}

function fitsSigned(value: number | bigint | undefined, size: number): boolean {
  if (value === undefined) return false;
  if (typeof value === 'bigint') return size === 8;
  const half = 2 ** (size * 8 - 1);
  return size === 8 || (value >= -half && value < half);
}

function immediateFits(form: OperandForm, operand: EncodeImmediate, size: number, wide: boolean): boolean {
  const { value } = operand;
  if (operand.symbol !== undefined) {
    if (form.signed && form.size === 1) return false;
    if (form.size === 'v') return size !== 8 || wide;
    return form.size !== 1 || size === 1;
  }
  if (form.size === 'v') {
    if (size === 8) return wide || !fitsSigned(normalize(value), 4);
    return signedOfSize(value, size) !== undefined;
  }
  if (form.size === 'z') return fitsSigned(signedOfSize(value, size), size === 2 ? 2 : 4);
  if (form.signed) return fitsSigned(signedOfSize(value, size), 1);
  return signedOfSize(value, form.size === 2 ? 2 : 1) !== undefined;
}

/** Bytes of a form at an operand size; 0 where the form does not say. */
export function formSize(form: OperandForm, operandSize: number): number {
  switch (form.size) {
    case 'v':
      return operandSize;
    case 'y':
      return operandSize === 8 ? 8 : 4;
    case 'z':
      return operandSize === 2 ? 2 : 4;
    case 'x':
      return 16;
    default:
      return form.size;
  }
}

function placeFits(form: OperandForm, operand: EncodeOperand): boolean {
  switch (operand.kind) {
    case 'register':
      if (!form.register || form.class !== 'general') return false;
      return form.place !== 'fixed' || (form.fixed === operand.register && operand.high !== true);
    case 'memory':
      if (form.place === 'offset') return operand.absolute !== undefined;
      return form.memory && operand.absolute === undefined && form.place === 'rm';
    case 'immediate':
      return (
        form.place === 'immediate' ||
        (form.place === 'one' && operand.symbol === undefined && Number(operand.value) === 1)
      );
    case 'target':
      return form.place === 'relative';
    default:
      if (form.place === 'fixed' && form.fixed !== operand.register) return false;
      return form.register && form.class === operand.kind;
  }
}

function targetFits(
  form: OperandForm,
  operand: { displacement?: number; symbol?: number; short?: boolean },
): boolean {
  if (form.size !== 1) return operand.short !== true;
  if (operand.symbol !== undefined) return operand.short === true;
  const displacement = operand.displacement ?? 0;
  return operand.short !== false && displacement >= -128 && displacement <= 127;
}

/** The operand size that the operands in `v` and `y` places show; 0 if none does, −1 if they contradict each other. */
function shownSize(entry: TableEntry, operands: readonly EncodeOperand[], size: number): number {
  let shown = size;
  for (let place = 0; place < operands.length; place++) {
    const operand = operands[place];
    const form = entry.operands[place];
    if (!operand || !form || (operand.kind !== 'register' && operand.kind !== 'memory')) continue;
    const given = operand.size ?? 0;
    if (given === 0) continue;
    if (form.size === 'v' || form.size === 'y' || form.size === 'z') {
      if (shown !== 0 && shown !== given) return -1;
      if (given === 1 || given > 8) return -1;
      shown = given;
    } else if (form.size !== 'x' && form.size !== 0 && form.size !== given) return -1;
  }
  return shown;
}

/**
 * The operand size (1, 2, 4, 8) at which `entry` expresses these operands, 0 if it cannot. `size` is what the caller
 * knows already (a suffix), 0 for nothing. `wide` allows 64-bit immediates and symbols (movabs).
 */
export function matchRow(
  entry: TableEntry,
  operands: readonly EncodeOperand[],
  size: number,
  wide = false,
): number {
  // The operands of string instructions are implied and need not be given.
  if (entry.operands.length !== operands.length && !(entry.rep && operands.length === 0)) return 0;
  for (let place = 0; place < operands.length; place++) {
    const form = entry.operands[place];
    const operand = operands[place];
    if (!form || !operand || !placeFits(form, operand)) return 0;
  }
  const ruled = entry.sizing === 'v' || entry.sizing === 'y';
  let operandSize = shownSize(entry, operands, ruled ? size : 0);
  if (operandSize < 0) return 0;
  if (!ruled) {
    operandSize = typeof entry.sizing === 'number' ? entry.sizing : 4;
    if (size !== 0 && size !== operandSize) return 0;
  } else if (operandSize === 0) {
    if (!entry.default64 && !entry.force64) return 0;
    operandSize = 8;
  }
  if (operandSize === 1 && ruled) return 0;
  if (entry.default64 && operandSize === 4) return 0;
  if (entry.sizing === 'y' && operandSize === 2) return 0;
  for (let place = 0; place < operands.length; place++) {
    const form = entry.operands[place];
    const operand = operands[place];
    if (operand?.kind === 'immediate' && form?.place === 'immediate') {
      if (!immediateFits(form, operand, operandSize, wide)) return 0;
    } else if (operand?.kind === 'target' && form && !targetFits(form, operand)) return 0;
  }
  return operandSize;
}
