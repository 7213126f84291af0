// Segment selectors and descriptors, as far as long mode still looks at them (SDM volume 3, chapters 3.4 and 5.8).
import type { Core } from '../core';
import { Segment } from '../cpu';
import { GuestFault, generalProtection, Vector } from '../fault';

/** A descriptor table entry. */
export interface Descriptor {
  low: bigint;
  /** Descriptor privilege level. */
  dpl: number;
  present: boolean;
  /** Code or data segment; otherwise a system descriptor. */
  ordinary: boolean;
  /** The four type bits. */
  type: number;
  long: boolean;
  base: bigint;
  limit: number;
  at: bigint;
}

/** Reads the descriptor of a selector; #GP(selector) if it lies outside its table. */
export function readDescriptor(
  core: Core,
  selector: number,
  fault: (code: number) => GuestFault = generalProtection,
): Descriptor {
  const table = core.cpu.table(selector & 4 ? 'ldt' : 'gdtr');
  const offset = selector & 0xfff8;
  if (offset + 7 > table.limit) throw fault(selector & 0xfffc);
  const at = BigInt.asUintN(64, table.base + BigInt(offset));
  const low = core.load(at, 8, false);
  const limit = Number(low & 0xffffn) | Number((low >> 32n) & 0xf0000n);
  return {
    low,
    dpl: Number((low >> 45n) & 3n),
    present: ((low >> 47n) & 1n) === 1n,
    ordinary: ((low >> 44n) & 1n) === 1n,
    type: Number((low >> 40n) & 15n),
    long: ((low >> 53n) & 1n) === 1n,
    base: ((low >> 16n) & 0xffffffn) | ((low >> 32n) & 0xff000000n),
    limit: (low >> 55n) & 1n ? limit * 4096 + 4095 : limit,
    at,
  };
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
  if (segment === Segment.fs) cpu.fsBase = descriptor.base;
  if (segment === Segment.gs) cpu.gsBase = descriptor.base;
}
