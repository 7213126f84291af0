/** Memory orders of the __atomic builtins. */
import type { Expression } from '../ast';
import { INT } from '../types';
import { convert, integer } from './build';

/** A constant order as it is; anything else is sequentially consistent, which is always right. */
export function foldAtomicOrder(order: Expression): Expression {
  const value = convert(order, INT);
  return value.kind === 'integer' ? value : integer(5n, INT, order.loc);
}
