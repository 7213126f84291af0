/** Runs an awk program: BEGIN, the rules for each record, END; statements. Expressions are evaluator.ts's. */
import { errnoText } from '../../kernel/errno';
import type { Task } from '../syscalls';
import type { AwkProgram, FunctionDefinition, Redirection, Rule, Statement } from './ast';
import { Evaluator } from './evaluator';
import { sprintf } from './format';
import type { MainInput } from './input';
import type { Streams } from './streams';
import { toNumber, toText, type Value } from './values';
import { AwkError, type Variables } from './variables';

/** How a statement ended. */
type Flow = 'on' | 'break' | 'continue' | 'return';

/** Leaves the rule, the file or the program from any depth. */
class Leave extends Error {
  constructor(readonly how: 'next' | 'nextfile' | 'exit') {
    super(how);
  }
}

export class Interpreter {
  private readonly evaluator: Evaluator;
  private readonly inRange = new Set<Rule>();
  private status = 0;
  private returned: Value = null;

  constructor(
    private readonly program: AwkProgram,
    private readonly variables: Variables,
    private readonly streams: Streams,
    private readonly input: MainInput,
    environment: readonly string[],
  ) {
    const call = (definition: FunctionDefinition) => this.callFunction(definition);
    this.evaluator = new Evaluator(program, variables, streams, input, environment, call);
  }

  /** Runs everything; the exit status. Throws AwkError for a program that fails while it runs. */
  *run(): Task<number> {
    const rules = (kind: 'begin' | 'end') =>
      this.program.rules.filter(({ pattern }) => pattern.kind === kind);
    const perRecord = this.program.rules.filter(
      ({ pattern }) => pattern.kind !== 'begin' && pattern.kind !== 'end',
    );
    let left = yield* this.leaving(() => this.runAll(rules('begin')));
    if (left !== 'exit' && perRecord.length + rules('end').length > 0) {
      left = yield* this.leaving(() => this.records(perRecord));
    }
    // exit in BEGIN or in a rule still runs END; exit in END does not run it again.
    if (left === 'exit' || rules('end').length > 0) yield* this.leaving(() => this.runAll(rules('end')));
    return this.status;
  }

  private *records(rules: readonly Rule[]): Task<void> {
    for (;;) {
      const text = yield* this.input.next(this.evaluator.recordSeparator());
      if (text === undefined) return;
      this.evaluator.setRecord(text);
      const left = yield* this.leaving(() => this.runAll(rules));
      if (left === 'exit') throw new Leave('exit');
      if (left === 'nextfile') yield* this.input.skipFile();
    }
  }

  /** Runs something that `next`, `nextfile` or `exit` may leave; which of them did. */
  private *leaving(run: () => Task<void>): Task<Leave['how'] | undefined> {
    try {
      yield* run();
      return undefined;
    } catch (error) {
      if (error instanceof Leave) return error.how;
      throw error;
    }
  }

  private *runAll(rules: readonly Rule[]): Task<void> {
    for (const rule of rules) {
      if (!(yield* this.selects(rule))) continue;
      if (rule.action) yield* this.run1(rule.action);
      else yield* this.write(undefined, this.evaluator.record.text + this.ors());
    }
  }

  private *selects(rule: Rule): Task<boolean> {
    const { pattern } = rule;
    if (pattern.kind === 'when') return yield* this.evaluator.condition(pattern.condition);
    if (pattern.kind !== 'range') return true;
    if (!this.inRange.has(rule) && !(yield* this.evaluator.condition(pattern.from))) return false;
    this.inRange.add(rule);
    if (yield* this.evaluator.condition(pattern.to)) this.inRange.delete(rule);
    return true;
  }

  private *callFunction(definition: FunctionDefinition): Task<Value> {
    this.returned = null;
    yield* this.run1(definition.body);
    const value = this.returned;
    this.returned = null;
    return value;
  }

  private *run1(statement: Statement): Task<Flow> {
    switch (statement.kind) {
      case 'block':
        for (const each of statement.body) {
          const flow = yield* this.run1(each);
          if (flow !== 'on') return flow;
        }
        return 'on';
      case 'expression':
        yield* this.evaluator.evaluate(statement.value);
        return 'on';
      case 'print':
        yield* this.print(statement);
        return 'on';
      case 'if': {
        const chosen = (yield* this.evaluator.condition(statement.condition))
          ? statement.then
          : statement.otherwise;
        return chosen ? yield* this.run1(chosen) : 'on';
      }
      case 'while':
        return yield* this.loop(statement);
      case 'for': {
        if (statement.before) yield* this.run1(statement.before);
        const { condition, after, body } = statement;
        return yield* this.loop({ condition, after, body, bodyFirst: false });
      }
      case 'forIn': {
        const array = this.variables.array(statement.array);
        for (const key of [...array.keys()]) {
          if (!array.has(key)) continue;
          this.variables.set(statement.name, key);
          const flow = yield* this.run1(statement.body);
          if (flow === 'break') break;
          if (flow === 'return') return flow;
        }
        return 'on';
      }
      case 'delete': {
        const array = this.variables.array(statement.array);
        if (statement.subscripts) array.delete(yield* this.evaluator.key(statement.subscripts));
        else array.clear();
        return 'on';
      }
      case 'break':
      case 'continue':
        return statement.kind;
      case 'next':
      case 'nextfile':
        throw new Leave(statement.kind);
      case 'exit':
        if (statement.value) this.status = toNumber(yield* this.evaluator.evaluate(statement.value)) & 255;
        throw new Leave('exit');
      case 'return':
        this.returned = statement.value ? yield* this.evaluator.evaluate(statement.value) : null;
        return 'return';
    }
  }

  private *loop({
    condition,
    after,
    body,
    bodyFirst,
  }: {
    condition: (Statement & { kind: 'for' })['condition'];
    after?: Statement | undefined;
    body: Statement;
    bodyFirst: boolean;
  }): Task<Flow> {
    for (let first = bodyFirst; ; first = false) {
      if (!first && condition && !(yield* this.evaluator.condition(condition))) return 'on';
      const flow = yield* this.run1(body);
      if (flow === 'break') return 'on';
      if (flow === 'return') return flow;
      if (after) yield* this.run1(after);
    }
  }

  private *print({ formatted, values, redirection }: Statement & { kind: 'print' }): Task<void> {
    const evaluated: Value[] = [];
    for (const value of values) evaluated.push(yield* this.evaluator.evaluate(value));
    let text: string;
    if (formatted) {
      const [format = null, ...rest] = evaluated;
      text = sprintf(this.evaluator.text(format), rest, this.evaluator.convfmt);
    } else if (evaluated.length === 0) text = this.evaluator.record.text + this.ors();
    else {
      const ofmt = toText(this.variables.get('OFMT'), '%.6g');
      const separator = this.evaluator.text(this.variables.get('OFS'));
      text = evaluated.map((value) => toText(value, ofmt)).join(separator) + this.ors();
    }
    yield* this.write(redirection, text);
  }

  private *write(redirection: Redirection | undefined, text: string): Task<void> {
    if (redirection === undefined) {
      const answer = yield* this.streams.print(text);
      if (answer < 0) throw new AwkError(`write error: ${errnoText(answer)}`);
      return;
    }
    const name = this.evaluator.text(yield* this.evaluator.evaluate(redirection.to));
    const answer = yield* this.streams.printTo(redirection.kind, name, text);
    if (answer < 0) throw new AwkError(`${name}: ${errnoText(answer)}`);
  }

  private ors(): string {
    return this.evaluator.text(this.variables.get('ORS'));
  }
}
