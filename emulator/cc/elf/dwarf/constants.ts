/** The DWARF 5 numbers that the writer uses (DWARF Debugging Information Format version 5, chapter 7). */
export const TAG = {
  array_type: 0x01,
  enumeration_type: 0x04,
  formal_parameter: 0x05,
  lexical_block: 0x0b,
  member: 0x0d,
  pointer_type: 0x0f,
  compile_unit: 0x11,
  structure_type: 0x13,
  subroutine_type: 0x15,
  typedef: 0x16,
  union_type: 0x17,
  unspecified_parameters: 0x18,
  inlined_subroutine: 0x1d,
  subrange_type: 0x21,
  base_type: 0x24,
  const_type: 0x26,
  enumerator: 0x28,
  subprogram: 0x2e,
  variable: 0x34,
  volatile_type: 0x35,
} as const;

export const AT = {
  location: 0x02,
  name: 0x03,
  byte_size: 0x0b,
  stmt_list: 0x10,
  low_pc: 0x11,
  high_pc: 0x12,
  language: 0x13,
  comp_dir: 0x1b,
  const_value: 0x1c,
  inline: 0x20,
  producer: 0x25,
  prototyped: 0x27,
  abstract_origin: 0x31,
  count: 0x37,
  data_member_location: 0x38,
  decl_column: 0x39,
  decl_file: 0x3a,
  decl_line: 0x3b,
  declaration: 0x3c,
  encoding: 0x3e,
  external: 0x3f,
  frame_base: 0x40,
  type: 0x49,
  ranges: 0x55,
  call_column: 0x57,
  call_file: 0x58,
  call_line: 0x59,
  data_bit_offset: 0x6b,
  bit_size: 0x0d,
  macros: 0x79,
} as const;

export const FORM = {
  addr: 0x01,
  data2: 0x05,
  data4: 0x06,
  data8: 0x07,
  sdata: 0x0d,
  strp: 0x0e,
  udata: 0x0f,
  ref4: 0x13,
  sec_offset: 0x17,
  exprloc: 0x18,
  flag_present: 0x19,
} as const;

/** Entries of .debug_macro (section 6.3). */
export const MACRO = { start_file: 0x03, end_file: 0x04, define_strp: 0x05 } as const;

export const ATE = { boolean: 2, signed: 5, signedChar: 6, unsigned: 7, unsignedChar: 8 } as const;

export const OP = {
  addr: 0x03,
  constu: 0x10,
  consts: 0x11,
  reg0: 0x50,
  breg0: 0x70,
  fbreg: 0x91,
  call_frame_cfa: 0x9c,
  stack_value: 0x9f,
  entry_value: 0xa3,
} as const;

/** DW_LANG_C11, DW_INL_inlined. */
export const LANG_C11 = 0x1d;
export const INL_INLINED = 1;

/** DWARF register numbers by instruction-encoding numbers (System V x86-64 ABI, figure 3.36). */
export const DWARF_REGISTERS: readonly number[] = [0, 2, 1, 3, 7, 6, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15];
export const RETURN_ADDRESS_COLUMN = 16;
