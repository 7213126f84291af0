/**
 * Token kinds. Punctuators are kinds of their own, in the order of PUNCTUATORS; keywords are identifiers whose interned
 * id is small (keywords.ts), because the preprocessor does not know them.
 */

export enum Kind {
  /** End of a file's tokens, or of the unit. */
  End = 0,
  Identifier = 1,
  /** A preprocessing number. */
  Number = 2,
  String = 3,
  Character = 4,
  /** A character that starts no token, or an unterminated literal. */
  Other = 5,
  /** A macro parameter in a replacement list; `value` is its index. */
  Parameter = 6,
  /** Stands for an empty argument next to ##; never leaves the expander. */
  Placemarker = 7,
  /** #pragma that the parser acts on; `value` is the interned text after `pragma`. */
  Pragma = 8,
  LeftParen = 10,
  RightParen,
  LeftBracket,
  RightBracket,
  LeftBrace,
  RightBrace,
  Semicolon,
  Comma,
  Colon,
  Question,
  Tilde,
  Dot,
  Ellipsis,
  Arrow,
  Plus,
  PlusPlus,
  PlusEqual,
  Minus,
  MinusMinus,
  MinusEqual,
  Star,
  StarEqual,
  Slash,
  SlashEqual,
  Percent,
  PercentEqual,
  Amp,
  AmpAmp,
  AmpEqual,
  Pipe,
  PipePipe,
  PipeEqual,
  Caret,
  CaretEqual,
  Bang,
  BangEqual,
  Equal,
  EqualEqual,
  Less,
  LessEqual,
  LessLess,
  LessLessEqual,
  Greater,
  GreaterEqual,
  GreaterGreater,
  GreaterGreaterEqual,
  Hash,
  HashHash,
}

/** Spelling of each punctuator kind, from Kind.LeftParen on. */
const PUNCTUATORS =
  '( ) [ ] { } ; , : ? ~ . ... -> + ++ += - -- -= * *= / /= % %= & && &= | || |= ^ ^= ! != = == < <= << <<= > >= >> >>= # ##'.split(
    ' ',
  );

/** The text of a punctuator, or undefined for other kinds. */
export function punctuatorText(kind: Kind): string | undefined {
  return PUNCTUATORS[kind - Kind.LeftParen];
}

/** Token flags. */
export const BEGINS_LINE = 1;
/** White space or a comment stands before it. */
export const SPACE_BEFORE = 2;
/** An identifier that met its own macro while that was being expanded: it stays an identifier for ever. */
export const NO_EXPAND = 4;
/** Its text holds backslash-newlines that are not part of it. */
export const SPLICED = 8;
/** Came from a digraph (%: <: …): stringification shows it as written. */
export const DIGRAPH = 16;
/** In a replacement list: preceded by # (stringify). */
export const STRINGIFY = 32;
/** In a replacement list: followed by ##. */
export const PASTE_LEFT = 64;
/** Unterminated literal. */
export const UNTERMINATED = 128;
