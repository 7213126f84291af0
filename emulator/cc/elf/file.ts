/**
 * Assembling an ELF file from finished sections: header, program headers, section contents, section header table.
 *
 * It knows the file format only; what the sections mean is up to write.ts and dwarf/.
 */
import { ByteWriter, StringTable } from './bytes';
import {
  ELF_HEADER_SIZE,
  EM_X86_64,
  type ET,
  PROGRAM_HEADER_SIZE,
  PT_LOAD,
  SECTION_HEADER_SIZE,
  SHT,
} from './constants';

/** A section as it will stand in the file. `link` and `info` are section indexes counted with the null section 0. */
export interface FileSection {
  name: string;
  type: number;
  flags: number;
  address: bigint;
  data: Uint8Array;
  size: number;
  link: number;
  info: number;
  align: number;
  entrySize: number;
  /** Fixed position in the file (sections inside a segment); otherwise the next aligned place. */
  fileOffset?: number;
}

/** A loadable segment; its bytes are those of the sections whose file offsets lie in it. */
export interface Segment {
  flags: number;
  offset: number;
  address: bigint;
  fileSize: number;
  size: number;
}

/** Writes a whole ELF-64 file. `sections` are without the null section; the section name table is added here. */
export function writeElf(
  type: (typeof ET)[keyof typeof ET],
  entry: bigint,
  segments: readonly Segment[],
  sections: readonly FileSection[],
): Uint8Array {
  const names = new StringTable();
  const nameOffsets = sections.map((section) => names.add(section.name));
  const ownName = names.add('.shstrtab');
  const all: FileSection[] = [
    ...sections,
    {
      name: '.shstrtab',
      type: SHT.STRTAB,
      flags: 0,
      address: 0n,
      data: names.writer.take(),
      size: names.writer.length,
      link: 0,
      info: 0,
      align: 1,
      entrySize: 0,
    },
  ];
  nameOffsets.push(ownName);

  const body = new ByteWriter();
  const headersEnd = ELF_HEADER_SIZE + segments.length * PROGRAM_HEADER_SIZE;
  for (let i = 0; i < headersEnd; i++) body.u8(0);
  const offsets = all.map((section) => {
    if (section.fileOffset !== undefined) while (body.length < section.fileOffset) body.u8(0);
    else body.align(Math.max(1, section.align));
    const at = body.length;
    if (section.type !== SHT.NOBITS) body.append(section.data);
    return at;
  });
  body.align(8);
  const tableAt = body.length;

  const header = (
    name: number,
    section: Omit<FileSection, 'name' | 'data' | 'fileOffset'>,
    offset: number,
  ): void => {
    body.u32(name);
    body.u32(section.type);
    body.u64(section.flags);
    body.u64(section.address);
    body.u64(offset);
    body.u64(section.size);
    body.u32(section.link);
    body.u32(section.info);
    body.u64(section.align);
    body.u64(section.entrySize);
  };
  header(0, { type: SHT.NULL, flags: 0, address: 0n, size: 0, link: 0, info: 0, align: 0, entrySize: 0 }, 0);
  all.forEach((section, index) => {
    header(nameOffsets[index], section, offsets[index]);
  });

  const out = body.take().slice();
  out.set(fileHeader(type, entry, segments, tableAt, all.length + 1));
  return out;
}

function fileHeader(
  type: number,
  entry: bigint,
  segments: readonly Segment[],
  sectionTable: number,
  sectionCount: number,
): Uint8Array {
  const head = new ByteWriter();
  head.append(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0));
  head.u16(type);
  head.u16(EM_X86_64);
  head.u32(1);
  head.u64(entry);
  head.u64(segments.length > 0 ? ELF_HEADER_SIZE : 0);
  head.u64(sectionTable);
  head.u32(0);
  head.u16(ELF_HEADER_SIZE);
  head.u16(segments.length > 0 ? PROGRAM_HEADER_SIZE : 0);
  head.u16(segments.length);
  head.u16(SECTION_HEADER_SIZE);
  head.u16(sectionCount);
  head.u16(sectionCount - 1);
  for (const segment of segments) {
    head.u32(PT_LOAD);
    head.u32(segment.flags);
    head.u64(segment.offset);
    head.u64(segment.address);
    head.u64(segment.address);
    head.u64(segment.fileSize);
    head.u64(segment.size);
    head.u64(0x1000);
  }
  return head.take();
}
