/**
 * kallsyms: names of addresses and addresses of names, over the kernel, the loaded modules and the host's code pages.
 *
 * Names may occur several times (static functions); looking one up takes the first by address in the kernel, then
 * modules in load order, as Linux's kallsyms_lookup_name does. MOD:NAME restricts to one module. With KALLSYMS off
 * nothing is found; with KALLSYMS_ALL off data symbols are missing.
 */
import type { ImageSymbol } from '../cc/image';
import type { KernelConfig } from './config';
import { nearestNames } from './nearest';
import type { LoadedImage, SymbolHit } from './types';

/** One symbol with its absolute address. `module` is undefined for the kernel. */
export interface KernelSymbol {
  name: string;
  address: bigint;
  size: number;
  letter: string;
  module: string | undefined;
  init: boolean;
}

/** A page of host-made code that has a name in kallsyms (kprobe_insn_page, kprobe_optinsn_page). */
export interface CodePage {
  name: string;
  address: bigint;
  size: number;
}

/** The host's pages, as they are at the moment of asking. */
export interface CodePages {
  all(): CodePage[];
  at(address: bigint): CodePage | undefined;
}

interface Table {
  readonly module: string | undefined;
  readonly start: bigint;
  readonly end: bigint;
  readonly symbols: readonly KernelSymbol[];
}

/** All names, as data; its parts are replaced, never changed. */
export interface KallsymsState {
  readonly tables: readonly Table[];
  readonly byName: ReadonlyMap<string, KernelSymbol[]> | undefined;
}

export class Kallsyms {
  private tables: readonly Table[] = [];
  /** Index of all names; made anew when a name was added or went, never changed. */
  private byName: ReadonlyMap<string, KernelSymbol[]> | undefined;
  private pages: CodePages = { all: () => [], at: () => undefined };

  constructor(private readonly config: KernelConfig) {}

  /** Makes the symbols of a loaded image known. A module's come after all earlier ones. */
  addImage(loaded: LoadedImage): void {
    const { image } = loaded;
    const module = loaded.kind === 'kernel' ? undefined : loaded.name;
    const symbols = image.symbols
      .filter((symbol) => this.visible(symbol))
      .map((symbol) => ({
        name: symbol.name,
        address: image.base + BigInt(symbol.offset),
        size: symbol.size,
        letter: symbol.letter,
        module,
        init: symbol.section.startsWith('.init'),
      }))
      .sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
    fillSizes(symbols, image.base + BigInt(image.size));
    const table = { module, start: image.base, end: image.base + BigInt(image.size), symbols };
    this.tables = [...this.tables, table];
    this.byName = undefined;
  }

  /** Forgets a module's symbols. */
  removeModule(name: string): void {
    this.tables = this.tables.filter((table) => table.module !== name);
    this.byName = undefined;
  }

  /** Forgets the symbols of a module's freed .init part. */
  dropInit(name: string | undefined): void {
    this.tables = this.tables.map((table) =>
      table.module === name ? { ...table, symbols: table.symbols.filter((symbol) => !symbol.init) } : table,
    );
    this.byName = undefined;
  }

  save(): KallsymsState {
    const { tables, byName } = this;
    return { tables, byName };
  }

  restore({ tables, byName }: KallsymsState): void {
    this.tables = tables;
    this.byName = byName;
  }

  setPages(pages: CodePages): void {
    this.pages = pages;
  }

  /** All symbols of that name (MOD:NAME restricts), first match first. */
  all(name: string): readonly KernelSymbol[] {
    if (!this.config.on('KALLSYMS')) return [];
    const colon = name.indexOf(':');
    const short = colon < 0 ? name : name.slice(colon + 1);
    const module = colon < 0 ? undefined : name.slice(0, colon);
    const found = this.index().get(short) ?? [];
    if (module === undefined) return found;
    return found.filter((symbol) => symbol.module === (module === 'vmlinux' ? undefined : module));
  }

  /** kallsyms_lookup_name: the first symbol of that name. */
  lookup(name: string): KernelSymbol | undefined {
    return this.all(name)[0];
  }

  /**
   * The symbol that holds an address. Of several at one place, a function wins over a label, a global over a local, and
   * a module's own function over its alias init_module.
   */
  at(address: bigint): SymbolHit | undefined {
    const table = this.tables.find((candidate) => address >= candidate.start && address < candidate.end);
    if (table === undefined) return this.pageAt(address);
    const index = lastAtOrBelow(table.symbols, address);
    const symbol = index < 0 ? undefined : best(table.symbols, index);
    if (symbol === undefined || (symbol.size > 0 && address >= symbol.address + BigInt(symbol.size) + 16n))
      return undefined;
    return {
      name: symbol.name,
      address: symbol.address,
      offset: Number(address - symbol.address),
      size: symbol.size,
      module: symbol.module,
    };
  }

  /** `sym+0x12/0x34 [module]`, or the address in hexadecimal when it has no symbol (%pS). */
  format(address: bigint, parts: { offset: boolean } = { offset: true }): string {
    const hit = this.config.on('KALLSYMS') ? this.at(address) : undefined;
    if (hit === undefined) return `0x${address.toString(16)}`;
    const where = parts.offset ? `+0x${hit.offset.toString(16)}/0x${hit.size.toString(16)}` : '';
    return `${hit.name}${where}${hit.module === undefined ? '' : ` [${hit.module}]`}`;
  }

  /** Symbols in address order, kernel first, then modules in load order, then the host's pages: /proc/kallsyms's order. */
  *entries(): Generator<KernelSymbol> {
    if (!this.config.on('KALLSYMS')) return;
    for (const table of this.tables) yield* table.symbols;
    for (const page of this.pages.all()) {
      yield {
        name: page.name,
        address: page.address,
        size: page.size,
        letter: 't',
        module: '__builtin__kprobes',
        init: false,
      };
    }
  }

  /** The text of /proc/kallsyms; addresses are zeros without privilege. */
  text(privileged: boolean): string {
    const lines: string[] = [];
    for (const symbol of this.entries()) {
      const address = (privileged ? symbol.address : 0n).toString(16).padStart(16, '0');
      lines.push(
        `${address} ${symbol.letter} ${symbol.name}${symbol.module === undefined ? '' : `\t[${symbol.module}]`}\n`,
      );
    }
    return lines.join('');
  }

  /** Function names that look like a name that was not found, best first. */
  suggestions(name: string, count = 4): string[] {
    const functions = new Set<string>();
    for (const symbol of this.entries()) if (/[tTwW]/.test(symbol.letter)) functions.add(symbol.name);
    return nearestNames(name.replace(/^.*:/, ''), functions, count);
  }

  private visible(symbol: ImageSymbol): boolean {
    if (symbol.name === '' || symbol.name.startsWith('.')) return false;
    return this.config.on('KALLSYMS_ALL') || /[tTwW]/.test(symbol.letter);
  }

  private index(): ReadonlyMap<string, KernelSymbol[]> {
    if (this.byName !== undefined) return this.byName;
    const index = new Map<string, KernelSymbol[]>();
    for (const symbol of this.entries()) {
      const list = index.get(symbol.name);
      if (list === undefined) index.set(symbol.name, [symbol]);
      else list.push(symbol);
    }
    this.byName = index;
    return index;
  }

  private pageAt(address: bigint): SymbolHit | undefined {
    const page = this.pages.at(address);
    if (page === undefined) return undefined;
    const offset = Number(address - page.address);
    return { name: page.name, address: page.address, offset, size: page.size, module: '__builtin__kprobes' };
  }
}

/** Assembler labels have no size: a symbol then reaches to the next one, as Linux's kallsyms computes all sizes. */
function fillSizes(symbols: KernelSymbol[], end: bigint): void {
  let next = end;
  for (let index = symbols.length - 1; index >= 0; index--) {
    const symbol = symbols[index];
    const following = symbols[index + 1];
    if (symbol === undefined) continue;
    if (following !== undefined && following.address > symbol.address) next = following.address;
    if (symbol.size === 0) symbol.size = Number(next - symbol.address);
  }
}

function lastAtOrBelow(symbols: readonly KernelSymbol[], address: bigint): number {
  let low = 0;
  let high = symbols.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((symbols[middle]?.address ?? 0n) <= address) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function best(symbols: readonly KernelSymbol[], index: number): KernelSymbol | undefined {
  let chosen = symbols[index];
  if (chosen === undefined) return undefined;
  const rank = ({ name, letter }: KernelSymbol) => {
    if (!/[TWtw]/.test(letter)) return 0;
    if (/^(init|cleanup)_module$/.test(name)) return 1;
    return /[TW]/.test(letter) ? 3 : 2;
  };
  for (let at = index - 1; at >= 0; at--) {
    const other = symbols[at];
    if (other === undefined || other.address !== chosen.address) break;
    if (rank(other) >= rank(chosen)) chosen = other;
  }
  return chosen;
}
