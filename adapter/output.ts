/**
 * The debug console: one output event for each full line, in order, with the place in source that printed it.
 *
 * The editor must survive a guest that prints a hundred thousand lines a second: lines are queued, sent at a bounded
 * rate, and when the queue grows too long its oldest lines are replaced by one line that says how many were skipped.
 */
import type { DebugProtocol as P } from '@vscode/debugprotocol';

/** One line, without its newline. */
export interface OutputLine {
  category: 'console' | 'stdout' | 'stderr' | 'important';
  text: string;
  source?: P.Source;
  line?: number;
  column?: number;
  variablesReference?: number;
}

/** Lines per second that are sent in the long run, and at once after a quiet time. */
const RATE = 5000;
const BURST = 5000;
/** Lines that wait at most; older ones are skipped. */
const QUEUE = 5000;

export class Output {
  #queue: OutputLine[] = [];
  #skipped = 0;
  #tokens = BURST;
  #refilled = 0;
  #partial = '';

  /** `emit` sends one output event; `now` is in milliseconds. */
  constructor(
    readonly emit: (body: P.OutputEvent['body']) => void,
    readonly now: () => number,
  ) {}

  line(line: OutputLine): void {
    this.#queue.push(line);
    if (this.#queue.length > 2 * QUEUE) {
      this.#skipped += this.#queue.length - QUEUE;
      this.#queue = this.#queue.slice(-QUEUE);
    }
  }

  /** Several lines of one message. */
  text(category: OutputLine['category'], text: string): void {
    for (const line of text.replace(/\n$/, '').split('\n')) this.line({ category, text: line });
  }

  /** What a terminal would show; an unfinished line waits for its end or for `settle`. */
  terminal(text: string): void {
    const lines = (this.#partial + text).split('\n');
    this.#partial = lines.pop() ?? '';
    for (const line of lines) this.line({ category: 'stdout', text: line.replace(/\r$/, '') });
  }

  /** Sends an unfinished terminal line as it is: nothing more comes for now. Blank prompts stay back. */
  settle(): void {
    if (this.#partial.trim() !== '' && !/^[\w@:~/. -]*[#$]\s*$/.test(this.#partial)) {
      this.line({ category: 'stdout', text: this.#partial });
      this.#partial = '';
    }
  }

  /** Sends what the rate allows; called once per slice of the run loop. */
  flush(): void {
    const now = this.now();
    this.#tokens = Math.min(BURST, this.#tokens + ((now - this.#refilled) * RATE) / 1000);
    this.#refilled = now;
    this.#send(Math.floor(this.#tokens));
  }

  /** Sends everything that waits: the machine stands still, or the session ends. */
  drain(): void {
    this.#send(Number.POSITIVE_INFINITY);
  }

  #send(limit: number): void {
    if (limit <= 0) return;
    if (this.#skipped > 0) {
      this.emit({
        category: 'important',
        output: `… ${this.#skipped} lines skipped: the guest prints too fast\n`,
      });
      this.#skipped = 0;
    }
    const count = Math.min(limit, this.#queue.length);
    for (const { text, ...rest } of this.#queue.splice(0, count)) this.emit({ ...rest, output: `${text}\n` });
    this.#tokens -= count;
  }
}
