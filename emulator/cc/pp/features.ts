/**
 * The __has_…() operators: what a text may ask about this compiler.
 */
import { ATTRIBUTE_NAMES } from '../sema/attribute-names';
import { BUILTIN_NAMES } from '../sema/builtin-names';
import { headerName } from './directives';
import { spellingOf } from './operators';
import type { Preprocessor } from './preprocess';

/** The value of `__has_x(argument)` as a number's spelling. `argument` are unexpanded pool tokens. */
export function featureValue(pp: Preprocessor, operator: number, argument: readonly number[]): string {
  const { words, cache } = pp;
  const { pool } = pp.expander;
  const spelled = argument.map((token) => spellingOf(pool, cache.interner, token)).join('');
  if (operator === words.hasInclude || operator === words.hasIncludeNext) {
    const header =
      headerName(spelled) ??
      headerName(
        pp.expander
          .expandList([...argument])
          .map((token) => spellingOf(pool, cache.interner, token))
          .join(''),
      );
    if (!header || !pp.frame) return '0';
    const after = operator === words.hasIncludeNext ? pp.frame.foundIn : undefined;
    return pp.includes.resolve(header.name, header.quoted, pp.frame.file.path, after) ? '1' : '0';
  }
  if (operator === words.hasAttribute)
    return ATTRIBUTE_NAMES.has(spelled.replace(/^__|__$/g, '')) ? '1' : '0';
  if (operator === words.hasBuiltin) return BUILTIN_NAMES.has(spelled) ? '1' : '0';
  return '0';
}
