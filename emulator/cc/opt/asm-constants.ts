/**
 * Inline assembly operands that must be constants ("i" and the like) and became so by inlining and propagation.
 */
import { type AsmOperand, type Instruction, type IrFunction, NONE, type VReg } from '../ir/ir';
import { singleDefinitions } from './definitions';

function settle(operand: AsmOperand, definitionOf: (register: VReg) => Instruction | undefined): AsmOperand {
  if (operand.kind !== 'immediate' || operand.register === NONE) return operand;
  let definition = definitionOf(operand.register);
  for (let hops = 0; hops < 16 && definition?.op === 'move'; hops++) {
    if (typeof definition.src === 'bigint') return { ...operand, register: NONE, value: definition.src };
    definition = definitionOf(definition.src);
  }
  if (definition?.op === 'lea' && definition.label === undefined) {
    const { base, index, slot, symbol } = definition.address;
    if (base === NONE && index === NONE && slot === NONE && symbol !== undefined) {
      return { ...operand, kind: 'symbol', register: NONE, address: definition.address };
    }
  }
  return operand;
}

/** Turns settled operands into immediates or symbols. */
export function settleAsmConstants(fn: IrFunction): void {
  let definitions: ReturnType<typeof singleDefinitions> | undefined;
  for (const id of fn.order) {
    for (const instruction of fn.blocks[id].instructions) {
      if (instruction.op !== 'asm') continue;
      if (!instruction.operands.some((o) => o.kind === 'immediate' && o.register !== NONE)) continue;
      definitions ??= singleDefinitions(fn);
      const found = definitions;
      instruction.operands = instruction.operands.map((operand) =>
        settle(operand, (register) => found[register]?.instruction),
      );
      const needed = new Set(
        instruction.operands.filter((o) => o.register !== NONE).map((operand) => operand.register),
      );
      instruction.inputs = instruction.inputs.filter((input) => needed.has(input));
    }
  }
}
