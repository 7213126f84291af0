/**
 * Symbol resolution: which definition each object's symbol means, by ELF's rules.
 *
 * A strong definition beats a weak one and a common one; two strong ones are an error; a common symbol takes the
 * largest size; an undefined weak symbol is address 0; what no object defines is asked of the caller (`externals`, for
 * modules, the kernel's exported symbols). Besides these the linker itself defines boundaries of sections.
 */
import type { ObjectFile, ObjectSymbol } from '../object';
import { alignUp, type Layout, type OutputSection } from './layout';

/** A resolved symbol: an offset from the image's base, or an absolute address outside the image. */
export type Resolved =
  | { kind: 'offset'; offset: number; section: OutputSection | undefined }
  | { kind: 'address'; address: bigint };

/** A global definition found in some object. */
interface Definition {
  object: number;
  symbol: ObjectSymbol;
}

/** Global definitions by name, and the errors met while collecting them. */
export interface GlobalTable {
  definitions: Map<string, Definition>;
  commons: { name: string; size: number; align: number; offset: number }[];
  commonSize: number;
  commonAlign: number;
}

function strength(symbol: ObjectSymbol): number {
  if (symbol.place === 'common') return 1;
  return symbol.binding === 'weak' ? 0 : 2;
}

/** Collects the global symbols of all objects and reserves common storage. */
export function collectGlobals(objects: readonly ObjectFile[], errors: string[]): GlobalTable {
  const definitions = new Map<string, Definition>();
  objects.forEach((object, objectIndex) => {
    for (const symbol of object.symbols) {
      if (symbol.binding === 'local' || symbol.place === 'undefined' || symbol.name === '') continue;
      const earlier = definitions.get(symbol.name);
      if (!earlier || strength(symbol) > strength(earlier.symbol)) {
        definitions.set(symbol.name, { object: objectIndex, symbol });
      } else if (strength(symbol) === 2 && strength(earlier.symbol) === 2) {
        const first = objects[earlier.object].name;
        errors.push(`multiple definition of "${symbol.name}": ${first} and ${object.name}`);
      } else if (symbol.place === 'common' && earlier.symbol.place === 'common') {
        if (symbol.size > earlier.symbol.size) definitions.set(symbol.name, { object: objectIndex, symbol });
      }
    }
  });
  const commons: GlobalTable['commons'] = [];
  let commonSize = 0;
  let commonAlign = 1;
  for (const { symbol } of definitions.values()) {
    if (symbol.place !== 'common') continue;
    const align = Math.max(1, symbol.value);
    commonAlign = Math.max(commonAlign, align);
    commonSize = alignUp(commonSize, align);
    commons.push({ name: symbol.name, size: symbol.size, align, offset: commonSize });
    commonSize += symbol.size;
  }
  return { definitions, commons, commonSize, commonAlign };
}

/** Pairs of symbols around one section, as Linux's linker script names them. */
const SECTION_BOUNDS: readonly [start: string, end: string, section: string][] = [
  ['__per_cpu_start', '__per_cpu_end', '.data..percpu'],
  ['__entry_text_start', '__entry_text_end', '.entry.text'],
  ['__kprobes_text_start', '__kprobes_text_end', '.kprobes.text'],
  ['__noinstr_text_start', '__noinstr_text_end', '.noinstr.text'],
  ['_sinittext', '_einittext', '.init.text'],
  ['__start_rodata', '__end_rodata', '.rodata'],
  ['_sdata', '_edata', '.data'],
  ['__bss_start', '__bss_stop', '.bss'],
];

/** Sections in init memory, in order; freed after boot. */
const INIT_SECTIONS = ['.init.text'];

/**
 * The symbols that the linker defines: `__start_NAME`/`__stop_NAME` for sections whose name is a C identifier, and the
 * bounds that Linux's linker script (arch/x86/kernel/vmlinux.lds.S) defines. Absent sections give empty bounds.
 */
export function linkerSymbols(layout: Layout): Map<string, number> {
  const symbols = new Map<string, number>();
  const byName = new Map(layout.sections.map((section) => [section.name, section]));
  for (const section of layout.sections) {
    if (!/^[A-Za-z_]\w*$/.test(section.name)) continue;
    symbols.set(`__start_${section.name}`, section.offset);
    symbols.set(`__stop_${section.name}`, section.offset + section.size);
  }
  const textEnd = layout.sections
    .filter((section) => section.flags.exec && !INIT_SECTIONS.includes(section.name))
    .reduce((end, section) => Math.max(end, section.offset + section.size), 0);
  symbols.set('_text', 0);
  symbols.set('_stext', 0);
  symbols.set('_etext', textEnd);
  for (const [start, end, name] of SECTION_BOUNDS) {
    const section = byName.get(name);
    symbols.set(start, section?.offset ?? textEnd);
    symbols.set(end, section ? section.offset + section.size : textEnd);
  }
  const init = layout.sections.filter((section) => INIT_SECTIONS.includes(section.name));
  symbols.set('__init_begin', init[0]?.offset ?? textEnd);
  symbols.set(
    '__init_end',
    init.reduce((end, s) => Math.max(end, s.offset + s.size), textEnd),
  );
  const initcalls = layout.sections.filter((section) => /^\.initcall.*\.init$/.test(section.name));
  symbols.set('__initcall_start', initcalls[0]?.offset ?? layout.size);
  symbols.set(
    '__initcall_end',
    initcalls.reduce((end, s) => Math.max(end, s.offset + s.size), initcalls[0]?.offset ?? layout.size),
  );
  symbols.set('_end', layout.size);
  return symbols;
}

/** Names whose bounds are worth listing even when no object refers to them. */
export function isAlwaysListed(name: string, layout: Layout): boolean {
  if (['_text', '_stext', '_etext', '_end'].includes(name)) return true;
  const bounds = SECTION_BOUNDS.find(([start, end]) => start === name || end === name);
  return bounds !== undefined && layout.sections.some((section) => section.name === bounds[2]);
}

/** Resolves the symbols of every object against globals, the linker's own symbols and the caller's externals. */
export class Resolver {
  private readonly commonOffsets = new Map<string, number>();
  private readonly linkerDefined: Map<string, number>;
  private readonly bss: OutputSection | undefined;
  readonly referenced = new Set<string>();
  readonly unknown = new Set<string>();

  constructor(
    private readonly objects: readonly ObjectFile[],
    private readonly layout: Layout,
    private readonly globals: GlobalTable,
    private readonly externals: ((name: string) => bigint | undefined) | undefined,
    private readonly elsewhere: ReadonlyMap<string, bigint> = new Map(),
  ) {
    this.linkerDefined = linkerSymbols(layout);
    this.bss = layout.sections.find((section) => section.name === '.bss');
    const commonStart = this.bss ? this.bss.offset + this.bss.size - globals.commonSize : 0;
    for (const common of globals.commons) this.commonOffsets.set(common.name, commonStart + common.offset);
  }

  /** Where symbol `index` of object `object` is; undefined (and noted in `unknown`) if nobody defines it. */
  resolve(object: number, index: number): Resolved | undefined {
    const symbol = this.objects[object].symbols[index];
    if (symbol.binding === 'local') return this.place(object, symbol);
    return this.global(symbol.name, symbol.binding === 'weak');
  }

  /** Where the global `name` is. */
  global(name: string, weak: boolean): Resolved | undefined {
    const definition = this.globals.definitions.get(name);
    if (definition) return this.place(definition.object, definition.symbol);
    const outside = this.externals?.(name);
    if (outside !== undefined) return { kind: 'address', address: outside };
    const own = this.linkerDefined.get(name);
    if (own !== undefined) {
      this.referenced.add(name);
      return { kind: 'offset', offset: own, section: this.sectionAt(own) };
    }
    const empty = /^__(start|stop)_/.test(name);
    if (weak || (empty && !this.externals)) return { kind: 'address', address: 0n };
    this.unknown.add(name);
    return undefined;
  }

  /** Whether `symbol` of `object` is the definition that its name stands for (a weak one may have lost). */
  isChosen(object: number, symbol: ObjectSymbol): boolean {
    const definition = this.globals.definitions.get(symbol.name);
    return definition !== undefined && definition.object === object && definition.symbol === symbol;
  }

  /** The linker's own symbols that belong in the image's symbol table. */
  ownSymbols(): { name: string; offset: number; section: OutputSection | undefined }[] {
    const own: { name: string; offset: number; section: OutputSection | undefined }[] = [];
    for (const [name, offset] of this.linkerDefined) {
      const listed = this.referenced.has(name) || (!this.externals && isAlwaysListed(name, this.layout));
      if (listed && !this.globals.definitions.has(name))
        own.push({ name, offset, section: this.sectionAt(offset) });
    }
    return own;
  }

  private place(object: number, symbol: ObjectSymbol): Resolved | undefined {
    switch (symbol.place) {
      case 'absolute':
        return { kind: 'address', address: BigInt.asUintN(64, BigInt(symbol.value)) };
      case 'common': {
        const offset = this.commonOffsets.get(symbol.name);
        return offset === undefined ? undefined : { kind: 'offset', offset, section: this.bss };
      }
      case 'undefined':
        return this.global(symbol.name, symbol.binding === 'weak');
      default: {
        const start = this.layout.offsets[object][symbol.place];
        if (start < 0) return undefined;
        const offset = start + symbol.value;
        const section = this.sectionAt(start);
        const moved = section === undefined ? undefined : this.elsewhere.get(section.name);
        return moved === undefined || section === undefined
          ? { kind: 'offset', offset, section }
          : { kind: 'address', address: moved + BigInt(offset - section.offset) };
      }
    }
  }

  private sectionAt(offset: number): OutputSection | undefined {
    let found: OutputSection | undefined;
    for (const section of this.layout.sections) {
      if (section.offset > offset) break;
      found = section;
    }
    return found;
  }
}
