/**
 * Coalescing: `t = …; v = t` becomes `v = …` when nothing else reads t and v is not touched in between.
 */
import type { Instruction, IrFunction, VReg } from '../ir/ir';
import { forEachDefinition, forEachUse } from '../ir/walk';

/** Instructions that write exactly one register, their `dst`. */
function singleTarget(instruction: Instruction): Extract<Instruction, { dst: VReg }> | undefined {
  switch (instruction.op) {
    case 'move':
    case 'extend':
    case 'unary':
    case 'binary':
    case 'divide':
    case 'compare':
    case 'lea':
    case 'load':
    case 'alloca':
    case 'readRegister':
      return instruction;
    default:
      return undefined;
  }
}

/** The old value of `register` is now replaced at `before` already: what keeps it alive moves there. */
function keepBefore(instructions: Instruction[], before: number, keepAt: number, register: VReg): void {
  const keep = instructions[keepAt];
  if (keep.op !== 'keep') return;
  keep.values = keep.values.filter((value) => value !== register);
  instructions.splice(before, 0, { ...keep, values: [register] });
}

/** How far back from a move its source's definition is looked for. */
const WINDOW = 8;

/** Coalesces in place. */
export function coalesce(fn: IrFunction): void {
  const writes = new Uint32Array(fn.registers.length);
  const reads = new Uint32Array(fn.registers.length);
  const countRead = (register: VReg): void => {
    reads[register]++;
  };
  for (const id of fn.order) {
    for (const instruction of fn.blocks[id].instructions) {
      forEachUse(instruction, countRead);
      forEachDefinition(instruction, (register) => {
        writes[register]++;
      });
    }
    forEachUse(fn.blocks[id].end, countRead);
  }
  const touches = (instruction: Instruction, register: VReg): boolean => {
    let found = false;
    const check = (other: VReg): void => {
      found ||= other === register;
    };
    forEachUse(instruction, check);
    forEachDefinition(instruction, check);
    return found;
  };
  /** Tries to let the definition of the move's source, near the end of `done`, write the move's target. */
  const absorb = (done: Instruction[], move: Extract<Instruction, { op: 'move' }>): boolean => {
    const { src, dst } = move;
    if (typeof src !== 'number' || reads[src] !== 1 || writes[src] !== 1) return false;
    if (fn.registers[src].mustRegister || fn.registers[dst].mustRegister) return false;
    let keepAt = -1;
    for (let back = done.length - 1; back >= Math.max(0, done.length - WINDOW); back--) {
      const candidate = done[back];
      const target = singleTarget(candidate);
      if (target?.dst === src) {
        if (target.op === 'move' && target.size !== move.size) return false;
        target.dst = dst;
        if (keepAt >= 0) keepBefore(done, back, keepAt, dst);
        return true;
      }
      if (candidate.op === 'keep' && candidate.values.includes(dst)) keepAt = back;
      else if (touches(candidate, dst)) return false;
    }
    return false;
  };
  for (const id of fn.order) {
    const block = fn.blocks[id];
    const done: Instruction[] = [];
    for (const instruction of block.instructions)
      if (instruction.op !== 'move' || !absorb(done, instruction)) done.push(instruction);
    block.instructions = done;
  }
}
