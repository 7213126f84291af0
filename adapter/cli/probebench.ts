/**
 * What a probe costs: hits per second of each path over a loop of system calls, beside what a real Linux 6.1 does in QEMU.
 *
 * Each bench boots a machine whose first process loads samples/kprobes/probe_cost.c and then calls getppid for ever. The
 * place and the handlers decide the path; that it is the one that was meant is checked before it is measured.
 */
import { kernelSources } from 'kernel-sources';
import type { KernelProfile } from '../../emulator/kernel/config';
import type { ProbeInfo, ProbePath } from '../../emulator/kprobes/types';
import type { Lab } from '../../emulator/lab';
import type { CommandLine } from './arguments';
import { Failure } from './failure';
import { startLoop, timed } from './loop';

const LOOP = 'user/lab/getppid_loop.c';
const MODULE = 'samples/kprobes/probe_cost.c';
const PROBED = '__x64_sys_getppid';

/** Virtual nanoseconds until a probe that can become a jump surely is one: more than five ticks. */
const OPTIMISER_DELAY = 40_000_000;

/** One figure; `reference` is what it is compared with. */
export interface Figure {
  value: number;
  reference?: number;
}

export interface ProbeBench {
  name: string;
  unit: string;
  measure(line: CommandLine): Figure;
}

/** A path and how to get it. `recorded`: calls of getppid per second while probed, of Linux 6.1 under QEMU's TCG. */
interface PathBench {
  name: string;
  path: ProbePath['path'];
  kind?: ProbeInfo['kind'];
  profile: KernelProfile;
  place: 'entry' | 'end';
  parameters: readonly string[];
  optimise?: boolean;
  recorded: number;
}

const PATHS: readonly PathBench[] = [
  {
    name: 'hit-int3',
    path: 'int3',
    profile: 'lab',
    place: 'entry',
    parameters: ['post=1'],
    recorded: 499_052,
  },
  {
    name: 'hit-emulated',
    path: 'emulated',
    profile: 'lab',
    place: 'end',
    parameters: ['post=1'],
    recorded: 777_000,
  },
  { name: 'hit-boosted', path: 'boosted', profile: 'lab', place: 'entry', parameters: [], recorded: 503_550 },
  {
    name: 'hit-optimised',
    path: 'optimised',
    profile: 'lab',
    place: 'entry',
    parameters: [],
    optimise: true,
    recorded: 1_700_680,
  },
  {
    name: 'hit-ftrace',
    path: 'ftrace',
    profile: 'distribution',
    place: 'entry',
    parameters: [],
    recorded: 1_608_493,
  },
  {
    name: 'hit-kretprobe',
    path: 'ftrace',
    kind: 'kretprobe',
    profile: 'distribution',
    place: 'entry',
    parameters: ['ret=1'],
    recorded: 976_000,
  },
];

/** System calls per second without a probe, and hits per second of each path. */
export function probeBenches(): ProbeBench[] {
  return [
    { name: 'getppid', unit: 'calls/s', measure: unprobedCalls },
    ...PATHS.map((bench) => ({
      name: bench.name,
      unit: 'hits/s',
      measure: (line: CommandLine) => ({ value: hitRate(line, bench), reference: bench.recorded }),
    })),
  ];
}

/** Calls per second of the bare loop: counted by the instructions of one call, which a probed run has counted. */
function unprobedCalls(line: CommandLine): Figure {
  const lab = bootLoop(line, 'lab', undefined);
  let calls = 0;
  const probe = lab.kprobes.registerHost({
    at: { symbol: PROBED, offset: 0 },
    kind: 'entry',
    owner: 'trace',
    disabled: true,
  });
  if ('errno' in probe) throw new Failure(`the probe was refused: ${probe.reason}`);
  const callInstructions = instructionsPerCall(lab);
  const { seconds, instructions } = timed(lab);
  calls = instructions / callInstructions;
  return { value: calls / seconds, reference: 2_482_622 };
}

/** Instructions from one entry of the probed function to the next. */
function instructionsPerCall(lab: Lab): number {
  const cpu = lab.machine.cpus.find((each) => each.started && !each.halted) ?? lab.machine.cpus[0];
  const entry = lab.kernel.rawSymbol(PROBED);
  const next = () => {
    for (let steps = 0; steps < 100_000; steps++) {
      lab.step(cpu.index);
      if (cpu.rip === entry) return lab.machine.retired;
    }
    throw new Failure('the loop does not call getppid');
  };
  const first = next();
  return next() - first;
}

function hitRate(line: CommandLine, bench: PathBench): number {
  const lab = bootLoop(line, bench.profile, bench);
  const jumpsBy = lab.machine.clock + (bench.optimise === true ? OPTIMISER_DELAY : 0);
  while (lab.machine.clock < jumpsBy) lab.run(500_000);
  const [probe] = lab.kprobes.list();
  if (probe?.path.path !== bench.path || probe.kind !== (bench.kind ?? 'kprobe')) {
    throw new Failure(`the probe takes another path: ${probe?.path.path} (${probe?.path.why})`);
  }
  const { seconds } = timed(lab);
  return ((lab.kprobes.list()[0]?.hits ?? 0) - probe.hits) / seconds;
}

/** A machine in the loop, with the bench's module loaded. */
function bootLoop(line: CommandLine, profile: KernelProfile, bench: PathBench | undefined): Lab {
  return startLoop(line, profile, LOOP, (lab) => {
    if (bench !== undefined) addModule(lab, bench);
  });
}

function addModule(lab: Lab, bench: PathBench): void {
  const compiled = lab.compileModule(MODULE, kernelSources);
  if (compiled.bytes === undefined) throw new Failure(`${MODULE} does not compile`);
  if (bench.optimise !== true) lab.kprobes.allowOptimisation(false);
  const start = lab.kernel.rawSymbol(PROBED);
  const size = lab.kernel.symbols.at(start)?.size ?? 0;
  const offset =
    bench.place === 'entry' ? 0 : Math.max(...(lab.kprobes.instructionStarts(start, size) ?? [0]));
  const parameters = [`symbol=${PROBED}`, `offset=${offset}`, ...bench.parameters].join(' ');
  lab.addFile('/root/module.ko', compiled.bytes);
  lab.addFile('/root/parameters', new TextEncoder().encode(parameters));
}
