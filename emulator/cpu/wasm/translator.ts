// Keeps the translated regions: decides when code is hot, translates it, finds it by address, drops it when its bytes
// change. How they share modules is for modules.ts.
import type { CodePage, CodeRegion } from '../codepages';
import type { Core } from '../core';
import { GuestFault } from '../fault';
import { ACTIVE, Field, PAGE, RAM_BASE, SCRATCH } from '../layout';
import { SPLIT } from '../memory';
import { driverModule, jumpSlot, TABLE_SIZE } from './driver';
import { Exit, emitFunction } from './function';
import { type HostWasm, hostWasm, type WasmMemory, type WasmTable } from './host';
import { Modules } from './modules';
import { type CodeRange, RegionFinder } from './region';
import { Type, writeModule } from './writer';

/** Times a place is jumped to before it is translated. */
const HOT = 24;
/** Heat of a place whose first instruction cannot be translated. */
const HOPELESS = 0xffff;
/** Where a page-crossing read is put together. */
const CROSSING = SCRATCH + 64;

/** A translated region in the table. */
class Region implements CodeRegion {
  readonly pages: readonly CodePage[];
  readonly ranges: readonly CodeRange[];
  readonly body: Uint8Array;
  readonly slot: number;
  /** Entry addresses with their entry numbers. */
  readonly entries: readonly { address: bigint; number: number }[];
  /** The distinct pages of `ranges`. */
  readonly places: readonly CodeRange[];
  readonly user: boolean;
  /** Number of instructions. */
  readonly size: number;
  /** State of the machine's mappings in which the region was last found to be mapped. */
  mappings = -1;
  spaces = -1;
  /** All its pages are the same in every address space. */
  global = false;
  /** Entries that still lead here. */
  reachable: number;
  private readonly onDiscard: (region: Region) => void;

  constructor(
    parts: Pick<Region, 'pages' | 'ranges' | 'body' | 'slot' | 'entries' | 'user' | 'size'>,
    onDiscard: (region: Region) => void,
  ) {
    this.pages = parts.pages;
    this.ranges = parts.ranges;
    this.body = parts.body;
    this.slot = parts.slot;
    this.entries = parts.entries;
    this.reachable = parts.entries.length;
    this.places = parts.ranges.filter(
      ({ page }, at) => parts.ranges.findIndex((other) => other.page === page) === at,
    );
    this.user = parts.user;
    this.size = parts.size;
    this.onDiscard = onDiscard;
  }

  touches(pageNumber: number, start: number, end: number): boolean {
    return this.ranges.some((range) => range.page === pageNumber && range.start < end && start < range.end);
  }

  covers(pageNumber: number, linear: bigint): boolean {
    return this.places.some((place) => place.page === pageNumber && place.linear === linear);
  }

  discard(): void {
    this.onDiscard(this);
  }
}

/** Statistics for benchmarks and tests. */
export interface TranslatorStatistics {
  /** Regions ever made and ever dropped. */
  translated: number;
  discarded: number;
  /** Live WebAssembly modules, without the driver's. */
  modules: number;
  /** Code ever made, in bytes of WebAssembly. */
  bytes: number;
}

/** Translated code of a machine. */
export class Translator {
  private readonly core: Core;
  private readonly wasm: HostWasm;
  private readonly memory: WasmMemory;
  private readonly memoryPages: number;
  private readonly table: WasmTable;
  private readonly finder: RegionFinder;
  private readonly runDriver: (slot: number, entry: number) => number;
  private readonly slow: Record<'r' | 'w', (low: number, high: number, size: number) => number>;
  private readonly heat: number;
  private freeSlots: number[] = [];
  private translated = 0;
  private discarded = 0;
  private bytes = 0;
  private readonly modules = new Modules<Region>((regions) => this.install(regions));
  private readonly all = new Set<Region>();
  /** Entries by address; a ring-3 address is never the same number as a ring-0 one that matters, so the level is checked. */
  private readonly byAddress = new Map<bigint, { region: Region; number: number }>();

  get statistics(): TranslatorStatistics {
    const { translated, discarded, bytes } = this;
    return { translated, discarded, modules: this.modules.live, bytes };
  }

  /** Undefined where the host has no WebAssembly. */
  static create(core: Core, breakpoints: ReadonlySet<bigint>, heat = HOT): Translator | undefined {
    const { wasm } = core.memory;
    return hostWasm && wasm ? new Translator(core, breakpoints, hostWasm, wasm, heat) : undefined;
  }

  private constructor(
    core: Core,
    breakpoints: ReadonlySet<bigint>,
    wasm: HostWasm,
    memory: WasmMemory,
    heat: number,
  ) {
    this.heat = heat;
    this.core = core;
    this.wasm = wasm;
    this.memory = memory;
    this.memoryPages = memory.buffer.byteLength / 0x10000;
    this.finder = new RegionFinder(
      core,
      breakpoints,
      (address) => this.byAddress.get(address)?.region.size ?? 0,
    );
    this.table = new wasm.Table({ element: 'anyfunc', initial: TABLE_SIZE, maximum: TABLE_SIZE });
    for (let slot = TABLE_SIZE - 1; slot >= 0; slot--) this.freeSlots.push(slot);
    this.slow = {
      r: (low, high, size) => this.readSlow(low, high, size),
      w: (low, high, size) => this.writeSlow(low, high, size),
    };
    const driver = this.instantiate(driverModule(this.memoryPages), { m: memory, t: this.table });
    this.runDriver = driver.run as (slot: number, entry: number) => number;
  }

  private instantiate(
    bytes: Uint8Array,
    imports: Record<string, unknown>,
  ): Readonly<Record<string, unknown>> {
    return new this.wasm.Instance(new this.wasm.Module(bytes), { e: imports }).exports;
  }

  /**
   * Runs translated code from the CPU's rip with at most `budget` instructions, at time `clock`. Returns the exit code, or undefined if
   * there is no code for rip. How many instructions were retired is `budget` minus the state block's budget field.
   */
  run(budget: number, clock: number): number | undefined {
    const { u64, i32 } = this.core.memory;
    i32[BUDGET] = budget;
    const end = Math.floor(clock) + budget;
    i32[CLOCK] = end | 0;
    i32[CLOCK + 1] = Math.floor(end / 0x1_0000_0000);
    let ran = false;
    for (;;) {
      const user = i32[CPL] === 3;
      if (!this.cached()) {
        const rip = u64[RIP];
        const found = this.byAddress.get(rip);
        if (!found || found.region.user !== user || !this.mapped(found.region, rip)) {
          return ran ? Exit.jump : undefined;
        }
        this.cache(rip, found.region, found.number);
      }
      ran = true;
      const at = jumpSlot(i32[RIP_LOW], user) >> 2;
      const exit = this.runDriver(i32[at + 2], i32[at + 3]);
      if (exit !== Exit.jump) return exit;
    }
  }

  private cache(rip: bigint, region: Region, number: number): void {
    const { memory } = this.core;
    memory.split(rip);
    const at = jumpSlot(memory.i32[SPLIT], region.user) >> 2;
    memory.i32[at] = memory.i32[SPLIT];
    memory.i32[at + 1] = memory.i32[SPLIT + 1];
    memory.i32[at + 2] = region.slot;
    memory.i32[at + 3] = number;
    if (!region.user && !region.global) this.core.localJumps.push(at);
  }

  /** True if the region's linear addresses still mean the physical pages that it was made from. */
  private mapped(region: Region, rip: bigint): boolean {
    const { core } = this;
    if (region.mappings === core.mappings && (region.global || region.spaces === core.spaces)) return true;
    try {
      // The page of rip is really fetched from; the others are only looked at.
      core.memory.split(rip);
      core.translateFetch(core.memory.i32[SPLIT], core.memory.i32[SPLIT + 1], region.user);
    } catch (error) {
      if (error instanceof GuestFault) return false;
      throw error;
    }
    let global = true;
    for (const { page, linear } of region.places) {
      if (core.peekFetch(linear, region.user) >>> 12 !== page) return false;
      if (!core.peekedGlobal || linear >> 63n === 0n) global = false;
    }
    region.mappings = core.mappings;
    region.spaces = core.spaces;
    region.global = global;
    return true;
  }

  /** A jump has gone to `address`: true if there is, or now is, translated code for it. */
  ready(page: CodePage, offset: number, address: bigint): boolean {
    const found = this.byAddress.get(address);
    if (found && found.region.user === (this.core.cpu.cpl === 3)) return this.mapped(found.region, address);
    const heat = page.heat[offset];
    if (heat === HOPELESS) return false;
    page.heat[offset] = heat + 1;
    if (heat + 1 < this.heat) return false;
    const done = this.translate(address);
    page.heat[offset] = done ? 0 : HOPELESS;
    return done;
  }

  /** True if the running CPU's rip is in the jump cache. */
  cached(): boolean {
    const { i32 } = this.core.memory;
    const at = jumpSlot(i32[RIP_LOW], i32[CPL] === 3) >> 2;
    return i32[at] === i32[RIP_LOW] && i32[at + 1] === i32[RIP_LOW + 1];
  }

  private translate(address: bigint): boolean {
    const code = this.finder.find(address);
    if (!code) return false;
    if (this.freeSlots.length === 0) this.clear();
    const slot = this.freeSlots.pop();
    if (slot === undefined) return false;
    const pages = [...new Set(code.ranges.map(({ page }) => this.core.code.page(page)))];
    const entries = code.blocks.map((block, number) => ({ address: block.address, number }));
    const region = new Region(
      {
        pages,
        ranges: code.ranges,
        body: emitFunction(code),
        slot,
        entries,
        user: code.user,
        size: code.size,
      },
      (each) => this.forget(each),
    );
    for (const page of pages) page.regions.add(region);
    this.modules.add(region);
    this.enter(region);
    this.all.add(region);
    this.translated++;
    this.bytes += region.body.length;
    return true;
  }

  /** Directs the region's block addresses to it; regions that no address leads to any more are dropped. */
  private enter(region: Region): void {
    for (const { address, number } of region.entries) {
      const before = this.byAddress.get(address)?.region;
      this.byAddress.set(address, { region, number });
      if (before && --before.reachable === 0) {
        for (const page of before.pages) page.regions.delete(before);
        before.discard();
      }
    }
  }

  /** Makes one module of these regions and puts its functions into their slots. */
  private install(regions: readonly Region[]): void {
    const bytes = writeModule({
      types: [
        { parameters: [Type.i32], results: [Type.i32] },
        { parameters: [Type.i32, Type.i32, Type.i32], results: [Type.i32] },
      ],
      imports: [
        { name: 'r', type: 1 },
        { name: 'w', type: 1 },
      ],
      memoryPages: this.memoryPages,
      table: undefined,
      functions: regions.map(({ body }, at) => ({ type: 0, body, exportName: `f${at}` })),
    });
    const functions = this.instantiate(bytes, { m: this.memory, ...this.slow });
    regions.forEach(({ slot }, at) => {
      this.table.set(slot, functions[`f${at}`]);
    });
  }

  private forget(region: Region): void {
    for (const { address } of region.entries) {
      if (this.byAddress.get(address)?.region === region) this.byAddress.delete(address);
    }
    this.table.set(region.slot, null);
    this.freeSlots.push(region.slot);
    this.all.delete(region);
    this.modules.remove(region);
    this.discarded++;
    this.uncache(region);
  }

  /** Removes a region's entries from the jump cache. */
  private uncache(region: Region): void {
    const { memory } = this.core;
    for (const { address } of region.entries) {
      memory.split(address);
      const at = jumpSlot(memory.i32[SPLIT], region.user) >> 2;
      // Another address may own the slot, and another region may own this address by now.
      if (memory.i32[at + 2] === region.slot) this.core.tlb.emptyJump(at);
    }
  }

  /** Drops all translated code. */
  private clear(): void {
    for (const region of [...this.all]) {
      for (const page of region.pages) page.regions.delete(region);
      region.discard();
    }
  }

  /** Slow path of a read: 0 if the evaluator must do the instruction. */
  private readSlow(low: number, high: number, size: number): number {
    const { core } = this;
    const { memory } = core;
    const user = memory.i32[CPL] === 3;
    try {
      const physical = core.translate(low, high, user, false, false);
      if (physical + size > memory.ramBytes || this.watched(low, high)) return 0;
      const room = PAGE - (low & (PAGE - 1));
      if (size <= room) return physical + RAM_BASE;
      memory.split(BigInt.asUintN(64, memory.join(low, high) + BigInt(room)));
      const rest = core.translate(memory.i32[SPLIT], memory.i32[SPLIT + 1], user, false, false);
      if (rest + size > memory.ramBytes || this.watched(memory.i32[SPLIT], memory.i32[SPLIT + 1])) return 0;
      memory.u8.copyWithin(CROSSING, physical + RAM_BASE, physical + RAM_BASE + room);
      memory.u8.copyWithin(CROSSING + room, rest + RAM_BASE, rest + RAM_BASE + size - room);
      return CROSSING;
    } catch (error) {
      if (error instanceof GuestFault) return 0;
      throw error;
    }
  }

  /** Slow path of a write: the place to store to, or 0 if the evaluator must do the instruction. */
  private writeSlow(low: number, high: number, size: number): number {
    const { core } = this;
    const { memory } = core;
    if ((low & (PAGE - 1)) > PAGE - size) return 0;
    try {
      const physical = core.translate(low, high, memory.i32[CPL] === 3, true, false);
      if (physical + size > memory.ramBytes || this.watched(low, high)) return 0;
      if (core.code.hasCode[physical >>> 12]) {
        if (core.code.covers(physical, size)) return 0;
        core.dirty[physical >>> 12] = 1;
      }
      return physical + RAM_BASE;
    } catch (error) {
      if (error instanceof GuestFault) return 0;
      throw error;
    }
  }

  private watched(low: number, high: number): boolean {
    const { watchpoints, memory } = this.core;
    return watchpoints.any && watchpoints.watches(memory.join(low, high));
  }
}

const RIP = (ACTIVE + Field.rip) >> 3;
const RIP_LOW = (ACTIVE + Field.rip) >> 2;
const CPL = (ACTIVE + Field.cpl) >> 2;
const BUDGET = (ACTIVE + Field.budget) >> 2;
const CLOCK = (ACTIVE + Field.clockEnd) >> 2;
