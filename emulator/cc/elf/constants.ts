/**
 * The few ELF-64 numbers that the reader and the writer share (System V ABI, chapter 4, and its x86-64 supplement).
 */
import type { RelocationKind } from '../object';

export const SHT = { NULL: 0, PROGBITS: 1, SYMTAB: 2, STRTAB: 3, RELA: 4, NOBITS: 8, GROUP: 17 } as const;
export const SHF = { WRITE: 1, ALLOC: 2, EXECINSTR: 4, MERGE: 16, STRINGS: 32, INFO_LINK: 64 } as const;
export const SHN = { UNDEF: 0, ABS: 0xfff1, COMMON: 0xfff2, XINDEX: 0xffff } as const;
export const ET = { REL: 1, EXEC: 2, DYN: 3 } as const;
export const EM_X86_64 = 62;
export const PT_LOAD = 1;
export const PF = { X: 1, W: 2, R: 4 } as const;
export const ELF_HEADER_SIZE = 64;
export const SECTION_HEADER_SIZE = 64;
export const PROGRAM_HEADER_SIZE = 56;
export const SYMBOL_SIZE = 24;
export const RELA_SIZE = 24;

/** R_X86_64_* numbers of the relocation kinds of the object model. */
export const RELOCATION_NUMBERS: Readonly<Record<RelocationKind, number>> = {
  abs64: 1,
  pc32: 2,
  plt32: 4,
  abs32: 10,
  abs32s: 11,
  abs16: 12,
  pc16: 13,
  abs8: 14,
  pc8: 15,
  pc64: 24,
};

/** The same table read backwards. */
export const RELOCATION_KINDS: ReadonlyMap<number, RelocationKind> = new Map(
  (Object.keys(RELOCATION_NUMBERS) as RelocationKind[]).map((kind) => [RELOCATION_NUMBERS[kind], kind]),
);
