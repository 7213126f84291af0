/**
 * The arithmetic conversions (C11 6.3.1.1, 6.3.1.8) on types alone.
 */
import { INT, type IntegerType, LLONG, LONG, UINT, ULLONG, ULONG } from '../types';

/** Integer promotion. */
export function promoted(type: IntegerType): IntegerType {
  return type.rank < INT.rank ? INT : type;
}

/** Promotion of a bit-field: int if it holds all values of the field's width, as gcc does for any declared type. */
export function promotedBitField(type: IntegerType, width: number): IntegerType {
  if (width < 32 || (width === 32 && type.signed)) return INT;
  if (width === 32) return UINT;
  return type;
}

/** The common type of two promoted or unpromoted operands. */
export function commonType(a: IntegerType, b: IntegerType): IntegerType {
  const x = promoted(a);
  const y = promoted(b);
  if (x === y) return x;
  if (x.signed === y.signed) return x.rank >= y.rank ? x : y;
  const unsigned = x.signed ? y : x;
  const signed = x.signed ? x : y;
  if (unsigned.rank >= signed.rank) return unsigned;
  if (signed.size > unsigned.size) return signed;
  return unsignedOf(signed);
}

/** The unsigned type of the same rank (int and wider). */
export function unsignedOf(type: IntegerType): IntegerType {
  switch (type) {
    case INT:
      return UINT;
    case LONG:
      return ULONG;
    case LLONG:
      return ULLONG;
    default:
      return type;
  }
}
