/**
 * What only the lab has: its mounts, /proc, the files that the host serves, devices, the RAM disk and the console.
 *
 * One boot; init is support/look_around.c, which prints each answer between marks. The console's input is typed whenever
 * the machine waits for it.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { kernelSources } from 'kernel-sources';
import { Lab } from '../../emulator/lab';
import { compileUser } from '../../emulator/lab/compile';

const program = join(process.env.KPROBE_LAB_ROOT ?? '.', 'test', 'linux', 'support', 'look_around.c');
/** A line with every editing key in it, ^D, ^C. */
const TYPED = ['wrong\u0015hellx\u007fo worl\u0017world\n', '\u0004', '\u0003'];
const SLICE = 1_000_000;
const SLICES = 200;

const answers = new Map<string, string>();

function look(): void {
  const files = new Map([[program, readFileSync(program, 'utf8')]]);
  const { bytes, diagnostics } = compileUser(program, files, kernelSources);
  assert.ok(bytes, JSON.stringify(diagnostics));
  const { lab, ...failure } = Lab.boot({
    sources: kernelSources,
    cpus: 2,
    files: new Map([['/init', { data: bytes, mode: 0o755 }]]),
    commandLine: 'init=/init',
  });
  assert.ok(lab, JSON.stringify(failure));
  let terminal = '';
  lab.onEvent((event) => {
    if (event.kind === 'tty') terminal += event.text;
  });
  const typed = [...TYPED];
  for (let slice = 0; slice < SLICES; slice++) {
    const { kind } = lab.run(SLICE);
    const next = kind === 'idle' ? typed.shift() : undefined;
    if (next !== undefined) lab.inputBytes(new TextEncoder().encode(next));
    else if (kind !== 'budget') break;
  }
  for (const [, name, text] of terminal.matchAll(/<<<<(.*)\n([\s\S]*?)>>>>\n/g)) {
    answers.set(name ?? '', text ?? '');
  }
}

/** Asserts that the answer called `name` is, or matches, `expected`. */
function says(name: string, expected: string | RegExp): void {
  const answer = answers.get(name);
  assert.ok(answer !== undefined, `no answer "${name}"; there are: ${[...answers.keys()].join(', ')}`);
  if (typeof expected === 'string') assert.equal(answer, expected);
  else assert.match(answer, expected);
}

describe('the machine as its programs see it', () => {
  before(look);

  it('describes processes and itself in /proc', () => {
    says('/proc/self/status', /^Name:\tinit\n[\s\S]*^Pid:\t1$/m);
    says('/proc/self/maps', /^00400000-\w+ r-xp \w+ 00:01 \d+ +\/init$[\s\S]*\[stack\]/m);
    says('/proc/meminfo', /^MemTotal: +\d+ kB$/m);
    says('/proc/devices', /^ 10 misc$/m);
    says('/proc/version', /^Linux version 6\.1\.0/);
    says('/proc/kallsyms', /^ffffffff81\w+ [tT] \w+$/m);
    says('/proc/nothing', 'No such file or directory\n');
  });

  it('has variables in /proc/sys that can be set', () => {
    says('put /proc/sys/kernel/hostname', 'ok\n');
    says('/proc/sys/kernel/hostname', 'labtwo\n');
  });

  it('mounts, binds, remounts and unmounts', () => {
    says('/proc/mounts', /^tracefs \/sys\/kernel\/debug\/tracing tracefs rw,relatime 0 0$/m);
    says('mount', 'ok\n');
    says('umount busy', 'Device or resource busy\n');
    says('rmdir mount point', 'Device or resource busy\n');
    says('rename across', 'Invalid cross-device link\n');
    says('umount', 'ok\n');
    says('gone', 'No such file or directory\n');
    says('mount unknown', 'No such device\n');
    says('/mnt/hostname', /./);
    says('write read-only', 'Read-only file system\n');
  });

  it('traces its own open through files that the host serves', () => {
    says('put /sys/kernel/debug/tracing/kprobe_events', 'ok\n');
    says('/sys/kernel/tracing/kprobe_events', 'p:kprobes/opened do_sys_open dfd=%di\n');
    says('/sys/kernel/tracing/trace', /init-1 .*: opened: \(do_sys_open\+0x0\/\w+\) dfd=0xffffffffffffff9c/);
    says('put /sys/kernel/tracing/kprobe_events', 'Invalid argument\n');
  });

  it('has devices and a RAM disk', () => {
    says('put /dev/full', 'No space left on device\n');
    says('put /dev/null', 'ok\n');
    says('disk write', 'ok\n');
    says('disk read', 'ok\n');
    says('disk end', '10\n');
  });

  it('edits lines at the console and sends ^C to the foreground', () => {
    says('line', 'hello world\n');
    says('end of file', '0\n');
    says('interrupted', '2\n');
  });
});
