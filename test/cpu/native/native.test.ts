/**
 * Every user-mode row of the instruction table against the real CPU: random encodings, operands, flags and memory; all
 * registers, defined flags, memory, fault vector, error code and address are compared, for the reference evaluator and
 * for translated code.
 *
 * KPROBE_LAB_SEED replays a run; KPROBE_LAB_NATIVE_CASES is the number of cases per row (1000).
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { disassemble } from '../../../emulator/isa/disassemble';
import { type TableEntry, table } from '../../../emulator/isa/table';
import { needTool } from '../../isa/binutils';
import { prepareEmulated, runEmulated } from './emulated';
import { type Case, caseFor, encoding, isComparable, undefinedFlagsOf } from './generate';
import { Random } from './random';
import { compileHarness, cpuFeatures, type Outcome, runReal } from './real';

const seed = Number(process.env.KPROBE_LAB_SEED ?? 20261123);
const perEntry = Number(process.env.KPROBE_LAB_NATIVE_CASES ?? 1000);
const perEncoding = 50;
const root = process.env.KPROBE_LAB_ROOT ?? '.';
const statusFlags = 0xcd5;

const needs: Readonly<Record<string, string>> = {
  andn: 'bmi1',
  bextr: 'bmi1',
  blsi: 'bmi1',
  blsmsk: 'bmi1',
  blsr: 'bmi1',
  tzcnt: 'bmi1',
  lzcnt: 'abm',
  popcnt: 'popcnt',
  bzhi: 'bmi2',
  pdep: 'bmi2',
  pext: 'bmi2',
  mulx: 'bmi2',
  rorx: 'bmi2',
  sarx: 'bmi2',
  shlx: 'bmi2',
  shrx: 'bmi2',
  adcx: 'adx',
  adox: 'adx',
  movbe: 'movbe',
};

/** Cases for one row; fewer than asked only if the row hardly ever gives one. */
function casesOf(entry: TableEntry, random: Random): Case[] {
  const cases: Case[] = [];
  for (let attempt = 0; attempt < perEntry * 4 && cases.length < perEntry; attempt++) {
    const encoded = encoding(entry, random);
    if (!encoded) continue;
    let made = 0;
    for (let turn = 0; turn < perEncoding && cases.length < perEntry; turn++) {
      const test = caseFor(entry, encoded.code, encoded.decoded, random);
      if (test) {
        cases.push(test);
        made++;
      } else if (turn > 5 && made === 0) break;
    }
  }
  return cases;
}

const names = 'rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15'.split(' ');
const hex = (value: bigint | number) => `0x${value.toString(16)}`;

/** What differs, in words; empty if nothing does. */
function difference(test: Case, real: Outcome, ours: Outcome): string[] {
  const found: string[] = [];
  const check = (name: string, a: bigint | number, b: bigint | number) => {
    if (a !== b) found.push(`${name} is ${hex(a)}, real ${hex(b)}`);
  };
  check('vector', ours.vector, real.vector);
  if (found.length === 0) {
    check('error code', ours.error, real.vector === 3 ? 0 : real.error);
    check('cr2', ours.cr2, real.cr2);
  }
  check('rip', ours.rip, real.rip);
  names.forEach((name, register) => {
    check(name, ours.registers[register] ?? 0n, real.registers[register] ?? 0n);
  });
  const compared = statusFlags & ~undefinedFlagsOf(test.decoded, test.registers);
  check('flags', ours.flags & compared, real.flags & compared);
  check('memory hash', ours.memory, real.memory);
  return found;
}

function describe(test: Case, differences: string[]): string {
  const text = disassemble(test.decoded, 0x10800n, 'att');
  const registers = test.registers
    .map((value, register) => `${names[register]}=${value.toString(16)}`)
    .join(' ');
  return `${Buffer.from(test.code).toString('hex')} ${text}: ${differences.join('; ')} [${registers} flags=${test.flags.toString(16)}]`;
}

const directory = mkdtempSync(join(tmpdir(), 'kprobe-lab-native-'));
after(() => rmSync(directory, { recursive: true, force: true }));

test(`instructions agree with the real CPU (seed ${seed}, ${perEntry} cases per row)`, async (t) => {
  if (!needTool(t, 'gcc')) return;
  if (process.arch !== 'x64' || process.platform !== 'linux') {
    t.skip('THIS IS NO x86-64 LINUX: nothing was compared');
    return;
  }
  const program = compileHarness(root, directory);
  const features = cpuFeatures();
  const engines = [
    { name: 'evaluator', machine: prepareEmulated({ translate: false }) },
    { name: 'translator', machine: prepareEmulated({ translate: true, heat: 1 }) },
  ];
  const groups = new Map<string, TableEntry[]>();
  const missing = new Set<string>();
  for (const entry of table) {
    if (!isComparable(entry)) continue;
    const feature = needs[entry.op];
    if (feature !== undefined && !features.has(feature)) missing.add(entry.op);
    else groups.set(entry.op, [...(groups.get(entry.op) ?? []), entry]);
  }
  if (missing.size > 0) t.diagnostic(`THIS CPU LACKS ${[...missing].join(', ')}: not compared`);
  let total = 0;
  for (const [op, entries] of groups) {
    await t.test(op, () => {
      const random = new Random(seed ^ (entries[0]?.id ?? 0));
      const cases = entries.flatMap((entry) => casesOf(entry, random));
      assert.ok(cases.length > 0, 'no case could be made');
      total += cases.length;
      const real = runReal(program, cases);
      for (const { name, machine } of engines) {
        const failures: string[] = [];
        let failed = 0;
        cases.forEach((test, index) => {
          const differences = difference(test, real[index] as Outcome, runEmulated(machine, test));
          if (differences.length === 0) return;
          if (failed++ < 5) failures.push(describe(test, differences));
        });
        assert.equal(failed, 0, `${name}: ${failed} of ${cases.length} differ\n${failures.join('\n')}`);
      }
    });
  }
  const translated = engines[1]?.machine.translation?.translated ?? 0;
  assert.ok(translated > groups.size * 10, `only ${translated} encodings were really translated`);
  t.diagnostic(`${total} cases of ${[...groups.values()].flat().length} rows compared on 2 engines`);
});
