/**
 * Word expansion: parameters, command substitution, arithmetic, field splitting, pathnames. What POSIX sh does with a
 * word before a command sees it (POSIX.1-2017, Shell Command Language, section 2.6), plus bash's ${x/a/b} and slices.
 *
 * Quoted text travels as a pattern with its special characters escaped, so that splitting and pathname expansion leave
 * it alone.
 */
import type { ParameterExpansionPart, ParsedScript, Word, WordPart } from 'unbash';
import type { Task } from '../syscalls';
import { ArithmeticError, commandsIn, evaluate } from './arithmetic';
import { braces } from './braces';
import { type Piece, splitFields } from './fields';
import { expandPath, hasPattern, patternSource, quotePattern, unquotePattern } from './pattern';
import { assignVariable, ExpansionError, type ShellState } from './state';

/** Runs the script of a command substitution and gives its output. */
export type Substitute = (script: ParsedScript) => Task<string>;

export class Expander {
  constructor(
    private readonly state: ShellState,
    private readonly substitute: Substitute,
  ) {}

  /** All fields that the words become. */
  *fields(words: readonly Word[]): Task<string[]> {
    const fields: string[] = [];
    for (const word of words) {
      for (const text of braces(word)) {
        const pieces =
          text === undefined ? yield* this.pieces(word) : [{ pattern: text, split: false, quoted: true }];
        for (const field of splitFields(pieces, this.separators)) {
          if (hasPattern(field)) fields.push(...(yield* expandPath(field)));
          else fields.push(unquotePattern(field));
        }
      }
    }
    return fields;
  }

  /** One text, without splitting: for assignments, redirections, case words. */
  *text(word: Word): Task<string> {
    return unquotePattern(yield* this.pattern(word));
  }

  /** One pattern: quoted special characters are escaped, others stay special. */
  *pattern(word: Word): Task<string> {
    const pieces = yield* this.pieces(word);
    return pieces.map((piece) => (piece.boundary ? ' ' : piece.pattern)).join('');
  }

  /** The text of a here-document's parts. */
  *parts(parts: readonly WordPart[]): Task<string> {
    const pieces: Piece[] = [];
    for (const part of parts) pieces.push(...(yield* this.part(part, true)));
    return unquotePattern(pieces.map((piece) => (piece.boundary ? ' ' : piece.pattern)).join(''));
  }

  private *pieces(word: Word): Task<Piece[]> {
    if (word.parts === undefined) {
      const home = this.home(word.text);
      return home === undefined ? [bare(word.text, word.value)] : [home];
    }
    const pieces: Piece[] = [];
    for (const [index, part] of word.parts.entries()) {
      const home = index === 0 && part.type === 'Literal' ? this.home(part.text) : undefined;
      if (home !== undefined) {
        pieces.push(home);
        continue;
      }
      pieces.push(...(yield* this.part(part, false)));
    }
    return pieces;
  }

  /** ~ and ~/… at a word's start; undefined for every other text. */
  private home(text: string): Piece | undefined {
    if (text !== '~' && !text.startsWith('~/')) return undefined;
    const home = quotePattern(this.state.variables.get('HOME') ?? '/');
    return { pattern: home + text.slice(1), split: false };
  }

  /** $IFS. */
  private get separators(): string {
    return this.state.variables.get('IFS') ?? ' \t\n';
  }

  private *part(part: WordPart, quoted: boolean): Task<Piece[]> {
    const plain = (text: string) => valuePieces(text, quoted);
    switch (part.type) {
      case 'Literal':
        return [
          {
            pattern: quoted ? quotePattern(part.value) : literalPattern(part.text, part.value),
            split: false,
            quoted,
          },
        ];
      case 'SingleQuoted':
      case 'AnsiCQuoted':
        return [{ pattern: quotePattern(part.value), split: false, quoted: true }];
      case 'DoubleQuoted':
      case 'LocaleString': {
        const pieces: Piece[] = [{ pattern: '', split: false, quoted: true }];
        for (const child of part.parts) pieces.push(...(yield* this.part(child, true)));
        const onlyAt =
          part.parts.length === 1 && part.parts[0]?.text === '$@' && this.state.parameters.length === 1;
        return onlyAt ? [] : pieces;
      }
      case 'SimpleExpansion':
        return this.parameter(part.text.slice(1), quoted);
      case 'ParameterExpansion':
        return yield* this.braced(part, quoted);
      case 'CommandExpansion': {
        const output = part.script ? yield* this.substitute(part.script) : '';
        return plain(output.replace(/\n+$/, ''));
      }
      case 'ArithmeticExpansion':
        return part.expression ? plain(yield* this.arithmetic(part.expression)) : plain('0');
      case 'Glob':
      case 'ExtendedGlob':
        return [{ pattern: part.text, split: false }];
      case 'ProcessSubstitution':
      case 'BraceExpansion':
        return [{ pattern: quotePattern(part.text), split: false }];
    }
  }

  /** The value of an arithmetic expression as text. */
  *arithmetic(expression: Parameters<typeof evaluate>[0]): Task<string> {
    const outputs = new Map<string, string>();
    for (const { text, script } of commandsIn(expression)) {
      outputs.set(text, script ? (yield* this.substitute(script)).trim() : '');
    }
    try {
      return evaluate(expression, {
        get: (name) => this.value(name),
        set: (name, value) => assignVariable(this.state, name, value),
        expand: (text) =>
          outputs.get(text) ??
          text.replace(/\$\{?(\w+|[@*#?$!-])\}?/g, (_, name: string) => this.value(name) ?? ''),
      }).toString();
    } catch (error) {
      if (error instanceof ArithmeticError) throw new ExpansionError(error.message);
      throw error;
    }
  }

  /** The value of $name, undefined when it is not set. */
  value(name: string): string | undefined {
    const { state } = this;
    switch (name) {
      case '?':
        return String(state.status);
      case '$':
        return String(state.pid);
      case '!':
        return state.lastBackground === undefined ? undefined : String(state.lastBackground);
      case '#':
        return String(state.parameters.length - 1);
      case '@':
        return state.parameters.slice(1).join(' ');
      case '*':
        return state.parameters.slice(1).join(this.separators.slice(0, 1));
      case '-':
        return [...state.options].join('');
      default:
        return /^\d+$/.test(name) ? state.parameters[Number(name)] : state.variables.get(name);
    }
  }

  private parameter(name: string, quoted: boolean): Piece[] {
    if (name === '@' && quoted) {
      return this.state.parameters
        .slice(1)
        .flatMap((parameter, index) => [
          ...(index > 0 ? [{ pattern: '', split: false, boundary: true }] : []),
          { pattern: quotePattern(parameter), split: false, quoted: true },
        ]);
    }
    const value = this.value(name);
    if (value === undefined && this.state.options.has('u') && !'@*'.includes(name)) {
      throw new ExpansionError(`${name}: unbound variable`);
    }
    return valuePieces(value ?? '', quoted);
  }

  private *braced(part: ParameterExpansionPart, quoted: boolean): Task<Piece[]> {
    const { parameter: name, operation } = part;
    const plain = (text: string) => valuePieces(text, quoted);
    if (part.prefix === '#') return plain(String((this.value(name) ?? '').length));
    const looked = this.value(name);
    const value = part.prefix === '!' && looked !== undefined ? this.value(looked) : looked;
    if (operation === undefined)
      return part.prefix === '!' ? plain(value ?? '') : this.parameter(name, quoted);
    switch (operation.type) {
      case 'Default':
        return yield* this.withDefault(name, value, operation.operator, operation.operand, quoted);
      case 'Remove':
        return plain(removeAffix(value ?? '', operation.operator, yield* this.pattern(operation.operand)));
      case 'Replace': {
        const pattern = yield* this.pattern(operation.pattern);
        const replacement = yield* this.text(operation.replacement);
        const source = patternSource(pattern);
        const anchored =
          operation.operator === '/#' ? `^${source}` : operation.operator === '/%' ? `${source}$` : source;
        return plain(
          (value ?? '').replace(
            new RegExp(anchored, operation.operator === '//' ? 'g' : ''),
            () => replacement,
          ),
        );
      }
      case 'Slice': {
        const text = value ?? '';
        const offset = Number(yield* this.text(operation.offset));
        const start = offset < 0 ? Math.max(0, text.length + offset) : offset;
        const length = operation.length ? Number(yield* this.text(operation.length)) : text.length;
        return plain(text.slice(start, length < 0 ? text.length + length : start + length));
      }
      case 'CaseModification': {
        const text = value ?? '';
        const change = (piece: string) =>
          operation.operator.startsWith('^') ? piece.toUpperCase() : piece.toLowerCase();
        return plain(
          operation.operator.length === 2 ? change(text) : change(text.slice(0, 1)) + text.slice(1),
        );
      }
      case 'Transform':
      case 'Names':
      case 'Unknown':
        throw new ExpansionError(`${part.text}: bad substitution`);
    }
  }

  private *withDefault(
    name: string,
    value: string | undefined,
    operator: string,
    operand: Word,
    quoted: boolean,
  ): Task<Piece[]> {
    const missing = value === undefined || (operator.startsWith(':') && value === '');
    const plain = (text: string) => valuePieces(text, quoted);
    switch (operator.replace(':', '')) {
      case '+':
        return missing ? plain('') : yield* this.pieces(operand);
      case '=': {
        if (!missing) return plain(value);
        const text = yield* this.text(operand);
        assignVariable(this.state, name, text);
        return plain(text);
      }
      case '?':
        if (missing)
          throw new ExpansionError(`${name}: ${(yield* this.text(operand)) || 'parameter not set'}`);
        return plain(value);
      default:
        return missing ? yield* this.pieces(operand) : plain(value);
    }
  }
}

/** An expansion's result: outside quotes it is split, and its special characters are patterns. */
function valuePieces(text: string, quoted: boolean): Piece[] {
  const pattern = quoted ? quotePattern(text) : text.replace(/\\/g, '\\\\');
  return [{ pattern, split: !quoted, quoted }];
}

/** A word without quotes or expansions: its special characters act, its escaped ones do not. */
function bare(text: string, value: string): Piece {
  return { pattern: literalPattern(text, value), split: false };
}

/** Source text of an unquoted stretch as a pattern: backslash escapes stay escapes. */
function literalPattern(text: string, value: string): string {
  return text.includes('\\') ? text.replace(/\\\n/g, '') : value;
}

function removeAffix(text: string, operator: string, pattern: string): string {
  const source = patternSource(pattern, operator.length === 2);
  if (operator.startsWith('#')) return text.replace(new RegExp(`^(?:${source})`), '');
  if (operator === '%%') return text.replace(new RegExp(`(?:${patternSource(pattern)})$`), '');
  // The shortest suffix: try from the end.
  const whole = new RegExp(`^(?:${patternSource(pattern)})$`);
  for (let at = text.length; at >= 0; at--) if (whole.test(text.slice(at))) return text.slice(0, at);
  return text;
}
