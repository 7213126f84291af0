/**
 * Operands after register allocation: where a virtual register or an address is in machine terms, and moving values.
 *
 * r10 and r11 are never allocated; they hold what was spilled when an instruction needs it in a register.
 */
import type { EncodeImmediate, EncodeMemory, EncodeOperand, EncodeRegister } from '../../isa/encode';
import { type Address, INCOMING, NONE, type Operand, type VReg } from '../ir/ir';
import type { Allocation } from './allocate';
import { type CodeRelocation, Emitter } from './emitter';
import type { Frame } from './frame';
import { RBP, SCRATCH, SCRATCH2 } from './timing';

export type { CodeRelocation };

/** Return address and saved rbp lie between rbp and the first stack argument. */
const INCOMING_OFFSET = 16;

/** Register operands are made once: there are 16 registers of 4 sizes, and they are named in every instruction. */
const REGISTERS: readonly EncodeRegister[][] = [0, 1, 2, 4, 8].map((size) =>
  Array.from({ length: 16 }, (_, number) =>
    Object.freeze({ kind: 'register', register: number, size } as const),
  ),
);

/** A machine register as an operand of 1, 2, 4 or 8 bytes. */
export function register(number: number, size: number): EncodeRegister {
  return REGISTERS[size === 8 ? 4 : size === 4 ? 3 : size][number];
}

export function immediate(value: bigint | number): EncodeImmediate {
  return { kind: 'immediate', value };
}

export function fitsInt32(value: bigint): boolean {
  return value >= -0x80000000n && value <= 0x7fffffffn;
}

/** Access to one function's values. */
export class Machine {
  readonly emit = new Emitter();

  constructor(
    readonly allocation: Allocation,
    readonly frame: Frame,
  ) {}

  /** Machine register of a virtual register, or NONE if it is in the frame. */
  registerOf(virtual: VReg): number {
    return this.allocation.machine[virtual];
  }

  isUnused(virtual: VReg): boolean {
    return this.allocation.machine[virtual] === NONE && this.allocation.spill[virtual] === NONE;
  }

  spillOffset(virtual: VReg): number {
    return this.frame.spills[this.allocation.spill[virtual]];
  }

  frameMemory(offset: number, size: number): EncodeMemory {
    return { kind: 'memory', base: RBP, displacement: offset, size };
  }

  /** A virtual register as an operand: register or frame memory. */
  place(virtual: VReg, size: number): EncodeOperand {
    const machine = this.registerOf(virtual);
    if (machine !== NONE) return register(machine, size);
    return this.frameMemory(this.spillOffset(virtual), size);
  }

  /** True if the operand is a spilled virtual register. */
  inMemory(operand: Operand): boolean {
    return typeof operand === 'number' && this.registerOf(operand) === NONE;
  }

  /** dst (machine register) = operand. Flags are destroyed when it is zero. */
  load(machine: number, operand: Operand, size: number): void {
    const wide = size === 8 ? 8 : 4;
    if (typeof operand === 'bigint') {
      const value = BigInt.asIntN(wide * 8, operand);
      if (value === 0n) this.emit.op('xor', 4, register(machine, 4), register(machine, 4));
      else if (wide === 4) this.emit.op('mov', 4, register(machine, 4), immediate(BigInt.asUintN(32, value)));
      else if (value > 0n && value <= 0xffffffffn)
        this.emit.op('mov', 4, register(machine, 4), immediate(value));
      else this.emit.op('mov', 8, register(machine, 8), immediate(value));
      return;
    }
    const source = this.registerOf(operand);
    if (source === machine) return;
    this.emit.op('mov', wide, register(machine, wide), this.place(operand, wide));
  }

  /** Virtual register = machine register. */
  store(virtual: VReg, machine: number, size: number): void {
    if (this.isUnused(virtual)) return;
    const wide = size === 8 ? 8 : 4;
    if (this.registerOf(virtual) === machine) return;
    this.emit.op('mov', wide, this.place(virtual, wide), register(machine, wide));
  }

  /** The operand in some machine register: its own, or `scratch`. */
  inRegister(operand: Operand, size: number, scratch: number): number {
    if (typeof operand === 'number') {
      const machine = this.registerOf(operand);
      if (machine !== NONE) return machine;
    }
    this.load(scratch, operand, size);
    return scratch;
  }

  /** The operand as a source: immediate if it fits, register, or frame memory. Wide constants go to `scratch`. */
  source(operand: Operand, size: number, scratch: number): EncodeOperand {
    if (typeof operand === 'bigint') {
      const value = BigInt.asIntN(size * 8, operand);
      if (fitsInt32(value)) return immediate(value);
      this.load(scratch, operand, size);
      return register(scratch, size);
    }
    return this.place(operand, size);
  }

  /** Machine register to compute a result in: the virtual register's own, or `scratch` if it is spilled or unused. */
  target(virtual: VReg, scratch: number): number {
    const machine = this.registerOf(virtual);
    return machine === NONE ? scratch : machine;
  }

  /** An address as a memory operand. Spilled registers are loaded into `first`; `second` is free again afterwards. */
  memory(address: Address, size: number, first = SCRATCH, second = SCRATCH2): EncodeMemory {
    const { segment, symbol, scale } = address;
    let displacement = address.offset;
    let base: number | undefined;
    let index: number | undefined;
    if (address.slot === INCOMING) {
      base = RBP;
      displacement += INCOMING_OFFSET;
    } else if (address.slot !== NONE) {
      base = RBP;
      displacement += this.frame.slots[address.slot];
    } else if (address.base !== NONE) base = this.inRegister(address.base, 8, first);
    if (address.index !== NONE) {
      const spilled = this.registerOf(address.index) === NONE;
      if (spilled && base === first) {
        this.load(second, address.index, 8);
        const sum: EncodeMemory = {
          kind: 'memory',
          base,
          index: second,
          scale,
          displacement,
          segment: undefined,
        };
        if (symbol !== undefined) sum.symbol = this.emit.symbol(symbol);
        this.emit.op('lea', 8, register(first, 8), sum);
        return { kind: 'memory', base: first, displacement: 0, segment, size };
      }
      index = this.inRegister(address.index, 8, first);
    }
    const memory: EncodeMemory = { kind: 'memory', displacement, size };
    if (segment) memory.segment = segment;
    if (base !== undefined) memory.base = base;
    if (index !== undefined) {
      memory.index = index;
      memory.scale = scale;
    }
    if (symbol !== undefined) {
      memory.symbol = this.emit.symbol(symbol);
      if (base === undefined && index === undefined) memory.ripRelative = true;
    }
    return memory;
  }

  /** Moves several values at once: no source is overwritten before it is read. r11 breaks cycles. */
  moveAll(moves: readonly { from: Operand; machine: number; to: number; size: 4 | 8 }[]): void {
    const pending = moves.map((move) => ({
      ...move,
      machine: typeof move.from === 'number' ? this.registerOf(move.from) : move.machine,
    }));
    let rest = pending.filter((move) => move.machine !== move.to);
    while (rest.length > 0) {
      const free = rest.find((move) => !rest.some((other) => other !== move && other.machine === move.to));
      if (free) {
        if (free.machine !== NONE) this.emit.op('mov', 8, register(free.to, 8), register(free.machine, 8));
        else this.load(free.to, free.from, free.size);
        rest = rest.filter((move) => move !== free);
        continue;
      }
      const [first] = rest;
      this.emit.op('mov', 8, register(SCRATCH, 8), register(first.machine, 8));
      const held = first.machine;
      for (const move of rest) if (move.machine === held) move.machine = SCRATCH;
    }
  }
}
