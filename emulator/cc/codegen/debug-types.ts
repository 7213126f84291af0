/**
 * C types of the front end as debug types: interned, with names, members and bit positions.
 */
import type { DebugType, MemberDebug, TypeId } from '../debug';
import { CONST, type IntegerType, type RecordType, type Type, VOLATILE } from '../types';

function encodingOf(type: IntegerType): Extract<DebugType, { kind: 'base' }>['encoding'] {
  if (type.rank === 0) return 'boolean';
  if (type.rank === 1) return type.signed ? 'signedChar' : 'unsignedChar';
  return type.signed ? 'signed' : 'unsigned';
}

/** Names as DWARF producers write them. */
function baseName(type: IntegerType): string {
  switch (type.name) {
    case 'short':
      return 'short int';
    case 'unsigned short':
      return 'short unsigned int';
    case 'long':
      return 'long int';
    case 'unsigned long':
      return 'long unsigned int';
    case 'long long':
      return 'long long int';
    case 'unsigned long long':
      return 'long long unsigned int';
    default:
      return type.name;
  }
}

export class DebugTypes {
  readonly types: DebugType[] = [{ kind: 'void' }];
  private readonly known = new Map<Type, TypeId>();
  private readonly bases = new Map<string, TypeId>();
  private readonly derived = new Map<string, TypeId>();

  /** The debug type of a C type. */
  id(type: Type): TypeId {
    const known = this.known.get(type);
    if (known !== undefined) return known;
    const made = this.make(type);
    this.known.set(type, made);
    return made;
  }

  private add(type: DebugType): TypeId {
    return this.types.push(type) - 1;
  }

  private intern(key: string, make: () => DebugType): TypeId {
    let id = this.derived.get(key);
    if (id === undefined) {
      id = this.add(make());
      this.derived.set(key, id);
    }
    return id;
  }

  private make(type: Type): TypeId {
    switch (type.kind) {
      case 'void':
      case 'error':
        return 0;
      case 'integer': {
        const name = baseName(type);
        let id = this.bases.get(name);
        if (id === undefined) {
          id = this.add({ kind: 'base', name, size: type.size, encoding: encodingOf(type) });
          this.bases.set(name, id);
        }
        return id;
      }
      case 'float':
        return this.intern(`f${type.name}`, () => ({
          kind: 'base',
          name: type.name,
          size: type.size,
          encoding: 'signed',
        }));
      case 'pointer': {
        const to = this.id(type.to);
        return this.intern(`*${to}`, () => ({ kind: 'pointer', to }));
      }
      case 'array': {
        const of = this.id(type.of);
        const { count } = type;
        return this.intern(`[${count ?? ''}]${of}`, () => ({ kind: 'array', of, count }));
      }
      case 'function': {
        const returns = this.id(type.returns);
        const parameters = type.parameters.map((parameter) => this.id(parameter.type));
        const { variadic } = type;
        return this.intern(`f${variadic}${returns}(${parameters.join()})`, () => ({
          kind: 'function',
          returns,
          parameters,
          variadic,
        }));
      }
      case 'record':
        return this.record(type);
      case 'enum':
        return this.add({
          kind: 'enum',
          name: type.tag,
          size: type.integer.size,
          signed: type.integer.signed,
          values: type.enumerators.map(({ name, value }) => ({ name, value })),
        });
      case 'typedef': {
        const to = this.id(type.to);
        return this.intern(`t${type.name}=${to}`, () => ({ kind: 'typedef', name: type.name, to }));
      }
      case 'qualified': {
        let of = this.id(type.of);
        if (type.qualifiers & VOLATILE) of = this.qualified('volatile', of);
        if (type.qualifiers & CONST) of = this.qualified('const', of);
        return of;
      }
    }
  }

  private qualified(qualifier: 'const' | 'volatile', of: TypeId): TypeId {
    return this.intern(`${qualifier}${of}`, () => ({ kind: 'qualified', qualifier, of }));
  }

  private record(type: RecordType): TypeId {
    const members: MemberDebug[] = [];
    const id = this.add({
      kind: type.union ? 'union' : 'struct',
      name: type.tag,
      size: type.size,
      complete: type.complete,
      members,
    });
    this.known.set(type, id);
    for (const member of type.members) {
      const debug: MemberDebug = { name: member.name, type: this.id(member.type), offset: member.offset };
      if (member.bitField) {
        const absolute = member.bitField.unitOffset * 8 + member.bitField.bitOffset;
        debug.offset = Math.floor(absolute / 8);
        debug.bitOffset = absolute % 8;
        debug.bitSize = member.bitField.width;
      }
      members.push(debug);
    }
    return id;
  }
}
