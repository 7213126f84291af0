/**
 * ELF writer: an ObjectFile as a relocatable .o, an Image as a vmlinux-like executable.
 *
 * Both carry the debug tables as DWARF when there are any. Section contents, symbols and relocations are written as
 * they are in the model: nothing is optimised here.
 */
import type { Image, ImageSection } from '../image';
import type { ObjectFile, ObjectSymbol, Relocation } from '../object';
import { ByteWriter, StringTable } from './bytes';
import { ET, PF, RELA_SIZE, RELOCATION_NUMBERS, SHF, SHN, SHT, SYMBOL_SIZE } from './constants';
import type { DwarfSection } from './dwarf/output';
import { writeDwarf } from './dwarf/write';
import { type FileSection, type Segment, writeElf } from './file';

const BINDING_NUMBERS = { local: 0, global: 1, weak: 2 } as const;
const TYPE_NUMBERS = { none: 0, object: 1, function: 2, section: 3, file: 4 } as const;

function sectionFlags(flags: { alloc: boolean; write: boolean; exec: boolean }): number {
  return (flags.alloc ? SHF.ALLOC : 0) | (flags.write ? SHF.WRITE : 0) | (flags.exec ? SHF.EXECINSTR : 0);
}

function plainSection(name: string, type: number, data: Uint8Array, align: number): FileSection {
  return {
    name,
    type,
    flags: 0,
    address: 0n,
    data,
    size: data.length,
    link: 0,
    info: 0,
    align,
    entrySize: 0,
  };
}

function writeSymbol(
  out: ByteWriter,
  name: number,
  binding: keyof typeof BINDING_NUMBERS,
  type: keyof typeof TYPE_NUMBERS,
  section: number,
  value: bigint | number,
  size: number,
): void {
  out.u32(name);
  out.u8((BINDING_NUMBERS[binding] << 4) | TYPE_NUMBERS[type]);
  out.u8(0);
  out.u16(section);
  out.u64(value);
  out.u64(size);
}

function sectionNumber(symbol: ObjectSymbol): number {
  switch (symbol.place) {
    case 'undefined':
      return SHN.UNDEF;
    case 'absolute':
      return SHN.ABS;
    case 'common':
      return SHN.COMMON;
    default:
      return symbol.place + 1;
  }
}

function debugSection(section: DwarfSection): FileSection {
  const strings = section.name === '.debug_str';
  return {
    ...plainSection(section.name, SHT.PROGBITS, section.take(), 1),
    flags: strings ? SHF.MERGE | SHF.STRINGS : 0,
    entrySize: strings ? 1 : 0,
  };
}

/** The fields of a debug section that depend on places, as relocations against section and other symbols. */
function debugRelocations(
  section: DwarfSection,
  object: ObjectFile,
  order: readonly number[],
  debugIndexes: ReadonlyMap<string, number>,
): FileSection | undefined {
  const out = new ByteWriter();
  const relocation = (offset: number, type: number, symbol: number, addend: number): void => {
    out.u64(offset);
    out.u32(type);
    out.u32(symbol);
    out.u64(addend);
  };
  const byName = new Map(object.symbols.map((symbol, index) => [symbol.name, order[index]]));
  for (const { offset, target, addend } of section.fixups) {
    switch (target.kind) {
      case 'code': {
        const found = object.symbols.findIndex(
          (symbol) => symbol.type === 'section' && symbol.place === Math.max(0, target.section),
        );
        relocation(offset, RELOCATION_NUMBERS.abs64, order[found], addend);
        break;
      }
      case 'symbol':
        relocation(offset, RELOCATION_NUMBERS.abs64, byName.get(target.symbol) ?? 0, addend);
        break;
      case 'debug': {
        const index = debugIndexes.get(target.section) ?? 0;
        relocation(
          offset,
          RELOCATION_NUMBERS.abs32,
          order[object.symbols.length + index - object.sections.length],
          addend,
        );
        break;
      }
    }
  }
  if (out.length === 0) return undefined;
  return {
    ...plainSection(`.rela${section.name}`, SHT.RELA, out.take(), 8),
    flags: SHF.INFO_LINK,
    entrySize: RELA_SIZE,
  };
}

/** Symbol table of an object: ELF wants local symbols first, so `order` maps the model's indexes to the file's. */
function objectSymbols(
  object: ObjectFile,
  debug: readonly DwarfSection[],
): {
  table: Uint8Array;
  strings: Uint8Array;
  order: number[];
  locals: number;
} {
  const strings = new StringTable();
  const table = new ByteWriter();
  writeSymbol(table, 0, 'local', 'none', 0, 0, 0);
  const order: number[] = new Array(object.symbols.length + debug.length).fill(0);
  let count = 1;
  let locals = 1;
  debug.forEach((_, index) => {
    writeSymbol(table, 0, 'local', 'section', object.sections.length + index + 1, 0, 0);
    order[object.symbols.length + index] = count++;
  });
  for (const wantLocal of [true, false]) {
    object.symbols.forEach((symbol, index) => {
      if ((symbol.binding === 'local') !== wantLocal) return;
      const name = symbol.type === 'section' ? 0 : strings.add(symbol.name);
      writeSymbol(table, name, symbol.binding, symbol.type, sectionNumber(symbol), symbol.value, symbol.size);
      order[index] = count++;
    });
    if (wantLocal) locals = count;
  }
  return { table: table.take(), strings: strings.writer.take(), order, locals };
}

function relocationSection(
  name: string,
  relocations: readonly Relocation[],
  order: readonly number[],
): FileSection {
  const out = new ByteWriter();
  for (const relocation of relocations) {
    out.u64(relocation.offset);
    out.u32(RELOCATION_NUMBERS[relocation.kind]);
    out.u32(order[relocation.symbol]);
    out.u64(relocation.addend);
  }
  return {
    ...plainSection(`.rela${name}`, SHT.RELA, out.take(), 8),
    flags: SHF.INFO_LINK,
    entrySize: RELA_SIZE,
  };
}

/** Writes a relocatable ELF object. */
export function writeObject(object: ObjectFile): Uint8Array {
  const sections: FileSection[] = object.sections.map((section) => ({
    name: section.name,
    type: section.nobits ? SHT.NOBITS : SHT.PROGBITS,
    flags: sectionFlags(section.flags),
    address: 0n,
    data: section.data,
    size: section.size,
    link: 0,
    info: 0,
    align: section.align,
    entrySize: 0,
  }));
  const debug = object.debug ? writeDwarf(object.name, object.debug) : [];
  const debugIndexes = new Map(debug.map((section, index) => [section.name, object.sections.length + index]));
  for (const section of debug) sections.push(debugSection(section));
  const symbols = objectSymbols(object, debug);
  sections.push(plainSection('.note.GNU-stack', SHT.PROGBITS, new Uint8Array(0), 1));
  const relocationStart = sections.length;
  object.sections.forEach((section, index) => {
    if (section.relocations.length === 0) return;
    sections.push({
      ...relocationSection(section.name, section.relocations, symbols.order),
      info: index + 1,
    });
  });
  debug.forEach((section, index) => {
    const own = debugRelocations(section, object, symbols.order, debugIndexes);
    if (own) sections.push({ ...own, info: object.sections.length + index + 1 });
  });
  const symbolTable = sections.length + 1;
  for (let index = relocationStart; index < sections.length; index++) sections[index].link = symbolTable;
  sections.push({
    ...plainSection('.symtab', SHT.SYMTAB, symbols.table, 8),
    link: symbolTable + 1,
    info: symbols.locals,
    entrySize: SYMBOL_SIZE,
  });
  sections.push(plainSection('.strtab', SHT.STRTAB, symbols.strings, 1));
  return writeElf(ET.REL, 0n, [], sections);
}

function imageSection(image: Image, section: ImageSection, fileStart: number): FileSection {
  const data = section.nobits
    ? new Uint8Array(0)
    : image.bytes.subarray(section.offset, section.offset + section.size);
  return {
    name: section.name,
    type: section.nobits ? SHT.NOBITS : SHT.PROGBITS,
    flags: sectionFlags({ alloc: true, ...section.flags }),
    address: image.base + BigInt(section.offset),
    data,
    size: section.size,
    link: 0,
    info: 0,
    align: section.align,
    entrySize: 0,
    fileOffset: fileStart + Math.min(section.offset, image.bytes.length),
  };
}

/** One segment for each run of sections with equal permissions, cut at page boundaries by the linker's layout. */
function imageSegments(image: Image, fileStart: number): Segment[] {
  const segments: Segment[] = [];
  for (const section of image.sections) {
    const flags = PF.R | (section.flags.write ? PF.W : 0) | (section.flags.exec ? PF.X : 0);
    const end = section.offset + section.size;
    const fileEnd = Math.min(end, image.bytes.length);
    const last = segments[segments.length - 1];
    if (last && last.flags === flags) {
      const start = last.offset - fileStart;
      last.size = end - start;
      last.fileSize = Math.max(last.fileSize, fileEnd - start);
    } else {
      segments.push({
        flags,
        offset: fileStart + section.offset,
        address: image.base + BigInt(section.offset),
        fileSize: Math.max(0, fileEnd - section.offset),
        size: section.size,
      });
    }
  }
  return segments;
}

function imageSymbolTable(image: Image): FileSection[] {
  const strings = new StringTable();
  const table = new ByteWriter();
  writeSymbol(table, 0, 'local', 'none', 0, 0, 0);
  const numbers = new Map(image.sections.map((section, index) => [section.name, index + 1]));
  let locals = 1;
  for (const wantLocal of [true, false]) {
    for (const symbol of image.symbols) {
      if ((symbol.binding === 'local') !== wantLocal) continue;
      const type = symbol.size === 0 ? 'none' : 'TtW'.includes(symbol.letter) ? 'function' : 'object';
      const section = numbers.get(symbol.section) ?? SHN.ABS;
      const value = image.base + BigInt(symbol.offset);
      writeSymbol(table, strings.add(symbol.name), symbol.binding, type, section, value, symbol.size);
      if (wantLocal) locals++;
    }
  }
  return [
    { ...plainSection('.symtab', SHT.SYMTAB, table.take(), 8), info: locals, entrySize: SYMBOL_SIZE },
    plainSection('.strtab', SHT.STRTAB, strings.writer.take(), 1),
  ];
}

/** In a linked image every place is known: fields get their final values. */
function applyFixups(section: DwarfSection, image: Image): void {
  for (const { offset, target, addend } of section.fixups) {
    if (target.kind === 'debug') section.patchU32(offset, addend);
    else if (target.kind === 'code') section.patchU64(offset, image.base + BigInt(addend));
    else {
      const symbol = image.symbols.find(({ name }) => name === target.symbol);
      section.patchU64(offset, image.base + BigInt((symbol?.offset ?? 0) + addend));
    }
  }
}

/** Writes a linked image as a static executable (the kernel's vmlinux, a user program). */
export function writeExecutable(image: Image): Uint8Array {
  const fileStart = 0x1000;
  const sections = image.sections.map((section) => imageSection(image, section, fileStart));
  const [table, strings] = imageSymbolTable(image);
  for (const section of image.debug.functions.length > 0 ? writeDwarf(image.name, image.debug) : []) {
    applyFixups(section, image);
    sections.push(debugSection(section));
  }
  table.link = sections.length + 2;
  sections.push(table, strings);
  const entry = image.entry === undefined ? 0n : image.base + BigInt(image.entry);
  return writeElf(ET.EXEC, entry, imageSegments(image, fileStart), sections);
}
