/**
 * Tokens of the debugger's C expressions: C's own, plus `$name` for registers and the debugger's values.
 *
 * Comments and preprocessing are not part of it; macros are expanded on these tokens by macro.ts.
 */
import { ExpressionError } from './error';

export type Token = { at: number; length: number } & (
  | { kind: 'number'; value: bigint; suffix: string; decimal: boolean }
  | { kind: 'character'; value: bigint }
  | { kind: 'string'; text: string }
  | { kind: 'name'; text: string }
  | { kind: 'register'; text: string }
  | { kind: 'punctuator'; text: string }
  | { kind: 'end' }
);

const PUNCTUATOR =
  /^(?:<<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||\+=|-=|\*=|\/=|%=|&=|\^=|\|=|[-+*/%&|^~!<>=?:,.()[\]{}#;])/;
const NUMBER = /^(?:0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+)/;
const ESCAPES: Readonly<Record<string, number>> = {
  n: 10,
  t: 9,
  r: 13,
  a: 7,
  b: 8,
  f: 12,
  v: 11,
  e: 27,
  '\\': 92,
  "'": 39,
  '"': 34,
  '?': 63,
};

/** All tokens of `text` from `start` on. `lenient` ends quietly at a character that starts no token (log messages). */
export function tokenize(text: string, start = 0, lenient = false): Token[] {
  const tokens: Token[] = [];
  let at = start;
  for (;;) {
    while (at < text.length && /\s/.test(text[at] ?? '')) at++;
    if (at >= text.length) break;
    let token: Token | undefined;
    try {
      token = next(text, at);
    } catch (error) {
      if (lenient && error instanceof ExpressionError) break;
      throw error;
    }
    tokens.push(token);
    at = token.at + token.length;
  }
  tokens.push({ kind: 'end', at: Math.min(at, text.length), length: 0 });
  return tokens;
}

function next(text: string, at: number): Token {
  const rest = text.slice(at);
  const first = rest[0] ?? '';
  if (/[A-Za-z_]/.test(first)) {
    const name = /^\w+/.exec(rest)?.[0] ?? first;
    return { kind: 'name', text: name, at, length: name.length };
  }
  if (/[0-9]/.test(first)) return numberToken(rest, at);
  if (first === '$') {
    const name = /^\$\w+/.exec(rest)?.[0];
    if (!name) throw new ExpressionError('a register name must follow `$`', at);
    return { kind: 'register', text: name.slice(1), at, length: name.length };
  }
  if (first === "'") return characterToken(text, at);
  if (first === '"') return stringToken(text, at);
  const punctuator = PUNCTUATOR.exec(rest)?.[0];
  if (!punctuator) throw new ExpressionError(`unexpected character \`${first}\``, at);
  return { kind: 'punctuator', text: punctuator, at, length: punctuator.length };
}

function numberToken(rest: string, at: number): Token {
  const digits = NUMBER.exec(rest)?.[0] ?? '';
  const suffix = /^\w*/.exec(rest.slice(digits.length))?.[0] ?? '';
  const length = digits.length + suffix.length;
  if (!/^(?:[uU]?(?:l|L|ll|LL)?|(?:l|L|ll|LL)[uU])$/.test(suffix)) {
    throw new ExpressionError(`invalid number \`${rest.slice(0, length)}\``, at, length);
  }
  const octal = /^0[0-9]+$/.test(digits);
  if (octal && /[89]/.test(digits))
    throw new ExpressionError(`invalid octal number \`${digits}\``, at, length);
  const value = octal ? BigInt(`0o${digits.slice(1)}`) : BigInt(digits);
  if (value >> 64n) throw new ExpressionError('number too large for 64 bits', at, length);
  return { kind: 'number', value, suffix, decimal: /^[1-9]/.test(digits), at, length };
}

function characterToken(text: string, at: number): Token {
  const { value, end } = character(text, at + 1);
  if (text[end] !== "'") throw new ExpressionError("missing closing `'`", at, end - at);
  return { kind: 'character', value: BigInt(value), at, length: end + 1 - at };
}

function stringToken(text: string, at: number): Token {
  let end = at + 1;
  let value = '';
  while (text[end] !== '"') {
    if (end >= text.length) throw new ExpressionError('missing closing `"`', at, end - at);
    const one = character(text, end);
    value += String.fromCodePoint(one.value);
    end = one.end;
  }
  return { kind: 'string', text: value, at, length: end + 1 - at };
}

/** One possibly escaped character at `at`. */
function character(text: string, at: number): { value: number; end: number } {
  const first = text[at];
  if (first === undefined) throw new ExpressionError('unfinished literal', at - 1);
  if (first !== '\\') {
    const point = text.codePointAt(at) ?? 0;
    return { value: point, end: at + (point > 0xffff ? 2 : 1) };
  }
  const numeric = /^(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3}))/.exec(text.slice(at + 1));
  if (numeric) {
    const value =
      numeric[1] === undefined ? Number.parseInt(numeric[2] ?? '0', 8) : Number.parseInt(numeric[1], 16);
    return { value, end: at + 1 + numeric[0].length };
  }
  const value = ESCAPES[text[at + 1] ?? ''];
  if (value === undefined) throw new ExpressionError('unknown escape sequence', at, 2);
  return { value, end: at + 2 };
}
