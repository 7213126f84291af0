/**
 * Definitions of virtual registers and dominance between them: what makes a value known where it is used.
 */
import type { BlockId, Instruction, IrFunction, VReg } from '../ir/ir';
import { forEachDefinition, successors } from '../ir/walk';

/** The only instruction that writes a register, and where it is. */
export interface Definition {
  instruction: Instruction;
  block: BlockId;
  index: number;
}

/** Predecessor lists of the blocks in layout. */
export function predecessors(fn: IrFunction): Map<BlockId, BlockId[]> {
  const lists = new Map<BlockId, BlockId[]>();
  for (const id of fn.order) lists.set(id, []);
  for (const id of fn.order) for (const next of successors(fn.blocks[id].end)) lists.get(next)?.push(id);
  return lists;
}

/** Reverse postorder from the entry. */
function reversePostorder(fn: IrFunction): BlockId[] {
  const seen = new Set<BlockId>([fn.order[0]]);
  const result: BlockId[] = [];
  const stack: { id: BlockId; next: BlockId[]; at: number }[] = [
    { id: fn.order[0], next: successors(fn.blocks[fn.order[0]].end), at: 0 },
  ];
  for (let top = stack[0]; top; top = stack[stack.length - 1]) {
    if (top.at < top.next.length) {
      const id = top.next[top.at++];
      if (seen.has(id)) continue;
      seen.add(id);
      stack.push({ id, next: successors(fn.blocks[id].end), at: 0 });
    } else {
      result.push(top.id);
      stack.pop();
    }
  }
  return result.reverse();
}

/** Immediate dominators (Cooper, Harvey and Kennedy's iteration), as order numbers. */
export class Dominators {
  private readonly number = new Map<BlockId, number>();
  private readonly idom: number[];
  readonly order: BlockId[];

  constructor(fn: IrFunction, preds: Map<BlockId, BlockId[]>) {
    this.order = reversePostorder(fn);
    this.order.forEach((id, index) => {
      this.number.set(id, index);
    });
    this.idom = new Array(this.order.length).fill(-1);
    this.idom[0] = 0;
    for (let changed = true; changed; ) {
      changed = false;
      for (let at = 1; at < this.order.length; at++) {
        let best = -1;
        for (const pred of preds.get(this.order[at]) ?? []) {
          const number = this.number.get(pred);
          if (number === undefined || this.idom[number] < 0) continue;
          best = best < 0 ? number : this.intersect(best, number);
        }
        if (best !== this.idom[at]) {
          this.idom[at] = best;
          changed = true;
        }
      }
    }
  }

  private intersect(a: number, b: number): number {
    while (a !== b) {
      while (a > b) a = this.idom[a];
      while (b > a) b = this.idom[b];
    }
    return a;
  }

  /** True if every way to `b` leads through `a` (also when they are the same). */
  dominates(a: BlockId, b: BlockId): boolean {
    const target = this.number.get(a);
    let at = this.number.get(b);
    if (target === undefined || at === undefined) return false;
    while (at > target) at = this.idom[at];
    return at === target;
  }
}

/** Registers with exactly one definition. */
export function singleDefinitions(fn: IrFunction): (Definition | undefined)[] {
  const counts = new Uint32Array(fn.registers.length);
  const found: (Definition | undefined)[] = new Array(fn.registers.length).fill(undefined);
  for (const block of fn.order) {
    fn.blocks[block].instructions.forEach((instruction, index) => {
      forEachDefinition(instruction, (register: VReg) => {
        counts[register]++;
        found[register] = { instruction, block, index };
      });
    });
  }
  for (let register = 0; register < counts.length; register++)
    if (counts[register] !== 1) found[register] = undefined;
  return found;
}
