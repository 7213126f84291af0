// Short constructors for the nodes of nodes.ts, with constant folding where it is free. Nothing else.
import type { Bit, Comparison, Word, WordFunction, WordOperator } from './nodes';

const WRAP = 0xffffffffffffffffn;

/** A constant, reduced modulo 2^64. */
export function constant(value: bigint): Word {
  return { kind: 'constant', value: value & WRAP };
}

/** Same as `constant`; reads better inside expressions. */
export const word = constant;

function binary(operator: WordOperator, a: Word, b: Word): Word {
  return { kind: 'binary', operator, a, b };
}

export function add(a: Word, b: Word): Word {
  if (b.kind === 'constant') {
    if (b.value === 0n) return a;
    if (a.kind === 'constant') return constant(a.value + b.value);
  }
  return binary('add', a, b);
}

export function sub(a: Word, b: Word): Word {
  return binary('sub', a, b);
}

export function mul(a: Word, b: Word): Word {
  return binary('mul', a, b);
}

export function and(a: Word, b: Word): Word {
  if (b.kind === 'constant') {
    if (b.value === WRAP) return a;
    if (a.kind === 'constant') return constant(a.value & b.value);
  }
  return binary('and', a, b);
}

export function or(a: Word, b: Word): Word {
  return binary('or', a, b);
}

export function xor(a: Word, b: Word): Word {
  return binary('xor', a, b);
}

export function shl(a: Word, b: Word): Word {
  return b.kind === 'constant' && b.value === 0n ? a : binary('shl', a, b);
}

export function shrU(a: Word, b: Word): Word {
  return b.kind === 'constant' && b.value === 0n ? a : binary('shrU', a, b);
}

export function shrS(a: Word, b: Word): Word {
  return binary('shrS', a, b);
}

/** Division and remainder; the divisor must not be zero, nor the signed quotient overflow. */
export function divide(operator: 'divU' | 'divS' | 'remU' | 'remS', a: Word, b: Word): Word {
  return binary(operator, a, b);
}

export function unary(operator: WordFunction, a: Word): Word {
  return { kind: 'unary', operator, a };
}

export function select(condition: Bit, a: Word, b: Word): Word {
  return { kind: 'select', condition, a, b };
}

export function fromBit(a: Bit): Word {
  return { kind: 'fromBit', a };
}

export function compare(operator: Comparison, a: Word, b: Word): Bit {
  return { kind: 'compare', operator, a, b };
}

export function isZero(a: Word): Bit {
  return compare('eq', a, word(0n));
}

export function nonZero(a: Word): Bit {
  return compare('ne', a, word(0n));
}

export function bitNot(a: Bit): Bit {
  return { kind: 'not', a };
}

export function bitAnd(a: Bit, b: Bit): Bit {
  return { kind: 'and', a, b };
}

export function bitOr(a: Bit, b: Bit): Bit {
  return { kind: 'or', a, b };
}

export function bitXor(a: Bit, b: Bit): Bit {
  return { kind: 'xor', a, b };
}

export function condition(code: number): Bit {
  return { kind: 'condition', code };
}
