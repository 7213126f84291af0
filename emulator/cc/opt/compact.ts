/**
 * Renumbering: after inlining and clean-up most registers, scopes and stack objects of a function are gone; what is left
 * gets small numbers, so that later passes work on small sets.
 */
import { type IrFunction, NONE, type VReg } from '../ir/ir';
import {
  forEachDefinition,
  forEachUse,
  type Rewriter,
  rewriteInstruction,
  rewriteTerminator,
} from '../ir/walk';

/** Renumbers in place if fewer than half of the registers still occur; for less it is not worth the work. */
export function compactRegisters(fn: IrFunction): void {
  const numbers = new Int32Array(fn.registers.length).fill(NONE);
  const kept: IrFunction['registers'] = [];
  const number = (register: VReg): VReg => {
    if (numbers[register] === NONE) numbers[register] = kept.push(fn.registers[register]) - 1;
    return numbers[register];
  };
  for (const id of fn.order) {
    for (const instruction of fn.blocks[id].instructions) {
      forEachDefinition(instruction, number);
      forEachUse(instruction, number);
    }
    forEachUse(fn.blocks[id].end, number);
  }
  if (kept.length * 2 > fn.registers.length) return;
  const rewriter: Rewriter = {
    use: (operand) => (typeof operand === 'bigint' ? operand : number(operand)),
    register: number,
    define: number,
    slot: (slot) => slot,
    block: (block) => block,
  };
  for (const id of fn.order) {
    const block = fn.blocks[id];
    block.instructions = block.instructions.map((instruction) => rewriteInstruction(instruction, rewriter));
    block.end = rewriteTerminator(block.end, rewriter);
  }
  for (const scope of fn.scopes) {
    for (const variable of scope.variables) {
      const { home, arrival } = variable;
      if (arrival && 'raw' in arrival) {
        variable.arrival = { ...arrival, raw: arrival.raw.map((raw) => numbers[raw]) };
      }
      if (home.kind !== 'register' && home.kind !== 'pointer') continue;
      const known = numbers[home.register];
      variable.home =
        known === NONE ? { kind: 'none', reason: 'nothing here needs it' } : { ...home, register: known };
    }
  }
  fn.registers = kept;
}
