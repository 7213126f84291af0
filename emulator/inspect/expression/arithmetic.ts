/**
 * C's arithmetic on already read numbers: integer promotion, the usual conversions, and operators (C11 6.3.1, 6.5).
 *
 * Deliberate differences from C: division by zero and shifts beyond the width are errors or zero, never undefined.
 */
import {
  type BaseType,
  BOOL,
  type EnumType,
  INT,
  isSigned,
  LONG,
  type PlainType,
  type Type,
  UNSIGNED_INT,
  UNSIGNED_LONG,
  wrap,
} from '../types';
import type { BinaryOperator } from './ast';

/** A number with its C type: what operators work on. */
export interface Operand {
  type: BaseType | EnumType;
  value: bigint;
}

/** Integer promotion: everything narrower than int becomes int. */
export function promote(operand: Operand): Operand {
  const { type, value } = operand;
  if (type.kind === 'enum') return { type: type.signed || type.size < 4 ? INT : UNSIGNED_INT, value };
  return type.size < 4 || type === BOOL ? { type: INT, value } : operand;
}

/** The usual arithmetic conversions: both operands in their common type. */
export function balance(left: Operand, right: Operand): { left: bigint; right: bigint; type: BaseType } {
  const a = promote(left);
  const b = promote(right);
  const size = Math.max(a.type.size, b.type.size);
  const unsigned = [a, b].some((one) => one.type.size === size && !isSigned(one.type));
  const type = size > 4 ? (unsigned ? UNSIGNED_LONG : LONG) : unsigned ? UNSIGNED_INT : INT;
  return { left: wrap(a.value, type), right: wrap(b.value, type), type };
}

const COMPARISONS: ReadonlySet<BinaryOperator> = new Set(['<', '>', '<=', '>=', '==', '!=']);

export function isComparison(operator: BinaryOperator): boolean {
  return COMPARISONS.has(operator);
}

export function compare(operator: BinaryOperator, left: bigint, right: bigint): bigint {
  switch (operator) {
    case '<':
      return left < right ? 1n : 0n;
    case '>':
      return left > right ? 1n : 0n;
    case '<=':
      return left <= right ? 1n : 0n;
    case '>=':
      return left >= right ? 1n : 0n;
    case '==':
      return left === right ? 1n : 0n;
    default:
      return left !== right ? 1n : 0n;
  }
}

/** Applies an integer operator. Undefined means division by zero. */
export function calculate(
  operator: BinaryOperator,
  leftOperand: Operand,
  rightOperand: Operand,
): Operand | undefined {
  if (operator === '<<' || operator === '>>')
    return shift(operator, promote(leftOperand), promote(rightOperand).value);
  const { left, right, type } = balance(leftOperand, rightOperand);
  if (isComparison(operator)) return { type: INT, value: compare(operator, left, right) };
  const result = integerResult(operator, left, right);
  return result === undefined ? undefined : { type, value: wrap(result, type) };
}

function integerResult(operator: BinaryOperator, left: bigint, right: bigint): bigint | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0n ? undefined : left / right;
    case '%':
      return right === 0n ? undefined : left % right;
    case '&':
      return left & right;
    case '^':
      return left ^ right;
    default:
      return left | right;
  }
}

function shift(operator: '<<' | '>>', left: Operand, by: bigint): Operand {
  const { type, value } = left;
  const distance = by & BigInt(type.size * 8 - 1);
  return { type, value: wrap(operator === '<<' ? value << distance : value >> distance, type) };
}

/** The type of an integer constant as written (C11 6.4.4.1). */
export function literalType(value: bigint, suffix: string, decimal: boolean): BaseType {
  const unsigned = /u/i.test(suffix);
  const long = /l/i.test(suffix);
  const candidates: BaseType[] = [];
  if (!long && !unsigned) candidates.push(INT);
  if (!long && (unsigned || !decimal)) candidates.push(UNSIGNED_INT);
  if (!unsigned) candidates.push(LONG);
  candidates.push(UNSIGNED_LONG);
  return candidates.find((type) => wrap(value, type) === value) ?? UNSIGNED_LONG;
}

/** Both as pointers or numbers: what two branches of ?: agree on. */
export function commonType(left: Type, leftShape: PlainType, right: Type, rightShape: PlainType): Type {
  if (leftShape.kind === 'pointer') return left;
  if (rightShape.kind === 'pointer') return right;
  const integer = (shape: PlainType): shape is BaseType | EnumType =>
    shape.kind === 'base' || shape.kind === 'enum';
  if (!integer(leftShape) || !integer(rightShape)) return left;
  return leftShape === rightShape
    ? left
    : balance({ type: leftShape, value: 0n }, { type: rightShape, value: 0n }).type;
}
