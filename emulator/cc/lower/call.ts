/**
 * Calls, by the System V x86-64 calling convention (ABI section 3.2.3) without its vector half.
 */
import type { CallExpression, Expression } from '../ast';
import type { Address, Operand, StackArgument } from '../ir/ir';
import { bare, sizeOf } from '../types';
import type { Lowering } from './context';
import { narrow } from './convert';
import { lowerValue } from './expression';
import { addressValue } from './place';
import { loadWords, lowerRecord, storeWords } from './record';
import { isVoid, passing, recordOf, scalarOf, stackAlign } from './types';

const REGISTER_COUNT = 6;

interface Arguments {
  registers: Operand[];
  stack: StackArgument[];
}

function lowerArgument(ctx: Lowering, argument: Expression, out: Arguments): void {
  const record = recordOf(argument.type);
  if (!record) {
    const value = lowerValue(ctx, argument);
    if (out.registers.length < REGISTER_COUNT) out.registers.push(value);
    else out.stack.push({ kind: 'word', value });
    return;
  }
  const address = lowerRecord(ctx, argument, undefined);
  const count = passing(argument.type);
  if (record.size === 0) return;
  if (count !== 'memory' && out.registers.length + count <= REGISTER_COUNT) {
    out.registers.push(...loadWords(ctx, address, Math.min(record.size, count * 8)));
    return;
  }
  const align = stackAlign(argument.type);
  out.stack.push({ kind: 'block', from: address, bytes: record.size, align });
}

function emitCall(ctx: Lowering, call: CallExpression, hidden: Operand | undefined, results: number[]): void {
  const target =
    call.function?.symbolName ?? ({ pointer: lowerValue(ctx, call.callee) } satisfies { pointer: Operand });
  const out: Arguments = { registers: hidden === undefined ? [] : [hidden], stack: [] };
  for (const argument of call.arguments) lowerArgument(ctx, argument, out);
  const noreturn = call.function?.attributes.noreturn === true;
  ctx.b.loc = call.loc;
  ctx.b.emit({
    op: 'call',
    target,
    arguments: out.registers,
    stack: out.stack,
    results,
    variadic: call.functionType.variadic || !call.functionType.prototyped,
    noreturn,
    functionName: call.function?.name,
  });
  if (noreturn) ctx.b.end({ op: 'unreachable', trap: false });
}

/** A call with a scalar result, or none (then the operand means nothing). */
export function lowerCall(ctx: Lowering, call: CallExpression): Operand {
  if (recordOf(call.type)) {
    lowerRecord(ctx, call, undefined);
    return 0n;
  }
  if (isVoid(call.type)) {
    emitCall(ctx, call, undefined, []);
    return 0n;
  }
  const result = ctx.b.register();
  emitCall(ctx, call, undefined, [result]);
  return narrow(ctx, result, scalarOf(call.type));
}

/** A call that returns a record into `to`, memory that the callee may write before it has read its arguments. */
export function lowerRecordCall(ctx: Lowering, call: CallExpression, to: Address): Address {
  const count = passing(call.type);
  const size = sizeOf(bare(call.type));
  if (count === 'memory') {
    const pointer = addressValue(ctx, to);
    emitCall(ctx, call, pointer, [ctx.b.register()]);
    return to;
  }
  const results = Array.from({ length: count }, () => ctx.b.register());
  emitCall(ctx, call, undefined, results);
  storeWords(ctx, to, size, results);
  return to;
}
