/**
 * Dead code: removes instructions without effects whose results nobody reads.
 *
 * A variable's `keep` counts as a read, so a debugger still sees what the source computes; registers that only their
 * own dead instructions read go with them.
 */
import type { IrFunction } from '../ir/ir';
import { forEachDefinition, forEachUse, isPure } from '../ir/walk';

/** Removes dead instructions in place. */
export function removeDead(fn: IrFunction): void {
  const uses = new Uint32Array(fn.registers.length);
  const count = (register: number): void => {
    uses[register]++;
  };
  for (const id of fn.order) {
    for (const instruction of fn.blocks[id].instructions) forEachUse(instruction, count);
    forEachUse(fn.blocks[id].end, count);
  }
  for (let changed = true; changed; ) {
    changed = false;
    for (let at = fn.order.length - 1; at >= 0; at--) {
      const block = fn.blocks[fn.order[at]];
      const kept = [];
      for (let i = block.instructions.length - 1; i >= 0; i--) {
        const instruction = block.instructions[i];
        let needed = !isPure(instruction);
        if (!needed) {
          forEachDefinition(instruction, (register) => {
            if (uses[register] > 0) needed = true;
          });
        }
        const trivial = instruction.op === 'move' && instruction.src === instruction.dst;
        if (needed && !trivial) {
          kept.push(instruction);
          continue;
        }
        changed = true;
        forEachUse(instruction, (register) => {
          uses[register]--;
        });
      }
      block.instructions = kept.reverse();
    }
  }
}
