// Finds the code that is translated as one function: the basic blocks that direct jumps reach from an entry, within a
// few pages. Decodes and gives meaning to each instruction (lift/), but generates nothing.
import { type Decoded, decode, maximumLength } from '../../isa/decode';
import type { Core } from '../core';
import type { Statement } from '../ir/nodes';
import { PAGE, RAM_BASE } from '../layout';
import { lift } from '../lift/lift';

/** One instruction of a block. */
export interface RegionInstruction {
  address: bigint;
  length: number;
  statements: Statement[];
  /** Leaves an interrupt shadow over the next instruction (sti). */
  shadows: boolean;
}

/** A basic block. */
export interface Block {
  address: bigint;
  instructions: RegionInstruction[];
  /** How it ends if not by its last statement: goes on at `next`, or hands `next` to the evaluator. */
  end: 'statement' | 'fallthrough' | 'evaluate';
  next: bigint;
}

/** A physical page and the bytes of it that the region was made from. */
export interface CodeRange {
  page: number;
  /** Linear address of the page. */
  linear: bigint;
  start: number;
  end: number;
}

export interface RegionCode {
  blocks: Block[];
  ranges: CodeRange[];
  user: boolean;
  /** Number of instructions. */
  size: number;
}

const MAX_INSTRUCTIONS = 240;
/** Functions that a region calls become part of it while it is smaller than this. */
const MAX_WITH_CALLEES = 120;
/** A region takes up code of other regions that have at most this many instructions; at bigger ones it ends. */
const MAX_ABSORBED = 40;
const MAX_BLOCK = 64;
/** A region stays within this many bytes of its entry. */
const REACH = 2 * PAGE;

/** Operations after which the next instruction does not run (soon). */
const noReturn = new Set(['iret', 'sysret', 'retFar', 'ud', 'int3', 'syscall', 'unsupported', 'int', 'hlt']);

interface Fetched {
  decoded: Decoded;
  physical: number;
}

/** Discovers regions in the running CPU's address space. */
export class RegionFinder {
  private readonly core: Core;
  private readonly breakpoints: ReadonlySet<bigint>;
  private readonly translated: (address: bigint) => number;
  private readonly window = new Uint8Array(maximumLength);

  /** `translated` gives the number of instructions of the region that an address already leads to, or 0. */
  constructor(core: Core, breakpoints: ReadonlySet<bigint>, translated: (address: bigint) => number) {
    this.translated = translated;
    this.core = core;
    this.breakpoints = breakpoints;
  }

  /** The region entered at `entry`; undefined if not even its first instruction can be translated. */
  find(entry: bigint): RegionCode | undefined {
    const user = this.core.cpu.cpl === 3;
    const instructions = new Map<bigint, RegionInstruction | undefined>();
    const leaders = new Set<bigint>([entry]);
    const ranges: CodeRange[] = [];
    const work = [entry];
    let count = 0;
    const callees: bigint[] = [];
    /** Where the region ends because another one goes on. */
    const elsewhere = new Set<bigint>();
    const nextStart = (): bigint | undefined => {
      const start = work.pop();
      if (start !== undefined || count >= MAX_WITH_CALLEES) return start;
      const callee = callees.shift();
      if (callee !== undefined) leaders.add(callee);
      return callee;
    };
    for (let start = nextStart(); start !== undefined; start = nextStart()) {
      for (let at = start; !instructions.has(at) && !elsewhere.has(at); ) {
        if (at !== entry && this.translated(at) > MAX_ABSORBED) {
          elsewhere.add(at);
          break;
        }
        const near = at - entry < REACH && entry - at < REACH;
        const fetched =
          near && count < MAX_INSTRUCTIONS && !this.breakpoints.has(at) ? this.fetch(at) : undefined;
        if (!fetched) {
          instructions.set(at, undefined);
          break;
        }
        const { decoded } = fetched;
        const statements = lift(decoded, at);
        const next = BigInt.asUintN(64, at + BigInt(decoded.length));
        const last = statements.at(-1);
        if (last?.kind === 'system' && statements.length === 1) {
          instructions.set(at, undefined);
          if (!noReturn.has(decoded.op)) {
            leaders.add(next);
            work.push(next);
          }
          break;
        }
        instructions.set(at, {
          address: at,
          length: decoded.length,
          statements,
          shadows: decoded.op === 'sti',
        });
        count++;
        noteRange(ranges, at, fetched.physical, decoded.length, this.core);
        // Where its procedure has done it, translated code should go on behind it.
        if (decoded.rep) leaders.add(next);
        if (last?.kind === 'branch') {
          leaders.add(last.target);
          leaders.add(next);
          work.push(next, last.target);
          break;
        }
        if (last?.kind === 'jump') {
          if (last.role === 'call') {
            if (last.target.kind === 'constant') callees.push(last.target.value);
            leaders.add(next);
            work.push(next);
          } else if (last.target.kind === 'constant') {
            leaders.add(last.target.value);
            work.push(last.target.value);
          }
          break;
        }
        at = next;
      }
    }
    if (!instructions.get(entry)) return undefined;
    return { blocks: makeBlocks(instructions, leaders, elsewhere), ranges, user, size: count };
  }

  private fetch(address: bigint): Fetched | undefined {
    const { core, window } = this;
    const { memory } = core;
    const user = core.cpu.cpl === 3;
    const physical = core.peekFetch(address, user);
    if (physical < 0) return undefined;
    const room = Math.min(maximumLength, PAGE - (physical & (PAGE - 1)));
    window.set(memory.u8.subarray(RAM_BASE + physical, RAM_BASE + physical + room));
    let decoded = decode(room < maximumLength ? window.subarray(0, room) : window);
    if (!decoded.ok && decoded.reason === 'truncated' && room < maximumLength) {
      const rest = core.peekFetch(BigInt.asUintN(64, address + BigInt(room)), user);
      // Instructions across physically separate pages are left to the evaluator.
      if (rest !== physical + room) return undefined;
      window.set(memory.u8.subarray(RAM_BASE + physical, RAM_BASE + physical + maximumLength));
      decoded = decode(window);
    }
    return decoded.ok ? { decoded, physical } : undefined;
  }
}

/** Adds the bytes of an instruction to the ranges; registers the page as one that holds code. */
function noteRange(ranges: CodeRange[], address: bigint, physical: number, length: number, core: Core): void {
  for (let from = physical; from < physical + length; ) {
    const page = from >>> 12;
    const end = Math.min(physical + length, (page + 1) * PAGE);
    const start = from & (PAGE - 1);
    const stop = end - page * PAGE;
    const last = ranges.at(-1);
    if (last && last.page === page && last.end === start) last.end = stop;
    else ranges.push({ page, linear: address + BigInt(from - physical - start), start, end: stop });
    core.code.page(page).cover(start, stop);
    core.code.noteLinear(address + BigInt(from - physical - start));
    from = end;
  }
}

function makeBlocks(
  instructions: ReadonlyMap<bigint, RegionInstruction | undefined>,
  leaders: ReadonlySet<bigint>,
  elsewhere: ReadonlySet<bigint>,
): Block[] {
  const blocks: Block[] = [];
  const starts = [...leaders].filter((leader) => instructions.get(leader)).sort((a, b) => (a < b ? -1 : 1));
  const queued = new Set(starts);
  for (let index = 0; index < starts.length; index++) {
    const address = starts[index];
    const block: Block = {
      address,
      instructions: [],
      end: 'statement',
      next: address,
    };
    for (let at = address; ; ) {
      const instruction = instructions.get(at);
      if (!instruction) {
        block.end = elsewhere.has(at) ? 'fallthrough' : 'evaluate';
        block.next = at;
        break;
      }
      // The instruction in the shadow of sti stays with it, even if it can also be jumped to.
      const shadowed = block.instructions.at(-1)?.shadows === true;
      if (at !== address && !shadowed && (leaders.has(at) || block.instructions.length >= MAX_BLOCK)) {
        block.end = 'fallthrough';
        block.next = at;
        if (!queued.has(at)) {
          queued.add(at);
          starts.push(at);
        }
        break;
      }
      block.instructions.push(instruction);
      at = BigInt.asUintN(64, at + BigInt(instruction.length));
      const kind = instruction.statements.at(-1)?.kind;
      if (kind === 'jump' || kind === 'branch') {
        block.next = at;
        break;
      }
    }
    blocks.push(block);
  }
  return blocks.sort((a, b) => (a.address < b.address ? -1 : 1));
}
