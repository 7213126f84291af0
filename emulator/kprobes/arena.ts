/**
 * The host's memory in the guest: fixed-size instruction slots, detour buffers, and blocks of data, cut from the
 * reserved area that the host maps executable (kernel/addresses.ts).
 *
 * Slots come from pages of 256 (16 bytes each), as in Linux's kprobe_insn_page. A freed slot waits before it is used
 * again, because a task that was interrupted inside a boosted slot still has to come back to it; Linux waits for
 * RCU-tasks there, here virtual time stands in for it.
 */
import { HOST_AREA, HOST_AREA_SIZE } from '../kernel/addresses';
import type { CodePage } from '../kernel/symbols';

export const SLOT_SIZE = 16;
const PAGE = 4096;
/** Nanoseconds of virtual time that a freed slot rests. */
const QUARANTINE = 20_000_000;

export interface ArenaState {
  next: number;
  slots: number[];
  resting: { slot: number; since: number }[];
  blocks: { offset: number; size: number }[];
  slotPages: number[];
  detourPages: { offset: number; size: number }[];
}

export class Arena {
  state: ArenaState = { next: 0, slots: [], resting: [], blocks: [], slotPages: [], detourPages: [] };

  /** An instruction slot's address, or undefined when the area is full (-ENOMEM). */
  takeSlot(now: number): bigint | undefined {
    const { state } = this;
    while (state.resting.length > 0 && state.resting[0].since + QUARANTINE <= now) {
      state.slots.push(state.resting[0].slot);
      state.resting.shift();
    }
    if (state.slots.length === 0 && !this.addSlotPage()) return undefined;
    const slot = state.slots.pop();
    return slot === undefined ? undefined : HOST_AREA + BigInt(slot);
  }

  freeSlot(address: bigint, now: number): void {
    this.state.resting.push({ slot: Number(address - HOST_AREA), since: now });
  }

  /** A zero-initialised-by-the-caller block of data or code, 16-byte aligned; first fit. */
  takeBlock(size: number): { address: bigint; size: number } | undefined {
    const wanted = (size + 15) & ~15;
    const { state } = this;
    const index = state.blocks.findIndex((block) => block.size >= wanted);
    if (index >= 0) {
      const block = state.blocks[index];
      if (block.size === wanted) state.blocks.splice(index, 1);
      else state.blocks[index] = { offset: block.offset + wanted, size: block.size - wanted };
      return { address: HOST_AREA + BigInt(block.offset), size: wanted };
    }
    const pages = Math.max(4, Math.ceil(wanted / PAGE));
    const offset = this.takePages(pages);
    if (offset === undefined) return undefined;
    if (pages * PAGE > wanted) state.blocks.push({ offset: offset + wanted, size: pages * PAGE - wanted });
    return { address: HOST_AREA + BigInt(offset), size: wanted };
  }

  freeBlock(block: { address: bigint; size: number }): void {
    this.state.blocks.push({ offset: Number(block.address - HOST_AREA), size: block.size });
  }

  /** Notes that a block holds a detour, for kallsyms. */
  nameDetour(block: { address: bigint; size: number }): void {
    this.state.detourPages.push({ offset: Number(block.address - HOST_AREA), size: block.size });
  }

  forgetDetour(block: { address: bigint; size: number }): void {
    const offset = Number(block.address - HOST_AREA);
    this.state.detourPages = this.state.detourPages.filter((each) => each.offset !== offset);
  }

  /** The pages that kallsyms lists. */
  pages(): CodePage[] {
    return [
      ...this.state.slotPages.map((offset) => ({
        name: 'kprobe_insn_page',
        address: HOST_AREA + BigInt(offset),
        size: PAGE,
      })),
      ...this.state.detourPages.map(({ offset, size }) => ({
        name: 'kprobe_optinsn_page',
        address: HOST_AREA + BigInt(offset),
        size,
      })),
    ];
  }

  private addSlotPage(): boolean {
    const offset = this.takePages(1);
    if (offset === undefined) return false;
    this.state.slotPages.push(offset);
    for (let at = PAGE - SLOT_SIZE; at >= 0; at -= SLOT_SIZE) this.state.slots.push(offset + at);
    return true;
  }

  private takePages(count: number): number | undefined {
    const offset = this.state.next;
    if (offset + count * PAGE > HOST_AREA_SIZE) return undefined;
    this.state.next += count * PAGE;
    return offset;
  }
}
