/**
 * Guest code as it was before probes: original bytes, instruction boundaries, one decoded instruction.
 */
import { type Decoded, decode } from '../isa/decode';
import type { SymbolHit } from '../kernel/types';
import type { Core } from './core';

const LONGEST = 15;

/** Bytes at `address` with every probe's patch taken back, or undefined when not all is mapped. */
export function originalText(core: Core, address: bigint, length: number): Uint8Array | undefined {
  const bytes = core.kernel.guest.peek(address, length);
  if (bytes === undefined) return undefined;
  for (let at = -4; at < length; at++) {
    const site = core.state.sites.get(address + BigInt(at));
    if (site === undefined || !site.armed) continue;
    const saved =
      site.optimisation?.state === 'jump'
        ? site.optimisation.saved
        : site.ftrace
          ? site.bytes
          : site.bytes.subarray(0, 1);
    for (let index = 0; index < saved.length; index++) {
      if (at + index >= 0 && at + index < length) bytes[at + index] = saved[index];
    }
  }
  return bytes;
}

/** The original instruction at an address, or undefined when the bytes are not one. */
export function originalInstruction(
  core: Core,
  address: bigint,
): { decoded: Decoded; bytes: Uint8Array } | undefined {
  let bytes: Uint8Array | undefined;
  for (let length = LONGEST; bytes === undefined && length > 0; length--)
    bytes = originalText(core, address, length);
  if (bytes === undefined) return undefined;
  const decoded = decode(bytes, 0);
  if (!decoded.ok) return undefined;
  return { decoded, bytes: bytes.slice(0, decoded.length) };
}

/** Instruction starts of functions, kept while the code stays loaded. */
export class Boundaries {
  private readonly known = new Map<bigint, Set<number> | undefined>();

  constructor(private readonly core: Core) {}

  /** True when decoding from the symbol's start arrives exactly at the hit's offset. */
  has(hit: SymbolHit): boolean {
    return this.of(hit.address, hit.size)?.has(hit.offset) ?? false;
  }

  /** Offsets of all instruction starts that decoding from `start` reaches; undefined when nothing is mapped. */
  of(start: bigint, size: number): Set<number> | undefined {
    if (this.known.has(start)) return this.known.get(start);
    const text = originalText(this.core, start, size);
    let starts: Set<number> | undefined;
    if (text !== undefined) {
      starts = new Set();
      for (let at = 0; at < text.length; ) {
        starts.add(at);
        const decoded = decode(text, at);
        if (!decoded.ok) break;
        at += decoded.length;
      }
    }
    this.known.set(start, starts);
    return starts;
  }

  /** Another moment's code is loaded. */
  forgetAll(): void {
    this.known.clear();
  }

  /** Code between two addresses was unloaded or replaced. */
  forget(start: bigint, end: bigint): void {
    for (const address of this.known.keys())
      if (address >= start && address < end) this.known.delete(address);
  }
}
