// The integer instructions that need more than 64-bit words: wide division, rotates through carry, pdep, pext,
// cmpxchg8b and cmpxchg16b, enter.
import type { Core } from '../core';
import { GuestFault, generalProtection, Vector } from '../fault';
import type { Procedure } from './environment';
import {
  inUserMode,
  isStackOperand,
  memoryAddress,
  readOperand,
  writeOperand,
  writeRegister,
} from './operands';

const RAX = 0;
const RCX = 1;
const RDX = 2;
const RBX = 3;
const RBP = 5;

function sizeOfOperand(decoded: Parameters<Procedure>[1], index: number): number {
  const operand = decoded.operands[index];
  return operand?.kind === 'register' || operand?.kind === 'memory' ? operand.size : decoded.operandSize;
}

function divide(signed: boolean): Procedure {
  return ({ core }, decoded, address) => {
    const size = sizeOfOperand(decoded, 0);
    const bits = size * 8;
    const read = (value: bigint, width: number): bigint =>
      signed ? BigInt.asIntN(width, value) : BigInt.asUintN(width, value);
    const divisor = read(readOperand(core, decoded, address, 0, size), bits);
    const { cpu } = core;
    const high = size === 1 ? cpu.get(RAX) >> 8n : cpu.get(RDX);
    const dividend = read(
      (BigInt.asUintN(bits, high) << BigInt(bits)) | BigInt.asUintN(bits, cpu.get(RAX)),
      2 * bits,
    );
    if (divisor === 0n) throw new GuestFault(Vector.divide);
    const quotient = dividend / divisor;
    if (read(quotient, bits) !== quotient) throw new GuestFault(Vector.divide);
    const remainder = dividend % divisor;
    if (size === 1) {
      writeRegister(core, RAX, 2, (BigInt.asUintN(8, remainder) << 8n) | BigInt.asUintN(8, quotient));
    } else {
      writeRegister(core, RAX, size, BigInt.asUintN(bits, quotient));
      writeRegister(core, RDX, size, BigInt.asUintN(bits, remainder));
    }
  };
}

function setCarryAndOverflow(core: Core, carry: bigint, overflow: bigint): void {
  core.cpu.rflags = (core.cpu.rflags & ~0x801n) | carry | (overflow << 11n);
}

function rotateThroughCarry(left: boolean): Procedure {
  return ({ core }, decoded, address) => {
    const size = sizeOfOperand(decoded, 0);
    const bits = BigInt(size * 8);
    const masked = readOperand(core, decoded, address, 1, 1) & (size === 8 ? 63n : 31n);
    const count = masked % (bits + 1n);
    const user = inUserMode(core);
    if (decoded.operands[0]?.kind === 'memory')
      core.checkWrite(memoryAddress(core, decoded, address, 0), size, user, isStackOperand(decoded, 0));
    const value = readOperand(core, decoded, address, 0, size);
    const carry = core.cpu.rflags & 1n;
    const wide = (carry << bits) | value;
    const by = left ? count : bits + 1n - count;
    const rotated = ((wide << by) | (wide >> (bits + 1n - by))) & ((1n << (bits + 1n)) - 1n);
    const result = BigInt.asUintN(size * 8, rotated);
    writeOperand(core, decoded, address, 0, size, result);
    if (masked === 0n) return;
    const carryOut = rotated >> bits;
    const top = result >> (bits - 1n);
    const neighbour = left ? carryOut : (result >> (bits - 2n)) & 1n;
    setCarryAndOverflow(core, carryOut, top ^ neighbour);
  };
}

/** pdep and pext: scatter the low bits of a value to, or gather them from, the set bits of a mask. */
function bitField(deposit: boolean): Procedure {
  return ({ core }, decoded, address) => {
    const size = sizeOfOperand(decoded, 0);
    const source = readOperand(core, decoded, address, 1, size);
    const mask = readOperand(core, decoded, address, 2, size);
    let result = 0n;
    let at = 0n;
    for (let rest = mask; rest !== 0n; rest &= rest - 1n) {
      const bit = rest & -rest;
      if (deposit) result |= (source >> at) & 1n ? bit : 0n;
      else result |= source & bit ? 1n << at : 0n;
      at++;
    }
    writeOperand(core, decoded, address, 0, size, result);
  };
}

function setZero(core: Core, on: boolean): void {
  core.cpu.rflags = (core.cpu.rflags & ~0x40n) | (on ? 0x40n : 0n);
}

/** cmpxchg8b and cmpxchg16b: rdx:rax against memory, rcx:rbx into it. */
function compareExchangePair(half: 4 | 8): Procedure {
  return ({ core }, decoded, address) => {
    const { cpu } = core;
    const at = memoryAddress(core, decoded, address, 0);
    const above = BigInt.asUintN(64, at + BigInt(half));
    const user = inUserMode(core);
    if (half === 8 && at & 15n) throw generalProtection();
    const stack = isStackOperand(decoded, 0);
    core.checkWrite(at, half, user, stack);
    core.checkWrite(above, half, user, stack);
    const low = core.load(at, half, user);
    const high = core.load(above, half, user);
    const bits = half * 8;
    const cut = (register: number): bigint => BigInt.asUintN(bits, cpu.get(register));
    const equal = low === cut(RAX) && high === cut(RDX);
    core.store(at, half, equal ? cut(RBX) : low, user);
    core.store(above, half, equal ? cut(RCX) : high, user);
    if (!equal) {
      writeRegister(core, RAX, half, low);
      writeRegister(core, RDX, half, high);
    }
    setZero(core, equal);
  };
}

/**
 * enter with any nesting level. All its accesses are checked first; then it copies frame pointers one by one, and may read
 * what it has just written.
 */
const enter: Procedure = ({ core }, decoded) => {
  const { cpu } = core;
  const size = decoded.operandSize;
  const [space, nesting] = decoded.operands.map((operand) =>
    operand.kind === 'immediate' ? Number(operand.value) : 0,
  );
  const level = nesting & 31;
  const user = inUserMode(core);
  const old = cpu.get(RBP);
  const below = (base: bigint, words: number): bigint => BigInt.asUintN(64, base - BigInt(words * size));
  const push = (words: number, value: bigint): void =>
    core.store(below(cpu.rsp, words), size, BigInt.asUintN(size * 8, value), user, true);
  const frame = below(cpu.rsp, 1);
  const bottom = BigInt.asUintN(64, below(cpu.rsp, level + 1) - BigInt(space));
  for (let i = 1; i < level; i++) core.load(below(old, i), size, user, true);
  for (let i = 0; i <= level; i++) core.checkWrite(below(cpu.rsp, i + 1), size, user, true);
  core.checkWrite(bottom, size, user, true);
  push(1, old);
  for (let i = 1; i < level; i++) push(i + 1, core.load(below(old, i), size, user, true));
  if (level > 0) push(level + 1, frame);
  writeRegister(core, RBP, size, frame);
  cpu.rsp = bottom;
};

/** The procedures of this file by operation name. */
export const wideArithmetic: Readonly<Record<string, Procedure>> = {
  div: divide(false),
  idiv: divide(true),
  rcl: rotateThroughCarry(true),
  rcr: rotateThroughCarry(false),
  pdep: bitField(true),
  pext: bitField(false),
  cmpxchg8b: compareExchangePair(4),
  cmpxchg16b: compareExchangePair(8),
  enter,
};
