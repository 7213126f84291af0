/**
 * Whole programs: what csmith generates and gcc compiles, at each level of optimisation, gives the same checksum on the
 * real CPU and here, in ring 3, by each engine. The same object file is linked for both.
 *
 * CSMITH_SEED is the first seed, KPROBE_LAB_CSMITH the number of programs: 64, or thousands in the long mode.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { integerHeaders } from '../../cc/csmithHeaders';
import { execute, needs, run, scratch } from '../../cc/toolchain';
import { cpuFeatures } from '../native/real';
import { boot, Selector } from '../program';

const first = Number(process.env.CSMITH_SEED ?? 910_001);
const count = Number(process.env.KPROBE_LAB_CSMITH ?? 64);
const root = process.env.KPROBE_LAB_ROOT ?? '.';
const LOAD = 0x100000;
const STACK = 0x1ff000;
/** The evaluator is not asked about programs of more instructions than this. */
const PATIENCE = 4_000_000;
const generation = ['--no-float', '--no-argc', '--max-funcs', '5', '--max-block-depth', '3'];
const common = ['-w', '-mgeneral-regs-only', '-fno-pic', '-fno-stack-protector', '-fcf-protection=none'];
const levels = [['-O0'], ['-O2'], ['-Os'], ['-O3'], ['-O3', '-march=x86-64-v3']];

/** The checksum that the image leaves in rax at the gate, and the instructions it took; undefined after `budget`. */
function runHere(
  image: Uint8Array,
  translate: boolean,
  budget: number,
): { checksum: bigint; retired: number } | undefined {
  const machine = boot(new Uint8Array(1), { translate });
  const [cpu] = machine.cpus;
  machine.ram.set(image, LOAD);
  machine.physicalWritten(LOAD, image.length);
  machine.hooks = { gate: () => machine.requestStop() };
  cpu.cs = Selector.userCode | 3;
  cpu.ss = Selector.userData | 3;
  cpu.rip = BigInt(LOAD);
  cpu.rsp = BigInt(STACK);
  const stop = machine.run(budget);
  if (stop.kind === 'budget') return undefined;
  assert.equal(
    stop.kind,
    'requested',
    `${stop.kind} at ${cpu.rip.toString(16)}, cr2 ${cpu.cr2.toString(16)}`,
  );
  return { checksum: cpu.get(0), retired: machine.retired };
}

test(`csmith programs from seed ${first} give gcc's checksums`, needs('gcc', 'csmith'), (context) => {
  const headers = integerHeaders();
  const options = levels.filter((level) => level.length === 1 || cpuFeatures().has('bmi2'));
  const bench = join(root, 'test/bench/cpu');
  const support = join(root, 'test/cpu/csmith/bare.c');
  const layout = ['-nostdlib', '-static', '-no-pie', '-Wl,--build-id=none', '-T', join(bench, 'flat.lds')];
  let compared = 0;
  let evaluated = 0;
  let instructions = 0;
  for (let number = 0; number < count; number++) {
    const seed = first + number;
    const directory = scratch();
    const at = (name: string): string => join(directory, name);
    const flags = [...common, ...(options[number % options.length] ?? [])];
    const source = run('csmith', [...generation, '--seed', String(seed)], { cwd: directory });
    writeFileSync(at('program.c'), source);
    run('gcc', [...flags, `-I${headers}`, '-c', at('program.c'), '-o', at('program.o')]);
    run('gcc', ['-no-pie', at('program.o'), '-o', at('native')]);
    const native = execute(at('native'), [], 1000);
    if (native.code !== 0) continue;
    const expected = BigInt(`0x${/checksum = ([0-9A-F]+)/i.exec(native.output)?.[1] ?? ''}`);
    run('gcc', [
      ...[...common, '-O2', '-fno-builtin', '-fno-tree-loop-distribute-patterns'],
      ...[...layout, '-o', at('bare.elf'), join(bench, 'start.S'), support, at('program.o')],
    ]);
    run('objcopy', ['-O', 'binary', at('bare.elf'), at('bare.bin')]);
    const image = new Uint8Array(readFileSync(at('bare.bin')));
    assert.ok(LOAD + image.length < STACK - 0x40000, 'the program is too big for this little machine');
    const what = `seed ${seed}, gcc ${flags.join(' ')}`;
    const translated = runHere(image, true, 2_000_000_000);
    assert.equal(translated?.checksum, expected, `${what}, translated`);
    compared++;
    instructions += translated?.retired ?? 0;
    if ((translated?.retired ?? 0) > PATIENCE) continue;
    assert.deepEqual(runHere(image, false, PATIENCE + 1), translated, `${what}, evaluated`);
    evaluated++;
  }
  context.diagnostic(
    `${compared} of ${count} programs ended in time; ${evaluated} by both engines; ${instructions} instructions`,
  );
  assert.ok(compared > count * 0.7, `only ${compared} of ${count} programs could be compared`);
});
