/**
 * Atomic builtins: __atomic_… and __sync_… as locked instructions.
 *
 * x86 keeps loads and stores of naturally aligned words in order, so loads are plain, stores are plain or exchanges, and
 * only a sequentially consistent fence needs an instruction. Read-modify-write operations without an instruction that
 * returns the old value loop on compare-and-exchange.
 */
import type { BuiltinExpression, BuiltinName, Expression } from '../ast';
import type { Address, Operand } from '../ir/ir';
import { atomicPlace, extended, NO_REGISTER } from './builtin';
import type { Lowering } from './context';
import { arithmetic, lowerValue } from './expression';
import { valueAddress } from './place';
import type { Scalar } from './types';

const SEQUENTIAL = 5n;

type Combine = 'add' | 'sub' | 'and' | 'or' | 'xor' | 'nand';

/** The operation and whether the new value is wanted, for the fetch-and-op builtins. */
function updateOf(name: BuiltinName): { combine: Combine; wantsNew: boolean } | undefined {
  const before = /^atomicFetch(Add|Sub|And|Or|Xor|Nand)$/.exec(name);
  const after = /^atomic(Add|Sub|And|Or|Xor|Nand)Fetch$/.exec(name);
  const found = before ?? after;
  if (!found) return undefined;
  return { combine: found[1].toLowerCase() as Combine, wantsNew: after !== null };
}

/** Lowers an atomic builtin. */
export function lowerAtomic(ctx: Lowering, builtin: BuiltinExpression): Operand {
  const [first, second, third] = builtin.arguments;
  switch (builtin.name) {
    case 'atomicLoad': {
      const { address, scalar, size } = atomicPlace(ctx, first);
      const dst = ctx.b.register();
      ctx.b.emit({
        op: 'load',
        dst,
        address,
        size,
        signed: scalar.signed,
        to: scalar.register,
        volatile: true,
      });
      return dst;
    }
    case 'atomicStore': {
      const value = lowerValue(ctx, second);
      const { address, size } = atomicPlace(ctx, first);
      if (third.kind === 'integer' && third.value !== SEQUENTIAL) {
        ctx.b.emit({ op: 'store', address, src: value, size, volatile: true });
      } else {
        emitAtomic(ctx, 'exchange', address, value, size);
      }
      return 0n;
    }
    case 'atomicExchange': {
      const value = lowerValue(ctx, second);
      const { address, scalar, size } = atomicPlace(ctx, first);
      return extended(ctx, emitAtomic(ctx, 'exchange', address, value, size), scalar);
    }
    case 'atomicCompareExchange': {
      const { address, scalar } = atomicPlace(ctx, first);
      const expectedAt = valueAddress(ctx, lowerValue(ctx, second));
      const desired = lowerValue(ctx, third);
      return compareExchange(ctx, address, scalar, expectedAt, desired);
    }
    case 'syncCompareSwap':
    case 'syncBoolCompareSwap': {
      const { address, scalar } = atomicPlace(ctx, first);
      const expected = lowerValue(ctx, second);
      const swap = swapIfEqual(ctx, address, scalar, expected, lowerValue(ctx, third));
      return builtin.name === 'syncCompareSwap' ? extended(ctx, swap.old, scalar) : swap.done;
    }
    case 'atomicFence':
      if (first?.kind === 'integer' && first.value !== SEQUENTIAL) return 0n;
      ctx.b.emit({ op: 'machine', name: 'mfence', inputs: [], outputs: [] });
      return 0n;
    case 'signalFence':
      return 0n;
    default: {
      const update = updateOf(builtin.name);
      if (update) return fetchAndUpdate(ctx, first, second, update.combine, update.wantsNew);
      ctx.unit.report(builtin.loc, `__builtin ${builtin.name} is not supported`);
      return 0n;
    }
  }
}

function emitAtomic(
  ctx: Lowering,
  operator: 'exchange' | 'add',
  address: Address,
  src: Operand,
  size: Scalar['size'],
): number {
  const dst = ctx.b.register();
  ctx.b.emit({ op: 'atomic', operator, address, src, expected: 0n, dst, flag: NO_REGISTER, size });
  return dst;
}

function swapIfEqual(
  ctx: Lowering,
  address: Address,
  scalar: Scalar,
  expected: Operand,
  desired: Operand,
): { old: number; done: number } {
  const old = ctx.b.register();
  const done = ctx.b.register();
  ctx.b.emit({
    op: 'atomic',
    operator: 'compareExchange',
    address,
    src: desired,
    expected,
    dst: old,
    flag: done,
    size: scalar.size,
  });
  return { old, done };
}

/** __atomic_compare_exchange: on failure the value found is written to *expected. */
function compareExchange(
  ctx: Lowering,
  address: Address,
  scalar: Scalar,
  expectedAt: Address,
  desired: Operand,
): Operand {
  const expected = ctx.b.register();
  ctx.b.emit({
    op: 'load',
    dst: expected,
    address: expectedAt,
    size: scalar.size,
    signed: scalar.signed,
    to: scalar.register,
    volatile: false,
  });
  const { old, done } = swapIfEqual(ctx, address, scalar, expected, desired);
  const [failed, join] = [ctx.b.block(), ctx.b.block()];
  ctx.b.end({
    op: 'branch',
    condition: 'eq',
    test: false,
    left: done,
    right: 0n,
    size: 4,
    taken: failed,
    otherwise: join,
    likely: false,
  });
  ctx.b.start(failed);
  ctx.b.emit({ op: 'store', address: expectedAt, src: old, size: scalar.size, volatile: false });
  ctx.b.start(join);
  return done;
}

function combineValues(
  ctx: Lowering,
  combine: Combine,
  old: Operand,
  value: Operand,
  scalar: Scalar,
): Operand {
  if (combine !== 'nand') return arithmetic(ctx, combine, old, value, scalar.register, scalar.signed);
  const both = arithmetic(ctx, 'and', old, value, scalar.register, scalar.signed);
  return arithmetic(ctx, 'xor', both, -1n, scalar.register, scalar.signed);
}

function fetchAndUpdate(
  ctx: Lowering,
  pointer: Expression,
  operand: Expression,
  combine: Combine,
  wantsNew: boolean,
): Operand {
  const value = lowerValue(ctx, operand);
  const { address, scalar, size } = atomicPlace(ctx, pointer);
  if (combine === 'add' || combine === 'sub') {
    let delta = value;
    if (combine === 'sub') delta = arithmetic(ctx, 'sub', 0n, value, scalar.register, scalar.signed);
    const old = emitAtomic(ctx, 'add', address, delta, size);
    const result = wantsNew ? arithmetic(ctx, 'add', old, delta, scalar.register, scalar.signed) : old;
    return extended(ctx, result, scalar);
  }
  const current = ctx.b.register();
  const first = ctx.b.register();
  ctx.b.emit({
    op: 'load',
    dst: first,
    address,
    size,
    signed: scalar.signed,
    to: scalar.register,
    volatile: true,
  });
  ctx.b.move(current, first, scalar.register);
  const [again, done] = [ctx.b.block(), ctx.b.block()];
  ctx.b.loopDepth++;
  ctx.b.start(again);
  const next = combineValues(ctx, combine, current, value, scalar);
  const swap = swapIfEqual(ctx, address, scalar, current, next);
  const found = extended(ctx, swap.old, scalar);
  const result = ctx.b.register();
  ctx.b.move(result, wantsNew ? next : current, scalar.register);
  ctx.b.move(current, found, scalar.register);
  ctx.b.end({
    op: 'branch',
    condition: 'eq',
    test: false,
    left: swap.done,
    right: 0n,
    size: 4,
    taken: again,
    otherwise: done,
    likely: false,
  });
  ctx.b.loopDepth--;
  ctx.b.start(done);
  return extended(ctx, result, scalar);
}
