/**
 * Typing lines at a lab's console and waiting for the shell's next prompt.
 */
import type { Lab } from '../../emulator/lab';
import { Failure } from './failure';
import { explainStop } from './machine';

const SLICE = 200_000;
/** Instructions after which a line is given up: nobody is there to press Ctrl+C. */
const LINE_LIMIT = 20_000_000_000;

export class Console {
  private prompts = 0;
  private status = 0;

  constructor(private readonly lab: Lab) {
    lab.onEvent((event) => {
      if (event.kind !== 'prompt') return;
      this.prompts++;
      this.status = event.status;
    });
  }

  /** Boots to the first prompt. Throws Failure when the machine ends before it. */
  boot(): void {
    this.until(() => this.prompts > 0);
  }

  /** Runs a line; its exit status, or the machine's exit code when the line powered it off. */
  line(text: string): number {
    const before = this.prompts;
    this.lab.input(text);
    this.until(() => this.prompts > before);
    return this.lab.exitCode ?? this.status;
  }

  private until(done: () => boolean): void {
    const end = this.lab.machine.retired + LINE_LIMIT;
    while (!done()) {
      const stop = this.lab.run(SLICE);
      if (stop.kind === 'poweroff') return;
      if (stop.kind === 'panic' || stop.kind === 'shutdown') throw new Failure(explainStop(stop));
      if (stop.kind === 'idle' && !done())
        throw new Failure('the command waits for input that will not come');
      if (this.lab.machine.retired > end) throw new Failure(`no prompt within ${LINE_LIMIT} instructions`);
    }
  }
}

/** One word for the shell. */
export function quote(text: string): string {
  return /^[\w=.,/:+-]+$/.test(text) ? text : `'${text.replace(/'/g, `'\\''`)}'`;
}
