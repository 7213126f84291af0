// The machine: RAM and CPUs, run in deterministic slices, stopped at exact instruction counts. This is the only file
// of cpu/ that the rest of the emulator imports values from. Nothing the guest does makes a method throw.
import { Core } from './core';
import { Cpu, type CpuEvents } from './cpu';
import { Engine } from './engine';
import { GuestFault } from './fault';
import { ACTIVE, Field, MAX_CPUS, PAGE, parkedState, STATE_BYTES } from './layout';
import { LinearMemory, SPLIT } from './memory';
import { hashState, type MachineSnapshot, Snapshots } from './snapshot';
import { acknowledge, deliverableVector, serviceTimer } from './system/apic';
import { deliver, TripleFault } from './system/deliver';
import type { Environment } from './system/environment';
import { readMsr, writeMsr } from './system/msr';
import type { TranslatorStatistics } from './wasm/translator';
import type { Watchpoint } from './watch';

export type { MachineSnapshot } from './snapshot';
export type { Watchpoint } from './watch';

/** Why `run` or `step` returned. */
export type Stop =
  | { kind: 'budget' }
  | { kind: 'requested'; cpu: number }
  | { kind: 'breakpoint'; cpu: number; address: bigint }
  | {
      kind: 'watchpoint';
      cpu: number;
      id: number;
      /** First byte and size of the access. */
      address: bigint;
      length: number;
      access: 'read' | 'write';
    }
  | { kind: 'stepped'; cpu: number }
  /** All CPUs are halted and no timer is armed. */
  | { kind: 'idle' }
  /** Triple fault. */
  | { kind: 'shutdown'; cpu: number; reason: string };

/** What the machine calls out for. */
export interface Hooks {
  /** A vmcall is executing; cpu.rip is its address. */
  gate(cpu: Cpu): void;
}

/** A translation that did not succeed, as the page fault it would raise. */
export interface PageFault {
  vector: number;
  errorCode: number;
  address: bigint;
}

/** How to build a machine. */
export interface MachineOptions {
  /** Bytes of RAM; rounded up to pages. */
  memoryBytes: number;
  /** Number of CPUs, at most 32. */
  cpus: number;
  /** False leaves everything to the reference evaluator. */
  translate?: boolean;
  /** Times a place is jumped to before it is translated. Changes speed only, never results. */
  heat?: number;
}

/** Instructions a CPU runs before the next CPU gets its turn. */
const TURN = 20_000;
/** Instructions of other CPUs that a single step waits for at most. */
const STEP_PATIENCE = 10 * TURN;

/** An emulated x86-64 machine. */
export class Machine implements Environment {
  readonly cpus: readonly Cpu[];
  readonly core: Core;
  hooks: Hooks = { gate: () => undefined };
  private readonly memory: LinearMemory;
  private readonly engine: Engine;
  private readonly snapshots: Snapshots;
  private active = 0;
  /** Instructions left of the active CPU's turn; it may go on below zero while no other CPU wants to run. */
  private turn = TURN;
  /** Idle time skipped, in clock units. */
  private skipped = 0;
  private retiredBefore = 0;
  /** Instructions and deliveries before the slice that runs. */
  private steps = 0;
  private stopRequested = false;
  private shutdown: Stop | undefined;
  private atBreakpoint = false;
  private inGate = false;
  private raised: GuestFault | undefined;

  constructor(options: MachineOptions) {
    this.memory = new LinearMemory(options.memoryBytes);
    this.core = new Core(this.memory);
    const events: CpuEvents = {
      pagingChanged: (cpu) => {
        if (cpu.active) this.core.pagingChanged();
      },
      spaceChanged: (cpu) => {
        if (cpu.active) this.core.spaceChanged();
      },
      attention: () => {
        this.core.attention = true;
      },
      readMsr: (cpu, index) => readMsr(this, cpu, index),
      writeMsr: (cpu, index, value) => writeMsr(this, cpu, index, value),
      raise: (cpu, vector, errorCode) => this.raise(cpu, vector, errorCode),
    };
    const count = Math.min(Math.max(1, options.cpus), MAX_CPUS);
    this.cpus = Array.from({ length: count }, (_, index) => new Cpu(index, this.memory, events));
    this.engine = new Engine(this, options);
    this.snapshots = new Snapshots(this.core);
    this.cpus[0].started = true;
    this.load(0);
  }

  /** Counts of translated code; undefined where nothing is translated. For benchmarks and tests. */
  get translation(): TranslatorStatistics | undefined {
    return this.engine.translator?.statistics;
  }

  get cpuCount(): number {
    return this.cpus.length;
  }

  /** Physical memory; index = physical address. After writing to it directly call `physicalWritten`. */
  get ram(): Uint8Array {
    return this.memory.ram;
  }

  /** Retired instructions of all CPUs, exact also inside a gate hook (the vmcall itself not yet counted). */
  get retired(): number {
    return this.retiredBefore + this.engine.retired;
  }

  /**
   * Where in its run the machine is: instructions and deliveries of all CPUs so far, the unit of `run`'s budget. Exact
   * also inside a gate hook (the vmcall itself not yet counted).
   */
  get moment(): number {
    return this.steps + this.engine.retired + this.engine.delivered;
  }

  /** Virtual time in ns: retired instructions plus skipped idle time. */
  get clock(): number {
    return this.retired + this.skipped;
  }

  set clock(value: number) {
    this.skipped = value - this.retired;
  }

  /** Stops after the current instruction. For hooks. */
  requestStop(): void {
    this.stopRequested = true;
    this.core.attention = true;
  }

  /** Runs at most `budget` instructions (deliveries of exceptions count too) and says why it stopped. */
  run(budget: number): Stop {
    let left = Math.floor(budget);
    while (left > 0) {
      if (this.shutdown) return this.shutdown;
      if (!this.schedule()) return { kind: 'idle' };
      // A slice that did nothing still costs, so that this loop ends whatever happens.
      left -= Math.max(this.runTurn(left), 1);
      const stop = this.stopReason();
      if (stop) return stop;
    }
    return this.shutdown ?? { kind: 'budget' };
  }

  /**
   * Exactly one instruction, or one delivery of an interrupt or exception, of one CPU, in its turn: what the schedule
   * places before it runs first, so that stepping gives the same run as running. `budget` when the CPU does not get to
   * run within `limit` instructions of the others.
   */
  step(index: number, limit = STEP_PATIENCE): Stop {
    const cpu = this.cpus[index];
    if (!cpu) return { kind: 'idle' };
    const end = this.steps + Math.min(limit, STEP_PATIENCE);
    while (this.steps < end) {
      if (this.shutdown) return this.shutdown;
      if (!this.schedule()) return { kind: 'idle' };
      const own = this.active === index;
      if (own) cpu.setInt(Field.passBreakpoint, 1);
      this.runTurn(own ? 1 : end - this.steps);
      const stop = this.stopReason();
      if (own) cpu.setInt(Field.passBreakpoint, 1);
      if (stop || own) return stop ?? { kind: 'stepped', cpu: index };
    }
    return { kind: 'budget' };
  }

  /** The next instruction of a CPU does not stop at a breakpoint before it: it has been stopped at already. */
  passBreakpoint(index: number, on = true): void {
    this.cpus[index]?.setInt(Field.passBreakpoint, on ? 1 : 0);
  }

  /** Lets the active CPU run until its turn, a timer or the limit ends it; returns how much of the limit that used. */
  private runTurn(limit: number): number {
    const used = this.slice(Math.min(limit, this.othersWait() ? this.turn : limit, this.untilTimer()));
    this.turn -= used;
    return used;
  }

  /** Makes a CPU that can run active; skips time if all wait for timers. False if nothing will ever happen. */
  private schedule(): boolean {
    for (;;) {
      for (const cpu of this.cpus) serviceTimer(cpu, this.clock);
      // A turn that is over stays over until another CPU can run: it must not depend on where the host's slices end.
      const start = this.turn > 0 ? this.active : (this.active + 1) % this.cpus.length;
      for (let offset = 0; offset < this.cpus.length; offset++) {
        const index = (start + offset) % this.cpus.length;
        const cpu = this.cpus[index];
        if (!cpu.started || (cpu.halted && !this.wakes(cpu))) continue;
        this.activate(index);
        cpu.halted = false;
        return true;
      }
      const deadline = this.nextDeadline();
      if (deadline === Number.POSITIVE_INFINITY) return false;
      this.skipped += Math.max(0, deadline - this.clock);
    }
  }

  /** True if a CPU other than the active one could run now. */
  private othersWait(): boolean {
    return this.cpus.some((cpu) => !cpu.active && cpu.started && (!cpu.halted || this.wakes(cpu)));
  }

  private wakes(cpu: Cpu): boolean {
    return cpu.interruptsEnabled && deliverableVector(cpu) >= 0;
  }

  /** Earliest armed deadline of a timer that can wake or interrupt something. */
  private nextDeadline(): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (const cpu of this.cpus) {
      const deadline = cpu.float(Field.timerDeadline);
      if (cpu.started && deadline > 0) earliest = Math.min(earliest, deadline);
    }
    return earliest;
  }

  private untilTimer(): number {
    return Math.max(1, this.nextDeadline() - this.clock);
  }

  private activate(index: number): void {
    if (index === this.active) return;
    const { u8 } = this.memory;
    u8.copyWithin(parkedState(this.active), ACTIVE, ACTIVE + STATE_BYTES);
    const previous = this.cpus[this.active];
    previous.base = parkedState(this.active);
    this.place(index);
    this.core.cpuChanged(previous);
    this.turn = TURN;
  }

  private load(index: number): void {
    this.place(index);
    this.core.pagingChanged();
  }

  /** Makes a parked CPU's state the active one. */
  private place(index: number): void {
    const cpu = this.cpus[index];
    if (!cpu.active) this.memory.u8.copyWithin(ACTIVE, cpu.base, cpu.base + STATE_BYTES);
    cpu.base = ACTIVE;
    this.active = index;
    this.core.cpu = cpu;
  }

  /** Runs the active CPU for at most `grant` instructions; returns how much budget that used. */
  private slice(grant: number): number {
    const { core, engine } = this;
    core.attention = this.stopRequested;
    engine.begin();
    let used = 0;
    try {
      if (this.takeInterrupt()) {
        used++;
        this.steps++;
      }
      if (used < grant) engine.run(grant - used, used > 0);
    } catch (error) {
      if (!(error instanceof TripleFault)) throw error;
      this.shutdown = {
        kind: 'shutdown',
        cpu: this.active,
        reason: `triple fault: exception ${error.vector} could not be delivered`,
      };
    } finally {
      used += engine.retired + engine.delivered;
      this.steps += engine.retired + engine.delivered;
      core.cpu.retired += engine.retired;
      this.retiredBefore += engine.retired;
      this.atBreakpoint = engine.atBreakpoint;
      engine.begin();
    }
    return used;
  }

  /** Delivers a pending interrupt to the active CPU if it may be taken now. */
  private takeInterrupt(): boolean {
    const { cpu } = this.core;
    if (!cpu.interruptsEnabled || cpu.int(Field.interruptShadow)) return false;
    const vector = deliverableVector(cpu);
    if (vector < 0) return false;
    acknowledge(cpu, vector);
    deliver(this.core, vector, undefined, 'external');
    return true;
  }

  private stopReason(): Stop | undefined {
    const { core } = this;
    if (this.shutdown) return this.shutdown;
    const { hit } = core.watchpoints;
    if (hit) {
      core.watchpoints.hit = undefined;
      return { kind: 'watchpoint', cpu: this.active, ...hit };
    }
    if (this.stopRequested) {
      this.stopRequested = false;
      return { kind: 'requested', cpu: this.active };
    }
    if (this.atBreakpoint) {
      core.cpu.setInt(Field.passBreakpoint, 1);
      return { kind: 'breakpoint', cpu: this.active, address: core.cpu.rip };
    }
    return undefined;
  }

  /** Environment: the host gate. A hook that throws is the host's own error and passes through. */
  gate(cpu: Cpu): void {
    this.raised = undefined;
    this.inGate = true;
    try {
      this.hooks.gate(cpu);
    } finally {
      this.inGate = false;
    }
    if (this.raised) throw this.raised;
  }

  /** Environment: pends an interrupt on another CPU. */
  sendInterrupt(apicId: number, vector: number): void {
    this.cpus[apicId]?.interrupt(vector);
  }

  private raise(cpu: Cpu, vector: number, errorCode: number | undefined): void {
    const fault = new GuestFault(vector, errorCode);
    // Within a gate the vmcall itself faults once the hook has returned.
    if (this.inGate) this.raised = fault;
    else if (cpu.active) deliver(this.core, vector, errorCode, 'fault');
  }

  /** Stops before the instruction at this linear address; changes no memory. */
  addBreakpoint(address: bigint): void {
    this.engine.evaluator.breakpoints.add(BigInt.asUintN(64, address));
    this.core.code.forget(BigInt.asUintN(64, address));
  }

  removeBreakpoint(address: bigint): void {
    this.engine.evaluator.breakpoints.delete(BigInt.asUintN(64, address));
    this.core.code.forget(BigInt.asUintN(64, address));
  }

  /** Stops after an instruction that accesses the range; returns the id that the stop will name. */
  addWatchpoint(watchpoint: Watchpoint): number {
    const id = this.core.watchpoints.add(watchpoint);
    this.core.flushTranslations();
    return id;
  }

  removeWatchpoint(id: number): void {
    this.core.watchpoints.remove(id);
    this.core.flushTranslations();
  }

  /** Physical address behind a linear one as `cpu` would see it, or the fault. Changes nothing. */
  translate(
    cpu: Cpu,
    address: bigint,
    access: 'read' | 'write' | 'execute',
    user = false,
  ): number | PageFault {
    const result = this.core.probe(cpu, BigInt.asUintN(64, address), {
      write: access === 'write',
      execute: access === 'execute',
      user,
    });
    if (typeof result === 'number') return result;
    return { vector: result.vector, errorCode: result.errorCode ?? 0, address };
  }

  /** Bytes of linear memory as kernel mode sees it, or undefined if some are not mapped. A copy. */
  read(cpu: Cpu, address: bigint, length: number): Uint8Array | undefined {
    const bytes = new Uint8Array(length);
    const done = this.eachPage(cpu, address, length, (physical, from, count) => {
      bytes.set(this.memory.ram.subarray(physical, physical + count), from);
    });
    return done ? bytes : undefined;
  }

  /** Writes linear memory whatever its protection; false (and nothing written) if some of it is not mapped. */
  write(cpu: Cpu, address: bigint, bytes: Uint8Array): boolean {
    if (!this.eachPage(cpu, address, bytes.length, () => undefined)) return false;
    return this.eachPage(cpu, address, bytes.length, (physical, from, count) => {
      this.memory.ram.set(bytes.subarray(from, from + count), physical);
      this.physicalWritten(physical, count);
    });
  }

  private eachPage(
    cpu: Cpu,
    address: bigint,
    length: number,
    visit: (physical: number, from: number, count: number) => void,
  ): boolean {
    const access = { write: false, execute: false, user: false };
    for (let done = 0; done < length; ) {
      const at = BigInt.asUintN(64, address + BigInt(done));
      this.memory.split(at);
      const count = Math.min(length - done, PAGE - (this.memory.i32[SPLIT] & (PAGE - 1)));
      const physical = this.core.probe(cpu, at, access);
      if (typeof physical !== 'number' || physical + count > this.memory.ramBytes) return false;
      visit(physical, done, count);
      done += count;
    }
    return true;
  }

  /** Linear memory as an unsigned number of `size` bytes, or undefined. */
  private readWord(cpu: Cpu, address: bigint, size: number): bigint | undefined {
    const bytes = this.read(cpu, address, size);
    if (!bytes) return undefined;
    let value = 0n;
    for (let at = size - 1; at >= 0; at--) value = (value << 8n) | BigInt(bytes[at]);
    return value;
  }

  readU64(cpu: Cpu, address: bigint): bigint | undefined {
    return this.readWord(cpu, address, 8);
  }

  readU32(cpu: Cpu, address: bigint): number | undefined {
    const value = this.readWord(cpu, address, 4);
    return value === undefined ? undefined : Number(value);
  }

  readU16(cpu: Cpu, address: bigint): number | undefined {
    const value = this.readWord(cpu, address, 2);
    return value === undefined ? undefined : Number(value);
  }

  readU8(cpu: Cpu, address: bigint): number | undefined {
    return this.read(cpu, address, 1)?.[0];
  }

  private writeWord(cpu: Cpu, address: bigint, size: number, value: bigint): boolean {
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; at++) bytes[at] = Number((value >> BigInt(at * 8)) & 0xffn);
    return this.write(cpu, address, bytes);
  }

  writeU64(cpu: Cpu, address: bigint, value: bigint): boolean {
    return this.writeWord(cpu, address, 8, value);
  }

  writeU32(cpu: Cpu, address: bigint, value: number): boolean {
    return this.writeWord(cpu, address, 4, BigInt(value >>> 0));
  }

  writeU16(cpu: Cpu, address: bigint, value: number): boolean {
    return this.writeWord(cpu, address, 2, BigInt(value & 0xffff));
  }

  writeU8(cpu: Cpu, address: bigint, value: number): boolean {
    return this.writeWord(cpu, address, 1, BigInt(value & 0xff));
  }

  /** The host changed `ram` directly: forgets code made from these bytes and notes the pages for snapshots. */
  physicalWritten(address: number, length: number): void {
    if (length <= 0) return;
    this.core.code.written(address, length);
    for (let page = Math.floor(address / PAGE); page <= Math.floor((address + length - 1) / PAGE); page++) {
      this.core.dirty[page] = 1;
    }
  }

  /** The host changed data at this physical address directly, within one page that holds no code. */
  dataWritten(address: number): void {
    this.core.dirty[address >>> 12] = 1;
  }

  /** Copy of the whole state of the machine; unchanged pages are shared with the previous snapshot. */
  snapshot(): MachineSnapshot {
    return this.snapshots.take(this.cpus, {
      active: this.active,
      turn: this.turn,
      skipped: this.skipped,
      retired: this.retiredBefore,
      steps: this.steps,
    });
  }

  /** Puts the machine back into a state taken from it (or from a machine of the same shape). */
  restore(snapshot: MachineSnapshot): void {
    const { schedule } = snapshot;
    for (const cpu of this.cpus) cpu.base = parkedState(cpu.index);
    this.snapshots.restore(snapshot);
    this.turn = schedule.turn;
    this.skipped = schedule.skipped;
    this.retiredBefore = schedule.retired;
    this.steps = schedule.steps;
    this.shutdown = undefined;
    this.stopRequested = false;
    this.core.watchpoints.hit = undefined;
    this.load(schedule.active);
    for (const cpu of this.cpus) cpu.setInt(Field.passBreakpoint, 0);
  }

  /** Hash over memory and all CPUs: equal for equal states, whatever the engine, slices and stops were. */
  stateHash(): string {
    return hashState(this.memory, this.cpus, [
      this.active,
      this.turn,
      this.skipped,
      this.retiredBefore,
      this.steps,
    ]);
  }
}
