/**
 * Values that are computed and dropped: results that must be looked at, and statements without effect.
 */
import type { Expression } from '../ast';
import type { Parser } from '../parse/parser';
import { bare, isVolatile } from '../types';

/** Registration functions whose failure nobody notices unless the result is checked. */
const MUST_CHECK: ReadonlySet<string> = new Set([
  'register_kprobe',
  'register_kprobes',
  'register_kretprobe',
  'register_kretprobes',
  'register_jprobe',
  'register_jprobes',
]);

/** Warns about an expression statement whose value should not be dropped. */
export function checkUnused(p: Parser, value: Expression): void {
  switch (value.kind) {
    case 'call': {
      const symbol = value.function;
      if (!symbol || bare(value.type).kind === 'void') return;
      if (MUST_CHECK.has(symbol.name))
        p.warning(
          value.loc,
          'unused-result',
          `the result of '${symbol.name}' is not checked: if the probe could not be placed, only its negative errno says so`,
        );
      else if (symbol.attributes.warnUnusedResult)
        p.warning(
          value.loc,
          'unused-result',
          `ignoring return value of '${symbol.name}' declared with attribute 'warn_unused_result'`,
        );
      return;
    }
    case 'binary':
    case 'unary':
    case 'pointerAdd':
    case 'pointerDifference':
      if (p.tokens.expansion[value.loc] === 0)
        p.warning(value.loc, 'unused-value', 'statement with no effect');
      return;
    case 'load':
      if (
        p.tokens.expansion[value.loc] === 0 &&
        value.place.kind === 'variable' &&
        !isVolatile(value.place.type)
      )
        p.warning(value.loc, 'unused-value', 'statement with no effect');
      return;
    case 'comma':
      checkUnused(p, value.right);
      return;
    default:
      return;
  }
}
