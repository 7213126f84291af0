/**
 * Tokens of an awk program. Whether a slash begins a regular expression or divides is decided by the token before it.
 */

import { ESCAPES } from '../programs/output';

export type TokenKind =
  | 'number'
  | 'string'
  | 'regexp'
  | 'name'
  /** A name with ( right behind it: a call of a user's function. */
  | 'call'
  | 'builtin'
  | 'keyword'
  | 'operator'
  | 'newline'
  | 'end';

export interface Token {
  kind: TokenKind;
  text: string;
  line: number;
}

/** A program that is not awk; the message names the line. */
export class AwkSyntaxError extends Error {}

const KEYWORDS = new Set(
  'BEGIN END function func if else while for do break continue next nextfile exit return delete in getline print printf'.split(
    ' ',
  ),
);

/** Functions that awk brings; the gawk ones are those that kernel logs call for. */
export const BUILTINS: ReadonlySet<string> = new Set(
  (
    'length substr index split sub gsub match sprintf sin cos atan2 exp log sqrt int rand srand tolower toupper system ' +
    'close fflush strtonum gensub and or xor lshift rshift compl systime'
  ).split(' '),
);

const OPERATORS =
  /^(?:\*\*=|\*\*|&&|\|\||\+\+|--|\+=|-=|\*=|\/=|%=|\^=|==|<=|>=|!=|>>|!~|[{}()[\];,+\-*/%^!<>|?:~$=])/;

const PLAIN: ReadonlySet<string> = new Set(['"', '/']);

/** The text that a string constant's source (without quotes) or a -v value stands for. */
export function unescapeString(source: string): string {
  return source.replace(/\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|\n|[\s\S])/g, (whole, code: string) => {
    if (code === '\n') return '';
    if (/^x./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 255);
    return PLAIN.has(code) ? code : (ESCAPES[code] ?? whole);
  });
}

/** Splits a program into tokens. Throws AwkSyntaxError. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  const push = (kind: TokenKind, text: string) => tokens.push({ kind, text, line });
  while (at < source.length) {
    const rest = source.slice(at);
    const skipped = /^(?:[ \t\r]+|\\\r?\n|#[^\n]*)/.exec(rest)?.[0];
    if (skipped !== undefined) {
      if (skipped.startsWith('\\')) line++;
      at += skipped.length;
      continue;
    }
    const char = rest[0] ?? '';
    if (char === '\n') {
      push('newline', '\n');
      line++;
      at++;
      continue;
    }
    if (char === '"') {
      const text = /^"((?:[^"\\\n]|\\[\s\S])*)"/.exec(rest);
      if (!text) throw new AwkSyntaxError(`line ${line}: the string has no end`);
      push('string', unescapeString(text[1] ?? ''));
      line += text[0].split('\n').length - 1;
      at += text[0].length;
      continue;
    }
    if (char === '/' && !endsOperand(tokens[tokens.length - 1])) {
      const text = /^\/((?:[^/\\\n[]|\\.|\[\^?\]?(?:\[:\w+:\]|[^\]\n])*\])*)\//.exec(rest);
      if (!text) throw new AwkSyntaxError(`line ${line}: the regular expression has no end`);
      push('regexp', (text[1] ?? '').replaceAll('\\/', '/'));
      at += text[0].length;
      continue;
    }
    const number = /^(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/.exec(rest)?.[0];
    if (number !== undefined) {
      push('number', number);
      at += number.length;
      continue;
    }
    const name = /^[A-Za-z_]\w*/.exec(rest)?.[0];
    if (name !== undefined) {
      at += name.length;
      if (KEYWORDS.has(name)) push('keyword', name === 'func' ? 'function' : name);
      else if (BUILTINS.has(name)) push('builtin', name);
      else push(source[at] === '(' ? 'call' : 'name', name);
      continue;
    }
    const operator = OPERATORS.exec(rest)?.[0];
    if (operator === undefined) throw new AwkSyntaxError(`line ${line}: unexpected character '${char}'`);
    push('operator', operator.replace('**', '^'));
    at += operator.length;
  }
  push('newline', '\n');
  push('end', 'the end of the program');
  return tokens;
}

/** True when a token can end an operand, so that a slash behind it divides. */
function endsOperand(token: Token | undefined): boolean {
  if (token === undefined) return false;
  if (['number', 'string', 'name', 'builtin'].includes(token.kind)) return true;
  return token.kind === 'operator' && [')', ']', '$', '++', '--'].includes(token.text);
}
