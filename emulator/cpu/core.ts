// Guest memory as the running CPU sees it: linear addresses through TLB and page walker, with exact faults, watched
// pages and pages that hold code. Every engine's accesses end here when the fast path does not apply.
import { CodePages } from './codepages';
import type { Cpu } from './cpu';
import { GuestFault, generalProtection, Vector } from './fault';
import { Field, PAGE, RAM_BASE } from './layout';
import { type LinearMemory, SPLIT } from './memory';
import { type Access, canonical, PageWalker, type PagingControls } from './paging';
import { Tlb } from './tlb';
import { Watchpoints } from './watch';

const FETCH_ENTRIES = 64;
const WRITE_PROTECT = 0x10000n;
const NO_EXECUTE = 0x800n;
const PAGING = 0x80000000n;
const PAGE_GLOBAL = 0x80n;

/** Memory of the machine as seen by the CPU that runs now. */
export class Core {
  readonly memory: LinearMemory;
  readonly tlb: Tlb;
  readonly walker: PageWalker;
  readonly code: CodePages;
  readonly watchpoints = new Watchpoints();
  /** Grows whenever translations may have changed: what was true of mappings must be looked at again. */
  mappings = 0;
  /** Grows when only what is not global may have changed: at a change of address space. */
  spaces = 0;
  /** Ring-0 entries of the jump cache (indices of `i32`) that depend on the address space. */
  readonly localJumps: number[] = [];
  private pageGlobal = false;
  private readonly fetchGlobal = new Uint8Array(FETCH_ENTRIES);
  /** Set to leave the engines' loops at the next instruction boundary. */
  attention = false;
  /** The running CPU; set by the machine. */
  cpu!: Cpu;
  /** 1 for each physical page written since the last snapshot; see snapshot.ts. */
  readonly dirty: Uint8Array;
  /** Address of the fetch failed before a full instruction was read; page number of an empty fetch cache slot is -1. */
  private readonly fetchTags = new Int32Array(FETCH_ENTRIES * 2);
  private readonly fetchPages = new Int32Array(FETCH_ENTRIES).fill(-1);
  private readonly controls: PagingControls = { cr3: 0, writeProtect: true, noExecute: true };
  private readonly access: Access = { write: false, user: false, execute: false };

  constructor(memory: LinearMemory) {
    this.memory = memory;
    this.tlb = new Tlb(memory);
    this.code = new CodePages(memory.ramBytes, () => this.tlb.flushWrites());
    this.dirty = new Uint8Array(memory.ramBytes / PAGE);
    this.walker = new PageWalker(memory, this.dirty);
  }

  /** To be called when CR0, CR3, CR4 or EFER of the running CPU changed, or another CPU runs. */
  pagingChanged(): void {
    const { cpu, controls } = this;
    controls.cr3 = Number(BigInt.asIntN(32, cpu.cr3));
    controls.writeProtect = (cpu.cr0 & WRITE_PROTECT) !== 0n;
    controls.noExecute = (cpu.efer & NO_EXECUTE) !== 0n;
    this.pageGlobal = (cpu.cr4 & PAGE_GLOBAL) !== 0n;
    this.flushTranslations();
  }

  /** To be called when CR3 of the running CPU was written: forgets all cached translations but the global ones. */
  spaceChanged(): void {
    this.controls.cr3 = Number(BigInt.asIntN(32, this.cpu.cr3));
    if (!this.pageGlobal) {
      this.flushTranslations();
      return;
    }
    this.tlb.flushLocal();
    this.forgetLocalJumps();
    for (let slot = 0; slot < FETCH_ENTRIES; slot++) if (!this.fetchGlobal[slot]) this.fetchPages[slot] = -1;
  }

  /**
   * To be called when another CPU has become the running one. CPUs whose controls and kernel halves of the address
   * space are the same share the global translations of that half; everything else is forgotten.
   */
  cpuChanged(previous: Cpu): void {
    const { cpu, memory } = this;
    const same = [Field.cr0, Field.cr4, Field.efer].every(
      (field) => cpu.word(field) === previous.word(field),
    );
    const tableOf = (each: Cpu): number => Number(each.cr3 & 0xfffff000n);
    const [a, b] = [tableOf(cpu), tableOf(previous)];
    if (!same || Math.max(a, b) + PAGE > memory.ramBytes) {
      this.pagingChanged();
      return;
    }
    if (a === b) return;
    for (let at = PAGE / 2; at < PAGE; at += 4) {
      if (memory.u32[(RAM_BASE + a + at) >> 2] === memory.u32[(RAM_BASE + b + at) >> 2]) continue;
      // Accessed bits may differ; anything else is another kernel half.
      const difference = memory.u32[(RAM_BASE + a + at) >> 2] ^ memory.u32[(RAM_BASE + b + at) >> 2];
      if (at & 4 || difference !== 0x20) {
        this.pagingChanged();
        return;
      }
    }
    this.tlb.flushLowerHalf();
    this.fetchPages.fill(-1);
    this.spaceChanged();
  }

  /** Forgets all cached translations of the running CPU. */
  flushTranslations(): void {
    this.mappings++;
    this.tlb.flush();
    this.tlb.flushJumps();
    this.fetchPages.fill(-1);
  }

  /** Forgets the cached translations of one page (invlpg). */
  flushPage(address: bigint): void {
    this.memory.split(address);
    const low = this.memory.i32[SPLIT];
    const high = this.memory.i32[SPLIT + 1];
    this.tlb.flushPage(low, high);
    const slot = (low >>> 12) & (FETCH_ENTRIES - 1);
    if ((this.fetchTags[slot * 2] & -PAGE) === (low & -PAGE) && this.fetchTags[slot * 2 + 1] === high) {
      this.fetchPages[slot] = -1;
    }
    // Jump targets are only cached for pages that were fetched from; those below are never global.
    if (!this.code.executedAt(address & ~BigInt(PAGE - 1))) return;
    if (high >= 0) this.forgetLocalJumps();
    else {
      this.mappings++;
      this.tlb.flushJumps();
    }
  }

  /** Empties the jump cache but for what is the same in all address spaces. */
  private forgetLocalJumps(): void {
    this.spaces++;
    this.tlb.flushJumpsOf(true);
    for (const entry of this.localJumps) this.tlb.emptyJump(entry);
    this.localJumps.length = 0;
  }

  /** Translates for `cpu` without side effects. Returns the physical address, or the fault. */
  probe(cpu: Cpu, address: bigint, access: Access): number | GuestFault {
    this.memory.split(address);
    const low = this.memory.i32[SPLIT];
    const high = this.memory.i32[SPLIT + 1];
    if (!canonical(high)) return generalProtection();
    if ((cpu.cr0 & PAGING) === 0n) return Number(address);
    const error = this.walker.walk(
      low,
      high,
      access,
      {
        cr3: Number(BigInt.asIntN(32, cpu.cr3)),
        writeProtect: (cpu.cr0 & WRITE_PROTECT) !== 0n,
        noExecute: (cpu.efer & NO_EXECUTE) !== 0n,
      },
      true,
    );
    return error < 0 ? this.walker.page.physical : new GuestFault(Vector.pageFault, error, address);
  }

  /** Walks for the running CPU, sets accessed/dirty bits; throws the fault. Leaves its result in `walker.page`. */
  private walk(
    low: number,
    high: number,
    user: boolean,
    write: boolean,
    execute: boolean,
    stack: boolean,
  ): number {
    if (!canonical(high)) throw new GuestFault(stack ? Vector.stack : Vector.generalProtection, 0);
    const { access } = this;
    access.write = write;
    access.user = user;
    access.execute = execute;
    const error = this.walker.walk(low, high, access, this.controls);
    if (error >= 0) throw new GuestFault(Vector.pageFault, error, this.memory.join(low, high));
    return this.walker.page.physical;
  }

  /**
   * Physical address for one access that stays in a page. Fills the TLB where later accesses of the page may be fast.
   * Throws the fault.
   */
  translate(low: number, high: number, user: boolean, write: boolean, stack: boolean): number {
    const hit = this.tlb.lookup(low, high, user, write);
    if (hit >= 0) return hit - RAM_BASE;
    const physical = this.walk(low, high, user, write, false, stack);
    if (physical >= this.memory.ramBytes) return physical;
    if (this.watchpoints.any && this.watchpoints.watches(this.memory.join(low, high))) return physical;
    if (write) {
      if (this.code.hasCode[physical >>> 12]) return physical;
      this.dirty[physical >>> 12] = 1;
    }
    this.tlb.fill(low, high, user, write, physical, this.pageGlobal && this.walker.page.global);
    return physical;
  }

  /** Physical address of the instruction byte at (low, high). Throws the fault. */
  translateFetch(low: number, high: number, user: boolean): number {
    const slot = (low >>> 12) & (FETCH_ENTRIES - 1);
    const tag = slot * 2;
    const key = (low & -PAGE) | (user ? 1 : 0);
    if (this.fetchPages[slot] >= 0 && this.fetchTags[tag] === key && this.fetchTags[tag + 1] === high) {
      return this.fetchPages[slot] * PAGE + (low & (PAGE - 1));
    }
    const physical = this.walk(low, high, user, false, true, false);
    if (physical < this.memory.ramBytes) {
      this.fetchTags[tag] = key;
      this.fetchTags[tag + 1] = high;
      this.fetchPages[slot] = physical >>> 12;
      this.fetchGlobal[slot] = this.pageGlobal && this.walker.page.global ? 1 : 0;
    }
    return physical;
  }

  /**
   * Physical address of the instruction byte at a linear address if it could be fetched without any change of state
   * (also of accessed bits), else -1.
   */
  peekFetch(address: bigint, user: boolean): number {
    const { memory, access, walker } = this;
    memory.split(address);
    const high = memory.i32[SPLIT + 1];
    if (!canonical(high)) return -1;
    access.write = false;
    access.user = user;
    access.execute = true;
    const error = walker.walk(memory.i32[SPLIT], high, access, this.controls, true);
    const { accessed, physical } = walker.page;
    return error < 0 && accessed && physical < memory.ramBytes ? physical : -1;
  }

  /**
   * Linear-memory address if `bytes` bytes at a guest address lie in one page that has a TLB entry, else -1: a short cut
   * for what moves many bytes at once.
   */
  place(address: bigint, bytes: number, user: boolean, write: boolean): number {
    this.memory.split(address);
    const low = this.memory.i32[SPLIT];
    if ((low & (PAGE - 1)) + bytes > PAGE) return -1;
    return this.tlb.lookup(low, this.memory.i32[SPLIT + 1], user, write);
  }

  /** True if the page that `peekFetch` has just found is the same in all address spaces. */
  get peekedGlobal(): boolean {
    return this.pageGlobal && this.walker.page.global;
  }

  /** Reads `size` bytes at a linear address, zero-extended. Throws the fault. */
  load(address: bigint, size: number, user: boolean, stack = false): bigint {
    const { memory } = this;
    memory.split(address);
    const low = memory.i32[SPLIT];
    const high = memory.i32[SPLIT + 1];
    if ((low & (PAGE - 1)) > PAGE - size) return this.loadCrossing(address, size, user, stack);
    const at = this.tlb.lookup(low, high, user, false);
    if (at >= 0) return memory.load(at, size);
    const physical = this.translate(low, high, user, false, stack);
    if (this.watchpoints.any && this.watchpoints.check(address, size, 'read')) this.attention = true;
    return this.loadPhysical(physical, size);
  }

  /** An operand that leaves the canonical addresses is #GP or #SS even where its first bytes would page-fault. */
  private checkEnd(address: bigint, size: number, stack: boolean): void {
    this.memory.split(BigInt.asUintN(64, address + BigInt(size - 1)));
    if (canonical(this.memory.i32[SPLIT + 1])) return;
    throw new GuestFault(stack ? Vector.stack : Vector.generalProtection, 0);
  }

  private loadCrossing(address: bigint, size: number, user: boolean, stack: boolean): bigint {
    this.checkEnd(address, size, stack);
    const first = PAGE - Number(address & BigInt(PAGE - 1));
    const low = this.load(address, 1, user, stack);
    const middle = BigInt.asUintN(64, address + BigInt(first));
    this.load(middle, 1, user, stack);
    let value = low;
    for (let i = 1; i < size; i++) {
      value |= this.load(BigInt.asUintN(64, address + BigInt(i)), 1, user, stack) << BigInt(i * 8);
    }
    return value;
  }

  /** Physical read; what is not RAM reads as ones. */
  loadPhysical(physical: number, size: number): bigint {
    if (physical + size > this.memory.ramBytes) return (1n << BigInt(size * 8)) - 1n;
    return this.memory.load(physical + RAM_BASE, size);
  }

  /** Writes `size` bytes at a linear address: all of it or, if it throws the fault, nothing. */
  store(address: bigint, size: number, value: bigint, user: boolean, stack = false): void {
    const { memory } = this;
    memory.split(address);
    const low = memory.i32[SPLIT];
    const high = memory.i32[SPLIT + 1];
    if ((low & (PAGE - 1)) <= PAGE - size) {
      const at = this.tlb.lookup(low, high, user, true);
      if (at >= 0) {
        memory.store(at, size, value);
        return;
      }
    }
    this.checkWrite(address, size, user, stack);
    this.storeChecked(address, size, value, user);
  }

  /** Throws the fault that writing `size` bytes at `address` would raise. Sets accessed and dirty bits. */
  checkWrite(address: bigint, size: number, user: boolean, stack = false): void {
    const { memory } = this;
    this.checkEnd(address, size, stack);
    memory.split(address);
    this.translate(memory.i32[SPLIT], memory.i32[SPLIT + 1], user, true, stack);
    if (Number(address & BigInt(PAGE - 1)) > PAGE - size) {
      memory.split(BigInt.asUintN(64, address + BigInt(size - 1)) & ~BigInt(PAGE - 1));
      this.translate(memory.i32[SPLIT], memory.i32[SPLIT + 1], user, true, stack);
    }
  }

  /** Writes where `checkWrite` has passed. */
  storeChecked(address: bigint, size: number, value: bigint, user: boolean): void {
    const fast = this.place(address, size, user, true);
    if (fast >= 0) {
      this.memory.store(fast, size, value);
      return;
    }
    if (this.watchpoints.any && this.watchpoints.check(address, size, 'write')) this.attention = true;
    const room = PAGE - Number(address & BigInt(PAGE - 1));
    const { memory } = this;
    if (size <= room) {
      memory.split(address);
      const physical = this.translate(memory.i32[SPLIT], memory.i32[SPLIT + 1], user, true, false);
      this.storePhysical(physical, size, value);
      return;
    }
    for (let i = 0; i < size; i++) {
      memory.split(BigInt.asUintN(64, address + BigInt(i)));
      const physical = this.translate(memory.i32[SPLIT], memory.i32[SPLIT + 1], user, true, false);
      this.storePhysical(physical, 1, (value >> BigInt(i * 8)) & 0xffn);
    }
  }

  /** Physical write with everything that depends on it; writes outside RAM vanish. */
  storePhysical(physical: number, size: number, value: bigint): void {
    if (physical + size > this.memory.ramBytes) return;
    const page = physical >>> 12;
    this.dirty[page] = 1;
    if (this.code.hasCode[page]) this.code.written(physical, size);
    this.memory.store(physical + RAM_BASE, size, value);
  }
}
