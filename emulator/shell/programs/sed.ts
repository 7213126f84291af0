/**
 * sed: s, d, p, q, =, y, a, i, c with addresses (line, $, /re/, ranges, !), -n, -E, -e, -i.
 *
 * No hold space and no branches: those scripts are rare at a console, and are refused with a word.
 */
import { close, O_CREAT, O_TRUNC, O_WRONLY, open, type Task, write } from '../syscalls';
import { type Command, complain, failed, inputs, lines, print } from './program';
import { posixSource } from './regexp';

type Address = { kind: 'line'; line: number } | { kind: 'last' } | { kind: 'match'; expression: RegExp };

interface SedCommand {
  from: Address | undefined;
  to: Address | undefined;
  negated: boolean;
  letter: string;
  expression?: RegExp;
  replacement?: string;
  /** s: which match, whether all, whether to print. */
  nth?: number;
  all?: boolean;
  print?: boolean;
  text?: string;
  active: boolean;
}

/** A script that this sed does not understand. */
class SedError extends Error {}

const sed: Command = function* (argv) {
  const scripts: string[] = [];
  const files: string[] = [];
  let quiet = false;
  let extended = false;
  let inPlace = false;
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (word === '-e') scripts.push(argv[++i] ?? '');
    else if (/^-[nErsi]+$/.test(word)) {
      quiet ||= word.includes('n');
      extended ||= /[Er]/.test(word);
      inPlace ||= word.includes('i');
    } else if (word.startsWith('-') && word !== '-') return yield* complain(argv, `unknown option ${word}`);
    else files.push(word);
  }
  if (scripts.length === 0) scripts.push(files.shift() ?? '');
  let commands: SedCommand[];
  try {
    commands = new ScriptParser(scripts.join('\n'), extended).parse();
  } catch (error) {
    if (error instanceof SedError || error instanceof SyntaxError)
      return yield* complain(argv, error.message);
    throw error;
  }
  const { texts, status } = yield* inputs(argv, files);
  if (!inPlace) {
    const answer = yield* print(argv, edit(lines(texts.map(({ text }) => text).join('')), commands, quiet));
    return answer || status;
  }
  for (const { name, text } of texts) {
    const fd = yield* open(name, O_WRONLY | O_CREAT | O_TRUNC);
    if (fd < 0) return yield* failed(argv, name, fd);
    yield* save(fd, edit(lines(text), commands, quiet));
  }
  return status;
};

function* save(fd: number, text: string): Task<void> {
  yield* write(fd, text);
  yield* close(fd);
}

class ScriptParser {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly extended: boolean,
  ) {}

  parse(): SedCommand[] {
    const commands: SedCommand[] = [];
    for (;;) {
      while (/[\s;]/.test(this.text[this.at] ?? '')) this.at++;
      if (this.at >= this.text.length) return commands;
      commands.push(this.command());
    }
  }

  private command(): SedCommand {
    const from = this.address();
    let to: Address | undefined;
    if (from && this.text[this.at] === ',') {
      this.at++;
      to = this.address();
      if (!to) throw new SedError('an address is missing after ,');
    }
    this.blanks();
    const negated = this.text[this.at] === '!';
    if (negated) this.at++;
    this.blanks();
    const letter = this.text[this.at++] ?? '';
    const command: SedCommand = { from, to, negated, letter, active: false };
    if (letter === 's') return { ...command, ...this.substitution() };
    if (letter === 'y') {
      const delimiter = this.text[this.at++] ?? '';
      return { ...command, text: this.until(delimiter), replacement: this.until(delimiter) };
    }
    if ('aic'.includes(letter)) {
      // The text begins on the next line after a backslash (POSIX), or right here (GNU).
      const lead = /^[ \t]*(\\\n)?[ \t]*/.exec(this.text.slice(this.at))?.[0].length ?? 0;
      this.at += lead;
      const text = /^(?:\\[\s\S]|[^\n\\])*/.exec(this.text.slice(this.at))?.[0] ?? '';
      this.at += text.length;
      return { ...command, text: text.replace(/\\([\s\S])/g, '$1') };
    }
    if (!'dpq='.includes(letter)) throw new SedError(`the command '${letter}' is not supported`);
    return command;
  }

  private address(): Address | undefined {
    this.blanks();
    const number = /^\d+/.exec(this.text.slice(this.at));
    if (number) {
      this.at += number[0].length;
      return { kind: 'line', line: Number(number[0]) };
    }
    if (this.text[this.at] === '$') {
      this.at++;
      return { kind: 'last' };
    }
    if (this.text[this.at] !== '/') return undefined;
    this.at++;
    return { kind: 'match', expression: new RegExp(posixSource(this.until('/'), this.extended)) };
  }

  private substitution(): Partial<SedCommand> {
    const delimiter = this.text[this.at++] ?? '';
    const pattern = this.until(delimiter);
    const replacement = this.until(delimiter);
    const flags = /^[gpiI0-9]*/.exec(this.text.slice(this.at))?.[0] ?? '';
    this.at += flags.length;
    const nth = /\d+/.exec(flags)?.[0];
    return {
      expression: new RegExp(posixSource(pattern, this.extended), /i/i.test(flags) ? 'gi' : 'g'),
      replacement,
      all: flags.includes('g'),
      print: flags.includes('p'),
      nth: nth === undefined ? 1 : Number(nth),
    };
  }

  /** Text up to an unescaped delimiter; an escaped one loses its backslash. */
  private until(delimiter: string): string {
    let text = '';
    for (; this.at < this.text.length; this.at++) {
      const char = this.text[this.at] ?? '';
      if (char === delimiter) {
        this.at++;
        return text;
      }
      if (char === '\\') {
        const next = this.text[++this.at] ?? '';
        text += next === delimiter ? next : `\\${next}`;
      } else text += char;
    }
    throw new SedError(`the closing ${delimiter} is missing`);
  }

  private blanks(): void {
    while (/[ \t]/.test(this.text[this.at] ?? '')) this.at++;
  }
}

/** Applies the script to all lines. */
function edit(input: readonly string[], commands: readonly SedCommand[], quiet: boolean): string {
  const out: string[] = [];
  for (const [index, original] of input.entries()) {
    const number = index + 1;
    const last = number === input.length;
    let line = original;
    let deleted = false;
    let quit = false;
    const appended: string[] = [];
    for (const command of commands) {
      if (selects(command, line, number, last) === command.negated) continue;
      if (command.letter === 's') {
        const result = substitute(line, command);
        if (result !== undefined) {
          line = result;
          if (command.print) out.push(line);
        }
      } else if (command.letter === 'y') {
        line = [...line]
          .map((char) => command.replacement?.[command.text?.indexOf(char) ?? -1] ?? char)
          .join('');
      } else if (command.letter === 'p') out.push(line);
      else if (command.letter === '=') out.push(String(number));
      else if (command.letter === 'i') out.push(command.text ?? '');
      else if (command.letter === 'a') appended.push(command.text ?? '');
      else if (command.letter === 'q') quit = true;
      else {
        if (command.letter === 'c') out.push(command.text ?? '');
        deleted = true;
      }
      if (deleted || quit) break;
    }
    if (!deleted && !quiet) out.push(line);
    out.push(...appended);
    if (quit) break;
  }
  return out.map((line) => `${line}\n`).join('');
}

function selects(command: SedCommand, line: string, number: number, last: boolean): boolean {
  const { from, to } = command;
  const fits = (address: Address) => {
    if (address.kind === 'line') return address.line === number;
    return address.kind === 'last' ? last : address.expression.test(line);
  };
  if (!from) return true;
  if (!to) return fits(from);
  if (command.active) {
    if (fits(to) || (to.kind === 'line' && to.line <= number)) command.active = false;
    return true;
  }
  if (!fits(from)) return false;
  command.active = !(to.kind === 'line' && to.line <= number);
  return true;
}

/** The line after s///, undefined when nothing matched. */
function substitute(
  line: string,
  { expression, replacement = '', all, nth = 1 }: SedCommand,
): string | undefined {
  if (!expression) return undefined;
  let count = 0;
  let changed = false;
  const result = line.replace(expression, (...match: unknown[]) => {
    count++;
    if (count < nth || (!all && count > nth)) return String(match[0]);
    changed = true;
    return replacement.replace(
      /\\([0-9nt&\\])|&|\\([\s\S])/g,
      (whole, code: string | undefined, other: string | undefined) => {
        if (whole === '&' || code === '0') return String(match[0]);
        if (other !== undefined) return other;
        if (code === 'n') return '\n';
        if (code === 't') return '\t';
        return code === '&' || code === '\\' ? code : String(match[Number(code)] ?? '');
      },
    );
  });
  return changed ? result : undefined;
}

export const sedCommands: Readonly<Record<string, Command>> = { sed };
