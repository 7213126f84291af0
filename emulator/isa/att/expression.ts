/**
 * Assembler expressions: text to a tree, and a tree to a value. Precedence, and true being −1, are gas's (as manual,
 * "Infix Operators"): `* / % << >>` bind tightest, then `| & ^ !`, then `+ -`, then comparisons, then `&&`, then `||`.
 */

export type BinaryOperator =
  | '*'
  | '/'
  | '%'
  | '<<'
  | '>>'
  | '|'
  | '&'
  | '^'
  | '!'
  | '+'
  | '-'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '&&'
  | '||';

/** A parsed expression. `symbol` names include numeric labels (`1b`, `1f`); `.` is the kind `here`. */
export type Expression =
  | { kind: 'number'; value: bigint }
  | { kind: 'symbol'; name: string }
  | { kind: 'here' }
  | { kind: 'unary'; operator: '-' | '~' | '!'; operand: Expression }
  | { kind: 'binary'; operator: BinaryOperator; left: Expression; right: Expression };

/** Thrown by the parsers of this directory and caught by assembleInstruction and cc/asm; the message is for the user. */
export class AssemblyError extends Error {}

/** A position in one statement's text. */
export class Scanner {
  readonly text: string;
  position: number;

  constructor(text: string, position = 0) {
    this.text = text;
    this.position = position;
  }

  skipSpace(): void {
    while (this.text[this.position] === ' ' || this.text[this.position] === '\t') this.position++;
  }

  /** The next character after blanks, '' at the end. */
  peek(): string {
    this.skipSpace();
    return this.text[this.position] ?? '';
  }

  /** Takes `expected` if it is next. */
  accept(expected: string): boolean {
    this.skipSpace();
    if (!this.text.startsWith(expected, this.position)) return false;
    this.position += expected.length;
    return true;
  }

  expect(expected: string): void {
    if (!this.accept(expected)) throw new AssemblyError(`expected '${expected}' before '${this.rest()}'`);
  }

  /** Takes what the sticky regular expression matches here. */
  match(pattern: RegExp): string | undefined {
    this.skipSpace();
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.position += found.length;
    return found;
  }

  rest(): string {
    return this.text.slice(this.position);
  }

  atEnd(): boolean {
    return this.peek() === '';
  }
}

const numberPattern = /0[xX][0-9a-fA-F]+|0[bB][01]+(?![0-9a-fA-F])|[0-9]+/y;
const localLabel = /[0-9]+[bf](?![0-9a-zA-Z_])/y;
const symbolPattern = /[A-Za-z_.$][A-Za-z0-9_.$]*/y;
const quotedSymbol = /"[^"]*"/y;

const escapes: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, b: 8, f: 12, '0': 0 };

function primary(scanner: Scanner): Expression {
  const next = scanner.peek();
  if (scanner.accept('(')) {
    const inner = parseExpression(scanner);
    scanner.expect(')');
    return inner;
  }
  if (next === '-' || next === '~' || next === '!') {
    scanner.accept(next);
    return { kind: 'unary', operator: next, operand: primary(scanner) };
  }
  if (scanner.accept('+')) return primary(scanner);
  if (next === "'") return character(scanner);
  const label = scanner.match(localLabel);
  if (label !== undefined) return { kind: 'symbol', name: label };
  const digits = scanner.match(numberPattern);
  if (digits !== undefined) {
    scanner.match(/[uUlL]+/y);
    return { kind: 'number', value: numberOf(digits) };
  }
  const quoted = scanner.match(quotedSymbol);
  if (quoted !== undefined) return { kind: 'symbol', name: quoted.slice(1, -1) };
  const name = scanner.match(symbolPattern);
  if (name === '.') return { kind: 'here' };
  if (name !== undefined) {
    scanner.match(/@(PLT|plt)/y);
    return { kind: 'symbol', name };
  }
  throw new AssemblyError(next === '' ? 'an expression is missing' : `'${scanner.rest()}' is no expression`);
}

function numberOf(digits: string): bigint {
  const octal = /^0[0-9]+$/.test(digits);
  if (octal && /[89]/.test(digits)) throw new AssemblyError(`'${digits}' is no octal number`);
  return BigInt(octal ? `0o${digits.slice(1)}` : digits.toLowerCase());
}

function character(scanner: Scanner): Expression {
  scanner.accept("'");
  let code = scanner.text.codePointAt(scanner.position) ?? 0;
  scanner.position++;
  if (code === 0x5c) {
    const letter = scanner.text[scanner.position] ?? '';
    code = escapes[letter] ?? letter.codePointAt(0) ?? 0;
    scanner.position++;
  }
  if (scanner.text[scanner.position] === "'") scanner.position++;
  return { kind: 'number', value: BigInt(code) };
}

const levels: readonly (readonly [RegExp, ...string[]])[] = [
  [/\|\|/y],
  [/&&/y],
  [/==|!=|<>|<=|>=|<(?!<)|>(?!>)/y],
  [/[+-]/y],
  [/\|(?!\|)|&(?!&)|\^|!(?!=)/y],
  [/<<|>>|[*/%]/y],
];

function binary(scanner: Scanner, level: number): Expression {
  const pattern = levels[level]?.[0];
  if (!pattern) return primary(scanner);
  let left = binary(scanner, level + 1);
  for (;;) {
    const operator = scanner.match(pattern);
    if (operator === undefined) return left;
    const right = binary(scanner, level + 1);
    const name = operator === '<>' ? '!=' : operator;
    left = { kind: 'binary', operator: name as BinaryOperator, left, right };
  }
}

/** Parses an expression at the scanner. Throws AssemblyError. */
export function parseExpression(scanner: Scanner): Expression {
  return binary(scanner, 0);
}

/**
 * A value that may depend on where things end up: constant + add − subtract, each an opaque symbol key. A plain number has
 * neither key.
 */
export interface Value {
  constant: bigint;
  add?: string;
  subtract?: string;
}

/** What evaluation asks of its surroundings. */
export interface Resolver {
  /** The value of a symbol: a number, or a key with an offset if it is not known yet. */
  symbol(name: string): Value;
  here(): Value;
  /** The distance a − b in bytes if it is known. */
  distance(a: string, b: string): bigint | undefined;
}

function settle(value: Value, resolver: Resolver): Value {
  if (value.add === undefined || value.subtract === undefined) return value;
  if (value.add === value.subtract) return { constant: value.constant };
  const distance = resolver.distance(value.add, value.subtract);
  return distance === undefined ? value : { constant: value.constant + distance };
}

function sum(left: Value, right: Value, resolver: Resolver): Value {
  const constant = left.constant + right.constant;
  const simplified = (a: Value, b: Value): Value | undefined => {
    if (a.add !== undefined && b.subtract !== undefined) {
      const inner = settle({ constant: 0n, add: a.add, subtract: b.subtract }, resolver);
      if (inner.add === undefined)
        return { constant: constant + inner.constant, add: b.add, subtract: a.subtract };
    }
    return undefined;
  };
  if (left.add !== undefined && right.add !== undefined) {
    const folded = simplified(left, right) ?? simplified(right, left);
    if (folded) return folded;
    throw new AssemblyError('two symbols cannot be added');
  }
  if (left.subtract !== undefined && right.subtract !== undefined) {
    const folded = simplified(left, right) ?? simplified(right, left);
    if (folded) return folded;
    throw new AssemblyError('more than one symbol is subtracted');
  }
  return settle(
    { constant, add: left.add ?? right.add, subtract: left.subtract ?? right.subtract },
    resolver,
  );
}

/** The value of an expression in this moment's surroundings. Throws AssemblyError where it cannot have one. */
export function evaluate(expression: Expression, resolver: Resolver): Value {
  switch (expression.kind) {
    case 'number':
      return { constant: expression.value };
    case 'symbol':
      return resolver.symbol(expression.name);
    case 'here':
      return resolver.here();
    case 'unary': {
      const value = evaluate(expression.operand, resolver);
      if (expression.operator === '-')
        return { constant: -value.constant, add: value.subtract, subtract: value.add };
      const constant = absolute(value);
      return { constant: expression.operator === '~' ? ~constant : constant === 0n ? 1n : 0n };
    }
    case 'binary': {
      const left = evaluate(expression.left, resolver);
      const right = evaluate(expression.right, resolver);
      if (expression.operator === '+') return sum(left, right, resolver);
      if (expression.operator === '-') {
        return sum(left, { constant: -right.constant, add: right.subtract, subtract: right.add }, resolver);
      }
      return { constant: compute(expression.operator, absolute(left), absolute(right)) };
    }
  }
}

/** The number that a value is. Throws AssemblyError if it still depends on a symbol. */
export function absolute(value: Value): bigint {
  const symbol = value.add ?? value.subtract;
  if (symbol !== undefined) throw new AssemblyError('the value must be known here and depends on a symbol');
  return value.constant;
}

function compute(operator: BinaryOperator, left: bigint, right: bigint): bigint {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
    case '%':
      if (right === 0n) throw new AssemblyError('division by zero');
      return operator === '/' ? left / right : left % right;
    case '<<':
      return BigInt.asIntN(64, left << (right & 63n));
    case '>>':
      return BigInt.asUintN(64, left) >> (right & 63n);
    case '|':
      return left | right;
    case '&':
      return left & right;
    case '^':
      return left ^ right;
    case '!':
      return left | ~right;
    case '==':
      return left === right ? -1n : 0n;
    case '!=':
      return left !== right ? -1n : 0n;
    case '<':
      return left < right ? -1n : 0n;
    case '<=':
      return left <= right ? -1n : 0n;
    case '>':
      return left > right ? -1n : 0n;
    case '>=':
      return left >= right ? -1n : 0n;
    case '&&':
      return left !== 0n && right !== 0n ? 1n : 0n;
    case '||':
      return left !== 0n || right !== 0n ? 1n : 0n;
  }
}
