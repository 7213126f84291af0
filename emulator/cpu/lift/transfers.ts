// Meaning of the control transfers between privilege levels and of int3, in the cases that a kernel runs all the time:
// from ring 0 (syscall: from anywhere), to segments that are as they should be, with nothing to trap or interrupt
// behind it. Every other case is left to the procedure in system/, before anything has happened.
import {
  add,
  and,
  bitAnd,
  bitNot,
  bitOr,
  compare,
  isZero,
  nonZero,
  or,
  shl,
  shrU,
  sub,
  word,
} from '../ir/build';
import { wordsOfFlags } from '../ir/flags';
import type { Bit, Size, Word } from '../ir/nodes';
import { Field, PAGE } from '../layout';
import { isNotCanonical } from './control';
import type { Lifter } from './lifter';
import { flagsRegister } from './moves';

const RCX = 1;
const RSP = 4;
const R11 = 11;
const CS = Field.selectors + 2;
const SS = Field.selectors + 4;
const SYSTEM_CALLS = 1n;

const TRAP = 0x100n;
const INTERRUPT = 0x200n;
const NESTED = 0x4000n;
const RESUME = 0x10000n;
/** What RFLAGS has apart from the arithmetic flags. */
const SYSTEM_FLAGS = 0x257700n;

/** Descriptor bits as bits of the whole 64-bit descriptor (SDM volume 3, figure 3-8). */
const PRESENT = 1n << 47n;
const ORDINARY = 1n << 44n;
const CODE = 1n << 43n;
const CONFORMING = 1n << 42n;
const WRITABLE = 1n << 41n;
const LONG = 1n << 53n;
const LEVEL_SHIFT = 45n;
const LEVEL = 3n << LEVEL_SHIFT;

/** Gates: offset 15..0 and 31..16, selector, IST, type (SDM volume 3, figure 6-8). */
const INTERRUPT_GATE = 0x8en;
const BREAKPOINT_VECTOR = 3n;
const FRAME_BYTES = 40n;

function field(offset: number, size: Size): Word {
  return { kind: 'field', offset, size };
}

function not(a: Word, b: Word): Bit {
  return compare('ne', a, b);
}

function any(...bits: Bit[]): Bit {
  return bits.reduce(bitOr);
}

function notRing0(): Bit {
  return nonZero(field(Field.cpl, 4));
}

/** The instruction is its procedure's if one of these holds. */
function leaveIf(lifter: Lifter, ...bits: Bit[]): void {
  lifter.when(any(...bits), () => lifter.system());
}

/** With these flags something happens behind the instruction that only the engines' loops do: a trap, an interrupt. */
function flagsNeedCare(flags: Word): Bit {
  const pending = [0, 8, 16, 24].map((at) => field(Field.pending + at, 8)).reduce(or);
  return bitOr(
    nonZero(and(flags, word(TRAP))),
    bitAnd(nonZero(and(flags, word(INTERRUPT))), nonZero(pending)),
  );
}

/** All of RFLAGS from an image. */
function setFlagsRegister(lifter: Lifter, image: Word, keep: bigint): void {
  const { result, carries } = wordsOfFlags(image);
  lifter.emit({ kind: 'setFlags', result: lifter.let(result), carries: lifter.let(carries) });
  const value = and(image, word(SYSTEM_FLAGS & keep));
  lifter.emit({ kind: 'setField', offset: Field.flagSystem, size: 4, value });
}

function setSelector(lifter: Lifter, offset: number, value: Word): void {
  lifter.emit({ kind: 'setField', offset, size: 2, value });
}

function setLevel(lifter: Lifter, value: Word): void {
  lifter.emit({ kind: 'setField', offset: Field.cpl, size: 4, value });
}

/** A selector of the GDT that lies outside it, or is of the LDT. */
function outsideTable(selector: Word): Bit {
  const last = or(and(selector, word(0xfff8n)), word(7n));
  return bitOr(compare('ltU', field(Field.gdtr + 8, 4), last), nonZero(and(selector, word(4n))));
}

function descriptor(lifter: Lifter, selector: Word): Word {
  const at = lifter.let(add(field(Field.gdtr, 8), and(selector, word(0xfff8n))));
  return lifter.load(at, 8);
}

/** A code segment that code at `level` cannot run in. */
function notCode(entry: Word, level: Word): Bit {
  const bits = PRESENT | ORDINARY | CODE | CONFORMING | LONG | LEVEL;
  const wanted = or(shl(level, word(LEVEL_SHIFT)), word(PRESENT | ORDINARY | CODE | LONG));
  return not(and(entry, word(bits)), wanted);
}

/** A stack segment that `level` cannot use; `empty`: the selector is null, which ring 0 may use. */
function notStack(entry: Word, selector: Word, level: Word, empty: Bit): Bit {
  const wanted = or(shl(level, word(LEVEL_SHIFT)), word(PRESENT | ORDINARY | WRITABLE));
  const unfit = not(and(entry, word(PRESENT | ORDINARY | CODE | WRITABLE | LEVEL)), wanted);
  return any(
    not(and(selector, word(3n)), level),
    bitAnd(empty, nonZero(level)),
    bitAnd(bitNot(empty), unfit),
  );
}

function isNull(selector: Word): Bit {
  return isZero(and(selector, word(0xfffcn)));
}

/** int3 in ring 0 through a gate without IST to ring 0: no stack switch. */
function breakpoint(lifter: Lifter): void {
  const gateEnd = word(BREAKPOINT_VECTOR * 16n + 15n);
  leaveIf(lifter, notRing0(), compare('ltU', field(Field.idtr + 8, 4), gateEnd));
  const at = lifter.let(add(field(Field.idtr, 8), word(BREAKPOINT_VECTOR * 16n)));
  const gate = lifter.load(at, 8);
  const high = lifter.load(lifter.let(add(at, word(8n))), 4);
  const type = and(shrU(gate, word(40n)), word(0x9fn));
  const selector = lifter.let(and(shrU(gate, word(16n)), word(0xffffn)));
  // A trap gate differs from an interrupt gate in its lowest type bit only.
  const otherGate = not(and(type, word(0x9en)), word(INTERRUPT_GATE));
  const ist = nonZero(and(shrU(gate, word(32n)), word(7n)));
  leaveIf(lifter, otherGate, ist, isNull(selector), outsideTable(selector));
  const entry = descriptor(lifter, selector);
  const before = lifter.register(RSP, 8);
  const bottom = lifter.let(sub(and(before, word(0xfffffffffffffff0n)), word(FRAME_BYTES)));
  const crosses = compare('ltU', word(BigInt(PAGE) - FRAME_BYTES), and(bottom, word(BigInt(PAGE - 1))));
  const old = lifter.let(field(Field.flagSystem, 4));
  const isTrapGate = and(shrU(gate, word(40n)), word(1n));
  const cleared = or(word(TRAP | NESTED | RESUME), and(sub(isTrapGate, word(1n)), word(INTERRUPT)));
  const flags = lifter.let(sub(old, and(old, cleared)));
  leaveIf(lifter, notCode(entry, word(0n)), isNotCanonical(before), crosses, flagsNeedCare(flags));
  const frame = [
    word(lifter.next),
    lifter.let(field(CS, 2)),
    lifter.let(or(flagsRegister(lifter), and(old, word(RESUME)))),
    before,
    lifter.let(field(SS, 2)),
  ];
  // As the processor pushes them; all of it is in one page, so only the first can fault.
  for (let place = frame.length - 1; place >= 0; place--) {
    lifter.store(lifter.let(add(bottom, word(BigInt(place * 8)))), 8, frame[place], true);
  }
  lifter.setRegister(RSP, 8, bottom);
  setSelector(lifter, CS, and(selector, word(0xfffcn)));
  lifter.emit({ kind: 'setField', offset: Field.flagSystem, size: 4, value: flags });
  const low = or(and(gate, word(0xffffn)), and(shrU(gate, word(32n)), word(0xffff0000n)));
  lifter.emit({ kind: 'jump', target: lifter.let(or(low, shl(high, word(32n)))), role: 'jump' });
}

/** iretq in ring 0, to ring 0 or 3. */
function returnFromInterrupt(lifter: Lifter): void {
  if (lifter.size !== 8) {
    lifter.system();
    return;
  }
  leaveIf(lifter, notRing0(), nonZero(and(field(Field.flagSystem, 4), word(NESTED))));
  const top = lifter.register(RSP, 8);
  const [rip, codeWord, flags, stack, stackWord] = [0n, 8n, 16n, 24n, 32n].map((at) =>
    lifter.load(lifter.let(add(top, word(at))), 8, true),
  );
  const cs = lifter.let(and(codeWord, word(0xffffn)));
  const ss = lifter.let(and(stackWord, word(0xffffn)));
  const level = lifter.let(and(cs, word(3n)));
  // On the way to ring 3 data segments of ring 0 are dropped: the procedure's work, unless they are null already.
  const dataSegments = [0, 6, 8, 10].map((at) => field(Field.selectors + at, 2)).reduce(or);
  const plain = bitOr(isZero(level), bitAnd(compare('eq', level, word(3n)), isNull(dataSegments)));
  leaveIf(
    lifter,
    bitNot(plain),
    isNull(cs),
    outsideTable(cs),
    outsideTable(ss),
    isNotCanonical(rip),
    flagsNeedCare(flags),
  );
  const code = descriptor(lifter, cs);
  const stackEntry = descriptor(lifter, ss);
  leaveIf(lifter, notCode(code, level), notStack(stackEntry, ss, level, isNull(ss)));
  setFlagsRegister(lifter, flags, SYSTEM_FLAGS);
  lifter.setRegister(RSP, 8, stack);
  setSelector(lifter, CS, cs);
  setSelector(lifter, SS, ss);
  setLevel(lifter, level);
  lifter.emit({ kind: 'jump', target: rip, role: 'jump' });
}

function systemCall(lifter: Lifter): void {
  leaveIf(lifter, isZero(and(field(Field.efer, 4), word(SYSTEM_CALLS))));
  const before = flagsRegister(lifter);
  const masked = and(before, field(Field.sfmask, 4));
  const flags = lifter.let(sub(before, masked));
  leaveIf(lifter, flagsNeedCare(flags));
  const selector = lifter.let(and(shrU(field(Field.star, 8), word(32n)), word(0xfffcn)));
  const target = lifter.let(field(Field.lstar, 8));
  lifter.setRegister(RCX, 8, word(lifter.next));
  lifter.setRegister(R11, 8, before);
  setFlagsRegister(lifter, flags, SYSTEM_FLAGS);
  setSelector(lifter, CS, selector);
  setSelector(lifter, SS, add(selector, word(8n)));
  setLevel(lifter, word(0n));
  // As after a call, the code behind it will be entered from elsewhere.
  lifter.emit({ kind: 'jump', target, role: 'call' });
}

function systemReturn(lifter: Lifter): void {
  if (lifter.size !== 8) {
    lifter.system();
    return;
  }
  const target = lifter.register(RCX, 8);
  const flags = lifter.register(R11, 8);
  leaveIf(
    lifter,
    notRing0(),
    isZero(and(field(Field.efer, 4), word(SYSTEM_CALLS))),
    isNotCanonical(target),
    flagsNeedCare(flags),
  );
  const selector = lifter.let(shrU(field(Field.star, 8), word(48n)));
  setFlagsRegister(lifter, flags, SYSTEM_FLAGS);
  setSelector(lifter, CS, or(add(selector, word(16n)), word(3n)));
  setSelector(lifter, SS, or(add(selector, word(8n)), word(3n)));
  setLevel(lifter, word(3n));
  lifter.emit({ kind: 'jump', target, role: 'jump' });
}

/** popfq in ring 0; RF does not come back this way. */
function popFlags(lifter: Lifter): void {
  if (lifter.size !== 8) {
    lifter.system();
    return;
  }
  leaveIf(lifter, notRing0());
  const top = lifter.register(RSP, 8);
  const flags = lifter.load(top, 8, true);
  leaveIf(lifter, flagsNeedCare(flags));
  setFlagsRegister(lifter, flags, SYSTEM_FLAGS & ~RESUME);
  lifter.setRegister(RSP, 8, add(top, word(8n)));
}

/** Reads of control registers in ring 0; writes have consequences that only the procedure knows. */
function readControl(lifter: Lifter): void {
  const [to, from] = lifter.decoded.operands;
  const place = from?.kind === 'control' ? controlFields.get(from.register) : undefined;
  if (to?.kind !== 'register' || place === undefined) {
    lifter.system();
    return;
  }
  leaveIf(lifter, notRing0());
  lifter.setRegister(to.register, 8, field(place, 8));
}

const controlFields: ReadonlyMap<number, number> = new Map([
  [0, Field.cr0],
  [2, Field.cr2],
  [3, Field.cr3],
  [4, Field.cr4],
]);

/** The families of this file by operation name. */
export const transfers: Readonly<Record<string, (lifter: Lifter) => void>> = {
  int3: breakpoint,
  iret: returnFromInterrupt,
  syscall: systemCall,
  sysret: systemReturn,
  popf: popFlags,
  movControl: readControl,
};
