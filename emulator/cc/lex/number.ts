/**
 * Preprocessing numbers to integer constants (C11 6.4.4.1), with GNU's 0b prefix.
 */
import { INT, type IntegerType, LLONG, LONG, UINT, ULLONG, ULONG } from '../types';

/** What a pp-number means. `floating` numbers and nonsense have no value. */
export type NumberValue =
  | { kind: 'integer'; value: bigint; type: IntegerType; overflow: boolean }
  | { kind: 'floating' }
  | { kind: 'bad'; message: string };

const INTEGER = /^(0[xX][0-9a-fA-F]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)([uUlL]*)$/;
const SUFFIX = /^(?:u?(?:l|ll)?|(?:l|ll)u)$/;
const FLOATING =
  /^(?:(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)[pP][+-]?[0-9]+)(?:[fF](?:32|64|128)x?|[fFlLiIjJ])*$/;

/** The value of a decimal int without a suffix, as most numbers are; -1 for all others. */
function plainInt(text: string): number {
  if (text.length > 9 || (text.length > 1 && text.charCodeAt(0) === 48)) return -1;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Value and type of a pp-number's spelling. */
export function parseNumber(text: string): NumberValue {
  const plain = plainInt(text);
  if (plain >= 0 && text !== '') return { kind: 'integer', value: BigInt(plain), type: INT, overflow: false };
  const match = INTEGER.exec(text);
  if (!match) {
    if (FLOATING.test(text)) return { kind: 'floating' };
    if (/^0[0-9]*[89][0-9]*[uUlL]*$/.test(text))
      return { kind: 'bad', message: `invalid digit "${/[89]/.exec(text)?.[0]}" in octal constant` };
    const stem = /^(?:0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+)/.exec(text)?.[0] ?? '';
    return { kind: 'bad', message: `invalid suffix "${text.slice(stem.length)}" on integer constant` };
  }
  const [, digits, suffix] = match;
  const lower = suffix.toLowerCase();
  if (!SUFFIX.test(lower) || /lL|Ll/.test(suffix))
    return { kind: 'bad', message: `invalid suffix "${suffix}" on integer constant` };
  const octal = /^0[0-7]+$/.test(digits);
  const value = BigInt(octal ? `0o${digits.slice(1)}` : digits);
  const decimal = /^[1-9]/.test(digits);
  const unsigned = lower.includes('u');
  const rank = lower.includes('ll') ? 2 : lower.includes('l') ? 1 : 0;
  const overflow = value > 0xffff_ffff_ffff_ffffn;
  const type = chooseType(value, decimal, unsigned, rank);
  return { kind: 'integer', value: BigInt.asUintN(64, value), type, overflow };
}

/** The first type of the standard's list that can hold the value. */
function chooseType(value: bigint, decimal: boolean, unsigned: boolean, rank: number): IntegerType {
  if (rank === 0) {
    if (!unsigned && value <= 0x7fff_ffffn) return INT;
    if ((unsigned || !decimal) && value <= 0xffff_ffffn) return UINT;
  }
  if (rank <= 1) {
    if (!unsigned && value <= 0x7fff_ffff_ffff_ffffn) return LONG;
    if (unsigned || !decimal) return ULONG;
  }
  if (!unsigned && value <= 0x7fff_ffff_ffff_ffffn) return LLONG;
  return ULLONG;
}
