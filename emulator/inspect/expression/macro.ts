/**
 * Expansion of the program's own macros in an expression (`flags & O_CREAT`, `IS_ERR(ptr)`), on tokens.
 *
 * Names that the scope knows as values are left alone, and `#`/`##` are not offered: a body that uses them stays as it
 * is and fails as an unknown function would. Expanded tokens keep the place of the name that the user wrote.
 */
import { ExpressionError } from './error';
import { type Token, tokenize } from './token';

/** A macro as debug information has it. */
export interface Macro {
  parameters: readonly string[] | undefined;
  body: string;
}

/** Which names are macros; `hidden` names (variables) never are. */
export interface MacroScope {
  macro(name: string): Macro | undefined;
  isValue(name: string): boolean;
}

const MAX_TOKENS = 10_000;

/** The tokens with macros replaced, recursively; a macro is not expanded inside its own expansion. */
export function expandMacros(
  tokens: readonly Token[],
  scope: MacroScope,
  within: ReadonlySet<string> = new Set(),
): Token[] {
  const out: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (!token) break;
    const before = tokens[i - 1];
    const isMember = before?.kind === 'punctuator' && (before.text === '.' || before.text === '->');
    const macro =
      token.kind === 'name' && !isMember && !within.has(token.text) && !scope.isValue(token.text)
        ? scope.macro(token.text)
        : undefined;
    if (token.kind !== 'name' || !macro) {
      out.push(token);
      continue;
    }
    const call = macro.parameters ? readArguments(tokens, i + 1) : undefined;
    if (macro.parameters && !call) {
      out.push(token);
      continue;
    }
    const body = tokenize(macro.body)
      .filter((one) => one.kind !== 'end')
      .map((one) => ({ ...one, at: token.at, length: token.length }));
    const replaced = macro.parameters && call ? substitute(body, macro.parameters, call.arguments) : body;
    const inner = new Set(within).add(token.text);
    out.push(...expandMacros(replaced, scope, inner));
    if (out.length > MAX_TOKENS)
      throw new ExpressionError('macro expansion is too large', token.at, token.length);
    if (call) i = call.end;
  }
  return out;
}

/** The arguments of a call whose `(` is at `start`; `end` is the index of its `)`. */
function readArguments(
  tokens: readonly Token[],
  start: number,
): { arguments: Token[][]; end: number } | undefined {
  const open = tokens[start];
  if (open?.kind !== 'punctuator' || open.text !== '(') return undefined;
  const groups: Token[][] = [[]];
  let depth = 0;
  for (let i = start; i < tokens.length; i++) {
    const token = tokens[i];
    if (!token) break;
    const text = token.kind === 'punctuator' ? token.text : '';
    if (text === '(' || text === '[') depth++;
    if (text === ')' || text === ']') depth--;
    if (depth === 0) return { arguments: groups, end: i };
    if (i === start) continue;
    if (text === ',' && depth === 1) groups.push([]);
    else groups.at(-1)?.push(token);
  }
  return undefined;
}

function substitute(
  body: readonly Token[],
  parameters: readonly string[],
  given: readonly Token[][],
): Token[] {
  return body.flatMap((token) => {
    const index = token.kind === 'name' ? parameters.indexOf(token.text) : -1;
    return index < 0 ? [token] : (given[index] ?? []);
  });
}
