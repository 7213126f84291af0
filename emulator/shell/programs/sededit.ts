/** Runs a sed script: pattern space, hold space, cycles (POSIX sed, "Extended Description"). Lines go through as they come. */
import { errnoText } from '../../kernel/errno';
import {
  close,
  decode,
  O_CREAT,
  O_RDONLY,
  O_TRUNC,
  O_WRONLY,
  open,
  readFile,
  type Task,
  write,
} from '../syscalls';
import { complain } from './program';
import { LineReader } from './reader';
import type { Address, EditCommand, Substitution } from './sedscript';

/**
 * How a cycle ends: printed unless -n; not printed; not printed and run again on what is in the pattern space; printed
 * and the last; not printed and the last.
 */
type End = 'print' | 'delete' | 'again' | 'quit' | 'quitSilently';

export class Editor {
  private pattern = '';
  private hold = '';
  private line = 0;
  private out = 1;
  private status = 0;
  private substituted = false;
  private held: string[] = [];
  private after: string[] = [];
  private rest: string[] = [];
  private reader: LineReader | undefined;
  private last: RegExp | undefined;
  /** Ranges that have begun, and the line they end at when that is known. */
  private readonly active = new Map<EditCommand, number | undefined>();
  private readonly written = new Map<string, number>();

  constructor(
    private readonly argv: readonly string[],
    private readonly commands: readonly EditCommand[],
    private readonly quiet: boolean,
  ) {}

  /** Edits these files (none: standard input) and writes to `out`; the exit status. */
  *run(files: readonly string[], out: number): Task<number> {
    this.rest = files.length > 0 ? [...files] : ['-'];
    this.out = out;
    let end: End = 'print';
    while (end !== 'quit' && end !== 'quitSilently') {
      if (end !== 'again') {
        const next = yield* this.next();
        if (next === undefined) break;
        this.pattern = next;
      }
      this.substituted = false;
      end = yield* this.cycle();
      if (end === 'print' || end === 'quit') this.autoprint();
      yield* this.append();
    }
    yield* this.flush();
    for (const fd of this.written.values()) yield* close(fd);
    return this.status;
  }

  private *cycle(): Task<End> {
    for (let at = 0; at < this.commands.length; at++) {
      const command = this.commands[at];
      if (command === undefined) break;
      if ((yield* this.selects(command)) === command.negated) {
        if (command.letter === '{') at = command.target;
        continue;
      }
      const end = yield* this.execute(command);
      if (end === 'jump') at = command.target;
      else if (end !== undefined) return end;
    }
    return 'print';
  }

  private *execute(command: EditCommand): Task<End | 'jump' | undefined> {
    const { letter, text } = command;
    switch (letter) {
      case 's':
        if (command.substitution) yield* this.substitute(command.substitution);
        return undefined;
      case 'y':
        this.pattern = [...this.pattern].map((char) => command.map?.get(char) ?? char).join('');
        return undefined;
      case 'p':
        this.put(this.pattern);
        return undefined;
      case 'P':
        this.put(this.pattern.split('\n')[0] ?? '');
        return undefined;
      case '=':
        this.put(String(this.line));
        return undefined;
      case 'l':
        this.put(`${visible(this.pattern)}$`);
        return undefined;
      case 'i':
        this.put(text);
        return undefined;
      case 'a':
        this.after.push(`${text}\n`);
        return undefined;
      case 'c':
        // Of a range the text replaces the whole: it is printed at its end.
        if (command.negated || !this.active.has(command)) this.put(text);
        return 'delete';
      case 'd':
        return 'delete';
      case 'D': {
        const newline = this.pattern.indexOf('\n');
        if (newline < 0) return 'delete';
        this.pattern = this.pattern.slice(newline + 1);
        return 'again';
      }
      case 'n':
      case 'N':
        return yield* this.readMore(letter);
      case 'q':
      case 'Q':
        this.status = Number(text);
        return letter === 'q' ? 'quit' : 'quitSilently';
      case 'b':
        return 'jump';
      case 't':
      case 'T': {
        const jump = this.substituted === (letter === 't');
        this.substituted = false;
        return jump ? 'jump' : undefined;
      }
      case 'r': {
        const bytes = yield* readFile(text);
        if (typeof bytes !== 'number') this.after.push(decode(bytes));
        return undefined;
      }
      case 'w':
        yield* this.writeTo(text);
        return undefined;
      default:
        this.exchange(letter);
        return undefined;
    }
  }

  /** The commands of the hold space. */
  private exchange(letter: string): void {
    if (letter === 'g') this.pattern = this.hold;
    else if (letter === 'G') this.pattern += `\n${this.hold}`;
    else if (letter === 'h') this.hold = this.pattern;
    else if (letter === 'H') this.hold += `\n${this.pattern}`;
    else if (letter === 'x') [this.pattern, this.hold] = [this.hold, this.pattern];
  }

  /** n and N; without a next line GNU's sed prints the pattern space and ends. */
  private *readMore(letter: 'n' | 'N'): Task<End | undefined> {
    if (yield* this.isLast()) return 'quit';
    if (letter === 'n') this.autoprint();
    yield* this.append();
    const next = (yield* this.next()) ?? '';
    this.pattern = letter === 'n' ? next : `${this.pattern}\n${next}`;
    return undefined;
  }

  private *substitute(how: Substitution): Task<void> {
    const expression = how.expression ?? this.last;
    if (expression === undefined) return;
    this.last = expression;
    let count = 0;
    let changed = false;
    expression.lastIndex = 0;
    this.pattern = this.pattern.replace(expression, (...match: unknown[]) => {
      count++;
      if (count < how.nth || (!how.all && count > how.nth)) return String(match[0]);
      changed = true;
      return expand(how.replacement, match);
    });
    if (!changed) return;
    this.substituted = true;
    if (how.print) this.put(this.pattern);
    if (how.file !== '') yield* this.writeTo(how.file);
  }

  private *selects(command: EditCommand): Task<boolean> {
    const { from, to } = command;
    if (!from) return true;
    if (!to) return yield* this.fits(from);
    if (this.active.has(command)) {
      const end = this.active.get(command);
      const over = end === undefined ? yield* this.fits(to) : this.line >= end;
      if (over) this.active.delete(command);
      // A range whose last line is already behind consists of its first line only.
      return end === undefined || this.line <= end;
    }
    if (!(yield* this.fits(from))) return false;
    const end = to.kind === 'line' ? to.line : to.kind === 'more' ? this.line + to.count : undefined;
    if (end === undefined || end > this.line) this.active.set(command, end);
    return true;
  }

  private *fits(address: Address): Task<boolean> {
    switch (address.kind) {
      case 'line':
        return address.line === this.line;
      case 'every':
        return address.step === 0
          ? this.line === address.first
          : this.line >= address.first && (this.line - address.first) % address.step === 0;
      case 'more':
        return false;
      case 'last':
        return yield* this.isLast();
      case 'match': {
        const expression = address.expression ?? this.last;
        if (expression === undefined) return false;
        this.last = expression;
        expression.lastIndex = 0;
        return expression.test(this.pattern);
      }
    }
  }

  /** The next line of all files, undefined at their end. */
  private *next(): Task<string | undefined> {
    for (;;) {
      const reader = this.reader ?? (yield* this.openNext());
      if (reader === undefined) return undefined;
      const line = yield* reader.next();
      if (typeof line === 'string') {
        this.line++;
        return line;
      }
      if (typeof line === 'number')
        this.status = yield* complain(this.argv, `read error: ${errnoText(line)}`);
      yield* this.closeCurrent();
    }
  }

  /** True on the last line of all input. */
  private *isLast(): Task<boolean> {
    for (;;) {
      if (this.reader !== undefined) {
        if ((yield* this.reader.atEnd()) === false) return false;
        yield* this.closeCurrent();
      }
      if ((yield* this.openNext()) === undefined) return true;
    }
  }

  private *openNext(): Task<LineReader | undefined> {
    for (;;) {
      const name = this.rest.shift();
      if (name === undefined) return undefined;
      const fd = name === '-' ? 0 : yield* open(name, O_RDONLY);
      if (fd >= 0) {
        this.reader = new LineReader(fd, () => this.flush());
        return this.reader;
      }
      yield* complain(this.argv, `can't read ${name}: ${errnoText(fd)}`);
      this.status = 2;
    }
  }

  private *closeCurrent(): Task<void> {
    const fd = this.reader?.fd ?? 0;
    if (fd !== 0) yield* close(fd);
    this.reader = undefined;
  }

  private *writeTo(file: string): Task<void> {
    let fd = this.written.get(file);
    if (fd === undefined) {
      fd = file === '/dev/stdout' ? 1 : yield* open(file, O_WRONLY | O_CREAT | O_TRUNC);
      this.written.set(file, fd);
    }
    if (fd === 1) yield* this.flush();
    if (fd < 0) this.status = yield* complain(this.argv, `couldn't open file ${file}: ${errnoText(fd)}`);
    else yield* write(fd, `${this.pattern}\n`);
  }

  private put(text: string): void {
    this.held.push(`${text}\n`);
  }

  private autoprint(): void {
    if (!this.quiet) this.put(this.pattern);
  }

  /** Puts out what a and r left for the end of the cycle. */
  private *append(): Task<void> {
    this.held.push(...this.after);
    this.after = [];
    if (this.held.length > 256) yield* this.flush();
  }

  private *flush(): Task<number> {
    if (this.held.length === 0) return 0;
    const text = this.held.join('');
    this.held = [];
    return yield* write(this.out, text);
  }
}

/** The replacement of s: & and \0 the match, \1 to \9 groups, \n \t, \L \U \E GNU's cases. */
function expand(replacement: string, match: readonly unknown[]): string {
  let fold = (text: string): string => text;
  return replacement.replace(/&|\\([\s\S])|[^&\\]+/g, (whole, code: string | undefined) => {
    if (whole === '&') return fold(String(match[0]));
    if (code === undefined) return fold(whole);
    if (/\d/.test(code)) return fold(String(match[Number(code)] ?? ''));
    if (code === 'U') fold = (text) => text.toUpperCase();
    else if (code === 'L') fold = (text) => text.toLowerCase();
    else if (code === 'E') fold = (text) => text;
    else return code === 'n' ? '\n' : code === 't' ? '\t' : code;
    return '';
  });
}

/** Text as sed's l shows it: escapes for what cannot be seen. */
function visible(text: string): string {
  return text.replace(/[\\\p{Cc}]/gu, (char) => {
    const named = { '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\r': '\\r' }[char];
    return named ?? `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`;
  });
}
