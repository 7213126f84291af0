// Segment selectors and descriptors, as far as long mode still looks at them (SDM volume 3, chapters 3.4 and 5.8).
import type { Core } from '../core';
import { Segment } from '../cpu';
import { GuestFault, generalProtection, Vector } from '../fault';
import { Field } from '../layout';
import { SPLIT } from '../memory';

/** A descriptor table entry. */
export interface Descriptor {
  /** Its two 32-bit halves. */
  low: number;
  high: number;
  /** Descriptor privilege level. */
  dpl: number;
  present: boolean;
  /** Code or data segment; otherwise a system descriptor. */
  ordinary: boolean;
  /** The four type bits. */
  type: number;
  long: boolean;
  at: bigint;
}

/** Reads the descriptor of a selector; #GP(selector) if it lies outside its table. */
export function readDescriptor(core: Core, selector: number): Descriptor {
  const descriptor = findDescriptor(core, selector);
  if (!descriptor) throw generalProtection(selector & 0xfffc);
  return descriptor;
}

/** The descriptor of a selector; undefined if it lies outside its table. */
export function findDescriptor(core: Core, selector: number): Descriptor | undefined {
  const { cpu, memory } = core;
  const field = selector & 4 ? Field.ldt : Field.gdtr;
  const offset = selector & 0xfff8;
  if (offset + 7 > cpu.int(field + 8) >>> 0) return undefined;
  const at = BigInt.asUintN(64, cpu.word(field) + BigInt(offset));
  memory.split(core.load(at, 8, false));
  const low = memory.i32[SPLIT];
  const high = memory.i32[SPLIT + 1];
  return {
    low,
    high,
    dpl: (high >>> 13) & 3,
    present: (high & 0x8000) !== 0,
    ordinary: (high & 0x1000) !== 0,
    type: (high >>> 8) & 15,
    long: (high & 0x200000) !== 0,
    at,
  };
}

/** Base address of a segment (the low 32 bits, for system segments). */
export function baseOf({ low, high }: Descriptor): bigint {
  return BigInt(((low >>> 16) | ((high & 0xff) << 16) | (high & 0xff000000)) >>> 0);
}

/** Highest offset in a segment. */
export function limitOf({ low, high }: Descriptor): number {
  const limit = (low & 0xffff) | (high & 0xf0000);
  return high & 0x800000 ? limit * 4096 + 4095 : limit;
}

/** Checks a code segment for a transfer to privilege level `cpl`; throws #GP or #NP. */
export function checkCodeSegment(core: Core, selector: number): Descriptor {
  if ((selector & 0xfffc) === 0) throw generalProtection();
  const descriptor = readDescriptor(core, selector);
  if (!descriptor.ordinary || !(descriptor.type & 8) || !descriptor.long)
    throw generalProtection(selector & 0xfffc);
  if (!descriptor.present) throw new GuestFault(Vector.segmentNotPresent, selector & 0xfffc);
  return descriptor;
}

/** Loads ds, es, fs, gs or ss. Bases of fs and gs follow the descriptor, as on hardware. */
export function loadSegment(core: Core, segment: number, selector: number): void {
  const { cpu } = core;
  if ((selector & 0xfffc) === 0) {
    if (segment === Segment.ss && (cpu.cpl === 3 || (selector & 3) !== cpu.cpl)) throw generalProtection();
    cpu.setSelector(segment, selector);
    if (segment === Segment.fs) cpu.fsBase = 0n;
    if (segment === Segment.gs) cpu.gsBase = 0n;
    return;
  }
  const descriptor = readDescriptor(core, selector);
  const code = (descriptor.type & 8) !== 0;
  const writable = !code && (descriptor.type & 2) !== 0;
  const rpl = selector & 3;
  const bad =
    segment === Segment.ss
      ? !descriptor.ordinary || !writable || rpl !== cpu.cpl || descriptor.dpl !== cpu.cpl
      : !descriptor.ordinary ||
        (code && !(descriptor.type & 2)) ||
        (!(code && descriptor.type & 4) && (rpl > descriptor.dpl || cpu.cpl > descriptor.dpl));
  if (bad) throw generalProtection(selector & 0xfffc);
  if (!descriptor.present) {
    throw new GuestFault(segment === Segment.ss ? Vector.stack : Vector.segmentNotPresent, selector & 0xfffc);
  }
  cpu.setSelector(segment, selector);
  if (segment === Segment.fs) cpu.fsBase = baseOf(descriptor);
  if (segment === Segment.gs) cpu.gsBase = baseOf(descriptor);
}
