/**
 * Linux's kstrto*: whole-string number parsing with a base from the prefix, wrong input and overflow told apart.
 */

/** A parsed number, or which errno Linux answers. */
export type Parsed = { value: bigint } | { error: 'EINVAL' | 'ERANGE' };

const U64_END = 1n << 64n;
const S64_END = 1n << 63n;

/** kstrtoul(text, base): no sign but '+'; base 0 takes 0x and 0 prefixes; one trailing newline is allowed. */
export function parseUnsigned(text: string, base: 0 | 10 = 0): Parsed {
  let digits = text.startsWith('+') ? text.slice(1) : text;
  if (digits.endsWith('\n')) digits = digits.slice(0, -1);
  let radix = 10n;
  if (base === 0 && /^0[xX][0-9a-fA-F]/.test(digits)) {
    radix = 16n;
    digits = digits.slice(2);
  } else if (base === 0 && /^0./.test(digits)) {
    radix = 8n;
  }
  const valid = radix === 16n ? /^[0-9a-fA-F]+$/ : radix === 8n ? /^[0-7]+$/ : /^[0-9]+$/;
  if (!valid.test(digits)) return { error: 'EINVAL' };
  let value = 0n;
  for (const digit of digits) {
    value = value * radix + BigInt(Number.parseInt(digit, 16));
    if (value >= U64_END) return { error: 'ERANGE' };
  }
  return { value };
}

/** kstrtol(text, base): a leading '-' negates. */
export function parseSigned(text: string, base: 0 | 10 = 0): Parsed {
  const negative = text.startsWith('-');
  if (negative && text[1] === '+') return { error: 'EINVAL' };
  const parsed = parseUnsigned(negative ? text.slice(1) : text, base);
  if ('error' in parsed) return parsed;
  if (negative) return parsed.value > S64_END ? { error: 'ERANGE' } : { value: -parsed.value };
  return parsed.value >= S64_END ? { error: 'ERANGE' } : parsed;
}

/** The 64-bit two's complement of a value, as an unsigned number. */
export function toU64(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}
