// Meaning of shifts and rotates. Flags that the architecture leaves undefined get what falls out of the definition of
// the last one-bit step; rotates through carry by anything but 1 go to system/rotate.ts.
import { and, condition, fromBit, nonZero, or, shl, shrS, shrU, sub, word, xor } from '../ir/build';
import { signExtend } from '../ir/flags';
import type { Size, Word } from '../ir/nodes';
import { carryBits } from './arithmetic';
import { type Lifter, type Place, truncate } from './lifter';

/** The masked shift count as a word: a constant if the instruction has it as an immediate. */
function countOf(lifter: Lifter, index: number, size: Size): Word {
  const mask = size === 8 ? 63n : 31n;
  const operand = lifter.operand(index);
  if (operand.kind === 'immediate') return word(operand.value & mask);
  return lifter.let(and(lifter.read(index, 1), word(mask)));
}

/** Runs `body` if the count is not zero: a zero count changes neither flags nor a memory operand's value. */
function unlessCountZero(lifter: Lifter, place: Place, size: Size, count: Word, body: () => void): void {
  if (count.kind === 'constant') {
    if (count.value !== 0n) body();
    else place.write(place.value);
  } else {
    lifter.when(nonZero(count), body, () => place.write(truncate(place.value, size)));
  }
}

const one = word(1n);

function topBit(value: Word, size: Size): Word {
  return and(shrU(value, word(BigInt(size * 8 - 1))), one);
}

/** CF of a left shift: the last bit shifted out. */
function carryLeft(a: Word, count: Word, size: Size): Word {
  if (size === 8) return and(shrU(a, sub(word(64n), count)), one);
  return and(shrU(shl(a, count), word(BigInt(size * 8))), one);
}

function shift(lifter: Lifter, kind: 'shl' | 'shr' | 'sar'): void {
  const size = lifter.sizeOf(0);
  const count = countOf(lifter, 1, size);
  const place = lifter.modify(0, size);
  unlessCountZero(lifter, place, size, count, () => {
    const a = place.value;
    const last = sub(count, one);
    let result: Word;
    let carry: Word;
    let overflow: Word;
    if (kind === 'shl') {
      result = lifter.let(truncate(shl(a, count), size));
      carry = lifter.let(carryLeft(a, count, size));
      overflow = xor(carry, topBit(result, size));
    } else if (kind === 'shr') {
      result = lifter.let(shrU(a, count));
      carry = lifter.let(and(shrU(a, last), one));
      overflow = xor(topBit(result, size), topBit(shl(result, one), size));
    } else {
      const extended = lifter.let(signExtend(a, size));
      result = lifter.let(truncate(shrS(extended, count), size));
      carry = lifter.let(and(shrS(extended, last), one));
      overflow = word(0n);
    }
    place.write(result);
    lifter.setFlags(result, size, carryBits(carry, overflow));
  });
}

/** Sets CF and OF only; the other flags stay. */
function setCarryOverflow(lifter: Lifter, carry: Word, overflow: Word): void {
  const rest = and({ kind: 'flagCarries' }, word(0x3fffffffn));
  const result = lifter.let({ kind: 'flagResult' });
  lifter.emit({ kind: 'setFlags', result, carries: lifter.let(carryBits(carry, overflow, rest)) });
}

/** Sets CF only. OF stays because the bit that keeps CF xor OF flips with CF. */
export function setCarryOnly(lifter: Lifter, carry: Word): void {
  const old = lifter.let({ kind: 'flagCarries' });
  const result = lifter.let({ kind: 'flagResult' });
  const change = lifter.let(and(xor(shrU(old, word(31n)), carry), one));
  const carries = xor(old, or(shl(change, word(31n)), shl(change, word(30n))));
  lifter.emit({ kind: 'setFlags', result, carries: lifter.let(carries) });
}

function rotate(lifter: Lifter, left: boolean): void {
  const size = lifter.sizeOf(0);
  const bits = BigInt(size * 8);
  const count = countOf(lifter, 1, size);
  const place = lifter.modify(0, size);
  unlessCountZero(lifter, place, size, count, () => {
    const a = place.value;
    const by = lifter.let(and(left ? count : sub(word(bits), count), word(bits - 1n)));
    const back = and(sub(word(bits), by), word(bits - 1n));
    const result = lifter.let(truncate(or(shl(a, by), shrU(a, back)), size));
    place.write(result);
    const top = lifter.let(topBit(result, size));
    if (left) {
      const carry = lifter.let(and(result, one));
      setCarryOverflow(lifter, carry, xor(top, carry));
    } else {
      setCarryOverflow(lifter, top, xor(top, topBit(shl(result, one), size)));
    }
  });
}

/** rcl and rcr by one; other counts are left to the procedure. */
function rotateThroughCarry(lifter: Lifter, left: boolean): void {
  const size = lifter.sizeOf(0);
  const operand = lifter.operand(1);
  if (operand.kind !== 'immediate' || operand.value !== 1n) {
    lifter.system();
    return;
  }
  const place = lifter.modify(0, size);
  const a = place.value;
  const carryIn = lifter.let(fromBit(condition(2)));
  const result = lifter.let(
    left
      ? truncate(or(shl(a, one), carryIn), size)
      : or(shrU(a, one), shl(carryIn, word(BigInt(size * 8 - 1)))),
  );
  place.write(result);
  const carryOut = lifter.let(left ? topBit(a, size) : and(a, one));
  const neighbour = left ? carryOut : topBit(shl(result, one), size);
  setCarryOverflow(lifter, carryOut, xor(topBit(result, size), neighbour));
}

/** shld and shrd. 16-bit counts above 16 (undefined) shift in the destination again, as the processor does. */
function doubleShift(lifter: Lifter, left: boolean): void {
  const size = lifter.sizeOf(0);
  const bits = BigInt(size * 8);
  const count = countOf(lifter, 2, size);
  const fill = lifter.read(1, size);
  const place = lifter.modify(0, size);
  unlessCountZero(lifter, place, size, count, () => {
    const a = place.value;
    let result: Word;
    let carry: Word;
    if (size === 2) {
      const low = or(a, shl(fill, word(16n)));
      const joined = lifter.let(
        left ? or(or(shl(a, word(32n)), shl(fill, word(16n))), a) : or(low, shl(a, word(32n))),
      );
      const shifted = left ? shrU(shl(joined, count), word(32n)) : shrU(joined, count);
      result = lifter.let(truncate(shifted, 2));
      carry = left ? and(shrU(joined, sub(word(48n), count)), one) : and(shrU(joined, sub(count, one)), one);
    } else {
      const rest = sub(word(bits), count);
      result = lifter.let(
        truncate(left ? or(shl(a, count), shrU(fill, rest)) : or(shrU(a, count), shl(fill, rest)), size),
      );
      carry = left ? carryLeft(a, count, size) : and(shrU(a, sub(count, one)), one);
    }
    carry = lifter.let(carry);
    place.write(result);
    lifter.setFlags(result, size, carryBits(carry, xor(topBit(result, size), topBit(a, size))));
  });
}

/** rorx, sarx, shlx, shrx: no flags. */
function flagless(lifter: Lifter, operation: (value: Word, count: Word, size: Size) => Word): void {
  const size = lifter.sizeOf(0);
  const value = lifter.read(1, size);
  const count = lifter.let(and(lifter.read(2, size), word(size === 8 ? 63n : 31n)));
  lifter.write(0, truncate(operation(value, count, size), size), size);
}

/** The families of this file by operation name. */
export const shifts: Readonly<Record<string, (lifter: Lifter) => void>> = {
  shl: (l) => shift(l, 'shl'),
  shr: (l) => shift(l, 'shr'),
  sar: (l) => shift(l, 'sar'),
  rol: (l) => rotate(l, true),
  ror: (l) => rotate(l, false),
  rcl: (l) => rotateThroughCarry(l, true),
  rcr: (l) => rotateThroughCarry(l, false),
  shld: (l) => doubleShift(l, true),
  shrd: (l) => doubleShift(l, false),
  shlx: (l) => flagless(l, shl),
  shrx: (l) => flagless(l, shrU),
  sarx: (l) => flagless(l, (value, count, size) => shrS(signExtend(value, size), count)),
  rorx: (l) =>
    flagless(l, (value, count, size) => {
      const bits = BigInt(size * 8);
      return or(shrU(value, count), shl(value, and(sub(word(bits), count), word(bits - 1n))));
    }),
};
