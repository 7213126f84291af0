/** The type behind va_list: System V x86-64's `struct __va_list_tag [1]` (psABI figure 3.34). */
import { NO_ATTRIBUTES } from '../attributes';
import { arrayOf, type Member, pointerTo, type RecordType, type Type, UINT, VOID } from '../types';

/** A fresh va_list type for one unit. */
export function makeVaList(): Type {
  const member = (name: string, type: Type, offset: number): Member => ({
    name,
    type,
    offset,
    bitField: undefined,
    loc: 0,
  });
  const record: RecordType = {
    kind: 'record',
    union: false,
    tag: '__va_list_tag',
    complete: true,
    members: [
      member('gp_offset', UINT, 0),
      member('fp_offset', UINT, 4),
      member('overflow_arg_area', pointerTo(VOID), 8),
      member('reg_save_area', pointerTo(VOID), 16),
    ],
    size: 24,
    align: 8,
    attributes: NO_ATTRIBUTES,
    loc: 0,
  };
  return arrayOf(record, 1);
}
