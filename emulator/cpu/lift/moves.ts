// Meaning of moves, exchanges, the stack and flag-image instructions.
import { add, and, bitNot, compare, condition, or, select, shl, shrS, shrU, sub, word } from '../ir/build';
import { flagsImage, signExtend, wordsOfFlags } from '../ir/flags';
import type { Size, Word } from '../ir/nodes';
import { Field } from '../layout';
import { type Lifter, truncate, usesStack } from './lifter';

const RAX = 0;
const RDX = 2;
const RBX = 3;
const RSP = 4;
const RBP = 5;

/** Loads the destination register from the source, extended. */
function extendMove(lifter: Lifter, signed: boolean): void {
  const from = lifter.sizeOf(1);
  const source = lifter.read(1, from);
  lifter.write(0, signed ? truncate(signExtend(source, from), lifter.size) : source, lifter.size);
}

function loadAddress(lifter: Lifter): void {
  const operand = lifter.operand(1);
  if (operand.kind === 'memory')
    lifter.write(0, truncate(lifter.let(lifter.offsetOf(operand)), lifter.size), lifter.size);
  else lifter.system();
}

/** Bytes of `value` in opposite order. */
function reverseBytes(lifter: Lifter, value: Word, size: Size): Word {
  if (size === 2) return or(shrU(value, word(8n)), and(shl(value, word(8n)), word(0xff00n)));
  let result = value;
  const swap = (mask: bigint, shift: bigint): void => {
    const held = lifter.let(result);
    result = or(and(shrU(held, word(shift)), word(mask)), shl(and(held, word(mask)), word(shift)));
  };
  swap(0x00ff00ff00ff00ffn, 8n);
  swap(0x0000ffff0000ffffn, 16n);
  if (size === 8) swap(0x00000000ffffffffn, 32n);
  return truncate(result, size);
}

function moveBytesReversed(lifter: Lifter): void {
  const size = lifter.sizeOf(0);
  lifter.write(0, lifter.let(reverseBytes(lifter, lifter.read(1, size), size)), size);
}

function swapBytes(lifter: Lifter): void {
  const size = lifter.sizeOf(0);
  // bswap of a 16-bit register is undefined; processors clear it.
  const value = size === 2 ? word(0n) : reverseBytes(lifter, lifter.read(0, size), size);
  lifter.write(0, lifter.let(value), size);
}

function exchange(lifter: Lifter): void {
  const size = lifter.sizeOf(0);
  const second = lifter.modify(1, size);
  const first = lifter.modify(0, size);
  first.write(second.value);
  second.write(first.value);
}

function exchangeAdd(lifter: Lifter): void {
  const size = lifter.sizeOf(0);
  const source = lifter.read(1, size);
  const place = lifter.modify(0, size);
  const result = lifter.let(truncate(add(place.value, source), size));
  lifter.write(1, place.value, size);
  place.write(result);
  lifter.flags('add', size, place.value, source, result);
}

function compareExchange(lifter: Lifter): void {
  const size = lifter.sizeOf(0);
  const source = lifter.read(1, size);
  const place = lifter.modify(0, size);
  const accumulator = lifter.register(RAX, size);
  const result = lifter.let(truncate(sub(accumulator, place.value), size));
  const equal = compare('eq', accumulator, place.value);
  if (lifter.operand(0).kind === 'memory') {
    // The bus cycle writes in any case.
    place.write(select(equal, source, place.value));
    lifter.when(bitNot(equal), () => lifter.setRegister(RAX, size, place.value));
  } else {
    lifter.when(
      equal,
      () => place.write(source),
      () => lifter.setRegister(RAX, size, place.value),
    );
  }
  lifter.flags('sub', size, accumulator, place.value, result);
}

function conditionalMove(lifter: Lifter): void {
  const size = lifter.sizeOf(0);
  const source = lifter.read(1, size);
  const old = lifter.read(0, size);
  lifter.write(0, lifter.let(select(condition(lifter.decoded.entry.condition), source, old)), size);
}

function setByte(lifter: Lifter): void {
  lifter.write(0, lifter.let({ kind: 'fromBit', a: condition(lifter.decoded.entry.condition) }), 1);
}

/** cbw, cwde, cdqe: the accumulator's lower half sign-extended into it. */
function convert(lifter: Lifter): void {
  const half: Size = lifter.size === 8 ? 4 : lifter.size === 4 ? 2 : 1;
  const value = signExtend(lifter.register(RAX, half), half);
  lifter.setRegister(RAX, lifter.size, truncate(value, lifter.size));
}

/** cwd, cdq, cqo: the accumulator's sign into rdx. */
function extend(lifter: Lifter): void {
  const value = signExtend(lifter.register(RAX, lifter.size), lifter.size);
  lifter.setRegister(RDX, lifter.size, truncate(shrS(value, word(63n)), lifter.size));
}

function translateByte(lifter: Lifter): void {
  const index = lifter.register(RAX, 1);
  const table: Word = { kind: 'field', offset: Field.registers + RBX * 8, size: 8 };
  let address = add(table, index);
  if (lifter.decoded.addressSize === 4) address = and(address, word(0xffffffffn));
  const segment = lifter.decoded.segment;
  if (segment)
    address = add(address, {
      kind: 'field',
      offset: segment === 'fs' ? Field.fsBase : Field.gsBase,
      size: 8,
    });
  lifter.setRegister(RAX, 1, lifter.load(lifter.let(address), 1));
}

/** Stores at the new top of stack, then moves rsp: a fault leaves rsp alone. */
export function pushWord(lifter: Lifter, value: Word, size: Size): void {
  const top = lifter.let(sub(lifter.register(RSP, 8), word(BigInt(size))));
  lifter.store(top, size, value, true);
  lifter.setRegister(RSP, 8, top);
}

function push(lifter: Lifter): void {
  const operand = lifter.operand(0);
  const value: Word =
    operand.kind === 'segment'
      ? lifter.let({ kind: 'field', offset: Field.selectors + operand.register * 2, size: 2 })
      : lifter.read(0, lifter.size);
  pushWord(lifter, value, lifter.size);
}

function pop(lifter: Lifter): void {
  const operand = lifter.operand(0);
  if (operand.kind === 'segment') {
    lifter.system();
    return;
  }
  const size = lifter.size;
  const top = lifter.register(RSP, 8);
  const value = lifter.load(top, size, true);
  const after = lifter.let(add(top, word(BigInt(size))));
  if (operand.kind === 'memory') {
    // The address is formed with rsp already moved.
    let address = lifter.addressOf(operand);
    if (operand.base === RSP) address = lifter.let(add(address, word(BigInt(size))));
    lifter.store(address, size, value, usesStack(operand));
    lifter.setRegister(RSP, 8, after);
  } else {
    lifter.setRegister(RSP, 8, after);
    lifter.write(0, value, size);
  }
}

function leave(lifter: Lifter): void {
  const frame = lifter.register(RBP, 8);
  const value = lifter.load(frame, lifter.size, true);
  lifter.setRegister(RSP, 8, add(frame, word(BigInt(lifter.size))));
  lifter.setRegister(RBP, lifter.size, value);
}

/** The whole of RFLAGS as pushf stores it: RF reads as zero, bit 1 as one. */
export function flagsRegister(lifter: Lifter): Word {
  const system: Word = { kind: 'field', offset: Field.flagSystem, size: 4 };
  const result = lifter.let({ kind: 'flagResult' });
  const carries = lifter.let({ kind: 'flagCarries' });
  return lifter.let(or(or(flagsImage(result, carries), and(system, word(0xfffcffffn))), word(2n)));
}

function loadFlagsToAh(lifter: Lifter): void {
  lifter.setRegister(RAX, 1, and(flagsRegister(lifter), word(0xd7n)), true);
}

function storeAhToFlags(lifter: Lifter): void {
  const overflow = lifter.let(shl({ kind: 'fromBit', a: condition(0) }, word(11n)));
  const image = lifter.let(or(and(lifter.register(RAX, 1, true), word(0xd5n)), overflow));
  const { result, carries } = wordsOfFlags(image);
  lifter.emit({ kind: 'setFlags', result: lifter.let(result), carries: lifter.let(carries) });
}

/** The families of this file by operation name. */
export const moves: Readonly<Record<string, (lifter: Lifter) => void>> = {
  mov: (l) => l.write(0, l.read(1, l.sizeOf(0))),
  movzx: (l) => extendMove(l, false),
  movsx: (l) => extendMove(l, true),
  movbe: moveBytesReversed,
  lea: loadAddress,
  xchg: exchange,
  xadd: exchangeAdd,
  cmpxchg: compareExchange,
  bswap: swapBytes,
  cmovcc: conditionalMove,
  setcc: setByte,
  convert,
  extend,
  xlat: translateByte,
  push,
  pop,
  pushf: (l) => pushWord(l, flagsRegister(l), l.size),
  leave,
  lahf: loadFlagsToAh,
  sahf: storeAhToFlags,
};
