/** Decides whether a record passes a filter. */
import type { Filter } from './parse';

/** The value of a field: a number in two's complement, or text (null: it could not be read, which equals nothing). */
export type FieldValue = (name: string) => bigint | string | null;

/** True when the record passes. */
export function matches(filter: Filter, field: FieldValue): boolean {
  switch (filter.kind) {
    case 'and':
      return matches(filter.left, field) && matches(filter.right, field);
    case 'or':
      return matches(filter.left, field) || matches(filter.right, field);
    case 'not':
      return !matches(filter.operand, field);
    case 'text': {
      const value = field(filter.field.name);
      const text = typeof value === 'string' ? value : '';
      if (filter.operator === '~') return glob(filter.value).test(text);
      return (text === filter.value) === (filter.operator === '==');
    }
    case 'number': {
      const raw = field(filter.field.name);
      const { signed, size } = filter.field;
      const bits = Math.min(size, 8) * 8;
      const number = typeof raw === 'bigint' ? raw : 0n;
      const value = signed ? BigInt.asIntN(bits, number) : BigInt.asUintN(bits, number);
      const wanted = signed ? BigInt.asIntN(64, filter.value) : filter.value;
      return compare(value, filter.operator, wanted);
    }
  }
}

function compare(value: bigint, operator: string, wanted: bigint): boolean {
  switch (operator) {
    case '==':
      return value === wanted;
    case '!=':
      return value !== wanted;
    case '<':
      return value < wanted;
    case '<=':
      return value <= wanted;
    case '>':
      return value > wanted;
    case '>=':
      return value >= wanted;
    default:
      return (value & wanted) !== 0n;
  }
}

const compiled = new Map<string, RegExp>();

/** A kernel glob (* ? [set]) as a regular expression over the whole text. */
function glob(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known) return known;
  const source = pattern.replace(/\[!?[^\]]+\]|[\s\S]/g, (part) => {
    if (part === '*') return '[\\s\\S]*';
    if (part === '?') return '[\\s\\S]';
    if (part.length > 1) return `[${part.slice(1, -1).replace(/^!/, '^').replace(/\\/g, '\\\\')}]`;
    return part.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
  });
  const expression = new RegExp(`^${source}$`);
  compiled.set(pattern, expression);
  return expression;
}
