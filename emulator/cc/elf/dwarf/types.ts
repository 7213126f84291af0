/**
 * The types table as debugging information entries.
 */
import type { DebugType, MemberDebug, TypeId, UnitDebug } from '../../debug';
import { AT, ATE, TAG } from './constants';
import { type Entry, entry, flag, reference, text, unsigned } from './entries';

/** Entries of all types by id; void (and nothing else) has none. */
export class TypeEntries {
  readonly list: (Entry | undefined)[];

  constructor(debug: UnitDebug) {
    this.list = debug.types.map((type) => (type.kind === 'void' ? undefined : entry(tagOf(type))));
    debug.types.forEach((type, id) => {
      const made = this.list[id];
      if (made) this.fill(made, type);
    });
  }

  /** The attribute value that refers to a type; absent for void. */
  reference(id: TypeId): ReturnType<typeof reference> {
    return reference(this.list[id]);
  }

  private fill(made: Entry, type: DebugType): void {
    const set = (...attributes: Parameters<typeof entry>[1] & {}): void => {
      made.attributes = entry(0, attributes).attributes;
    };
    switch (type.kind) {
      case 'void':
        return;
      case 'base':
        set(
          [AT.byte_size, unsigned(type.size)],
          [AT.encoding, unsigned(ATE[type.encoding])],
          [AT.name, text(type.name)],
        );
        return;
      case 'pointer':
        set([AT.byte_size, unsigned(8)], [AT.type, this.reference(type.to)]);
        return;
      case 'array':
        set([AT.type, this.reference(type.of)]);
        made.children.push(entry(TAG.subrange_type, [[AT.count, countOf(type.count)]]));
        return;
      case 'struct':
      case 'union':
        if (type.complete) set([AT.name, text(type.name)], [AT.byte_size, unsigned(type.size)]);
        else set([AT.name, text(type.name)], [AT.declaration, flag(true)]);
        made.children = type.members.map((member) => this.member(member));
        return;
      case 'enum':
        set([AT.name, text(type.name)], [AT.byte_size, unsigned(type.size)]);
        made.children = type.values.map(({ name, value }) =>
          entry(TAG.enumerator, [
            [AT.name, text(name)],
            [AT.const_value, { form: 'signed', value }],
          ]),
        );
        return;
      case 'function':
        set([AT.prototyped, flag(true)], [AT.type, this.reference(type.returns)]);
        made.children = type.parameters.map((parameter) =>
          entry(TAG.formal_parameter, [[AT.type, this.reference(parameter)]]),
        );
        if (type.variadic) made.children.push(entry(TAG.unspecified_parameters));
        return;
      case 'typedef':
        set([AT.name, text(type.name)], [AT.type, this.reference(type.to)]);
        return;
      case 'qualified':
        set([AT.type, this.reference(type.of)]);
        return;
    }
  }

  private member(member: MemberDebug): Entry {
    const type = this.reference(member.type);
    if (member.bitSize === undefined) {
      return entry(TAG.member, [
        [AT.name, text(member.name)],
        [AT.type, type],
        [AT.data_member_location, unsigned(member.offset)],
      ]);
    }
    return entry(TAG.member, [
      [AT.name, text(member.name)],
      [AT.type, type],
      [AT.bit_size, unsigned(member.bitSize)],
      [AT.data_bit_offset, unsigned(member.offset * 8 + (member.bitOffset ?? 0))],
    ]);
  }
}

function countOf(count: number | undefined): ReturnType<typeof unsigned> | undefined {
  return count === undefined ? undefined : unsigned(count);
}

function tagOf(type: DebugType): number {
  switch (type.kind) {
    case 'void':
      return 0;
    case 'base':
      return TAG.base_type;
    case 'pointer':
      return TAG.pointer_type;
    case 'array':
      return TAG.array_type;
    case 'struct':
      return TAG.structure_type;
    case 'union':
      return TAG.union_type;
    case 'enum':
      return TAG.enumeration_type;
    case 'function':
      return TAG.subroutine_type;
    case 'typedef':
      return TAG.typedef;
    case 'qualified':
      return type.qualifier === 'const' ? TAG.const_type : TAG.volatile_type;
  }
}
