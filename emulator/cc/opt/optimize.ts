/**
 * The optimiser's order of passes for one function.
 */
import type { FunctionSymbol } from '../ast';
import type { IrFunction } from '../ir/ir';
import { forEachDefinition } from '../ir/walk';
import { settleAsmConstants } from './asm-constants';
import { simplifyBlocks } from './blocks';
import { coalesce } from './coalesce';
import { compactRegisters } from './compact';
import { removeDead } from './dead';
import { inlineCalls } from './inline';
import { propagate } from './propagate';
import { mergeExtensions, reuseComputations } from './reuse';
import { mergeUpdates } from './update';

/** What the optimiser asks of the unit. */
export interface OptimizeContext {
  enabled: boolean;
  /** The optimised body of a function of this unit, if it has one. */
  callee(name: string): { symbol: FunctionSymbol; ir: IrFunction } | undefined;
  caller: FunctionSymbol;
}

const ROUNDS = 3;

/** Optimises `fn` in place. Without `enabled` only always_inline calls and unreachable code are dealt with. */
export function optimize(fn: IrFunction, context: OptimizeContext): void {
  simplifyBlocks(fn);
  coalesce(fn);
  let changed = propagate(fn, false);
  if (changed) simplifyBlocks(fn);
  const inlined = inlineCalls(fn, context);
  changed ||= inlined;
  for (let round = 0; changed && round < ROUNDS; round++) {
    simplifyBlocks(fn);
    changed = propagate(fn, false);
  }
  if (reuseComputations(fn)) propagate(fn, false);
  mergeExtensions(fn);
  settleAsmConstants(fn);
  removeDead(fn);
  mergeUpdates(fn);
  coalesce(fn);
  simplifyBlocks(fn);
  compactRegisters(fn);
  countWrites(fn);
}

/**
 * The function as it is emitted: constantP that nothing made constant becomes 0. The given one stays as it is, because it
 * may yet be inlined where its arguments are constant.
 */
export function finalize(fn: IrFunction): IrFunction {
  const open = fn.order.some((id) => fn.blocks[id].instructions.some(({ op }) => op === 'constantP'));
  if (!open) return fn;
  const copy: IrFunction = {
    ...fn,
    registers: fn.registers.map((register) => ({ ...register })),
    blocks: fn.blocks.map((block) => ({
      ...block,
      instructions: block.instructions.map((one) => ({ ...one })),
    })),
    order: [...fn.order],
    scopes: fn.scopes.map((scope) => ({
      ...scope,
      variables: scope.variables.map((variable) => ({ ...variable })),
    })),
  };
  for (const block of copy.blocks) block.end = { ...block.end };
  for (let round = 0; round < ROUNDS; round++) {
    const changed = propagate(copy, true);
    simplifyBlocks(copy);
    if (!changed) break;
  }
  settleAsmConstants(copy);
  removeDead(copy);
  simplifyBlocks(copy);
  countWrites(copy);
  return copy;
}

function countWrites(fn: IrFunction): void {
  const counts = new Uint32Array(fn.registers.length);
  for (const id of fn.order) {
    for (const instruction of fn.blocks[id].instructions) {
      forEachDefinition(instruction, (register) => {
        counts[register]++;
      });
    }
  }
  fn.writeCounts = counts;
}
