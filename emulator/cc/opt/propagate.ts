/**
 * Constant and copy propagation with folding.
 *
 * A register that is written once has the same value wherever its definition dominates; its constants and copies replace
 * it everywhere. Registers written several times (variables that change) are followed inside a block and into blocks with
 * one predecessor. Addresses absorb the additions and symbol addresses that their base registers come from.
 */
import {
  type Address,
  type BlockId,
  type Instruction,
  type IrFunction,
  NONE,
  type Operand,
  type Terminator,
  type VReg,
} from '../ir/ir';
import {
  forEachDefinition,
  forEachUse,
  type Rewriter,
  rewriteInstruction,
  rewriteTerminator,
  successors,
} from '../ir/walk';
import { decideBranch } from './blocks';
import { negateCondition } from './conditions';
import { Dominators, predecessors, singleDefinitions } from './definitions';
import { foldExtend, foldInstruction } from './fold';

type Definitions = ReturnType<typeof singleDefinitions>;

const LIMIT = 0x7fffffff;

class Propagation {
  private readonly definitions: Definitions;
  /** 1 for registers whose only definition can say something about their value. */
  private readonly interesting: Uint8Array;
  private readonly preds: Map<BlockId, BlockId[]>;
  private readonly dominators: Dominators;
  /** Values of registers at the end of each finished block. */
  private readonly known = new Map<BlockId, Map<VReg, Operand>>();
  /** How many blocks have taken over a block's values. */
  private readonly served = new Map<BlockId, number>();
  private values = new Map<VReg, Operand>();
  /** 1 for registers that have been the value of another one somewhere: only their changes concern the others. */
  private readonly copied: Uint8Array;
  private block: BlockId = 0;
  /** Registers written so far in this block. */
  private written = new Set<VReg>();
  changed = false;

  constructor(
    private readonly fn: IrFunction,
    private readonly last: boolean,
  ) {
    this.definitions = singleDefinitions(fn);
    this.interesting = new Uint8Array(fn.registers.length);
    this.copied = new Uint8Array(fn.registers.length);
    this.definitions.forEach((definition, register) => {
      const op = definition?.instruction.op;
      if (op === 'move' || op === 'lea' || op === 'binary' || op === 'compare')
        this.interesting[register] = 1;
    });
    this.preds = predecessors(fn);
    this.dominators = new Dominators(fn, this.preds);
  }

  run(): void {
    for (const id of this.dominators.order) {
      this.block = id;
      const preds = this.preds.get(id) ?? [];
      const inherited = preds.length === 1 && id !== this.fn.order[0] ? this.known.get(preds[0]) : undefined;
      this.values = inherited ? this.inherit(preds[0], inherited) : new Map();
      this.written = new Set();
      this.visitBlock(id);
      this.known.set(id, this.values);
    }
    this.rebindVariables();
  }

  /** What a block's only predecessor knew; copied unless this is the last block that asks for it. */
  private inherit(pred: BlockId, known: Map<VReg, Operand>): Map<VReg, Operand> {
    const heirs = successors(this.fn.blocks[pred].end).filter(
      (next) => this.preds.get(next)?.length === 1,
    ).length;
    const served = (this.served.get(pred) ?? 0) + 1;
    this.served.set(pred, served);
    return served >= heirs ? known : new Map(known);
  }

  private readonly rewriter: Rewriter = {
    use: (operand) => this.use(operand),
    register: (register) => {
      const value = this.use(register);
      return typeof value === 'number' ? value : register;
    },
    define: (register) => register,
    slot: (slot) => slot,
    block: (block) => block,
  };

  /** The value of an operand here, as far as it is known. */
  private use(operand: Operand): Operand {
    if (typeof operand === 'bigint') return operand;
    const local = this.values.get(operand);
    const value = local ?? this.global(operand);
    if (value === undefined || value === operand) return operand;
    this.changed = true;
    return value;
  }

  /** The value of a register that is written once, by a move that dominates this block. */
  private global(register: VReg): Operand | undefined {
    const definition = this.definitions[register];
    if (definition?.instruction.op !== 'move') return undefined;
    if (this.isPinned(register)) return undefined;
    const { src } = definition.instruction;
    if (definition.block === this.block || !this.dominators.dominates(definition.block, this.block))
      return undefined;
    if (typeof src === 'bigint') return src;
    const source = this.definitions[src];
    if (!source || this.isPinned(src)) return undefined;
    const ordered =
      source.block === definition.block
        ? source.index < definition.index
        : this.dominators.dominates(source.block, definition.block);
    return ordered ? src : undefined;
  }

  /** The only definition of a register, if control has surely passed it. */
  private definitionOf(register: VReg): Instruction | undefined {
    const definition = this.definitions[register];
    if (!definition) return undefined;
    const passed =
      definition.block === this.block
        ? this.written.has(register)
        : this.dominators.dominates(definition.block, this.block);
    return passed ? definition.instruction : undefined;
  }

  private isPinned(register: VReg): boolean {
    return this.fn.registers[register].mustRegister;
  }

  private visitBlock(id: BlockId): void {
    const block = this.fn.blocks[id];
    const result: Instruction[] = [];
    for (const original of block.instructions) {
      const rewritten = this.rewrite(original);
      if (!rewritten) continue;
      const folded = foldInstruction(rewritten, () => this.makeRegister());
      if (folded.length !== 1 || folded[0] !== rewritten) this.changed ||= folded[0].op !== rewritten.op;
      for (const instruction of folded) {
        this.record(instruction);
        result.push(instruction);
      }
    }
    block.instructions = result;
    block.end = this.rewriteEnd(block.end);
  }

  private makeRegister(): VReg {
    return this.fn.registers.push({ fixed: NONE, mustRegister: false, legacy: false }) - 1;
  }

  /** True if a register that the instruction reads has a known value or could be folded into its address. */
  private concerns(instruction: Instruction | Terminator): boolean {
    let found = false;
    forEachUse(instruction, (register) => {
      found ||= this.interesting[register] !== 0 || this.values.has(register);
    });
    return found;
  }

  private rewrite(instruction: Instruction): Instruction | undefined {
    if (
      instruction.op === 'constantP' ? !this.last && !this.concerns(instruction) : !this.concerns(instruction)
    ) {
      return instruction;
    }
    if (instruction.op === 'keep') {
      // A variable that changes is kept itself; one that is only a copy is shown from (and kept as) its source.
      const values = instruction.values
        .map((value) => (this.definitions[value] ? this.use(value) : value))
        .filter((value): value is number => typeof value === 'number');
      return values.length === 0 ? undefined : { ...instruction, values: [...new Set(values)] };
    }
    const { loc, scope, statement } = instruction;
    if (instruction.op === 'extend') {
      const src = this.use(instruction.src);
      if (typeof src === 'bigint') {
        const { dst, size } = instruction;
        return { op: 'move', dst, src: foldExtend(instruction, src), size, loc, scope, statement };
      }
      return { ...instruction, src };
    }
    const rewritten = rewriteInstruction(instruction, this.rewriter);
    switch (rewritten.op) {
      case 'constantP':
        if (typeof rewritten.src === 'bigint' || this.isLiteralAddress(rewritten.src)) {
          return { op: 'move', dst: rewritten.dst, src: 1n, size: 4, loc, scope, statement };
        }
        if (!this.last) return rewritten;
        return { op: 'move', dst: rewritten.dst, src: 0n, size: 4, loc, scope, statement };
      case 'load':
      case 'store':
      case 'lea':
      case 'atomic':
      case 'update':
        return { ...rewritten, address: this.absorb(rewritten.address) } as Instruction;
      case 'copyBlock':
        return { ...rewritten, to: this.absorb(rewritten.to), from: this.absorb(rewritten.from) };
      case 'fillBlock':
        return { ...rewritten, to: this.absorb(rewritten.to) };
      case 'call':
        return this.directCall(rewritten);
      default:
        return rewritten;
    }
  }

  /** A call through a pointer that is a known function's address becomes direct. */
  private directCall(call: Extract<Instruction, { op: 'call' }>): Instruction {
    if (typeof call.target === 'string' || typeof call.target.pointer === 'bigint') return call;
    const definition = this.definitionOf(call.target.pointer);
    if (definition?.op !== 'lea' || definition.label !== undefined) return call;
    const { base, index, slot, offset, symbol } = definition.address;
    if (base !== NONE || index !== NONE || slot !== NONE || offset !== 0 || symbol === undefined) return call;
    this.changed = true;
    return { ...call, target: symbol };
  }

  /** The address of a string literal counts as constant for __builtin_constant_p. */
  private isLiteralAddress(operand: Operand): boolean {
    if (typeof operand !== 'number') return false;
    const definition = this.definitions[operand]?.instruction;
    return definition?.op === 'lea' && definition.address.symbol?.startsWith('.LC') === true;
  }

  /** True if a register has one value wherever it is read here: it can be moved into a later address. */
  private isStable(register: VReg): boolean {
    return register === NONE || (this.definitions[register] !== undefined && !this.isPinned(register));
  }

  private absorb(address: Address): Address {
    let result = address;
    for (let step = 0; step < 8; step++) {
      const next = this.absorbOnce(result);
      if (next === result) return result;
      this.changed = true;
      result = next;
    }
    return result;
  }

  private absorbOnce(address: Address): Address {
    const { base, index } = address;
    if (base !== NONE) {
      const constant = this.constantOf(base);
      if (constant !== undefined && fits(address.offset, constant)) {
        return { ...address, base: NONE, offset: address.offset + Number(constant) };
      }
      const instruction = this.definitionOf(base);
      if (instruction?.op === 'lea' && instruction.label === undefined) {
        const inner = instruction.address;
        const free = index === NONE || inner.index === NONE;
        const stable = this.isStable(inner.base) && this.isStable(inner.index);
        const oneSymbol = address.symbol === undefined || inner.symbol === undefined;
        if (free && stable && oneSymbol && fits(address.offset, BigInt(inner.offset))) {
          return {
            base: inner.base,
            index: index === NONE ? inner.index : index,
            scale: index === NONE ? inner.scale : address.scale,
            offset: address.offset + inner.offset,
            slot: inner.slot,
            symbol: address.symbol ?? inner.symbol,
            segment: address.segment,
          };
        }
      }
      if (instruction?.op === 'binary' && instruction.operator === 'add' && instruction.size === 8) {
        const { left, right } = instruction;
        if (
          typeof left === 'number' &&
          typeof right === 'bigint' &&
          this.isStable(left) &&
          fits(address.offset, right)
        ) {
          return { ...address, base: left, offset: address.offset + Number(right) };
        }
      }
    }
    if (index !== NONE) {
      const constant = this.constantOf(index);
      if (constant !== undefined && fits(address.offset, constant * BigInt(address.scale))) {
        return {
          ...address,
          index: NONE,
          scale: 1,
          offset: address.offset + Number(constant) * address.scale,
        };
      }
      const instruction = this.definitionOf(index);
      if (instruction?.op === 'binary' && instruction.operator === 'add' && instruction.size === 8) {
        const { left, right } = instruction;
        if (typeof left === 'number' && typeof right === 'bigint' && this.isStable(left)) {
          const delta = right * BigInt(address.scale);
          if (fits(address.offset, delta)) {
            return { ...address, index: left, offset: address.offset + Number(delta) };
          }
        }
      }
      if (base === NONE && address.slot === NONE && address.scale === 1)
        return { ...address, base: index, index: NONE };
    }
    return address;
  }

  private constantOf(register: VReg): bigint | undefined {
    const value = this.values.get(register) ?? this.global(register);
    return typeof value === 'bigint' ? BigInt.asIntN(64, value) : undefined;
  }

  /** Remembers what an instruction makes known and forgets what it overwrites. */
  private record(instruction: Instruction): void {
    forEachDefinition(instruction, (register) => {
      this.written.add(register);
      if (this.values.size === 0) return;
      this.values.delete(register);
      if (this.copied[register] === 0) return;
      for (const [copy, value] of this.values) if (value === register) this.values.delete(copy);
    });
    if (instruction.op !== 'move' || this.isPinned(instruction.dst)) return;
    const { src, dst } = instruction;
    if (src === dst) return;
    if (typeof src === 'bigint' || !this.isPinned(src)) {
      this.values.set(dst, src);
      if (typeof src === 'number') this.copied[src] = 1;
    }
  }

  private rewriteEnd(end: Terminator): Terminator {
    if (!this.concerns(end)) return end;
    const rewritten = rewriteTerminator(end, this.rewriter);
    if (rewritten.op !== 'branch') return rewritten;
    const decided = decideBranch(this.fuse(rewritten));
    if (decided.op !== 'branch') this.changed = true;
    return decided;
  }

  /** A branch on the 0 or 1 of a comparison made in this block branches on the comparison itself. */
  private fuse(end: Extract<Terminator, { op: 'branch' }>): Extract<Terminator, { op: 'branch' }> {
    if (end.test || (end.condition !== 'ne' && end.condition !== 'eq')) return end;
    if (typeof end.left !== 'number' || end.right !== 0n) return end;
    const source = this.definitionOf(end.left);
    if (!source) return end;
    const stable = (operand: Operand): boolean => typeof operand === 'bigint' || this.isStable(operand);
    if (source.op === 'compare' && stable(source.left) && stable(source.right)) {
      this.changed = true;
      const condition = end.condition === 'ne' ? source.condition : negateCondition(source.condition);
      return {
        ...end,
        condition,
        test: source.test,
        left: source.left,
        right: source.right,
        size: source.size,
      };
    }
    if (source.op === 'binary' && source.operator === 'and' && source.size >= end.size) {
      if (!stable(source.left) || !stable(source.right) || source.size !== end.size) return end;
      this.changed = true;
      return { ...end, test: true, left: source.left, right: source.right };
    }
    return end;
  }

  /** Variables whose register is only a copy are shown from its source. */
  private rebindVariables(): void {
    for (const scope of this.fn.scopes) {
      for (const variable of scope.variables) {
        if (variable.home.kind !== 'register') continue;
        const definition = this.definitions[variable.home.register];
        if (definition?.instruction.op !== 'move') continue;
        const { src } = definition.instruction;
        if (typeof src === 'bigint') variable.home = { kind: 'constant', value: src };
        else if (this.definitions[src] && !this.isPinned(src) && !this.isPinned(variable.home.register)) {
          variable.home = { kind: 'register', register: src };
        }
      }
    }
  }
}

function fits(offset: number, delta: bigint): boolean {
  const sum = BigInt(offset) + delta;
  return sum >= BigInt(-LIMIT) && sum <= BigInt(LIMIT);
}

/** One round of propagation over `fn`; true if anything changed. `last`: unknown constantP become 0. */
export function propagate(fn: IrFunction, last: boolean): boolean {
  const propagation = new Propagation(fn, last);
  propagation.run();
  return propagation.changed;
}
