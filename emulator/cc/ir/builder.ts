/**
 * Building one function's IR: makes registers, slots, blocks and scopes, and appends instructions to the current block.
 *
 * Code after a terminator goes to a fresh block that nothing jumps to; the optimiser drops it.
 */
import type { Loc } from '../ast';
import {
  type Address,
  type BlockId,
  type Instruction,
  type IrFunction,
  NONE,
  type Operand,
  type Origin,
  type Size,
  type Terminator,
  type VReg,
} from './ir';

/** An instruction without its origin; the builder adds that. */
type WithoutOrigin<T> = T extends unknown ? Omit<T, keyof Origin> : never;

export class FunctionBuilder {
  readonly fn: IrFunction;
  private current: BlockId;
  private ended = false;
  loc: Loc;
  scope = 0;
  statement = 0;
  loopDepth = 0;

  constructor(name: string, loc: Loc, end: Loc) {
    this.loc = loc;
    this.fn = {
      name,
      loc,
      end,
      registers: [],
      slots: [],
      blocks: [],
      order: [],
      scopes: [{ parent: NONE, site: NONE, variables: [] }],
      sites: [],
      usesAlloca: false,
      notInlinable: false,
      returnsRecordInMemory: false,
      statements: 0,
    };
    this.current = this.block();
    this.fn.order.push(this.current);
  }

  /** A new virtual register. */
  register(fixed: number = NONE): VReg {
    return this.fn.registers.push({ fixed, mustRegister: fixed !== NONE, legacy: false }) - 1;
  }

  /** A new stack object in the current scope. */
  slot(size: number, align: number): number {
    return this.fn.slots.push({ size, align, scope: this.scope }) - 1;
  }

  /** A new block, not yet placed. */
  block(): BlockId {
    const id = this.fn.blocks.length;
    this.fn.blocks.push({
      id,
      instructions: [],
      end: { op: 'unreachable', trap: false, loc: this.loc, scope: this.scope, statement: this.statement },
      pinned: false,
      loopDepth: this.loopDepth,
    });
    return id;
  }

  /** Continues in `block`: falls into it if the current block has not ended. */
  start(block: BlockId): void {
    if (!this.ended) this.end({ op: 'jump', target: block });
    this.current = block;
    this.fn.blocks[block].loopDepth = this.loopDepth;
    this.fn.order.push(block);
    this.ended = false;
  }

  /** False after a terminator: what is emitted next cannot be reached unless a label follows. */
  get reachable(): boolean {
    return !this.ended;
  }

  get currentBlock(): BlockId {
    return this.current;
  }

  emit(instruction: WithoutOrigin<Instruction>): void {
    if (this.ended) this.start(this.block());
    const made = instruction as Instruction;
    made.loc = this.loc;
    made.scope = this.scope;
    made.statement = this.statement;
    this.fn.blocks[this.current].instructions.push(made);
  }

  end(terminator: WithoutOrigin<Terminator>): void {
    if (this.ended) return;
    const made = terminator as Terminator;
    made.loc = this.loc;
    made.scope = this.scope;
    made.statement = this.statement;
    this.fn.blocks[this.current].end = made;
    this.ended = true;
  }

  jump(target: BlockId): void {
    this.end({ op: 'jump', target });
  }

  move(dst: VReg, src: Operand, size: Size): void {
    this.emit({ op: 'move', dst, src, size });
  }

  /** A register holding `operand`. */
  inRegister(operand: Operand, size: Size): VReg {
    if (typeof operand === 'number') return operand;
    const dst = this.register();
    this.move(dst, operand, size);
    return dst;
  }

  /** Opens a lexical scope and makes it current; returns the one to go back to. */
  openScope(): number {
    const outer = this.scope;
    this.scope = this.fn.scopes.push({ parent: outer, site: NONE, variables: [] }) - 1;
    return outer;
  }

  newStatement(loc: Loc): void {
    this.loc = loc;
    this.statement = ++this.fn.statements;
  }
}

/** An address made of one register and an offset. */
export function registerAddress(base: VReg, offset = 0): Address {
  return { base, index: NONE, scale: 1, offset, slot: NONE, symbol: undefined, segment: undefined };
}

/** A place inside a stack object. */
export function slotAddress(slot: number, offset = 0): Address {
  return { base: NONE, index: NONE, scale: 1, offset, slot, symbol: undefined, segment: undefined };
}

/** A place relative to a symbol. */
export function symbolAddress(symbol: string, offset = 0): Address {
  return { base: NONE, index: NONE, scale: 1, offset, slot: NONE, symbol, segment: undefined };
}

/** The same address, `delta` bytes further. */
export function displaced(address: Address, delta: number): Address {
  return delta === 0 ? address : { ...address, offset: address.offset + delta };
}
