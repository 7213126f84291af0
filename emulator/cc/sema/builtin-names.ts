/** Names that __has_builtin answers yes to. */
import { BUILTINS } from './builtin-table';

export const BUILTIN_NAMES: ReadonlySet<string> = new Set([
  ...BUILTINS.keys(),
  '__builtin_va_arg',
  '__builtin_offsetof',
  '__builtin_types_compatible_p',
  '__builtin_choose_expr',
]);
