// How the six arithmetic flags are kept, and how conditions read them.
//
// Two words hold them. `result` is the last result, sign-extended from its size: zero means ZF, its sign is SF, the
// parity of its low byte is PF. `carries` has CF in bit 31, CF xor OF in bit 30 (the carry into the sign bit), AF in
// bit 3, and corrections for the flag combinations that no result has (popf, sahf): bit 0 flips SF, bits 8..15 are
// xored into the byte whose parity is PF. Setting flags is thus a few word operations for every instruction alike,
// and no condition needs to know which instruction set them.
import {
  and,
  bitNot,
  bitOr,
  bitXor,
  compare,
  constant,
  isZero,
  nonZero,
  or,
  shl,
  shrU,
  unary,
  word,
  xor,
} from './build';
import type { Bit, FlagRule, Size, Word } from './nodes';

/** Carry bit vector of an addition or subtraction moved to where `carries` keeps CF, CF^OF and AF. */
function placeCarries(vector: Word, size: Size): Word {
  const high = size === 8 ? shrU(vector, word(32n)) : shl(vector, word(BigInt(32 - size * 8)));
  return or(and(high, word(0xc0000000n)), and(vector, word(8n)));
}

/** The `carries` word after an operation. `a`, `b` and `result` are zero-extended operands of `size` bytes. */
export function carriesOf(rule: FlagRule, size: Size, a: Word, b: Word, result: Word): Word {
  const ones = word(0xffffffffffffffffn);
  switch (rule) {
    case 'logic':
      return constant(0n);
    case 'add':
    case 'adc':
      return placeCarries(or(and(a, b), and(or(a, b), xor(result, ones))), size);
    case 'sub':
    case 'sbb': {
      const notA = xor(a, ones);
      return placeCarries(or(and(notA, b), and(or(notA, b), result)), size);
    }
  }
}

/** `value` (zero-extended, `size` bytes) sign-extended to 64 bits. */
export function signExtend(value: Word, size: Size): Word {
  switch (size) {
    case 1:
      return unary('signExtend1', value);
    case 2:
      return unary('signExtend2', value);
    case 4:
      return unary('signExtend4', value);
    case 8:
      return value;
  }
}

/** Condition `code` (0..15, as in the low bits of jcc) from the two flag words. */
export function conditionFrom(code: number, result: Word, carries: Word): Bit {
  const positive = positiveCondition(code >> 1, result, carries);
  return code & 1 ? bitNot(positive) : positive;
}

function positiveCondition(pair: number, result: Word, carries: Word): Bit {
  const carry = (): Bit => nonZero(and(carries, word(0x80000000n)));
  const zero = (): Bit => isZero(result);
  const overflow = (): Bit => nonZero(and(xor(carries, shl(carries, word(1n))), word(0x80000000n)));
  const sign = (): Bit => compare('ltS', xor(result, shl(carries, word(63n))), word(0n));
  const less = (): Bit => bitXor(sign(), overflow());
  switch (pair) {
    case 0:
      return overflow();
    case 1:
      return carry();
    case 2:
      return zero();
    case 3:
      return bitOr(carry(), zero());
    case 4:
      return sign();
    case 5: {
      const byte = and(xor(result, shrU(carries, word(8n))), word(0xffn));
      return isZero(and(unary('popcnt', byte), word(1n)));
    }
    case 6:
      return less();
    default:
      return bitOr(less(), zero());
  }
}

/**
 * Condition `code` straight after an operation, where that is one comparison of its operands; undefined if not.
 * This is what makes cmp + jcc cheap in translated code.
 */
export function conditionAfter(
  code: number,
  rule: FlagRule,
  size: Size,
  a: Word,
  b: Word,
  result: Word,
): Bit | undefined {
  const pair = code >> 1;
  const positive = ((): Bit | undefined => {
    if (pair === 2) return isZero(result);
    if (pair === 4) return compare('ltS', signExtend(result, size), word(0n));
    if (rule === 'logic') {
      if (pair === 0 || pair === 1) return compare('ne', word(0n), word(0n));
      if (pair === 3) return isZero(result);
      if (pair === 6) return compare('ltS', signExtend(result, size), word(0n));
      if (pair === 7) return compare('leS', signExtend(result, size), word(0n));
    }
    if (rule === 'sub') {
      if (pair === 1) return compare('ltU', a, b);
      if (pair === 3) return compare('leU', a, b);
      if (pair === 6) return compare('ltS', signExtend(a, size), signExtend(b, size));
      if (pair === 7) return compare('leS', signExtend(a, size), signExtend(b, size));
    }
    if (rule === 'add' && pair === 1) return compare('ltU', result, a);
    return undefined;
  })();
  return positive && code & 1 ? bitNot(positive) : positive;
}

/** RFLAGS bits of the arithmetic flags. */
export const FlagBit = {
  carry: 0x1,
  parity: 0x4,
  adjust: 0x10,
  zero: 0x40,
  sign: 0x80,
  overflow: 0x800,
} as const;
/** All of them. */
export const ARITHMETIC_FLAGS = 0x8d5n;

/** The arithmetic part of RFLAGS from the two flag words. */
export function flagsImage(result: Word, carries: Word): Word {
  const at = (bit: Bit, shift: number): Word => shl({ kind: 'fromBit', a: bit }, word(BigInt(shift)));
  return or(
    or(
      or(at(positiveCondition(1, result, carries), 0), at(positiveCondition(5, result, carries), 2)),
      or(shl(and(carries, word(8n)), word(1n)), at(positiveCondition(2, result, carries), 6)),
    ),
    or(at(positiveCondition(4, result, carries), 7), at(positiveCondition(0, result, carries), 11)),
  );
}

/** The two flag words that stand for an RFLAGS image. */
export function wordsOfFlags(image: Word): { result: Word; carries: Word } {
  const bit = (shift: number): Word => and(shrU(image, word(BigInt(shift))), word(1n));
  const zero = bit(6);
  // A non-zero result has low byte 1 (odd parity), a zero one has even parity; the correction byte makes up for PF.
  const result = xor(zero, word(1n));
  const parityFix = xor(bit(2), zero);
  const carry = bit(0);
  const carries = or(
    or(shl(carry, word(31n)), shl(xor(carry, bit(11)), word(30n))),
    or(or(shrU(and(image, word(0x10n)), word(1n)), bit(7)), shl(parityFix, word(8n))),
  );
  return { result, carries };
}
