/**
 * Where input sections go: merges the objects' sections by output name and places them in the image.
 *
 * Order: executable sections (ordinary text first, init text page-aligned and last), read-only data, writable data,
 * zero-filled data. Each of the four groups starts on a page, so that page permissions can follow. It deliberately
 * knows nothing of symbols.
 */
import type { ObjectFile, Section } from '../object';

export const PAGE = 4096;

/** One input section and its final offset from the image's base. */
export interface PlacedInput {
  object: number;
  section: number;
  offset: number;
}

/** An output section: input sections of one name, laid out one after another. */
export interface OutputSection {
  name: string;
  offset: number;
  size: number;
  align: number;
  nobits: boolean;
  flags: { write: boolean; exec: boolean };
  inputs: PlacedInput[];
}

/** The placed image: output sections in order of offset, and for every object its sections' offsets (-1: dropped). */
export interface Layout {
  sections: OutputSection[];
  offsets: number[][];
  size: number;
  /** Size of the part that has bytes; the rest, up to `size`, is zero-filled. */
  fileSize: number;
}

const MERGED_PREFIXES = ['.text', '.rodata', '.data', '.bss'];
const TEXT_ORDER = [
  '.text',
  '.sched.text',
  '.spinlock.text',
  '.kprobes.text',
  '.noinstr.text',
  '.entry.text',
];
/** Text that is freed after initialisation: it has pages of its own. */
const INIT_TEXT = '.init.text';
const READ_ONLY_ORDER = ['.rodata'];
const DATA_ORDER = ['.data', '.data..percpu', '.init.data'];

/** Sections that only other tools want: unwinding tables of gcc and notes. */
function isDropped(section: Section): boolean {
  return !section.flags.alloc || section.name === '.eh_frame' || section.name.startsWith('.note');
}

function outputName(name: string): string {
  for (const prefix of MERGED_PREFIXES) {
    if (name.startsWith(`${prefix}.`) && !name.startsWith(`${prefix}..`)) return prefix;
  }
  return name;
}

/** Group (0 text, 1 init text, 2 read-only, 3 data, 4 zero-filled) and rank inside it. */
function rank(section: OutputSection): [group: number, order: number] {
  const at = (names: string[]): number => {
    const found = names.indexOf(section.name);
    return found < 0 ? names.length : found;
  };
  if (section.flags.exec) {
    return section.name === INIT_TEXT ? [1, 0] : [0, at(TEXT_ORDER)];
  }
  if (!section.flags.write) return [2, at(READ_ONLY_ORDER)];
  return section.nobits ? [4, 0] : [3, at(DATA_ORDER)];
}

function compareSections(a: OutputSection, b: OutputSection): number {
  const [groupA, orderA] = rank(a);
  const [groupB, orderB] = rank(b);
  if (groupA !== groupB) return groupA - groupB;
  if (orderA !== orderB) return orderA - orderB;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

export function alignUp(value: number, align: number): number {
  const remainder = value % align;
  return remainder === 0 ? value : value + align - remainder;
}

function collect(objects: readonly ObjectFile[]): OutputSection[] {
  const byName = new Map<string, OutputSection>();
  objects.forEach((object, objectIndex) => {
    object.sections.forEach((section, sectionIndex) => {
      if (isDropped(section)) return;
      const name = outputName(section.name);
      let output = byName.get(name);
      if (!output) {
        output = {
          name,
          offset: 0,
          size: 0,
          align: 1,
          nobits: true,
          flags: { write: false, exec: false },
          inputs: [],
        };
        byName.set(name, output);
      }
      output.align = Math.max(output.align, section.align);
      output.flags.write ||= section.flags.write;
      output.flags.exec ||= section.flags.exec;
      output.nobits &&= section.nobits;
      output.inputs.push({ object: objectIndex, section: sectionIndex, offset: 0 });
    });
  });
  return [...byName.values()];
}

/** Places every allocated section of `objects`; `commonSize`/`commonAlign` reserve room for common symbols in .bss. */
export function layOut(objects: readonly ObjectFile[], commonSize: number, commonAlign: number): Layout {
  const sections = collect(objects);
  if (commonSize > 0 && !sections.some((section) => section.name === '.bss')) {
    sections.push({
      name: '.bss',
      offset: 0,
      size: 0,
      align: 1,
      nobits: true,
      flags: { write: true, exec: false },
      inputs: [],
    });
  }
  sections.sort(compareSections);
  const offsets = objects.map((object) => object.sections.map(() => -1));
  let cursor = 0;
  let fileSize = 0;
  let group = -1;
  for (const output of sections) {
    const [sectionGroup] = rank(output);
    if (sectionGroup !== group && group !== -1) cursor = alignUp(cursor, sectionGroup === 4 ? 64 : PAGE);
    group = sectionGroup;
    cursor = alignUp(cursor, output.align);
    output.offset = cursor;
    for (const input of output.inputs) {
      const section = objects[input.object].sections[input.section];
      cursor = alignUp(cursor, section.align);
      input.offset = cursor;
      offsets[input.object][input.section] = cursor;
      cursor += section.size;
    }
    if (output.name === '.bss') cursor = alignUp(cursor, commonAlign) + commonSize;
    output.size = cursor - output.offset;
    if (!output.nobits) fileSize = cursor;
  }
  return { sections, offsets, size: cursor, fileSize };
}
