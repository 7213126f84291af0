/**
 * Control flow clean-up: drops blocks that cannot be reached, jumps over empty ones, and joins straight lines.
 *
 * Branches on two constants are decided here. Layout order is kept.
 */
import type { Block, BlockId, Branch, Condition, IrFunction, Operand, Terminator } from '../ir/ir';
import { successors } from '../ir/walk';

/** Decides a comparison of two constants of `size` bytes. */
export function decide(
  condition: Condition,
  test: boolean,
  left: bigint,
  right: bigint,
  size: 4 | 8,
): boolean {
  const bits = size * 8;
  const [a, b] = test ? [left & right, 0n] : [left, right];
  const [sa, sb] = [BigInt.asIntN(bits, a), BigInt.asIntN(bits, b)];
  const [ua, ub] = [BigInt.asUintN(bits, a), BigInt.asUintN(bits, b)];
  switch (condition) {
    case 'eq':
      return sa === sb;
    case 'ne':
      return sa !== sb;
    case 'lt':
      return sa < sb;
    case 'le':
      return sa <= sb;
    case 'gt':
      return sa > sb;
    case 'ge':
      return sa >= sb;
    case 'b':
      return ua < ub;
    case 'be':
      return ua <= ub;
    case 'a':
      return ua > ub;
    case 'ae':
      return ua >= ub;
  }
}

function constant(operand: Operand): operand is bigint {
  return typeof operand === 'bigint';
}

/** A branch with a known outcome becomes a jump. */
export function decideBranch(end: Branch): Terminator {
  if (end.taken === end.otherwise) return jumpFrom(end, end.taken);
  if (constant(end.left) && constant(end.right)) {
    const taken = decide(end.condition, end.test, end.left, end.right, end.size);
    return jumpFrom(end, taken ? end.taken : end.otherwise);
  }
  return end;
}

function jumpFrom(end: Terminator, target: BlockId): Terminator {
  return { op: 'jump', target, loc: end.loc, scope: end.scope, statement: end.statement };
}

/** Where a jump to `block` really ends up: through blocks that hold nothing but a jump. */
function forward(fn: IrFunction, block: BlockId): BlockId {
  let at = block;
  for (let hops = 0; hops < 100; hops++) {
    const { instructions, end, pinned } = fn.blocks[at];
    if (instructions.length > 0 || end.op !== 'jump' || pinned || end.target === at) return at;
    at = end.target;
  }
  return at;
}

function retarget(fn: IrFunction, end: Terminator): void {
  switch (end.op) {
    case 'jump':
      end.target = forward(fn, end.target);
      return;
    case 'branch':
      end.taken = forward(fn, end.taken);
      end.otherwise = forward(fn, end.otherwise);
      return;
    case 'asmJump':
      end.next = forward(fn, end.next);
      return;
    case 'return':
    case 'computedJump':
    case 'unreachable':
      return;
  }
}

function reachable(fn: IrFunction): Set<BlockId> {
  const seen = new Set<BlockId>();
  const pending = [fn.order[0]];
  for (let block = pending.pop(); block !== undefined; block = pending.pop()) {
    if (seen.has(block)) continue;
    seen.add(block);
    pending.push(...successors(fn.blocks[block].end));
    for (const instruction of fn.blocks[block].instructions) {
      if (instruction.op === 'lea' && instruction.label !== undefined) pending.push(instruction.label);
    }
  }
  return seen;
}

/** Removes what cannot be reached and shortens what can. */
export function simplifyBlocks(fn: IrFunction): void {
  for (const id of fn.order) {
    const block = fn.blocks[id];
    if (block.end.op === 'branch') block.end = decideBranch(block.end);
  }
  for (const id of fn.order) retarget(fn, fn.blocks[id].end);
  const live = reachable(fn);
  fn.order = fn.order.filter((id) => live.has(id));
  joinLines(fn);
}

/** Appends a block to its only predecessor when that does nothing but jump to it. */
function joinLines(fn: IrFunction): void {
  const entries = new Map<BlockId, number>();
  for (const id of fn.order) {
    for (const next of successors(fn.blocks[id].end)) entries.set(next, (entries.get(next) ?? 0) + 1);
  }
  const gone = new Set<BlockId>();
  for (const id of fn.order) {
    if (gone.has(id)) continue;
    const block: Block = fn.blocks[id];
    while (block.end.op === 'jump') {
      const { target } = block.end;
      const next = fn.blocks[target];
      if (target === id || target === fn.order[0] || entries.get(target) !== 1) break;
      if (next.pinned || gone.has(target)) break;
      block.instructions.push(...next.instructions);
      block.end = next.end;
      gone.add(target);
    }
  }
  fn.order = fn.order.filter((id) => !gone.has(id));
}
