/**
 * Live intervals: for every virtual register, the positions (timing.ts) between a write and its last read.
 *
 * Block-level liveness by iterating bit sets to a fixed point, then one backward walk per block. Intervals have holes:
 * where a register is dead its machine register may serve others.
 */
import type { BlockId, Instruction, IrFunction, Terminator, VReg } from '../ir/ir';
import { forEachDefinition, forEachUse, successors } from '../ir/walk';
import { visitAccesses, WRITE } from './timing';

/** Sorted, disjoint, closed ranges of positions, flat: from, to, from, to… */
export type Ranges = number[];

/** What allocation needs of one virtual register. */
export interface Interval {
  register: VReg;
  ranges: Ranges;
  /** Accesses, weighted by loop depth; what spilling would cost. */
  weight: number;
  /** Machine registers that would save a move. */
  hints: number[];
  /** Virtual registers that a move connects this one with. */
  partners: VReg[];
}

/** Liveness of a whole function, with instructions numbered in layout order. */
export interface Liveness {
  intervals: (Interval | undefined)[];
  /** Positions at which each machine register is destroyed, ascending. */
  clobbers: number[][];
  /** Number of the first instruction of each block. */
  blockStart: number[];
  instructionCount: number;
}

function words(count: number): number {
  return (count + 31) >> 5;
}

interface BlockSets {
  use: Uint32Array;
  define: Uint32Array;
  liveIn: Uint32Array;
  liveOut: Uint32Array;
}

/**
 * Registers that some block reads before it writes them: only these can be live between blocks. Most registers are
 * temporaries of one block, so the sets stay small however long a function is.
 */
function crossingRegisters(fn: IrFunction): { list: VReg[]; numbers: Int32Array } {
  const numbers = new Int32Array(fn.registers.length).fill(-1);
  const writtenIn = new Int32Array(fn.registers.length).fill(-1);
  const list: VReg[] = [];
  for (const id of fn.order) {
    const read = (register: VReg): void => {
      if (writtenIn[register] !== id && numbers[register] < 0) numbers[register] = list.push(register) - 1;
    };
    for (const instruction of fn.blocks[id].instructions) {
      forEachUse(instruction, read);
      forEachDefinition(instruction, (register) => {
        writtenIn[register] = id;
      });
    }
    forEachUse(fn.blocks[id].end, read);
  }
  return { list, numbers };
}

function localSets(fn: IrFunction, block: BlockId, size: number, numbers: Int32Array): BlockSets {
  const use = new Uint32Array(size);
  const define = new Uint32Array(size);
  const read = (register: VReg): void => {
    const number = numbers[register];
    if (number < 0) return;
    const bit = 1 << (number & 31);
    if (!(define[number >> 5] & bit)) use[number >> 5] |= bit;
  };
  for (const instruction of fn.blocks[block].instructions) {
    forEachUse(instruction, read);
    forEachDefinition(instruction, (register) => {
      const number = numbers[register];
      if (number >= 0) define[number >> 5] |= 1 << (number & 31);
    });
  }
  forEachUse(fn.blocks[block].end, read);
  return { use, define, liveIn: use.slice(), liveOut: new Uint32Array(size) };
}

/** Live-out sets of every block in layout, as bits that stand for the registers in `list`. */
function solveLiveness(fn: IrFunction): { list: VReg[]; sets: Map<BlockId, BlockSets> } {
  const { list, numbers } = crossingRegisters(fn);
  const size = words(list.length);
  const sets = new Map<BlockId, BlockSets>();
  for (const block of fn.order) sets.set(block, localSets(fn, block, size, numbers));
  let changed = true;
  while (changed) {
    changed = false;
    for (let i = fn.order.length - 1; i >= 0; i--) {
      const block = fn.order[i];
      const set = sets.get(block);
      if (!set) continue;
      for (const next of successors(fn.blocks[block].end)) {
        const liveIn = sets.get(next)?.liveIn;
        if (!liveIn) continue;
        for (let w = 0; w < size; w++) {
          const more = liveIn[w] & ~set.liveOut[w];
          if (more === 0) continue;
          set.liveOut[w] |= more;
          const enters = more & ~set.define[w] & ~set.liveIn[w];
          if (enters !== 0) {
            set.liveIn[w] |= enters;
            changed = true;
          }
        }
      }
    }
  }
  return { list, sets };
}

class IntervalBuilder {
  readonly intervals: (Interval | undefined)[];
  readonly clobbers: number[][] = Array.from({ length: 16 }, () => []);

  constructor(count: number) {
    this.intervals = new Array(count).fill(undefined);
  }

  get(register: VReg): Interval {
    let interval = this.intervals[register];
    if (!interval) {
      interval = { register, ranges: [], weight: 0, hints: [], partners: [] };
      this.intervals[register] = interval;
    }
    return interval;
  }

  /** Adds a range that lies before (or touches) everything added so far: ranges are kept reversed until the end. */
  addBefore(register: VReg, from: number, to: number): void {
    const { ranges } = this.get(register);
    const last = ranges.length;
    if (last > 0 && ranges[last - 2] <= to + 1) {
      ranges[last - 2] = Math.min(ranges[last - 2], from);
      ranges[last - 1] = Math.max(ranges[last - 1], to);
    } else ranges.push(from, to);
  }

  /** The newest (earliest) range now starts at a write. */
  cut(register: VReg, at: number): void {
    const { ranges } = this.get(register);
    ranges[ranges.length - 2] = at;
  }

  finish(): void {
    for (const interval of this.intervals) {
      if (!interval) continue;
      const sorted: Ranges = [];
      for (let i = interval.ranges.length - 2; i >= 0; i -= 2)
        sorted.push(interval.ranges[i], interval.ranges[i + 1]);
      interval.ranges = sorted;
    }
    for (const list of this.clobbers) list.reverse();
  }
}

function weightOf(depth: number): number {
  return 10 ** Math.min(depth, 4);
}

/** Computes intervals, clobbers and hints of a function. */
export function computeLiveness(fn: IrFunction): Liveness {
  const live = solveLiveness(fn);
  const blockStart: number[] = new Array(fn.blocks.length).fill(0);
  let count = 0;
  for (const block of fn.order) {
    blockStart[block] = count;
    count += fn.blocks[block].instructions.length + 1;
  }
  const build = new IntervalBuilder(fn.registers.length);
  for (let i = fn.order.length - 1; i >= 0; i--) {
    const block = fn.blocks[fn.order[i]];
    const start = blockStart[block.id] * 4;
    const end = (blockStart[block.id] + block.instructions.length) * 4 + WRITE;
    const isLive = new Set<VReg>();
    const out = live.sets.get(block.id)?.liveOut;
    if (out) {
      for (let word = 0; word < out.length; word++) {
        for (let bits = out[word]; bits !== 0; bits &= bits - 1) {
          const register = live.list[word * 32 + 31 - Math.clz32(bits & -bits)];
          isLive.add(register);
          build.addBefore(register, start, end);
        }
      }
    }
    const weight = weightOf(block.loopDepth);
    let at = end - WRITE;
    const visit = (instruction: Instruction | Terminator): void => {
      const reads: [VReg, number][] = [];
      const kept = instruction.op === 'keep';
      visitAccesses(instruction, {
        read: (register, phase) => reads.push([register, phase]),
        write: (register, phase) => {
          if (isLive.delete(register)) build.cut(register, at + phase);
          else build.addBefore(register, at + phase, at + phase);
          build.get(register).weight += weight;
        },
        clobber: (machine) => build.clobbers[machine].push(at + 1),
        hint: (register, machine) => build.get(register).hints.push(machine),
      });
      for (const [register, phase] of reads) {
        if (!isLive.has(register)) {
          isLive.add(register);
          build.addBefore(register, start, at + phase);
        } else if (phase > 0) build.addBefore(register, start, at + phase);
        if (!kept) build.get(register).weight += weight;
      }
      if (instruction.op === 'move' && typeof instruction.src === 'number') {
        build.get(instruction.dst).partners.push(instruction.src);
        build.get(instruction.src).partners.push(instruction.dst);
      }
      if (instruction.op === 'binary' && typeof instruction.left === 'number') {
        build.get(instruction.dst).partners.push(instruction.left);
        build.get(instruction.left).partners.push(instruction.dst);
      }
    };
    visit(block.end);
    for (let n = block.instructions.length - 1; n >= 0; n--) {
      at -= 4;
      visit(block.instructions[n]);
    }
  }
  build.finish();
  return { intervals: build.intervals, clobbers: build.clobbers, blockStart, instructionCount: count };
}
