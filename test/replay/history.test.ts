/**
 * Going back and forth: at random points of a run with modules, probes, traces and shell commands on 1 to 8 CPUs, the
 * whole state, the console and the trace are what they were, and the run goes on to the same future.
 * KPROBE_LAB_SEED repeats a run, KPROBE_LAB_ROUNDS makes it longer.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { HostProbe, HostProbeSpec } from '../../emulator/kprobes/types';
import type { Lab } from '../../emulator/lab';
import { History, type Point } from '../../emulator/replay/history';
import { Console } from '../lab/console';

const seed = Number(process.env.KPROBE_LAB_SEED ?? 20261124);
const rounds = Number(process.env.KPROBE_LAB_ROUNDS ?? 16);

/** Numbers from 0 up to, but without, `below`. */
function generator(start: number): (below: number) => number {
  let state = start >>> 0 || 1;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Everything that anybody can see of a lab, as one text. */
function describe(lab: Lab): string {
  const text = JSON.stringify(
    {
      machine: lab.machine.stateHash(),
      console: lab.kernel.console.all(),
      trace: lab.tracing.traceText(),
      events: lab.tracing.definitions.listing() + lab.tracing.definitions.profile(),
      probes: lab.kprobes.list(),
      modules: lab.kernel.modules
        .all()
        .map(({ address, loaded }) => [address, loaded.name, loaded.initFreed]),
      symbols: createHash('sha256').update(lab.kernel.symbols.text(true)).digest('hex'),
      processes: lab.processes.pids(),
    },
    (_key, value: unknown) => (typeof value === 'bigint' ? `0x${value.toString(16)}` : value),
  );
  return text;
}

function digest(lab: Lab): string {
  return createHash('sha256').update(describe(lab)).digest('hex');
}

/** Drives a generator of History to its end. */
function drive<Result>(journey: Generator<undefined, Result>): Result {
  for (;;) {
    const step = journey.next();
    if (step.done === true) return step.value;
  }
}

/** Changes memory from outside, as setting a variable does: the name of the idle task. */
function rename(lab: Lab, letter: number): void {
  const { guest } = lab.kernel;
  const comm = guest.member('task_struct', lab.kernel.rawSymbol('init_task'), 'comm');
  lab.change('memory', () => guest.poke(comm, Uint8Array.of(0x61 + letter)));
}

const TRACING = '/sys/kernel/tracing';
const LINES = [
  'insmod open_counter.ko',
  'rmmod open_counter',
  'cat /etc/hostname',
  'ls / | wc -l; echo done',
  `echo 'p:opened do_sys_open flags=%dx:x32' > ${TRACING}/kprobe_events`,
  `echo 'r:closed vfs_read ret=$retval' >> ${TRACING}/kprobe_events`,
  `echo 1 > ${TRACING}/events/kprobes/enable`,
  `echo 0 > ${TRACING}/events/kprobes/enable; echo > ${TRACING}/kprobe_events`,
  `cat ${TRACING}/trace | tail -3`,
  '(sleep 1; echo later) & x=2; for i in 1 2 3; do echo $i $x | cat; done',
  'dmesg | tail -2',
  'cat /proc/modules /sys/kernel/debug/kprobes/list',
];
const PLACES = ['do_sys_open', 'vfs_read', 'kernel_clone', 'ksys_write', 'schedule'];

for (const cpus of [1, 2, 4, 8]) {
  test(`back and forth at random points, ${cpus} CPUs (seed ${seed})`, () => {
    const random = generator(seed + cpus);
    const console = Console.boot({ cpus, modules: ['examples/open_counter.c'] });
    const { lab } = console;
    const history = new History(lab, { interval: 150_000, near: 1_000_000 });
    const seen: { point: Point; digest: string }[] = [];
    const note = () => seen.push({ point: history.now, digest: digest(lab) });
    const probes: { spec: HostProbeSpec; probe: HostProbe }[] = [];
    let hits = 0;
    const toggle = () => {
      if (probes.length > 2) {
        const [gone] = probes.splice(random(probes.length), 1);
        const { spec } = gone ?? assert.fail();
        lab.change('a probe removed', () => {
          const probe = lab.kprobes.hostOf(spec);
          if (probe) lab.kprobes.unregisterHost(probe);
        });
        return;
      }
      const at = { symbol: PLACES[random(PLACES.length)] ?? '', offset: 0 };
      const answer = () => (hits++ % 3 === 0 ? ('stop' as const) : undefined);
      const spec: HostProbeSpec =
        random(2) === 0
          ? { at, owner: 'debugger', kind: 'entry', pre: answer }
          : { at, owner: 'debugger', kind: 'return', onReturn: answer };
      const probe = lab.change('a probe', () => lab.kprobes.registerHost(spec));
      assert.ok(
        !('errno' in probe),
        JSON.stringify(probe, (_, v: unknown) => String(v)),
      );
      probes.push({ spec, probe });
    };
    const first = history.now;
    for (let round = 0; round < rounds; round++) {
      if (random(3) > 0) lab.input(LINES[random(LINES.length)] ?? '');
      if (random(4) === 0) toggle();
      if (random(6) === 0) rename(lab, random(26));
      for (let left = random(300_000); left > 0; left -= 20_000) {
        const stop = random(8) === 0 ? history.step(random(cpus)) : history.run(1 + random(20_000));
        if (stop.kind === 'idle') break;
      }
      if (random(2) === 0) note();
    }
    note();
    const last = seen.at(-1) ?? assert.fail();
    for (let journey = 0; journey < 8; journey++) {
      const { point, digest: expected } = seen[random(seen.length)] ?? assert.fail();
      assert.ok(drive(history.travel(point, () => 1 + random(90_000))));
      assert.deepEqual(history.now, point);
      assert.equal(digest(lab), expected, `at ${JSON.stringify(point)}`);
      if (random(3) > 0) continue;
      while (history.past) history.run(1 + random(50_000));
      assert.deepEqual(history.now, last.point);
      assert.equal(digest(lab), last.digest, 'the same future');
    }
    assert.ok(drive(history.travel(first, () => 1_000_000)));
  });
}
