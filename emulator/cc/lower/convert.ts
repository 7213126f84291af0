/**
 * Conversions between scalar types, on values as registers hold them (narrow types extended to 32 bits).
 */
import type { Operand } from '../ir/ir';
import type { Lowering } from './context';
import { canonical, type Scalar } from './types';

/** Converts `value` from one scalar type to another, as a C cast does. */
export function convert(ctx: Lowering, value: Operand, from: Scalar, to: Scalar): Operand {
  if (typeof value === 'bigint') return convertConstant(value, from, to);
  if (to.bool) return from.bool ? value : toBool(ctx, value, from);
  if (to.register === 8) return from.register === 8 ? value : widen(ctx, value, from.signed);
  if (to.size === 4) {
    if (from.register === 4) return value;
    const dst = ctx.b.register();
    ctx.b.move(dst, value, 4);
    return dst;
  }
  const fits = from.size < to.size && (!from.signed || to.signed);
  if (fits || (from.size === to.size && from.signed === to.signed && !from.bool)) return value;
  return narrow(ctx, value, to);
}

/** A value of 32 bits as 64 bits. */
function widen(ctx: Lowering, value: number, signed: boolean): Operand {
  const dst = ctx.b.register();
  ctx.b.emit({ op: 'extend', dst, src: value, from: 4, signed, size: 8 });
  return dst;
}

/** Cuts a value down to a type narrower than int and extends it again; other types are left as they are. */
export function narrow(ctx: Lowering, value: Operand, to: Scalar): Operand {
  if (to.size >= 4) return value;
  if (typeof value === 'bigint') return convertConstant(value, { ...to, size: 4, bool: false }, to);
  const dst = ctx.b.register();
  ctx.b.emit({
    op: 'extend',
    dst,
    src: value,
    from: to.size === 1 ? 1 : 2,
    signed: to.signed,
    size: 4,
  });
  return dst;
}

function toBool(ctx: Lowering, value: number, from: Scalar): Operand {
  const dst = ctx.b.register();
  ctx.b.emit({
    op: 'compare',
    condition: 'ne',
    test: false,
    dst,
    left: value,
    right: 0n,
    size: from.register,
  });
  return dst;
}

function convertConstant(value: bigint, from: Scalar, to: Scalar): bigint {
  if (to.bool) return value === 0n ? 0n : 1n;
  const exact = from.signed ? value : BigInt.asUintN(from.register * 8, value);
  const cut = to.signed ? BigInt.asIntN(to.size * 8, exact) : BigInt.asUintN(to.size * 8, exact);
  return canonical(cut, to.register);
}
