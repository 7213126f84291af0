/**
 * Where C structures keep their members, from debug information: the host's only way to know a guest structure.
 *
 * Answers are cached as plain Field records, because kprobes asks at every hit.
 */
import type { DebugType, MemberDebug, UnitDebug } from '../cc/debug';

/** A member of a structure. Bit-fields have bitSize; bitOffset counts from bit 0 of the byte at `offset`. */
export interface Field {
  offset: number;
  size: number;
  bitOffset: number | undefined;
  bitSize: number | undefined;
  type: number;
}

/** Type layouts of one image's (merged) debug tables. */
export class Layouts {
  private readonly fields = new Map<string, Field | undefined>();
  private structs: Map<string, number> | undefined;

  constructor(private readonly debug: UnitDebug) {}

  /** True when a complete struct or union of this name is known. */
  has(struct: string): boolean {
    return this.structIndex(struct) !== undefined;
  }

  /** sizeof(struct NAME). Throws when the kernel's source has no such structure (host and source disagree). */
  sizeOf(struct: string): number {
    const index = this.structIndex(struct);
    if (index === undefined) throw new Error(`the kernel has no complete struct ${struct}`);
    return this.size(index);
  }

  /** The member at a dotted path (`kp.addr`; anonymous members are looked through), or undefined. */
  find(struct: string, path: string): Field | undefined {
    const key = `${struct}:${path}`;
    if (this.fields.has(key)) return this.fields.get(key);
    const index = this.structIndex(struct);
    const field = index === undefined ? undefined : this.member(index, path.split('.'));
    this.fields.set(key, field);
    return field;
  }

  /** Like find, for members that the host cannot do without: throws when it is missing. */
  field(struct: string, path: string): Field {
    const field = this.find(struct, path);
    if (field === undefined)
      throw new Error(`struct ${struct} has no member ${path} in the kernel's debug information`);
    return field;
  }

  private structIndex(name: string): number | undefined {
    if (this.structs === undefined) {
      this.structs = new Map();
      for (const [index, type] of this.debug.types.entries()) {
        if ((type.kind !== 'struct' && type.kind !== 'union') || type.name === undefined || !type.complete)
          continue;
        if (!this.structs.has(type.name)) this.structs.set(type.name, index);
      }
    }
    return this.structs.get(name);
  }

  private member(type: number, path: readonly string[]): Field | undefined {
    const resolved = this.resolve(type);
    if (resolved.kind !== 'struct' && resolved.kind !== 'union') return undefined;
    const [name, ...rest] = path;
    for (const member of resolved.members) {
      const inner = member.name === undefined ? path : member.name === name ? rest : undefined;
      if (inner === undefined) continue;
      if (inner.length === 0) return this.leaf(member);
      const found = this.member(member.type, inner);
      if (found !== undefined) return { ...found, offset: found.offset + member.offset };
    }
    return undefined;
  }

  private leaf(member: MemberDebug): Field {
    return {
      offset: member.offset,
      size: this.size(member.type),
      bitOffset: member.bitOffset,
      bitSize: member.bitSize,
      type: member.type,
    };
  }

  private resolve(type: number): DebugType {
    let resolved = this.at(type);
    while (resolved.kind === 'typedef' || resolved.kind === 'qualified') {
      resolved = this.at(resolved.kind === 'typedef' ? resolved.to : resolved.of);
    }
    return resolved;
  }

  private at(type: number): DebugType {
    return this.debug.types[type] ?? { kind: 'void' };
  }

  private size(type: number): number {
    const resolved = this.resolve(type);
    switch (resolved.kind) {
      case 'base':
      case 'struct':
      case 'union':
      case 'enum':
        return resolved.size;
      case 'pointer':
        return 8;
      case 'array':
        return (resolved.count ?? 0) * this.size(resolved.of);
      case 'void':
      case 'function':
        return 1;
      case 'typedef':
      case 'qualified':
        return 0;
    }
  }
}
