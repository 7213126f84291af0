// Host watchpoints and execution breakpoints: which addresses, and what was hit. Patches nothing in guest memory.
// Watched pages get no TLB entries, so accesses elsewhere cost nothing.
import { PAGE } from './layout';

/** A watched range of linear addresses. */
export interface Watchpoint {
  address: bigint;
  length: number;
  access: 'read' | 'write' | 'readWrite';
}

/** The first watchpoint hit since the last stop. */
export interface WatchHit {
  id: number;
  address: bigint;
  length: number;
  access: 'read' | 'write';
}

/** The set of watchpoints of a machine. */
export class Watchpoints {
  hit: WatchHit | undefined;
  private next = 1;
  private readonly points = new Map<number, Watchpoint>();
  private readonly pages = new Set<bigint>();

  get any(): boolean {
    return this.points.size > 0;
  }

  add(watchpoint: Watchpoint): number {
    const id = this.next++;
    this.points.set(id, { ...watchpoint });
    this.rebuild();
    return id;
  }

  remove(id: number): void {
    this.points.delete(id);
    this.rebuild();
  }

  private rebuild(): void {
    this.pages.clear();
    for (const { address, length } of this.points.values()) {
      const last = (address + BigInt(Math.max(1, length)) - 1n) / BigInt(PAGE);
      for (let page = address / BigInt(PAGE); page <= last; page++) this.pages.add(page);
    }
  }

  /** True if the page that holds `address` has a watchpoint of any kind. */
  watches(address: bigint): boolean {
    return this.pages.has(address / BigInt(PAGE));
  }

  /** Notes a hit if [address, address + length) meets a watchpoint of this kind of access. */
  check(address: bigint, length: number, access: 'read' | 'write'): boolean {
    for (const [id, point] of this.points) {
      if (point.access !== access && point.access !== 'readWrite') continue;
      if (address < point.address + BigInt(point.length) && point.address < address + BigInt(length)) {
        this.hit ??= { id, address, length, access };
        return true;
      }
    }
    return false;
  }
}
