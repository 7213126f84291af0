/** The modules and events of examples/, loaded at the console: what they print is what their comments promise. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Console } from '../lab/console';

const root = process.env.KPROBE_LAB_ROOT ?? '.';
const modules = ['fork_probe', 'open_counter', 'open_latency'].map((name) => `examples/${name}.c`);

describe('the examples at the console', () => {
  const console = Console.boot({ modules });

  it('fork_probe names who forks, in a pre and a post handler', () => {
    const { log, status } = console.type('insmod fork_probe.ko; ls /etc > /dev/null; rmmod fork_probe');
    assert.equal(status, 0);
    const handlers = log.filter((line) => line.startsWith('<do_fork>'));
    assert.equal(handlers.length, 4, 'ls and rmmod were forked');
    for (const [index, line] of handlers.entries()) {
      const expected =
        index % 2 === 0 ? /^<do_fork> pre: sh\[\d+\] forks, ip = / : /^<do_fork> post: next ip = /;
      assert.match(line, expected);
    }
    assert.match(log.at(-1) ?? '', /^kprobe at do_fork\+0x0\/0x[0-9a-f]+ unregistered after 2 forks$/);
  });

  it('open_counter reads the true arguments', () => {
    const { log } = console.type('insmod open_counter.ko; cat /etc/hostname > /tmp/copy; rmmod open_counter');
    assert.match(log[0] ?? '', /^kprobe registered at do_sys_open\+0x0\//);
    // The shell's child opens the target of > (O_WRONLY|O_CREAT|O_TRUNC) before it becomes cat.
    assert.match(log[1] ?? '', /^sh\[\d+\] opens "\/tmp\/copy": dfd=-100 flags=0x241 mode=666$/);
    assert.match(log[2] ?? '', /^cat\[\d+\] opens "\/etc\/hostname": dfd=-100 flags=(0|0x0) mode=666$/);
    assert.equal(log[3], 'do_sys_open was called 2 times');
  });

  it('open_latency tells descriptor or error, and how long the call took', () => {
    const { log } = console.type('insmod open_latency.ko; cat /etc/hostname /no/file; rmmod open_latency');
    assert.match(log[0] ?? '', /^Planted return probe at do_sys_open\+0x0\//);
    const calls = log.flatMap((line) => {
      const [, fd, took] = /^cat\[\d+\]: do_sys_open\(.*\) returned (-?\d+) after (\d+) ns$/.exec(line) ?? [];
      return fd === undefined ? [] : [{ fd: Number(fd), took: Number(took) }];
    });
    assert.deepEqual(
      calls.map(({ fd }) => fd),
      [3, -2],
      log.join('\n'),
    );
    assert.ok(calls.every(({ took }) => took > 0));
    assert.equal(log.at(-1), 'kretprobe unregistered, missed 0 calls');
  });

  it('open_events traces the same without a module', () => {
    const text = readFileSync(join(root, 'examples/open_events.kprobes'), 'utf8');
    const events = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const tracing = '/sys/kernel/tracing';
    for (const event of events) console.run(`echo '${event}' >> ${tracing}/kprobe_events`);
    console.run(
      `echo 1 > ${tracing}/events/kprobes/enable; cat /etc/hostname; echo 0 > ${tracing}/events/kprobes/enable`,
    );
    const trace = console.run(`cat ${tracing}/trace`);
    assert.match(
      trace,
      / cat-\d+ .* myprobe: \(do_sys_open\+0x0\/0x[0-9a-f]+\) dfd=-100 filename="\/etc\/hostname" flags=0x0 mode=0x1b6$/m,
    );
    assert.match(trace, / cat-\d+ .* myretprobe: \(.* <- do_sys_open\) ret=3$/m);
    console.run(`echo > ${tracing}/kprobe_events`);
  });
});
