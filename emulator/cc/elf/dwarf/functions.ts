/**
 * Functions, inlined calls, variables and their locations as debugging information entries.
 *
 * Location and range lists are relative to their function's first byte. Variables without a location in a range are
 * optimised out there, which DWARF says by leaving the range out of the list.
 */
import type { CodeRange, FunctionDebug, Location, UnitDebug, VariableDebug } from '../../debug';
import { AT, DWARF_REGISTERS, INL_INLINED, OP, TAG } from './constants';
import { type Entry, entry, expressionBytes, flag, reference, text, unsigned, type Value } from './entries';
import { DwarfSection } from './output';
import type { TypeEntries } from './types';

const LLE = { end_of_list: 0x00, offset_pair: 0x04, base_address: 0x06 };
const RLE = { end_of_list: 0x00, offset_pair: 0x04, base_address: 0x05, start_length: 0x07 };

/** Writes a location as an expression; false if there is nothing to say. */
function writeLocation(out: DwarfSection, location: Location): boolean {
  switch (location.kind) {
    case 'register':
      out.u8(OP.reg0 + DWARF_REGISTERS[location.register]);
      return true;
    case 'frame':
      out.u8(OP.fbreg);
      out.sleb(location.offset);
      return true;
    case 'memory':
      out.u8(OP.breg0 + DWARF_REGISTERS[location.register]);
      out.sleb(location.offset);
      return true;
    case 'symbol':
      out.u8(OP.addr);
      if (location.imageOffset === undefined) out.symbolAddress(location.symbol, location.offset);
      else out.codeAddress(-1, location.imageOffset + location.offset);
      return true;
    case 'constant':
      out.u8(OP.consts);
      out.sleb(location.value);
      out.u8(OP.stack_value);
      return true;
    case 'entryValue':
      out.u8(OP.entry_value);
      out.uleb(1);
      out.u8(OP.reg0 + DWARF_REGISTERS[location.register]);
      out.u8(OP.stack_value);
      return true;
    case 'optimizedOut':
      return false;
  }
}

/** A block or inlined call while it is put in its place. */
interface Nested {
  ranges: CodeRange[];
  made: Entry;
  block: boolean;
}

function bytesIn(ranges: readonly CodeRange[]): number {
  return ranges.reduce((sum, [start, end]) => sum + end - start, 0);
}

function covers(outer: readonly CodeRange[], inner: readonly CodeRange[]): boolean {
  return inner.every(([start, end]) => outer.some(([low, high]) => low <= start && end <= high));
}

/** Bytes of the header of .debug_loclists and .debug_rnglists. */
const LIST_HEADER = 12;

export class FunctionEntries {
  readonly locationLists = new DwarfSection('.debug_loclists');
  readonly rangeLists = new DwarfSection('.debug_rnglists');
  /** Abstract instances of inlined functions, by name and place. */
  readonly abstract = new Map<string, Entry>();

  constructor(
    private readonly debug: UnitDebug,
    private readonly types: TypeEntries,
  ) {
    for (const list of [this.locationLists, this.rangeLists]) {
      list.u32(0);
      list.u16(5);
      list.u8(8);
      list.u8(0);
      list.u32(0);
    }
  }

  /** Completes the list sections. */
  finish(): void {
    for (const list of [this.locationLists, this.rangeLists]) {
      // A header without lists is an error to readelf.
      if (list.length === LIST_HEADER) list.length = 0;
      else list.patchU32(0, list.length - 4);
    }
  }

  /** Ranges of the unit: every function. */
  unitRanges(): Value {
    const out = this.rangeLists;
    const offset = out.length;
    for (const fn of this.debug.functions) {
      if (fn.size === 0) continue;
      out.u8(RLE.start_length);
      out.codeAddress(fn.section, fn.start);
      out.uleb(fn.size);
    }
    out.u8(RLE.end_of_list);
    return { form: 'offset', section: '.debug_rnglists', offset };
  }

  private ranges(fn: FunctionDebug, ranges: readonly CodeRange[]): [number, Value][] {
    if (ranges.length === 1) {
      const [[start, end]] = ranges;
      return [
        [AT.low_pc, { form: 'code', section: fn.section, offset: fn.start + start }],
        [AT.high_pc, { form: 'size', value: end - start }],
      ];
    }
    const out = this.rangeLists;
    const offset = out.length;
    out.u8(RLE.base_address);
    out.codeAddress(fn.section, fn.start);
    for (const [start, end] of ranges) {
      out.u8(RLE.offset_pair);
      out.uleb(start);
      out.uleb(end);
    }
    out.u8(RLE.end_of_list);
    return [[AT.ranges, { form: 'offset', section: '.debug_rnglists', offset }]];
  }

  private location(fn: FunctionDebug, variable: VariableDebug): Value | undefined {
    const known = variable.locations.filter(({ location }) => location.kind !== 'optimizedOut');
    if (known.length === 0) return undefined;
    const [first] = known;
    const whole = first.range[0] === 0 && first.range[1] === fn.size;
    if (known.length === 1 && (whole || first.location.kind === 'symbol')) {
      return {
        form: 'expression',
        write: (out) => {
          writeLocation(out, first.location);
        },
      };
    }
    const out = this.locationLists;
    const offset = out.length;
    out.u8(LLE.base_address);
    out.codeAddress(fn.section, fn.start);
    for (const { range, location } of known) {
      out.u8(LLE.offset_pair);
      out.uleb(range[0]);
      out.uleb(range[1]);
      const bytes = expressionBytes((expression) => {
        writeLocation(expression, location);
      });
      out.uleb(bytes.length);
      for (const fixup of bytes.fixups) out.fixups.push({ ...fixup, offset: out.length + fixup.offset });
      out.append(bytes.take());
    }
    out.u8(LLE.end_of_list);
    return { form: 'offset', section: '.debug_loclists', offset };
  }

  private variable(fn: FunctionDebug, variable: VariableDebug): Entry {
    const tag = variable.parameter === undefined ? TAG.variable : TAG.formal_parameter;
    return entry(tag, [
      [AT.name, text(variable.name)],
      [AT.decl_file, unsigned(variable.file + 1)],
      [AT.decl_line, unsigned(variable.line)],
      [AT.type, this.types.reference(variable.type)],
      [AT.location, this.location(fn, variable)],
    ]);
  }

  /**
   * What one inline level holds: variables of the whole level directly, those of inner scopes in lexical blocks, and the
   * calls inlined into it, each inside the smallest block that covers it.
   */
  private level(
    fn: FunctionDebug,
    site: number,
    whole: readonly CodeRange[],
    calls: readonly { ranges: CodeRange[]; made: Entry }[],
  ): Entry[] {
    const root: Nested = { ranges: [...whole], made: entry(0), block: true };
    const blocks = new Map<string, Nested>([[whole.join(';'), root]]);
    for (const variable of fn.variables) {
      if (variable.inlineSite !== site || variable.scope.length === 0) continue;
      const key = variable.parameter === undefined ? variable.scope.join(';') : whole.join(';');
      let block = blocks.get(key);
      if (!block) {
        const made = entry(TAG.lexical_block, this.ranges(fn, variable.scope));
        block = { ranges: variable.scope, made, block: true };
        blocks.set(key, block);
      }
      block.made.children.push(this.variable(fn, variable));
    }
    const inner: Nested[] = [...blocks.values()].filter((block) => block !== root);
    for (const { ranges, made } of calls) inner.push({ ranges, made, block: false });
    inner.sort((a, b) => bytesIn(b.ranges) - bytesIn(a.ranges) || Number(b.block) - Number(a.block));
    const placed: Nested[] = [root];
    for (const one of inner) {
      const parent = [...placed].reverse().find((outer) => outer.block && covers(outer.ranges, one.ranges));
      (parent ?? root).made.children.push(one.made);
      placed.push(one);
    }
    return root.made.children;
  }

  private abstractInstance(name: string, file: number, line: number): Entry {
    const key = `${name}@${file}:${line}`;
    let made = this.abstract.get(key);
    if (!made) {
      const type = this.typeOf(name);
      made = entry(TAG.subprogram, [
        [AT.name, text(name)],
        [AT.decl_file, unsigned(file + 1)],
        [AT.decl_line, unsigned(line)],
        [AT.prototyped, flag(true)],
        [AT.type, type],
        [AT.inline, unsigned(INL_INLINED)],
      ]);
      this.abstract.set(key, made);
    }
    return made;
  }

  private typeOf(name: string): ReturnType<typeof reference> {
    const known =
      this.debug.functions.find((fn) => fn.name === name) ??
      this.debug.inlineOnly.find((fn) => fn.name === name);
    const type = known && this.debug.types[known.type];
    return type?.kind === 'function' ? this.types.reference(type.returns) : undefined;
  }

  /** The entry of a function that has code. */
  function(fn: FunctionDebug): Entry {
    const type = this.debug.types[fn.type];
    const made = entry(TAG.subprogram, [
      [AT.external, flag(fn.external)],
      [AT.name, text(fn.name)],
      [AT.decl_file, unsigned(fn.file + 1)],
      [AT.decl_line, unsigned(fn.line)],
      [AT.decl_column, unsigned(fn.column)],
      [AT.prototyped, flag(true)],
      [AT.type, type?.kind === 'function' ? this.types.reference(type.returns) : undefined],
      [AT.low_pc, { form: 'code', section: fn.section, offset: fn.start }],
      [AT.high_pc, { form: 'size', value: fn.size }],
      [AT.frame_base, { form: 'expression', write: (out) => out.u8(OP.call_frame_cfa) }],
    ]);
    const sites = fn.inlines.map((site) =>
      entry(TAG.inlined_subroutine, [
        [AT.abstract_origin, reference(this.abstractInstance(site.callee, site.calleeFile, site.calleeLine))],
        ...this.ranges(fn, site.ranges),
        [AT.call_file, unsigned(site.callFile + 1)],
        [AT.call_line, unsigned(site.callLine)],
        [AT.call_column, unsigned(site.callColumn)],
      ]),
    );
    const callsIn = (parent: number): { ranges: CodeRange[]; made: Entry }[] =>
      fn.inlines.flatMap((site, index) =>
        site.parent === parent && site.ranges.length > 0 ? [{ ranges: site.ranges, made: sites[index] }] : [],
      );
    made.children = this.level(fn, -1, [[0, fn.size]], callsIn(-1));
    if (type?.kind === 'function' && type.variadic) made.children.push(entry(TAG.unspecified_parameters));
    fn.inlines.forEach((site, index) => {
      if (site.ranges.length > 0) sites[index].children = this.level(fn, index, site.ranges, callsIn(index));
    });
    return made;
  }
}
