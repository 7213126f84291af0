/**
 * printf-style format strings against their arguments: standard conversions and the kernel's %p extensions.
 */
import type { Expression, Loc } from '../ast';
import type { FormatAttribute } from '../attributes';
import type { Parser } from '../parse/parser';
import { bare, integerOf, sizeOf, type Type } from '../types';
import { quoteType } from './type-text';

/** What a conversion wants: an integer of a size, a string, a pointer. */
interface Conversion {
  text: string;
  wants: 'integer' | 'string' | 'pointer' | 'count';
  size: number;
  /** Arguments taken by `*` before it. */
  stars: number;
}

const SPECIFICATION = /%([-+ #0']*)(\*|\d+)?(?:\.(\*|-?\d+)?)?(hh|h|ll|l|L|q|z|Z|j|t)?(.)?/gs;

const SIZES: Readonly<Record<string, number>> = {
  hh: 4,
  h: 4,
  l: 8,
  ll: 8,
  L: 8,
  q: 8,
  z: 8,
  Z: 8,
  j: 8,
  t: 8,
};

/** The conversions of a format; unknown ones are in `bad`. */
function parseFormat(text: string): { conversions: Conversion[]; bad: string[] } {
  const conversions: Conversion[] = [];
  const bad: string[] = [];
  for (const match of text.matchAll(SPECIFICATION)) {
    const [whole, , width, precision, length, letter] = match;
    if (letter === '%') continue;
    const stars = (width === '*' ? 1 : 0) + (precision === '*' ? 1 : 0);
    const size = length === undefined ? 4 : (SIZES[length] ?? 4);
    if (letter === undefined) bad.push(whole);
    else if ('diuxXo'.includes(letter)) conversions.push({ text: whole, wants: 'integer', size, stars });
    else if (letter === 'c') conversions.push({ text: whole, wants: 'integer', size: 4, stars });
    else if (letter === 's') conversions.push({ text: whole, wants: 'string', size: 8, stars });
    else if (letter === 'p') conversions.push({ text: whole, wants: 'pointer', size: 8, stars });
    else if (letter === 'n') conversions.push({ text: whole, wants: 'count', size: 8, stars });
    else if ('fFeEgGaA'.includes(letter)) bad.push(whole);
    else bad.push(whole);
  }
  return { conversions, bad };
}

function literalText(value: Expression): string | undefined {
  if (value.kind === 'cast') return literalText(value.operand);
  if (value.kind === 'pointerAdd' && value.index.kind === 'integer' && !value.subtract) {
    const text = literalText(value.pointer);
    return text?.slice(Number(value.index.value) * value.scale);
  }
  if (value.kind !== 'address' || value.place.kind !== 'string') return undefined;
  const { bytes } = value.place.literal;
  return new TextDecoder('latin1').decode(bytes.subarray(0, bytes.length - 1));
}

function fits(conversion: Conversion, type: Type): boolean {
  const integer = integerOf(type);
  const t = bare(type);
  switch (conversion.wants) {
    case 'integer':
      return integer !== undefined && Math.max(4, integer.size) === conversion.size;
    case 'string': {
      if (t.kind !== 'pointer') return false;
      const to = bare(t.to);
      return sizeOf(to) === 1 && (to.kind === 'integer' || to.kind === 'void');
    }
    case 'pointer':
    case 'count':
      return t.kind === 'pointer';
  }
}

const EXPECTED: Readonly<Record<Conversion['wants'], string>> = {
  integer: 'an integer',
  string: "'char *'",
  pointer: "'void *'",
  count: "'int *'",
};

function expectedText(conversion: Conversion): string {
  if (conversion.wants !== 'integer') return EXPECTED[conversion.wants];
  const signed = /[di]$/.test(conversion.text);
  if (conversion.size === 8) {
    const long = conversion.text.includes('ll') ? 'long long' : 'long';
    return `'${long}${signed ? '' : ' unsigned'} int'`;
  }
  return signed || conversion.text.endsWith('c') ? "'int'" : "'unsigned int'";
}

/** The conversion that would print a value of this type. */
function betterConversion(conversion: Conversion, type: Type): string | undefined {
  const integer = integerOf(type);
  if (integer) {
    const letter = 'diuxXo'.includes(conversion.text.slice(-1))
      ? conversion.text.slice(-1)
      : integer.signed
        ? 'd'
        : 'u';
    const length = integer.rank === 5 ? 'll' : integer.rank === 4 ? 'l' : '';
    return `%${length}${letter}`;
  }
  const t = bare(type);
  if (t.kind !== 'pointer') return undefined;
  return sizeOf(t.to) === 1 && bare(t.to).kind === 'integer' ? '%s' : '%p';
}

/** Warns where the arguments do not fit the format. */
export function checkFormat(
  p: Parser,
  format: FormatAttribute,
  args: readonly Expression[],
  tokens: readonly Loc[],
): void {
  if (format.style !== 'printf') return;
  const value = args[format.string - 1];
  const token = tokens[format.string - 1];
  if (value === undefined || token === undefined) return;
  const text = literalText(value);
  if (text === undefined) return;
  const { conversions, bad } = parseFormat(text);
  for (const unknown of bad)
    p.warning(token, 'format', `unknown or unsupported conversion '${unknown}' in format`);
  if (format.first === 0 || bad.length > 0) return;
  let at = format.first - 1;
  for (const conversion of conversions) {
    for (let star = 0; star < conversion.stars; star++, at++) {
      const width = args[at];
      if (width && integerOf(width.type)?.size !== 4)
        p.warning(
          tokens[at],
          'format',
          `field width or precision '*' expects 'int', but the argument has type ${quoteType(width.type)}`,
        );
    }
    const argument = args[at];
    if (argument === undefined) {
      p.warning(token, 'format', `format '${conversion.text}' expects a matching argument`);
      return;
    }
    if (!fits(conversion, argument.type)) {
      const better = betterConversion(conversion, argument.type);
      p.warning(
        tokens[at],
        'format',
        `format '${conversion.text}' expects argument of type ${expectedText(conversion)}, but argument ${at + 1} has type ${quoteType(argument.type)}${better ? `; did you mean '${better}'?` : ''}`,
      );
    }
    at++;
  }
  if (at < args.length) p.warning(tokens[at], 'format-extra-args', 'too many arguments for format');
}
