/**
 * Definitions and uses of names, written down while parsing: what go to definition, find references and hover read.
 *
 * Optional: a compile for code generation does not pay for it.
 */
import type { Loc, OrdinarySymbol } from '../ast';
import type { EnumType, Member, RecordType } from '../types';

/** Anything a name in the source can mean. Labels and macros have tables of their own. */
export type Entity = OrdinarySymbol | RecordType | EnumType | Member;

/** One occurrence of a name. */
export interface Use {
  loc: Loc;
  entity: Entity;
  role: 'declaration' | 'definition' | 'use';
}

/** Collects the occurrences of one unit. */
export class UseRecorder {
  readonly uses: Use[] = [];
  /** For members: the record they belong to, for messages and hovers. */
  readonly owners = new Map<Member, RecordType>();

  add(loc: Loc, entity: Entity, role: Use['role']): void {
    this.uses.push({ loc, entity, role });
  }
}
