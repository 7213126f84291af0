/**
 * Register allocation: every virtual register gets one machine register for its whole life, or a place in the frame.
 *
 * Intervals are placed by priority: fixed ones, operands of inline assembly, then by weight per length. One place per
 * life keeps "where is this variable" simple; holes in intervals make that cheaper than it sounds.
 */
import { type IrFunction, NONE, type VReg } from '../ir/ir';
import type { Interval, Liveness, Ranges } from './liveness';
import { CALLEE_SAVED, CALLER_SAVED, RAX, RBP, RBX, RCX, RDX, RSP } from './timing';

/** The result. `machine[v]` is a register number or NONE; then `spill[v]` is a spill slot number or NONE if never used. */
export interface Allocation {
  machine: Int8Array;
  spill: Int32Array;
  spillCount: number;
  savedRegisters: number[];
  /** Virtual registers that had to be in a register and are not: too many operands of one asm statement. */
  failed: VReg[];
}

/** Using one more callee-saved register costs a push and a pop in every call of the function. */
const CALLEE_SAVED_COST = 2.5;

/** Occupied ranges of one machine register or spill slot, sorted by start, disjoint. */
class Occupancy {
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];

  /** Index of the first range that ends at or after `position`. */
  private find(position: number): number {
    let low = 0;
    let high = this.ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ends[middle] < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  isFree(ranges: Ranges): boolean {
    for (let i = 0; i < ranges.length; i += 2) {
      const at = this.find(ranges[i]);
      if (at < this.starts.length && this.starts[at] <= ranges[i + 1]) return false;
    }
    return true;
  }

  add(ranges: Ranges): void {
    for (let i = 0; i < ranges.length; i += 2) {
      const at = this.find(ranges[i]);
      this.starts.splice(at, 0, ranges[i]);
      this.ends.splice(at, 0, ranges[i + 1]);
    }
  }
}

/** True if one of `positions` (ascending) lies in a range. */
function hits(positions: readonly number[], ranges: Ranges): boolean {
  let at = 0;
  for (let i = 0; i < ranges.length; i += 2) {
    let low = at;
    let high = positions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (positions[middle] < ranges[i]) low = middle + 1;
      else high = middle;
    }
    at = low;
    if (at < positions.length && positions[at] <= ranges[i + 1]) return true;
  }
  return false;
}

function lengthOf(ranges: Ranges): number {
  let length = 0;
  for (let i = 0; i < ranges.length; i += 2) length += ranges[i + 1] - ranges[i] + 1;
  return length;
}

class Allocator {
  private readonly occupied = Array.from({ length: 16 }, () => new Occupancy());
  private readonly slots: Occupancy[] = [];
  private readonly usedSaved = new Set<number>();
  readonly machine: Int8Array;
  readonly spill: Int32Array;
  readonly failed: VReg[] = [];

  constructor(
    private readonly fn: IrFunction,
    private readonly liveness: Liveness,
  ) {
    this.machine = new Int8Array(fn.registers.length).fill(NONE);
    this.spill = new Int32Array(fn.registers.length).fill(NONE);
    for (const machine of CALLEE_SAVED) {
      if (liveness.clobbers[machine].length > 0) this.usedSaved.add(machine);
    }
  }

  run(): Allocation {
    const intervals = this.liveness.intervals.filter(
      (interval): interval is Interval => interval !== undefined,
    );
    const ordinary: { interval: Interval; priority: number }[] = [];
    const required: Interval[] = [];
    for (const interval of intervals) {
      const info = this.fn.registers[interval.register];
      if (info.fixed !== NONE) this.assign(interval, info.fixed);
      else if (info.mustRegister) required.push(interval);
      else ordinary.push({ interval, priority: interval.weight / (lengthOf(interval.ranges) + 4) });
    }
    // Registers restricted to rax…rdx choose first.
    required.sort((a, b) => Number(this.isLegacy(b)) - Number(this.isLegacy(a)));
    for (const interval of required) {
      const order = this.isLegacy(interval) ? [RAX, RCX, RDX, RBX] : [...CALLER_SAVED, ...CALLEE_SAVED];
      if (!this.place(interval, order)) {
        this.failed.push(interval.register);
        this.spillOut(interval);
      }
    }
    ordinary.sort((a, b) => b.priority - a.priority || a.interval.register - b.interval.register);
    for (const { interval } of ordinary) {
      if (!this.place(interval, this.candidates(interval))) this.spillOut(interval);
    }
    return {
      machine: this.machine,
      spill: this.spill,
      spillCount: this.slots.length,
      savedRegisters: CALLEE_SAVED.filter((machine) => this.usedSaved.has(machine)),
      failed: this.failed,
    };
  }

  private isLegacy(interval: Interval): boolean {
    return this.fn.registers[interval.register].legacy;
  }

  private candidates(interval: Interval): number[] {
    const worthSaving = interval.weight > CALLEE_SAVED_COST;
    return [...CALLER_SAVED, ...CALLEE_SAVED.filter((machine) => worthSaving || this.usedSaved.has(machine))];
  }

  private place(interval: Interval, order: readonly number[]): boolean {
    const wished = [...interval.hints];
    for (const partner of interval.partners) {
      const machine = this.machine[partner];
      if (machine !== NONE) wished.push(machine);
    }
    for (const machine of wished) {
      if (order.includes(machine) && this.isFree(interval, machine)) {
        this.assign(interval, machine);
        return true;
      }
    }
    for (const machine of order) {
      if (this.isFree(interval, machine)) {
        this.assign(interval, machine);
        return true;
      }
    }
    return false;
  }

  private isFree(interval: Interval, machine: number): boolean {
    if (!this.occupied[machine].isFree(interval.ranges)) return false;
    return !hits(this.liveness.clobbers[machine], interval.ranges);
  }

  private assign(interval: Interval, machine: number): void {
    this.machine[interval.register] = machine;
    if (machine === RSP || machine === RBP) return;
    this.occupied[machine].add(interval.ranges);
    if (CALLEE_SAVED.includes(machine)) this.usedSaved.add(machine);
  }

  private spillOut(interval: Interval): void {
    let slot = this.slots.findIndex((occupancy) => occupancy.isFree(interval.ranges));
    if (slot < 0) slot = this.slots.push(new Occupancy()) - 1;
    this.slots[slot].add(interval.ranges);
    this.spill[interval.register] = slot;
  }
}

/** Allocates all virtual registers of a function. */
export function allocate(fn: IrFunction, liveness: Liveness): Allocation {
  return new Allocator(fn, liveness).run();
}
