/**
 * kprobe-lab bench [NAME]: how fast things are, as JSON lines {name, value, unit}; where a real Linux 6.1 under QEMU was
 * measured, also its value and ours divided by it. Times are of this machine, now.
 */
import { kernelSources } from 'kernel-sources';
import { BuildCache, buildKernel } from '../../emulator/kernel/build';
import { kernelConfig } from '../../emulator/kernel/config';
import { type CommandLine, UsageError } from './arguments';
import { engineBenches } from './enginebench';
import { Failure } from './failure';
import { bootLab } from './machine';
import { type Figure, probeBenches } from './probebench';

interface Bench {
  name: string;
  unit: string;
  measure(line: CommandLine): number | Figure;
}

const BENCHES: readonly Bench[] = [
  { name: 'kernel-compile', unit: 'ms', measure: (line) => compileTime(line, false) },
  { name: 'kernel-compile-cached', unit: 'ms', measure: (line) => compileTime(line, true) },
  { name: 'boot', unit: 'ms', measure: bootTime },
  ...probeBenches(),
  ...engineBenches(),
];

export function benchCommand(line: CommandLine): number {
  const [wanted, ...rest] = line.words;
  if (rest.length > 0) throw new UsageError('bench takes one name at most');
  const chosen = BENCHES.filter((bench) => wanted === undefined || bench.name === wanted);
  if (chosen.length === 0) {
    throw new UsageError(`no bench '${wanted}'; there are ${BENCHES.map((bench) => bench.name).join(', ')}`);
  }
  for (const bench of chosen) {
    const measured = bench.measure(line);
    const { value, reference } =
      typeof measured === 'number' ? { value: measured, reference: undefined } : measured;
    const compared = reference === undefined ? {} : { linux: reference, ratio: round(value / reference) };
    process.stdout.write(
      `${JSON.stringify({ name: bench.name, value: round(value), unit: bench.unit, ...compared })}\n`,
    );
  }
  return 0;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function compileTime(line: CommandLine, cached: boolean): number {
  const { config, problems } = kernelConfig(line.kernel.profile, line.kernel.config);
  if (problems.length > 0) throw new Failure(problems.join('\n'));
  const cache = new BuildCache();
  if (cached) buildKernel(kernelSources, config, cache);
  const start = performance.now();
  const build = buildKernel(kernelSources, config, cache);
  if (build.image === undefined) throw new Failure('the kernel does not compile');
  return performance.now() - start;
}

/** From an image that is compiled already to the first process: the time of the machine alone. */
function bootTime(line: CommandLine): number {
  const cache = new BuildCache();
  bootLab(line.kernel, { cache });
  const lab = bootLab(line.kernel, { cache });
  const start = performance.now();
  while (lab.kernel.tasks.current(0)?.pid !== 1 && performance.now() - start < 60_000) {
    if (lab.run(20_000).kind !== 'budget') break;
  }
  return performance.now() - start;
}
