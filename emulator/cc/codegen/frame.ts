/**
 * The stack frame: where saved registers, stack objects and spilled registers are, as offsets from rbp.
 *
 * Layout from rbp down: callee-saved registers in the order they are pushed, spill slots, then stack objects. Objects of
 * scopes that do not enclose each other share space, which keeps frames small enough for 16 KiB kernel stacks.
 */
import type { IrFunction, Scope } from '../ir/ir';

/** Offsets from rbp, all negative. `size` is what `sub rsp` takes after the pushes. */
export interface Frame {
  slots: number[];
  spills: number[];
  saved: { register: number; offset: number }[];
  size: number;
  /** Objects that want more than the stack's own alignment; the prologue aligns rsp for them. */
  align: number;
}

const WORD = 8;

/** Places stack objects by scope: a scope's objects start below those of its parent. Returns depth below `start`. */
function placeSlots(fn: IrFunction, start: number, offsets: number[]): number {
  const children: number[][] = fn.scopes.map(() => []);
  fn.scopes.forEach((scope: Scope, index) => {
    if (scope.parent >= 0) children[scope.parent].push(index);
  });
  const own: number[][] = fn.scopes.map(() => []);
  fn.slots.forEach((slot, index) => {
    own[slot.scope].push(index);
  });
  let deepest = start;
  const pending: { scope: number; depth: number }[] = [{ scope: 0, depth: start }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    let { depth } = next;
    for (const index of own[next.scope]) {
      const { size, align } = fn.slots[index];
      depth = Math.ceil((depth + size) / Math.max(1, align)) * Math.max(1, align);
      offsets[index] = -depth;
    }
    deepest = Math.max(deepest, depth);
    for (const child of children[next.scope]) pending.push({ scope: child, depth });
  }
  return deepest;
}

/** Lays out the frame. rsp stays a multiple of 16 at calls. */
export function layOutFrame(fn: IrFunction, savedRegisters: readonly number[], spillCount: number): Frame {
  const saved = savedRegisters.map((register, index) => ({ register, offset: -WORD * (index + 1) }));
  const pushed = savedRegisters.length * WORD;
  const spills = Array.from({ length: spillCount }, (_, index) => -(pushed + WORD * (index + 1)));
  const slots: number[] = new Array(fn.slots.length).fill(0);
  const align = fn.slots.reduce((most, slot) => Math.max(most, slot.align), 16);
  const depth = placeSlots(fn, pushed + spillCount * WORD, slots);
  const total = Math.ceil(depth / 16) * 16;
  return { slots, spills, saved, size: total - pushed, align };
}
