// How fast the processor is: our own C workloads compiled once by gcc -O2, run natively and in each engine, compared in
// CPU time. Prints JSON lines {name, value, unit}. Run it: node test/bench/cpu.mjs [workload]
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Machine } from '../../emulator/cpu/machine';
import { boot, bytes, GATE, le } from '../cpu/program';

const LOAD = 0x100000;
const flags = [
  '-O2',
  '-mgeneral-regs-only',
  '-fno-pic',
  '-fno-pie',
  '-fno-stack-protector',
  '-fcf-protection=none',
  '-w',
];
const sources = join(process.env.KPROBE_LAB_ROOT ?? process.cwd(), 'test/bench/cpu');

function report(name: string, value: number, unit: string): void {
  console.log(JSON.stringify({ name, value: Number(value.toPrecision(4)), unit }));
}

/** CPU time of this process in ms. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

interface Built {
  native: string;
  image: Uint8Array;
}

function build(name: string, directory: string): Built {
  const native = join(directory, name);
  execFileSync('gcc', [
    ...flags,
    '-no-pie',
    '-o',
    native,
    join(sources, `${name}.c`),
    join(sources, 'native.c'),
  ]);
  const elf = join(directory, `${name}.elf`);
  const flat = join(directory, `${name}.bin`);
  const layout = ['-nostdlib', '-static', '-no-pie', '-Wl,--build-id=none', '-T', join(sources, 'flat.lds')];
  execFileSync('gcc', [...flags, ...layout, '-o', elf, join(sources, 'start.S'), join(sources, `${name}.c`)]);
  execFileSync('objcopy', ['-O', 'binary', elf, flat]);
  return { native, image: new Uint8Array(readFileSync(flat)) };
}

interface Measured {
  checksum: bigint;
  milliseconds: number;
  instructions: number;
}

/** QEMU's user mode, the other emulator of 64-bit code, where it is installed. */
const peer = spawnSync('qemu-x86_64', ['--version']).status === 0 ? 'qemu-x86_64' : undefined;

/** Runs the native program, or an emulator of it; the time is the program's own CPU time. */
function runNative(path: string, iterations: number, under?: string): Measured {
  const [command, words] = under === undefined ? [path, []] : [under, [path]];
  let best = Number.POSITIVE_INFINITY;
  let checksum = 0n;
  for (let round = 0; round < 3; round++) {
    const [sum, nanoseconds] = execFileSync(command, [...words, String(iterations)], {
      encoding: 'utf8',
    }).split(' ');
    checksum = BigInt(sum);
    best = Math.min(best, Number(nanoseconds) / 1e6);
  }
  return { checksum, milliseconds: best, instructions: 0 };
}

function load(image: Uint8Array, translate: boolean): Machine {
  const machine = boot(new Uint8Array(1), { memoryBytes: 8 << 20, translate });
  machine.ram.set(image, LOAD);
  machine.physicalWritten(LOAD, image.length);
  return machine;
}

function runGuest(machine: Machine, iterations: number, slice: number): Measured {
  const [cpu] = machine.cpus;
  machine.hooks = { gate: () => machine.requestStop() };
  cpu.rip = BigInt(LOAD);
  cpu.set(7, BigInt(iterations));
  const before = machine.retired;
  const start = cpuTime();
  for (let stop = machine.run(slice); stop.kind !== 'requested'; stop = machine.run(slice)) {
    if (stop.kind !== 'budget') throw new Error(`the workload stopped: ${stop.kind}`);
  }
  return { checksum: cpu.get(0), milliseconds: cpuTime() - start, instructions: machine.retired - before };
}

/** A workload's time against native, and against QEMU's user mode if that is there. */
interface Ratios {
  native: number;
  qemu: number | undefined;
}

function measure(name: string, directory: string, iterations: number): Ratios {
  const { native, image } = build(name, directory);
  const reference = runNative(native, iterations);
  const machine = load(image, true);
  let best: Measured | undefined;
  for (let round = 0; round < 5; round++) {
    const measured = runGuest(machine, iterations, 1_000_000);
    if (measured.checksum !== reference.checksum)
      throw new Error(`${name}: wrong checksum ${measured.checksum}`);
    if (!best || measured.milliseconds < best.milliseconds) best = measured;
  }
  if (!best) throw new Error('nothing measured');
  report(`cpu.${name}.translated`, best.instructions / best.milliseconds / 1000, 'MIPS');
  report(`cpu.${name}.native`, best.instructions / reference.milliseconds / 1000, 'MIPS');
  report(`cpu.${name}.ratio`, best.milliseconds / reference.milliseconds, 'x native');
  report(`cpu.${name}.modules`, machine.translation?.modules ?? 0, 'live WebAssembly modules');
  const qemu = peer && best.milliseconds / runNative(native, iterations, peer).milliseconds;
  if (qemu) report(`cpu.${name}.qemu`, qemu, 'x qemu-x86_64 user mode');
  const few = Math.max(1, Math.round(iterations / 500));
  const slow = runGuest(load(image, false), few, 1_000_000);
  report(`cpu.${name}.evaluator`, slow.instructions / slow.milliseconds / 1000, 'MIPS');
  return { native: best.milliseconds / reference.milliseconds, qemu: qemu || undefined };
}

/** Time of a vmcall, its hook and the way back, in a hot loop. */
function measureGate(): void {
  // mov ecx, n; 1: vmcall; dec ecx; jnz 1b; hlt
  const count = 1_000_000;
  const machine = boot(bytes('b9', le(count, 4), GATE, 'ff c9 75 f9 f4'));
  let calls = 0;
  machine.hooks = { gate: () => calls++ };
  const start = cpuTime();
  for (let stop = machine.run(1_000_000); stop.kind === 'budget'; stop = machine.run(1_000_000));
  report('cpu.gate', ((cpuTime() - start) / calls) * 1e6, 'ns per vmcall');
}

/** Cost of a snapshot of a 128 MiB machine with 256 dirty pages, and of going back. */
function measureSnapshot(): void {
  const machine = new Machine({ memoryBytes: 128 << 20, cpus: 2 });
  const rounds = 50;
  let start = cpuTime();
  for (let round = 0; round < rounds; round++) {
    machine.physicalWritten(round * 4096, 256 * 4096);
    machine.ram.fill(round + 1, round * 4096, (round + 256) * 4096);
    machine.snapshot();
  }
  report('cpu.snapshot', (cpuTime() - start) / rounds, 'ms per 256 dirty pages');
  const snapshot = machine.snapshot();
  start = cpuTime();
  for (let round = 0; round < rounds; round++) {
    machine.physicalWritten(0, 256 * 4096);
    machine.restore(snapshot);
  }
  report('cpu.restore', (cpuTime() - start) / rounds, 'ms per 256 dirty pages');
}

/** Runs the benchmarks whose name contains `only`. */
export function main(only = ''): void {
  const directory = mkdtempSync(join(tmpdir(), 'kprobe-lab-bench-'));
  try {
    const ratios: Ratios[] = [];
    const workloads: [string, number][] = [
      ['mix', 4000],
      ['memory', 4000],
      ['calls', 4000],
    ];
    for (const [name, iterations] of workloads) {
      if (name.includes(only)) ratios.push(measure(name, directory, iterations));
    }
    const mean = (values: number[]): number =>
      Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
    if (ratios.length > 1) {
      report('cpu.ratio', mean(ratios.map(({ native }) => native)), 'x native, geometric mean');
      const qemu = ratios.flatMap((each) => each.qemu ?? []);
      if (qemu.length > 1) report('cpu.qemu', mean(qemu), 'x qemu-x86_64 user mode, geometric mean');
      else console.error('qemu-x86_64 (Debian: qemu-user) is not installed: not compared');
    }
    if ('gate'.includes(only)) measureGate();
    if ('snapshot'.includes(only)) measureSnapshot();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

main(process.argv[2]);
