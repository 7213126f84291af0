/**
 * Probes of all kinds come and go on random instructions of the whole kernel, between any two instructions, while a
 * workload runs on four CPUs: the workload's output and exit code and the kernel's text afterwards are those of an
 * unprobed run. KPROBE_LAB_SEED repeats a run, KPROBE_LAB_OPERATIONS sets its length.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernelSources } from 'kernel-sources';
import type { HostProbe, HostProbeSpec } from '../../emulator/kprobes/types';
import type { Lab } from '../../emulator/lab';
import { compileUser } from '../../emulator/lab/compile';
import { bootLab, fixture } from './module';

const seed = Number(process.env.KPROBE_LAB_SEED ?? 20261125);
const operations = Number(process.env.KPROBE_LAB_OPERATIONS ?? 10_000);
const LIMIT = 150_000_000;
/** Most probes at a time. */
const CROWD = 400;

test(`probes everywhere change nothing (seed ${seed}, ${operations} operations)`, () => {
  const reference = new Machine();
  reference.finish(200_000, () => undefined);
  assert.equal(reference.lab.exitCode, 42, reference.tty);

  const machine = new Machine();
  const crowd = new Crowd(machine.lab, seed);
  machine.finish(400, () => {
    if (crowd.operations < operations) crowd.operate();
  });
  assert.equal(machine.tty, reference.tty, `after ${crowd.operations} operations`);
  assert.equal(machine.lab.exitCode, 42);
  assert.ok(crowd.operations >= operations, `only ${crowd.operations} operations fitted into the workload`);
  assert.ok(crowd.hits > operations / 10, `only ${crowd.hits} hits`);
  crowd.leave();
  assert.deepEqual(machine.code(), reference.code());
  assert.deepEqual(machine.lab.kprobes.list(), []);
});

/** A machine that runs the workload as its first process. */
class Machine {
  readonly lab: Lab;
  tty = '';

  constructor() {
    this.lab = bootLab({ commandLine: 'quiet', cpus: 4 });
    const files = new Map([['workload.c', fixture('workload.c')]]);
    const program = compileUser('workload.c', files, kernelSources, { cache: this.lab.cache });
    assert.ok(program.bytes !== undefined, JSON.stringify(program.diagnostics[0]));
    this.lab.addFile('/init', program.bytes, 0o755);
    this.lab.onEvent((event) => {
      if (event.kind === 'tty') this.tty += event.text;
    });
    while (!this.lab.booted) assert.equal(this.lab.run(5000).kind, 'budget');
  }

  /** Runs to power-off in slices, with something done between them. */
  finish(slice: number, between: () => void): void {
    for (;;) {
      const stop = this.lab.run(slice);
      if (stop.kind === 'poweroff') return;
      const log = this.lab.kernel.console.all().map((record) => record.text);
      assert.equal(stop.kind, 'budget', log.slice(-40).join('\n'));
      assert.ok(this.lab.machine.retired < LIMIT, `no end: ${this.tty}`);
      between();
    }
  }

  /** The kernel's code as it is in memory. */
  code(): Uint8Array | undefined {
    const { image } = this.lab.build;
    const text = image.sections.filter((section) => section.flags.exec);
    const end = Math.max(...text.map((section) => section.offset + section.size));
    return this.lab.kernel.guest.peek(image.base, end);
  }
}

/** A changing set of random probes. */
class Crowd {
  operations = 0;
  hits = 0;
  private readonly placed: HostProbe[] = [];
  private readonly random: () => number;

  constructor(
    private readonly lab: Lab,
    from: number,
  ) {
    this.random = generator(from);
  }

  operate(): void {
    this.operations++;
    const choice = this.random() % 10;
    if (this.placed.length === 0 || (choice < 6 && this.placed.length < CROWD)) this.place();
    else if (choice < 9) {
      const [gone] = this.placed.splice(this.random() % this.placed.length, 1);
      this.lab.kprobes.unregisterHost(gone);
    } else
      this.lab.kprobes.setEnabled(this.placed[this.random() % this.placed.length], this.random() % 3 > 0);
  }

  leave(): void {
    for (const probe of this.placed) this.lab.kprobes.unregisterHost(probe);
  }

  private place(): void {
    const { image } = this.lab.build;
    const { functions } = image.debug;
    const fn = functions[this.random() % functions.length];
    const start = image.base + BigInt(fn.start);
    const starts = [...(this.lab.kprobes.instructionStarts(start, fn.size) ?? [0])];
    const offset = starts[this.random() % starts.length];
    const probe = this.lab.kprobes.registerHost(this.spec(start + BigInt(offset), offset === 0));
    if (!('errno' in probe)) this.placed.push(probe);
  }

  private spec(address: bigint, atEntry: boolean): HostProbeSpec {
    const count = () => {
      this.hits++;
      return undefined;
    };
    const owner = this.random() % 4 === 0 ? 'debugger' : 'trace';
    if (atEntry && this.random() % 2 === 0) {
      return {
        at: { address },
        kind: 'return',
        owner,
        maxactive: 1 + (this.random() % 20),
        entry: count,
        onReturn: count,
      };
    }
    const post = this.random() % 3 === 0 ? { post: count } : {};
    return { at: { address }, kind: 'entry', owner, disabled: this.random() % 8 === 0, pre: count, ...post };
  }
}

/** A small seeded generator of 31-bit numbers (xorshift32). */
function generator(from: number): () => number {
  let state = from | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0x7fffffff;
  };
}
