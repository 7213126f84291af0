/**
 * What is loaded where: the kernel and its modules, their sections, exception tables and protected instructions.
 */
import type { ImageSection } from '../cc/image';
import type { Guest } from './guest';
import type { LoadedImage } from './types';

/** A section that holds an address. `init`: it is thrown away after initialisation. */
export interface SectionAt {
  name: string;
  exec: boolean;
  init: boolean;
  loaded: LoadedImage;
}

/** Addresses with an exception table entry, sorted, and of BUG and WARN traps. */
interface ImageTables {
  faulting: bigint[];
  bugs: Set<bigint>;
}

/** What is loaded, as data. */
export interface ImagesState {
  readonly loaded: readonly LoadedImage[];
  readonly initFreed: readonly boolean[];
  readonly tables: ReadonlyMap<string, ImageTables>;
}

export class Images {
  private loaded: readonly LoadedImage[] = [];
  private readonly tables = new Map<string, ImageTables>();

  constructor(private readonly guest: Guest) {}

  add(loaded: LoadedImage): void {
    this.loaded = [...this.loaded, loaded];
    this.tables.set(loaded.name, {
      faulting: this.readTable(loaded, '__ex_table', 'exception_table_entry', 'insn').sort(order),
      bugs: new Set(this.readTable(loaded, '__bug_table', 'bug_entry', 'bug_addr')),
    });
  }

  remove(name: string): void {
    this.loaded = this.loaded.filter((each) => each.name !== name || each.kind !== 'module');
    this.tables.delete(name);
  }

  save(): ImagesState {
    const { loaded } = this;
    return { loaded, initFreed: loaded.map(({ initFreed }) => initFreed), tables: new Map(this.tables) };
  }

  restore({ loaded, initFreed, tables }: ImagesState): void {
    this.loaded = loaded;
    for (const [index, image] of loaded.entries()) image.initFreed = initFreed[index] ?? false;
    this.tables.clear();
    for (const [name, table] of tables) this.tables.set(name, table);
  }

  all(): readonly LoadedImage[] {
    return this.loaded;
  }

  byName(name: string): LoadedImage | undefined {
    return this.loaded.find((each) => each.name === name);
  }

  /** The image that holds an address. */
  at(address: bigint): LoadedImage | undefined {
    return this.loaded.find(
      ({ image }) => address >= image.base && address < image.base + BigInt(image.size),
    );
  }

  sectionAt(address: bigint): SectionAt | undefined {
    const loaded = this.at(address);
    if (loaded === undefined) return undefined;
    const offset = Number(address - loaded.image.base);
    const inside = (each: ImageSection) => offset >= each.offset && offset < each.offset + each.size;
    const section = loaded.image.sections.find(inside);
    if (section === undefined) return undefined;
    return { name: section.name, exec: section.flags.exec, init: section.name.startsWith('.init'), loaded };
  }

  /** True when an instruction that starts in [start, end) has an exception table entry. */
  hasExceptionEntry(start: bigint, end: bigint): boolean {
    const loaded = this.at(start);
    const table = loaded === undefined ? undefined : this.tables.get(loaded.name);
    return table?.faulting.some((address) => address >= start && address < end) ?? false;
  }

  /** True when the instruction at the address is the trap of a BUG or WARN. */
  isBugAddress(address: bigint): boolean {
    const loaded = this.at(address);
    return loaded !== undefined && (this.tables.get(loaded.name)?.bugs.has(address) ?? false);
  }

  private readTable(loaded: LoadedImage, section: string, struct: string, member: string): bigint[] {
    const found = loaded.image.sections.find((each) => each.name === section);
    if (found === undefined || !this.guest.layouts.has(struct)) return [];
    const size = this.guest.layouts.sizeOf(struct);
    const base = loaded.image.base + BigInt(found.offset);
    const count = Math.floor(found.size / size);
    return Array.from({ length: count }, (_, index) =>
      this.guest.get(struct, base + BigInt(index * size), member),
    );
  }
}

function order(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
