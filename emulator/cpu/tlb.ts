// The translation look-aside buffers: recent answers of the page walker, in linear memory so that translated code can
// look them up by itself. Four sets (kernel/user x read/write) of the running CPU; switching CPUs empties them.
import {
  JUMP_CACHE,
  KERNEL_JUMPS,
  PAGE,
  RAM_BASE,
  TLB_ENTRIES,
  TLB_TOTAL,
  tlbSet,
  USER_JUMPS,
} from './layout';
import type { LinearMemory } from './memory';

/** Both halves of the tag of an empty entry. */
const EMPTY = 1;

/** Upper half of an address that is not canonical, so that nothing translated is there. */
const NEVER = 0x40000000;
/** Last word of an entry that survives a change of address space. */
const GLOBAL = 2;

/** Looks up and fills the TLB sets of the running CPU. */
export class Tlb {
  private readonly memory: LinearMemory;

  constructor(memory: LinearMemory) {
    this.memory = memory;
    this.flush();
    this.flushJumps();
  }

  /** Empties all sets. */
  flush(): void {
    this.empty(tlbSet(false, false), TLB_TOTAL);
  }

  /** Empties all entries that are not marked global. */
  flushLocal(): void {
    const { i32 } = this.memory;
    const end = (tlbSet(false, false) + TLB_TOTAL) >> 2;
    for (let entry = tlbSet(false, false) >> 2; entry < end; entry += 4) {
      if (i32[entry + 3] !== GLOBAL) i32[entry] = EMPTY;
    }
  }

  /** Empties all entries of the lower (user) half of the address space. */
  flushLowerHalf(): void {
    const { i32 } = this.memory;
    const end = (tlbSet(false, false) + TLB_TOTAL) >> 2;
    for (let entry = tlbSet(false, false) >> 2; entry < end; entry += 4) {
      if (i32[entry + 1] >= 0) i32[entry] = EMPTY;
    }
  }

  /** Empties the entries of one page. */
  flushPage(low: number, high: number): void {
    const { i32 } = this.memory;
    for (const user of [false, true]) {
      for (const write of [false, true]) {
        const entry = (tlbSet(user, write) + ((low >>> 8) & 0xff0)) >> 2;
        if (i32[entry] === (low & -PAGE) && i32[entry + 1] === high) i32.fill(EMPTY, entry, entry + 2);
      }
    }
  }

  /** Empties the write sets: pages are about to become unwritable by fast stores. */
  flushWrites(): void {
    this.empty(tlbSet(false, true), TLB_ENTRIES * 16);
    this.empty(tlbSet(true, true), TLB_ENTRIES * 16);
  }

  /** Empties the cache of translated jump targets. */
  flushJumps(): void {
    this.flushJumpsOf(false);
    this.flushJumpsOf(true);
  }

  /** Empties the part of the jump cache that belongs to ring 3, or to ring 0. */
  flushJumpsOf(user: boolean): void {
    const start = JUMP_CACHE + (user ? KERNEL_JUMPS * 16 : 0);
    this.empty(start, (user ? USER_JUMPS : KERNEL_JUMPS) * 16);
    // The address that an empty entry shows belongs into the second slot: that one must show another.
    this.memory.i32[(start + 16) >> 2] = 2;
  }

  /** Empties the jump cache entry at this index of `i32`. */
  emptyJump(entry: number): void {
    this.memory.i32[entry] = EMPTY;
    this.memory.i32[entry + 1] = NEVER;
  }

  /** Fills entries with EMPTY halves: no page address, and a jump target only where `flushJumps` sees to it. */
  private empty(at: number, bytes: number): void {
    this.memory.i32.fill(EMPTY, at >> 2, (at + bytes) >> 2);
  }

  /**
   * Linear-memory address of guest address (low, high), or -1 if the TLB has no entry. The caller makes sure that the
   * access does not cross a page.
   */
  lookup(low: number, high: number, user: boolean, write: boolean): number {
    const { i32 } = this.memory;
    const entry = (tlbSet(user, write) + ((low >>> 8) & 0xff0)) >> 2;
    if (i32[entry] !== (low & -PAGE) || i32[entry + 1] !== high) return -1;
    return (low + i32[entry + 2]) | 0;
  }

  /** Remembers that the page of (low, high) is at physical address `physical` (of the access, not of the page), in all address spaces if `global`. */
  fill(low: number, high: number, user: boolean, write: boolean, physical: number, global: boolean): void {
    const { i32 } = this.memory;
    const entry = (tlbSet(user, write) + ((low >>> 8) & 0xff0)) >> 2;
    i32[entry] = low & -PAGE;
    i32[entry + 1] = high;
    i32[entry + 2] = (physical + RAM_BASE - low) | 0;
    i32[entry + 3] = global ? GLOBAL : 0;
  }
}
