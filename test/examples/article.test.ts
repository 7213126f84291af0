/**
 * The article's three listings as a reader uses them at the machine's console: the modules are compiled from its text
 * unchanged, inserted, seen in the log and removed; the third listing's lines are typed as they are printed there.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Console } from '../lab/console';

const root = process.env.KPROBE_LAB_ROOT ?? '.';

describe('the article at the console', () => {
  const console = Console.boot({ modules: ['examples/article/listing1.c', 'examples/article/listing2.c'] });

  it('listing 1 prints before and after the probed instruction of every fork', () => {
    const loaded = console.type('insmod listing1.ko');
    assert.equal(loaded.status, 0);
    const pointer = /^Planted kprobe at ([0-9a-f]{16})$/.exec(loaded.log.at(-1) ?? '')?.[1];
    assert.ok(pointer, loaded.log.join('\n'));
    const address = console.lab.kernel.symbols.lookup('do_fork')?.address ?? 0n;
    const handlers = [
      `<do_fork> pre_handler: p->addr = ${pointer}, ip = ${(address + 1n).toString(16)}, flags = 246`,
      `<do_fork> post_handler: p->addr = ${pointer}, flags = 0`,
    ];
    const cat = console.type('cat /etc/hostname');
    assert.equal(cat.output, 'kprobe-lab\n');
    assert.deepEqual(cat.log, handlers);
    assert.deepEqual(console.type('ls /etc | cat').log, [...handlers, ...handlers]);
    assert.deepEqual(console.type('rmmod listing1').log, [...handlers, `kprobe at ${pointer} unregistered`]);
    assert.deepEqual(console.type('cat /etc/hostname').log, [], 'after rmmod nothing is probed');
  });

  it('listing 2 counts opens and survives that regs->di is no file name', () => {
    assert.deepEqual(console.type('insmod listing2.ko').log, ['kprobe registered']);
    const cat = console.type('cat /etc/hostname');
    assert.equal(cat.output, 'kprobe-lab\n');
    assert.equal(cat.log.length, 1);
    // regs->si is the address of the name, in the buffer of the program; as %x of an int.
    assert.match(cat.log[0] ?? '', /^do_sys_open called with filename=\(efault\), flags=[0-9a-f]{6,8}$/);
    assert.match(console.run('lsmod'), /^listing2 +\d+ +0 *$/m);
    assert.deepEqual(console.type('rmmod listing2').log, [
      'kprobe unregistered',
      'do_sys_open called 2 times',
    ]);
    assert.equal(console.run('lsmod').split('\n').length, 2);
  });

  it('listing 3: events are made, enabled and read by the lines as they are printed', () => {
    const lines = readFileSync(join(root, 'examples/article/listing3.sh'), 'utf8').trimEnd().split('\n');
    const trace = lines.map((line) => console.run(line)).at(-1) ?? '';
    const events = trace.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const opens = events.filter((line) => / cat-\d+ .* myprobe: /.test(line));
    const returns = events.filter((line) => / cat-\d+ .* myretprobe: /.test(line));
    // /etc/hostname, then the trace file itself, whose open returns before it is read.
    assert.equal(opens.length, 2, trace);
    assert.equal(returns.length, 2, trace);
    const hex = '0x[0-9a-f]+';
    for (const line of opens) {
      assert.match(
        line,
        new RegExp(
          `myprobe: \\(do_sys_open\\+0x0/${hex}\\) dfd=${hex} filename=${hex} flags=${hex} mode=${hex}$`,
        ),
      );
    }
    for (const line of returns) {
      assert.match(line, /myretprobe: \(\w+\+0x[0-9a-f]+\/0x[0-9a-f]+ <- do_sys_open\) ret=0x3$/);
    }
    assert.match(trace, /^# entries-in-buffer\/entries-written: 5\/5 {3}#P:2$/m);
    // %dx is what the article calls filename; it is the third argument, the flags: O_RDONLY for cat.
    assert.match(opens[0] ?? '', / filename=0x0 /);
  });

  it('events go the way they came', () => {
    const events = '/sys/kernel/debug/tracing/events/kprobes';
    const busy = console.type('echo > /sys/kernel/debug/tracing/kprobe_events');
    assert.equal(busy.status, 1);
    assert.match(busy.output, /Device or resource busy/);
    console.run(`echo 0 > ${events}/myprobe/enable`);
    console.run(`echo 0 > ${events}/myretprobe/enable`);
    console.run('echo > /sys/kernel/debug/tracing/kprobe_events');
    assert.equal(console.run('cat /sys/kernel/debug/tracing/kprobe_events'), '');
    assert.equal(console.run('cat /sys/kernel/debug/kprobes/list'), '');
  });

  it('what the article says to look at is there: kallsyms, and why a probe was refused', () => {
    assert.match(console.run('grep -w do_sys_open /proc/kallsyms'), /^[0-9a-f]{16} T do_sys_open$/m);
    const refused = console.type("echo 'p:nope no_such_function' > /sys/kernel/debug/tracing/kprobe_events");
    assert.equal(refused.status, 1);
    assert.match(console.run('cat /sys/kernel/debug/tracing/error_log'), /no_such_function/);
  });
});
