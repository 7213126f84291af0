/**
 * Variable arguments: va_list as System V x86-64 ABI figure 3.34 has it, without the vector registers.
 *
 * struct __va_list_tag { unsigned gp_offset, fp_offset; void *overflow_arg_area, *reg_save_area; }
 */
import type { Expression, VaArgExpression } from '../ast';
import { displaced, registerAddress, slotAddress } from '../ir/builder';
import { type Address, INCOMING, type MemorySize, type Operand, type VReg } from '../ir/ir';
import { sizeOf } from '../types';
import type { Lowering } from './context';
import { addressValue, lowerPointer } from './place';
import { passing, stackAlign } from './types';

const GP_OFFSET = 0;
const FP_OFFSET = 4;
const OVERFLOW_AREA = 8;
const SAVE_AREA = 16;
const LIST_SIZE = 24;

/** Bytes of the register save area that integer registers take. */
export const SAVE_AREA_SIZE = 48;

function load(ctx: Lowering, address: Address, size: 4 | 8): VReg {
  const dst = ctx.b.register();
  ctx.b.emit({ op: 'load', dst, address, size, signed: false, to: size, volatile: false });
  return dst;
}

function store(ctx: Lowering, address: Address, src: Operand, size: MemorySize): void {
  ctx.b.emit({ op: 'store', address, src, size, volatile: false });
}

/** va_start(list): from the number of registers and stack bytes that the named parameters took. */
export function lowerVaStart(ctx: Lowering, list: Expression): void {
  const at = lowerPointer(ctx, list);
  store(ctx, displaced(at, GP_OFFSET), BigInt(ctx.namedRegisters * 8), 4);
  store(ctx, displaced(at, FP_OFFSET), BigInt(SAVE_AREA_SIZE), 4);
  const overflow = addressValue(ctx, slotAddress(INCOMING, ctx.namedStackBytes));
  store(ctx, displaced(at, OVERFLOW_AREA), overflow, 8);
  if (ctx.registerSaveSlot !== undefined) {
    store(ctx, displaced(at, SAVE_AREA), addressValue(ctx, slotAddress(ctx.registerSaveSlot)), 8);
  }
}

/** va_copy(destination, source). */
export function lowerVaCopy(ctx: Lowering, destination: Expression, source: Expression): void {
  const from = lowerPointer(ctx, source);
  const to = lowerPointer(ctx, destination);
  ctx.b.emit({ op: 'copyBlock', to, from, bytes: LIST_SIZE });
}

/** va_arg: takes the next argument off the list; the result is where it is. */
export function lowerVaArgAddress(ctx: Lowering, expression: VaArgExpression): Address {
  const list = lowerPointer(ctx, expression.list);
  const size = sizeOf(expression.type);
  const count = passing(expression.type);
  const result = ctx.b.register();
  const [fromStack, join] = [ctx.b.block(), ctx.b.block()];
  if (count !== 'memory') {
    const fromRegisters = ctx.b.block();
    const offset = load(ctx, displaced(list, GP_OFFSET), 4);
    ctx.b.end({
      op: 'branch',
      condition: 'be',
      test: false,
      left: offset,
      right: BigInt(SAVE_AREA_SIZE - count * 8),
      size: 4,
      taken: fromRegisters,
      otherwise: fromStack,
      likely: undefined,
    });
    ctx.b.start(fromRegisters);
    const area = load(ctx, displaced(list, SAVE_AREA), 8);
    ctx.b.emit({ op: 'binary', operator: 'add', dst: result, left: area, right: offset, size: 8 });
    const next = ctx.b.register();
    ctx.b.emit({ op: 'binary', operator: 'add', dst: next, left: offset, right: BigInt(count * 8), size: 4 });
    store(ctx, displaced(list, GP_OFFSET), next, 4);
    ctx.b.jump(join);
  }
  ctx.b.start(fromStack);
  let area: Operand = load(ctx, displaced(list, OVERFLOW_AREA), 8);
  const align = stackAlign(expression.type);
  if (align > 8) {
    const raised = ctx.b.register();
    ctx.b.emit({ op: 'binary', operator: 'add', dst: raised, left: area, right: BigInt(align - 1), size: 8 });
    const aligned = ctx.b.register();
    ctx.b.emit({ op: 'binary', operator: 'and', dst: aligned, left: raised, right: BigInt(-align), size: 8 });
    area = aligned;
  }
  ctx.b.move(result, area, 8);
  const after = ctx.b.register();
  const step = BigInt(Math.ceil(size / 8) * 8);
  ctx.b.emit({ op: 'binary', operator: 'add', dst: after, left: area, right: step, size: 8 });
  store(ctx, displaced(list, OVERFLOW_AREA), after, 8);
  ctx.b.start(join);
  return registerAddress(result);
}
