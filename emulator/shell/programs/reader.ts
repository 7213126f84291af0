/** Reads a descriptor record by record, as it comes: a filter in a pipe must not wait for the end of its input. */
import { read, type Task } from '../syscalls';

export class LineReader {
  private held = '';
  private ended = false;
  private readonly decoder = new TextDecoder();

  /** `beforeRead` runs before each read, which may block: the place to hand over output that was held back. */
  constructor(
    readonly fd: number,
    private readonly beforeRead?: () => Task<unknown>,
  ) {}

  /**
   * The next record without its separator, undefined at the end, -errno of a read that failed. A last record without a
   * separator counts; '' as separator means paragraphs (POSIX awk's RS).
   */
  *next(separator: string | RegExp = '\n'): Task<string | number | undefined> {
    for (;;) {
      if (separator === '') this.held = this.held.replace(/^\n+/, '');
      const found = this.find(separator);
      if (found !== undefined) {
        const record = this.held.slice(0, found.at);
        this.held = this.held.slice(found.at + found.length);
        return record;
      }
      if (this.ended) {
        if (this.held === '') return undefined;
        const last = separator === '' ? this.held.replace(/\n$/, '') : this.held;
        this.held = '';
        return last;
      }
      if (this.beforeRead) yield* this.beforeRead();
      const chunk = yield* read(this.fd);
      if (typeof chunk === 'number') return chunk;
      this.ended = chunk.length === 0;
      this.held += this.decoder.decode(chunk, { stream: !this.ended });
    }
  }

  /** True when no record is left; reads ahead to know it (sed's $ needs that). -errno of a read that failed. */
  *atEnd(): Task<boolean | number> {
    while (this.held === '' && !this.ended) {
      if (this.beforeRead) yield* this.beforeRead();
      const chunk = yield* read(this.fd);
      if (typeof chunk === 'number') return chunk;
      this.ended = chunk.length === 0;
      this.held += this.decoder.decode(chunk, { stream: !this.ended });
    }
    return this.held === '';
  }

  private find(separator: string | RegExp): { at: number; length: number } | undefined {
    if (typeof separator === 'string') {
      const text = separator === '' ? '\n\n' : separator;
      const at = this.held.indexOf(text);
      return at < 0 ? undefined : { at, length: text.length };
    }
    separator.lastIndex = 0;
    const match = separator.exec(this.held);
    if (match === null || match[0] === '') return undefined;
    // A match at the end of what was read could go on in what was not.
    if (match.index + match[0].length === this.held.length && !this.ended) return undefined;
    return { at: match.index, length: match[0].length };
  }
}
