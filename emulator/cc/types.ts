/**
 * C types as the front end builds them and the back end reads them.
 *
 * A `Type` may be sugar (a typedef name, a qualifier) over a `BareType`; `bare(t)` looks through sugar in O(1). Sugar is
 * kept because debug information and hovers show what the user wrote. Records and enums are completed in place, so their
 * identity is their compatibility. The ABI is System V x86-64 (LP64, plain char signed); sizes are bytes.
 */

import type { Loc, Variable } from './ast';
import type { Attributes } from './attributes';

/** What is left when typedef names and qualifiers are taken off the top. */
export type BareType =
  | VoidType
  | IntegerType
  | FloatType
  | PointerType
  | ArrayType
  | FunctionType
  | RecordType
  | EnumType
  | ErrorType;

/** Any type, with its sugar. */
export type Type = BareType | TypedefType | QualifiedType;

/** Shared by all types: interned derived types, so that the same derivation is the same object. */
interface TypeBase {
  /** Interned `T *`; made by pointerTo(). */
  pointer?: PointerType;
  /** Interned qualified variants by qualifier bits; made by qualify(). */
  qualified?: (Type | undefined)[];
}

export interface VoidType extends TypeBase {
  kind: 'void';
}

/** Names as C's specifiers have them, in the order of their conversion rank. */
export type IntegerName =
  | '_Bool'
  | 'char'
  | 'signed char'
  | 'unsigned char'
  | 'short'
  | 'unsigned short'
  | 'int'
  | 'unsigned int'
  | 'long'
  | 'unsigned long'
  | 'long long'
  | 'unsigned long long';

/** An integer type. Rank is C11 6.3.1.1's conversion rank: 0 _Bool, 1 char, 2 short, 3 int, 4 long, 5 long long. */
export interface IntegerType extends TypeBase {
  kind: 'integer';
  name: IntegerName;
  size: 1 | 2 | 4 | 8;
  signed: boolean;
  rank: number;
}

/** Parsed so that one clear error can be given; a unit that uses one never reaches the back end. */
export interface FloatType extends TypeBase {
  kind: 'float';
  name: 'float' | 'double' | 'long double';
  size: 4 | 8 | 16;
}

export interface PointerType extends TypeBase {
  kind: 'pointer';
  to: Type;
}

/**
 * An array. `count` is undefined for an incomplete array (`[]`, a flexible member) and for a variable-length one; the
 * latter has `vla`: a hidden local variable of type unsigned long that holds the whole array's size in bytes.
 */
export interface ArrayType extends TypeBase {
  kind: 'array';
  of: Type;
  count: number | undefined;
  vla: Variable | undefined;
}

/** One declared parameter; its type is already adjusted (arrays and functions to pointers). */
export interface ParameterDeclaration {
  name: string | undefined;
  type: Type;
  loc: Loc;
}

/** A function type. `prototyped` is false for `f()` and for old-style definitions. */
export interface FunctionType extends TypeBase {
  kind: 'function';
  returns: Type;
  parameters: ParameterDeclaration[];
  variadic: boolean;
  prototyped: boolean;
}

/**
 * Where a bit-field's bits are. Bits count from the least significant bit of the little-endian integer of `unitSize`
 * bytes at byte `unitOffset` of the record. `unitSize` is 1, 2, 4 or 8 and the unit lies inside the record, except for
 * packed fields that no such unit holds: then it is the exact number of bytes the field touches (3, 5, 6, 7 or 9).
 */
export interface BitField {
  unitOffset: number;
  unitSize: number;
  bitOffset: number;
  width: number;
}

/** A member of a record. `name` is undefined for an anonymous struct or union (whose members are looked up through it). */
export interface Member {
  name: string | undefined;
  type: Type;
  /** Byte offset in the record. For a bit-field: of the first byte that holds a bit of it. */
  offset: number;
  bitField: BitField | undefined;
  loc: Loc;
}

/** A struct or union. Unnamed bit-fields leave no member. `complete` turns true when the closing brace is parsed. */
export interface RecordType extends TypeBase {
  kind: 'record';
  union: boolean;
  tag: string | undefined;
  complete: boolean;
  members: Member[];
  /** Names that members had in older kernels, and what they are called now. */
  formerNames?: Map<string, string>;
  size: number;
  align: number;
  attributes: Attributes;
  /** First mention, then the definition. */
  loc: Loc;
}

export interface Enumerator {
  name: string;
  value: bigint;
  loc: Loc;
}

/** An enumeration; `integer` is its compatible type (gcc: unsigned int unless a value is negative; wider if needed). */
export interface EnumType extends TypeBase {
  kind: 'enum';
  tag: string | undefined;
  complete: boolean;
  integer: IntegerType;
  enumerators: Enumerator[];
  loc: Loc;
}

/** Stands where the source is wrong; converts to and from everything without a further complaint. */
export interface ErrorType extends TypeBase {
  kind: 'error';
}

/** A typedef name as it was used. `align` is set if the typedef carries an `aligned` attribute. */
export interface TypedefType extends TypeBase {
  kind: 'typedef';
  name: string;
  to: Type;
  bare: BareType;
  align: number | undefined;
  loc: Loc;
}

/** Qualifier bits. */
export const CONST = 1;
export const VOLATILE = 2;
export const RESTRICT = 4;

/** A qualified type. Qualifiers of an array sit on its element type, never on the array. */
export interface QualifiedType extends TypeBase {
  kind: 'qualified';
  of: Type;
  qualifiers: number;
  bare: BareType;
}

const integer = (name: IntegerName, size: 1 | 2 | 4 | 8, signed: boolean, rank: number): IntegerType => ({
  kind: 'integer',
  name,
  size,
  signed,
  rank,
});

export const VOID: VoidType = { kind: 'void' };
export const BOOL = integer('_Bool', 1, false, 0);
export const CHAR = integer('char', 1, true, 1);
export const SCHAR = integer('signed char', 1, true, 1);
export const UCHAR = integer('unsigned char', 1, false, 1);
export const SHORT = integer('short', 2, true, 2);
export const USHORT = integer('unsigned short', 2, false, 2);
export const INT = integer('int', 4, true, 3);
export const UINT = integer('unsigned int', 4, false, 3);
export const LONG = integer('long', 8, true, 4);
export const ULONG = integer('unsigned long', 8, false, 4);
export const LLONG = integer('long long', 8, true, 5);
export const ULLONG = integer('unsigned long long', 8, false, 5);
export const FLOAT: FloatType = { kind: 'float', name: 'float', size: 4 };
export const DOUBLE: FloatType = { kind: 'float', name: 'double', size: 8 };
export const LONG_DOUBLE: FloatType = { kind: 'float', name: 'long double', size: 16 };
export const ERROR: ErrorType = { kind: 'error' };

/** The type under typedef names and qualifiers. */
export function bare(type: Type): BareType {
  return type.kind === 'typedef' || type.kind === 'qualified' ? type.bare : type;
}

/** All qualifier bits at the top of a type, through typedefs. An array has its element's qualifiers. */
export function qualifiersOf(type: Type): number {
  let bits = 0;
  for (;;) {
    if (type.kind === 'qualified') {
      bits |= type.qualifiers;
      type = type.of;
    } else if (type.kind === 'typedef') type = type.to;
    else if (type.kind === 'array') type = type.of;
    else return bits;
  }
}

/** True if an access through an lvalue of this type is volatile. */
export function isVolatile(type: Type): boolean {
  return (qualifiersOf(type) & VOLATILE) !== 0;
}

/** `T *`, always the same object for the same T. */
export function pointerTo(to: Type): PointerType {
  to.pointer ??= { kind: 'pointer', to };
  return to.pointer;
}

/** `T [count]`; undefined for an incomplete array. */
export function arrayOf(of: Type, count: number | undefined, vla?: Variable): ArrayType {
  return { kind: 'array', of, count, vla };
}

/** Adds qualifiers; on an array they go to the element type (C11 6.7.3p9). */
export function qualify(type: Type, qualifiers: number): Type {
  if (qualifiers === 0) return type;
  if (type.kind === 'qualified') {
    const all = type.qualifiers | qualifiers;
    return all === type.qualifiers ? type : qualify(type.of, all);
  }
  const under = bare(type);
  if (under.kind === 'array') return arrayOf(qualify(under.of, qualifiers), under.count, under.vla);
  if (under.kind === 'error' || under.kind === 'function') return type;
  type.qualified ??= [];
  const known = type.qualified[qualifiers];
  if (known) return known;
  const made: QualifiedType = { kind: 'qualified', of: type, qualifiers, bare: under };
  type.qualified[qualifiers] = made;
  return made;
}

/** The type of a value: no qualifiers on top (typedef names stay, unless they hide a qualifier). */
export function unqualified(type: Type): Type {
  let seen: Type = type;
  while (seen.kind === 'qualified') seen = seen.of;
  return qualifiersOf(seen) === 0 || bare(seen).kind === 'array' ? seen : bare(seen);
}

/** Size in bytes: GNU C's 1 for void and functions; 0 for incomplete types, for which see isComplete(). */
export function sizeOf(type: Type): number {
  const t = bare(type);
  switch (t.kind) {
    case 'void':
    case 'function':
      return 1;
    case 'integer':
    case 'float':
    case 'record':
      return t.size;
    case 'pointer':
      return 8;
    case 'array':
      return t.count === undefined ? 0 : t.count * sizeOf(t.of);
    case 'enum':
      return t.integer.size;
    case 'error':
      return 4;
  }
}

/** Alignment in bytes. A typedef's `aligned` attribute overrides what is under it. */
export function alignOf(type: Type): number {
  for (;;) {
    if (type.kind === 'typedef') {
      if (type.align !== undefined) return type.align;
      type = type.to;
    } else if (type.kind === 'qualified') type = type.of;
    else if (type.kind === 'array') type = type.of;
    else break;
  }
  if (type.kind === 'record') return type.align;
  return sizeOf(type);
}

/** False for void, functions, incomplete arrays and records or enums without their body. */
export function isComplete(type: Type): boolean {
  const t = bare(type);
  switch (t.kind) {
    case 'void':
    case 'function':
      return false;
    case 'record':
    case 'enum':
      return t.complete;
    case 'array':
      return (t.count !== undefined || t.vla !== undefined) && isComplete(t.of);
    case 'integer':
    case 'float':
    case 'pointer':
    case 'error':
      return true;
  }
}

/** The integer type whose arithmetic a type has: itself, an enum's compatible type, or undefined if it is no integer. */
export function integerOf(type: Type): IntegerType | undefined {
  const t = bare(type);
  if (t.kind === 'integer') return t;
  return t.kind === 'enum' ? t.integer : undefined;
}

/** True for integers, enums and pointers: what fits a register and can be a condition. */
export function isScalar(type: Type): boolean {
  const t = bare(type);
  return t.kind === 'integer' || t.kind === 'enum' || t.kind === 'pointer';
}

/** Reduces a value to what the integer type can hold (two's complement; _Bool: zero or one). */
export function wrap(value: bigint, type: IntegerType): bigint {
  if (type.rank === 0) return value === 0n ? 0n : 1n;
  return type.signed ? BigInt.asIntN(type.size * 8, value) : BigInt.asUintN(type.size * 8, value);
}
