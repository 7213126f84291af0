/**
 * The object model: what the compiler and the assembler produce and the linker consumes.
 *
 * It mirrors a relocatable ELF file (sections, symbols, relocations) as plain data, so that writing one as ELF, or
 * reading one that gcc wrote, is a translation and not a change of ideas. Debug information rides along as our own
 * tables (debug.ts); DWARF is only an export of them.
 */
import type { UnitDebug } from './debug';

/** A section of an object file. `data` is empty for `nobits` (.bss); `size` is always its size in memory. */
export interface Section {
  name: string;
  flags: { alloc: boolean; write: boolean; exec: boolean };
  align: number;
  data: Uint8Array;
  size: number;
  nobits: boolean;
  relocations: Relocation[];
}

/**
 * How a relocated field is computed (S symbol, A addend, P place), as in the System V x86-64 ABI, table 4.9:
 * abs64 = R_X86_64_64, abs32 = R_X86_64_32, abs32s = R_X86_64_32S, pc32 = R_X86_64_PC32, plt32 = R_X86_64_PLT32,
 * pc64 = R_X86_64_PC64, abs16/abs8/pc16/pc8 likewise.
 */
export type RelocationKind =
  | 'abs64'
  | 'abs32'
  | 'abs32s'
  | 'abs16'
  | 'abs8'
  | 'pc64'
  | 'pc32'
  | 'plt32'
  | 'pc16'
  | 'pc8';

/** A field at `offset` in its section that the linker fills in; `symbol` is an index into ObjectFile.symbols. */
export interface Relocation {
  offset: number;
  kind: RelocationKind;
  symbol: number;
  addend: number;
}

/** Where a symbol lives: an index into ObjectFile.sections, or one of ELF's special places. */
export type SymbolPlace = number | 'undefined' | 'absolute' | 'common';

/** A symbol of an object file. `value` is its offset in its section (alignment for 'common', the value for 'absolute'). */
export interface ObjectSymbol {
  name: string;
  place: SymbolPlace;
  value: number;
  size: number;
  binding: 'local' | 'global' | 'weak';
  type: 'none' | 'function' | 'object' | 'section' | 'file';
}

/** One compiled or assembled translation unit. */
export interface ObjectFile {
  name: string;
  sections: Section[];
  symbols: ObjectSymbol[];
  debug?: UnitDebug;
}
