/**
 * Places: turns an lvalue of the tree into a register or a memory address, and loads and stores through it.
 *
 * Address arithmetic with constants and scaled indexes is folded into the address itself; that is the compiler's address
 * mode selection. Bit-fields are in bitfield.ts, whole records in record.ts.
 */
import type { Expression, Place } from '../ast';
import { displaced, registerAddress, slotAddress, symbolAddress } from '../ir/builder';
import { type Address, NONE, type Operand, type VReg } from '../ir/ir';
import { type BitField, isVolatile, sizeOf, type Type } from '../types';
import { loadBitField, storeBitField } from './bitfield';
import type { Lowering } from './context';
import { lowerValue } from './expression';
import { initialize, lowerRecord } from './record';
import { scalarOf } from './types';

/** A lowered place. */
export type PlaceRef =
  | { kind: 'register'; register: VReg; type: Type }
  | { kind: 'memory'; address: Address; type: Type; volatile: boolean; bitField: BitField | undefined };

const LIMIT = 0x7fffffff;

function fitsOffset(value: bigint): boolean {
  return value >= BigInt(-LIMIT) && value <= BigInt(LIMIT);
}

function memory(address: Address, type: Type): PlaceRef {
  return { kind: 'memory', address, type, volatile: isVolatile(type), bitField: undefined };
}

/** Adds a run-time index to an address, in its index field when that is free. */
function indexed(ctx: Lowering, address: Address, index: VReg, scale: number): Address {
  if (address.index === NONE) {
    if (scale === 1 || scale === 2 || scale === 4 || scale === 8) return { ...address, index, scale };
    const scaled = ctx.b.register();
    ctx.b.emit({ op: 'binary', operator: 'mul', dst: scaled, left: index, right: BigInt(scale), size: 8 });
    return { ...address, index: scaled, scale: 1 };
  }
  const sum = ctx.b.register();
  ctx.b.emit({ op: 'lea', dst: sum, address, label: undefined });
  return indexed(ctx, registerAddress(sum), index, scale);
}

/** The address that a pointer expression has, unevaluated as far as an x86-64 address can hold it. */
export function lowerPointer(ctx: Lowering, pointer: Expression): Address {
  if (pointer.kind === 'address') {
    const place = lowerPlace(ctx, pointer.place);
    if (place.kind === 'memory') return place.address;
  }
  if (pointer.kind === 'cast' && pointer.conversion === 'reinterpret')
    return lowerPointer(ctx, pointer.operand);
  if (pointer.kind === 'pointerAdd') {
    const base = lowerPointer(ctx, pointer.pointer);
    const index = lowerValue(ctx, pointer.index);
    if (typeof index === 'bigint') {
      const delta = index * BigInt(pointer.subtract ? -pointer.scale : pointer.scale);
      if (fitsOffset(BigInt(base.offset) + delta)) return displaced(base, Number(delta));
      return indexed(ctx, base, ctx.b.inRegister(BigInt.asIntN(64, delta), 8), 1);
    }
    if (!pointer.subtract) return indexed(ctx, base, index, pointer.scale);
    const negated = ctx.b.register();
    ctx.b.emit({ op: 'unary', operator: 'neg', dst: negated, src: index, size: 8 });
    return indexed(ctx, base, negated, pointer.scale);
  }
  return valueAddress(ctx, lowerValue(ctx, pointer));
}

/** The address that a pointer value is. */
export function valueAddress(ctx: Lowering, value: Operand): Address {
  if (typeof value === 'bigint') {
    const address = registerAddress(NONE);
    if (fitsOffset(value)) return displaced(address, Number(value));
    return registerAddress(ctx.b.inRegister(value, 8));
  }
  return registerAddress(value);
}

/** A register with the address, for pointers that must be values. */
export function addressValue(ctx: Lowering, address: Address): Operand {
  const plain = address.index === NONE && address.slot === NONE && address.symbol === undefined;
  if (plain && address.offset === 0 && address.base !== NONE) return address.base;
  if (plain && address.base === NONE) return BigInt(address.offset);
  const dst = ctx.b.register();
  ctx.b.emit({ op: 'lea', dst, address, label: undefined });
  return dst;
}

/** Lowers a place. A place that holds a record or an array is always in memory. */
export function lowerPlace(ctx: Lowering, place: Place): PlaceRef {
  switch (place.kind) {
    case 'variable': {
      const variable = place.variable;
      if (variable.storage === 'static') return memory(symbolAddress(variable.symbolName), place.type);
      const home = ctx.homes.get(variable);
      switch (home?.kind) {
        case 'register':
          return { kind: 'register', register: home.register, type: place.type };
        case 'slot':
          return memory(slotAddress(home.slot, home.offset), place.type);
        case 'pointer':
          return memory(registerAddress(home.register), place.type);
        case 'symbol':
          return memory(symbolAddress(home.symbol), place.type);
        case 'constant':
        case 'none':
        case undefined:
          ctx.unit.report(place.loc, `'${variable.name}' is used outside the function that declares it`);
          return memory(registerAddress(NONE), place.type);
      }
      break;
    }
    case 'function':
      return memory(symbolAddress(place.function.symbolName), place.type);
    case 'string':
      return memory(symbolAddress(ctx.unit.stringSymbol(place.literal)), place.type);
    case 'deref':
      return memory(lowerPointer(ctx, place.pointer), place.type);
    case 'member': {
      const base = lowerPlace(ctx, place.base);
      if (base.kind === 'register') {
        ctx.unit.report(place.loc, 'a member of a value in a register');
        return base;
      }
      const volatile = base.volatile || isVolatile(place.type);
      const field = place.member.bitField;
      const offset = field ? field.unitOffset : place.member.offset;
      return {
        ...memory(displaced(base.address, offset), place.type),
        volatile,
        bitField: field,
      } as PlaceRef;
    }
    case 'compoundLiteral': {
      const slot = ctx.b.slot(sizeOf(place.variable.type), place.variable.align);
      ctx.homes.set(place.variable, { kind: 'slot', slot, offset: 0 });
      initialize(ctx, slotAddress(slot), place.initializer);
      return memory(slotAddress(slot), place.type);
    }
    case 'temporary':
      return memory(lowerRecord(ctx, place.value, undefined), place.type);
  }
}

/** Reads a scalar or bit-field. */
export function loadPlace(ctx: Lowering, place: PlaceRef): Operand {
  if (place.kind === 'register') return place.register;
  if (place.bitField) return loadBitField(ctx, place.address, place.bitField, place.type, place.volatile);
  const scalar = scalarOf(place.type);
  const dst = ctx.b.register();
  ctx.b.emit({
    op: 'load',
    dst,
    address: place.address,
    size: scalar.size,
    signed: scalar.signed,
    to: scalar.register,
    volatile: place.volatile,
  });
  return dst;
}

/** Writes a scalar or bit-field; returns what the place then holds. */
export function storePlace(ctx: Lowering, place: PlaceRef, value: Operand): Operand {
  const scalar = scalarOf(place.type);
  if (place.kind === 'register') {
    const assigned = ctx.assigned.get(place.register);
    if (assigned === true) ctx.b.emit({ op: 'keep', values: [place.register] });
    else if (assigned === false) ctx.assigned.set(place.register, true);
    ctx.b.move(place.register, value, scalar.register);
    return place.register;
  }
  if (place.bitField)
    return storeBitField(ctx, place.address, place.bitField, place.type, place.volatile, value);
  ctx.b.emit({
    op: 'store',
    address: place.address,
    src: value,
    size: scalar.size,
    volatile: place.volatile,
  });
  return value;
}
