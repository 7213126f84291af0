/**
 * Parses an event filter: FIELD OP VALUE joined by &&, ||, ! and parentheses.
 *
 * The order of checks, the errno and the column of each complaint are Linux 6.1's (Documentation/trace/events.rst,
 * section 5, and the recorded answers in test/conformance): columns point one past the place, at most at the end.
 */
import { parseSigned, parseUnsigned, toU64 } from '../numbers';

/** What a filter may name. `size` is in bytes; text fields compare as text. */
export interface FilterField {
  name: string;
  kind: 'text' | 'number';
  signed: boolean;
  size: number;
}

const OPERATORS = ['==', '!=', '~', '<=', '<', '>=', '>', '&'] as const;
export type FilterOperator = (typeof OPERATORS)[number];

/** A parsed filter. Numbers are 64-bit two's complement. Plain data. */
export type Filter =
  | { kind: 'and' | 'or'; left: Filter; right: Filter }
  | { kind: 'not'; operand: Filter }
  | { kind: 'number'; field: FilterField; operator: FilterOperator; value: bigint }
  | { kind: 'text'; field: FilterField; operator: '==' | '!=' | '~'; value: string };

/** A refused filter. Without a message Linux only says "Error: (0)". */
export class FilterError {
  constructor(
    readonly message: string | undefined,
    readonly position: number,
    readonly errno: 'EINVAL' | 'EPERM' | 'ENOENT' | 'ESRCH',
  ) {}

  /** What the filter file reads afterwards. */
  fileText(text: string): string {
    if (this.message === undefined) return `${text}\nError: (0)\n\n`;
    return `${text}\n${' '.repeat(Math.min(this.position, text.length))}^\nparse_error: ${this.message}\n\n`;
  }
}

const MAX_TEXT = 256;
const MAX_NUMBER = 24;

/** Parses `text` against the event's fields. Never throws. */
export function parseFilter(text: string, fields: readonly FilterField[]): Filter | FilterError {
  const terms = countTerms(text);
  if (terms instanceof FilterError) return terms;
  if (terms === 0) return new FilterError(undefined, 0, 'EINVAL');
  return new Parser(text, fields).parse();
}

/** Checks quotes and parentheses over the whole text first, as Linux does; returns the number of predicates. */
function countTerms(text: string): number | FilterError {
  let terms = 0;
  let inTerm = false;
  let quote: string | undefined;
  let lastQuote = 0;
  const open: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    if (/\s/.test(char)) continue;
    if (quote !== undefined) {
      if (char === quote) quote = undefined;
      continue;
    }
    if (char === '"' || char === "'") {
      quote = char;
      lastQuote = i;
    } else if ((char === '|' || char === '&') && text[i + 1] === char) {
      inTerm = false;
      continue;
    } else if (char === '(') {
      inTerm = false;
      open.push(i);
      continue;
    } else if (char === ')') {
      inTerm = false;
      if (open.pop() === undefined) return new FilterError("Too few '('", i, 'EPERM');
      continue;
    }
    if (!inTerm) terms++;
    inTerm = true;
  }
  if (quote !== undefined) return new FilterError('Missing matching quote', lastQuote, 'ESRCH');
  if (open.length > 0) return new FilterError("Too many '('", open[0] ?? 0, 'ENOENT');
  return terms;
}

/** Recursive descent: or := and ('||' and)*; and := unary ('&&' unary)*; unary := '!' unary | '(' or ')' | predicate. */
class Parser {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly fields: readonly FilterField[],
  ) {}

  parse(): Filter | FilterError {
    const filter = this.or();
    if (filter instanceof FilterError) return filter;
    this.blanks();
    return this.at < this.text.length ? this.tooMany() : filter;
  }

  private or(): Filter | FilterError {
    return this.chain('||', 'or', () => this.chain('&&', 'and', () => this.unary()));
  }

  private chain(
    operator: string,
    kind: 'and' | 'or',
    operand: () => Filter | FilterError,
  ): Filter | FilterError {
    let left = operand();
    while (!(left instanceof FilterError)) {
      this.blanks();
      if (!this.text.startsWith(operator, this.at)) return left;
      this.at += operator.length;
      const right = operand();
      if (right instanceof FilterError) return right;
      left = { kind, left, right };
    }
    return left;
  }

  private unary(): Filter | FilterError {
    this.blanks();
    const char = this.text[this.at];
    if (char === undefined)
      return new FilterError('Meaningless filter expression', this.text.length, 'EINVAL');
    if (char === '!' && !/[=~]/.test(this.text[this.at + 1] ?? '')) {
      this.at++;
      const operand = this.unary();
      return operand instanceof FilterError ? operand : { kind: 'not', operand };
    }
    if (char === '(') {
      this.at++;
      const inner = this.or();
      if (inner instanceof FilterError) return inner;
      this.blanks();
      if (this.text[this.at] !== ')') return this.tooMany();
      this.at++;
      return inner;
    }
    return this.predicate();
  }

  private predicate(): Filter | FilterError {
    // Linux counts columns of a predicate from one past its first character.
    const fail = (message: string, at: number) => new FilterError(message, at + 1, 'EINVAL');
    const name = /^\w*/.exec(this.text.slice(this.at))?.[0] ?? '';
    if (name === '') return new FilterError(undefined, 0, 'EPERM');
    this.at += name.length;
    const field = this.fields.find((candidate) => candidate.name === name);
    if (!field) return fail('Field not found', this.at);
    this.blanks();
    const operator = OPERATORS.find((candidate) => this.text.startsWith(candidate, this.at));
    if (!operator) return fail('Invalid operator', this.at);
    this.at += operator.length;
    this.blanks();
    const start = this.at;
    const char = this.text[start] ?? '';
    if (char === '"' || char === "'") return this.textPredicate(field, operator, char, fail);
    if (!/[-\d]/.test(char)) return fail('Invalid value (did you forget quotes)?', start);
    if (field.kind === 'text') return fail('Expecting string field', start);
    if (operator === '~') return fail('Illegal operation for field type', start);
    const digits = /^-?[0-9A-Za-z]*/.exec(this.text.slice(start))?.[0] ?? '';
    this.at += digits.length;
    if (digits.length >= MAX_NUMBER) return fail('Operand too long', this.at);
    const parsed = field.signed ? parseSigned(digits) : parseUnsigned(digits);
    if ('error' in parsed) return fail('Illegal integer value', start);
    return { kind: 'number', field, operator, value: toU64(parsed.value) };
  }

  private textPredicate(
    field: FilterField,
    operator: FilterOperator,
    quote: string,
    fail: (message: string, at: number) => FilterError,
  ): Filter | FilterError {
    if (operator !== '==' && operator !== '!=' && operator !== '~') {
      return fail('Illegal operation for field type', this.at);
    }
    if (field.kind !== 'text') return fail('Expecting numeric field', this.at);
    const end = this.text.indexOf(quote, this.at + 1);
    const value = this.text.slice(this.at + 1, end);
    this.at = end + 1;
    if (value.length >= MAX_TEXT) return fail('Operand too long', end);
    return { kind: 'text', field, operator, value };
  }

  private tooMany(): FilterError {
    return new FilterError('Too many terms in predicate expression', this.at, 'EPERM');
  }

  private blanks(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }
}
