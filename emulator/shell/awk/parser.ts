/**
 * awk's grammar (POSIX, "Grammar" of the awk utility) by recursive descent.
 *
 * Inside print's list an unparenthesised > is a redirection; `inPrint` carries that down.
 */
import type {
  ArithmeticOperator,
  AwkProgram,
  CompareOperator,
  Expression,
  Pattern,
  Redirection,
  Statement,
  Target,
} from './ast';
import { AwkSyntaxError, type Token, tokenize } from './lexer';

const COMPARISONS: ReadonlySet<string> = new Set(['<', '<=', '==', '!=', '>', '>=']);

/** Parses a program. Throws AwkSyntaxError with the line. */
export function parseAwk(source: string): AwkProgram {
  return new Parser(tokenize(source)).program();
}

class Parser {
  private at = 0;
  private inPrint = false;

  constructor(private readonly tokens: readonly Token[]) {}

  program(): AwkProgram {
    const program: AwkProgram = { rules: [], functions: new Map() };
    for (;;) {
      this.terminators();
      if (this.token.kind === 'end') break;
      if (this.accept('function')) this.functionDefinition(program);
      else {
        const pattern = this.pattern();
        const action = this.is('{') ? this.block() : undefined;
        if (action === undefined && (pattern.kind === 'begin' || pattern.kind === 'end'))
          throw this.error('BEGIN and END need an action in { }');
        program.rules.push({ pattern, action });
      }
    }
    this.checkCalls(program);
    return program;
  }

  private functionDefinition(program: AwkProgram): void {
    const name = this.next();
    if (name.kind !== 'name' && name.kind !== 'call') throw this.error('a function needs a name');
    this.expect('(');
    const parameters: string[] = [];
    while (!this.accept(')')) {
      parameters.push(this.name());
      if (!this.is(')')) this.expect(',');
      this.newlines();
    }
    this.newlines();
    program.functions.set(name.text, { parameters, body: this.block() });
  }

  /** Every function called must exist: said before anything runs. */
  private checkCalls(program: AwkProgram): void {
    for (const token of this.tokens) {
      if (token.kind === 'call' && !program.functions.has(token.text))
        throw new AwkSyntaxError(`line ${token.line}: the function ${token.text} is not defined`);
    }
  }

  private pattern(): Pattern {
    if (this.accept('BEGIN')) return { kind: 'begin' };
    if (this.accept('END')) return { kind: 'end' };
    if (this.is('{')) return { kind: 'always' };
    const condition = this.expression();
    if (!this.accept(',')) return { kind: 'when', condition };
    this.newlines();
    return { kind: 'range', from: condition, to: this.expression() };
  }

  private block(): Statement {
    this.expect('{');
    const body: Statement[] = [];
    for (;;) {
      this.terminators();
      if (this.accept('}')) return { kind: 'block', body };
      if (this.token.kind === 'end') throw this.error("a '}' is missing");
      body.push(this.statement());
    }
  }

  /** The statement after if (…), while (…) and their like. */
  private body(): Statement {
    this.newlines();
    if (this.accept(';')) return { kind: 'block', body: [] };
    return this.statement();
  }

  private statement(): Statement {
    if (this.is('{')) return this.block();
    if (this.accept('if')) return this.ifStatement();
    if (this.accept('while')) {
      const condition = this.parenthesised();
      return { kind: 'while', condition, body: this.body(), bodyFirst: false };
    }
    if (this.accept('do')) {
      const body = this.body();
      this.terminators();
      this.expect('while');
      const condition = this.parenthesised();
      this.endOfStatement();
      return { kind: 'while', condition, body, bodyFirst: true };
    }
    if (this.accept('for')) return this.forStatement();
    const simple = this.simpleStatement();
    this.endOfStatement();
    return simple;
  }

  private ifStatement(): Statement {
    const condition = this.parenthesised();
    const then = this.body();
    const back = this.at;
    this.terminators();
    if (!this.accept('else')) {
      this.at = back;
      return { kind: 'if', condition, then, otherwise: undefined };
    }
    return { kind: 'if', condition, then, otherwise: this.body() };
  }

  private forStatement(): Statement {
    this.expect('(');
    const [name, inWord, array, close] = this.tokens.slice(this.at, this.at + 4);
    if (name?.kind === 'name' && inWord?.text === 'in' && array?.kind === 'name' && close?.text === ')') {
      this.at += 4;
      return { kind: 'forIn', name: name.text, array: array.text, body: this.body() };
    }
    const before = this.is(';') ? undefined : this.simpleStatement();
    this.expect(';');
    this.newlines();
    const condition = this.is(';') ? undefined : this.expression();
    this.expect(';');
    this.newlines();
    const after = this.is(')') ? undefined : this.simpleStatement();
    this.expect(')');
    return { kind: 'for', before, condition, after, body: this.body() };
  }

  private simpleStatement(): Statement {
    const { text, kind } = this.token;
    if (kind === 'keyword') {
      switch (text) {
        case 'print':
        case 'printf':
          this.at++;
          return this.print(text === 'printf');
        case 'delete': {
          this.at++;
          const array = this.name();
          return { kind: 'delete', array, subscripts: this.is('[') ? this.subscripts() : undefined };
        }
        case 'break':
        case 'continue':
        case 'next':
        case 'nextfile':
          this.at++;
          return { kind: text };
        case 'exit':
        case 'return':
          this.at++;
          return { kind: text, value: this.atEnd() ? undefined : this.expression() };
        default:
      }
    }
    return { kind: 'expression', value: this.expression() };
  }

  private print(formatted: boolean): Statement {
    const values = this.printList();
    if (formatted && values.length === 0) throw this.error('printf needs a format');
    let redirection: Redirection | undefined;
    const kinds = { '>': 'truncate', '>>': 'append', '|': 'pipe' } as const;
    const { text } = this.token;
    if (text === '>' || text === '>>' || text === '|') {
      this.at++;
      redirection = { kind: kinds[text], to: this.concatenation() };
    }
    return { kind: 'print', formatted, values, redirection };
  }

  /** print's values: `print a, b`, or `print (a, b)` where the parentheses hold the whole list. */
  private printList(): Expression[] {
    if (this.atEnd() || ['>', '>>', '|'].includes(this.token.text)) return [];
    const back = this.at;
    if (this.accept('(')) {
      const inner = this.list(')');
      this.expect(')');
      if (this.atEnd() || ['>', '>>', '|'].includes(this.token.text)) return inner;
      this.at = back;
    }
    const outer = this.inPrint;
    this.inPrint = true;
    const values = [this.expression()];
    while (this.accept(',')) {
      this.newlines();
      values.push(this.expression());
    }
    this.inPrint = outer;
    return values;
  }

  /** Expressions with commas up to a closing token, in which > compares again. */
  private list(close: string): Expression[] {
    const print = this.inPrint;
    this.inPrint = false;
    const values: Expression[] = [];
    this.newlines();
    while (!this.is(close)) {
      values.push(this.expression());
      this.newlines();
      if (!this.is(close)) this.expect(',');
      this.newlines();
    }
    this.inPrint = print;
    return values;
  }

  private parenthesised(): Expression {
    this.expect('(');
    const [value] = this.list(')');
    this.expect(')');
    if (value === undefined) throw this.error('a condition is missing');
    return value;
  }

  private expression(): Expression {
    const left = this.choice();
    const { text } = this.token;
    const operator = /^([-+*/%^]?)=$/.exec(text)?.[1];
    if (operator === undefined || this.token.kind !== 'operator') return left;
    if (left.kind !== 'name' && left.kind !== 'element' && left.kind !== 'field')
      throw this.error(`only a variable, an element or a field can stand before ${text}`);
    this.at++;
    this.newlines();
    return {
      kind: 'assign',
      operator: operator as '' | ArithmeticOperator,
      target: left,
      value: this.expression(),
    };
  }

  private choice(): Expression {
    const condition = this.or();
    if (!this.accept('?')) return condition;
    this.newlines();
    const then = this.expression();
    this.newlines();
    this.expect(':');
    this.newlines();
    return { kind: 'choose', condition, then, otherwise: this.expression() };
  }

  private or(): Expression {
    let left = this.and();
    while (this.accept('||')) {
      this.newlines();
      left = { kind: 'or', left, right: this.and() };
    }
    return left;
  }

  private and(): Expression {
    let left = this.membership();
    while (this.accept('&&')) {
      this.newlines();
      left = { kind: 'and', left, right: this.membership() };
    }
    return left;
  }

  private membership(): Expression {
    let left = this.matching();
    while (this.accept('in')) left = { kind: 'in', subscripts: [left], array: this.name() };
    return left;
  }

  private matching(): Expression {
    let left = this.comparison();
    while (this.is('~') || this.is('!~')) {
      const negated = this.next().text === '!~';
      left = { kind: 'match', negated, text: left, pattern: this.comparison() };
    }
    return left;
  }

  private comparison(): Expression {
    let left = this.concatenation();
    while (this.is('|') && this.tokens[this.at + 1]?.text === 'getline') {
      this.at += 2;
      left = { kind: 'getline', from: 'command', source: left, target: this.optionalTarget() };
    }
    const { text, kind } = this.token;
    if (kind !== 'operator' || !COMPARISONS.has(text) || (this.inPrint && text === '>')) return left;
    this.at++;
    return { kind: 'compare', operator: text as CompareOperator, left, right: this.concatenation() };
  }

  private concatenation(): Expression {
    let left = this.additive();
    while (this.startsOperand()) left = { kind: 'concat', left, right: this.additive() };
    return left;
  }

  /** True when the next token begins an operand that can be concatenated: + and - cannot, they are binary there. */
  private startsOperand(): boolean {
    const { kind, text } = this.token;
    if (kind === 'operator') return ['$', '!', '(', '++', '--'].includes(text);
    if (kind === 'keyword') return false;
    return ['number', 'string', 'regexp', 'name', 'call', 'builtin'].includes(kind);
  }

  private additive(): Expression {
    let left = this.multiplicative();
    while (this.is('+') || this.is('-')) left = this.arithmetic(left, () => this.multiplicative());
    return left;
  }

  private multiplicative(): Expression {
    let left = this.unary();
    while (this.is('*') || this.is('/') || this.is('%')) left = this.arithmetic(left, () => this.unary());
    return left;
  }

  private arithmetic(left: Expression, operand: () => Expression): Expression {
    const operator = this.next().text as ArithmeticOperator;
    return { kind: 'arithmetic', operator, left, right: operand() };
  }

  private unary(): Expression {
    const { text, kind } = this.token;
    if (kind === 'operator' && (text === '!' || text === '-' || text === '+')) {
      this.at++;
      return { kind: 'unary', operator: text, operand: this.unary() };
    }
    return this.power();
  }

  private power(): Expression {
    const base = this.postfix();
    if (!this.accept('^')) return base;
    // -2 ^ -3 ^ 2: right associative, and the exponent may have a sign.
    return { kind: 'arithmetic', operator: '^', left: base, right: this.unary() };
  }

  private postfix(): Expression {
    const operand = this.primary();
    if (operand.kind !== 'name' && operand.kind !== 'element' && operand.kind !== 'field') return operand;
    if (this.accept('++')) return { kind: 'step', by: 1, prefix: false, target: operand };
    if (this.accept('--')) return { kind: 'step', by: -1, prefix: false, target: operand };
    return operand;
  }

  private primary(): Expression {
    const token = this.next();
    switch (token.kind) {
      case 'number':
        return { kind: 'number', value: Number(token.text) };
      case 'string':
        return { kind: 'string', value: token.text };
      case 'regexp':
        return { kind: 'regexp', source: token.text };
      case 'name':
        if (this.is('[')) return { kind: 'element', array: token.text, subscripts: this.subscripts() };
        return { kind: 'name', name: token.text };
      case 'call':
        return { kind: 'call', name: token.text, arguments: this.argumentList() };
      case 'builtin':
        // length without parentheses is length($0).
        if (!this.is('(')) {
          if (token.text === 'length') return { kind: 'builtin', name: 'length', arguments: [] };
          throw this.error(`${token.text} needs its arguments in ( )`);
        }
        return { kind: 'builtin', name: token.text, arguments: this.argumentList() };
      case 'keyword':
        if (token.text === 'getline') return this.getline();
        break;
      case 'operator':
        return this.operatorPrimary(token);
      case 'newline':
      case 'end':
    }
    this.at--;
    throw this.error(`unexpected ${token.kind === 'newline' ? 'end of line' : token.text}`);
  }

  private operatorPrimary(token: Token): Expression {
    switch (token.text) {
      case '$':
        return { kind: 'field', index: this.fieldIndex() };
      case '++':
      case '--':
        return { kind: 'step', by: token.text === '++' ? 1 : -1, prefix: true, target: this.target() };
      case '(': {
        const values = this.list(')');
        this.expect(')');
        const [first] = values;
        if (first !== undefined && values.length === 1) return { kind: 'group', inner: first };
        if (values.length > 1 && this.accept('in'))
          return { kind: 'in', subscripts: values, array: this.name() };
        break;
      }
      default:
    }
    this.at--;
    throw this.error(`unexpected ${token.text}`);
  }

  /** $NF-1 is ($NF)-1, $i++ is ($i)++, $++i and $-1 take the sign with them. */
  private fieldIndex(): Expression {
    const { text } = this.token;
    if (text === '-' || text === '+' || text === '!') {
      this.at++;
      return { kind: 'unary', operator: text, operand: this.fieldIndex() };
    }
    return this.primary();
  }

  private getline(): Expression {
    const target = this.optionalTarget();
    if (!this.accept('<')) return { kind: 'getline', from: 'input', source: undefined, target };
    return { kind: 'getline', from: 'file', source: this.postfix(), target };
  }

  private optionalTarget(): Target | undefined {
    return this.token.kind === 'name' || this.is('$') ? this.target() : undefined;
  }

  private target(): Target {
    const value = this.primary();
    if (value.kind === 'name' || value.kind === 'element' || value.kind === 'field') return value;
    throw this.error('a variable, an element or a field is needed here');
  }

  private argumentList(): Expression[] {
    this.expect('(');
    const values = this.list(')');
    this.expect(')');
    return values;
  }

  private subscripts(): Expression[] {
    this.expect('[');
    const values = this.list(']');
    this.expect(']');
    if (values.length === 0) throw this.error('a subscript is missing');
    return values;
  }

  private name(): string {
    const token = this.next();
    if (token.kind !== 'name') {
      this.at--;
      throw this.error(`a name is needed before ${token.text}`);
    }
    return token.text;
  }

  private get token(): Token {
    return this.tokens[Math.min(this.at, this.tokens.length - 1)] ?? { kind: 'end', text: '', line: 0 };
  }

  private next(): Token {
    const { token } = this;
    this.at++;
    return token;
  }

  private is(text: string): boolean {
    return this.token.text === text && (this.token.kind === 'operator' || this.token.kind === 'keyword');
  }

  private accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.at++;
    return true;
  }

  private expect(text: string): void {
    if (!this.accept(text)) throw this.error(`'${text}' is needed before ${this.shown()}`);
  }

  private shown(): string {
    return this.token.kind === 'newline' ? 'the end of the line' : this.token.text;
  }

  private newlines(): void {
    while (this.token.kind === 'newline') this.at++;
  }

  private terminators(): void {
    while (this.token.kind === 'newline' || this.is(';')) this.at++;
  }

  private atEnd(): boolean {
    return this.token.kind === 'newline' || this.token.kind === 'end' || this.is(';') || this.is('}');
  }

  private endOfStatement(): void {
    if (this.is('}')) return;
    if (this.token.kind !== 'newline' && !this.is(';')) throw this.error(`unexpected ${this.shown()}`);
    this.at++;
  }

  private error(message: string): AwkSyntaxError {
    return new AwkSyntaxError(`line ${this.token.line}: ${message}`);
  }
}
