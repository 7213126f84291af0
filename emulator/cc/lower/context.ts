/**
 * What lowering one function keeps at hand: the builder, where variables live, and where jumps go.
 */
import type { CaseLabel, FunctionSymbol, Label, Loc, StringLiteral, Variable } from '../ast';
import type { FunctionBuilder } from '../ir/builder';
import type { BlockId, IrFunction, VariableHome, VReg } from '../ir/ir';
import type { Type } from '../types';

/** What lowering asks of the whole unit. */
export interface UnitContext {
  /** The symbol of a string literal's bytes. */
  stringSymbol(literal: StringLiteral): string;
  /** Something that the back end cannot translate. */
  report(loc: Loc, message: string): void;
  /** Where labels ended up, for label addresses in static data; filled by lowering. */
  labels: Map<Label, { fn: IrFunction; block: BlockId }>;
}

/** A loop or switch that break and continue leave. `stack` is the value of rsp to go back to, when it had to be saved. */
export interface JumpScope {
  breakTarget: BlockId;
  continueTarget: BlockId | undefined;
  savedStacks: number;
}

export class Lowering {
  readonly homes = new Map<Variable, VariableHome>();
  readonly labels = new Map<Label, BlockId>();
  readonly cases = new Map<CaseLabel, BlockId>();
  readonly jumpScopes: JumpScope[] = [];
  /** rsp before the variable-length arrays of the enclosing blocks, outermost first. */
  readonly savedStacks: VReg[] = [];
  /** Registers of named variables that were assigned so far: an old value is kept alive until the next one replaces it. */
  readonly assigned = new Map<VReg, boolean>();
  /** Register with the address that a record in memory is returned through. */
  returnPointer: VReg | undefined;
  /** How many argument registers and stack bytes the named parameters took, for va_start. */
  namedRegisters = 0;
  namedStackBytes = 0;
  registerSaveSlot: number | undefined;

  constructor(
    readonly unit: UnitContext,
    readonly b: FunctionBuilder,
    readonly symbol: FunctionSymbol,
    readonly returns: Type,
  ) {}

  labelBlock(label: Label): BlockId {
    let block = this.labels.get(label);
    if (block === undefined) {
      block = this.b.block();
      this.labels.set(label, block);
      if (label.addressTaken) {
        this.b.fn.blocks[block].pinned = true;
        this.unit.labels.set(label, { fn: this.b.fn, block });
      }
    }
    return block;
  }

  caseBlock(label: CaseLabel): BlockId {
    let block = this.cases.get(label);
    if (block === undefined) {
      block = this.b.block();
      this.cases.set(label, block);
    }
    return block;
  }
}
