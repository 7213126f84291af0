/**
 * Hits per second of each path of a probe, over a loop of system calls in the guest.
 *
 * Each bench boots a machine with a small program that calls getppid in a loop, places one host probe, and compares the
 * loop's time with that of an unprobed run of the same machine.
 */
import { kernelSources } from 'kernel-sources';
import type { Lab } from '../../emulator/lab';
import { compileUser } from '../../emulator/lab/compile';
import type { CommandLine } from './arguments';
import { Failure } from './failure';
import { bootLab, buildCache } from './machine';

/** The loop: emulator/linux/user/lab/getppid_loop.c. */
const LOOP = 'user/lab/getppid_loop.c';
const PROBED = '__x64_sys_getppid';
const INSTRUCTIONS = 20_000_000;

interface ProbeBench {
  name: string;
  unit: string;
  measure(line: CommandLine): number;
}

/** The benches of issue 6's paths that a host probe can take. */
export function probeBenches(): ProbeBench[] {
  return [
    {
      name: 'instructions',
      unit: 'instructions/s',
      measure: (line) => INSTRUCTIONS / (loop(line, () => 0).seconds || 1),
    },
    { name: 'hit-int3', unit: 'hits/s', measure: (line) => hitRate(line, 'int3') },
    { name: 'hit-kretprobe', unit: 'hits/s', measure: (line) => hitRate(line, 'return') },
  ];
}

function hitRate(line: CommandLine, path: 'int3' | 'return'): number {
  let hits = 0;
  const { seconds } = loop(line, (lab) => {
    const count = () => {
      hits++;
      return undefined;
    };
    const probe =
      path === 'return'
        ? lab.kprobes.registerHost({
            at: { symbol: PROBED, offset: 0 },
            kind: 'return',
            owner: 'trace',
            onReturn: count,
          })
        : lab.kprobes.registerHost({
            at: { symbol: PROBED, offset: 0 },
            kind: 'entry',
            owner: 'trace',
            pre: count,
            post: () => undefined,
          });
    if ('errno' in probe) throw new Failure(`the probe was refused: ${probe.reason}`);
  });
  return hits / seconds;
}

/** Runs the loop for a fixed number of instructions after it has warmed up. */
function loop(line: CommandLine, prepare: (lab: Lab) => void): { seconds: number } {
  const program = compileUser(LOOP, kernelSources, kernelSources, { cache: buildCache });
  if (program.bytes === undefined) throw new Failure('the loop does not compile');
  const lab = bootLab(line.kernel, { commandLine: 'quiet' });
  lab.addFile('/init', program.bytes, 0o755);
  let started = false;
  lab.onEvent((event) => {
    if (event.kind === 'tty' && event.text.includes('looping')) started = true;
  });
  while (!started) {
    const stop = lab.run(100_000);
    if (stop.kind !== 'budget') throw new Failure(`the loop did not start (${stop.kind})`);
  }
  prepare(lab);
  lab.run(2_000_000);
  const from = lab.machine.retired;
  const start = performance.now();
  while (lab.machine.retired - from < INSTRUCTIONS) lab.run(500_000);
  return { seconds: (performance.now() - start) / 1000 };
}
