/**
 * Arithmetic on integer constants, in the type that C gives the operation.
 */
import type { BinaryOperator } from '../ast';
import { type IntegerType, wrap } from '../types';

/** Value of an operation on two values of `type` (shift counts may have another), or undefined where C leaves it open. */
export function foldBinary(
  operator: BinaryOperator,
  left: bigint,
  right: bigint,
  type: IntegerType,
): bigint | undefined {
  switch (operator) {
    case 'add':
      return wrap(left + right, type);
    case 'sub':
      return wrap(left - right, type);
    case 'mul':
      return wrap(left * right, type);
    case 'div':
      return right === 0n ? undefined : wrap(left / right, type);
    case 'rem':
      return right === 0n ? undefined : wrap(left % right, type);
    case 'and':
      return left & right;
    case 'or':
      return left | right;
    case 'xor':
      return left ^ right;
    case 'shl':
    case 'shr': {
      const width = BigInt(type.size * 8);
      if (right < 0n || right >= width) return undefined;
      return operator === 'shl' ? wrap(left << right, type) : left >> right;
    }
    case 'eq':
      return left === right ? 1n : 0n;
    case 'ne':
      return left !== right ? 1n : 0n;
    case 'lt':
      return left < right ? 1n : 0n;
    case 'le':
      return left <= right ? 1n : 0n;
    case 'gt':
      return left > right ? 1n : 0n;
    case 'ge':
      return left >= right ? 1n : 0n;
  }
}
