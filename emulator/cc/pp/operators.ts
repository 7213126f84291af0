/**
 * The # and ## operators (C11 6.10.3.2, 6.10.3.3) on pool tokens.
 */
import type { Interner } from '../lex/interner';
import {
  BEGINS_LINE,
  DIGRAPH,
  Kind,
  NO_EXPAND,
  PASTE_LEFT,
  punctuatorText,
  SPACE_BEFORE,
} from '../lex/kinds';
import { lexFile } from '../lex/lexer';
import type { TokenBuffer } from '../lex/tokens';

const DIGRAPHS: Readonly<Record<string, string>> = {
  '[': '<:',
  ']': ':>',
  '{': '<%',
  '}': '%>',
  '#': '%:',
  '##': '%:%:',
};

/** A token's text as it was written (digraphs kept). */
export function spellingOf(tokens: TokenBuffer, interner: Interner, token: number): string {
  const kind: Kind = tokens.kind[token];
  const text = punctuatorText(kind);
  if (text === undefined) return interner.text(tokens.value[token]);
  return tokens.flags[token] & DIGRAPH ? (DIGRAPHS[text] ?? text) : text;
}

/** Makes the string token for `#parameter`: inner white space becomes one blank, quotes and backslashes are escaped. */
export function stringify(
  pool: TokenBuffer,
  interner: Interner,
  list: readonly number[],
  flags: number,
  pos: number,
  expansion: number,
): number {
  let text = '';
  for (let i = 0; i < list.length; i++) {
    const token = list[i];
    if (i > 0 && pool.flags[token] & (SPACE_BEFORE | BEGINS_LINE)) text += ' ';
    const spelling = spellingOf(pool, interner, token);
    const kind: Kind = pool.kind[token];
    text += kind === Kind.String || kind === Kind.Character ? spelling.replace(/[\\"]/g, '\\$&') : spelling;
  }
  // A lone backslash at the end would swallow the closing quote.
  if (/(^|[^\\])(\\\\)*\\$/.test(text)) text = text.slice(0, -1);
  return pool.push(
    Kind.String,
    flags & (SPACE_BEFORE | PASTE_LEFT),
    interner.intern(`"${text}"`),
    pos,
    expansion,
  );
}

const WORD = /^[\w$\u0080-\uffff]+$/;

/** left ## right as a new pool token, or -1 if the two do not make one token. The result keeps right's PASTE_LEFT. */
export function pasteTokens(pool: TokenBuffer, interner: Interner, left: number, right: number): number {
  const leftKind: Kind = pool.kind[left];
  const rightKind: Kind = pool.kind[right];
  const flags = (pool.flags[left] & (SPACE_BEFORE | BEGINS_LINE)) | (pool.flags[right] & PASTE_LEFT);
  const make = (kind: Kind, value: number, extra: number, from: number) =>
    pool.push(kind, flags | extra, value, pool.pos[from], pool.expansion[from]);
  if (rightKind === Kind.Placemarker)
    return make(leftKind, pool.value[left], pool.flags[left] & (NO_EXPAND | DIGRAPH), left);
  if (leftKind === Kind.Placemarker)
    return make(rightKind, pool.value[right], pool.flags[right] & (NO_EXPAND | DIGRAPH), right);
  const rightText = spellingOf(pool, interner, right);
  const text = spellingOf(pool, interner, left) + rightText;
  if (leftKind === Kind.Identifier && WORD.test(rightText))
    return make(Kind.Identifier, interner.intern(text), 0, left);
  const { tokens, openComment } = lexFile(text, interner);
  if (openComment >= 0 || tokens.length !== 2 || text.startsWith('//')) return -1;
  const kind: Kind = tokens.kind[0];
  if (kind === Kind.Other) return -1;
  return make(kind, tokens.value[0], tokens.flags[0] & DIGRAPH, left);
}
