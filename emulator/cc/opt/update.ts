/**
 * Read-modify-write: `t = load a; u = t op x; store a, u` becomes one instruction on memory.
 */
import { type Address, type Instruction, type IrFunction, NONE, type VReg } from '../ir/ir';
import { forEachDefinition, forEachUse } from '../ir/walk';

function sameAddress(a: Address, b: Address): boolean {
  return (
    a.base === b.base &&
    a.index === b.index &&
    (a.index === NONE || a.scale === b.scale) &&
    a.offset === b.offset &&
    a.slot === b.slot &&
    a.symbol === b.symbol &&
    a.segment === b.segment
  );
}

/** The one instruction that three consecutive ones amount to, if `isPrivate` says that nothing else reads t and u. */
function merged(
  load: Instruction,
  change: Instruction,
  store: Instruction,
  isPrivate: (register: VReg) => boolean,
): Instruction | undefined {
  if (load.op !== 'load' || change.op !== 'binary' || store.op !== 'store') return undefined;
  if (load.volatile || store.volatile || load.size !== store.size || change.left !== load.dst)
    return undefined;
  if (store.src !== change.dst || change.right === load.dst) return undefined;
  if (!isPrivate(load.dst) || !isPrivate(change.dst) || !sameAddress(load.address, store.address))
    return undefined;
  const { operator } = change;
  if (operator === 'mul' || operator === 'shl' || operator === 'shr' || operator === 'sar') return undefined;
  const { loc, scope, statement, address, size } = store;
  return { op: 'update', operator, address, src: change.right, size, loc, scope, statement };
}

/** Merges in place. */
export function mergeUpdates(fn: IrFunction): void {
  const accesses = new Uint32Array(fn.registers.length);
  const count = (register: VReg): void => {
    accesses[register]++;
  };
  for (const id of fn.order) {
    for (const instruction of fn.blocks[id].instructions) {
      forEachUse(instruction, count);
      forEachDefinition(instruction, count);
    }
    forEachUse(fn.blocks[id].end, count);
  }
  // Written once and read once.
  const isPrivate = (register: VReg): boolean => accesses[register] === 2;
  for (const id of fn.order) {
    const { instructions } = fn.blocks[id];
    for (let at = 0; at + 2 < instructions.length; at++) {
      const update = merged(instructions[at], instructions[at + 1], instructions[at + 2], isPrivate);
      if (update) instructions.splice(at, 3, update);
    }
  }
}
