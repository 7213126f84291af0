// Delivery of exceptions and interrupts through the IDT in long mode: gate checks, stack switch by privilege or IST,
// the frame, and what becomes of a fault during delivery (SDM volume 3, chapters 6.12 to 6.15).
import type { Core } from '../core';
import { Flag, Segment } from '../cpu';
import { GuestFault, generalProtection, Vector } from '../fault';
import { Field } from '../layout';
import { SPLIT } from '../memory';
import { canonical } from '../paging';
import { checkCodeSegment } from './segments';

/** What an event is: decides the saved flags, the gate's privilege check and the EXT bit of nested error codes. */
export type EventKind = 'fault' | 'trap' | 'software' | 'external';

/** Thrown when a double fault cannot be delivered: the processor shuts down. */
export class TripleFault {
  readonly vector: number;

  constructor(vector: number) {
    this.vector = vector;
  }
}

const INTERRUPT_GATE = 14;
const TRAP_GATE = 15;

function contributory(vector: number): boolean {
  return vector === Vector.divide || (vector >= Vector.invalidTss && vector <= Vector.generalProtection);
}

/** True if a second exception during delivery of the first makes a double fault (SDM table 6-5). */
function doubles(first: number, second: number): boolean {
  if (contributory(first)) return contributory(second);
  if (first === Vector.pageFault) return contributory(second) || second === Vector.pageFault;
  return false;
}

/**
 * Delivers an event at the CPU's current rip. A fault on the way is delivered in its place or becomes a double fault.
 * Throws TripleFault if not even that can be delivered.
 */
export function deliver(
  core: Core,
  vector: number,
  errorCode: number | undefined,
  kind: Exclude<EventKind, 'software'>,
): void {
  let event = { vector, errorCode, kind };
  for (;;) {
    try {
      deliverOnce(core, event.vector, event.errorCode, event.kind);
      return;
    } catch (error) {
      if (!(error instanceof GuestFault)) throw error;
      if (event.vector === Vector.doubleFault) throw new TripleFault(vector);
      if (error.address !== undefined) core.cpu.cr2 = error.address;
      if (event.kind !== 'external' && doubles(event.vector, error.vector)) {
        event = { vector: Vector.doubleFault, errorCode: 0, kind: 'fault' };
      } else event = { vector: error.vector, errorCode: error.errorCode, kind: 'fault' };
    }
  }
}

/** int n, int3, into: like `deliver`, but a fault on the way is a fault of the instruction and is thrown. */
export function deliverSoftware(core: Core, vector: number): void {
  deliverOnce(core, vector, undefined, 'software');
}

/** Delivers a fault of the current instruction; rip must be the instruction's address. */
export function deliverFault(core: Core, fault: GuestFault): void {
  if (fault.address !== undefined) core.cpu.cr2 = fault.address;
  deliver(core, fault.vector, fault.errorCode, 'fault');
}

function deliverOnce(core: Core, vector: number, errorCode: number | undefined, kind: EventKind): void {
  const { cpu } = core;
  const ext = kind === 'software' ? 0 : 1;
  const gateError = vector * 8 + 2 + ext;
  if (vector * 16 + 15 > cpu.int(Field.idtr + 8) >>> 0) throw generalProtection(gateError);
  const { memory } = core;
  const gateAt = BigInt.asUintN(64, cpu.word(Field.idtr) + BigInt(vector * 16));
  memory.split(core.load(gateAt, 8, false));
  const low = memory.i32[SPLIT];
  const middle = memory.i32[SPLIT + 1];
  const high = core.load(BigInt.asUintN(64, gateAt + 8n), 4, false);
  const type = (middle >>> 8) & 0x1f;
  if (type !== INTERRUPT_GATE && type !== TRAP_GATE) throw generalProtection(gateError);
  if (kind === 'software' && ((middle >>> 13) & 3) < cpu.cpl) throw generalProtection(gateError);
  if (!(middle & 0x8000)) throw new GuestFault(Vector.segmentNotPresent, gateError);
  const selector = low >>> 16;
  const segment = checkCodeSegment(core, selector);
  const conforming = (segment.type & 4) !== 0;
  if (segment.dpl > cpu.cpl) throw generalProtection((selector & 0xfffc) | ext);
  const level = conforming ? cpu.cpl : segment.dpl;
  const target = memory.join((low & 0xffff) | (middle & 0xffff0000), Number(high));
  const stackTable = middle & 7;

  let stack = cpu.rsp;
  if (stackTable !== 0) stack = readTss(core, 36 + (stackTable - 1) * 8);
  else if (level < cpu.cpl) stack = readTss(core, 4 + level * 8);
  memory.split(stack);
  if (!canonical(memory.i32[SPLIT + 1])) throw new GuestFault(Vector.stack, ext);
  stack &= ~15n;

  const image = kind === 'fault' && vector !== Vector.debug ? cpu.flags | Flag.resume : cpu.flags;
  const words = errorCode === undefined ? 5 : 6;
  const bottom = BigInt.asUintN(64, stack - BigInt(words * 8));
  pushFrame(core, bottom, level === 3, image, errorCode);
  if (level !== cpu.cpl) cpu.ss = level;
  cpu.rsp = bottom;
  cpu.setSelector(Segment.cs, (selector & 0xfffc) | level);
  cpu.cpl = level;
  cpu.rip = target;
  const cleared = Flag.trap | Flag.nested | Flag.resume | (type === INTERRUPT_GATE ? Flag.interrupt : 0);
  cpu.systemFlags &= ~cleared;
}

/** Writes the frame from `bottom` upwards: error code if there is one, rip, cs, flags, rsp, ss. All of it or nothing. */
function pushFrame(
  core: Core,
  bottom: bigint,
  user: boolean,
  image: number,
  errorCode: number | undefined,
): void {
  const { cpu, memory } = core;
  const bytes = errorCode === undefined ? 40 : 48;
  const at = core.place(bottom, bytes, user, true);
  if (at >= 0) {
    const { u64, i32 } = memory;
    let word = at >> 3;
    if (errorCode !== undefined) u64[word++] = BigInt(errorCode);
    u64[word] = cpu.rip;
    u64[word + 3] = cpu.rsp;
    for (const [place, value] of [
      [word + 1, cpu.cs],
      [word + 2, image],
      [word + 4, cpu.ss],
    ]) {
      i32[place * 2] = value;
      i32[place * 2 + 1] = 0;
    }
    return;
  }
  const values = [cpu.rip, BigInt(cpu.cs), BigInt(image), cpu.rsp, BigInt(cpu.ss)];
  if (errorCode !== undefined) values.unshift(BigInt(errorCode));
  const address = (word: number): bigint => BigInt.asUintN(64, bottom + BigInt(word * 8));
  core.checkWrite(address(values.length - 1), 8, user, true);
  core.checkWrite(bottom, 8, user, true);
  values.forEach((value, word) => {
    core.storeChecked(address(word), 8, value, user);
  });
}

function readTss(core: Core, offset: number): bigint {
  const tss = core.cpu.table('tss');
  if (offset + 7 > tss.limit) throw new GuestFault(Vector.invalidTss, core.cpu.selector(Segment.tr) & 0xfffc);
  return core.load(BigInt.asUintN(64, tss.base + BigInt(offset)), 8, false);
}
