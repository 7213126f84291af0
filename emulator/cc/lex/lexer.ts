/**
 * Text to preprocessing tokens (C11 6.4), in one pass over character codes.
 *
 * It lexes a whole file once, skipped groups included, so it never complains: what is wrong becomes a token of kind Other
 * or one flagged UNTERMINATED, and whoever uses that token reports it. Header names are not tokens here: a directive reads
 * them from the text. Backslash-newlines between tokens cost nothing; inside a token they take a slow path.
 */
import type { Interner } from './interner';
import { BEGINS_LINE, DIGRAPH, Kind, SPACE_BEFORE, SPLICED, UNTERMINATED } from './kinds';
import { TokenBuffer } from './tokens';

/** A lexed file. `hashes` lists the tokens that are a # at the beginning of a line; the last token is End. */
export interface FileTokens {
  tokens: TokenBuffer;
  hashes: number[];
  /** Offset of a block comment that is never closed, or -1. */
  openComment: number;
}

const Class = { other: 0, blank: 1, identifier: 2, digit: 3 };
/** Class of each ASCII code; anything above is an identifier character, as in gcc. */
const CLASS = new Uint8Array(128);
for (const c of ' \t\v\f\r') CLASS[c.charCodeAt(0)] = Class.blank;
for (const c of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_')
  CLASS[c.charCodeAt(0)] = Class.identifier;
for (const c of '0123456789') CLASS[c.charCodeAt(0)] = Class.digit;

const NEWLINE = 10;
const BACKSLASH = 92;

/** Length of a backslash-newline at `at` (2, or more with blanks or \r between), or 0. */
function spliceLength(text: string, at: number): number {
  if (text.charCodeAt(at) !== BACKSLASH) return 0;
  let i = at + 1;
  let c = text.charCodeAt(i);
  while (c === 32 || c === 9 || c === 13) c = text.charCodeAt(++i);
  return c === NEWLINE ? i - at + 1 : 0;
}

/** Removes backslash-newlines. */
function unsplice(text: string): string {
  return text.replace(/\\[ \t\r]*\n/g, '');
}

const isIdentifierCode = (c: number): boolean => c >= 128 || CLASS[c] >= Class.identifier;

/** End of an identifier, pp-number or literal that may hold splices; `start` is where it begins. */
function scanSpliced(text: string, start: number, accept: (cleaned: string) => boolean): number {
  let at = start;
  let cleaned = '';
  for (;;) {
    const splice = spliceLength(text, at);
    if (splice > 0) {
      at += splice;
      continue;
    }
    if (at >= text.length) return at;
    const longer = cleaned + text[at];
    if (!accept(longer)) return at;
    cleaned = longer;
    at++;
  }
}

const IDENTIFIER = /^[\w\u0080-\uffff]+$/;
const PP_NUMBER = /^\.?[0-9]?(?:[eEpP][+-]|[\w.])*$/;

/** Longest punctuator at `at`: its kind, length in `length`. */
function punctuator(c: number, d: number, e: number): number {
  // The result is kind | length << 8 | digraph << 16.
  const one = (kind: Kind) => kind | 0x100;
  const two = (kind: Kind) => kind | 0x200;
  const three = (kind: Kind) => kind | 0x300;
  switch (c) {
    case 40:
      return one(Kind.LeftParen);
    case 41:
      return one(Kind.RightParen);
    case 91:
      return one(Kind.LeftBracket);
    case 93:
      return one(Kind.RightBracket);
    case 123:
      return one(Kind.LeftBrace);
    case 125:
      return one(Kind.RightBrace);
    case 59:
      return one(Kind.Semicolon);
    case 44:
      return one(Kind.Comma);
    case 58:
      return d === 62 ? two(Kind.RightBracket) | 0x10000 : one(Kind.Colon);
    case 63:
      return one(Kind.Question);
    case 126:
      return one(Kind.Tilde);
    case 46:
      return d === 46 && e === 46 ? three(Kind.Ellipsis) : one(Kind.Dot);
    case 43:
      return d === 43 ? two(Kind.PlusPlus) : d === 61 ? two(Kind.PlusEqual) : one(Kind.Plus);
    case 45:
      if (d === 62) return two(Kind.Arrow);
      return d === 45 ? two(Kind.MinusMinus) : d === 61 ? two(Kind.MinusEqual) : one(Kind.Minus);
    case 42:
      return d === 61 ? two(Kind.StarEqual) : one(Kind.Star);
    case 47:
      return d === 61 ? two(Kind.SlashEqual) : one(Kind.Slash);
    case 37:
      if (d === 61) return two(Kind.PercentEqual);
      if (d === 62) return two(Kind.RightBrace) | 0x10000;
      return d === 58 ? two(Kind.Hash) | 0x10000 : one(Kind.Percent);
    case 38:
      return d === 38 ? two(Kind.AmpAmp) : d === 61 ? two(Kind.AmpEqual) : one(Kind.Amp);
    case 124:
      return d === 124 ? two(Kind.PipePipe) : d === 61 ? two(Kind.PipeEqual) : one(Kind.Pipe);
    case 94:
      return d === 61 ? two(Kind.CaretEqual) : one(Kind.Caret);
    case 33:
      return d === 61 ? two(Kind.BangEqual) : one(Kind.Bang);
    case 61:
      return d === 61 ? two(Kind.EqualEqual) : one(Kind.Equal);
    case 60:
      if (d === 60) return e === 61 ? three(Kind.LessLessEqual) : two(Kind.LessLess);
      if (d === 61) return two(Kind.LessEqual);
      if (d === 58) return two(Kind.LeftBracket) | 0x10000;
      return d === 37 ? two(Kind.LeftBrace) | 0x10000 : one(Kind.Less);
    case 62:
      if (d === 62) return e === 61 ? three(Kind.GreaterGreaterEqual) : two(Kind.GreaterGreater);
      return d === 61 ? two(Kind.GreaterEqual) : one(Kind.Greater);
    case 35:
      return d === 35 ? two(Kind.HashHash) : one(Kind.Hash);
    default:
      return 0;
  }
}

/** End of a string or character literal whose quote is at `quote`; sets nothing: the caller compares the last character. */
function literalEnd(text: string, quote: number): number {
  const q = text.charCodeAt(quote);
  let at = quote + 1;
  for (;;) {
    const c = text.charCodeAt(at);
    if (c === q) return at + 1;
    if (c === BACKSLASH) at += spliceLength(text, at) || 2;
    else if (c === NEWLINE || at >= text.length) return at;
    else at++;
    if (at > text.length) return text.length;
  }
}

/** Lexes a whole file. Never fails. */
export function lexFile(text: string, interner: Interner): FileTokens {
  const tokens = new TokenBuffer(Math.max(64, text.length >> 2));
  const hashes: number[] = [];
  const length = text.length;
  let openComment = -1;
  let flags = BEGINS_LINE;
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < length) {
    const c = text.charCodeAt(at);
    if (c === 32 || c === 9) {
      at++;
      flags |= SPACE_BEFORE;
      continue;
    }
    if (c === NEWLINE) {
      at++;
      flags = BEGINS_LINE;
      continue;
    }
    const kindOf = c < 128 ? CLASS[c] : Class.identifier;
    if (kindOf === Class.identifier) {
      let end = at;
      let hash = 0x811c9dc5 | 0;
      let d = c;
      do {
        hash = Math.imul(hash ^ d, 0x01000193);
        d = text.charCodeAt(++end);
      } while (d < 128 ? CLASS[d] >= Class.identifier : d >= 128);
      if ((d === 34 || d === 39) && end - at <= 2 && /^(?:L|u|U|u8)$/.test(text.slice(at, end))) {
        at = literal(at, end);
        continue;
      }
      if (d === BACKSLASH && spliceLength(text, end) > 0) {
        end = scanSpliced(text, at, (s) => IDENTIFIER.test(s));
        spliced(Kind.Identifier, at, end);
      } else tokens.push(Kind.Identifier, flags, interner.internHashed(text, at, end, hash), at, 0);
      at = end;
      flags = 0;
      continue;
    }
    const d = text.charCodeAt(at + 1);
    if (kindOf === Class.digit || (c === 46 && d >= 48 && d <= 57)) {
      let end = at + 1;
      for (;;) {
        const n = text.charCodeAt(end);
        if (isIdentifierCode(n) || n === 46) end++;
        else if ((n === 43 || n === 45) && /[eEpP]/.test(text[end - 1])) end++;
        else break;
      }
      if (spliceLength(text, end) > 0) {
        end = scanSpliced(text, at, (s) => PP_NUMBER.test(s));
        spliced(Kind.Number, at, end);
      } else tokens.push(Kind.Number, flags, interner.internRange(text, at, end), at, 0);
      at = end;
      flags = 0;
      continue;
    }
    if (kindOf === Class.blank) {
      at++;
      flags |= SPACE_BEFORE;
      continue;
    }
    if (c === 34 || c === 39) {
      at = literal(at, at);
      continue;
    }
    if (c === 47 && (d === 47 || d === 42)) {
      at = d === 47 ? lineComment(at) : blockComment(at);
      flags |= SPACE_BEFORE;
      continue;
    }
    if (c === BACKSLASH) {
      const splice = spliceLength(text, at);
      if (splice > 0) {
        at += splice;
        flags |= SPACE_BEFORE;
        continue;
      }
    }
    at = punctuation(at, c, d);
  }
  if (openComment >= 0) flags |= SPACE_BEFORE;
  tokens.push(Kind.End, flags | BEGINS_LINE, 0, length, 0);
  return { tokens, hashes, openComment };

  function spliced(kind: Kind, start: number, end: number): void {
    tokens.push(kind, flags | SPLICED, interner.intern(unsplice(text.slice(start, end))), start, 0);
  }

  function literal(start: number, quote: number): number {
    const end = literalEnd(text, quote);
    const q = text.charCodeAt(quote);
    const closed = end - quote >= 2 && text.charCodeAt(end - 1) === q;
    if (!closed && q === 39) {
      // A lone apostrophe (in an #error line, in assembly): one character, the rest is lexed on.
      if (start < quote)
        tokens.push(Kind.Identifier, flags, interner.internRange(text, start, quote), start, 0);
      const own = start < quote ? 0 : flags;
      tokens.push(Kind.Other, own | UNTERMINATED, interner.internRange(text, quote, quote + 1), quote, 0);
      flags = 0;
      return quote + 1;
    }
    const kind = q === 34 ? Kind.String : Kind.Character;
    const raw = text.slice(start, end);
    const splicedText = raw.includes('\n');
    const extra = (splicedText ? SPLICED : 0) | (closed ? 0 : UNTERMINATED);
    const value = splicedText ? interner.intern(unsplice(raw)) : interner.internRange(text, start, end);
    tokens.push(kind, flags | extra, value, start, 0);
    flags = 0;
    return end;
  }

  function lineComment(start: number): number {
    let end = text.indexOf('\n', start);
    while (end > 0 && spliceBefore(end)) end = text.indexOf('\n', end + 1);
    return end < 0 ? length : end;
  }

  function spliceBefore(newline: number): boolean {
    let i = newline - 1;
    while (i > 0 && (text.charCodeAt(i) === 13 || text.charCodeAt(i) === 32 || text.charCodeAt(i) === 9)) i--;
    return text.charCodeAt(i) === BACKSLASH;
  }

  function blockComment(start: number): number {
    const end = text.indexOf('*/', start + 2);
    if (end >= 0) return end + 2;
    openComment = start;
    return length;
  }

  function punctuation(start: number, c: number, d: number): number {
    let second = d;
    let secondAt = start + 1;
    let third = text.charCodeAt(start + 2);
    let thirdAt = start + 2;
    let hasSplice = false;
    if (d === BACKSLASH || third === BACKSLASH) {
      for (let n = spliceLength(text, secondAt); n > 0; n = spliceLength(text, secondAt)) secondAt += n;
      second = text.charCodeAt(secondAt);
      thirdAt = secondAt + 1;
      for (let n = spliceLength(text, thirdAt); n > 0; n = spliceLength(text, thirdAt)) thirdAt += n;
      third = text.charCodeAt(thirdAt);
      hasSplice = true;
    }
    const found = punctuator(c, second, third);
    if (found === 0) {
      const surrogate = c >= 0xd800 && c < 0xdc00 ? 2 : 1;
      tokens.push(Kind.Other, flags, interner.internRange(text, start, start + surrogate), start, 0);
      flags = 0;
      return start + surrogate;
    }
    let kind: Kind = found & 0xff;
    let size = (found >> 8) & 0xff;
    let extra = found & 0x10000 ? DIGRAPH : 0;
    // %:%: is ##.
    if (kind === Kind.Hash && extra !== 0 && text.startsWith('%:', start + 2)) {
      kind = Kind.HashHash;
      size = 4;
      extra = DIGRAPH;
    }
    if (kind === Kind.Hash && (flags & BEGINS_LINE) !== 0) hashes.push(tokens.length);
    if (hasSplice && size > 1) extra |= SPLICED;
    tokens.push(kind, flags | extra, 0, start, 0);
    flags = 0;
    if (size === 1) return start + 1;
    if (size === 2) return hasSplice ? secondAt + 1 : start + 2;
    return hasSplice ? thirdAt + 1 : start + size;
  }
}
