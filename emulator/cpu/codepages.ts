// What has been decoded or translated from each physical page, and its disposal when the page is written. Decides
// nothing about how code runs.
import type { Instruction } from './evaluator/instruction';
import { PAGE } from './layout';

/** Something made from code bytes that must be dropped when one of them changes. */
export interface CodeRegion {
  readonly pages: readonly CodePage[];
  /** True if the region was made from a byte in [start, end) of the page with this number. */
  touches(pageNumber: number, start: number, end: number): boolean;
  /** True if the region was made from this page at this linear address. */
  covers(pageNumber: number, linear: bigint): boolean;
  discard(): void;
}

/** A physical page that code has been fetched from. */
export class CodePage {
  readonly number: number;
  /** Decoded instructions by offset. */
  readonly instructions: (Instruction | undefined)[] = new Array(PAGE);
  /** Linear address at which the instructions were decoded. */
  linear = -1n;
  /** Decoded instructions that begin in another page and end in this one, as [page, offset]. */
  readonly tails: { page: CodePage; offset: number }[] = [];
  readonly regions = new Set<CodeRegion>();
  /** Times each offset was jumped to, for the translator's heat. */
  readonly heat = new Uint16Array(PAGE);
  /** 1 for each byte that something was made from; bytes may stay marked after that has been dropped. */
  private readonly covered = new Uint8Array(PAGE);
  /** Stores to marked bytes that nothing was made from any more. */
  staleStores = 0;

  constructor(number: number) {
    this.number = number;
  }

  /** Marks bytes [start, end) as code. */
  cover(start: number, end: number): void {
    this.covered.fill(1, start, Math.min(end, PAGE));
  }

  /** True if one of the bytes [start, end) may be code. */
  covers(start: number, end: number): boolean {
    for (let at = start; at < end; at++) if (this.covered[at]) return true;
    return false;
  }

  /** Forgets the marks. */
  uncover(): void {
    this.covered.fill(0);
    this.staleStores = 0;
  }
}

/** After this many stores to bytes that only used to be code, a page forgets all its code, and with it the marks. */
const MAX_STALE_STORES = 64;

/** All code pages of a machine. */
export class CodePages {
  /** 1 for each physical page with code. Such a page never gets a write TLB entry. */
  readonly hasCode: Uint8Array;
  private readonly pages = new Map<number, CodePage>();
  /** Linear addresses of all pages that code was ever made from. */
  private readonly linearPages = new Set<bigint>();
  private readonly onNewPage: () => void;

  /** `onNewPage` must drop write TLB entries. */
  constructor(ramBytes: number, onNewPage: () => void) {
    this.hasCode = new Uint8Array(ramBytes / PAGE);
    this.onNewPage = onNewPage;
  }

  /** The page with this number, made on first use. */
  page(number: number): CodePage {
    let page = this.pages.get(number);
    if (!page) this.pages.set(number, (page = new CodePage(number)));
    if (!this.hasCode[number]) {
      this.hasCode[number] = 1;
      this.onNewPage();
    }
    return page;
  }

  /** Bytes [start, start + length) of RAM are about to change, or have changed. */
  written(start: number, length: number): void {
    for (let at = start; at < start + length; ) {
      const number = Math.floor(at / PAGE);
      const end = Math.min(start + length, (number + 1) * PAGE);
      if (this.hasCode[number]) this.pageWritten(number, at - number * PAGE, end - number * PAGE);
      at = end;
    }
  }

  private pageWritten(number: number, start: number, end: number): void {
    const page = this.pages.get(number);
    if (!page) return;
    if (end - start === PAGE) {
      this.drop(page);
      return;
    }
    if (!page.covers(start, end)) return;
    let stale = true;
    for (let offset = Math.max(0, start - 14); offset < end; offset++) {
      const instruction = page.instructions[offset];
      if (instruction && offset + instruction.length > start) {
        page.instructions[offset] = undefined;
        stale = false;
      }
    }
    page.heat.fill(0, start, end);
    if (start < 15 && page.tails.length > 0) {
      for (const tail of page.tails) tail.page.instructions[tail.offset] = undefined;
      page.tails.length = 0;
      stale = false;
    }
    for (const region of page.regions) {
      if (!region.touches(number, start, end)) continue;
      this.discard(region);
      stale = false;
    }
    if (stale && ++page.staleStores > MAX_STALE_STORES) this.drop(page);
  }

  /** True if one of `length` bytes of RAM from `start`, all in one page, may be code. */
  covers(start: number, length: number): boolean {
    const offset = start & (PAGE - 1);
    return this.pages.get(start >>> 12)?.covers(offset, offset + length) ?? false;
  }

  /** Forgets what was made from the byte at a linear address, whatever physical page that is. */
  forget(address: bigint): void {
    const offset = Number(address & BigInt(PAGE - 1));
    const linear = address - BigInt(offset);
    for (const page of this.pages.values()) {
      if (page.linear === linear || [...page.regions].some((region) => region.covers(page.number, linear))) {
        this.pageWritten(page.number, offset, offset + 1);
      }
    }
  }

  /** True if code has been made from the page at a linear address. */
  executedAt(linear: bigint): boolean {
    return this.linearPages.has(linear);
  }

  private discard(region: CodeRegion): void {
    region.discard();
    for (const page of region.pages) page.regions.delete(region);
  }

  /** Forgets all code of a page. */
  private drop(page: CodePage): void {
    page.instructions.fill(undefined);
    page.heat.fill(0);
    for (const tail of page.tails) tail.page.instructions[tail.offset] = undefined;
    page.tails.length = 0;
    for (const region of page.regions) this.discard(region);
    page.uncover();
    this.hasCode[page.number] = 0;
  }

  /** Notes that code is made from a page at a linear address. */
  noteLinear(linear: bigint): void {
    this.linearPages.add(linear);
  }

  /** Forgets the decoded instructions of a page that is being executed at another linear address. */
  rebase(page: CodePage, linear: bigint): void {
    this.noteLinear(linear);
    page.instructions.fill(undefined);
    page.linear = linear;
  }

  /** Forgets everything. */
  clear(): void {
    for (const page of this.pages.values()) this.drop(page);
    this.pages.clear();
    this.linearPages.clear();
    this.hasCode.fill(0);
  }
}
