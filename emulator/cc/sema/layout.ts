/**
 * Where members lie in a struct or union: System V x86-64 as gcc lays it out, with packed, aligned and #pragma pack.
 */
import type { Loc } from '../ast';
import { alignOf, type BitField, bare, type Member, sizeOf, type Type } from '../types';

/** A member as it was declared. `width` is set for bit-fields (0 for `: 0`). */
export interface DeclaredMember {
  name: string | undefined;
  type: Type;
  width: number | undefined;
  packed: boolean;
  /** From an aligned attribute or _Alignas; 0 for none. */
  align: number;
  loc: Loc;
}

export interface Layout {
  members: Member[];
  size: number;
  align: number;
}

/** A bit-field whose access unit is chosen when the record's size is known. */
interface PlacedField {
  member: Member;
  bit: number;
  width: number;
  typeSize: number;
}

const up = (value: number, align: number) => Math.ceil(value / align) * align;

/**
 * Lays out a record.
 * @param packed the record's packed attribute
 * @param pack #pragma pack's limit, 0 for none
 * @param recordAlign the record's own aligned attribute, 0 for none
 */
export function layOut(
  declared: readonly DeclaredMember[],
  union: boolean,
  packed: boolean,
  pack: number,
  recordAlign: number,
): Layout {
  const members: Member[] = [];
  const fields: PlacedField[] = [];
  let align = 1;
  /** Bits used so far. */
  let bits = 0;
  let largest = 0;
  for (const d of declared) {
    const natural = alignOf(d.type);
    const tight = packed || d.packed;
    let memberAlign = tight ? 1 : natural;
    if (d.align > 0) memberAlign = tight ? d.align : Math.max(natural, d.align);
    if (pack > 0) memberAlign = Math.min(memberAlign, pack);
    if (union) bits = 0;
    if (d.width !== undefined) {
      const typeBits = sizeOf(d.type) * 8;
      if (d.width === 0) bits = up(bits, typeBits);
      else {
        if (d.align > 0) bits = up(bits, Math.min(d.align, pack > 0 ? pack : d.align) * 8);
        // Under #pragma pack fields follow each other bit by bit, and the packed attribute no longer counts (gcc).
        if (!tight && pack === 0 && crosses(bits, d.width, typeBits)) bits = up(bits, natural * 8);
        if (d.name !== undefined) {
          const member: Member = {
            name: d.name,
            type: d.type,
            offset: bits >> 3,
            bitField: undefined,
            loc: d.loc,
          };
          members.push(member);
          fields.push({ member, bit: bits, width: d.width, typeSize: typeBits / 8 });
          align = Math.max(align, pack > 0 ? Math.min(Math.max(natural, d.align), pack) : memberAlign);
        }
        bits += d.width;
      }
    } else {
      const offset = up(Math.ceil(bits / 8), memberAlign);
      members.push({ name: d.name, type: d.type, offset, bitField: undefined, loc: d.loc });
      bits = (offset + memberSize(d.type)) * 8;
      align = Math.max(align, memberAlign);
    }
    largest = Math.max(largest, bits);
  }
  if (recordAlign > 0) align = packed ? Math.max(recordAlign, align) : Math.max(align, recordAlign);
  const size = up(Math.ceil((union ? largest : bits) / 8), align);
  for (const field of fields) field.member.bitField = accessUnit(field, size);
  return { members, size, align };
}

/** Size in the record; a flexible array member takes no room. */
function memberSize(type: Type): number {
  const t = bare(type);
  return t.kind === 'array' && t.count === undefined ? 0 : sizeOf(type);
}

/** Would a field of that width span more storage units of its type than one? */
function crosses(bit: number, width: number, typeBits: number): boolean {
  return Math.floor(bit / typeBits) !== Math.floor((bit + width - 1) / typeBits);
}

/** The unit through which the field is read and written; see BitField. */
function accessUnit(field: PlacedField, size: number): BitField {
  const { bit, width, typeSize } = field;
  const byte = bit >> 3;
  for (const unit of [typeSize, 1, 2, 4, 8]) {
    const offset = Math.floor(byte / unit) * unit;
    const within = bit - offset * 8;
    if (within + width <= unit * 8 && offset + unit <= size)
      return { unitOffset: offset, unitSize: unit, bitOffset: within, width };
  }
  const within = bit - byte * 8;
  for (const unit of [2, 4, 8]) {
    if (within + width <= unit * 8 && byte + unit <= size)
      return { unitOffset: byte, unitSize: unit, bitOffset: within, width };
  }
  return { unitOffset: byte, unitSize: Math.ceil((within + width) / 8), bitOffset: within, width };
}
