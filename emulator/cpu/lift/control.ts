// Meaning of jumps, calls, returns, loops and the one-flag instructions.
import {
  add,
  and,
  bitAnd,
  bitNot,
  condition,
  fromBit,
  isZero,
  nonZero,
  or,
  shl,
  shrS,
  shrU,
  sub,
  word,
  xor,
} from '../ir/build';
import type { Bit, Size, Word } from '../ir/nodes';
import { Field } from '../layout';
import { type Lifter, truncate } from './lifter';
import { pushWord } from './moves';
import { setCarryOnly } from './shifts';

const RAX = 0;
const RCX = 1;
const RDX = 2;
const RSP = 4;
const DIRECTION = 0x400n;
const INTERRUPT = 0x200n;

/** True of an address whose upper 17 bits are not all alike. */
export function isNotCanonical(address: Word): Bit {
  return nonZero(xor(shrS(shl(address, word(16n)), word(16n)), address));
}

/** Leaves a target that is not canonical to the branch's procedure, which faults before anything has happened. */
function canonicalTarget(lifter: Lifter, value: Word): Word {
  const to = lifter.let(value);
  lifter.when(isNotCanonical(to), () => lifter.system());
  return to;
}

/** Target of a near branch: a constant, or the value of a register or memory operand. */
function target(lifter: Lifter): Word {
  const operand = lifter.operand(0);
  if (operand.kind === 'relative') return word(lifter.next + BigInt(operand.displacement));
  return canonicalTarget(lifter, lifter.read(0, 8));
}

function relativeTarget(lifter: Lifter): bigint {
  const operand = lifter.operand(0);
  return operand.kind === 'relative'
    ? BigInt.asUintN(64, lifter.next + BigInt(operand.displacement))
    : lifter.next;
}

function call(lifter: Lifter): void {
  const to = target(lifter);
  pushWord(lifter, word(lifter.next), 8);
  lifter.emit({ kind: 'jump', target: to, role: 'call' });
}

function ret(lifter: Lifter): void {
  const top = lifter.register(RSP, 8);
  const to = canonicalTarget(lifter, lifter.load(top, 8, true));
  const operand = lifter.decoded.operands[0];
  const extra = operand?.kind === 'immediate' ? operand.value & 0xffffn : 0n;
  lifter.setRegister(RSP, 8, add(top, word(8n + extra)));
  lifter.emit({ kind: 'jump', target: to, role: 'return' });
}

function branch(lifter: Lifter, taken: Bit): void {
  lifter.emit({ kind: 'branch', condition: taken, target: relativeTarget(lifter) });
}

/** loop, loope, loopne: rcx (ecx with an address-size prefix) is counted down first. */
function loop(lifter: Lifter, extra: Bit | undefined): void {
  const size: Size = lifter.decoded.addressSize;
  const count = lifter.let(truncate(sub(lifter.register(RCX, size), word(1n)), size));
  lifter.setRegister(RCX, size, count);
  const more = nonZero(count);
  branch(lifter, extra ? bitAnd(more, extra) : more);
}

function setSystemFlag(lifter: Lifter, bit: bigint, on: boolean): void {
  const old: Word = { kind: 'field', offset: Field.flagSystem, size: 4 };
  const value = on ? or(old, word(bit)) : and(old, word(0xffffffffn & ~bit));
  lifter.emit({ kind: 'setField', offset: Field.flagSystem, size: 4, value });
}

/** cli in ring 0 is just a flag; elsewhere IOPL decides, which the procedure looks at. */
function clearInterrupt(lifter: Lifter): void {
  const ring0 = isZero({ kind: 'field', offset: Field.cpl, size: 4 });
  lifter.when(
    bitNot(ring0),
    () => lifter.system(),
    () => setSystemFlag(lifter, INTERRUPT, false),
  );
}

/**
 * sti in ring 0 while no interrupt is pending: IF, and the shadow over the next instruction if IF was clear. Engines
 * must not take an interrupt, nor keep the shadow, beyond that instruction.
 */
function setInterrupt(lifter: Lifter): void {
  const at = (offset: number, size: Size): Word => ({ kind: 'field', offset, size });
  const pending = or(
    or(at(Field.pending, 8), at(Field.pending + 8, 8)),
    or(at(Field.pending + 16, 8), at(Field.pending + 24, 8)),
  );
  lifter.when(nonZero(or(at(Field.cpl, 4), pending)), () => lifter.system());
  lifter.when(isZero(and(at(Field.flagSystem, 4), word(INTERRUPT))), () => {
    lifter.emit({ kind: 'setField', offset: Field.interruptShadow, size: 4, value: word(1n) });
  });
  setSystemFlag(lifter, INTERRUPT, true);
}

/** swapgs in ring 0. */
function swapGs(lifter: Lifter): void {
  const ring0 = isZero({ kind: 'field', offset: Field.cpl, size: 4 });
  lifter.when(bitNot(ring0), () => lifter.system());
  const user = lifter.let({ kind: 'field', offset: Field.gsBase, size: 8 });
  const kernel = lifter.let({ kind: 'field', offset: Field.kernelGsBase, size: 8 });
  lifter.emit({ kind: 'setField', offset: Field.gsBase, size: 8, value: kernel });
  lifter.emit({ kind: 'setField', offset: Field.kernelGsBase, size: 8, value: user });
}

/** rdtsc in ring 0; elsewhere CR4.TSD decides, which the procedure looks at. */
function readTimeStamp(lifter: Lifter): void {
  const ring0 = isZero({ kind: 'field', offset: Field.cpl, size: 4 });
  lifter.when(bitNot(ring0), () => lifter.system());
  const now = lifter.let({ kind: 'clock' });
  lifter.setRegister(RAX, 4, now);
  lifter.setRegister(RDX, 8, shrU(now, word(32n)));
}

/** A repeated string instruction that has nothing to do; all others are their procedure's. */
function repeated(lifter: Lifter): void {
  if (!lifter.decoded.rep) lifter.system();
  else lifter.when(nonZero(lifter.register(RCX, lifter.decoded.addressSize)), () => lifter.system());
}

/** The families of this file by operation name. */
export const control: Readonly<Record<string, (lifter: Lifter) => void>> = {
  call,
  jmp: (l) => l.emit({ kind: 'jump', target: target(l), role: 'jump' }),
  ret,
  jcc: (l) => branch(l, condition(l.decoded.entry.condition)),
  loop: (l) => loop(l, undefined),
  loope: (l) => loop(l, condition(4)),
  loopne: (l) => loop(l, condition(5)),
  jrcxz: (l) => branch(l, isZero(l.register(RCX, l.decoded.addressSize))),
  movs: repeated,
  stos: repeated,
  lods: repeated,
  scas: repeated,
  cmps: repeated,
  nop: () => undefined,
  lfence: () => undefined,
  mfence: () => undefined,
  sfence: () => undefined,
  clflush: (l) => void l.read(0, 1),
  clc: (l) => setCarryOnly(l, word(0n)),
  stc: (l) => setCarryOnly(l, word(1n)),
  cmc: (l) => setCarryOnly(l, l.let(fromBit(condition(3)))),
  cld: (l) => setSystemFlag(l, DIRECTION, false),
  std: (l) => setSystemFlag(l, DIRECTION, true),
  cli: clearInterrupt,
  sti: setInterrupt,
  swapgs: swapGs,
  rdtsc: readTimeStamp,
};
