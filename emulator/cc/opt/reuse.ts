/**
 * Local reuse: a pure computation that was already made in the block with the same operands is not made again, and a
 * load whose value is only wanted extended another way is loaded that way.
 *
 * Loads are reused until anything writes memory; nothing is known about which write touches what.
 */
import type { Address, BlockId, Instruction, IrFunction, VReg } from '../ir/ir';
import { forEachDefinition, forEachUse } from '../ir/walk';
import { predecessors } from './definitions';

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
    case 'load': {
      const { address, size, signed, to, volatile } = instruction;
      return volatile ? undefined : `m${size}${signed}${to}${addressKey(address)}`;
    }
    default:
      return undefined;
  }
}

interface Known {
  register: VReg;
  /** Versions of what went in (memory first, for loads), and of the result, when it was computed. */
  inputs: number[];
  result: number;
}

/** True if what memory holds may be different after the instruction. */
function writesMemory(instruction: Instruction): boolean {
  switch (instruction.op) {
    case 'store':
    case 'update':
    case 'copyBlock':
    case 'fillBlock':
    case 'call':
    case 'atomic':
    case 'machine':
      return true;
    case 'asm':
      return instruction.volatile || instruction.memory;
    case 'load':
      return instruction.volatile;
    default:
      return false;
  }
}

class Reuse {
  private readonly versions: Uint32Array;
  private memoryVersion = 0;
  private readonly ends = new Map<BlockId, Map<string, Known>>();
  private known = new Map<string, Known>();
  changed = false;

  constructor(private readonly fn: IrFunction) {
    this.versions = new Uint32Array(fn.registers.length);
  }

  run(): void {
    const preds = predecessors(this.fn);
    this.fn.order.forEach((id, at) => {
      const before = preds.get(id) ?? [];
      // Only a block that its one predecessor falls into directly starts with what was known there.
      const inherited = at > 0 && before.length === 1 && before[0] === this.fn.order[at - 1];
      this.known = inherited ? new Map(this.ends.get(before[0])) : new Map();
      const block = this.fn.blocks[id];
      block.instructions = block.instructions.map((instruction) => this.visit(instruction));
      this.ends.set(id, this.known);
    });
  }

  private visit(instruction: Instruction): Instruction {
    const key = keyOf(instruction);
    const now: number[] = instruction.op === 'load' ? [this.memoryVersion] : [];
    if (key !== undefined) {
      forEachUse(instruction, (register) => {
        now.push(this.versions[register]);
      });
    }
    const earlier = key === undefined ? undefined : this.known.get(key);
    const result =
      earlier && this.isValid(earlier, now) ? this.copy(instruction, earlier.register) : instruction;
    if (writesMemory(instruction)) this.memoryVersion++;
    forEachDefinition(result, (register) => {
      this.versions[register]++;
    });
    if (key !== undefined && result === instruction && 'dst' in instruction)
      this.remember(key, instruction, now);
    return result;
  }

  private isValid(earlier: Known, now: readonly number[]): boolean {
    if (this.fn.registers[earlier.register].mustRegister) return false;
    return (
      this.versions[earlier.register] === earlier.result &&
      earlier.inputs.every((version, at) => version === now[at])
    );
  }

  private copy(instruction: Instruction, src: VReg): Instruction {
    if (!('dst' in instruction)) return instruction;
    const { loc, scope, statement, dst } = instruction;
    this.changed = true;
    return { op: 'move', dst, src, size: widthOf(instruction), loc, scope, statement };
  }

  /** A computation that overwrites its own operand is not the same next time. */
  private remember(key: string, instruction: Instruction & { dst: VReg }, inputs: number[]): void {
    let overwrites = false;
    forEachUse(instruction, (register) => {
      overwrites ||= register === instruction.dst;
    });
    if (!overwrites)
      this.known.set(key, { register: instruction.dst, inputs, result: this.versions[instruction.dst] });
  }
}

function widthOf(instruction: Instruction): 4 | 8 {
  switch (instruction.op) {
    case 'load':
      return instruction.to;
    case 'extend':
    case 'binary':
      return instruction.size;
    default:
      return 8;
  }
}

/** Replaces repeated computations by moves, along straight lines of blocks. Returns true if there were any. */
export function reuseComputations(fn: IrFunction): boolean {
  const reuse = new Reuse(fn);
  reuse.run();
  return reuse.changed;
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
