/** From laid-out sections and symbols to an ObjectFile: bytes, resolved fields, relocations, the symbol table. */
import { AssemblyError, type Expression } from '../../isa/assemble';
import { evaluate, type Value } from '../../isa/att/expression';
import type { Fixup, FixupKind } from '../../isa/encode';
import type { ObjectFile, ObjectSymbol, Relocation, Section } from '../object';
import { type Fragment, fillWithNops, type OpenSection } from './layout';
import { type AsmSymbol, isHidden, type SymbolTable } from './symbols';

const widths: Readonly<Record<FixupKind, number>> = {
  abs64: 8,
  abs32: 4,
  abs32s: 4,
  abs16: 2,
  abs8: 1,
  pc64: 8,
  pc32: 4,
  plt32: 4,
  pc16: 2,
  pc8: 1,
};

const relative: Readonly<Partial<Record<FixupKind, FixupKind>>> = {
  abs64: 'pc64',
  abs32: 'pc32',
  abs32s: 'pc32',
  abs16: 'pc16',
  abs8: 'pc8',
};

/** Everything that assembling has gathered. */
export interface Assembled {
  file: string;
  sections: OpenSection[];
  symbols: SymbolTable;
  expressions: Expression[];
  expressionLines: readonly number[];
  report(line: number, message: string): void;
}

/** Writes object files; one per assembly. */
class Emitter {
  readonly input: Assembled;
  readonly output: ObjectFile;
  private readonly indexes = new Map<string, number>();

  constructor(input: Assembled) {
    this.input = input;
    this.output = { name: input.file, sections: [], symbols: [] };
  }

  run(): ObjectFile {
    const { sections, symbols } = this.input;
    for (const [index, section] of sections.entries()) {
      this.output.symbols.push({
        name: section.name,
        place: index,
        value: 0,
        size: 0,
        binding: 'local',
        type: 'section',
      });
    }
    for (const symbol of symbols.symbols.values()) if (!isHidden(symbol.name)) this.declare(symbol);
    for (const section of sections) this.output.sections.push(this.section(section));
    return this.output;
  }

  private declare(symbol: AsmSymbol): void {
    const { symbols } = this.input;
    const known = symbols.isDefined(symbol.name);
    if (!known && !symbol.used && symbol.binding === 'local') return;
    const entry: ObjectSymbol = {
      name: symbol.name,
      place: 'undefined',
      value: 0,
      size: 0,
      binding: known || symbol.binding === 'weak' ? symbol.binding : 'global',
      type: symbol.type,
    };
    if (symbol.common) {
      entry.place = 'common';
      entry.value = symbol.common.align;
      entry.size = symbol.common.size;
      entry.type = 'object';
      entry.binding = 'global';
    } else if (symbol.label)
      this.locate(entry, symbol.label.section, symbol.label.section.offsetOf(symbol.label));
    else if (symbol.equals) {
      const value = this.value(symbol.equals, 0);
      if (!value) return;
      const label = value.add === undefined ? undefined : symbols.get(value.add).label;
      if (value.add === undefined) {
        entry.place = 'absolute';
        entry.value = Number(value.constant);
      } else if (label) {
        const target = symbols.get(value.add);
        this.locate(entry, label.section, label.section.offsetOf(label) + Number(value.constant));
        if (entry.type === 'none') entry.type = target.type;
        if (!symbol.size && target.size) entry.size = Number(this.value(target.size, 0)?.constant ?? 0n);
      } else return;
    }
    if (symbol.size) entry.size = Number(this.value(symbol.size, 0)?.constant ?? 0n);
    this.indexes.set(symbol.name, this.output.symbols.push(entry) - 1);
  }

  private locate(entry: ObjectSymbol, section: OpenSection, offset: number): void {
    entry.place = this.input.sections.indexOf(section);
    entry.value = offset;
  }

  private value(expression: Expression, line: number): Value | undefined {
    try {
      return evaluate(expression, this.input.symbols);
    } catch (error) {
      if (!(error instanceof AssemblyError)) throw error;
      this.input.report(line, error.message);
      return undefined;
    }
  }

  private section(section: OpenSection): Section {
    const data = new Uint8Array(section.nobits ? 0 : section.size);
    const relocations: Relocation[] = [];
    const { name, flags, align, size, nobits } = section;
    if (!nobits) {
      for (const fragment of section.fragments) this.fragment(section, fragment, data, relocations);
    } else if (
      section.fragments.some(
        (fragment) => fragment.kind === 'bytes' && fragment.code.bytes.some((byte) => byte !== 0),
      )
    ) {
      this.input.report(
        section.fragments[0]?.line ?? 0,
        `section ${name} holds no data and cannot be initialized`,
      );
    }
    return { name, flags, align, data, size, nobits, relocations };
  }

  private fragment(
    section: OpenSection,
    fragment: Fragment,
    data: Uint8Array,
    relocations: Relocation[],
  ): void {
    const room = data.subarray(fragment.start, fragment.start + fragment.size);
    switch (fragment.kind) {
      case 'bytes':
        room.set(fragment.code.bytes.subarray(0, fragment.code.length));
        for (const fixup of fragment.code.fixups) {
          const at = { ...fixup, offset: fragment.start + fixup.offset };
          this.fix(section, at, data, relocations);
        }
        return;
      case 'jump': {
        const opcode = fragment.long ? fragment.jump.near : fragment.jump.short;
        room.set(opcode);
        const width = fragment.long ? 4 : 1;
        const offset = fragment.start + opcode.length;
        const kind = fragment.long ? 'plt32' : 'pc8';
        const fixup: Fixup = { offset, kind, symbol: fragment.expression, addend: -width };
        this.fix(section, fixup, data, relocations);
        return;
      }
      case 'align':
        if (fragment.fill === undefined && section.flags.exec) fillWithNops(room);
        else room.fill(fragment.fill ?? 0);
        return;
      case 'skip':
        room.fill(fragment.fill);
        return;
    }
  }

  private fix(section: OpenSection, fixup: Fixup, data: Uint8Array, relocations: Relocation[]): void {
    const line = this.input.expressionLines[fixup.symbol] ?? 0;
    const expression = this.input.expressions[fixup.symbol];
    const value = expression && this.value(expression, line);
    if (!value) return;
    const pcRelative = fixup.kind.startsWith('p');
    const { add, subtract } = value;
    if (subtract !== undefined) {
      this.difference(section, fixup, value, subtract, line, relocations);
      return;
    }
    const target = pcRelative
      ? this.input.symbols.localTarget(value, section, fixup.kind !== 'pc32')
      : undefined;
    if (target !== undefined) this.write(data, fixup, BigInt(target + fixup.addend - fixup.offset), line);
    else if (add === undefined && !pcRelative)
      this.write(data, fixup, value.constant + BigInt(fixup.addend), line);
    else
      relocations.push(this.relocation(fixup.offset, fixup.kind, add, Number(value.constant) + fixup.addend));
  }

  /** a − b, where b is in this section and a is not: relative to the field, with b's distance in the addend. */
  private difference(
    section: OpenSection,
    fixup: Fixup,
    value: Value,
    subtract: string,
    line: number,
    relocations: Relocation[],
  ): void {
    const label = this.input.symbols.get(subtract).label;
    const kind = relative[fixup.kind];
    if (!label || label.section !== section || kind === undefined) {
      const names = `${value.add ?? '0'} - ${subtract}`.replace(/@\d+/g, '.');
      this.input.report(line, `the difference ${names} cannot be expressed by a relocation`);
      return;
    }
    const addend = Number(value.constant) + fixup.addend + fixup.offset - section.offsetOf(label);
    relocations.push(this.relocation(fixup.offset, kind, value.add, addend));
  }

  private relocation(offset: number, kind: FixupKind, name: string | undefined, addend: number): Relocation {
    const { symbols, sections } = this.input;
    if (name === undefined) return { offset, kind, symbol: this.absoluteSymbol(), addend };
    const label = symbols.get(name).label;
    if (label && isHidden(name)) {
      return {
        offset,
        kind,
        symbol: sections.indexOf(label.section),
        addend: addend + label.section.offsetOf(label),
      };
    }
    let symbol = this.indexes.get(name);
    if (symbol === undefined) {
      const entry: ObjectSymbol = {
        name,
        place: 'undefined',
        value: 0,
        size: 0,
        binding: 'global',
        type: 'none',
      };
      symbol = this.output.symbols.push(entry) - 1;
      this.indexes.set(name, symbol);
    }
    return { offset, kind, symbol, addend };
  }

  /** Address zero, for branches to plain numbers. */
  private absoluteSymbol(): number {
    let symbol = this.indexes.get('');
    if (symbol === undefined) {
      const entry: ObjectSymbol = {
        name: '',
        place: 'absolute',
        value: 0,
        size: 0,
        binding: 'local',
        type: 'none',
      };
      symbol = this.output.symbols.push(entry) - 1;
      this.indexes.set('', symbol);
    }
    return symbol;
  }

  private write(data: Uint8Array, fixup: Fixup, value: bigint, line: number): void {
    const width = widths[fixup.kind];
    const bits = BigInt(width * 8);
    const signedOnly = fixup.kind.startsWith('p') || fixup.kind === 'abs32s';
    const top = signedOnly ? 1n << (bits - 1n) : 1n << bits;
    if (value >= top || value < -(1n << (bits - 1n))) {
      if (width < 8)
        this.input.report(line, `value ${value} does not fit in ${width} byte${width > 1 ? 's' : ''}`);
    }
    let rest = BigInt.asUintN(64, value);
    for (let at = 0; at < width; at++) {
      data[fixup.offset + at] = Number(rest & 0xffn);
      rest >>= 8n;
    }
  }
}

/** Makes the object file. Fields that cannot be expressed are reported and left zero. */
export function emitObject(input: Assembled): ObjectFile {
  return new Emitter(input).run();
}
