/** What the emulated processor costs its host: processes, patched code, live WebAssembly modules. */
import type { Lab } from '../../emulator/lab';
import type { CommandLine } from './arguments';
import { Failure } from './failure';
import { startLoop, timed } from './loop';

const CALLS = 'user/lab/getppid_loop.c';
const PROCESSES = 'user/lab/fork_loop.c';
const PROBED = '__x64_sys_getppid';
const PATCHES = 101;
/** More than the instructions between two calls, fewer than of three. */
const SHORT = 500;

interface EngineBench {
  name: string;
  unit: string;
  measure(line: CommandLine): number;
}

/** The benches of issue 3 that need a whole machine. */
export function engineBenches(): EngineBench[] {
  return [
    { name: 'fork-exec-exit', unit: 'processes/s', measure: processRate },
    { name: 'patch-in', unit: 'ms', measure: (line) => patchTime(line, 'in') },
    { name: 'patch-out', unit: 'ms', measure: (line) => patchTime(line, 'out') },
    { name: 'live-modules', unit: 'modules', measure: liveModules },
  ];
}

/** Counts hits of a host probe; returns how to read the count and how to take the probe away. */
function count(lab: Lab, symbol: string): { hits: () => number; remove: () => void } {
  let hits = 0;
  const probe = lab.kprobes.registerHost({
    at: { symbol, offset: 0 },
    kind: 'entry',
    owner: 'trace',
    pre: () => {
      hits++;
      return undefined;
    },
  });
  if ('errno' in probe) throw new Failure(`the probe was refused: ${probe.reason}`);
  return { hits: () => hits, remove: () => lab.kprobes.unregisterHost(probe) };
}

function processRate(line: CommandLine): number {
  const lab = startLoop(line, 'lab', PROCESSES);
  const { hits } = count(lab, 'do_exit');
  const { seconds } = timed(lab);
  return hits() / seconds;
}

/**
 * Median time from the wish to place (or remove) a probe in a running loop until the patched code has run: the first hit,
 * or a stretch of the loop that has passed the place again.
 */
function patchTime(line: CommandLine, direction: 'in' | 'out'): number {
  const lab = startLoop(line, 'lab', CALLS);
  const times = Array.from({ length: PATCHES }, () => {
    const start = performance.now();
    const probe = count(lab, PROBED);
    while (probe.hits() === 0) lab.run(SHORT);
    const middle = performance.now();
    probe.remove();
    lab.run(SHORT);
    return direction === 'in' ? middle - start : performance.now() - middle;
  });
  return times.sort((a, b) => a - b)[PATCHES >> 1];
}

/** After many processes: more code than any other bench runs. */
function liveModules(line: CommandLine): number {
  return startLoop(line, 'lab', PROCESSES).machine.translation?.modules ?? 0;
}
