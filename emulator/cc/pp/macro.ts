/**
 * Macro definitions: parsed #define lines as the expander wants them.
 *
 * In a replacement list a parameter is a Kind.Parameter token (value = index), # before it is the STRINGIFY flag, ## after
 * a token is its PASTE_LEFT flag; the operators themselves are gone. __VA_OPT__ stays an identifier followed by its
 * parenthesis; the expander looks for it only where `vaOpt` says so.
 */
import type { Interner } from '../lex/interner';
import { BEGINS_LINE, Kind, PASTE_LEFT, punctuatorText, SPACE_BEFORE, STRINGIFY } from '../lex/kinds';
import { TokenBuffer } from '../lex/tokens';
import type { Pos } from '../source';

/** Macros whose value depends on the place of use. */
export type DynamicMacro =
  | 'file'
  | 'line'
  | 'counter'
  | 'includeLevel'
  | 'baseFile'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'pragma'
  | 'has';

export interface MacroShape {
  /** Interned name. */
  name: number;
  functionLike: boolean;
  /** Interned parameter names; of a variadic macro the last one is __VA_ARGS__ or the name given before `...`. */
  parameters: number[];
  variadic: boolean;
  vaOpt: boolean;
  /** Positions in it are offsets in the defining file. */
  body: TokenBuffer;
  /** Offset of the name in its definition. */
  offset: number;
  dynamic: DynamicMacro | undefined;
}

/** The file a macro is defined in: its base in the unit that is being preprocessed now. */
export interface MacroHome {
  base: Pos;
}

/** A macro. It belongs to its file's cache entry and serves all units that read the file, one after the other. */
export interface Macro extends MacroShape {
  home: MacroHome;
  /** Being expanded: its name is not a macro inside its own expansion. */
  disabled: boolean;
  /** Defined by the compiler, not by a file. */
  predefined: boolean;
}

/** What parsing a #define line gives: a macro, or what is wrong and at which token. */
export type DefineResult = { macro: MacroShape } | { error: string; token: number };

/** Interned ids that definitions look for. */
export interface MacroWords {
  vaArgs: number;
  vaOpt: number;
}

/**
 * Parses the tokens first..end-1 of a #define line, the name first.
 * In assembly a # need not stand before a parameter.
 */
export function parseDefine(
  tokens: TokenBuffer,
  first: number,
  end: number,
  words: MacroWords,
  assembly: boolean,
): DefineResult {
  const name = tokens.value[first];
  let at = first + 1;
  const parameters: number[] = [];
  let variadic = false;
  const functionLike =
    at < end && tokens.kind[at] === Kind.LeftParen && (tokens.flags[at] & SPACE_BEFORE) === 0;
  if (functionLike) {
    const header = parseParameters(tokens, at + 1, end, parameters, words);
    if ('error' in header) return header;
    at = header.next;
    variadic = header.variadic;
  }
  const body = new TokenBuffer(Math.max(end - at, 1));
  let vaOpt = false;
  /** Flags of a # that waits for its parameter; -1: none does. */
  let stringify = -1;
  for (; at < end; at++) {
    const kind: Kind = tokens.kind[at];
    const value = tokens.value[at];
    let flags = tokens.flags[at] & ~BEGINS_LINE;
    if (kind === Kind.HashHash) {
      if (body.length === 0 || at + 1 >= end)
        return { error: "'##' cannot appear at either end of a macro expansion", token: at };
      body.flags[body.length - 1] |= PASTE_LEFT;
      continue;
    }
    const parameter = kind === Kind.Identifier && functionLike ? parameters.lastIndexOf(value) : -1;
    if (kind === Kind.Hash && functionLike) {
      const next = at + 1 < end && tokens.kind[at + 1] === Kind.Identifier ? tokens.value[at + 1] : -1;
      const stringifies = next >= 0 && (parameters.includes(next) || (variadic && next === words.vaOpt));
      if (!stringifies && !assembly) return { error: "'#' is not followed by a macro parameter", token: at };
      if (stringifies) {
        stringify = flags;
        continue;
      }
    }
    // The blank before # is the blank before the string.
    if (stringify >= 0) flags = (flags & ~SPACE_BEFORE) | (stringify & SPACE_BEFORE) | STRINGIFY;
    stringify = -1;
    if (parameter >= 0) body.push(Kind.Parameter, flags, parameter, tokens.pos[at], 0);
    else {
      if (kind === Kind.Identifier && variadic && value === words.vaOpt) vaOpt = true;
      else if (kind === Kind.Identifier && value === words.vaArgs)
        return { error: '__VA_ARGS__ can only appear in the expansion of a variadic macro', token: at };
      body.push(kind, flags, value, tokens.pos[at], 0);
    }
  }
  return {
    macro: {
      name,
      functionLike,
      parameters,
      variadic,
      vaOpt,
      body,
      offset: tokens.pos[first],
      dynamic: undefined,
    },
  };
}

/** The names between the parentheses, `at` behind the opening one. */
function parseParameters(
  tokens: TokenBuffer,
  at: number,
  end: number,
  parameters: number[],
  words: MacroWords,
): { next: number; variadic: boolean } | { error: string; token: number } {
  const missing = (token: number) => ({ error: "expected ')' in macro parameter list", token });
  if (at < end && tokens.kind[at] === Kind.RightParen) return { next: at + 1, variadic: false };
  for (;;) {
    if (at >= end) return missing(end - 1);
    const kind: Kind = tokens.kind[at];
    if (kind === Kind.Ellipsis) {
      parameters.push(words.vaArgs);
      if (at + 1 >= end || tokens.kind[at + 1] !== Kind.RightParen) return missing(at);
      return { next: at + 2, variadic: true };
    }
    if (kind !== Kind.Identifier)
      return { error: 'expected parameter name in macro parameter list', token: at };
    const name = tokens.value[at];
    if (name === words.vaArgs)
      return { error: '__VA_ARGS__ can only appear in the expansion of a variadic macro', token: at };
    if (parameters.includes(name)) return { error: 'duplicate macro parameter', token: at };
    parameters.push(name);
    at++;
    const next: Kind = at < end ? tokens.kind[at] : Kind.End;
    if (next === Kind.Ellipsis) {
      if (at + 1 >= end || tokens.kind[at + 1] !== Kind.RightParen) return missing(at);
      return { next: at + 2, variadic: true };
    }
    if (next === Kind.RightParen) return { next: at + 1, variadic: false };
    if (next !== Kind.Comma) return missing(Math.min(at, end - 1));
    at++;
  }
}

/** Makes a definition a macro. */
export function instantiate(shape: MacroShape, home: MacroHome, predefined: boolean): Macro {
  return { ...shape, home, disabled: false, predefined };
}

/** Where the name stands in its definition, in the unit being preprocessed; 0 for predefined macros. */
export function definitionPos(macro: Macro): Pos {
  return macro.predefined ? 0 : macro.home.base + macro.offset;
}

/** True if two definitions are the same (C11 6.10.3p2): redefining is then silent. */
export function sameMacro(a: Macro, b: Macro): boolean {
  if (a.body === b.body) return true;
  if (a.functionLike !== b.functionLike || a.variadic !== b.variadic || a.dynamic !== b.dynamic) return false;
  if (a.body.length !== b.body.length || a.parameters.length !== b.parameters.length) return false;
  if (a.parameters.some((p, i) => p !== b.parameters[i])) return false;
  for (let i = 0; i < a.body.length; i++) {
    if (a.body.kind[i] !== b.body.kind[i] || a.body.value[i] !== b.body.value[i]) return false;
    const difference = a.body.flags[i] ^ b.body.flags[i];
    if (difference & (STRINGIFY | PASTE_LEFT) || (i > 0 && difference & SPACE_BEFORE)) return false;
  }
  return true;
}

/** The replacement list as text, as `gcc -dM` prints it. */
export function macroBodyText(macro: Macro, interner: Interner): string {
  const { body } = macro;
  let text = '';
  for (let i = 0; i < body.length; i++) {
    const kind: Kind = body.kind[i];
    const flags = body.flags[i];
    if (i > 0 && flags & SPACE_BEFORE) text += ' ';
    if (flags & STRINGIFY) text += '#';
    if (kind === Kind.Parameter) text += interner.text(macro.parameters[body.value[i]]);
    else text += punctuatorText(kind) ?? interner.text(body.value[i]);
    if (flags & PASTE_LEFT && i + 1 < body.length) text += '##';
  }
  return text;
}
