/**
 * Hit conditions: `5`, `== 5`, `>= 10`, `< 3`, `!= 1`, `% 100` over the number of times a breakpoint's condition held.
 *
 * A bare number means "from that hit on" in some debuggers and "exactly that hit" in others; here it is `>=`, because a
 * stop that never comes again looks like a lost breakpoint, and `==` is there to say exactly.
 */

export type HitCondition = { test(hits: number): boolean };

const PATTERN = /^\s*(>=|<=|==|!=|=|>|<|%)?\s*(\d+)\s*$/;

/** The condition, or a sentence about what is wrong with it. */
export function parseHitCondition(text: string): HitCondition | { error: string } {
  const match = PATTERN.exec(text);
  const wanted = Number(match?.[2]);
  if (!match || !Number.isSafeInteger(wanted)) {
    return {
      error: `Hit count \`${text}\` is not a number with an optional >, >=, =, ==, !=, <, <= or % before it.`,
    };
  }
  const operator = match[1] ?? '>=';
  if (operator === '%' && wanted === 0) return { error: 'Hit count `% 0`: every 0th hit never comes.' };
  return { test: (hits) => holds(operator, hits, wanted) };
}

function holds(operator: string, hits: number, wanted: number): boolean {
  switch (operator) {
    case '>=':
      return hits >= wanted;
    case '<=':
      return hits <= wanted;
    case '>':
      return hits > wanted;
    case '<':
      return hits < wanted;
    case '!=':
      return hits !== wanted;
    case '%':
      return hits % wanted === 0;
    default:
      return hits === wanted;
  }
}
