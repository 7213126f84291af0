// Snapshots of a machine: pages that did not change since the previous snapshot are shared with it, so a snapshot costs
// as much as the memory that was written in between. Plain data; restoring writes back only what differs.
import type { Core } from './core';
import type { Cpu } from './cpu';
import { Field, PAGE, parkedState, RAM_BASE, STATE_BYTES } from './layout';
import type { LinearMemory } from './memory';

/** Code that did not change stays translated; it is compared in pieces of this many bytes. */
const CODE_PIECE = 16;

/** How the machine's scheduling stood. */
export interface ScheduleState {
  active: number;
  turn: number;
  skipped: number;
  retired: number;
  steps: number;
}

/** A machine state. Treat as read-only. */
export interface MachineSnapshot {
  /** One entry per page of RAM; undefined = all zero. */
  readonly pages: readonly (Uint8Array | undefined)[];
  /** One state block per CPU. */
  readonly cpus: readonly Uint8Array[];
  readonly schedule: Readonly<ScheduleState>;
}

/** Takes and restores snapshots; remembers which pages the last one already has. */
export class Snapshots {
  private readonly core: Core;
  /** Pages as they were at the last snapshot or restore; entries of dirty pages are stale. */
  private known: (Uint8Array | undefined)[];

  constructor(core: Core) {
    this.core = core;
    this.known = new Array(core.dirty.length).fill(undefined);
  }

  take(cpus: readonly Cpu[], schedule: ScheduleState): MachineSnapshot {
    const { core } = this;
    const { ram, u8 } = core.memory;
    const pages = this.known.slice();
    for (let page = core.dirty.indexOf(1); page >= 0; page = core.dirty.indexOf(1, page + 1)) {
      const bytes = ram.slice(page * PAGE, (page + 1) * PAGE);
      pages[page] = isZero(bytes) ? undefined : bytes;
    }
    this.settle(pages);
    const blocks = cpus.map((cpu) => u8.slice(cpu.base, cpu.base + STATE_BYTES));
    return { pages, cpus: blocks, schedule: { ...schedule } };
  }

  /** Writes a snapshot's pages and CPU blocks back; the CPUs must be parked. */
  restore(snapshot: MachineSnapshot): void {
    const { core } = this;
    const { ram, u8 } = core.memory;
    for (let page = 0; page < core.dirty.length; page++) {
      const wanted = snapshot.pages[page];
      if (wanted === this.known[page] && !core.dirty[page]) continue;
      if (core.code.hasCode[page]) this.forgetChanged(page, wanted);
      if (wanted) ram.set(wanted, page * PAGE);
      else ram.fill(0, page * PAGE, (page + 1) * PAGE);
    }
    this.settle(snapshot.pages.slice());
    snapshot.cpus.forEach((block, index) => {
      u8.set(block, parkedState(index));
    });
  }

  /** Drops what was decoded or translated from the bytes of a page that are about to become others. */
  private forgetChanged(page: number, wanted: Uint8Array | undefined): void {
    const { ram } = this.core.memory;
    for (let at = 0; at < PAGE; at += CODE_PIECE) {
      const from = page * PAGE + at;
      for (let byte = 0; byte < CODE_PIECE; byte++) {
        if (ram[from + byte] === (wanted?.[at + byte] ?? 0)) continue;
        this.core.code.written(from, CODE_PIECE);
        break;
      }
    }
  }

  private settle(pages: (Uint8Array | undefined)[]): void {
    this.known = pages;
    this.core.dirty.fill(0);
    // From now on the first write to each page must be noticed again.
    this.core.tlb.flushWrites();
  }
}

function isZero(bytes: Uint8Array): boolean {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  return words.every((word) => word === 0);
}

/** Fields that say how a slice went and not what the guest's state is. */
const transient: readonly [offset: number, bytes: number][] = [
  [Field.budget, 4],
  [Field.passBreakpoint, 4],
  [Field.flagKind, 24],
  [Field.clockEnd, 8],
];

/** FNV-like hash over RAM, CPU blocks and scheduling, as 16 hexadecimal digits. */
export function hashState(memory: LinearMemory, cpus: readonly Cpu[], schedule: readonly number[]): string {
  let a = 0x811c9dc5 | 0;
  let b = 0x01000193;
  const mix = (word: number, at: number): void => {
    a = Math.imul(a ^ word, 0x01000193);
    b = Math.imul(b ^ word ^ at, 0x85ebca6b) + 0x27d4eb2f;
  };
  const first = RAM_BASE >> 2;
  const last = first + (memory.ramBytes >> 2);
  const { i32, u8 } = memory;
  for (let at = first; at < last; at++) {
    const word = i32[at];
    if (word !== 0) mix(word, at - first);
  }
  for (const cpu of cpus) {
    const block = u8.slice(cpu.base, cpu.base + STATE_BYTES);
    for (const [offset, bytes] of transient) block.fill(0, offset, offset + bytes);
    new Int32Array(block.buffer).forEach(mix);
  }
  schedule.forEach(mix);
  return (a >>> 0).toString(16).padStart(8, '0') + (b >>> 0).toString(16).padStart(8, '0');
}
