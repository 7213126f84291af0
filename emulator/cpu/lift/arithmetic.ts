// Meaning of add … not, multiplication and division. Division that needs more than 64 bits goes to system/divide.ts.
import {
  add,
  and,
  bitAnd,
  compare,
  condition,
  constant,
  divide,
  fromBit,
  mul,
  nonZero,
  or,
  shl,
  shrS,
  shrU,
  sub,
  word,
  xor,
} from '../ir/build';
import { carriesOf, signExtend } from '../ir/flags';
import type { Size, Word } from '../ir/nodes';
import { type Lifter, maskOf, truncate } from './lifter';

const RAX = 0;
const RDX = 2;

/** add sub and or xor (destination, source). */
function twoOperand(
  lifter: Lifter,
  rule: 'add' | 'sub' | 'logic',
  operation: (a: Word, b: Word) => Word,
): void {
  const size = lifter.sizeOf(0);
  const source = lifter.read(1, size);
  const place = lifter.modify(0, size);
  const result = lifter.let(truncate(operation(place.value, source), size));
  place.write(result);
  lifter.flags(rule, size, place.value, source, result);
}

function withCarry(lifter: Lifter, rule: 'adc' | 'sbb'): void {
  const size = lifter.sizeOf(0);
  const source = lifter.read(1, size);
  const place = lifter.modify(0, size);
  const carry = lifter.let(fromBit(condition(2)));
  const sum = rule === 'adc' ? add(add(place.value, source), carry) : sub(sub(place.value, source), carry);
  const result = lifter.let(truncate(sum, size));
  place.write(result);
  lifter.flags(rule, size, place.value, source, result);
}

/** cmp and test: flags only. */
function compareOnly(lifter: Lifter, rule: 'sub' | 'logic'): void {
  const size = lifter.sizeOf(0);
  const source = lifter.read(1, size);
  const value = lifter.read(0, size);
  const result = lifter.let(truncate(rule === 'sub' ? sub(value, source) : and(value, source), size));
  lifter.flags(rule, size, value, source, result);
}

/** inc and dec: as add or sub of 1, but CF stays. */
function step(lifter: Lifter, rule: 'add' | 'sub'): void {
  const size = lifter.sizeOf(0);
  const place = lifter.modify(0, size);
  const one = word(1n);
  const carry = lifter.let(fromBit(condition(2)));
  const result = lifter.let(truncate(rule === 'add' ? add(place.value, one) : sub(place.value, one), size));
  place.write(result);
  const carries = lifter.let(carriesOf(rule, size, place.value, one, result));
  // OF is bit 31 xor bit 30; keep it while bit 31 becomes the old CF.
  const overflow = shrU(and(xor(carries, shl(carries, word(1n))), word(0x80000000n)), word(31n));
  lifter.setFlags(result, size, carryBits(carry, lifter.let(overflow), and(carries, word(8n))));
}

/** The `carries` word from CF and OF as 0/1 words and other bits. */
export function carryBits(carry: Word, overflow: Word, rest: Word = constant(0n)): Word {
  return or(or(shl(carry, word(31n)), shl(xor(carry, overflow), word(30n))), rest);
}

function negate(lifter: Lifter): void {
  const size = lifter.sizeOf(0);
  const place = lifter.modify(0, size);
  const result = lifter.let(truncate(sub(word(0n), place.value), size));
  place.write(result);
  lifter.flags('sub', size, word(0n), place.value, result);
}

function invert(lifter: Lifter): void {
  const size = lifter.sizeOf(0);
  const place = lifter.modify(0, size);
  place.write(truncate(xor(place.value, word(maskOf(8))), size));
}

/** High 64 bits of the unsigned product, from four 32-bit products. */
export function multiplyHighUnsigned(lifter: Lifter, a: Word, b: Word): Word {
  const low = (x: Word): Word => and(x, word(0xffffffffn));
  const high = (x: Word): Word => shrU(x, word(32n));
  const aLow = lifter.let(low(a));
  const aHigh = lifter.let(high(a));
  const bLow = lifter.let(low(b));
  const bHigh = lifter.let(high(b));
  const middle1 = lifter.let(add(mul(aHigh, bLow), high(mul(aLow, bLow))));
  const middle2 = lifter.let(add(mul(aLow, bHigh), low(middle1)));
  return lifter.let(add(add(mul(aHigh, bHigh), high(middle1)), high(middle2)));
}

function multiplyHighSigned(lifter: Lifter, a: Word, b: Word): Word {
  const unsigned = multiplyHighUnsigned(lifter, a, b);
  const fixA = and(shrS(a, word(63n)), b);
  const fixB = and(shrS(b, word(63n)), a);
  return lifter.let(sub(sub(unsigned, fixA), fixB));
}

/** Low and high half of a product of two `size`-byte values; each half zero-extended. */
function product(lifter: Lifter, signed: boolean, size: Size, a: Word, b: Word): { low: Word; high: Word } {
  if (size === 8) {
    const high = signed ? multiplyHighSigned(lifter, a, b) : multiplyHighUnsigned(lifter, a, b);
    return { low: lifter.let(mul(a, b)), high };
  }
  const full = lifter.let(signed ? mul(signExtend(a, size), signExtend(b, size)) : mul(a, b));
  return {
    low: lifter.let(truncate(full, size)),
    high: lifter.let(truncate(shrU(full, word(BigInt(size * 8))), size)),
  };
}

/** CF = OF = 1 if the product does not fit in its low half. SF, ZF, PF are undefined; we take the low half's. */
function productFlags(lifter: Lifter, signed: boolean, size: Size, low: Word, high: Word): void {
  const fill = signed ? truncate(shrS(signExtend(low, size), word(63n)), size) : word(0n);
  const lost = lifter.let(fromBit(compare('ne', high, fill)));
  lifter.setFlags(low, size, carryBits(lost, lost));
}

/** mul and imul with one operand: rdx:rax (ax for bytes) = rax * operand. */
function multiplyWide(lifter: Lifter, signed: boolean): void {
  const size = lifter.sizeOf(0);
  const source = lifter.read(0, size);
  const accumulator = lifter.register(RAX, size);
  const { low, high } = product(lifter, signed, size, accumulator, source);
  if (size === 1) lifter.setRegister(RAX, 2, or(shl(high, word(8n)), low));
  else {
    lifter.setRegister(RAX, size, low);
    lifter.setRegister(RDX, size, high);
  }
  productFlags(lifter, signed, size, low, high);
}

/** imul with a destination register and two factors. */
function multiplyTruncated(lifter: Lifter): void {
  const size = lifter.sizeOf(0);
  const three = lifter.decoded.operands.length === 3;
  const a = lifter.read(three ? 1 : 0, size);
  const b = lifter.read(three ? 2 : 1, size);
  const { low, high } = product(lifter, true, size, a, b);
  lifter.write(0, low, size);
  productFlags(lifter, true, size, low, high);
}

/** mulx: two halves without flags; the second operand is the low half, and the high one wins if they are the same. */
function multiplyFlagless(lifter: Lifter): void {
  const size = lifter.sizeOf(0);
  const source = lifter.read(2, size);
  const { low, high } = product(lifter, false, size, lifter.register(RDX, size), source);
  lifter.write(1, low, size);
  lifter.write(0, high, size);
}

/** adcx and adox: addition with carry that touches one flag only. */
function addOneFlag(lifter: Lifter, flag: 'carry' | 'overflow'): void {
  const size = lifter.sizeOf(0);
  const source = lifter.read(1, size);
  const value = lifter.read(0, size);
  const carry = lifter.let(fromBit(condition(2)));
  const overflow = lifter.let(fromBit(condition(0)));
  const rest = lifter.let(and({ kind: 'flagCarries' }, word(0x3fffffffn)));
  const oldResult = lifter.let({ kind: 'flagResult' });
  const result = lifter.let(truncate(add(add(value, source), flag === 'carry' ? carry : overflow), size));
  const vector = carriesOf('adc', size, value, source, result);
  const out = lifter.let(and(shrU(vector, word(31n)), word(1n)));
  lifter.write(0, result, size);
  const carries = flag === 'carry' ? carryBits(out, overflow, rest) : carryBits(carry, out, rest);
  lifter.emit({ kind: 'setFlags', result: oldResult, carries: lifter.let(carries) });
}

/**
 * div and idiv. The common case (the dividend fits in 64 bits, the quotient surely fits) is done here; the rest,
 * including #DE, by the procedure. Flags are undefined and stay as they are.
 */
function division(lifter: Lifter, signed: boolean): void {
  const size = lifter.sizeOf(0);
  if (size === 1 || size === 2) {
    lifter.system();
    return;
  }
  const divisor = lifter.read(0, size);
  const low = lifter.register(RAX, size);
  const high = lifter.register(RDX, size);
  const dividend = signed ? lifter.let(signExtend(low, size)) : low;
  const by = signed ? lifter.let(signExtend(divisor, size)) : divisor;
  const fill = signed ? truncate(shrS(dividend, word(63n)), size) : word(0n);
  // A signed divisor of -1 may overflow: leave it to the procedure.
  const fits = bitAnd(compare('eq', high, fill), nonZero(signed ? add(by, word(1n)) : by));
  lifter.when(
    signed ? bitAnd(fits, nonZero(by)) : fits,
    () => {
      lifter.setRegister(RAX, size, divide(signed ? 'divS' : 'divU', dividend, by));
      lifter.setRegister(RDX, size, divide(signed ? 'remS' : 'remU', dividend, by));
    },
    () => lifter.system(),
  );
}

/** The families of this file by operation name. */
export const arithmetic: Readonly<Record<string, (lifter: Lifter) => void>> = {
  add: (l) => twoOperand(l, 'add', add),
  sub: (l) => twoOperand(l, 'sub', sub),
  and: (l) => twoOperand(l, 'logic', and),
  or: (l) => twoOperand(l, 'logic', or),
  xor: (l) => twoOperand(l, 'logic', xor),
  adc: (l) => withCarry(l, 'adc'),
  sbb: (l) => withCarry(l, 'sbb'),
  cmp: (l) => compareOnly(l, 'sub'),
  test: (l) => compareOnly(l, 'logic'),
  inc: (l) => step(l, 'add'),
  dec: (l) => step(l, 'sub'),
  neg: negate,
  not: invert,
  mul: (l) => multiplyWide(l, false),
  imul: (l) => multiplyWide(l, true),
  imul2: multiplyTruncated,
  mulx: multiplyFlagless,
  adcx: (l) => addOneFlag(l, 'carry'),
  adox: (l) => addOneFlag(l, 'overflow'),
  div: (l) => division(l, false),
  idiv: (l) => division(l, true),
};
