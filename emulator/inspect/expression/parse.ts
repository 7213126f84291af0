/**
 * Parser of the debugger's C expressions: precedence climbing over C's operators, casts and type names included.
 *
 * Each function returns one grammar symbol's tree. Whether `(name)` starts a cast is asked of the caller, because only
 * debug information knows the typedefs.
 */
import type { BinaryOperator, Expression, UnaryOperator } from './ast';
import { catching, ExpressionError, type ExpressionFailure } from './error';
import { expandMacros, type MacroScope } from './macro';
import { type Token, tokenize } from './token';
import { parseTypeName, startsTypeName } from './type-name';

/** What the parser must know about names. */
export interface NameScope extends MacroScope {
  isTypedef(name: string): boolean;
}

export type Parsed = { expression: Expression; end: number } | { failure: ExpressionFailure };

/**
 * Parses `text` from `start`. With `partial` the expression may end before the text does (`{expr:format}`), and `end`
 * says where; otherwise anything left over is an error.
 */
export function parse(text: string, scope: NameScope, start = 0, partial = false): Parsed {
  const caught = catching(() => {
    const parser = new Parser(expandMacros(tokenize(text, start, partial), scope), scope);
    const expression = parser.comma();
    const rest = parser.peek();
    if (!partial && rest.kind !== 'end')
      throw new ExpressionError('unexpected text after the expression', rest.at, rest.length);
    return { expression, end: rest.at };
  });
  return 'failure' in caught ? caught : caught.result;
}

const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];
const UNARY: ReadonlySet<string> = new Set<UnaryOperator>(['-', '+', '!', '~', '*', '&']);
const ASSIGNMENTS: Readonly<Record<string, BinaryOperator | undefined>> = {
  '*=': '*',
  '/=': '/',
  '%=': '%',
  '+=': '+',
  '-=': '-',
  '<<=': '<<',
  '>>=': '>>',
  '&=': '&',
  '^=': '^',
  '|=': '|',
};

/** Nesting beyond this is refused: the text comes from an editor and recursion must not overflow the stack. */
const MAX_DEPTH = 200;

/** A cursor over tokens with the grammar's productions as methods. */
export class Parser {
  #position = 0;
  #depth = 0;

  constructor(
    readonly tokens: readonly Token[],
    readonly scope: NameScope,
  ) {}

  peek(ahead = 0): Token {
    const token = this.tokens[this.#position + ahead] ?? this.tokens.at(-1);
    return token ?? { kind: 'end', at: 0, length: 0 };
  }

  take(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.#position++;
    return token;
  }

  /** True, and taken, when the next token is that punctuator. */
  accept(text: string): boolean {
    const token = this.peek();
    if (token.kind !== 'punctuator' || token.text !== text) return false;
    this.#position++;
    return true;
  }

  expect(text: string): Token {
    const token = this.peek();
    if (!this.accept(text)) {
      const found = token.kind === 'end' ? 'the end' : 'something else';
      throw new ExpressionError(`expected \`${text}\`, found ${found}`, token.at, token.length);
    }
    return token;
  }

  expectName(what: string): { text: string; at: number; length: number } {
    const token = this.take();
    if (token.kind !== 'name') throw new ExpressionError(`expected ${what}`, token.at, token.length);
    return token;
  }

  /** comma = assignment ("," assignment)* */
  comma(): Expression {
    let left = this.assignment();
    while (this.accept(','))
      left = spanning(left, this.assignment(), (l, right) => ({ kind: 'comma', left: l, right }));
    return left;
  }

  /** assignment = conditional (("=" | "+=" | …) assignment)? */
  assignment(): Expression {
    if (++this.#depth > MAX_DEPTH) throw new ExpressionError('nested too deeply', this.peek().at);
    try {
      const left = this.#conditional();
      const token = this.peek();
      if (token.kind !== 'punctuator') return left;
      if (token.text !== '=' && ASSIGNMENTS[token.text] === undefined) return left;
      this.take();
      const operator = ASSIGNMENTS[token.text];
      return spanning(left, this.assignment(), (l, right) => ({ kind: 'assign', operator, left: l, right }));
    } finally {
      this.#depth--;
    }
  }

  /** conditional = logicalOr ("?" comma? ":" conditional)? — GNU C's `a ?: b` too. */
  #conditional(): Expression {
    const condition = this.#logical('||');
    if (!this.accept('?')) return condition;
    const next = this.peek();
    const short = next.kind === 'punctuator' && next.text === ':';
    const yes = short ? undefined : this.comma();
    this.expect(':');
    return spanning(condition, this.#conditional(), (c, no) => ({
      kind: 'conditional',
      condition: c,
      yes,
      no,
    }));
  }

  /** logicalOr = logicalAnd ("||" logicalAnd)*; logicalAnd = bitOr ("&&" bitOr)* */
  #logical(operator: '||' | '&&'): Expression {
    const operand = () => (operator === '||' ? this.#logical('&&') : this.#binary(0));
    let left = operand();
    while (this.accept(operator)) {
      left = spanning(left, operand(), (l, right) => ({ kind: 'logical', operator, left: l, right }));
    }
    return left;
  }

  #binary(level: number): Expression {
    const operators = LEVELS[level];
    if (!operators) return this.unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const token = this.peek();
      const operator = token.kind === 'punctuator' ? operators.find((one) => one === token.text) : undefined;
      if (!operator) return left;
      this.take();
      left = spanning(left, this.#binary(level + 1), (l, right) => ({
        kind: 'binary',
        operator,
        left: l,
        right,
      }));
    }
  }

  /** unary = ("-" | "!" | "*" | … | "(" type ")") unary | "sizeof" … | postfix */
  unary(): Expression {
    if (++this.#depth > MAX_DEPTH) throw new ExpressionError('nested too deeply', this.peek().at);
    try {
      return this.#unary();
    } finally {
      this.#depth--;
    }
  }

  #unary(): Expression {
    const token = this.peek();
    if (token.kind === 'name' && token.text === 'sizeof') return this.#sizeof();
    if (token.kind !== 'punctuator') return this.#postfix(this.#primary());
    if (token.text === '++' || token.text === '--') {
      this.take();
      const by = token.text === '++' ? 1n : -1n;
      return from(token, this.unary(), (operand) => ({ kind: 'increment', by, prefix: true, operand }));
    }
    if (UNARY.has(token.text)) {
      this.take();
      const operator = token.text as UnaryOperator;
      return from(token, this.unary(), (operand) => ({ kind: 'unary', operator, operand }));
    }
    if (token.text === '(' && startsTypeName(this.peek(1), this.scope)) {
      this.take();
      const type = parseTypeName(this);
      this.expect(')');
      return from(token, this.unary(), (operand) => ({ kind: 'cast', type, operand }));
    }
    return this.#postfix(this.#primary());
  }

  /** sizeof = "sizeof" (unary | "(" type ")") */
  #sizeof(): Expression {
    const keyword = this.take();
    const open = this.peek();
    if (open.kind === 'punctuator' && open.text === '(' && startsTypeName(this.peek(1), this.scope)) {
      this.take();
      const type = parseTypeName(this);
      const close = this.expect(')');
      return { kind: 'sizeofType', type, at: keyword.at, length: close.at + 1 - keyword.at };
    }
    return from(keyword, this.unary(), (operand) => ({ kind: 'sizeof', operand }));
  }

  /** primary = number | character | string | name | register | "(" comma ")" | "offsetof" … | "container_of" … */
  #primary(): Expression {
    const token = this.take();
    switch (token.kind) {
      case 'number':
      case 'character':
      case 'string':
        return token;
      case 'register':
        return { kind: 'register', name: token.text, at: token.at, length: token.length };
      case 'name':
        if (token.text === 'offsetof' || token.text === '__builtin_offsetof') return this.#offsetof(token);
        if (token.text === 'container_of' || token.text === 'list_entry') return this.#containerOf(token);
        return { kind: 'name', name: token.text, at: token.at, length: token.length };
      case 'punctuator': {
        if (token.text !== '(') break;
        const inner = this.comma();
        this.expect(')');
        return inner;
      }
      case 'end':
        throw new ExpressionError('expected an expression, found the end', token.at);
    }
    throw new ExpressionError('expected an expression', token.at, token.length);
  }

  #offsetof(keyword: Token): Expression {
    this.expect('(');
    const type = parseTypeName(this);
    this.expect(',');
    const path = this.#memberPath();
    const close = this.expect(')');
    return { kind: 'offsetof', type, path, at: keyword.at, length: close.at + 1 - keyword.at };
  }

  #containerOf(keyword: Token): Expression {
    this.expect('(');
    const pointer = this.assignment();
    this.expect(',');
    const type = parseTypeName(this);
    this.expect(',');
    const path = this.#memberPath();
    const close = this.expect(')');
    return { kind: 'containerOf', pointer, type, path, at: keyword.at, length: close.at + 1 - keyword.at };
  }

  #memberPath(): string[] {
    const path = [this.expectName('a member name').text];
    while (this.accept('.')) path.push(this.expectName('a member name').text);
    return path;
  }

  /** postfix = primary ("[" comma "]" | "(" arguments ")" | "." name | "->" name | "++" | "--")* */
  #postfix(start: Expression): Expression {
    let left = start;
    for (;;) {
      const token = this.peek();
      if (token.kind !== 'punctuator') return left;
      const object = left;
      switch (token.text) {
        case '[': {
          this.take();
          const index = this.comma();
          const close = this.expect(']');
          left = { kind: 'index', object, index, at: object.at, length: close.at + 1 - object.at };
          break;
        }
        case '(': {
          this.take();
          const given: Expression[] = [];
          if (!this.accept(')')) {
            do given.push(this.assignment());
            while (this.accept(','));
            this.expect(')');
          }
          left = {
            kind: 'call',
            callee: object,
            arguments: given,
            at: object.at,
            length: token.at + 1 - object.at,
          };
          break;
        }
        case '.':
        case '->': {
          this.take();
          const name = this.expectName('a member name');
          const length = name.at + name.length - object.at;
          left = {
            kind: 'member',
            object,
            name: name.text,
            arrow: token.text === '->',
            nameAt: name.at,
            at: object.at,
            length: Math.max(1, length),
          };
          break;
        }
        case '++':
        case '--':
          this.take();
          left = {
            kind: 'increment',
            by: token.text === '++' ? 1n : -1n,
            prefix: false,
            operand: object,
            at: object.at,
            length: token.at + 2 - object.at,
          };
          break;
        default:
          return left;
      }
    }
  }
}

type Bare<T> = T extends unknown ? Omit<T, 'at' | 'length'> : never;

function place<T extends Bare<Expression>>(
  node: T,
  at: number,
  end: number,
): T & { at: number; length: number } {
  return { ...node, at, length: Math.max(1, end - at) };
}

function spanning(
  left: Expression,
  right: Expression,
  make: (left: Expression, right: Expression) => Bare<Expression>,
): Expression {
  return place(make(left, right), left.at, right.at + right.length);
}

function from(
  first: Token,
  operand: Expression,
  make: (operand: Expression) => Bare<Expression>,
): Expression {
  return place(make(operand), first.at, operand.at + operand.length);
}
