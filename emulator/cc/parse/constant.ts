/**
 * Integer constant expressions (C11 6.6): array sizes, enumerators, case labels, bit-field widths, attribute arguments.
 */
import { isError, rvalue } from '../sema/build';
import { integerOf } from '../types';
import { parseConditional } from './expression';
import type { Parser } from './parser';

/** Parses a constant expression and returns its value; undefined (after an error) if it is none. */
export function constantInteger(p: Parser, what: string): bigint | undefined {
  const first = p.at;
  const value = rvalue(parseConditional(p));
  if (isError(value)) return undefined;
  if (value.kind === 'integer' && integerOf(value.type)) return value.value;
  p.reporter.error(p.range(first, Math.max(first, p.at - 1)), `${what} is not an integer constant`);
  return undefined;
}
