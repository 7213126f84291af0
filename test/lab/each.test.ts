/**
 * Instructions of the kernel carry a probe, one at a time, under a workload that reaches them, and the workload's result
 * stays the same. Which instructions it reaches is found first, by arming groups of functions at once. CI takes a seeded
 * sample of functions and of their instructions; KPROBE_LAB_SEED chooses others, KPROBE_LAB_EACH=all takes every
 * instruction of every function (the long mode, many minutes).
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernelSources } from 'kernel-sources';
import type { Lab } from '../../emulator/lab';
import { compileUser } from '../../emulator/lab/compile';
import { bootLab, fixture } from './module';

const seed = Number(process.env.KPROBE_LAB_SEED ?? 20261126);
const whole = process.env.KPROBE_LAB_EACH === 'all';
const FUNCTIONS = 150;
const SAMPLE = 160;
/** Instructions armed at once while looking for those that the workload reaches. */
const GROUP = 6000;
/** Instructions that a round surely takes less than. */
const ROUND = 4_000_000;
const SLICE = 20_000;

test(`each instruction can carry a probe (seed ${seed}${whole ? ', all' : ''})`, () => {
  const rounds = new Rounds();
  const before = rounds.code();
  const reached = rounds.findReached(whole ? Number.POSITIVE_INFINITY : FUNCTIONS);
  assert.ok(reached.length > SAMPLE, `the workload reaches only ${reached.length} instructions`);
  const chosen = whole ? reached : sample(reached, SAMPLE, seed);
  const unhit = chosen.filter((address, index) => !rounds.probe(address, index % 2 === 0));
  rounds.oneMore();
  assert.deepEqual(rounds.different(), [], 'the workload saw something else');
  assert.deepEqual(rounds.complaints(), []);
  assert.ok(unhit.length <= chosen.length / 20, `${unhit.length} of ${chosen.length} were not hit again`);
  assert.deepEqual(rounds.lab.kprobes.list(), []);
  assert.deepEqual(rounds.code(), before);
  if (whole) console.log(`${chosen.length} instructions probed, ${unhit.length} not hit again`);
});

/** A machine whose first process makes rounds. */
class Rounds {
  readonly lab: Lab;
  private tty = '';

  constructor() {
    this.lab = bootLab({ commandLine: 'quiet', cpus: 1 });
    const files = new Map([['rounds.c', fixture('rounds.c')]]);
    const program = compileUser('rounds.c', files, kernelSources, { cache: this.lab.cache });
    assert.ok(program.bytes !== undefined, JSON.stringify(program.diagnostics[0]));
    this.lab.addFile('/init', program.bytes, 0o755);
    this.lab.addFile('/tmp/.keep', new Uint8Array(0));
    this.lab.stopOn = { oops: false, warn: false };
    this.lab.onEvent((event) => {
      if (event.kind === 'tty') this.tty += event.text;
    });
    this.oneMore();
  }

  /** Runs until one more round was printed. */
  oneMore(): void {
    const lines = () => this.tty.split('\n').length;
    const from = lines();
    const limit = this.lab.machine.retired + 20 * ROUND;
    while (lines() < from + 2) {
      this.run();
      assert.ok(this.lab.machine.retired < limit, `no round ends\n${this.log()}`);
    }
  }

  /** The addresses of instructions, in so many functions, that rounds execute and that can carry a probe. */
  findReached(count: number): bigint[] {
    const reached: bigint[] = [];
    const { image } = this.lab.build;
    const { functions } = image.debug;
    let group: bigint[] = [];
    for (const fn of count < functions.length ? sample(functions, count, seed) : functions) {
      const start = image.base + BigInt(fn.start);
      for (const offset of this.lab.kprobes.instructionStarts(start, fn.size) ?? [])
        group.push(start + BigInt(offset));
      if (group.length < GROUP) continue;
      reached.push(...this.reachedOf(group));
      group = [];
    }
    reached.push(...this.reachedOf(group));
    return reached;
  }

  /** Probes one instruction until it is hit; false when two rounds do not reach it. */
  probe(address: bigint, post: boolean): boolean {
    const hits = new Set<bigint>();
    const probe = this.place(address, hits, post);
    assert.ok(probe !== undefined, `0x${address.toString(16)} is refused now`);
    const limit = this.lab.machine.retired + 2 * ROUND;
    while (hits.size === 0 && this.lab.machine.retired < limit) this.run();
    this.lab.kprobes.unregisterHost(probe);
    return hits.size > 0;
  }

  /** Lines that differ from the first. */
  different(): string[] {
    const lines = this.tty.split(/\r?\n/).slice(0, -1);
    return lines.filter((line) => line !== lines[0]);
  }

  complaints(): string[] {
    return this.lab.kernel.console
      .all()
      .map((record) => record.text)
      .filter((text) => /BUG|WARN|Oops|panic/.test(text));
  }

  /** The kernel's code as it is in memory, section by section; .init was freed. */
  code(): (Uint8Array | undefined)[] {
    const { image } = this.lab.build;
    return image.sections
      .filter((section) => section.flags.exec && !section.name.startsWith('.init'))
      .map((section) => this.lab.kernel.guest.peek(image.base + BigInt(section.offset), section.size));
  }

  private reachedOf(group: readonly bigint[]): bigint[] {
    const hits = new Set<bigint>();
    const probes = group.map((address) => this.place(address, hits, false));
    this.oneMore();
    for (const probe of probes) if (probe !== undefined) this.lab.kprobes.unregisterHost(probe);
    return [...hits];
  }

  private place(address: bigint, hits: Set<bigint>, post: boolean) {
    const probe = this.lab.kprobes.registerHost({
      at: { address },
      kind: 'entry',
      owner: 'trace',
      pre: () => {
        hits.add(address);
        return undefined;
      },
      ...(post ? { post: () => undefined } : {}),
    });
    return 'errno' in probe ? undefined : probe;
  }

  private run(): void {
    const stop = this.lab.run(SLICE);
    assert.equal(stop.kind, 'budget', this.log());
  }

  private log(): string {
    return [...this.lab.kernel.console.all().map((record) => record.text), this.tty].slice(-30).join('\n');
  }
}

/** `count` of the items, chosen by the seed (xorshift32). */
function sample<T>(items: readonly T[], count: number, from: number): T[] {
  let state = from | 1;
  return Array.from({ length: count }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return items[(state >>> 0) % items.length];
  });
}
