/**
 * The kernel's core, used by modules in a whole machine: services, formats, locks on many CPUs, and what happens when
 * kernel code does what it must not.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ModuleRun, runModule } from '../lab/module';

const directory = join(process.env.KPROBE_LAB_ROOT ?? '.', 'test', 'linux', 'modules');
const source = (name: string) => readFileSync(join(directory, `${name}.c`), 'utf8');
const noGcc = spawnSync('gcc', ['--version']).status === 0 ? false : 'gcc is not installed';

/** What a module printed, without the kernel's own lines about it. */
function printed(run: ModuleRun): string[] {
  assert.equal(run.failed, undefined, run.log.join('\n'));
  return run.log.filter(
    (line) => !/loading out-of-tree|^Linux version|^Command line|^Memory:|^smp:/.test(line),
  );
}

/** Asserts that the patterns match lines of the log in this order. */
function inOrder(log: string[], patterns: RegExp[]): void {
  let at = 0;
  for (const pattern of patterns) {
    const found = log.slice(at).findIndex((line) => pattern.test(line));
    assert.ok(found >= 0, `no line for ${pattern} after line ${at} of\n${log.join('\n')}`);
    at += found + 1;
  }
}

test('threads, work, timers, tasklets, RCU, memory, tables, time and formats serve a module', () => {
  const parameters = ['number=0x10', 'word="two words"', 'text=short', 'array=7,8', 'flag'];
  inOrder(printed(runModule('services', source('services'), { parameters })), [
    /^number 16 word two words text short array 2:7,8 flag 1$/,
    /^thread worker\/1$/,
    /^it returned 42$/,
    /^work done$/,
    /^delayed work done, cancelled 0$/,
    /^tasklet done$/,
    /^timer after 3 jiffies$/,
    /^hrtimer beat 3 times, active 0$/,
    /^slept long enough$/,
    /^2024-03-01 00:59:58 day 5 of the week, 60 of the year$/,
    /^tree of 25, sorted 1; found 1 in the table$/,
    /^area from vmalloc, kmalloc\(100\) holds 128$/,
    /^two grace periods$/,
    /^schedule kfree\+0x0\/0x[0-9a-f]+$/,
    /^01:02:03:04:05:ff 0102030405ff 127\.0\.0\.1 127\.000\.000\.001 2001:0db8:0000:0000:0000:0000:0000:0001 2001:db8::1$/,
    /^01 02 03 04 01:02:03 f0f1 0,4-7,12-15$/,
    /^-ENOENT \(null\) \(efault\)$/,
    /^\(efault\) \(efault\)$/,
    /^sscanf 3: 12 abc 31$/,
    /^4 callers, the first do_one_initcall_module$/,
    /^bye from services$/,
  ]);
});

test("printk formats as the C library's printf does", { skip: process.env.CI !== 'true' && noGcc }, () => {
  const scratch = mkdtempSync(join(tmpdir(), 'kprobe-lab-'));
  try {
    const program = join(scratch, 'formats');
    const built = spawnSync('gcc', ['-w', '-o', program, join(directory, 'formats.c')], { encoding: 'utf8' });
    assert.equal(built.status, 0, built.stderr);
    const native = spawnSync(program, [], { encoding: 'utf8' }).stdout.trimEnd().split('\n');
    const lines = printed(runModule('formats', source('formats')));
    assert.deepEqual(
      lines.filter((line) => /^(d|u|x|o|h|l|\*|z|c|s|%|i|max)\|/.test(line)),
      native,
    );
  } finally {
    rmSync(scratch, { recursive: true });
  }
});

test('locks hold on 4 CPUs, and two runs are the same run', () => {
  const runs = [1, 2].map(() => {
    const run = runModule('contention', source('contention'), { cpus: 4 });
    const line = printed(run).find((each) => each.startsWith('mutex'));
    assert.equal(line, 'mutex 1600 spinlock 1600 writer 160 violations 0 left 0 calls 4 of 4');
    return { retired: run.lab.machine.retired, log: run.log };
  });
  assert.deepEqual(runs[0], runs[1]);
});

const FAULTS: readonly { what: number; name: string; lines: RegExp[] }[] = [
  {
    what: 0,
    name: 'a NULL pointer',
    lines: [
      /^BUG: kernel NULL pointer dereference, address: 0000000000000000$/,
      /^#PF: supervisor write access in kernel mode$/,
      /^#PF: error_code\(0x0002\) - not-present page$/,
      /^Oops: 0002 \[#1\] SMP NOPTI$/,
      /^RIP: 0010:store\+0x[0-9a-f]+\/0x[0-9a-f]+ \[faults\]$/,
      /^Call Trace:$/,
      / do_init_module\+0x/,
      / entry_SYSCALL_64\+0x/,
      /^Modules linked in: faults\(O\)$/,
      /^CR2: 0000000000000000$/,
      /^---\[ end trace 0000000000000000 \]---$/,
    ],
  },
  { what: 1, name: 'BUG', lines: [/^kernel BUG at .*faults\.c:\d+!$/, /^invalid opcode: 0000 \[#1\]/] },
  {
    what: 2,
    name: 'a wild pointer',
    lines: [/^general protection fault, probably for non-canonical address 0xdead000000000000: 0000 \[#1\]/],
  },
  {
    what: 3,
    name: 'endless recursion',
    lines: [
      /^BUG: TASK stack guard page was hit at /,
      /^stack guard page: 0000 \[#1\]/,
      / recurse\+0x.*\[faults\]$/,
    ],
  },
];

for (const { what, name, lines } of FAULTS) {
  test(`${name} is an oops, and the machine goes on`, () => {
    const run = runModule('faults', source('faults'), { parameters: [`what=${what}`] });
    assert.ok(run.failed !== undefined, 'the loading program is killed');
    inOrder(run.log, lines);
    assert.ok(run.events.some((event) => event.kind === 'oops'));
  });
}

test('sleeping with a spin lock held is reported with the place', () => {
  const { log } = runModule('faults', source('faults'), { parameters: ['what=4'] });
  inOrder(log, [/^BUG: scheduling while atomic: .*\/0x0000000[0-9]$/, / msleep\+0x/, /\[faults\]$/]);
});

test('WARN prints where and why, taints, and returns', () => {
  const run = runModule('faults', source('faults'), { parameters: ['what=5'] });
  inOrder(printed(run), [
    /^warned of 5$/,
    /^WARNING: CPU: \d PID: \d+ at .*faults\.c:\d+ /,
    /Tainted: G {8}W? *O/,
  ]);
});

test('an init function that fails leaves nothing behind', () => {
  const run = runModule('faults', source('faults'), { parameters: ['what=6'] });
  assert.match(run.failed ?? '', /insmod|load/i);
  assert.equal(run.log.filter((line) => /BUG|WARN|Oops/.test(line)).length, 0, run.log.join('\n'));
});
