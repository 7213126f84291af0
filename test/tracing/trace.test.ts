/** From a definition to the line in trace: fetching, printing, the header, trace_pipe, profile, enabling and EBUSY. */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { O_TRUNC, WOULD_BLOCK } from '../../emulator/kernel/hostfs';
import { TraceFs } from '../../emulator/tracing/tracefs';
import { Tracing } from '../../emulator/tracing/tracing';
import { ProbedKernel } from './probedKernel';

let kernel: ProbedKernel;
let tracing: Tracing;
let files: TraceFs;

beforeEach(() => {
  kernel = new ProbedKernel();
  kernel.poke(0x7ffe0000n, '/etc/hostname\0');
  tracing = new Tracing(kernel.host);
  files = new TraceFs(tracing);
});

const EBUSY = -16;

function write(path: string, text: string, flags = 1): number {
  const file = files.open(path, flags);
  return typeof file === 'number'
    ? file
    : file.write(
        0,
        Uint8Array.from(text, (char) => char.charCodeAt(0)),
      );
}

function read(path: string): string {
  const file = files.open(path, 0);
  assert.ok(typeof file === 'object', path);
  const bytes = file.read(0, 65536);
  assert.ok(bytes instanceof Uint8Array);
  return String.fromCharCode(...bytes);
}

const lines = () => tracing.buffer.records().length;
const lastLine = () => read('trace').trimEnd().split('\n').pop() ?? '';

/** Defines one event, enables it, hits it; what the trace line says after the event's name. */
function fetched(args: string): string {
  write('kprobe_events', `p:e do_sys_openat2 ${args}\n`);
  write('events/kprobes/e/enable', '1');
  kernel.hit('do_sys_openat2', { di: 0xffffff9cn, si: 0x7ffe0000n, dx: 0x8000n, sp: 0x7ffe0008n }, 'cat');
  return lastLine().replace(/^.*?: e: \(\S+\) ?/, '');
}

describe('fetch arguments', () => {
  it('registers print in hex unless a type says otherwise', () => {
    assert.equal(
      fetched('%di a=%di:s32 b=%di:u8 c=%di:b4@0/8 d=%dx'),
      'arg1=0xffffff9c a=-100 b=156 c=12 d=0x8000',
    );
  });
  it('text is read from memory; what cannot be read is (fault)', () => {
    assert.equal(
      fetched('n=+0(%si):ustring k=+5(%si):string bad=+0(%di):string'),
      'n="/etc/hostname" k="hostname" bad=(fault)',
    );
  });
  it('a register that is no pointer does not stop the machine: the article reads it as text', () => {
    assert.equal(fetched('f=+0(%dx):string'), 'f=(fault)');
  });
  it('arrays, immediates, comm and stack slots', () => {
    assert.equal(
      fetched('a=+0(%si):u8[3] i=\\7:u8 t=\\"hi" $comm s=$stack0:x8'),
      'a={47,101,116} i=7 t="hi" arg4="cat" s=0x74',
    );
  });
  it('addresses print as symbols', () => {
    assert.equal(fetched('s=\\0xffffffff8134a355:symbol'), 's=do_sys_openat2+0x5/0x170');
  });
});

describe('the trace file', () => {
  it('has the header and one line per hit, in Linux’s columns', () => {
    write('kprobe_events', 'p:e do_sys_openat2\n');
    write('events/kprobes/e/enable', '1');
    kernel.hit('do_sys_openat2', {}, 'busybox');
    const text = read('trace');
    assert.match(text, /^# tracer: nop\n#\n# entries-in-buffer\/entries-written: 1\/1 {3}#P:1\n/);
    assert.equal(
      lastLine(),
      '         busybox-97      [000] .....     1.500001: e: (do_sys_openat2+0x0/0x170)',
    );
  });
  it('a return probe shows where the function returned to', () => {
    write('kprobe_events', 'r:r do_sys_openat2 ret=$retval:s64\n');
    write('events/kprobes/r/enable', '1');
    kernel.hit(
      'do_sys_openat2',
      { ax: 3n },
      'cat',
      (kernel.host.addressesOf('__x64_sys_openat')[0] ?? 0n) + 0x6an,
    );
    assert.match(lastLine(), /: r: \(__x64_sys_openat\+0x6a\/0x170 <- do_sys_openat2\) ret=3$/);
  });
  it('is emptied by opening it with truncation', () => {
    write('kprobe_events', 'p:e do_sys_openat2\n');
    write('events/kprobes/e/enable', '1');
    kernel.hit('do_sys_openat2', {}, 'cat');
    write('trace', '\n', 1 | O_TRUNC);
    assert.equal(lines(), 0);
  });
  it('trace_pipe takes records out, and waits when there are none', () => {
    write('kprobe_events', 'p:e do_sys_openat2\n');
    write('events/kprobes/e/enable', '1');
    kernel.hit('do_sys_openat2', {}, 'cat');
    const pipe = files.open('trace_pipe', 0);
    assert.ok(typeof pipe === 'object');
    const first = pipe.read(0, 4096);
    assert.match(String.fromCharCode(...(first as Uint8Array)), /: e: /);
    assert.equal(pipe.read(0, 4096), WOULD_BLOCK);
    assert.equal(lines(), 0);
  });
  it('drops the oldest records when the buffer is full, and counts them', () => {
    write('kprobe_events', 'p:e do_sys_openat2\n');
    write('events/kprobes/e/enable', '1');
    write('buffer_size_kb', '1');
    for (let i = 0; i < 100; i++) kernel.hit('do_sys_openat2', {}, 'cat');
    const [, inBuffer, written] = /entries-written: (\d+)\/(\d+)/.exec(read('trace')) ?? [];
    assert.equal(written, '100');
    assert.ok(Number(inBuffer) < 100 && Number(inBuffer) > 10);
  });
});

describe('switches', () => {
  beforeEach(() => {
    write('kprobe_events', 'p:a do_sys_openat2\np:g/b vfs_read\n');
  });
  it('an event that is not enabled records nothing', () => {
    kernel.hit('do_sys_openat2', {}, 'cat');
    assert.equal(lines(), 0);
  });
  it('tracing_on=0 counts hits but keeps no records', () => {
    write('events/kprobes/a/enable', '1');
    write('tracing_on', '0');
    kernel.hit('do_sys_openat2', {}, 'cat');
    assert.equal(lines(), 0);
    assert.match(read('kprobe_profile'), /^ {2}a {44}\s+1\s+0$/m);
  });
  it('a group reads X when its events differ', () => {
    write('events/kprobes/a/enable', '1');
    assert.equal(read('events/kprobes/enable'), '1\n');
    assert.equal(read('events/enable'), 'X\n');
  });
  it('takes 0 and 1 only', () => {
    assert.equal(write('events/kprobes/a/enable', 'on'), -22);
    assert.equal(write('events/kprobes/a/enable', '01\n'), 3);
    assert.equal(read('events/kprobes/a/enable'), '1\n');
  });
  it('truncating while one is enabled is EBUSY and deletes nothing', () => {
    write('events/kprobes/a/enable', '1');
    assert.equal(files.open('kprobe_events', 1 | O_TRUNC), EBUSY);
    assert.equal(write('kprobe_events', '-:a\n'), EBUSY);
    assert.equal(read('kprobe_events').split('\n').length, 3);
    write('events/enable', '0');
    write('kprobe_events', '\n', 1 | O_TRUNC);
    assert.equal(read('kprobe_events'), '');
  });
  it('directories list what is there', () => {
    assert.deepEqual(files.list('events'), ['enable', 'g', 'kprobes']);
    assert.deepEqual(files.list('events/g/b'), ['enable', 'filter', 'format', 'id']);
    assert.equal(files.stat('events/nosuch'), undefined);
  });
});
