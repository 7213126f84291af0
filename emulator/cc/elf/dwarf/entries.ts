/**
 * Debugging information entries: a tree of tags and attributes, and its encoding with an abbreviation table.
 */
import { FORM } from './constants';
import { DwarfSection } from './output';

/** An attribute's value; the form follows from its kind. */
export type Value =
  | { form: 'string'; text: string }
  | { form: 'unsigned'; value: number }
  | { form: 'signed'; value: bigint }
  | { form: 'size'; value: number }
  | { form: 'flag' }
  | { form: 'reference'; entry: Entry }
  | { form: 'code'; section: number; offset: number }
  | { form: 'expression'; write(out: DwarfSection): void }
  | { form: 'offset'; section: string; offset: number };

/** One entry. `offset` (from the unit's start) is known once it is written. */
export interface Entry {
  tag: number;
  attributes: [number, Value][];
  children: Entry[];
  offset: number;
}

export function entry(
  tag: number,
  attributes: [number, Value | undefined][] = [],
  children: Entry[] = [],
): Entry {
  const present = attributes.filter((pair): pair is [number, Value] => pair[1] !== undefined);
  return { tag, attributes: present, children, offset: 0 };
}

export const text = (value: string | undefined): Value | undefined =>
  value === undefined ? undefined : { form: 'string', text: value };
export const unsigned = (value: number): Value => ({ form: 'unsigned', value });
export const flag = (present: boolean): Value | undefined => (present ? { form: 'flag' } : undefined);
export const reference = (to: Entry | undefined): Value | undefined => to && { form: 'reference', entry: to };

const FORMS: Readonly<Record<Value['form'], number>> = {
  string: FORM.strp,
  unsigned: FORM.udata,
  signed: FORM.sdata,
  size: FORM.data4,
  flag: FORM.flag_present,
  reference: FORM.ref4,
  code: FORM.addr,
  expression: FORM.exprloc,
  offset: FORM.sec_offset,
};

/** Writes entries into .debug_info, their abbreviations into .debug_abbrev and their strings into .debug_str. */
export class EntryWriter {
  readonly info = new DwarfSection('.debug_info');
  readonly abbreviations = new DwarfSection('.debug_abbrev');
  readonly strings = new DwarfSection('.debug_str');
  private readonly stringOffsets = new Map<string, number>();
  private readonly codes = new Map<string, number>();
  private readonly references: { at: number; entry: Entry }[] = [];

  /** Writes the one unit of the section. */
  write(root: Entry): void {
    const { info } = this;
    info.u32(0);
    info.u16(5);
    info.u8(1);
    info.u8(8);
    info.sectionOffset('.debug_abbrev', 0);
    this.entry(root);
    info.patchU32(0, info.length - 4);
    for (const { at, entry: to } of this.references) info.patchU32(at, to.offset);
    this.abbreviations.u8(0);
  }

  private abbreviation(one: Entry): number {
    const key = `${one.tag};${one.children.length > 0};${one.attributes.map(([at, { form }]) => `${at}:${form}`).join()}`;
    let code = this.codes.get(key);
    if (code === undefined) {
      code = this.codes.size + 1;
      this.codes.set(key, code);
      const out = this.abbreviations;
      out.uleb(code);
      out.uleb(one.tag);
      out.u8(one.children.length > 0 ? 1 : 0);
      for (const [at, { form }] of one.attributes) {
        out.uleb(at);
        out.uleb(FORMS[form]);
      }
      out.u8(0);
      out.u8(0);
    }
    return code;
  }

  /** The offset of a text in .debug_str. */
  string(value: string): number {
    let offset = this.stringOffsets.get(value);
    if (offset === undefined) {
      offset = this.strings.length;
      this.strings.string(value);
      this.stringOffsets.set(value, offset);
    }
    return offset;
  }

  private entry(one: Entry): void {
    const { info } = this;
    one.offset = info.length;
    info.uleb(this.abbreviation(one));
    for (const [, value] of one.attributes) this.value(value);
    if (one.children.length === 0) return;
    for (const child of one.children) this.entry(child);
    info.u8(0);
  }

  private value(value: Value): void {
    const { info } = this;
    switch (value.form) {
      case 'string':
        info.sectionOffset('.debug_str', this.string(value.text));
        return;
      case 'unsigned':
        info.uleb(value.value);
        return;
      case 'signed':
        info.sleb(value.value);
        return;
      case 'size':
        info.u32(value.value);
        return;
      case 'flag':
        return;
      case 'reference':
        this.references.push({ at: info.length, entry: value.entry });
        info.u32(0);
        return;
      case 'code':
        info.codeAddress(value.section, value.offset);
        return;
      case 'offset':
        info.sectionOffset(value.section, value.offset);
        return;
      case 'expression': {
        const bytes = expressionBytes(value.write);
        info.uleb(bytes.length);
        for (const fixup of bytes.fixups) info.fixups.push({ ...fixup, offset: info.length + fixup.offset });
        info.append(bytes.take());
        return;
      }
    }
  }
}

/** The bytes of a location expression, with its fixups. */
export function expressionBytes(write: (out: DwarfSection) => void): DwarfSection {
  const out = new DwarfSection('');
  write(out);
  return out;
}
