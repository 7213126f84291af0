/**
 * ELF reader: a relocatable object of any compiler -> ObjectFile; a static executable -> Image.
 *
 * It reads what linking and loading need (sections, symbols, RELA relocations, program headers) and none of the DWARF:
 * debug information of foreign objects is not translated. Every offset is checked; malformed input throws ElfError.
 */
import type { Image, ImageSymbol } from '../image';
import type { ObjectFile, ObjectSymbol, Relocation, Section, SymbolPlace } from '../object';
import {
  ELF_HEADER_SIZE,
  EM_X86_64,
  ET,
  PF,
  PROGRAM_HEADER_SIZE,
  PT_LOAD,
  RELA_SIZE,
  RELOCATION_KINDS,
  SECTION_HEADER_SIZE,
  SHF,
  SHN,
  SHT,
  SYMBOL_SIZE,
} from './constants';

/** What is wrong with an ELF file. */
export class ElfError extends Error {}

interface Header {
  name: string;
  type: number;
  flags: number;
  address: bigint;
  offset: number;
  size: number;
  link: number;
  info: number;
  align: number;
}

/** Bounds-checked access to the file. */
class ElfFile {
  readonly view: DataView;
  readonly type: number;
  readonly headers: Header[];

  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const magic = bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
    if (bytes.length < ELF_HEADER_SIZE || !magic) throw new ElfError('not an ELF file');
    if (bytes[4] !== 2 || bytes[5] !== 1) throw new ElfError('not a 64-bit little-endian ELF file');
    if (this.view.getUint16(18, true) !== EM_X86_64) throw new ElfError('not an x86-64 ELF file');
    this.type = this.view.getUint16(16, true);
    this.headers = this.readHeaders();
  }

  number(offset: number): number {
    const value = this.view.getBigUint64(offset, true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new ElfError('an offset or size is out of range');
    return Number(value);
  }

  range(offset: number, size: number): Uint8Array {
    if (offset + size > this.bytes.length) throw new ElfError('a section lies outside the file');
    return this.bytes.subarray(offset, offset + size);
  }

  string(table: Header, offset: number): string {
    const bytes = this.range(table.offset, table.size);
    let end = offset;
    while (end < bytes.length && bytes[end] !== 0) end++;
    let text = '';
    for (let at = offset; at < end; at++) text += String.fromCharCode(bytes[at]);
    return text;
  }

  private readHeaders(): Header[] {
    const start = this.number(40);
    if (start === 0) return [];
    const size = this.view.getUint16(58, true);
    if (size !== SECTION_HEADER_SIZE) throw new ElfError('section headers have an unexpected size');
    this.range(start, SECTION_HEADER_SIZE);
    const count = this.view.getUint16(60, true) || this.number(start + 32);
    this.range(start, count * SECTION_HEADER_SIZE);
    const headers: Header[] = [];
    const nameOffsets: number[] = [];
    for (let index = 0; index < count; index++) {
      const at = start + index * SECTION_HEADER_SIZE;
      nameOffsets.push(this.view.getUint32(at, true));
      headers.push({
        name: '',
        type: this.view.getUint32(at + 4, true),
        flags: this.number(at + 8),
        address: this.view.getBigUint64(at + 16, true),
        offset: this.number(at + 24),
        size: this.number(at + 32),
        link: this.view.getUint32(at + 40, true),
        info: this.view.getUint32(at + 44, true),
        align: Math.max(1, this.number(at + 48)),
      });
    }
    const namesIndex = this.view.getUint16(62, true);
    const names = headers[namesIndex === SHN.XINDEX ? headers[0].link : namesIndex];
    if (names) {
      headers.forEach((header, index) => {
        header.name = this.string(names, nameOffsets[index]);
      });
    }
    return headers;
  }
}

const BINDINGS = ['local', 'global', 'weak'] as const;

function symbolType(info: number): ObjectSymbol['type'] {
  switch (info & 15) {
    case 1:
      return 'object';
    case 2:
      return 'function';
    case 3:
      return 'section';
    case 4:
      return 'file';
    default:
      return 'none';
  }
}

interface RawSymbol {
  name: string;
  info: number;
  section: number;
  value: bigint;
  size: number;
}

function readSymbols(file: ElfFile): RawSymbol[] {
  const table = file.headers.find((header) => header.type === SHT.SYMTAB);
  if (!table) return [];
  const strings = file.headers[table.link];
  if (!strings) throw new ElfError('the symbol table has no string table');
  file.range(table.offset, table.size);
  const symbols: RawSymbol[] = [];
  for (let at = table.offset; at + SYMBOL_SIZE <= table.offset + table.size; at += SYMBOL_SIZE) {
    symbols.push({
      name: file.string(strings, file.view.getUint32(at, true)),
      info: file.view.getUint8(at + 4),
      section: file.view.getUint16(at + 6, true),
      value: file.view.getBigUint64(at + 8, true),
      size: file.number(at + 16),
    });
  }
  return symbols;
}

function symbolPlace(section: number, map: readonly number[]): SymbolPlace {
  if (section === SHN.UNDEF) return 'undefined';
  if (section === SHN.ABS) return 'absolute';
  if (section === SHN.COMMON) return 'common';
  const mapped = map[section];
  if (mapped === undefined) throw new ElfError('a symbol names a section that does not exist');
  return mapped < 0 ? 'absolute' : mapped;
}

/** Reads a relocatable object (.o, .ko). `name` is used in messages. Throws ElfError on malformed or foreign files. */
export function readObject(bytes: Uint8Array, name: string): ObjectFile {
  const file = new ElfFile(bytes);
  if (file.type !== ET.REL) throw new ElfError('not a relocatable object');
  const sections: Section[] = [];
  const map = file.headers.map((header) => {
    if (header.type !== SHT.NOBITS && header.type !== SHT.PROGBITS && !(header.flags & SHF.ALLOC)) return -1;
    if (!(header.flags & SHF.ALLOC)) return -1;
    const nobits = header.type === SHT.NOBITS;
    return (
      sections.push({
        name: header.name,
        flags: {
          alloc: true,
          write: (header.flags & SHF.WRITE) !== 0,
          exec: (header.flags & SHF.EXECINSTR) !== 0,
        },
        align: header.align,
        data: nobits ? new Uint8Array(0) : file.range(header.offset, header.size).slice(),
        size: header.size,
        nobits,
        relocations: [],
      }) - 1
    );
  });
  const symbols = readSymbols(file).map((raw): ObjectSymbol => {
    const place = symbolPlace(raw.section, map);
    const type = symbolType(raw.info);
    const named = type === 'section' ? (file.headers[raw.section]?.name ?? '') : raw.name;
    return {
      name: named,
      place,
      value: Number(BigInt.asIntN(64, raw.value)),
      size: raw.size,
      binding: BINDINGS[raw.info >> 4] ?? 'global',
      type,
    };
  });
  for (const header of file.headers) {
    if (header.type !== SHT.RELA) continue;
    const target = map[header.info];
    if (target === undefined || target < 0) continue;
    sections[target].relocations = readRelocations(file, header, symbols.length, name);
  }
  return { name, sections, symbols };
}

function readRelocations(file: ElfFile, header: Header, symbolCount: number, name: string): Relocation[] {
  file.range(header.offset, header.size);
  const relocations: Relocation[] = [];
  for (let at = header.offset; at + RELA_SIZE <= header.offset + header.size; at += RELA_SIZE) {
    const type = file.view.getUint32(at + 8, true);
    if (type === 0) continue;
    const kind = RELOCATION_KINDS.get(type);
    if (!kind) throw new ElfError(`${name}: relocation type ${type} in ${header.name} is not supported`);
    const symbol = file.view.getUint32(at + 12, true);
    if (symbol >= symbolCount) throw new ElfError('a relocation names a symbol that does not exist');
    const addend = Number(file.view.getBigInt64(at + 16, true));
    relocations.push({ offset: file.number(at), kind, symbol, addend });
  }
  return relocations;
}

/** Reads a static executable into an image: its PT_LOAD segments in one piece, its symbols, no debug tables. */
export function readExecutable(bytes: Uint8Array, name: string): Image {
  const file = new ElfFile(bytes);
  if (file.type !== ET.EXEC) throw new ElfError('not a static executable');
  const start = file.number(32);
  const count = file.view.getUint16(56, true);
  file.range(start, count * PROGRAM_HEADER_SIZE);
  const segments: { address: bigint; offset: number; fileSize: number; size: number; flags: number }[] = [];
  for (let index = 0; index < count; index++) {
    const at = start + index * PROGRAM_HEADER_SIZE;
    if (file.view.getUint32(at, true) !== PT_LOAD) continue;
    segments.push({
      flags: file.view.getUint32(at + 4, true),
      offset: file.number(at + 8),
      address: file.view.getBigUint64(at + 16, true),
      fileSize: file.number(at + 32),
      size: file.number(at + 40),
    });
  }
  if (segments.length === 0) throw new ElfError('the executable has nothing to load');
  let base = segments[0].address;
  for (const segment of segments) if (segment.address < base) base = segment.address;
  const place = (address: bigint): number => {
    const offset = address - base;
    if (offset < 0n || offset > 1n << 30n) throw new ElfError('the executable spans more than 1 GiB');
    return Number(offset);
  };
  const fileEnd = Math.max(...segments.map((segment) => place(segment.address) + segment.fileSize));
  const size = Math.max(...segments.map((segment) => place(segment.address) + segment.size));
  const contents = new Uint8Array(fileEnd);
  for (const segment of segments)
    contents.set(file.range(segment.offset, segment.fileSize), place(segment.address));
  const sections = segments.map((segment, index) => ({
    name: `load${index}`,
    offset: place(segment.address),
    size: segment.size,
    align: 4096,
    nobits: false,
    flags: { write: (segment.flags & PF.W) !== 0, exec: (segment.flags & PF.X) !== 0 },
  }));
  const symbols: ImageSymbol[] = [];
  for (const raw of readSymbols(file)) {
    const type = symbolType(raw.info);
    if (raw.name === '' || raw.section === SHN.UNDEF || type === 'section' || type === 'file') continue;
    if (raw.value < base || raw.value - base > BigInt(size)) continue;
    const binding = BINDINGS[raw.info >> 4] ?? 'global';
    const letter = type === 'function' ? 'T' : 'D';
    symbols.push({
      name: raw.name,
      offset: Number(raw.value - base),
      size: raw.size,
      letter: binding === 'local' ? letter.toLowerCase() : letter,
      section: file.headers[raw.section]?.name ?? '',
      binding,
    });
  }
  return {
    name,
    base,
    size,
    bytes: contents,
    entry: place(file.view.getBigUint64(24, true)),
    sections,
    symbols: symbols.sort((a, b) => a.offset - b.offset),
    debug: {
      files: [],
      types: [{ kind: 'void' }],
      functions: [],
      inlineOnly: [],
      globals: [],
      macros: [],
      includes: [],
    },
  };
}
