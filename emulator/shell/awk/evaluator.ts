/**
 * Values of awk's expressions. Generators, because an expression may read a file or wait for a command, which are system
 * calls of this process.
 */
import { posixSource } from '../programs/regexp';
import { runCommand } from '../programs/runners';
import { type Task, time } from '../syscalls';
import type { AwkProgram, Expression, FunctionDefinition, Target } from './ast';
import { FUNCTIONS, substitute } from './functions';
import type { MainInput } from './input';
import { AwkRecord, splitFields } from './record';
import type { Streams } from './streams';
import { compare, fromInput, isTrue, toNumber, toText, type Value } from './values';
import { AwkError, type Cell, type Variables } from './variables';

/** The most fields that an assignment to $N or NF may ask for. */
const MOST_FIELDS = 1_000_000;

export class Evaluator {
  readonly record: AwkRecord;
  private readonly expressions = new Map<string, RegExp>();
  private seed = 0;
  private random = 0;

  constructor(
    private readonly program: AwkProgram,
    readonly variables: Variables,
    private readonly streams: Streams,
    private readonly input: MainInput,
    private readonly environment: readonly string[],
    /** Runs a function's body; its return value. */
    private readonly runFunction: (definition: FunctionDefinition) => Task<Value>,
  ) {
    this.record = new AwkRecord(
      (source) => this.expression(source),
      (fields) => fields.map((field) => this.text(field)).join(this.text(this.variables.get('OFS'))),
    );
  }

  get convfmt(): string {
    return toText(this.variables.get('CONVFMT'), '%.6g');
  }

  text(value: Value): string {
    return toText(value, this.convfmt);
  }

  /** The compiled form of an extended regular expression. Throws AwkError for one that is none. */
  expression(source: string): RegExp {
    let found = this.expressions.get(source);
    if (found === undefined) {
      try {
        found = new RegExp(posixSource(source, true), 'g');
      } catch {
        throw new AwkError(`invalid regular expression: /${source}/`);
      }
      this.expressions.set(source, found);
    }
    found.lastIndex = 0;
    return found;
  }

  /** RS as the reader wants it: more than one character is a regular expression (gawk). */
  recordSeparator(): string | RegExp {
    const separator = this.text(this.variables.get('RS'));
    return separator.length > 1 ? this.expression(separator) : separator;
  }

  setRecord(text: string): void {
    this.record.set(text, this.text(this.variables.get('FS')));
  }

  *condition(node: Expression): Task<boolean> {
    return isTrue(yield* this.evaluate(node));
  }

  *evaluate(node: Expression): Task<Value> {
    switch (node.kind) {
      case 'number':
      case 'string':
        return node.value;
      case 'regexp':
        return Number(this.expression(node.source).test(this.record.text));
      case 'group':
        return yield* this.evaluate(node.inner);
      case 'name':
      case 'element':
      case 'field':
        return yield* this.read(node);
      case 'assign': {
        const value = yield* this.evaluate(node.value);
        if (node.operator === '') return yield* this.assign(node.target, value);
        const before = toNumber(yield* this.read(node.target));
        return yield* this.assign(node.target, calculate(node.operator, before, toNumber(value)));
      }
      case 'step': {
        const before = toNumber(yield* this.read(node.target));
        yield* this.assign(node.target, before + node.by);
        return node.prefix ? before + node.by : before;
      }
      case 'unary': {
        const value = yield* this.evaluate(node.operand);
        if (node.operator === '!') return Number(!isTrue(value));
        return node.operator === '-' ? -toNumber(value) : toNumber(value);
      }
      case 'arithmetic': {
        const left = toNumber(yield* this.evaluate(node.left));
        return calculate(node.operator, left, toNumber(yield* this.evaluate(node.right)));
      }
      case 'compare': {
        const left = yield* this.evaluate(node.left);
        return Number(holds(node.operator, compare(left, yield* this.evaluate(node.right), this.convfmt)));
      }
      case 'match': {
        const text = this.text(yield* this.evaluate(node.text));
        return Number((yield* this.pattern(node.pattern)).test(text) !== node.negated);
      }
      case 'concat': {
        const left = this.text(yield* this.evaluate(node.left));
        return left + this.text(yield* this.evaluate(node.right));
      }
      case 'and':
        return Number((yield* this.condition(node.left)) && (yield* this.condition(node.right)));
      case 'or':
        return Number((yield* this.condition(node.left)) || (yield* this.condition(node.right)));
      case 'choose':
        return yield* this.evaluate((yield* this.condition(node.condition)) ? node.then : node.otherwise);
      case 'in':
        return Number(this.variables.array(node.array).has(yield* this.key(node.subscripts)));
      case 'builtin':
        return yield* this.builtin(node.name, node.arguments);
      case 'call':
        return yield* this.call(node.name, node.arguments);
      case 'getline':
        return yield* this.getline(node);
    }
  }

  /** Key of an array element: subscripts joined by SUBSEP. */
  *key(subscripts: readonly Expression[]): Task<string> {
    const parts: string[] = [];
    for (const subscript of subscripts) parts.push(this.text(yield* this.evaluate(subscript)));
    return parts.join(this.text(this.variables.get('SUBSEP')));
  }

  /** The regular expression that an operand stands for: a constant, or a text. */
  private *pattern(node: Expression): Task<RegExp> {
    if (node.kind === 'regexp') return this.expression(node.source);
    return this.expression(this.text(yield* this.evaluate(node)));
  }

  private *read(target: Target): Task<Value> {
    switch (target.kind) {
      case 'name':
        return target.name === 'NF' ? this.record.count : this.variables.get(target.name);
      case 'element': {
        const array = this.variables.array(target.array);
        const key = yield* this.key(target.subscripts);
        // Looking at an element makes it (POSIX).
        if (!array.has(key)) array.set(key, null);
        return array.get(key) ?? null;
      }
      case 'field':
        return this.record.field(yield* this.fieldIndex(target.index));
    }
  }

  *assign(target: Target, value: Value): Task<Value> {
    switch (target.kind) {
      case 'name':
        if (target.name === 'NF') this.record.count = checkCount(toNumber(value));
        else this.variables.set(target.name, value);
        return value;
      case 'element':
        this.variables.array(target.array).set(yield* this.key(target.subscripts), value);
        return value;
      case 'field': {
        const index = yield* this.fieldIndex(target.index);
        if (index === 0) this.setRecord(this.text(value));
        else this.record.setField(checkCount(index), value);
        return value;
      }
    }
  }

  private *fieldIndex(node: Expression): Task<number> {
    const index = Math.trunc(toNumber(yield* this.evaluate(node)));
    if (index < 0) throw new AwkError(`attempt to access field ${index}`);
    return index;
  }

  private *getline(node: Expression & { kind: 'getline' }): Task<Value> {
    let record: string | number | undefined;
    if (node.source === undefined) record = yield* this.input.next(this.recordSeparator());
    else {
      const name = this.text(yield* this.evaluate(node.source));
      const from = node.from === 'command' ? 'command' : 'file';
      record = yield* this.streams.read(from, name, this.recordSeparator());
      if (from === 'command' && typeof record === 'string')
        this.variables.set('NR', toNumber(this.variables.get('NR')) + 1);
    }
    if (record === undefined) return 0;
    if (typeof record === 'number') return -1;
    if (node.target) yield* this.assign(node.target, fromInput(record));
    else this.setRecord(record);
    return 1;
  }

  private *call(name: string, given: readonly Expression[]): Task<Value> {
    const definition = this.program.functions.get(name);
    if (definition === undefined) throw new AwkError(`the function ${name} is not defined`);
    if (given.length > definition.parameters.length)
      throw new AwkError(
        `${name} is called with ${given.length} arguments, but has ${definition.parameters.length}`,
      );
    const frame = new Map<string, Cell>();
    for (const [index, parameter] of definition.parameters.entries()) {
      const argument = given[index];
      const cell: Cell = { value: null, array: undefined, origin: undefined };
      if (argument?.kind === 'name' && argument.name !== 'NF') {
        const theirs = this.variables.cell(argument.name);
        cell.value = theirs.value;
        cell.array = theirs.array;
        cell.origin = theirs;
      } else if (argument) cell.value = yield* this.evaluate(argument);
      frame.set(parameter, cell);
    }
    this.variables.enter(frame);
    try {
      return yield* this.runFunction(definition);
    } finally {
      this.variables.leave();
    }
  }

  private *builtin(name: string, given: readonly Expression[]): Task<Value> {
    switch (name) {
      case 'length': {
        const [argument] = given;
        if (argument === undefined) return [...this.record.text].length;
        if (argument.kind === 'name' && this.variables.isArray(argument.name))
          return this.variables.array(argument.name).size;
        return [...this.text(yield* this.evaluate(argument))].length;
      }
      case 'split':
        return yield* this.split(given);
      case 'sub':
      case 'gsub':
        return yield* this.replace(name, given);
      case 'gensub':
        return yield* this.gensub(given);
      case 'match':
        return yield* this.match(given);
      default:
    }
    const values: Value[] = [];
    for (const argument of given) values.push(yield* this.evaluate(argument));
    switch (name) {
      case 'system':
        yield* this.streams.flush();
        return yield* runCommand(['/bin/sh', '-c', this.text(values[0] ?? null)], this.environment);
      case 'close':
        return yield* this.streams.close(this.text(values[0] ?? null));
      case 'fflush':
        return yield* this.streams.flush();
      case 'systime':
        return yield* time();
      case 'rand':
        return this.nextRandom();
      case 'srand': {
        const before = this.seed;
        this.seed = values.length > 0 ? toNumber(values[0] ?? null) : yield* time();
        this.random = this.seed | 0;
        return before;
      }
      default: {
        const pure = FUNCTIONS[name];
        if (pure === undefined) throw new AwkError(`there is no function ${name}`);
        return pure(values, this);
      }
    }
  }

  /** Numbers from 0 to below 1, the same in every run with the same seed (the mulberry32 generator). */
  private nextRandom(): number {
    this.random = (this.random + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.random ^ (this.random >>> 15), 1 | this.random);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  private *split([source, into, by]: readonly Expression[]): Task<number> {
    if (source === undefined || into?.kind !== 'name') throw new AwkError('split needs a text and an array');
    const text = this.text(yield* this.evaluate(source));
    let parts: string[];
    if (by?.kind === 'regexp')
      parts = splitFields(text, `(?:${by.source})`, () => this.expression(by.source));
    else {
      const separator = this.text(by === undefined ? this.variables.get('FS') : yield* this.evaluate(by));
      parts = splitFields(text, separator, (each) => this.expression(each));
    }
    const array = this.variables.array(into.name);
    array.clear();
    for (const [index, part] of parts.entries()) array.set(String(index + 1), fromInput(part));
    return parts.length;
  }

  private *replace(name: 'sub' | 'gsub', given: readonly Expression[]): Task<number> {
    const [pattern, by, on = { kind: 'field', index: { kind: 'number', value: 0 } } as const] = given;
    if (pattern === undefined || by === undefined)
      throw new AwkError(`${name} needs a pattern and a replacement`);
    const expression = yield* this.pattern(pattern);
    const source = this.text(yield* this.evaluate(by));
    const before = this.text(yield* this.evaluate(on));
    const { text, count } = substitute(before, expression, source, name === 'gsub' ? 'all' : 1, false);
    if (count > 0) {
      if (on.kind !== 'name' && on.kind !== 'element' && on.kind !== 'field')
        throw new AwkError(`${name}'s third argument must be a variable, an element or a field`);
      yield* this.assign(on, text);
    }
    return count;
  }

  private *gensub([pattern, by, how, on]: readonly Expression[]): Task<string> {
    if (pattern === undefined || by === undefined || how === undefined)
      throw new AwkError('gensub needs a pattern, a replacement, and g or a number');
    const expression = yield* this.pattern(pattern);
    const source = this.text(yield* this.evaluate(by));
    const which = this.text(yield* this.evaluate(how));
    const before = on === undefined ? this.record.text : this.text(yield* this.evaluate(on));
    return substitute(
      before,
      expression,
      source,
      /^[gG]/.test(which) ? 'all' : Math.max(1, toNumber(which)),
      true,
    ).text;
  }

  private *match([source, pattern, into]: readonly Expression[]): Task<number> {
    if (source === undefined || pattern === undefined) throw new AwkError('match needs a text and a pattern');
    const text = this.text(yield* this.evaluate(source));
    const found = (yield* this.pattern(pattern)).exec(text);
    this.variables.set('RSTART', found ? found.index + 1 : 0);
    this.variables.set('RLENGTH', found ? found[0].length : -1);
    if (into?.kind === 'name') {
      const array = this.variables.array(into.name);
      array.clear();
      for (const [index, group] of (found ?? []).entries()) {
        if (group !== undefined) array.set(String(index), fromInput(group));
      }
    }
    return found ? found.index + 1 : 0;
  }
}

function checkCount(count: number): number {
  if (count < 0 || count > MOST_FIELDS) throw new AwkError(`a record cannot have ${count} fields`);
  return Math.trunc(count);
}

function calculate(operator: string, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '^':
      return left ** right;
    default:
      if (right === 0) throw new AwkError(`division by zero${operator === '%' ? ' in %' : ''}`);
      return operator === '/' ? left / right : left % right;
  }
}

function holds(operator: string, order: number): boolean {
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '>':
      return order > 0;
    default:
      return order >= 0;
  }
}
