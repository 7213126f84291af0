/**
 * What code generation asks of a C type: its width, its signedness, and how the calling convention passes it.
 *
 * Calling convention: System V x86-64 ABI, section 3.2.3, for the INTEGER and MEMORY classes (there is no floating point).
 */

import type { MemorySize, Size } from '../ir/ir';
import { alignOf, bare, integerOf, type RecordType, sizeOf, type Type } from '../types';

/** A scalar's width in memory, in a register, and its signedness (pointers and _Bool are unsigned). */
export interface Scalar {
  size: MemorySize;
  register: Size;
  signed: boolean;
  bool: boolean;
}

const POINTER: Scalar = { size: 8, register: 8, signed: false, bool: false };

/** The scalar that a value of `type` is; pointers, functions and arrays count as addresses. */
export function scalarOf(type: Type): Scalar {
  const integer = integerOf(type);
  if (!integer) return POINTER;
  return {
    size: integer.size,
    register: integer.size === 8 ? 8 : 4,
    signed: integer.signed && integer.rank !== 0,
    bool: integer.rank === 0,
  };
}

/** The struct or union that `type` is, or undefined. */
export function recordOf(type: Type): RecordType | undefined {
  const t = bare(type);
  return t.kind === 'record' ? t : undefined;
}

export function isVoid(type: Type): boolean {
  return bare(type).kind === 'void';
}

/** How many integer registers a value takes; 'memory' if it goes by stack or hidden pointer; 0 for an empty record. */
export function passing(type: Type): number | 'memory' {
  const record = recordOf(type);
  if (!record) return 1;
  if (record.size > 16) return 'memory';
  if (hasUnalignedField(record, 0)) return 'memory';
  return Math.ceil(contentEnd(record) / 8);
}

/** Where the last field ends: eightbytes that are only padding have no class and take no register. */
function contentEnd(record: RecordType): number {
  let end = 0;
  for (const member of record.members) {
    const type = bare(member.type);
    let size = sizeOf(type);
    if (member.bitField) size = Math.ceil((member.bitField.bitOffset + member.bitField.width) / 8);
    else if (type.kind === 'record') size = contentEnd(type);
    const start = member.bitField ? member.bitField.unitOffset : member.offset;
    end = Math.max(end, start + size);
  }
  return end;
}

/** True if a field (of a packed record) is not at a multiple of its natural alignment: such records go in memory. */
function hasUnalignedField(record: RecordType, at: number): boolean {
  return record.members.some((member) => {
    if (member.bitField) return false;
    let type = bare(member.type);
    const offset = at + member.offset;
    while (type.kind === 'array') type = bare(type.of);
    if (type.kind === 'record') return hasUnalignedField(type, offset);
    const natural = sizeOf(type);
    return natural > 1 && offset % natural !== 0;
  });
}

/** Alignment of an argument on the stack: 8, or 16 for types that need it. */
export function stackAlign(type: Type): number {
  return Math.max(8, alignOf(type));
}

/** A constant as registers hold it: sign-extended from the operation's width. */
export function canonical(value: bigint, size: Size): bigint {
  return BigInt.asIntN(size * 8, value);
}
