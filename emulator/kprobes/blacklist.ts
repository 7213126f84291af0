/**
 * Code that may not be probed, because handling a probe runs through it.
 *
 * Members (kprobes.md 1.11): functions tagged NOKPROBE_SYMBOL, and everything in .kprobes.text, .noinstr.text and
 * .entry.text; of the kernel and of each loaded module. Knows nothing of the other refusals of register_kprobe.
 */
import type { Kernel } from '../kernel/kernel';
import type { LoadedImage } from '../kernel/types';

/** A protected range and, for the blacklist file, the symbol it is listed under. */
export interface Protected {
  start: bigint;
  end: bigint;
  symbol: string;
  why: string;
}

const SECTIONS: Readonly<Record<string, string>> = {
  '.kprobes.text': 'it is part of the kprobes machinery (__kprobes)',
  '.noinstr.text': 'it must not be instrumented (noinstr)',
  '.entry.text': 'it is the entry code of exceptions and system calls',
};

export class Blacklist {
  private readonly byImage = new Map<string, Protected[]>();

  constructor(private readonly kernel: Kernel) {}

  /** Takes in the protected functions of a loaded image. */
  addImage(loaded: LoadedImage): void {
    const ranges: Protected[] = [];
    const { image } = loaded;
    for (const symbol of image.symbols) {
      const why = SECTIONS[symbol.section];
      if (why === undefined || !/[tTwW]/.test(symbol.letter) || symbol.size === 0) continue;
      const start = image.base + BigInt(symbol.offset);
      ranges.push({ start, end: start + BigInt(symbol.size), symbol: symbol.name, why });
    }
    for (const section of image.sections) {
      if (section.name === '_kprobe_blacklist')
        this.addTagged(image.base + BigInt(section.offset), section.size, ranges);
    }
    ranges.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
    this.byImage.set(loaded.name, ranges);
  }

  save(): ReadonlyMap<string, Protected[]> {
    return new Map(this.byImage);
  }

  restore(state: ReadonlyMap<string, Protected[]>): void {
    this.byImage.clear();
    for (const [name, ranges] of state) this.byImage.set(name, ranges);
  }

  removeImage(name: string): void {
    this.byImage.delete(name);
  }

  /** The protected range that holds an address. Whole sections are protected, labels without size included. */
  find(address: bigint): Protected | undefined {
    for (const ranges of this.byImage.values()) {
      const found = ranges.find((range) => address >= range.start && address < range.end);
      if (found !== undefined) return found;
    }
    const loaded = this.kernel.imageAt(address);
    if (loaded === undefined) return undefined;
    const offset = Number(address - loaded.image.base);
    const section = loaded.image.sections.find(
      (each) => offset >= each.offset && offset < each.offset + each.size,
    );
    const why = section === undefined ? undefined : SECTIONS[section.name];
    if (section === undefined || why === undefined) return undefined;
    const start = loaded.image.base + BigInt(section.offset);
    return { start, end: start + BigInt(section.size), symbol: section.name, why };
  }

  /** All ranges, kernel first, in address order: the blacklist file. */
  *entries(): Generator<Protected> {
    for (const ranges of this.byImage.values()) yield* ranges;
  }

  private addTagged(table: bigint, size: number, ranges: Protected[]): void {
    for (let at = 0; at + 8 <= size; at += 8) {
      const address = this.kernel.guest.u64(table + BigInt(at));
      const hit = this.kernel.symbols.at(address);
      if (hit === undefined) continue;
      ranges.push({
        start: hit.address,
        end: hit.address + BigInt(hit.size),
        symbol: hit.name,
        why: 'it is tagged NOKPROBE_SYMBOL',
      });
    }
  }
}
