/**
 * Folding one instruction: constant operands, identities, and multiplications or divisions that are shifts.
 *
 * Everything is exact two's-complement arithmetic of the instruction's width. Division by zero is left alone.
 */
import type { Binary, Divide, Extend, Instruction, Operand, Size, Unary, VReg } from '../ir/ir';
import { decide } from './blocks';

const MASK64 = (1n << 64n) - 1n;

function canonical(value: bigint, size: Size): bigint {
  return BigInt.asIntN(size * 8, value);
}

function unsigned(value: bigint, size: Size): bigint {
  return BigInt.asUintN(size * 8, value);
}

function log2(value: bigint): number {
  if (value <= 0n || (value & (value - 1n)) !== 0n) return -1;
  return value.toString(2).length - 1;
}

/** left operator right on constants. */
export function foldBinary(operator: Binary['operator'], left: bigint, right: bigint, size: Size): bigint {
  const count = BigInt(Number(right & MASK64) & (size * 8 - 1));
  switch (operator) {
    case 'add':
      return canonical(left + right, size);
    case 'sub':
      return canonical(left - right, size);
    case 'mul':
      return canonical(left * right, size);
    case 'and':
      return canonical(left & right, size);
    case 'or':
      return canonical(left | right, size);
    case 'xor':
      return canonical(left ^ right, size);
    case 'shl':
      return canonical(left << count, size);
    case 'shr':
      return canonical(unsigned(left, size) >> count, size);
    case 'sar':
      return canonical(canonical(left, size) >> count, size);
  }
}

function foldUnary(operator: Unary['operator'], value: bigint, size: Size): bigint | undefined {
  const bits = size * 8;
  switch (operator) {
    case 'neg':
      return canonical(-value, size);
    case 'not':
      return canonical(~value, size);
    case 'bswap':
    case 'bswap16': {
      const bytes = operator === 'bswap16' ? 2 : size;
      let swapped = 0n;
      for (let i = 0; i < bytes; i++) swapped = (swapped << 8n) | ((value >> BigInt(i * 8)) & 0xffn);
      return canonical(swapped, size);
    }
    case 'bsf': {
      const u = unsigned(value, size);
      if (u === 0n) return undefined;
      let index = 0n;
      while (((u >> index) & 1n) === 0n) index++;
      return index;
    }
    case 'bsr': {
      const u = BigInt.asUintN(bits, value);
      return u === 0n ? undefined : BigInt(u.toString(2).length - 1);
    }
  }
}

function foldDivide(instruction: Divide, left: bigint, right: bigint): bigint | undefined {
  const { operator, signed, size } = instruction;
  const [a, b] = signed
    ? [canonical(left, size), canonical(right, size)]
    : [unsigned(left, size), unsigned(right, size)];
  if (b === 0n) return undefined;
  return canonical(operator === 'div' ? a / b : a % b, size);
}

/** What the low `from` bytes of a constant become when extended. */
export function foldExtend({ from, signed, size }: Extend, value: bigint): bigint {
  const cut = signed ? BigInt.asIntN(from * 8, value) : BigInt.asUintN(from * 8, value);
  return canonical(cut, size);
}

/** A new virtual register. */
export type MakeRegister = () => VReg;

/** The instruction with identities applied, as one or more instructions that compute the same. */
export function foldInstruction(instruction: Instruction, make: MakeRegister): Instruction[] {
  const { loc, scope, statement } = instruction;
  const move = (dst: VReg, src: Operand, size: Size): Instruction[] => [
    { op: 'move', dst, src, size, loc, scope, statement },
  ];
  switch (instruction.op) {
    case 'unary': {
      if (typeof instruction.src !== 'bigint') return [instruction];
      const value = foldUnary(instruction.operator, instruction.src, instruction.size);
      return value === undefined ? [instruction] : move(instruction.dst, value, instruction.size);
    }
    case 'compare': {
      const { left, right, condition, test, size, dst } = instruction;
      if (typeof left === 'bigint' && typeof right === 'bigint') {
        return move(dst, decide(condition, test, left, right, size) ? 1n : 0n, 4);
      }
      return [instruction];
    }
    case 'divide':
      return foldDivision(instruction, make);
    case 'binary':
      return foldArithmetic(instruction);
    default:
      return [instruction];
  }
}

function foldArithmetic(instruction: Binary): Instruction[] {
  const { operator, dst, size, loc, scope, statement } = instruction;
  let { left, right } = instruction;
  const origin = { loc, scope, statement };
  if (typeof left === 'bigint' && typeof right === 'bigint') {
    const src = foldBinary(operator, left, right, size);
    return [{ op: 'move', dst, src, size, ...origin }];
  }
  const commutes = operator !== 'sub' && operator !== 'shl' && operator !== 'shr' && operator !== 'sar';
  if (commutes && typeof left === 'bigint') [left, right] = [right, left];
  if (typeof right === 'bigint') {
    const value = canonical(right, size);
    const move = (src: Operand): Instruction[] => [{ op: 'move', dst, src, size, ...origin }];
    if (value === 0n) {
      if (operator === 'and' || operator === 'mul') return move(0n);
      return move(left);
    }
    if (value === -1n && operator === 'and') return move(left);
    if (value === -1n && operator === 'or') return move(-1n);
    if (operator === 'mul') {
      if (value === 1n) return move(left);
      const shift = log2(unsigned(value, size));
      if (shift > 0)
        return [{ op: 'binary', operator: 'shl', dst, left, right: BigInt(shift), size, ...origin }];
    }
    if (operator === 'sub' && value !== -(1n << BigInt(size * 8 - 1))) {
      return [{ op: 'binary', operator: 'add', dst, left, right: -value, size, ...origin }];
    }
  }
  return [{ ...instruction, left, right }];
}

function foldDivision(instruction: Divide, make: MakeRegister): Instruction[] {
  const { operator, signed, dst, left, right, size, loc, scope, statement } = instruction;
  const origin = { loc, scope, statement };
  if (typeof right !== 'bigint') return [instruction];
  if (typeof left === 'bigint') {
    const value = foldDivide(instruction, left, right);
    return value === undefined ? [instruction] : [{ op: 'move', dst, src: value, size, ...origin }];
  }
  const shift = log2(signed ? canonical(right, size) : unsigned(right, size));
  if (shift < 0) return [instruction];
  if (shift === 0) return [{ op: 'move', dst, src: operator === 'div' ? left : 0n, size, ...origin }];
  const count = BigInt(shift);
  if (!signed) {
    if (operator === 'div')
      return [{ op: 'binary', operator: 'shr', dst, left, right: count, size, ...origin }];
    const mask = canonical((1n << count) - 1n, size);
    return [{ op: 'binary', operator: 'and', dst, left, right: mask, size, ...origin }];
  }
  // Signed: round towards zero by adding 2^shift - 1 to negative dividends.
  const bits = BigInt(size * 8);
  const [sign, bias, biased] = [make(), make(), make()];
  const steps: Instruction[] = [
    { op: 'binary', operator: 'sar', dst: sign, left, right: bits - 1n, size, ...origin },
    { op: 'binary', operator: 'shr', dst: bias, left: sign, right: bits - count, size, ...origin },
    { op: 'binary', operator: 'add', dst: biased, left, right: bias, size, ...origin },
  ];
  if (operator === 'div') {
    return [...steps, { op: 'binary', operator: 'sar', dst, left: biased, right: count, size, ...origin }];
  }
  const masked = make();
  const mask = canonical((1n << count) - 1n, size);
  return [
    ...steps,
    { op: 'binary', operator: 'and', dst: masked, left: biased, right: mask, size, ...origin },
    { op: 'binary', operator: 'sub', dst, left: masked, right: bias, size, ...origin },
  ];
}
