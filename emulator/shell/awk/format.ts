/** sprintf as awk has it (POSIX awk, "Output Statements": C's conversions without lengths). */
import { toNumber, toText, type Value } from './values';

const CONVERSION = /%(?:%|([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]*([diouxXcsaAeEfFgG]))/g;

/** The most digits that JavaScript's conversions give. */
const MOST_DIGITS = 100;

/** Formats `values` by `format`; missing values are unset, as gawk takes them. */
export function sprintf(format: string, values: readonly Value[], convfmt: string): string {
  let used = 0;
  const take = (): Value => values[used++] ?? null;
  return format.replace(
    CONVERSION,
    (whole, flags = '', width?: string, precision?: string, letter?: string) => {
      if (letter === undefined) return whole === '%%' ? '%' : whole;
      let size = width === '*' ? toNumber(take()) : Number(width ?? 0);
      const digits =
        precision === '*' ? toNumber(take()) : precision === undefined ? undefined : Number(precision);
      let left = String(flags).includes('-');
      if (size < 0) {
        left = true;
        size = -size;
      }
      const text = convert(letter, String(flags), digits, take(), convfmt);
      if (left) return text.padEnd(size);
      const zeros =
        String(flags).includes('0') &&
        !'cs'.includes(letter) &&
        !('dioxXu'.includes(letter) && digits !== undefined) &&
        /\d/.test(text);
      if (!zeros) return text.padStart(size);
      const sign = /^(?:[-+ ]|0[xX])?/.exec(text)?.[0] ?? '';
      return sign + text.slice(sign.length).padStart(size - sign.length, '0');
    },
  );
}

/** One number by a format such as %.6g. */
export function formatNumber(format: string, value: number): string {
  return sprintf(format, [value], '%.6g');
}

function convert(
  letter: string,
  flags: string,
  precision: number | undefined,
  value: Value,
  convfmt: string,
): string {
  switch (letter) {
    case 's': {
      const text = toText(value, convfmt);
      return precision === undefined ? text : text.slice(0, precision);
    }
    case 'c':
      return typeof value === 'number'
        ? String.fromCodePoint(codePoint(value))
        : [...toText(value, convfmt)].slice(0, 1).join('');
    case 'd':
    case 'i':
      return signed(toNumber(value), flags, (magnitude) => integerDigits(magnitude, 10, precision));
    case 'o':
    case 'x':
    case 'X':
    case 'u':
      return unsigned(letter, toNumber(value), flags, precision);
    default:
      return signed(toNumber(value), flags, (magnitude) => {
        const text = real(letter.toLowerCase(), magnitude, precision ?? 6, flags.includes('#'));
        return letter === letter.toUpperCase() ? text.toUpperCase() : text;
      });
  }
}

function codePoint(value: number): number {
  const code = Math.trunc(value);
  return code >= 0 && code <= 0x10ffff ? code : 0xfffd;
}

function signed(value: number, flags: string, digits: (magnitude: number) => string): string {
  const negative = value < 0 || Object.is(value, -0);
  const sign = negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  if (Number.isNaN(value)) return `${sign || '+'}nan`;
  if (!Number.isFinite(value)) return `${sign || '+'}inf`;
  const text = digits(Math.abs(value));
  // -0.4 as %d is 0, without a sign.
  return sign === '-' && /^0+$/.test(text) && Math.abs(value) < 1 && !Object.is(value, -0)
    ? text
    : sign + text;
}

function integerDigits(magnitude: number, base: number, precision: number | undefined): string {
  const text = BigInt(Math.trunc(magnitude)).toString(base);
  return precision === undefined ? text : text.padStart(precision, '0');
}

/** %o %x %X %u; a negative number is shown as gawk does: as a signed decimal. */
function unsigned(letter: string, value: number, flags: string, precision: number | undefined): string {
  if (value < 0 || !Number.isFinite(value))
    return signed(value, flags, (m) => integerDigits(m, 10, precision));
  const digits = integerDigits(value, { o: 8, x: 16, X: 16 }[letter] ?? 10, precision);
  const prefix = flags.includes('#') && value !== 0 ? ({ o: '0', x: '0x', X: '0x' }[letter] ?? '') : '';
  return letter === 'X' ? (prefix + digits).toUpperCase() : prefix + digits;
}

function real(letter: string, magnitude: number, precision: number, alternate: boolean): string {
  if (letter === 'f') return halfToEven(magnitude, Math.min(precision, MOST_DIGITS), 'toFixed');
  if (letter === 'e')
    return exponent(halfToEven(magnitude, Math.min(precision, MOST_DIGITS), 'toExponential'));
  const significant = Math.min(Math.max(precision, 1), MOST_DIGITS);
  const scientific = halfToEven(magnitude, significant - 1, 'toExponential');
  const power = Number(scientific.slice(scientific.indexOf('e') + 1));
  const text =
    power < -4 || power >= significant
      ? exponent(scientific)
      : halfToEven(magnitude, Math.min(significant - 1 - power, MOST_DIGITS), 'toFixed');
  if (alternate || !text.includes('.')) return text;
  return text.replace(/\.?0+(e|$)/, '$1');
}

/** JavaScript rounds an exact half up, C to the even digit: 10.25 with one digit is 10.2. */
function halfToEven(magnitude: number, digits: number, how: 'toFixed' | 'toExponential'): string {
  const rounded = magnitude[how](digits);
  const whole = /^(\d+)(?:\.(\d+))?(e.*)?$/.exec(magnitude[how](MOST_DIGITS));
  const fraction = whole?.[2] ?? '';
  if (!/^50*$/.test(fraction.slice(digits))) return rounded;
  const kept = digits > 0 ? `${whole?.[1]}.${fraction.slice(0, digits)}` : (whole?.[1] ?? '');
  return /[02468]$/.test(kept) ? kept + (whole?.[3] ?? '') : rounded;
}

/** C writes an exponent with at least two digits. */
function exponent(text: string): string {
  return text.replace(/e([-+])(\d)$/, 'e$10$2');
}
