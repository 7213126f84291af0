/**
 * Local reuse: a pure computation that was already made in the block with the same operands is not made again, and a
 * load whose value is only wanted extended another way is loaded that way.
 *
 * Loads are not reused: what memory holds is not tracked.
 */
import type { Address, Instruction, IrFunction, Operand, VReg } from '../ir/ir';
import { forEachDefinition, forEachUse } from '../ir/walk';

function addressKey(address: Address): string {
  const { base, index, scale, offset, slot, symbol, segment } = address;
  return `${base},${index},${scale},${offset},${slot},${symbol ?? ''},${segment ?? ''}`;
}

/** A text that is equal for equal computations; undefined for what must be done each time. */
function keyOf(instruction: Instruction): string | undefined {
  switch (instruction.op) {
    case 'extend':
      return `x${instruction.src},${instruction.from},${instruction.signed},${instruction.size}`;
    case 'binary':
      return `${instruction.operator}${instruction.left},${instruction.right},${instruction.size}`;
    case 'lea':
      return instruction.label === undefined ? `l${addressKey(instruction.address)}` : undefined;
    default:
      return undefined;
  }
}

interface Known {
  register: VReg;
  /** Versions of the registers that went in, and of the result, when it was computed. */
  versions: number[];
}

/** Replaces repeated computations by moves, block by block. Returns true if there were any. */
export function reuseComputations(fn: IrFunction): boolean {
  let changed = false;
  const versions = new Uint32Array(fn.registers.length);
  for (const id of fn.order) {
    const block = fn.blocks[id];
    const known = new Map<string, Known>();
    block.instructions = block.instructions.map((instruction): Instruction => {
      const key = keyOf(instruction);
      let result = instruction;
      const inputs: number[] = [];
      if (key !== undefined) {
        forEachUse(instruction, (register) => {
          inputs.push(versions[register]);
        });
        const earlier = known.get(key);
        const valid =
          earlier !== undefined &&
          earlier.versions.every((version, at) => version === [...inputs, versions[earlier.register]][at]);
        if (valid && 'dst' in instruction && !fn.registers[earlier.register].mustRegister) {
          const { loc, scope, statement, dst } = instruction;
          const size =
            instruction.op === 'lea' || !('size' in instruction) ? 8 : instruction.size === 8 ? 8 : 4;
          result = { op: 'move', dst, src: earlier.register, size, loc, scope, statement };
          changed = true;
        }
      }
      forEachDefinition(result, (register) => {
        versions[register]++;
      });
      if (key !== undefined && result === instruction && 'dst' in instruction) {
        const reads: Operand[] = [];
        forEachUse(instruction, (register) => {
          reads.push(register);
        });
        // A computation that overwrites its own operand is not the same next time.
        if (!reads.includes(instruction.dst)) {
          known.set(key, { register: instruction.dst, versions: [...inputs, versions[instruction.dst]] });
        }
      }
      return result;
    });
  }
  return changed;
}

/** `t = load; v = extend t` with t read nowhere else: loads with the other extension at once. */
export function mergeExtensions(fn: IrFunction): void {
  const reads = new Uint32Array(fn.registers.length);
  const writes = new Uint32Array(fn.registers.length);
  for (const id of fn.order) {
    for (const instruction of fn.blocks[id].instructions) {
      forEachUse(instruction, (register) => {
        reads[register]++;
      });
      forEachDefinition(instruction, (register) => {
        writes[register]++;
      });
    }
    forEachUse(fn.blocks[id].end, (register) => {
      reads[register]++;
    });
  }
  for (const id of fn.order) {
    const { instructions } = fn.blocks[id];
    for (let at = 1; at < instructions.length; at++) {
      const extend = instructions[at];
      const load = instructions[at - 1];
      if (extend.op !== 'extend' || load.op !== 'load' || load.dst !== extend.src) continue;
      if (reads[load.dst] !== 1 || writes[load.dst] !== 1) continue;
      if (extend.from === load.size) {
        instructions[at - 1] = { ...load, dst: extend.dst, signed: extend.signed, to: extend.size };
        instructions.splice(at, 1);
        at--;
      } else if (extend.from === 4 && load.size < 4 && load.signed === extend.signed && extend.size === 8) {
        instructions[at - 1] = { ...load, dst: extend.dst, to: 8 };
        instructions.splice(at, 1);
        at--;
      }
    }
  }
}
