/** sed's scripts: text to a list of commands, with blocks and branches as jumps (POSIX sed, with GNU's small extras). */
import { posixSource } from './regexp';

export type Address =
  | { kind: 'line'; line: number }
  /** GNU's FIRST~STEP. */
  | { kind: 'every'; first: number; step: number }
  | { kind: 'last' }
  /** GNU's ADDRESS,+COUNT. */
  | { kind: 'more'; count: number }
  | { kind: 'match'; expression: RegExp | undefined };

export interface EditCommand {
  from: Address | undefined;
  to: Address | undefined;
  negated: boolean;
  letter: string;
  /** Text of a, i, c; label of b, t, T, :; file of r and w; exit code of q. */
  text: string;
  /** Index of the command to go on after: of b, t, T, and of { when it is not chosen. */
  target: number;
  substitution: Substitution | undefined;
  /** y: character to character. */
  map: ReadonlyMap<string, string> | undefined;
}

export interface Substitution {
  /** undefined: the last expression used. */
  expression: RegExp | undefined;
  replacement: string;
  /** The first match that is replaced, from 1. */
  nth: number;
  all: boolean;
  print: boolean;
  file: string;
}

/** A script that is not sed's. */
export class ScriptError extends Error {}

/** Parses a script. Throws ScriptError, or SyntaxError for a wrong regular expression. */
export function parseScript(text: string, extended: boolean): EditCommand[] {
  return new ScriptParser(text, extended).parse();
}

class ScriptParser {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly extended: boolean,
  ) {}

  parse(): EditCommand[] {
    const commands: EditCommand[] = [];
    const blocks: EditCommand[] = [];
    for (;;) {
      while (/[\s;]/.test(this.char)) this.at++;
      if (this.char === '#') {
        this.lineRest();
        continue;
      }
      if (this.at >= this.text.length) break;
      const command = this.command();
      if (command.letter === '}') {
        const block = blocks.pop();
        if (block === undefined) throw new ScriptError("unexpected '}'");
        block.target = commands.length - 1;
        continue;
      }
      if (command.letter === '{') blocks.push(command);
      commands.push(command);
    }
    if (blocks.length > 0) throw new ScriptError("unmatched '{'");
    resolveLabels(commands);
    return commands;
  }

  private command(): EditCommand {
    const from = this.address();
    let to: Address | undefined;
    if (from && this.char === ',') {
      this.at++;
      to = this.address(true);
      if (!to) throw new ScriptError('an address is missing after ,');
    }
    this.blanks();
    const negated = this.char === '!';
    while (this.char === '!' || this.char === ' ') this.at++;
    const letter = this.char;
    this.at++;
    const plain = {
      from,
      to,
      negated,
      letter,
      text: '',
      target: -1,
      substitution: undefined,
      map: undefined,
    };
    switch (letter) {
      case 's':
        return { ...plain, substitution: this.substitution() };
      case 'y':
        return { ...plain, map: this.transliteration() };
      case 'a':
      case 'i':
      case 'c':
        return { ...plain, text: this.appended() };
      case ':':
      case 'b':
      case 't':
      case 'T':
        this.blanks();
        return { ...plain, text: this.take(letter === ':' ? /^[^\n;]*/ : /^[^\s;}]*/).trim() };
      case 'r':
      case 'w':
        this.blanks();
        return { ...plain, text: this.lineRest() };
      case 'q':
      case 'Q':
        this.blanks();
        return { ...plain, text: this.take(/^\d*/) };
      case '':
        throw new ScriptError('a command is missing');
      default:
        if (!'dDpPnNgGhHx=l{}'.includes(letter)) throw new ScriptError(`unknown command: '${letter}'`);
        return plain;
    }
  }

  private address(second = false): Address | undefined {
    this.blanks();
    if (second && this.char === '+') {
      this.at++;
      return { kind: 'more', count: Number(this.take(/^\d*/)) };
    }
    const number = this.take(/^\d+/);
    if (number !== '') {
      if (this.char !== '~') return { kind: 'line', line: Number(number) };
      this.at++;
      return { kind: 'every', first: Number(number), step: Number(this.take(/^\d*/)) };
    }
    if (this.char === '$') {
      this.at++;
      return { kind: 'last' };
    }
    let delimiter = '/';
    if (this.char === '\\') delimiter = this.text[++this.at] ?? '/';
    else if (this.char !== '/') return undefined;
    this.at++;
    const source = this.until(delimiter, true);
    const fold = this.take(/^I/) === 'I' ? 'i' : '';
    return { kind: 'match', expression: this.expression(source, fold) };
  }

  private substitution(): Substitution {
    const delimiter = this.char;
    this.at++;
    const source = this.until(delimiter, true);
    const replacement = this.until(delimiter);
    const flags = this.take(/^[gpiIm0-9]*/);
    let file = '';
    if (this.char === 'w') {
      this.at++;
      this.blanks();
      file = this.lineRest();
    }
    if (!/[\s;}]/.test(this.char) && this.at < this.text.length && file === '')
      throw new ScriptError(`unknown option to 's': ${this.char}`);
    const nth = /\d+/.exec(flags)?.[0];
    return {
      expression: this.expression(source, `${/i/i.test(flags) ? 'i' : ''}${flags.includes('m') ? 'm' : ''}`),
      replacement,
      all: flags.includes('g'),
      print: flags.includes('p'),
      nth: nth === undefined ? 1 : Number(nth),
      file,
    };
  }

  private transliteration(): ReadonlyMap<string, string> {
    const delimiter = this.char;
    this.at++;
    const plain = (text: string) => [
      ...text.replace(/\\([n\\])/g, (_, code) => (code === 'n' ? '\n' : '\\')),
    ];
    const from = plain(this.until(delimiter));
    const to = plain(this.until(delimiter));
    if (from.length !== to.length) throw new ScriptError("strings for 'y' command are different lengths");
    return new Map(from.map((char, index) => [char, to[index] ?? char]));
  }

  /** The text of a, i, c begins on the next line after a backslash (POSIX), or right here (GNU). */
  private appended(): string {
    this.take(/^[ \t]*(\\\n)?[ \t]*/);
    return this.take(/^(?:\\[\s\S]|[^\n\\])*/).replace(/\\([\s\S])/g, '$1');
  }

  private expression(source: string, flags: string): RegExp | undefined {
    return source === '' ? undefined : new RegExp(posixSource(source, this.extended), `g${flags}`);
  }

  /** Text up to an unescaped delimiter; an escaped one loses its backslash. */
  private until(delimiter: string, expression = false): string {
    let text = '';
    for (; this.at < this.text.length; this.at++) {
      const char = this.char;
      if (char === delimiter) {
        this.at++;
        return text;
      }
      if (char === '[' && expression) {
        // [/] is no end, and neither is the ] of []…] or [^]…].
        const set = /^\[\^?\]?(?:\[:\w+:\]|[^\]\n])*\]/.exec(this.text.slice(this.at))?.[0];
        if (set !== undefined) {
          text += set;
          this.at += set.length - 1;
          continue;
        }
      }
      if (char === '\\') {
        const next = this.text[++this.at] ?? '';
        text += next === delimiter ? next : `\\${next}`;
      } else text += char;
    }
    throw new ScriptError(`the closing ${delimiter} is missing`);
  }

  private get char(): string {
    return this.text[this.at] ?? '';
  }

  private take(pattern: RegExp): string {
    const found = pattern.exec(this.text.slice(this.at))?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private lineRest(): string {
    return this.take(/^[^\n]*/);
  }

  private blanks(): void {
    this.take(/^[ \t]*/);
  }
}

function resolveLabels(commands: readonly EditCommand[]): void {
  const labels = new Map(
    commands.flatMap((command, index) => (command.letter === ':' ? [[command.text, index] as const] : [])),
  );
  for (const command of commands) {
    if (!'btT'.includes(command.letter)) continue;
    const target = command.text === '' ? commands.length : labels.get(command.text);
    if (target === undefined) throw new ScriptError(`can't find label for jump to '${command.text}'`);
    command.target = target;
  }
}
