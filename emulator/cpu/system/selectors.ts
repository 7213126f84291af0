// Instructions about selectors: lar, lsl, verr, verw, the loads of far pointers, far jumps and calls. Call gates and
// 16- or 32-bit code segments, which no 64-bit kernel uses, are refused with #GP(selector).
import type { Decoded } from '../../isa/decode';
import type { Core } from '../core';
import { Segment } from '../cpu';
import { generalProtection } from '../fault';
import { SPLIT } from '../memory';
import { canonical } from '../paging';
import type { Procedure } from './environment';
import { inUserMode, isStackOperand, memoryAddress, readOperand, writeOperand } from './operands';
import { checkCodeSegment, type Descriptor, findDescriptor, limitOf, loadSegment } from './segments';

const ZERO = 0x40n;
const CODE = 8;
const CONFORMING = 4;
/** Readable, for code; writable, for data. */
const ACCESS = 2;
/** System descriptors that lar and lsl know in long mode: LDT, available and busy TSS; lar knows call gates, too. */
const withLimit = [2, 9, 11];
const withRights = [...withLimit, 12];

function isConforming({ ordinary, type }: Descriptor): boolean {
  return ordinary && (type & (CODE | CONFORMING)) === (CODE | CONFORMING);
}

/** The descriptor of operand `index` if the running code may look at it (SDM volume 2, LAR). */
function visible(
  core: Core,
  decoded: Decoded,
  address: bigint,
  index: number,
  systemTypes: readonly number[],
): Descriptor | undefined {
  const selector = Number(readOperand(core, decoded, address, index, 2));
  if ((selector & 0xfffc) === 0) return undefined;
  const descriptor = findDescriptor(core, selector);
  if (!descriptor) return undefined;
  if (!descriptor.ordinary && !systemTypes.includes(descriptor.type)) return undefined;
  const level = Math.max(core.cpu.cpl, selector & 3);
  return isConforming(descriptor) || level <= descriptor.dpl ? descriptor : undefined;
}

function setZero(core: Core, on: boolean): void {
  core.cpu.rflags = (core.cpu.rflags & ~ZERO) | (on ? ZERO : 0n);
}

/** lar and lsl: a property of the segment into operand 0, and ZF if there is one. */
function query(property: (descriptor: Descriptor) => number, types: readonly number[]): Procedure {
  return ({ core }, decoded, address) => {
    const descriptor = visible(core, decoded, address, 1, types);
    if (descriptor) {
      const size = decoded.operandSize;
      const value = BigInt.asUintN(size * 8, BigInt(property(descriptor) >>> 0));
      writeOperand(core, decoded, address, 0, size, value);
    }
    setZero(core, descriptor !== undefined);
  };
}

/** verr and verw: ZF if the segment may be read or written here. */
function verify(allowed: (descriptor: Descriptor) => boolean): Procedure {
  return ({ core }, decoded, address) => {
    const descriptor = visible(core, decoded, address, 0, []);
    setZero(core, descriptor !== undefined && allowed(descriptor));
  };
}

/** The far pointer at operand `index`: an offset of the operand size, then a selector. */
function farPointer(
  core: Core,
  decoded: Decoded,
  address: bigint,
  index: number,
): { offset: bigint; selector: number } {
  const size = decoded.operandSize;
  const at = memoryAddress(core, decoded, address, index);
  const user = inUserMode(core);
  const stack = isStackOperand(decoded, index);
  const offset = core.load(at, size, user, stack);
  const selector = core.load(BigInt.asUintN(64, at + BigInt(size)), 2, user, stack);
  return { offset, selector: Number(selector) };
}

function loadPointer(segment: number): Procedure {
  return ({ core }, decoded, address) => {
    const { offset, selector } = farPointer(core, decoded, address, 1);
    loadSegment(core, segment, selector);
    writeOperand(core, decoded, address, 0, decoded.operandSize, offset);
  };
}

/** Far jump and call within a privilege level. */
function transfer(call: boolean): Procedure {
  return ({ core }, decoded, address) => {
    const { cpu, memory } = core;
    const { offset, selector } = farPointer(core, decoded, address, 0);
    const descriptor = checkCodeSegment(core, selector);
    const refused = isConforming(descriptor)
      ? descriptor.dpl > cpu.cpl
      : descriptor.dpl !== cpu.cpl || (selector & 3) > cpu.cpl;
    if (refused) throw generalProtection(selector & 0xfffc);
    memory.split(offset);
    if (!canonical(memory.i32[SPLIT + 1])) throw generalProtection();
    if (call) {
      const size = decoded.operandSize;
      const user = inUserMode(core);
      const below = (words: number): bigint => BigInt.asUintN(64, cpu.rsp - BigInt(words * size));
      for (const words of [1, 2]) core.checkWrite(below(words), size, user, true);
      core.storeChecked(below(1), size, BigInt(cpu.cs), user);
      core.storeChecked(below(2), size, BigInt.asUintN(size * 8, cpu.rip), user);
      cpu.rsp = below(2);
    }
    cpu.setSelector(Segment.cs, (selector & 0xfffc) | cpu.cpl);
    cpu.rip = offset;
  };
}

/** The procedures of this file by operation name. */
export const selectors: Readonly<Record<string, Procedure>> = {
  lar: query(({ high }) => high & 0xffff00, withRights),
  lsl: query(limitOf, withLimit),
  verr: verify(({ ordinary, type }) => ordinary && (!(type & CODE) || (type & ACCESS) !== 0)),
  verw: verify(({ ordinary, type }) => ordinary && !(type & CODE) && (type & ACCESS) !== 0),
  lss: loadPointer(Segment.ss),
  lfs: loadPointer(Segment.fs),
  lgs: loadPointer(Segment.gs),
  jmpFar: transfer(false),
  callFar: transfer(true),
};
