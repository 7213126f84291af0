// How fast the compiler is: the simulated kernel from cold and warm, an example module from cold and warm, and the
// kernel's units, preprocessed once, through us, gcc -O0 and tcc, as far as all of them accept a unit. Lines are those of
// the input as each was given it. Prints JSON lines {name, value, unit}; asserts nothing. Run it:
// node test/bench/compiler.mjs
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kernelSources } from 'kernel-sources';
import { compile } from '../../emulator/cc/compile';
import { preprocessToText } from '../../emulator/cc/pp/text';
import { BuildCache, buildKernel, kernelCompileOptions, kernelUnits } from '../../emulator/kernel/build';
import { kernelConfig } from '../../emulator/kernel/config';
import { compileModule } from '../../emulator/lab/compile';

const MODULE = 'open_latency.c';
const ROUNDS = 5;
/** Every n-th unit goes through the other compilers, too: each start of a process costs as much as a unit. */
const SAMPLE = 8;

const { config } = kernelConfig('lab', {});
const sources = { read: (path: string) => kernelSources.get(path) };

function report(name: string, value: number, unit: string): void {
  console.log(JSON.stringify({ name, value: Number(value.toPrecision(3)), unit }));
}

function timed(action: () => void): number {
  const start = performance.now();
  action();
  return performance.now() - start;
}

const countLines = (text: string) => text.split('\n').length - 1;

/** The first run, and the best of later ones. */
function coldAndWarm(name: string, lines: number, action: () => void): void {
  const cold = timed(action);
  const warm = Math.min(...Array.from({ length: ROUNDS }, () => timed(action)));
  for (const [when, time] of [
    ['cold', cold],
    ['warm', warm],
  ] as const) {
    report(`${name} ${when}`, time, 'ms');
    report(`${name} ${when}`, (lines / time) * 1000, 'lines/s');
  }
}

const text = readFileSync(join(process.env.KPROBE_LAB_ROOT ?? '.', 'examples', MODULE), 'utf8');
coldAndWarm('module', countLines(text), () => {
  compileModule(MODULE, new Map([[MODULE, text]]), kernelSources, config);
});

const units = kernelUnits(kernelSources);
const written = units.reduce((sum, path) => sum + countLines(kernelSources.get(path) ?? ''), 0);
report('kernel', written, 'lines without headers');
coldAndWarm('kernel', written, () => {
  buildKernel(kernelSources, config, new BuildCache());
});

const options = kernelCompileOptions(config, 'kernel', 'bench');
const sample = units
  .filter((path) => path.endsWith('.c'))
  .filter((_, index) => index % SAMPLE === 0)
  .map((path) => preprocessToText(path, sources, options).text);
const directory = mkdtempSync(join(tmpdir(), 'kprobe-lab-bench-'));
const file = join(directory, 'unit.c');
const nothing = join(directory, 'nothing.c');
writeFileSync(nothing, 'int nothing;\n');

/** Compiles a file; false if the compiler refuses it or is not installed. */
function runs(command: string, source: string): boolean {
  const [name, ...flags] = command.split(' ');
  return spawnSync(name, [...flags, '-c', source, '-o', join(directory, 'unit.o')]).status === 0;
}

const ours = (unit: string) => {
  compile('unit.c', { read: () => unit }, { ...options, includePaths: [], defines: {} });
};
for (const command of ['gcc -O0 -w -ffreestanding -mcmodel=kernel -fno-pie -mno-sse', 'tcc -w']) {
  const name = command
    .split(' ')
    .slice(0, command.startsWith('gcc') ? 2 : 1)
    .join(' ');
  if (!runs(command, nothing)) {
    report(`${name}: not installed`, 0, 'lines/s');
    continue;
  }
  // What starting the program costs is not its compiling.
  const start = Math.min(...Array.from({ length: ROUNDS }, () => timed(() => runs(command, nothing))));
  let [lines, theirs, own] = [0, 0, 0];
  for (const unit of sample) {
    writeFileSync(file, unit);
    if (!runs(command, file)) continue;
    lines += countLines(unit);
    theirs += Math.min(...[0, 1, 2].map(() => timed(() => runs(command, file)))) - start;
    own += Math.min(...[0, 1, 2].map(() => timed(() => ours(unit))));
  }
  report(`preprocessed units that ${name} accepts`, lines, 'lines');
  report(`these by ${name}`, (lines / Math.max(theirs, 1)) * 1000, 'lines/s');
  report('these by us, optimised, with debug information', (lines / Math.max(own, 1)) * 1000, 'lines/s');
}
rmSync(directory, { recursive: true, force: true });
