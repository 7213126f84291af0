/**
 * Instruction selection for memory: loads, stores, addresses, block copies, and stack space.
 */
import type { EncodeMemory } from '../../isa/encode';
import type { Address, Alloca, CopyBlock, FillBlock, Lea, Load, MemorySize, Store, Update } from '../ir/ir';
import { NONE } from '../ir/ir';
import { fitsInt32, immediate, type Machine, register } from './machine';
import { RAX, RCX, RDI, RSI, RSP, SCRATCH, SCRATCH2, UNROLLED_BYTES } from './timing';

export function selectLoad(m: Machine, instruction: Load): void {
  const { dst, size, signed, to } = instruction;
  if (m.isUnused(dst) && !instruction.volatile) return;
  const work = m.target(dst, SCRATCH);
  const memory = m.memory(instruction.address, size);
  if (size === 8 || (size === 4 && !(signed && to === 8)))
    m.emit.op('mov', size, register(work, size), memory);
  else if (size === 4) m.emit.op('movsxd', 8, register(work, 8), memory);
  else {
    const wide = signed && to === 8 ? 8 : 4;
    m.emit.op(signed ? 'movsx' : 'movzx', wide, register(work, wide), memory);
  }
  m.store(dst, work, to);
}

export function selectStore(m: Machine, instruction: Store): void {
  const { src, size } = instruction;
  const memory = m.memory(instruction.address, size);
  if (typeof src === 'bigint') {
    const value = BigInt.asIntN(size * 8, src);
    if (fitsInt32(value)) {
      m.emit.op('mov', size, memory, immediate(value));
      return;
    }
  }
  const machine = m.inRegister(src, size === 8 ? 8 : 4, SCRATCH2);
  m.emit.op('mov', size, memory, register(machine, size));
}

export function selectUpdate(m: Machine, instruction: Update): void {
  const { operator, src, size } = instruction;
  const memory = m.memory(instruction.address, size);
  if (typeof src === 'bigint' && fitsInt32(BigInt.asIntN(size * 8, src))) {
    m.emit.op(operator, size, memory, immediate(BigInt.asIntN(size * 8, src)));
    return;
  }
  const machine = m.inRegister(src, size === 8 ? 8 : 4, SCRATCH2);
  m.emit.op(operator, size, memory, register(machine, size));
}

/** machine = the address itself. A bare symbol's address is a sign-extended 32-bit constant, as -mcmodel=kernel has it. */
export function loadAddress(
  m: Machine,
  machine: number,
  address: Address,
  first = SCRATCH,
  second = SCRATCH2,
): void {
  const plain = address.base === NONE && address.index === NONE && address.slot === NONE;
  if (plain && address.symbol !== undefined) {
    const symbol = m.emit.symbol(address.symbol);
    m.emit.op('mov', 8, register(machine, 8), { kind: 'immediate', value: address.offset, symbol });
    return;
  }
  if (plain) {
    m.load(machine, BigInt(address.offset), 8);
    return;
  }
  const memory = m.memory({ ...address, segment: undefined }, 8, first, second);
  const onlyBase =
    memory.index === undefined && memory.symbol === undefined && (memory.displacement ?? 0) === 0;
  if (onlyBase && memory.base !== undefined) {
    if (memory.base !== machine) m.emit.op('mov', 8, register(machine, 8), register(memory.base, 8));
  } else m.emit.op('lea', 8, register(machine, 8), memory);
}

export function selectLea(m: Machine, instruction: Lea): void {
  if (m.isUnused(instruction.dst)) return;
  const work = m.target(instruction.dst, SCRATCH);
  if (instruction.label !== undefined) m.emit.leaBlock(work, instruction.label);
  else loadAddress(m, work, instruction.address);
  m.store(instruction.dst, work, 8);
}

/** Chunks of 8, 4, 2 and 1 bytes that cover `bytes`. */
function chunks(bytes: number): { at: number; size: MemorySize }[] {
  const list: { at: number; size: MemorySize }[] = [];
  for (let at = 0; at < bytes; ) {
    const left = bytes - at;
    const size: MemorySize = left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
    list.push({ at, size });
    at += size;
  }
  return list;
}

function moved(memory: EncodeMemory, delta: number, size: number): EncodeMemory {
  return { ...memory, displacement: (memory.displacement ?? 0) + delta, size };
}

/** Copies between two memory operands through rax. */
export function copyChunks(m: Machine, to: EncodeMemory, from: EncodeMemory, bytes: number): void {
  for (const { at, size } of chunks(bytes)) {
    m.emit.op('mov', size, register(RAX, size), moved(from, at, size));
    m.emit.op('mov', size, moved(to, at, size), register(RAX, size));
  }
}

/** rdi, rsi and rcx are set: copies rcx words and the tail. */
function repeat(m: Machine, name: 'movs' | 'stos', bytes: number): void {
  m.load(RCX, BigInt(bytes >> 3), 4);
  const opcode = name === 'movs' ? 0xa4 : 0xaa;
  m.emit.bytes(0xf3, 0x48, opcode + 1);
  if (bytes & 4) m.emit.bytes(opcode + 1);
  if (bytes & 2) m.emit.bytes(0x66, opcode + 1);
  if (bytes & 1) m.emit.bytes(opcode);
}

export function selectCopyBlock(m: Machine, instruction: CopyBlock): void {
  const { to, from, bytes } = instruction;
  if (bytes <= UNROLLED_BYTES) {
    const target = m.memory(to, 8, SCRATCH, SCRATCH2);
    const source = m.memory(from, 8, SCRATCH2, RAX);
    copyChunks(m, target, source, bytes);
    return;
  }
  loadAddress(m, SCRATCH, to, SCRATCH, SCRATCH2);
  loadAddress(m, SCRATCH2, from, SCRATCH2, RAX);
  m.emit.op('mov', 8, register(RDI, 8), register(SCRATCH, 8));
  m.emit.op('mov', 8, register(RSI, 8), register(SCRATCH2, 8));
  repeat(m, 'movs', bytes);
}

export function selectFillBlock(m: Machine, instruction: FillBlock): void {
  const { to, value, bytes } = instruction;
  let pattern = 0n;
  for (let i = 0; i < 8; i++) pattern = (pattern << 8n) | BigInt(value);
  pattern = BigInt.asIntN(64, pattern);
  if (bytes > UNROLLED_BYTES) {
    loadAddress(m, SCRATCH, to, SCRATCH, SCRATCH2);
    m.emit.op('mov', 8, register(RDI, 8), register(SCRATCH, 8));
    m.load(RAX, pattern, 8);
    repeat(m, 'stos', bytes);
    return;
  }
  const target = m.memory(to, 8, SCRATCH, SCRATCH2);
  const short = fitsInt32(pattern);
  if (!short) m.load(SCRATCH2, pattern, 8);
  for (const { at, size } of chunks(bytes)) {
    const source = short ? immediate(BigInt.asIntN(size * 8, pattern)) : register(SCRATCH2, size);
    m.emit.op('mov', size, moved(target, at, size), source);
  }
}

export function selectAlloca(m: Machine, instruction: Alloca): void {
  if (typeof instruction.bytes === 'bigint') {
    const bytes = (instruction.bytes + 15n) & ~15n;
    m.emit.op('sub', 8, register(RSP, 8), immediate(bytes));
  } else {
    m.load(SCRATCH, instruction.bytes, 8);
    m.emit.op('add', 8, register(SCRATCH, 8), immediate(15));
    m.emit.op('and', 8, register(SCRATCH, 8), immediate(-16));
    m.emit.op('sub', 8, register(RSP, 8), register(SCRATCH, 8));
  }
  m.store(instruction.dst, RSP, 8);
}
