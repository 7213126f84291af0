/**
 * Making tree nodes: values from places, addresses, conversions. Constants are folded on the way.
 *
 * Nothing here complains except about what cannot have a node at all; checks with warnings are in assignable.ts.
 */
import type { Expression, IntegerExpression, Loc, Place, Variable } from '../ast';
import type { Parser } from '../parse/parser';
import {
  alignOf,
  type BitField,
  BOOL,
  bare,
  ERROR,
  INT,
  type IntegerType,
  integerOf,
  isVolatile,
  LONG,
  pointerTo,
  sizeOf,
  type Type,
  ULONG,
  unqualified,
  VOID,
  wrap,
} from '../types';
import { promoted, promotedBitField } from './arithmetic';

/** What parsing an expression gives before it is known whether its value or its address is wanted. */
export type Operand = Expression | Place;

/** True for lvalues and function designators. */
export function isPlace(operand: Operand): operand is Place {
  switch (operand.kind) {
    case 'variable':
    case 'function':
    case 'string':
    case 'deref':
    case 'member':
    case 'compoundLiteral':
    case 'temporary':
      return true;
    default:
      return false;
  }
}

export function integer(value: bigint, type: Type, loc: Loc): IntegerExpression {
  return { kind: 'integer', value, type, loc };
}

export function errorExpression(loc: Loc): Expression {
  return { kind: 'error', type: ERROR, loc };
}

export function isError(operand: Operand): boolean {
  return operand.kind === 'error' || operand.type.kind === 'error';
}

/** The value of an operand: places are loaded, arrays and functions become addresses. */
export function rvalue(operand: Operand): Expression {
  if (!isPlace(operand)) return operand;
  const type = bare(operand.type);
  const { loc } = operand;
  if (type.kind === 'array') return decay(operand, type.of);
  if (type.kind === 'function') return address(operand, pointerTo(operand.type));
  if (type.kind === 'error') return errorExpression(loc);
  if (type.kind === 'void') {
    return operand.kind === 'deref'
      ? { kind: 'cast', conversion: 'toVoid', operand: operand.pointer, explicit: false, type: VOID, loc }
      : errorExpression(loc);
  }
  return { kind: 'load', place: operand, type: unqualified(operand.type), loc };
}

/** An array's address as a pointer to its first element. */
function decay(place: Place, element: Type): Expression {
  return address(place, pointerTo(element));
}

/** The variable a place is part of, if its place is fixed. */
export function rootVariable(place: Place): Variable | undefined {
  let at = place;
  while (at.kind === 'member') at = at.base;
  if (at.kind === 'variable' || at.kind === 'compoundLiteral') return at.variable;
  return undefined;
}

/** The address of a place with the given pointer type. The address of *p is p; of ((T *)N)->m a constant. */
export function address(place: Place, type: Type): Expression {
  const { loc } = place;
  if (place.kind === 'deref') return retype(place.pointer, type, loc);
  if (place.kind === 'member') {
    let offset = 0;
    let at: Place = place;
    while (at.kind === 'member') {
      offset += at.member.offset;
      at = at.base;
    }
    if (at.kind === 'deref' && at.pointer.kind === 'integer')
      return integer(BigInt.asUintN(64, at.pointer.value + BigInt(offset)), type, loc);
  }
  const root = rootVariable(place);
  if (root) root.addressTaken = true;
  if (place.kind === 'function') {
    place.function.referenced = true;
    place.function.addressTaken = true;
  }
  return { kind: 'address', place, type, loc };
}

/** A pointer value seen as another pointer type. */
export function retype(pointer: Expression, type: Type, loc: Loc): Expression {
  if (bare(pointer.type) === bare(type)) return pointer;
  if (pointer.kind === 'integer') return integer(pointer.value, type, loc);
  if (pointer.kind === 'address') return { ...pointer, type };
  return { kind: 'cast', conversion: 'reinterpret', operand: pointer, explicit: false, type, loc };
}

/** Converts a value to a scalar type or void; both are known to be convertible. */
export function convert(value: Expression, type: Type, explicit = false): Expression {
  const to = bare(type);
  const from = bare(value.type);
  if (from.kind === 'error') return value;
  if (to.kind === 'error') return errorExpression(value.loc);
  if (from === to && !explicit) return value;
  const { loc } = value;
  if (to.kind === 'void') {
    return from.kind === 'void'
      ? value
      : { kind: 'cast', conversion: 'toVoid', operand: value, explicit, type: VOID, loc };
  }
  if (to.kind === 'record' || from.kind === 'record')
    return { kind: 'cast', conversion: 'reinterpret', operand: value, explicit, type, loc };
  const target = integerOf(to) ?? ULONG;
  if (value.kind === 'integer') return integer(wrap(value.value, target), type, loc);
  const source = integerOf(from) ?? ULONG;
  if (target.rank === BOOL.rank) {
    if (source.rank === BOOL.rank) return value;
    return { kind: 'cast', conversion: 'toBool', operand: value, explicit, type, loc };
  }
  const conversion =
    target.size < source.size
      ? 'truncate'
      : target.size > source.size
        ? source.signed
          ? 'signExtend'
          : 'zeroExtend'
        : 'reinterpret';
  return { kind: 'cast', conversion, operand: value, explicit, type, loc };
}

/** The bit-field a value was read from or stored to. */
export function bitFieldOf(value: Expression): BitField | undefined {
  switch (value.kind) {
    case 'load':
    case 'assign':
    case 'compoundAssign':
    case 'increment':
      return value.place.kind === 'member' ? value.place.member.bitField : undefined;
    case 'comma':
      return bitFieldOf(value.right);
    default:
      return undefined;
  }
}

/** Integer promotion of a value; other values stay as they are. */
export function promote(value: Expression): Expression {
  const type = integerOf(value.type);
  if (!type) return value;
  const field = bitFieldOf(value);
  if (field && type.rank !== BOOL.rank) return convert(value, promotedBitField(type, field.width));
  return convert(value, promoted(type));
}

/** The integer type a value has after promotion. */
export function promotedType(value: Expression): IntegerType {
  const type = integerOf(value.type) ?? INT;
  const field = bitFieldOf(value);
  return field && type.rank !== BOOL.rank ? promotedBitField(type, field.width) : promoted(type);
}

/** A value widened to the 8 bytes that pointer arithmetic wants. */
export function toIndex(value: Expression): Expression {
  const type = integerOf(value.type);
  if (!type || type.size === 8) return value;
  return convert(promote(value), LONG);
}

/** True for a constant zero that may become a null pointer. */
export function isNullConstant(value: Expression): boolean {
  if (value.kind !== 'integer' || value.value !== 0n) return false;
  const type = bare(value.type);
  return type.kind !== 'pointer' || bare(type.to).kind === 'void';
}

/** True if evaluating a value does nothing but give it. */
export function isPure(value: Expression): boolean {
  switch (value.kind) {
    case 'integer':
    case 'labelAddress':
    case 'error':
      return true;
    case 'load':
      return !isVolatile(value.place.type) && isPurePlace(value.place);
    case 'address':
      return isPurePlace(value.place);
    case 'unary':
    case 'cast':
      return isPure(value.operand);
    case 'binary':
    case 'logical':
    case 'pointerDifference':
      return isPure(value.left) && isPure(value.right);
    case 'pointerAdd':
      return isPure(value.pointer) && isPure(value.index);
    case 'conditional':
      return isPure(value.condition) && isPure(value.then) && isPure(value.otherwise);
    default:
      return false;
  }
}

function isPurePlace(place: Place): boolean {
  switch (place.kind) {
    case 'variable':
    case 'function':
    case 'string':
      return true;
    case 'deref':
      return isPure(place.pointer);
    case 'member':
      return isPurePlace(place.base);
    case 'compoundLiteral':
    case 'temporary':
      return false;
  }
}

export function variablePlace(variable: Variable, loc: Loc): Place {
  variable.referenced = true;
  return { kind: 'variable', variable, type: variable.type, loc };
}

/** Reads a hidden variable. */
export function readVariable(variable: Variable, loc: Loc): Expression {
  return rvalue(variablePlace(variable, loc));
}

/** size_t expression of a type's size: a constant, or a variable-length array's hidden size. */
export function sizeExpression(type: Type, loc: Loc): Expression {
  const t = bare(type);
  if (t.kind === 'array' && t.vla) return readVariable(t.vla, loc);
  return integer(BigInt(sizeOf(type)), ULONG, loc);
}

/** True if the type's own size is known only at run time. */
export function isVariablySized(type: Type): boolean {
  const t = bare(type);
  return t.kind === 'array' && t.vla !== undefined;
}

/** pointer ± index elements of `element`. */
export function pointerAdd(
  pointer: Expression,
  index: Expression,
  subtract: boolean,
  type: Type,
  loc: Loc,
): Expression {
  const target = bare(type);
  const element = target.kind === 'pointer' ? target.to : VOID;
  let count = toIndex(index);
  let scale = sizeOf(element);
  if (isVariablySized(element)) {
    count = {
      kind: 'binary',
      operator: 'mul',
      left: convert(count, ULONG),
      right: sizeExpression(element, loc),
      type: ULONG,
      loc,
    };
    scale = 1;
  }
  if (count.kind === 'integer') {
    const delta = count.value * BigInt(scale);
    if (delta === 0n) return retype(pointer, type, loc);
    if (pointer.kind === 'integer')
      return integer(BigInt.asUintN(64, pointer.value + (subtract ? -delta : delta)), type, loc);
  }
  return { kind: 'pointerAdd', pointer, index: count, scale, subtract, type, loc };
}

/** *pointer as a place. */
export function deref(pointer: Expression, loc: Loc): Place {
  const type = bare(pointer.type);
  return { kind: 'deref', pointer, type: type.kind === 'pointer' ? type.to : ERROR, loc };
}

/** Remembers a value in a hidden variable: the assignment, and how to read it again. */
export function remember(p: Parser, value: Expression): { store: Expression; read: () => Expression } {
  const variable = p.temporary(value.type, value.loc);
  variable.align = Math.max(1, alignOf(value.type));
  const store: Expression = {
    kind: 'assign',
    place: variablePlace(variable, value.loc),
    value,
    type: value.type,
    loc: value.loc,
  };
  return { store, read: () => readVariable(variable, value.loc) };
}

export function comma(left: Expression, right: Expression): Expression {
  return { kind: 'comma', left, right, type: right.type, loc: right.loc };
}
