/**
 * Link-time constants: what a static initialiser may hold (C11 6.6p7 and p9, with GNU's label differences).
 */
import type { AddressTarget, Expression, LabelTarget, Place } from '../ast';
import type { Parser } from '../parse/parser';
import { integerOf, ULONG, wrap } from '../types';

/** target + addend - minus; without a target a plain number. */
export interface ConstantValue {
  target: AddressTarget | undefined;
  addend: bigint;
  minus: LabelTarget | undefined;
}

/** The link-time value of an expression, or undefined if it has none. */
export function constantValue(p: Parser, value: Expression): ConstantValue | undefined {
  switch (value.kind) {
    case 'integer':
      return { target: undefined, addend: value.value, minus: undefined };
    case 'address':
      return placeAddress(p, value.place);
    case 'labelAddress': {
      const { function: context } = p;
      if (!context) return undefined;
      return {
        target: { kind: 'label', function: context.symbol, label: value.label },
        addend: 0n,
        minus: undefined,
      };
    }
    case 'cast': {
      const inner = constantValue(p, value.operand);
      if (!inner) return undefined;
      if (inner.target === undefined) {
        const type = integerOf(value.type) ?? ULONG;
        return { target: undefined, addend: wrap(inner.addend, type), minus: undefined };
      }
      if (value.conversion === 'reinterpret') return inner;
      // A narrowed label difference is known to fit; a narrowed address is the user's word that it does.
      if (value.conversion === 'truncate') return inner;
      if (value.conversion === 'toBool') return { target: undefined, addend: 1n, minus: undefined };
      return inner.minus ? inner : undefined;
    }
    case 'pointerAdd': {
      const base = constantValue(p, value.pointer);
      if (!base || value.index.kind !== 'integer') return undefined;
      const delta = value.index.value * BigInt(value.scale);
      return { ...base, addend: BigInt.asIntN(64, base.addend + (value.subtract ? -delta : delta)) };
    }
    case 'binary': {
      const left = constantValue(p, value.left);
      const right = constantValue(p, value.right);
      if (!left || !right) return undefined;
      if (value.operator === 'add' && (!left.target || !right.target))
        return {
          target: left.target ?? right.target,
          addend: left.addend + right.addend,
          minus: left.minus ?? right.minus,
        };
      if (value.operator === 'sub') {
        if (!right.target) return { ...left, addend: left.addend - right.addend };
        return difference(left, right, 1n);
      }
      return undefined;
    }
    case 'pointerDifference': {
      const left = constantValue(p, value.left);
      const right = constantValue(p, value.right);
      return left && right ? difference(left, right, BigInt(value.scale)) : undefined;
    }
    case 'conditional':
      if (value.condition.kind === 'integer')
        return constantValue(p, value.condition.value !== 0n ? value.then : value.otherwise);
      return undefined;
    default:
      return undefined;
  }
}

function difference(left: ConstantValue, right: ConstantValue, scale: bigint): ConstantValue | undefined {
  if (left.minus || right.minus) return undefined;
  if (left.target && left.target === right.target)
    return { target: undefined, addend: (left.addend - right.addend) / scale, minus: undefined };
  if (left.target?.kind === 'label' && right.target?.kind === 'label' && scale === 1n)
    return { target: left.target, addend: left.addend - right.addend, minus: right.target };
  return undefined;
}

function placeAddress(p: Parser, place: Place): ConstantValue | undefined {
  switch (place.kind) {
    case 'variable':
      return place.variable.storage === 'static' && place.variable.asmRegister === undefined
        ? { target: place.variable, addend: 0n, minus: undefined }
        : undefined;
    case 'function':
      return { target: place.function, addend: 0n, minus: undefined };
    case 'string':
      return { target: place.literal, addend: 0n, minus: undefined };
    case 'member': {
      const base = placeAddress(p, place.base);
      return base && { ...base, addend: base.addend + BigInt(place.member.offset) };
    }
    case 'deref':
      return constantValue(p, place.pointer);
    case 'compoundLiteral':
    case 'temporary':
      return undefined;
  }
}
