/**
 * Instruction selection for arithmetic: two-address forms, shifts, division, comparisons, overflow checks, atomics.
 */
import type { Atomic, Binary, Compare, Condition, Divide, Extend, Operand, Overflow, Unary } from '../ir/ir';
import { NONE } from '../ir/ir';
import { fitsInt32, immediate, type Machine, register } from './machine';
import { isCommutative, RAX, RCX, RDX, SCRATCH, SCRATCH2 } from './timing';

/** Condition suffixes of the instruction set. */
export const SUFFIX: Readonly<Record<Condition, string>> = {
  eq: 'e',
  ne: 'ne',
  lt: 'l',
  le: 'le',
  gt: 'g',
  ge: 'ge',
  b: 'b',
  be: 'be',
  a: 'a',
  ae: 'ae',
};

const SWAPPED: Readonly<Record<Condition, Condition>> = {
  eq: 'eq',
  ne: 'ne',
  lt: 'gt',
  le: 'ge',
  gt: 'lt',
  ge: 'le',
  b: 'a',
  be: 'ae',
  a: 'b',
  ae: 'be',
};

function sameValue(a: Operand, b: Operand): boolean {
  return typeof a === 'number' && a === b;
}

export function selectBinary(m: Machine, instruction: Binary): void {
  const { operator, dst, size } = instruction;
  let { left, right } = instruction;
  if (m.isUnused(dst)) return;
  if (operator === 'shl' || operator === 'shr' || operator === 'sar') {
    selectShift(m, instruction);
    return;
  }
  if (isCommutative(operator) && (typeof left === 'bigint' || sameValue(right, dst)))
    [left, right] = [right, left];
  const target = m.registerOf(dst);
  // A spilled variable changed in place.
  if (target === NONE && sameValue(left, dst) && operator !== 'mul') {
    const source = m.source(right, size, SCRATCH);
    const fromMemory = source.kind === 'memory';
    if (fromMemory) m.load(SCRATCH, right, size);
    m.emit.op(operator, size, m.place(dst, size), fromMemory ? register(SCRATCH, size) : source);
    return;
  }
  if (operator === 'add' && target !== NONE && selectLeaAdd(m, target, left, right, size)) return;
  if (operator === 'mul') {
    selectMultiply(m, dst, left, right, size);
    return;
  }
  const rightMachine = typeof right === 'number' ? m.registerOf(right) : NONE;
  if (target !== NONE && rightMachine === target) {
    const leftMachine = typeof left === 'number' ? m.registerOf(left) : NONE;
    if (isCommutative(operator)) {
      m.emit.op(operator, size, register(target, size), m.source(left, size, SCRATCH));
      return;
    }
    if (leftMachine !== target) {
      m.load(SCRATCH, left, size);
      m.emit.op(operator, size, register(SCRATCH, size), register(target, size));
      m.store(dst, SCRATCH, size);
      return;
    }
  }
  const work = target === NONE ? SCRATCH : target;
  m.load(work, left, size);
  m.emit.op(operator, size, register(work, size), m.source(right, size, SCRATCH2));
  m.store(dst, work, size);
}

/** dst = left + right as lea, when that saves a move. */
function selectLeaAdd(m: Machine, target: number, left: Operand, right: Operand, size: 4 | 8): boolean {
  if (typeof left !== 'number') return false;
  const base = m.registerOf(left);
  if (base === NONE || base === target) return false;
  if (typeof right === 'bigint') {
    const value = BigInt.asIntN(size * 8, right);
    if (!fitsInt32(value)) return false;
    const memory = { kind: 'memory', base, displacement: Number(value) } as const;
    m.emit.op('lea', size, register(target, size), memory);
    return true;
  }
  const index = m.registerOf(right);
  if (index === NONE || index === target) return false;
  m.emit.op('lea', size, register(target, size), { kind: 'memory', base, index, scale: 1, displacement: 0 });
  return true;
}

function selectMultiply(m: Machine, dst: number, left: Operand, right: Operand, size: 4 | 8): void {
  const work = m.target(dst, SCRATCH);
  if (typeof right === 'bigint' && fitsInt32(BigInt.asIntN(size * 8, right))) {
    const factor = immediate(BigInt.asIntN(size * 8, right));
    if (typeof left === 'bigint') {
      m.load(work, left, size);
      m.emit.op('imul', size, register(work, size), register(work, size), factor);
    } else m.emit.op('imul', size, register(work, size), m.place(left, size), factor);
  } else if (typeof right === 'number' && m.registerOf(right) === work) {
    m.emit.op('imul', size, register(work, size), sourceInRegister(m, left, size, SCRATCH2));
  } else {
    m.load(work, left, size);
    m.emit.op('imul', size, register(work, size), sourceInRegister(m, right, size, SCRATCH2));
  }
  m.store(dst, work, size);
}

/** Like source(), but never an immediate. */
function sourceInRegister(
  m: Machine,
  operand: Operand,
  size: number,
  scratch: number,
): ReturnType<Machine['place']> {
  if (typeof operand === 'number') return m.place(operand, size);
  m.load(scratch, operand, size);
  return register(scratch, size);
}

function selectShift(m: Machine, instruction: Binary): void {
  const { operator, dst, left, right, size } = instruction;
  const target = m.registerOf(dst);
  if (typeof right === 'bigint') {
    const count = Number(right & BigInt(size * 8 - 1));
    if (target === NONE && sameValue(left, dst)) {
      m.emit.op(operator, size, m.place(dst, size), immediate(count));
      return;
    }
    const work = target === NONE ? SCRATCH : target;
    m.load(work, left, size);
    m.emit.op(operator, size, register(work, size), immediate(count));
    m.store(dst, work, size);
    return;
  }
  const rightMachine = m.registerOf(right);
  const leftMachine = typeof left === 'number' ? m.registerOf(left) : NONE;
  let work = target === NONE || target === RCX ? SCRATCH : target;
  if (rightMachine === work && leftMachine !== work) work = SCRATCH;
  if (leftMachine === RCX && rightMachine !== RCX) {
    if (work === rightMachine) work = SCRATCH;
    m.load(work, left, size);
    m.load(RCX, right, 4);
  } else {
    m.load(RCX, right, 4);
    m.load(work, left, size);
  }
  m.emit.op(operator, size, register(work, size), { kind: 'register', register: RCX, size: 1 });
  m.store(dst, work, size);
}

export function selectDivide(m: Machine, instruction: Divide): void {
  const { operator, signed, dst, left, right, size } = instruction;
  let divisor = typeof right === 'number' ? m.place(right, size) : register(SCRATCH, size);
  if (typeof right === 'bigint') m.load(SCRATCH, right, size);
  if (typeof right === 'number') {
    const machine = m.registerOf(right);
    if (machine === RAX || machine === RDX) {
      m.load(SCRATCH, right, size);
      divisor = register(SCRATCH, size);
    }
  }
  m.load(RAX, left, size);
  if (signed) m.emit.bytes(...(size === 8 ? [0x48, 0x99] : [0x99]));
  else m.emit.op('xor', 4, register(RDX, 4), register(RDX, 4));
  m.emit.op(signed ? 'idiv' : 'div', size, divisor);
  m.store(dst, operator === 'div' ? RAX : RDX, size);
}

export function selectUnary(m: Machine, instruction: Unary): void {
  const { operator, dst, src, size } = instruction;
  if (m.isUnused(dst)) return;
  if (operator === 'bsf' || operator === 'bsr') {
    const work = m.target(dst, SCRATCH);
    m.emit.op(operator, size, register(work, size), sourceInRegister(m, src, size, SCRATCH2));
    m.store(dst, work, size);
    return;
  }
  if (m.registerOf(dst) === NONE && sameValue(src, dst) && (operator === 'neg' || operator === 'not')) {
    m.emit.op(operator, size, m.place(dst, size));
    return;
  }
  const work = m.target(dst, SCRATCH);
  m.load(work, src, size);
  if (operator === 'bswap16') {
    m.emit.op('rol', 2, register(work, 2), immediate(8));
    m.emit.op('movzx', 4, register(work, 4), register(work, 2));
  } else m.emit.op(operator, size, register(work, size));
  m.store(dst, work, size);
}

export function selectExtend(m: Machine, instruction: Extend): void {
  const { dst, src, from, signed, size } = instruction;
  if (m.isUnused(dst)) return;
  const work = m.target(dst, SCRATCH);
  const source = m.place(src, from);
  if (from === 4) {
    if (signed) m.emit.op('movsxd', 8, register(work, 8), source);
    else m.emit.op('mov', 4, register(work, 4), source);
  } else {
    const wide = signed && size === 8 ? 8 : 4;
    m.emit.op(signed ? 'movsx' : 'movzx', wide, register(work, wide), source);
  }
  m.store(dst, work, size);
}

/** Emits cmp or test and returns the condition to use (operands may have been exchanged). */
export function selectComparison(
  m: Machine,
  condition: Condition,
  test: boolean,
  left: Operand,
  right: Operand,
  size: 4 | 8,
): Condition {
  if (typeof left === 'bigint' && typeof right === 'number') {
    return selectComparison(m, test ? condition : SWAPPED[condition], test, right, left, size);
  }
  if (typeof left === 'bigint') {
    m.load(SCRATCH, left, size);
    m.emit.op(test ? 'test' : 'cmp', size, register(SCRATCH, size), m.source(right, size, SCRATCH2));
    return condition;
  }
  const zero = typeof right === 'bigint' && BigInt.asIntN(size * 8, right) === 0n;
  if (zero && !test && !m.inMemory(left)) {
    const machine = register(m.registerOf(left), size);
    m.emit.op('test', size, machine, machine);
    return condition;
  }
  let a = m.place(left, size);
  let b = m.source(right, size, SCRATCH2);
  if (a.kind === 'memory' && b.kind === 'memory') {
    m.load(SCRATCH, left, size);
    a = register(SCRATCH, size);
  }
  // test has no form that reads memory on the right; it does not mind the order.
  if (test && b.kind === 'memory') [a, b] = [b, a];
  m.emit.op(test ? 'test' : 'cmp', size, a, b);
  return condition;
}

/** virtual = 1 if the flag condition holds, else 0. */
export function selectFlag(m: Machine, suffix: string, dst: number): void {
  if (m.isUnused(dst)) return;
  const work = m.target(dst, SCRATCH);
  m.emit.op(`set${suffix}`, 1, register(work, 1));
  m.emit.op('movzx', 4, register(work, 4), register(work, 1));
  m.store(dst, work, 4);
}

export function selectCompare(m: Machine, instruction: Compare): void {
  const { condition, test, dst, left, right, size } = instruction;
  if (m.isUnused(dst)) return;
  const used = selectComparison(m, condition, test, left, right, size);
  selectFlag(m, SUFFIX[used], dst);
}

export function selectOverflow(m: Machine, instruction: Overflow): void {
  const { operator, signed, dst, flag, left, right } = instruction;
  const size = instruction.size === 8 ? 8 : 4;
  if (operator === 'mul' && !signed) {
    let factor = sourceInRegister(m, right, size, SCRATCH);
    if (factor.kind === 'register' && (factor.register === RAX || factor.register === RDX)) {
      m.load(SCRATCH, right, size);
      factor = register(SCRATCH, size);
    }
    m.load(RAX, left, size);
    m.emit.op('mul', size, factor);
    m.store(dst, RAX, size);
    selectFlag(m, 'o', flag);
    return;
  }
  const target = m.target(dst, SCRATCH);
  const clash = typeof right === 'number' && m.registerOf(right) === target;
  const work = clash ? SCRATCH : target;
  m.load(work, left, size);
  if (operator === 'mul')
    m.emit.op('imul', size, register(work, size), sourceInRegister(m, right, size, SCRATCH2));
  else m.emit.op(operator, size, register(work, size), m.source(right, size, SCRATCH2));
  m.store(dst, work, size);
  selectFlag(m, signed || operator === 'mul' ? 'o' : 'b', flag);
}

export function selectAtomic(m: Machine, instruction: Atomic): void {
  const { operator, dst, flag, size, src } = instruction;
  const wide = size === 8 ? 8 : 4;
  if (operator === 'compareExchange') {
    m.load(RAX, instruction.expected, wide);
    const memory = m.memory(instruction.address, size);
    const desired = m.inRegister(src, wide, SCRATCH2);
    m.emit.locked('cmpxchg', size, memory, register(desired, size));
    if (dst !== NONE) m.store(dst, RAX, wide);
    if (flag !== NONE) selectFlag(m, 'e', flag);
    return;
  }
  const memory = m.memory(instruction.address, size);
  const work = dst === NONE ? SCRATCH2 : m.target(dst, SCRATCH2);
  m.load(work, src, wide);
  if (operator === 'exchange') m.emit.op('xchg', size, memory, register(work, size));
  else m.emit.locked('xadd', size, memory, register(work, size));
  if (dst !== NONE) m.store(dst, work, wide);
}
