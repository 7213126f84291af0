/**
 * An object file under construction: sections that grow, symbols by name, relocations by name.
 *
 * Names that begin with `.L` stay out of the symbol table: references to them become references to their section.
 */
import { ByteWriter } from '../elf/bytes';
import type { ObjectFile, ObjectSymbol, Relocation, RelocationKind, Section } from '../object';

interface OpenSection {
  name: string;
  flags: Section['flags'];
  nobits: boolean;
  align: number;
  data: ByteWriter;
  size: number;
  relocations: { offset: number; kind: RelocationKind; symbol: string; addend: number }[];
}

interface Definition {
  section: number;
  value: number;
  size: number;
  binding: ObjectSymbol['binding'];
  type: ObjectSymbol['type'];
}

export class ObjectBuilder {
  private readonly sections: OpenSection[] = [];
  private readonly byName = new Map<string, number>();
  private readonly definitions = new Map<string, Definition>();
  private readonly commons = new Map<string, { size: number; align: number }>();
  private readonly weak = new Set<string>();
  private readonly aliases: { name: string; target: string; binding: ObjectSymbol['binding'] }[] = [];

  constructor(private readonly name: string) {}

  /** The section of this name; flags are those of the first mention, widened by later ones. */
  section(name: string, flags: { write: boolean; exec: boolean }, nobits = false): number {
    let index = this.byName.get(name);
    if (index === undefined) {
      index =
        this.sections.push({
          name,
          flags: { alloc: true, ...flags },
          nobits,
          align: 1,
          data: new ByteWriter(),
          size: 0,
          relocations: [],
        }) - 1;
      this.byName.set(name, index);
    } else {
      const section = this.sections[index];
      section.flags.write ||= flags.write;
      section.flags.exec ||= flags.exec;
      if (section.nobits && !nobits) this.materialize(section);
    }
    return index;
  }

  /** A zero-filled section that turned out to have data. */
  private materialize(section: OpenSection): void {
    section.nobits = false;
    section.data.append(new Uint8Array(section.size));
  }

  /** Appends `size` bytes at an aligned offset (zeroes after `data`); returns the offset. */
  append(index: number, data: Uint8Array, size: number, align: number, fill = 0): number {
    const section = this.sections[index];
    section.align = Math.max(section.align, align);
    const start = Math.ceil(section.size / Math.max(1, align)) * Math.max(1, align);
    if (!section.nobits) {
      const padding = new Uint8Array(start - section.size);
      if (fill !== 0) padding.fill(fill);
      section.data.append(padding);
      section.data.append(data);
      if (size > data.length) section.data.append(new Uint8Array(size - data.length));
    }
    section.size = start + size;
    return start;
  }

  sectionName(index: number): string {
    return this.sections[index].name;
  }

  define(name: string, definition: Definition): void {
    this.definitions.set(name, definition);
  }

  isDefined(name: string): boolean {
    return this.definitions.has(name) || this.commons.has(name);
  }

  definitionOf(name: string): Definition | undefined {
    return this.definitions.get(name);
  }

  defineCommon(name: string, size: number, align: number): void {
    this.commons.set(name, { size, align });
  }

  alias(name: string, target: string, binding: ObjectSymbol['binding']): void {
    this.aliases.push({ name, target, binding });
  }

  /** If it stays undefined, the symbol is weak. */
  declareWeak(name: string): void {
    this.weak.add(name);
  }

  relocate(index: number, offset: number, kind: RelocationKind, symbol: string, addend: number): void {
    this.sections[index].relocations.push({ offset, kind, symbol, addend });
  }

  /** Writes a constant into already appended bytes. */
  patch(index: number, offset: number, size: number, value: bigint): void {
    const bytes = this.sections[index].data.take();
    for (let i = 0; i < size; i++) bytes[offset + i] = Number((value >> BigInt(i * 8)) & 0xffn);
  }

  /** Adds all of another object (assembled text); `local` renames its hidden references if needed. */
  merge(object: ObjectFile): number[] {
    const starts: number[] = [];
    const indexes = object.sections.map((section) => {
      const index = this.section(section.name, section.flags, section.nobits);
      starts.push(this.append(index, section.data, section.size, section.align));
      return index;
    });
    for (const symbol of object.symbols) {
      if (symbol.type === 'section' || symbol.name === '') continue;
      if (typeof symbol.place === 'number') {
        this.define(symbol.name, {
          section: indexes[symbol.place],
          value: starts[symbol.place] + symbol.value,
          size: symbol.size,
          binding: symbol.binding,
          type: symbol.type,
        });
      } else if (symbol.place === 'common') this.defineCommon(symbol.name, symbol.size, symbol.value);
      else if (symbol.binding === 'weak') this.declareWeak(symbol.name);
    }
    object.sections.forEach((section, at) => {
      for (const { offset, kind, symbol, addend } of section.relocations) {
        const target = object.symbols[symbol];
        if (target.type === 'section' && typeof target.place === 'number') {
          const name = this.sectionLabel(indexes[target.place]);
          this.relocate(indexes[at], starts[at] + offset, kind, name, addend + starts[target.place]);
        } else this.relocate(indexes[at], starts[at] + offset, kind, target.name, addend);
      }
    });
    return starts;
  }

  /** A name that stands for the start of a section. */
  sectionLabel(index: number): string {
    const name = `.Lsection${index}`;
    if (!this.definitions.has(name)) {
      this.define(name, { section: index, value: 0, size: 0, binding: 'local', type: 'none' });
    }
    return name;
  }

  finish(): ObjectFile {
    for (const { name, target, binding } of this.aliases) {
      const found = this.definitions.get(target);
      if (found) this.define(name, { ...found, binding });
    }
    const symbols: ObjectSymbol[] = this.sections.map((section, index) => ({
      name: section.name,
      place: index,
      value: 0,
      size: 0,
      binding: 'local',
      type: 'section',
    }));
    const numbers = new Map<string, number>();
    for (const [name, definition] of this.definitions) {
      if (name.startsWith('.L')) continue;
      const { section, ...rest } = definition;
      numbers.set(name, symbols.push({ name, place: section, ...rest }) - 1);
    }
    for (const [name, { size, align }] of this.commons) {
      if (numbers.has(name)) continue;
      numbers.set(
        name,
        symbols.push({ name, place: 'common', value: align, size, binding: 'global', type: 'object' }) - 1,
      );
    }
    const numberOf = (name: string): number => {
      let number = numbers.get(name);
      if (number === undefined) {
        const binding = this.weak.has(name) ? 'weak' : 'global';
        number = symbols.push({ name, place: 'undefined', value: 0, size: 0, binding, type: 'none' }) - 1;
        numbers.set(name, number);
      }
      return number;
    };
    const sections = this.sections.map((section): Section => {
      const relocations = section.relocations.map(({ offset, kind, symbol, addend }): Relocation => {
        const hidden = symbol.startsWith('.L') ? this.definitions.get(symbol) : undefined;
        if (hidden) return { offset, kind, symbol: hidden.section, addend: addend + hidden.value };
        return { offset, kind, symbol: numberOf(symbol), addend };
      });
      return {
        name: section.name,
        flags: section.flags,
        align: section.align,
        data: section.nobits ? new Uint8Array(0) : section.data.take().slice(),
        size: section.size,
        nobits: section.nobits,
        relocations,
      };
    });
    return { name: this.name, sections, symbols };
  }
}
