/**
 * Random byte strings executed as code, here and on the real CPU, step by step: the same number of instructions, the
 * same end (fault vector, error code, address), the same registers, flags and memory; and no exception of the host.
 * Every tenth string also runs translated and must end as the evaluator ended it.
 *
 * KPROBE_LAB_SEED replays a run; KPROBE_LAB_FUZZ is the number of strings: 6000, or a million in the long mode.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { needTool } from '../../isa/binutils';
import { Place } from '../program';
import { prepareEmulated, runEmulated, type Stepped, stepEmulated } from './emulated';
import { fuzzCase, isRefused, lengths, lenientDifference } from './fuzz';
import { Random } from './random';
import { compileHarness, type NativeCase, type Outcome, runReal } from './real';

const seed = Number(process.env.KPROBE_LAB_SEED ?? 20261124);
const count = Number(process.env.KPROBE_LAB_FUZZ ?? 6000);
const BATCH = 10_000;
const statusFlags = 0xcd5;
const root = process.env.KPROBE_LAB_ROOT ?? '.';
const directory = mkdtempSync(join(tmpdir(), 'kprobe-lab-fuzz-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const hex = (value: bigint | number): string => `0x${value.toString(16)}`;

/** What differs between two ends; registers that a system call or its refusal changes are left out. */
function difference(ours: Outcome, theirs: Outcome, flagMask: number, names: [string, string]): string[] {
  const found: string[] = [];
  const check = (name: string, a: bigint | number, b: bigint | number): void => {
    if (a !== b) found.push(`${name}: ${names[0]} ${hex(a)}, ${names[1]} ${hex(b)}`);
  };
  const system = ours.vector === 256 ? [0, 1, 11] : [];
  check('vector', ours.vector, theirs.vector);
  check('rip', ours.rip, theirs.rip);
  if (ours.vector === theirs.vector && ours.vector !== 256 && ours.vector !== 3) {
    check('error code', ours.error, theirs.error);
    check('cr2', ours.cr2, theirs.cr2);
  }
  for (let register = 0; register < 16; register++) {
    if (!system.includes(register))
      check(`r${register}`, ours.registers[register] ?? 0n, theirs.registers[register] ?? 0n);
  }
  check('flags', ours.flags & flagMask, theirs.flags & flagMask);
  check('memory', ours.memory, theirs.memory);
  return found;
}

/** Our page-fault error code as Linux shows it to a user process, which does not learn what the kernel has mapped. */
function asLinuxShowsIt(outcome: Outcome): Outcome {
  const { vector, cr2, error } = outcome;
  if (vector !== 14) return outcome;
  const kernelHere = cr2 < 0x40000n && cr2 >= BigInt(Place.pageTables) && (cr2 < 0xd000n || cr2 >= 0x30000n);
  if (kernelHere) return { ...outcome, error: error & ~1 };
  return cr2 >= 0x7fff_ffff_f000n ? { ...outcome, error: error | 1 } : outcome;
}

function describe(test: NativeCase, found: string[]): string {
  const registers = test.registers.map((value, register) => `r${register}=${value.toString(16)}`).join(' ');
  return `${Buffer.from(test.code).toString('hex')} (${lengths(test)}) at ${hex(test.start)}: ${found.join('; ')} [${registers} flags=${hex(test.flags)} seed=${test.seed}]`;
}

test(`random bytes as code end as on the real CPU (seed ${seed}, ${count} strings)`, (t) => {
  if (!needTool(t, 'gcc')) return;
  if (process.arch !== 'x64' || process.platform !== 'linux') {
    t.skip('THIS IS NO x86-64 LINUX: nothing was compared');
    return;
  }
  const program = compileHarness(root, directory);

  const random = new Random(seed);
  const evaluator = prepareEmulated({ translate: false });
  const translator = prepareEmulated({ translate: true, heat: 1 });
  const failures: string[] = [];
  const ends = new Map<number, number>();
  let compared = 0;
  let instructions = 0;
  for (let left = count; left > 0; left -= BATCH) {
    const cases: NativeCase[] = [];
    const steppeds: Stepped[] = [];
    for (let made = 0; made < Math.min(left, BATCH); made++) {
      const test = fuzzCase(random);
      const stepped = stepEmulated(evaluator, test, isRefused);
      if (stepped.steps === 0) continue;
      if (stepped.plain && made % 10 === 0) {
        const whole = runEmulated(translator, { ...test, steps: stepped.steps });
        const { outcome } = stepped;
        const expected = { ...outcome, vector: outcome.vector === 1 ? -1 : outcome.vector };
        const found = difference(whole, expected, statusFlags, ['translated', 'evaluated']);
        if (found.length > 0) failures.push(describe(test, found));
      }
      cases.push({ ...test, steps: stepped.steps });
      steppeds.push(stepped);
    }
    const reals = runReal(program, cases);
    steppeds.forEach((stepped, index) => {
      const real = reals[index] as Outcome;
      const { outcome } = stepped;
      compared++;
      instructions += outcome.steps;
      ends.set(outcome.vector, (ends.get(outcome.vector) ?? 0) + 1);
      const lenient = lenientDifference(cases[index] as NativeCase, stepped, real);
      const found: string[] = [];
      if (lenient === undefined) {
        if (real.steps !== outcome.steps)
          found.push(`${outcome.steps} instructions here, real ${real.steps}`);
        const mask = statusFlags & ~stepped.undefinedFlags;
        found.push(...difference(asLinuxShowsIt(outcome), real, mask, ['here', 'real']));
      } else if (lenient !== '') found.push(lenient);
      if (found.length > 0) failures.push(describe(cases[index] as NativeCase, found));
    });
  }
  t.diagnostic(
    `${compared} strings, ${instructions} instructions; ends by vector: ${JSON.stringify([...ends])}`,
  );
  assert.ok(compared > count / 2, 'too few strings could be compared');
  assert.equal(failures.length, 0, `${failures.length} differ\n${failures.slice(0, 20).join('\n')}`);
});
