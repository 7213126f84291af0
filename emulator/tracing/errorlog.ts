/** tracing/error_log: the last eight complaints, each with the command and a caret under the place. */

export interface LoggedError {
  time: number;
  /** Who complains: trace_kprobe, or 'event filter parse error'. */
  location: string;
  message: string;
  command: string;
  caret: number;
}

const KEPT = 8;

export class ErrorLog {
  private entries: readonly LoggedError[] = [];

  add(entry: LoggedError): void {
    this.entries = [...this.entries, entry].slice(-KEPT);
  }

  clear(): void {
    this.entries = [];
  }

  restore(entries: readonly LoggedError[]): void {
    this.entries = entries;
  }

  /** Oldest first. The list is replaced, never changed. */
  list(): readonly LoggedError[] {
    return this.entries;
  }

  /** The file's text. */
  text(): string {
    return this.entries
      .map(({ time, location, message, command, caret }) => {
        const micros = Math.floor(time / 1000);
        const seconds = String(Math.floor(micros / 1_000_000)).padStart(5);
        const stamp = `[${seconds}.${String(micros % 1_000_000).padStart(6, '0')}]`;
        return `${stamp} ${location}: error: ${message}\n  Command: ${command}\n${' '.repeat(11 + caret)}^\n`;
      })
      .join('');
  }
}
