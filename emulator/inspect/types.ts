/**
 * C types as the debugger walks them: debug information's numbered types (cc/debug.ts) become an object graph, so that
 * types of the kernel, of a module and those an expression makes up (`unsigned long *`) mix freely.
 *
 * Nothing is read from memory here; layout only.
 */
import type { DebugType, TypeId } from '../cc/debug';

/** A member with its type resolved; bit-fields as in MemberDebug. */
export interface Member {
  name: string | undefined;
  readonly type: Type;
  offset: number;
  bitOffset?: number;
  bitSize?: number;
}

export type BaseEncoding = 'signed' | 'unsigned' | 'signedChar' | 'unsignedChar' | 'boolean';

export interface BaseType {
  kind: 'base';
  name: string;
  size: number;
  encoding: BaseEncoding;
}

export interface PointerType {
  kind: 'pointer';
  readonly to: Type;
}

export interface ArrayType {
  kind: 'array';
  readonly of: Type;
  count: number | undefined;
}

export interface RecordType {
  kind: 'struct' | 'union';
  name: string | undefined;
  size: number;
  complete: boolean;
  readonly members: readonly Member[];
}

export interface EnumType {
  kind: 'enum';
  name: string | undefined;
  size: number;
  signed: boolean;
  values: readonly { name: string; value: bigint }[];
}

export interface FunctionType {
  kind: 'function';
  readonly returns: Type;
  readonly parameters: readonly Type[];
  variadic: boolean;
}

/** One C type. Typedefs and qualifiers are kept so that names print as the source has them; see `plain`. */
export type Type =
  | { kind: 'void' }
  | BaseType
  | PointerType
  | ArrayType
  | RecordType
  | EnumType
  | FunctionType
  | { kind: 'typedef'; name: string; readonly to: Type }
  | { kind: 'qualified'; qualifier: 'const' | 'volatile'; readonly of: Type };

/** A type without typedefs and qualifiers around it. */
export type PlainType = Exclude<Type, { kind: 'typedef' } | { kind: 'qualified' }>;

/** Resolves the numbered types of one image, each once, lazily: the graph has cycles. */
export class TypeGraph {
  readonly #made: (Type | undefined)[] = [];

  constructor(readonly source: readonly DebugType[]) {}

  /** The type with that number; an unknown number is void, as type 0 is. */
  get(id: TypeId): Type {
    const known = this.#made[id];
    if (known) return known;
    const source = this.source[id];
    const made = source ? this.#make(source) : VOID;
    this.#made[id] = made;
    return made;
  }

  #make(source: DebugType): Type {
    const get = (id: TypeId) => this.get(id);
    switch (source.kind) {
      case 'void':
        return VOID;
      case 'base':
      case 'enum':
        return source;
      case 'pointer':
        return {
          kind: 'pointer',
          get to() {
            return get(source.to);
          },
        };
      case 'array':
        return {
          kind: 'array',
          count: source.count,
          get of() {
            return get(source.of);
          },
        };
      case 'struct':
      case 'union':
        return this.#record(source);
      case 'function':
        return {
          kind: 'function',
          variadic: source.variadic,
          get returns() {
            return get(source.returns);
          },
          get parameters() {
            return source.parameters.map(get);
          },
        };
      case 'typedef':
        return {
          kind: 'typedef',
          name: source.name,
          get to() {
            return get(source.to);
          },
        };
      case 'qualified':
        return {
          kind: 'qualified',
          qualifier: source.qualifier,
          get of() {
            return get(source.of);
          },
        };
    }
  }

  #record(source: Extract<DebugType, { kind: 'struct' | 'union' }>): RecordType {
    const get = (id: TypeId) => this.get(id);
    const members = source.members.map((member): Member => {
      const { type: id, ...rest } = member;
      return {
        ...rest,
        get type() {
          return get(id);
        },
      };
    });
    return {
      kind: source.kind,
      name: source.name,
      size: source.size,
      complete: source.complete,
      members,
    };
  }
}

export const VOID: Type = { kind: 'void' };

function base(name: string, size: number, encoding: BaseEncoding): BaseType {
  return { kind: 'base', name, size, encoding };
}

/** The standard types of the LP64 model, by their usual names. */
export const CHAR = base('char', 1, 'signedChar');
export const BOOL = base('_Bool', 1, 'boolean');
export const INT = base('int', 4, 'signed');
export const UNSIGNED_INT = base('unsigned int', 4, 'unsigned');
export const LONG = base('long', 8, 'signed');
export const UNSIGNED_LONG = base('unsigned long', 8, 'unsigned');
export const UNSIGNED_SHORT = base('unsigned short', 2, 'unsigned');
export const UNSIGNED_CHAR = base('unsigned char', 1, 'unsignedChar');

export function pointerTo(to: Type): PointerType {
  return { kind: 'pointer', to };
}

export function arrayOf(of: Type, count: number | undefined): ArrayType {
  return { kind: 'array', of, count };
}

/** The type with typedefs and qualifiers taken off. */
export function plain(type: Type): PlainType {
  let current = type;
  for (;;) {
    if (current.kind === 'typedef') current = current.to;
    else if (current.kind === 'qualified') current = current.of;
    else return current;
  }
}

/** Size in bytes as C's sizeof gives it, with GNU C's 1 for void and functions; undefined for incomplete types. */
export function sizeOf(type: Type): number | undefined {
  const shape = plain(type);
  switch (shape.kind) {
    case 'void':
    case 'function':
      return 1;
    case 'base':
    case 'enum':
      return shape.size;
    case 'pointer':
      return 8;
    case 'array': {
      const element = sizeOf(shape.of);
      return element === undefined ? undefined : element * (shape.count ?? 0);
    }
    case 'struct':
    case 'union':
      return shape.complete ? shape.size : undefined;
  }
}

/** A number that a register holds: integers, characters, booleans and enumerations. */
export function isInteger(type: PlainType): type is BaseType | EnumType {
  return type.kind === 'base' || type.kind === 'enum';
}

export function isSigned(type: BaseType | EnumType): boolean {
  if (type.kind === 'enum') return type.signed;
  return type.encoding === 'signed' || type.encoding === 'signedChar';
}

export function isCharacter(type: PlainType): boolean {
  return type.kind === 'base' && (type.encoding === 'signedChar' || type.encoding === 'unsignedChar');
}

/** A member found by name, with its offset from the start of the outermost record; looks into anonymous members. */
export function findMember(record: RecordType, name: string): Member | undefined {
  for (const member of record.members) {
    if (member.name === name) return member;
    if (member.name !== undefined) continue;
    const inner = plain(member.type);
    if (inner.kind !== 'struct' && inner.kind !== 'union') continue;
    const found = findMember(inner, name);
    if (found) return { ...found, type: found.type, offset: member.offset + found.offset };
  }
  return undefined;
}

/** Wraps a number to the width and sign of an integer type, as a store into it would. */
export function wrap(value: bigint, type: BaseType | EnumType): bigint {
  if (type.kind === 'base' && type.encoding === 'boolean') return value === 0n ? 0n : 1n;
  return isSigned(type) ? BigInt.asIntN(type.size * 8, value) : BigInt.asUintN(type.size * 8, value);
}
