// Operands of a decoded instruction, read and written directly; for procedures only (lift/ has its own way).
import type { Decoded, MemoryOperand } from '../../isa/decode';
import type { Core } from '../core';
import { undefinedOpcode } from '../fault';
import { Field } from '../layout';

/** Linear address of a memory operand. */
export function effectiveAddress(
  core: Core,
  decoded: Decoded,
  address: bigint,
  operand: MemoryOperand,
): bigint {
  const { cpu } = core;
  let value = operand.absolute ?? BigInt(operand.displacement);
  if (operand.ripRelative) value += address + BigInt(decoded.length);
  if (operand.base !== undefined) value += cpu.get(operand.base);
  if (operand.index !== undefined) value += cpu.get(operand.index) * BigInt(operand.scale);
  value = BigInt.asUintN(decoded.addressSize === 4 ? 32 : 64, value);
  if (operand.segment) value += operand.segment === 'fs' ? cpu.fsBase : cpu.gsBase;
  return BigInt.asUintN(64, value);
}

/** Linear address of operand `index`, which must be memory; #UD otherwise. */
export function memoryAddress(core: Core, decoded: Decoded, address: bigint, index: number): bigint {
  const operand = decoded.operands[index];
  if (operand?.kind !== 'memory') throw undefinedOpcode();
  return effectiveAddress(core, decoded, address, operand);
}

/** True if a non-canonical address of this operand is a stack fault (its default segment is SS). */
function usesStack(operand: MemoryOperand): boolean {
  return operand.segment === undefined && (operand.base === 4 || operand.base === 5);
}

/** True if operand `index` is memory in the stack segment. */
export function isStackOperand(decoded: Decoded, index: number): boolean {
  const operand = decoded.operands[index];
  return operand?.kind === 'memory' && usesStack(operand);
}

/** True if the running CPU is in ring 3. */
export function inUserMode(core: Core): boolean {
  return core.cpu.cpl === 3;
}

/** Value of operand `index` as `size` bytes, zero-extended. */
export function readOperand(
  core: Core,
  decoded: Decoded,
  address: bigint,
  index: number,
  size: number,
): bigint {
  const operand = decoded.operands[index];
  switch (operand?.kind) {
    case 'register':
      if (operand.high) return (core.cpu.get(operand.register) >> 8n) & 0xffn;
      return BigInt.asUintN(size * 8, core.cpu.get(operand.register));
    case 'memory':
      return core.load(
        effectiveAddress(core, decoded, address, operand),
        size,
        inUserMode(core),
        usesStack(operand),
      );
    case 'immediate':
      return BigInt.asUintN(size * 8, operand.value);
    default:
      throw undefinedOpcode();
  }
}

/** Writes a general register as an instruction of this operand size does. */
export function writeRegister(core: Core, register: number, size: number, value: bigint): void {
  const { cpu } = core;
  if (size >= 4) cpu.set(register, BigInt.asUintN(size * 8, value));
  else core.memory.store(cpu.base + Field.registers + register * 8, size, value);
}

/** Writes operand `index`. */
export function writeOperand(
  core: Core,
  decoded: Decoded,
  address: bigint,
  index: number,
  size: number,
  value: bigint,
): void {
  const operand = decoded.operands[index];
  if (operand?.kind === 'register') {
    if (operand.high)
      core.memory.u8[core.cpu.base + Field.registers + operand.register * 8 + 1] = Number(value & 0xffn);
    else writeRegister(core, operand.register, size, value);
  } else if (operand?.kind === 'memory') {
    const at = effectiveAddress(core, decoded, address, operand);
    core.store(at, size, value, inUserMode(core), usesStack(operand));
  } else throw undefinedOpcode();
}
