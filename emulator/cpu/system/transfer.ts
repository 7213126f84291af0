// Control transfers with privilege: software interrupts, iret, syscall and sysret, far returns, swapgs, popf.
import type { Core } from '../core';
import { Flag, Segment } from '../cpu';
import { GuestFault, generalProtection, undefinedOpcode, Vector } from '../fault';
import { Field } from '../layout';
import { SPLIT } from '../memory';
import { canonical } from '../paging';
import { deliver, deliverSoftware } from './deliver';
import type { Procedure } from './environment';
import { inUserMode } from './operands';
import { checkCodeSegment, readDescriptor } from './segments';

/** RFLAGS bits that iret, popf and sysret can change at all. */
const WRITABLE = 0x257fd5;

function isCanonical(address: bigint): boolean {
  return canonical(Number(BigInt.asIntN(32, address >> 32n)));
}

/** Loads RFLAGS as iret and popf do: IOPL only in ring 0, IF only if CPL <= IOPL. */
function loadFlags(core: Core, value: number, keep: number): void {
  const { cpu } = core;
  let mask = WRITABLE & ~keep;
  if (cpu.cpl !== 0) mask &= ~Flag.ioplMask;
  if (cpu.cpl > (cpu.systemFlags & Flag.ioplMask) >> 12) mask &= ~Flag.interrupt;
  cpu.flags = (cpu.flags & ~mask) | (value & mask);
}

/** Pops `count` values of `size` bytes without moving rsp; throws the fault of the first that cannot be read. */
function peekStack(core: Core, size: number, count: number): bigint[] {
  const values: bigint[] = [];
  for (let at = 0; at < count; at++) {
    values.push(
      core.load(BigInt.asUintN(64, core.cpu.rsp + BigInt(at * size)), size, inUserMode(core), true),
    );
  }
  return values;
}

/** What iret pops. */
interface ReturnFrame {
  rip: bigint;
  cs: number;
  flags: number;
  rsp: bigint;
  ss: number;
}

function readFrame(core: Core, size: number): ReturnFrame {
  const at = size === 8 ? core.place(core.cpu.rsp, 40, inUserMode(core), false) : -1;
  if (at >= 0 && (at & 7) === 0) {
    const { u64, i32 } = core.memory;
    const word = at >> 3;
    return {
      rip: u64[word],
      cs: i32[word * 2 + 2] & 0xffff,
      flags: i32[word * 2 + 4],
      rsp: u64[word + 3],
      ss: i32[word * 2 + 8] & 0xffff,
    };
  }
  const [rip, cs, flags, rsp, ss] = peekStack(core, size, 5);
  return {
    rip,
    cs: Number(cs & 0xffffn),
    flags: Number(BigInt.asIntN(32, flags)),
    rsp,
    ss: Number(ss & 0xffffn),
  };
}

const iret: Procedure = ({ core }, decoded) => {
  const { cpu } = core;
  const size = decoded.operandSize;
  if (cpu.systemFlags & Flag.nested) throw generalProtection();
  const { rip, cs, flags, rsp, ss } = readFrame(core, size);
  const level = cs & 3;
  if (level < cpu.cpl) throw generalProtection(cs & 0xfffc);
  const segment = checkCodeSegment(core, cs);
  const conforming = (segment.type & 4) !== 0;
  if (conforming ? segment.dpl > level : segment.dpl !== level) throw generalProtection(cs & 0xfffc);
  if ((ss & 0xfffc) === 0) {
    if (level === 3 || (ss & 3) !== level) throw generalProtection(ss & 0xfffc);
  } else {
    const stack = readDescriptor(core, ss);
    if ((ss & 3) !== level || stack.dpl !== level || !stack.ordinary || (stack.type & 10) !== 2) {
      throw generalProtection(ss & 0xfffc);
    }
    if (!stack.present) throw new GuestFault(Vector.stack, ss & 0xfffc);
  }
  core.memory.split(rip);
  if (!canonical(core.memory.i32[SPLIT + 1])) throw generalProtection();
  loadFlags(core, flags, size === 2 ? 0xffff0000 : 0);
  // iret is the one way to load RF.
  if (size > 2) {
    cpu.systemFlags = (cpu.systemFlags & ~Flag.resume) | (flags & Flag.resume);
  }
  if (level > cpu.cpl) dropSegments(core, level);
  cpu.rip = rip;
  cpu.rsp = rsp;
  cpu.setSelector(Segment.cs, cs);
  cpu.setSelector(Segment.ss, ss);
  cpu.cpl = level;
};

/** Data segments that the outer level may not use become null. */
function dropSegments(core: Core, level: number): void {
  for (const segment of [Segment.es, Segment.ds, Segment.fs, Segment.gs]) {
    const selector = core.cpu.selector(segment);
    if ((selector & 0xfffc) === 0) continue;
    const { dpl, type } = readDescriptor(core, selector);
    if (dpl < level && (type & 12) !== 12) core.cpu.setSelector(segment, 0);
  }
}

const syscall: Procedure = ({ core }) => {
  const { cpu } = core;
  if (!(cpu.efer & 1n)) throw undefinedOpcode();
  const star = cpu.word(Field.star);
  const flags = cpu.flags & ~Flag.resume;
  const selector = Number((star >> 32n) & 0xfffcn);
  cpu.set(1, cpu.rip);
  cpu.set(11, BigInt(flags));
  cpu.rip = cpu.word(Field.lstar);
  cpu.flags = flags & ~cpu.int(Field.sfmask);
  cpu.setSelector(Segment.cs, selector);
  cpu.setSelector(Segment.ss, selector + 8);
  cpu.cpl = 0;
};

const sysret: Procedure = ({ core }, decoded) => {
  const { cpu } = core;
  // Compatibility mode, which a 32-bit sysret enters, does not exist here.
  if (!(cpu.efer & 1n) || decoded.operandSize !== 8) throw undefinedOpcode();
  if (cpu.cpl !== 0 || !isCanonical(cpu.get(1))) throw generalProtection();
  const selector = Number((cpu.word(Field.star) >> 48n) & 0xffffn);
  cpu.rip = cpu.get(1);
  cpu.flags = (Number(BigInt.asIntN(32, cpu.get(11))) & WRITABLE) | 2;
  cpu.setSelector(Segment.cs, ((selector + 16) & 0xffff) | 3);
  cpu.setSelector(Segment.ss, ((selector + 8) & 0xffff) | 3);
  cpu.cpl = 3;
};

const swapgs: Procedure = ({ core: { cpu } }) => {
  if (cpu.cpl !== 0) throw generalProtection();
  const base = cpu.gsBase;
  cpu.gsBase = cpu.kernelGsBase;
  cpu.kernelGsBase = base;
};

const popf: Procedure = ({ core }, decoded) => {
  const size = decoded.operandSize;
  const [value] = peekStack(core, size, 1);
  loadFlags(core, Number(BigInt.asIntN(32, value)), Flag.resume | (size === 2 ? 0xffff0000 : 0));
  core.cpu.systemFlags &= ~Flag.resume;
  core.cpu.rsp = BigInt.asUintN(64, core.cpu.rsp + BigInt(size));
};

const int: Procedure = ({ core }, decoded) => {
  const operand = decoded.operands[0];
  deliverSoftware(core, operand?.kind === 'immediate' ? Number(operand.value & 0xffn) : Vector.breakpoint);
};

/** int1: #DB after the instruction, whatever the gate's privilege; DR6 says nothing of it. */
const int1: Procedure = ({ core }) => deliver(core, Vector.debug, undefined, 'trap');

/** Far return; within the same privilege level or outward. */
const retFar: Procedure = ({ core }, decoded) => {
  const { cpu } = core;
  const size = decoded.operandSize;
  const [rip, csWord] = peekStack(core, size, 2);
  const cs = Number(csWord & 0xffffn);
  if ((cs & 3) < cpu.cpl) throw generalProtection(cs & 0xfffc);
  const segment = checkCodeSegment(core, cs);
  if (segment.type & 4 ? segment.dpl > (cs & 3) : segment.dpl !== (cs & 3))
    throw generalProtection(cs & 0xfffc);
  if (!isCanonical(rip)) throw generalProtection();
  const operand = decoded.operands[0];
  const extra = operand?.kind === 'immediate' ? operand.value & 0xffffn : 0n;
  if ((cs & 3) > cpu.cpl) {
    const [rsp, ssWord] = peekStack(core, size, 4 + Math.ceil(Number(extra) / size)).slice(-2);
    cpu.rsp = BigInt.asUintN(64, rsp + extra);
    cpu.setSelector(Segment.ss, Number(ssWord & 0xffffn));
  } else cpu.rsp = BigInt.asUintN(64, cpu.rsp + BigInt(2 * size) + extra);
  cpu.rip = rip;
  cpu.setSelector(Segment.cs, cs);
  cpu.cpl = cs & 3;
};

/** Near branches come here only with a target that is not canonical: #GP(0) at the branch itself (SDM volume 2, CALL, RET). */
const refuseTarget: Procedure = () => {
  throw generalProtection();
};

/** A call has looked at the stack by then: what is wrong with that comes first. */
const refuseCall: Procedure = ({ core }) => {
  core.checkWrite(BigInt.asUintN(64, core.cpu.rsp - 8n), 8, inUserMode(core), true);
  throw generalProtection();
};

/** The procedures of this file by operation name. */
export const transfers: Readonly<Record<string, Procedure>> = {
  call: refuseCall,
  jmp: refuseTarget,
  ret: refuseTarget,
  iret,
  syscall,
  sysret,
  swapgs,
  popf,
  int,
  int1,
  int3: int,
  retFar,
};
