/** awk's values: numbers, strings, strings from input that look like numbers, and the unset value. */
import { formatNumber } from './format';

/** Text from input that looks numeric: it compares as a number and prints as it was (POSIX: a "numeric string"). */
export class NumericString {
  constructor(
    readonly text: string,
    readonly value: number,
  ) {}
}

/** null is the unset value, which is both 0 and "". */
export type Value = number | string | NumericString | null;

const NUMBER = /^[ \t\n\r\f\v]*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/;

/** The number that a string begins with, else 0. */
export function leadingNumber(text: string): number {
  const match = NUMBER.exec(text);
  return match ? Number(match[0]) : 0;
}

/** The value of a text from input: a field, a line of getline, -v's, an element that split made. */
export function fromInput(text: string): Value {
  const match = NUMBER.exec(text);
  if (match === null || text.slice(match[0].length).trim() !== '') return text;
  return new NumericString(text, Number(match[0]));
}

export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return leadingNumber(value);
  return value === null ? 0 : value.value;
}

/** A value as text; numbers that are not whole go through `convfmt`. */
export function toText(value: Value, convfmt: string): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (typeof value !== 'number') return value.text;
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return String(value === 0 ? 0 : value);
  return formatNumber(convfmt, value);
}

export function isTrue(value: Value): boolean {
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'string') return value !== '';
  return value !== null && value.value !== 0;
}

/** Negative, 0 or positive, as POSIX compares: as numbers when neither side is a plain string. */
export function compare(left: Value, right: Value, convfmt: string): number {
  if (typeof left !== 'string' && typeof right !== 'string') return toNumber(left) - toNumber(right);
  const [a, b] = [toText(left, convfmt), toText(right, convfmt)];
  return a < b ? -1 : Number(a > b);
}
