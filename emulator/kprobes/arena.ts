/**
 * The host's memory in the guest: fixed-size instruction slots, detours, records and instances, cut from the reserved
 * area that the host maps executable (kernel/addresses.ts).
 *
 * Slots come from pages of 256 (16 bytes each), as in Linux's kprobe_insn_page. What is freed rests before it is used
 * again, because a CPU or an interrupted task may still be inside; Linux waits for RCU there, here virtual time stands in
 * for it. All is plain data: a snapshot copies `state`.
 */
import { HOST_AREA, hostAreaSize } from '../kernel/addresses';
import type { CodePage, CodePages } from '../kernel/symbols';

export const SLOT_SIZE = 16;
const PAGE = 4096;
/** Nanoseconds of virtual time that freed memory rests. */
const QUARANTINE = 50_000_000;
/** No detour is longer. */
const MAX_DETOUR = 512;
/** Blocks are cut from runs of this many pages. */
const RUN_PAGES = 16;

/** Guest memory that was taken. */
export interface Block {
  address: bigint;
  size: number;
}

export interface ArenaState {
  /** First offset that was never used. */
  next: number;
  /** Free slots, as offsets. */
  slots: number[];
  /** The rest of the run that blocks are being cut from. */
  run: { offset: number; left: number };
  /** Free blocks' offsets by size. */
  blocks: Map<number, number[]>;
  /** What was freed, oldest first from `rested` on; `slot` tells slots from blocks. */
  resting: { offset: number; size: number; slot: boolean; since: number }[];
  rested: number;
  slotPages: Set<number>;
  /** Detours: offset and size. */
  detours: Map<number, number>;
}

export class Arena implements CodePages {
  state: ArenaState = {
    next: 0,
    slots: [],
    run: { offset: 0, left: 0 },
    blocks: new Map(),
    resting: [],
    rested: 0,
    slotPages: new Set(),
    detours: new Map(),
  };
  private readonly size: number;

  constructor(ramBytes: number) {
    this.size = hostAreaSize(ramBytes);
  }

  /** An instruction slot's address, or undefined when the area is full (-ENOMEM). */
  takeSlot(now: number): bigint | undefined {
    this.wake(now);
    const { slots } = this.state;
    if (slots.length === 0 && !this.addSlotPage()) return undefined;
    const slot = slots.pop();
    return slot === undefined ? undefined : HOST_AREA + BigInt(slot);
  }

  freeSlot(address: bigint, now: number): void {
    this.rest(Number(address - HOST_AREA), SLOT_SIZE, true, now);
  }

  /** A block of data or code, 16-byte aligned, with whatever was in it; undefined when the area is full. */
  takeBlock(wanted: number, now: number): Block | undefined {
    this.wake(now);
    const size = roundUp(wanted);
    const known = this.state.blocks.get(size)?.pop();
    const offset = known ?? this.cut(size);
    return offset === undefined ? undefined : { address: HOST_AREA + BigInt(offset), size };
  }

  freeBlock(block: Block, now: number): void {
    this.rest(Number(block.address - HOST_AREA), block.size, false, now);
  }

  /** Notes that a block holds a detour, for kallsyms. */
  nameDetour(block: Block): void {
    this.state.detours.set(Number(block.address - HOST_AREA), block.size);
  }

  forgetDetour(block: Block): void {
    this.state.detours.delete(Number(block.address - HOST_AREA));
  }

  /** The pages that kallsyms lists. */
  all(): CodePage[] {
    return [
      ...[...this.state.slotPages].map((offset) => page('kprobe_insn_page', offset, PAGE)),
      ...[...this.state.detours].map(([offset, size]) => page('kprobe_optinsn_page', offset, size)),
    ];
  }

  /** The slot page or detour that holds an address. */
  at(address: bigint): CodePage | undefined {
    const offset = Number(address - HOST_AREA);
    const start = offset - (offset % PAGE);
    if (this.state.slotPages.has(start)) return page('kprobe_insn_page', start, PAGE);
    for (let back = 0, at = offset - (offset % 16); back <= MAX_DETOUR && at >= 0; back += 16, at -= 16) {
      const size = this.state.detours.get(at);
      if (size !== undefined && offset < at + size) return page('kprobe_optinsn_page', at, size);
    }
    return undefined;
  }

  private rest(offset: number, size: number, slot: boolean, since: number): void {
    this.state.resting.push({ offset, size, slot, since });
  }

  /** What has rested long enough can be used again. */
  private wake(now: number): void {
    const { state } = this;
    for (; state.rested < state.resting.length; state.rested++) {
      const { offset, size, slot, since } = state.resting[state.rested];
      if (since + QUARANTINE > now) break;
      if (slot) state.slots.push(offset);
      else {
        const same = state.blocks.get(size);
        if (same === undefined) state.blocks.set(size, [offset]);
        else same.push(offset);
      }
    }
    if (state.rested > 1024 && state.rested * 2 > state.resting.length) {
      state.resting = state.resting.slice(state.rested);
      state.rested = 0;
    }
  }

  private cut(size: number): number | undefined {
    const { run } = this.state;
    if (run.left < size) {
      const pages = Math.max(RUN_PAGES, Math.ceil(size / PAGE));
      const offset = this.takePages(pages) ?? this.takePages(Math.ceil(size / PAGE));
      if (offset === undefined) return undefined;
      run.offset = offset;
      run.left = this.state.next - offset;
    }
    const offset = run.offset;
    run.offset += size;
    run.left -= size;
    return offset;
  }

  private addSlotPage(): boolean {
    const offset = this.takePages(1);
    if (offset === undefined) return false;
    this.state.slotPages.add(offset);
    for (let at = PAGE - SLOT_SIZE; at >= 0; at -= SLOT_SIZE) this.state.slots.push(offset + at);
    return true;
  }

  private takePages(count: number): number | undefined {
    const offset = this.state.next;
    if (offset + count * PAGE > this.size) return undefined;
    this.state.next += count * PAGE;
    return offset;
  }
}

/** Few different sizes, so that freed blocks fit again. */
function roundUp(size: number): number {
  const step = size <= 512 ? 16 : size <= PAGE ? 256 : PAGE;
  return Math.ceil(size / step) * step;
}

function page(name: string, offset: number, size: number): CodePage {
  return { name, address: HOST_AREA + BigInt(offset), size };
}
