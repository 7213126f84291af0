/** The main input: the files that ARGV names, one after the other, or standard input; `var=value` words are assignments. */
import { LineReader } from '../programs/reader';
import { close, O_RDONLY, open, type Task } from '../syscalls';
import { unescapeString } from './lexer';
import { fromInput, toNumber, toText } from './values';
import type { Variables } from './variables';

export class MainInput {
  private reader: LineReader | undefined;
  private argument = 1;
  private read = false;

  constructor(
    private readonly variables: Variables,
    private readonly beforeRead: () => Task<unknown>,
    /** Says that a file cannot be read. */
    private readonly cannotRead: (name: string, errno: number) => Task<unknown>,
  ) {}

  /** The next record of all input, undefined at its end. Counts NR and FNR. */
  *next(separator: string | RegExp): Task<string | undefined> {
    for (;;) {
      this.reader ??= yield* this.open();
      if (this.reader === undefined) return undefined;
      const record = yield* this.reader.next(separator);
      if (typeof record === 'string') {
        this.count('NR');
        this.count('FNR');
        return record;
      }
      if (typeof record === 'number') yield* this.cannotRead(this.fileName(), record);
      yield* this.skipFile();
    }
  }

  /** Goes on with the next file. */
  *skipFile(): Task<void> {
    const fd = this.reader?.fd ?? 0;
    if (fd !== 0) yield* close(fd);
    this.reader = undefined;
  }

  private *open(): Task<LineReader | undefined> {
    for (;;) {
      const count = toNumber(this.variables.get('ARGC'));
      if (this.argument >= count) {
        if (this.read) return undefined;
        this.read = true;
        return new LineReader(0, this.beforeRead);
      }
      const word = toText(this.variables.array('ARGV').get(String(this.argument++)) ?? null, '%.6g');
      if (word === '' || assignWord(this.variables, word)) continue;
      this.read = true;
      this.variables.set('FILENAME', word);
      this.variables.set('FNR', 0);
      const fd = word === '-' ? 0 : yield* open(word, O_RDONLY);
      if (fd >= 0) return new LineReader(fd, this.beforeRead);
      yield* this.cannotRead(word, fd);
    }
  }

  private fileName(): string {
    return toText(this.variables.get('FILENAME'), '%.6g') || 'standard input';
  }

  private count(name: string): void {
    this.variables.set(name, toNumber(this.variables.get(name)) + 1);
  }
}

/** Carries out a word `name=value`; false when it is not one. */
export function assignWord(variables: Variables, word: string): boolean {
  const match = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(word);
  if (match === null) return false;
  variables.set(match[1] ?? '', fromInput(unescapeString(match[2] ?? '')));
  return true;
}
