/**
 * Bit-fields: extracting them from, and inserting them into, the unit that holds them.
 *
 * Usual units are 1, 2, 4 or 8 bytes and are accessed whole, as the ABI lets gcc do; a packed field that no such unit
 * holds is put together from its bytes.
 */
import { displaced } from '../ir/builder';
import type { Address, BinaryOperator, MemorySize, Operand, Size, VReg } from '../ir/ir';
import type { BitField, Type } from '../types';
import type { Lowering } from './context';
import { scalarOf } from './types';

function binary(ctx: Lowering, operator: BinaryOperator, left: Operand, right: Operand, size: Size): VReg {
  const dst = ctx.b.register();
  ctx.b.emit({ op: 'binary', operator, dst, left, right, size });
  return dst;
}

function isWhole(size: number): size is MemorySize {
  return size === 1 || size === 2 || size === 4 || size === 8;
}

function loadUnit(ctx: Lowering, address: Address, size: MemorySize, to: Size, volatile: boolean): VReg {
  const dst = ctx.b.register();
  ctx.b.emit({ op: 'load', dst, address, size, signed: false, to, volatile });
  return dst;
}

/** Cuts `value` down to `width` bits and extends it by `signed` to `size` bytes. */
function trim(ctx: Lowering, value: Operand, width: number, signed: boolean, size: Size): Operand {
  const bits = size * 8;
  if (width >= bits) return value;
  if (!signed) return binary(ctx, 'and', value, (1n << BigInt(width)) - 1n, size);
  const shift = BigInt(bits - width);
  return binary(ctx, 'sar', binary(ctx, 'shl', value, shift, size), shift, size);
}

function workSize(field: BitField, type: Type): Size {
  return field.bitOffset + field.width > 32 || field.unitSize > 4 || scalarOf(type).register === 8 ? 8 : 4;
}

/** Reads a bit-field whose unit starts at `address`, extended to its declared type. */
export function loadBitField(
  ctx: Lowering,
  address: Address,
  field: BitField,
  type: Type,
  volatile: boolean,
): Operand {
  const scalar = scalarOf(type);
  const size = workSize(field, type);
  if (!isWhole(field.unitSize)) return loadScattered(ctx, address, field, scalar.signed, volatile);
  const unit = loadUnit(ctx, address, field.unitSize, size, volatile);
  if (scalar.signed) {
    const left = BigInt(size * 8 - field.bitOffset - field.width);
    const raised = left === 0n ? unit : binary(ctx, 'shl', unit, left, size);
    const right = BigInt(size * 8 - field.width);
    return right === 0n ? raised : binary(ctx, 'sar', raised, right, size);
  }
  const lowered = field.bitOffset === 0 ? unit : binary(ctx, 'shr', unit, BigInt(field.bitOffset), size);
  if (field.bitOffset + field.width === field.unitSize * 8) return lowered;
  return trim(ctx, lowered, field.width, false, size);
}

/** Writes `value` into a bit-field; returns the value that reading it back would give. */
export function storeBitField(
  ctx: Lowering,
  address: Address,
  field: BitField,
  type: Type,
  volatile: boolean,
  value: Operand,
): Operand {
  const scalar = scalarOf(type);
  if (!isWhole(field.unitSize)) {
    storeScattered(ctx, address, field, volatile, value);
  } else if (field.width === field.unitSize * 8) {
    ctx.b.emit({ op: 'store', address, src: value, size: field.unitSize, volatile });
  } else {
    const size: Size = field.unitSize === 8 ? 8 : 4;
    const mask = (1n << BigInt(field.width)) - 1n;
    const unit = loadUnit(ctx, address, field.unitSize, size, volatile);
    const cleared = binary(
      ctx,
      'and',
      unit,
      BigInt.asIntN(size * 8, ~(mask << BigInt(field.bitOffset))),
      size,
    );
    const masked = binary(ctx, 'and', value, BigInt.asIntN(size * 8, mask), size);
    const placed = field.bitOffset === 0 ? masked : binary(ctx, 'shl', masked, BigInt(field.bitOffset), size);
    const merged = binary(ctx, 'or', cleared, placed, size);
    ctx.b.emit({ op: 'store', address, src: merged, size: field.unitSize, volatile });
  }
  return trim(ctx, value, field.width, scalar.signed, scalar.register);
}

function loadScattered(
  ctx: Lowering,
  address: Address,
  field: BitField,
  signed: boolean,
  volatile: boolean,
): Operand {
  let value: Operand = 0n;
  for (let byte = 0; byte < field.unitSize; byte++) {
    const shift = byte * 8 - field.bitOffset;
    const part = loadUnit(ctx, displaced(address, byte), 1, 8, volatile);
    const operator = shift < 0 ? 'shr' : 'shl';
    const moved = shift === 0 ? part : binary(ctx, operator, part, BigInt(Math.abs(shift)), 8);
    value = value === 0n ? moved : binary(ctx, 'or', value, moved, 8);
  }
  return trim(ctx, value, field.width, signed, 8);
}

function storeScattered(
  ctx: Lowering,
  address: Address,
  field: BitField,
  volatile: boolean,
  value: Operand,
): void {
  const wide = trim(ctx, value, field.width, false, 8);
  for (let byte = 0; byte < field.unitSize; byte++) {
    const shift = byte * 8 - field.bitOffset;
    const low = Math.max(0, field.bitOffset - byte * 8);
    const high = Math.min(8, field.bitOffset + field.width - byte * 8);
    const mask = ((1 << high) - 1) & ~((1 << low) - 1);
    const at = displaced(address, byte);
    const moved =
      shift === 0 ? wide : binary(ctx, shift < 0 ? 'shl' : 'shr', wide, BigInt(Math.abs(shift)), 8);
    const part = binary(ctx, 'and', moved, BigInt(mask), 4);
    const kept = binary(ctx, 'and', loadUnit(ctx, at, 1, 4, volatile), BigInt(~mask & 0xff), 4);
    const merged = binary(ctx, 'or', kept, part, 4);
    ctx.b.emit({ op: 'store', address: at, src: merged, size: 1, volatile });
  }
}
