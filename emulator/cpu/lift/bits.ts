// Meaning of single-bit instructions, scans, counts, and BMI1/BMI2 (pdep and pext go to system/bits.ts).
import {
  and,
  bitNot,
  compare,
  fromBit,
  isZero,
  nonZero,
  select,
  shl,
  shrS,
  shrU,
  sub,
  unary,
  word,
  xor,
} from '../ir/build';
import { signExtend } from '../ir/flags';
import type { Size, Word } from '../ir/nodes';
import { carryBits } from './arithmetic';
import { type Lifter, type Place, truncate, usesStack } from './lifter';
import { setCarryOnly } from './shifts';

const ones = word(0xffffffffffffffffn);
const none = word(0n);

/** The operand that holds the bit, and the bit's number in it. A register offset can reach beyond a memory operand. */
function bitPlace(lifter: Lifter, size: Size, change: boolean): { place: Place; bit: Word } {
  const operand = lifter.operand(0);
  const offsetOperand = lifter.operand(1);
  const bits = BigInt(size * 8);
  const offset = lifter.read(1, size);
  const bit = lifter.let(and(offset, word(bits - 1n)));
  if (operand.kind !== 'memory') {
    return {
      place: change ? lifter.modify(0, size) : { value: lifter.read(0, size), write: () => undefined },
      bit,
    };
  }
  const log = size === 8 ? 6n : size === 4 ? 5n : 4n;
  const units = shrS(signExtend(offset, size), word(log));
  const beyond = offsetOperand.kind === 'register' ? shl(units, word(log - 3n)) : undefined;
  const address = lifter.addressOf(operand, beyond);
  const stack = usesStack(operand);
  if (change) return { place: lifter.modifyMemory(address, size, stack), bit };
  return { place: { value: lifter.load(address, size, stack), write: () => undefined }, bit };
}

function bitTest(lifter: Lifter, change: ((value: Word, mask: Word) => Word) | undefined): void {
  const size = lifter.sizeOf(0);
  const { place, bit } = bitPlace(lifter, size, change !== undefined);
  const carry = lifter.let(and(shrU(place.value, bit), word(1n)));
  if (change) place.write(truncate(change(place.value, shl(word(1n), bit)), size));
  setCarryOnly(lifter, carry);
}

/** bsf and bsr: a zero source sets ZF and leaves the destination, as every processor does. */
function scan(lifter: Lifter, forward: boolean): void {
  const size = lifter.sizeOf(0);
  const source = lifter.read(1, size);
  lifter.when(nonZero(source), () => {
    lifter.write(0, forward ? unary('ctz', source) : sub(word(63n), unary('clz', source)), size);
  });
  lifter.flags('logic', size, source, source, source);
}

/** tzcnt and lzcnt: CF if the source is zero, ZF if the count is. */
function countZeros(lifter: Lifter, trailing: boolean): void {
  const size = lifter.sizeOf(0);
  const bits = BigInt(size * 8);
  const source = lifter.read(1, size);
  const count = trailing
    ? select(isZero(source), word(bits), unary('ctz', source))
    : sub(unary('clz', source), word(64n - bits));
  const result = lifter.let(count);
  const carry = lifter.let(fromBit(isZero(source)));
  lifter.write(0, result, size);
  lifter.setFlags(result, size, carryBits(carry, none));
}

function populationCount(lifter: Lifter): void {
  const size = lifter.sizeOf(0);
  const source = lifter.read(1, size);
  const result = lifter.let(unary('popcnt', source));
  lifter.write(0, result, size);
  // PF is cleared although the count has a parity: the correction byte makes it odd.
  const odd = xor(and(unary('popcnt', result), word(1n)), word(1n));
  lifter.setFlags(result, size, shl(odd, word(8n)));
}

function andNot(lifter: Lifter): void {
  const size = lifter.sizeOf(0);
  const a = lifter.read(1, size);
  const b = lifter.read(2, size);
  const result = lifter.let(and(xor(a, ones), b));
  lifter.write(0, result, size);
  lifter.flags('logic', size, a, b, result);
}

/** blsi, blsmsk, blsr: isolate, mask up to, or clear the lowest set bit. */
function lowestBit(lifter: Lifter, operation: (x: Word) => Word, carryIfZero: boolean): void {
  const size = lifter.sizeOf(0);
  const source = lifter.read(1, size);
  const result = lifter.let(truncate(operation(source), size));
  const zero = isZero(source);
  const carry = lifter.let(fromBit(carryIfZero ? zero : bitNot(zero)));
  lifter.write(0, result, size);
  lifter.setFlags(result, size, carryBits(carry, none));
}

function zeroHighBits(lifter: Lifter): void {
  const size = lifter.sizeOf(0);
  const bits = BigInt(size * 8);
  const source = lifter.read(1, size);
  const index = lifter.let(and(lifter.read(2, size), word(0xffn)));
  const all = compare('leU', word(bits), index);
  const result = lifter.let(select(all, source, and(source, sub(shl(word(1n), index), word(1n)))));
  const carry = lifter.let(fromBit(all));
  lifter.write(0, result, size);
  lifter.setFlags(result, size, carryBits(carry, none));
}

function extractField(lifter: Lifter): void {
  const size = lifter.sizeOf(0);
  const source = lifter.read(1, size);
  const control = lifter.read(2, size);
  const start = lifter.let(and(control, word(0xffn)));
  const length = lifter.let(and(shrU(control, word(8n)), word(0xffn)));
  const moved = select(compare('ltU', start, word(64n)), shrU(source, start), none);
  const mask = select(compare('ltU', length, word(64n)), sub(shl(word(1n), length), word(1n)), ones);
  const result = lifter.let(and(moved, mask));
  lifter.write(0, result, size);
  lifter.flags('logic', size, result, result, result);
}

/** The families of this file by operation name. */
export const bits: Readonly<Record<string, (lifter: Lifter) => void>> = {
  bt: (l) => bitTest(l, undefined),
  bts: (l) => bitTest(l, (value, mask) => ({ kind: 'binary', operator: 'or', a: value, b: mask })),
  btr: (l) => bitTest(l, (value, mask) => and(value, xor(mask, ones))),
  btc: (l) => bitTest(l, xor),
  bsf: (l) => scan(l, true),
  bsr: (l) => scan(l, false),
  tzcnt: (l) => countZeros(l, true),
  lzcnt: (l) => countZeros(l, false),
  popcnt: populationCount,
  andn: andNot,
  blsr: (l) => lowestBit(l, (x) => and(sub(x, word(1n)), x), true),
  blsmsk: (l) => lowestBit(l, (x) => xor(sub(x, word(1n)), x), true),
  blsi: (l) => lowestBit(l, (x) => and(sub(none, x), x), false),
  bzhi: zeroHighBits,
  bextr: extractField,
};
