// Four-level paging (SDM volume 3, chapter 4.5): from a linear address to a physical one, with permissions, exact
// error codes and accessed/dirty bits. Knows nothing of TLBs; tlb.ts caches what it answers.
// Addresses travel as two 32-bit halves, because this runs at each TLB miss and BigInt would dominate it.
import { PageFaultBit } from './fault';
import { RAM_BASE } from './layout';
import type { LinearMemory } from './memory';

/** Physical address bits that CPUID reports; page table bits above are reserved. */
export const PHYSICAL_BITS = 40;
const HIGH_RESERVED = (0x000fffff << (PHYSICAL_BITS - 32)) & 0x000fffff;
const HIGH_ADDRESS = (1 << (PHYSICAL_BITS - 32)) - 1;
const NX_HIGH = 0x80000000 | 0;

const P = 1;
const W = 2;
const U = 4;
const A = 0x20;
const D = 0x40;
const PS = 0x80;
const G = 0x100;

/** What an access wants. */
export interface Access {
  write: boolean;
  user: boolean;
  execute: boolean;
}

/** Control bits that the walk depends on. */
export interface PagingControls {
  /** Low half of CR3 (tables live in the first 4 GiB). */
  cr3: number;
  writeProtect: boolean;
  noExecute: boolean;
}

/** Result of a walk that found a page. Re-used between calls: copy what you keep. */
export interface Page {
  /** Physical address of the access. */
  physical: number;
  /** Write access would be allowed, and the dirty bit is set. */
  writable: boolean;
  /** All entries on the way had their accessed bit before this walk. */
  accessed: boolean;
  /** The page is the same in all address spaces: its entry has the G bit. Whether that counts is CR4.PGE's matter. */
  global: boolean;
  /** Page size in bytes: 4 KiB, 2 MiB or 1 GiB. */
  size: number;
}

/** True for addresses whose bits 63..47 are all equal. */
export function canonical(high: number): boolean {
  const top = high >> 15;
  return top === 0 || top === -1;
}

/** Walks page tables in guest RAM. */
export class PageWalker {
  readonly page: Page = { physical: 0, writable: false, accessed: false, global: false, size: 0 };
  private readonly memory: LinearMemory;
  private readonly dirty: Uint8Array;

  /** `dirty` gets a 1 for each page of tables in which a walk sets a bit. */
  constructor(memory: LinearMemory, dirty: Uint8Array) {
    this.memory = memory;
    this.dirty = dirty;
  }

  /**
   * Translates a canonical address. Returns -1 and fills `page`, or returns the page-fault error code.
   * With `probe` the accessed and dirty bits stay as they are (host accesses).
   */
  walk(low: number, high: number, access: Access, controls: PagingControls, probe = false): number {
    const { u32, ramBytes } = this.memory;
    let table = controls.cr3 & 0xfffff000;
    let entryAt = 0;
    let writable = true;
    let user = true;
    let executable = true;
    let accessed = A;
    const request =
      (access.write ? PageFaultBit.write : 0) |
      (access.user ? PageFaultBit.user : 0) |
      (access.execute && controls.noExecute ? PageFaultBit.fetch : 0);
    const visited = [0, 0, 0, 0];
    let level = 3;
    let entryLow = 0;
    let entryHigh = 0;
    for (; level >= 0; level--) {
      entryAt = (table >>> 0) + tableIndex(low, high, level) * 8;
      if (entryAt + 8 > ramBytes) return request;
      entryAt = (entryAt + RAM_BASE) >>> 2;
      visited[level] = entryAt;
      entryLow = u32[entryAt];
      entryHigh = u32[entryAt + 1];
      if (!(entryLow & P)) return request;
      if (entryHigh & HIGH_RESERVED || (entryHigh & NX_HIGH && !controls.noExecute)) {
        return request | PageFaultBit.present | PageFaultBit.reserved;
      }
      accessed &= entryLow;
      if (!(entryLow & W)) writable = false;
      if (!(entryLow & U)) user = false;
      if (entryHigh & NX_HIGH) executable = false;
      if (level === 0) break;
      if (entryLow & PS) {
        const mask = level === 1 ? 0x1fe000 : 0x3fffe000;
        if (level === 3 || entryLow & mask) return request | PageFaultBit.present | PageFaultBit.reserved;
        break;
      }
      if (entryHigh & HIGH_ADDRESS) return request;
      table = entryLow & 0xfffff000;
    }
    if (access.user && !user) return request | PageFaultBit.present;
    if (access.execute && !executable) return request | PageFaultBit.present;
    const mayWrite = writable || (!access.user && !controls.writeProtect);
    if (access.write && !mayWrite) return request | PageFaultBit.present;
    if (!probe) {
      for (let l = 3; l > level; l--) this.mark(visited[l], A);
      this.mark(entryAt, access.write ? A | D : A);
    }
    const size = level === 0 ? 0x1000 : level === 1 ? 0x200000 : 0x40000000;
    const page = this.page;
    page.size = size;
    page.accessed = accessed !== 0;
    page.global = (entryLow & G) !== 0;
    page.physical =
      (entryHigh & HIGH_ADDRESS) * 0x1_0000_0000 +
      ((entryLow & 0xfffff000 & -size) >>> 0) +
      ((low & (size - 1)) >>> 0);
    page.writable = mayWrite && (u32[entryAt] & D) !== 0;
    return -1;
  }

  /** Sets bits of the table entry at an index of `u32`. */
  private mark(index: number, bits: number): void {
    const { u32 } = this.memory;
    if ((u32[index] & bits) === bits) return;
    u32[index] |= bits;
    this.dirty[(index * 4 - RAM_BASE) >>> 12] = 1;
  }

  /** Physical addresses of the entries that map an address, top level first, as far as they are present. */
  path(low: number, high: number, cr3: number): number[] {
    const entries: number[] = [];
    let table = cr3 & 0xfffff000;
    for (let level = 3; level >= 0; level--) {
      const at = (table >>> 0) + tableIndex(low, high, level) * 8;
      if (at + 8 > this.memory.ramBytes) break;
      entries.push(at);
      const entry = this.memory.u32[(at + RAM_BASE) >>> 2];
      if (!(entry & P) || (level > 0 && entry & PS)) break;
      table = entry & 0xfffff000;
    }
    return entries;
  }
}

function tableIndex(low: number, high: number, level: number): number {
  switch (level) {
    case 3:
      return (high >>> 7) & 0x1ff;
    case 2:
      return ((high & 0x7f) << 2) | (low >>> 30);
    case 1:
      return (low >>> 21) & 0x1ff;
    default:
      return (low >>> 12) & 0x1ff;
  }
}
