/** Machines whose only process runs a small program for ever: what benches measure. */
import { kernelSources } from 'kernel-sources';
import type { KernelProfile } from '../../emulator/kernel/config';
import type { Lab } from '../../emulator/lab';
import { compileUser } from '../../emulator/lab/compile';
import type { CommandLine } from './arguments';
import { Failure } from './failure';
import { bootLab, buildCache } from './machine';

const WARM_UP = 12_000_000;
const INSTRUCTIONS = 30_000_000;

/**
 * A machine in the loop, warmed up. `path`: the program's source below emulator/linux; it says "looping" when it begins.
 * `prepare` adds what else the machine needs.
 */
export function startLoop(
  line: CommandLine,
  profile: KernelProfile,
  path: string,
  prepare?: (lab: Lab) => void,
): Lab {
  const program = compileUser(path, kernelSources, kernelSources, { cache: buildCache });
  if (program.bytes === undefined) throw new Failure('the loop does not compile');
  const lab = bootLab({ ...line.kernel, profile }, { commandLine: 'quiet', cpus: 1 });
  lab.addFile('/init', program.bytes, 0o755);
  prepare?.(lab);
  let said = '';
  lab.onEvent((event) => {
    if (event.kind === 'tty') said += event.text;
  });
  while (!said.includes('\n')) {
    const stop = lab.run(100_000);
    if (stop.kind !== 'budget') throw new Failure(`the loop did not start (${stop.kind})`);
  }
  if (!said.includes('looping')) throw new Failure('the module was refused');
  const from = lab.machine.retired;
  while (lab.machine.retired - from < WARM_UP) lab.run(500_000);
  return lab;
}

/** Runs the loop for a while. */
export function timed(lab: Lab): { seconds: number; instructions: number } {
  const from = lab.machine.retired;
  const start = performance.now();
  while (lab.machine.retired - from < INSTRUCTIONS) lab.run(500_000);
  return { seconds: (performance.now() - start) / 1000, instructions: lab.machine.retired - from };
}
