/** A machine's output in a terminal. */
import { KernelConsole } from '../../emulator/kernel/console';
import type { Lab } from '../../emulator/lab';

/** What programs write goes to stdout, the kernel's log to stderr as its console shows it. */
export function show(lab: Lab): void {
  lab.onEvent((event) => {
    if (event.kind === 'tty') process.stdout.write(event.text);
    else if (event.kind === 'console' && event.record.level < 7) {
      process.stderr.write(`${KernelConsole.line(event.record)}\n`);
    }
  });
}
