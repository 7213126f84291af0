/**
 * Records (struct and union values): they are always in memory, and their value is the address of that memory.
 *
 * lowerRecord() may write into a destination that the caller owns and that nothing else can see yet; an assignment to an
 * existing object goes through a temporary where the right side could still read the left.
 */
import type { AutoInitializer, Expression } from '../ast';
import { displaced, slotAddress } from '../ir/builder';
import type { Address, MemorySize, Operand } from '../ir/ir';
import { alignOf, isVolatile, sizeOf, type Type } from '../types';
import { lowerRecordCall } from './call';
import { lowerCondition } from './condition';
import type { Lowering } from './context';
import { lowerEffect, lowerValue } from './expression';
import { lowerPlace, storePlace } from './place';
import { lowerStatementExpression } from './statement';
import { recordOf, scalarOf } from './types';
import { lowerVaArgAddress } from './varargs';

/** A new stack object for a value of `type`. */
export function temporary(ctx: Lowering, type: Type): Address {
  return slotAddress(ctx.b.slot(sizeOf(type), alignOf(type)));
}

/** Copies a record between two places that are equal or apart. */
export function copyRecord(ctx: Lowering, to: Address, from: Address, bytes: number): void {
  if (bytes > 0) ctx.b.emit({ op: 'copyBlock', to, from, bytes });
}

/** Evaluates an expression of record type; the result is where its bytes are (`fresh`, if that was given). */
export function lowerRecord(ctx: Lowering, expression: Expression, fresh: Address | undefined): Address {
  const size = sizeOf(expression.type);
  const settle = (at: Address): Address => {
    if (!fresh) return at;
    copyRecord(ctx, fresh, at, size);
    return fresh;
  };
  switch (expression.kind) {
    case 'load': {
      if (fresh && expression.place.kind === 'compoundLiteral') {
        initialize(ctx, fresh, expression.place.initializer);
        return fresh;
      }
      const place = lowerPlace(ctx, expression.place);
      if (place.kind === 'memory') return settle(place.address);
      break;
    }
    case 'call':
      return lowerRecordCall(ctx, expression, fresh ?? temporary(ctx, expression.type));
    case 'assign': {
      const place = lowerPlace(ctx, expression.place);
      if (place.kind !== 'memory') break;
      assignRecord(ctx, place.address, expression.value);
      return settle(place.address);
    }
    case 'comma':
      lowerEffect(ctx, expression.left);
      return lowerRecord(ctx, expression.right, fresh);
    case 'cast':
      return lowerRecord(ctx, expression.operand, fresh);
    case 'conditional': {
      const result = fresh ?? temporary(ctx, expression.type);
      const [then, otherwise, join] = [ctx.b.block(), ctx.b.block(), ctx.b.block()];
      lowerCondition(ctx, expression.condition, then, otherwise);
      ctx.b.start(then);
      lowerRecord(ctx, expression.then, result);
      ctx.b.jump(join);
      ctx.b.start(otherwise);
      lowerRecord(ctx, expression.otherwise, result);
      ctx.b.start(join);
      return result;
    }
    case 'statementExpression': {
      const result = fresh ?? temporary(ctx, expression.type);
      lowerStatementExpression(ctx, expression, (value) => lowerRecord(ctx, value, result));
      return result;
    }
    case 'vaArg':
      return settle(lowerVaArgAddress(ctx, expression));
    case 'builtin':
      lowerEffect(ctx, expression);
      return fresh ?? temporary(ctx, expression.type);
    default:
      break;
  }
  ctx.unit.report(expression.loc, 'this expression cannot have a struct or union type');
  return fresh ?? temporary(ctx, expression.type);
}

/** to = value, where `to` may be visible to the value's evaluation. */
export function assignRecord(ctx: Lowering, to: Address, value: Expression): void {
  const size = sizeOf(value.type);
  if (value.kind === 'load' && value.place.kind === 'compoundLiteral') {
    const made = temporary(ctx, value.type);
    initialize(ctx, made, value.place.initializer);
    copyRecord(ctx, to, made, size);
    return;
  }
  copyRecord(ctx, to, lowerRecord(ctx, value, undefined), size);
}

/** Initialises an automatic object at `to`. */
export function initialize(ctx: Lowering, to: Address, initializer: AutoInitializer): void {
  if (initializer.zeroFill && initializer.size > 0) {
    ctx.b.emit({ op: 'fillBlock', to, value: 0, bytes: initializer.size });
  }
  for (const item of initializer.items) {
    if (item.kind === 'bytes') {
      storeBytes(ctx, displaced(to, item.offset), item.bytes);
      continue;
    }
    if (recordOf(item.type)) {
      lowerRecord(ctx, item.value, displaced(to, item.offset));
      continue;
    }
    const value = lowerValue(ctx, item.value);
    const field = item.member?.bitField;
    storePlace(
      ctx,
      {
        kind: 'memory',
        address: displaced(to, item.offset + (field?.unitOffset ?? 0)),
        type: item.type,
        volatile: isVolatile(item.type),
        bitField: field,
      },
      value,
    );
  }
}

/** Writes constant bytes with the widest stores that fit. */
function storeBytes(ctx: Lowering, to: Address, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at < bytes.length) {
    const left = bytes.length - at;
    const size: MemorySize = left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
    let value = 0n;
    for (let i = size - 1; i >= 0; i--) value = (value << 8n) | BigInt(view.getUint8(at + i));
    const src: Operand = BigInt.asIntN(size === 8 ? 64 : 32, value);
    ctx.b.emit({ op: 'store', address: displaced(to, at), src, size, volatile: false });
    at += size;
  }
}

/** Splits `bytes` bytes of a record into 8-byte register words, reading nothing beyond its end. */
export function loadWords(ctx: Lowering, from: Address, bytes: number): Operand[] {
  const words: Operand[] = [];
  for (let at = 0; at < bytes; at += 8) {
    words.push(loadPartial(ctx, displaced(from, at), Math.min(8, bytes - at)));
  }
  return words;
}

function loadPartial(ctx: Lowering, from: Address, bytes: number): Operand {
  let word: Operand | undefined;
  for (let at = 0; at < bytes; ) {
    const left = bytes - at;
    const size: MemorySize = left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
    const part = ctx.b.register();
    ctx.b.emit({
      op: 'load',
      dst: part,
      address: displaced(from, at),
      size,
      signed: false,
      to: bytes > 4 ? 8 : 4,
      volatile: false,
    });
    if (word === undefined) word = part;
    else {
      const moved = ctx.b.register();
      ctx.b.emit({ op: 'binary', operator: 'shl', dst: moved, left: part, right: BigInt(at * 8), size: 8 });
      const merged = ctx.b.register();
      ctx.b.emit({ op: 'binary', operator: 'or', dst: merged, left: word, right: moved, size: 8 });
      word = merged;
    }
    at += size;
  }
  return word ?? 0n;
}

/** Writes register words into a record of `bytes` bytes, writing nothing beyond its end. */
export function storeWords(ctx: Lowering, to: Address, bytes: number, words: readonly Operand[]): void {
  words.forEach((word, index) => {
    const end = Math.min(8, bytes - index * 8);
    for (let at = 0; at < end; ) {
      const left = end - at;
      const size: MemorySize = left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
      let part = word;
      if (at > 0) {
        const moved = ctx.b.register();
        ctx.b.emit({ op: 'binary', operator: 'shr', dst: moved, left: word, right: BigInt(at * 8), size: 8 });
        part = moved;
      }
      ctx.b.emit({ op: 'store', address: displaced(to, index * 8 + at), src: part, size, volatile: false });
      at += size;
    }
  });
}

/** True if `type` is a scalar narrower than a register and so must be extended when it comes from outside. */
export function isNarrow(type: Type): boolean {
  return !recordOf(type) && scalarOf(type).size < 4;
}
