/** awk's functions that only compute: text and numbers. Those that need the machine or a variable are in interpreter.ts. */
import { sprintf } from './format';
import { toNumber, toText, type Value } from './values';

/** What a function may ask of the interpreter. */
export interface FunctionHost {
  convfmt: string;
  expression(source: string): RegExp;
}

type Pure = (values: readonly Value[], host: FunctionHost) => Value;

const number = (values: readonly Value[], index = 0): number => toNumber(values[index] ?? null);
const text = (values: readonly Value[], host: FunctionHost, index = 0): string =>
  toText(values[index] ?? null, host.convfmt);

/** substr by POSIX: positions from 1, rounded, what lies outside is cut off. */
function substring(whole: string, from: number, length: number): string {
  const start = Math.round(from);
  const end = length === Number.POSITIVE_INFINITY ? length : start + Math.round(length);
  if (Number.isNaN(start) || Number.isNaN(end)) return '';
  const characters = [...whole];
  return characters.slice(Math.max(start, 1) - 1, Math.max(end, 1) - 1).join('');
}

/** strtonum (gawk): 0x and leading 0 are hexadecimal and octal. */
function strtonum(value: Value, host: FunctionHost): number {
  if (typeof value === 'number') return value;
  const source = toText(value, host.convfmt).trim();
  const hex = /^[-+]?0[xX][0-9a-fA-F]+/.exec(source)?.[0];
  if (hex !== undefined) return hex.startsWith('-') ? -Number(hex.slice(1)) : Number(hex.replace('+', ''));
  const octal = /^([-+]?)0([0-7]+)(?![\d.])/.exec(source);
  if (octal) return Number.parseInt(octal[2] ?? '0', 8) * (octal[1] === '-' ? -1 : 1);
  return toNumber(source);
}

/** Bitwise functions work on whole numbers up to 2^53, as gawk's do. */
const bits =
  (operate: (a: bigint, b: bigint) => bigint): Pure =>
  (values) =>
    Number(values.map((value) => BigInt(Math.trunc(toNumber(value)))).reduce(operate));

/** The replacement text for one match: & is the match, \& an ampersand, and (gensub) \1 to \9 a group. */
export function replacement(source: string, match: readonly (string | undefined)[], groups: boolean): string {
  return source.replace(/\\([0-9])|\\([&\\])|&/g, (whole, group?: string, escaped?: string) => {
    if (whole === '&') return match[0] ?? '';
    if (escaped !== undefined) return escaped;
    return groups ? (match[Number(group)] ?? '') : whole;
  });
}

/** Replaces matches in `whole`: all, or only the one with this number (from 1). The text and how many were replaced. */
export function substitute(
  whole: string,
  expression: RegExp,
  source: string,
  which: number | 'all',
  groups: boolean,
): { text: string; count: number } {
  let seen = 0;
  let count = 0;
  const global = expression.global ? expression : new RegExp(expression.source, `${expression.flags}g`);
  // An empty match right behind a match does not count: gsub(/x*/, "-", "abxc") is -a-b-c-.
  let previous = -1;
  const result = whole.replace(global, (...parts: unknown[]) => {
    const offset = parts.findIndex((part) => typeof part === 'number');
    const at = Number(parts[offset]);
    const match = parts.slice(0, offset) as (string | undefined)[];
    const found = match[0] ?? '';
    if (found === '' && at === previous) return found;
    previous = at + found.length;
    seen++;
    if (which !== 'all' && seen !== which) return found;
    count++;
    return replacement(source, match, groups);
  });
  return { text: result, count };
}

export const FUNCTIONS: Readonly<Record<string, Pure>> = {
  substr: (values, host) =>
    substring(
      text(values, host),
      number(values, 1),
      values.length > 2 ? number(values, 2) : Number.POSITIVE_INFINITY,
    ),
  index: (values, host) => text(values, host).indexOf(text(values, host, 1)) + 1,
  sprintf: (values, host) => sprintf(text(values, host), values.slice(1), host.convfmt),
  sin: (values) => Math.sin(number(values)),
  cos: (values) => Math.cos(number(values)),
  atan2: (values) => Math.atan2(number(values), number(values, 1)),
  exp: (values) => Math.exp(number(values)),
  log: (values) => Math.log(number(values)),
  sqrt: (values) => Math.sqrt(number(values)),
  int: (values) => Math.trunc(number(values)),
  tolower: (values, host) => text(values, host).toLowerCase(),
  toupper: (values, host) => text(values, host).toUpperCase(),
  strtonum: (values, host) => strtonum(values[0] ?? null, host),
  and: bits((a, b) => a & b),
  or: bits((a, b) => a | b),
  xor: bits((a, b) => a ^ b),
  lshift: bits((a, b) => a << b),
  rshift: bits((a, b) => a >> b),
  compl: (values) => Number(BigInt.asUintN(53, ~BigInt(Math.trunc(number(values))))),
};
