/** Opposites of conditions. */
import type { Condition } from '../ir/ir';

const OPPOSITE: Readonly<Record<Condition, Condition>> = {
  eq: 'ne',
  ne: 'eq',
  lt: 'ge',
  ge: 'lt',
  gt: 'le',
  le: 'gt',
  b: 'ae',
  ae: 'b',
  a: 'be',
  be: 'a',
};

/** The condition that holds exactly when this one does not. */
export function negateCondition(condition: Condition): Condition {
  return OPPOSITE[condition];
}
