/**
 * Evaluates expression trees over guest memory: conditions, log points, watches, hovers and assignments share it.
 *
 * Values stay lazy (a type and a place) until an operator needs a number. With `sideEffects` off, assignments and
 * increments are errors. Functions are called only when the caller says how: a debugger that runs guest code to show a
 * hover is a trap.
 */

import { isText, readText } from '../text';
import { typeName } from '../type-name';
import {
  type BaseType,
  type EnumType,
  findMember,
  INT,
  isInteger,
  LONG,
  type PlainType,
  plain,
  pointerTo,
  type RecordType,
  sizeOf,
  type Type,
  UNSIGNED_LONG,
  wrap,
} from '../types';
import {
  addressOf,
  constant,
  decay,
  dereference,
  elementOf,
  type Fault,
  inMemory,
  isFault,
  literalString,
  memberOf,
  readScalar,
  type Value,
  writeScalar,
} from '../value';
import {
  calculate,
  commonType,
  compare,
  isComparison,
  literalType,
  type Operand,
  promote,
} from './arithmetic';
import type { BinaryOperator, Expression, TypeNode } from './ast';
import { catching, ExpressionError, type ExpressionFailure } from './error';
import { type NameScope, parse } from './parse';
import { resolveType } from './resolve-type';
import type { Scope } from './scope';

export interface EvaluationOptions {
  /** Assignments and ++/-- are allowed. */
  sideEffects: boolean;
  /** Calls a function of the guest; without it calls are errors. An argument is a number or a text's bytes. */
  call?(address: bigint, given: readonly (bigint | Uint8Array)[]): bigint | Fault;
}

export type Evaluated = { value: Value } | { failure: ExpressionFailure };

/** The parser's view of a scope. */
export function nameScope(scope: Scope): NameScope {
  return {
    macro: (name) => scope.macro(name),
    isValue: (name) => scope.variable(name) !== undefined || scope.enumerator(name) !== undefined,
    isTypedef: (name) => scope.typedef(name) !== undefined,
  };
}

/** Parses and evaluates a whole text. Never throws on account of the text or of the guest. */
export function evaluate(text: string, scope: Scope, options: EvaluationOptions): Evaluated {
  const parsed = parse(text, nameScope(scope));
  return 'failure' in parsed ? parsed : evaluateTree(parsed.expression, scope, options);
}

export function evaluateTree(expression: Expression, scope: Scope, options: EvaluationOptions): Evaluated {
  const caught = catching(() => new Evaluator(scope, options).value(expression));
  return 'failure' in caught ? caught : { value: caught.result };
}

/**
 * The name that the value of a text goes by: of `p->flags`, `flags` and the struct that it is a member of; of `p->list[2]`
 * the array's. A text that is no such path goes by itself.
 */
export function aboutText(text: string, scope: Scope): { name: string; holder: string | undefined } {
  const parsed = parse(text, nameScope(scope));
  let node = 'failure' in parsed ? undefined : parsed.expression;
  while (node?.kind === 'index') node = node.object;
  if (node?.kind !== 'member') return { name: node?.kind === 'name' ? node.name : text, holder: undefined };
  const object = evaluateTree(node.object, scope, { sideEffects: false });
  const type = 'value' in object ? plain(object.value.type) : undefined;
  const record = type?.kind === 'pointer' ? plain(type.to) : type;
  return { name: node.name, holder: record?.kind === 'struct' ? record.name : undefined };
}

/** Evaluates to a number: integers, enumerations, pointers (arrays decay). */
export function evaluateNumber(
  expression: Expression,
  scope: Scope,
  options: EvaluationOptions,
): { number: bigint } | { failure: ExpressionFailure } {
  const caught = catching(() => new Evaluator(scope, options).number(expression));
  return 'failure' in caught ? caught : { number: caught.result };
}

class Evaluator {
  constructor(
    readonly scope: Scope,
    readonly options: EvaluationOptions,
  ) {}

  /** The value of a tree; aggregates and lvalues unread. */
  value(node: Expression): Value {
    switch (node.kind) {
      case 'number':
        return constant(literalType(node.value, node.suffix, node.decimal), node.value);
      case 'character':
        return constant(INT, BigInt.asIntN(8, node.value));
      case 'string':
        return literalString(node.text);
      case 'name':
        return this.#name(node);
      case 'register':
        return (
          this.scope.register(node.name) ?? fail(node, `no register or value is called \`$${node.name}\``)
        );
      case 'unary':
        return this.#unary(node);
      case 'increment':
        return this.#increment(node);
      case 'binary':
        return this.binary(node, node.operator, this.value(node.left), this.value(node.right));
      case 'logical': {
        const left = this.#truth(node.left);
        const result =
          node.operator === '&&' ? left && this.#truth(node.right) : left || this.#truth(node.right);
        return constant(INT, result ? 1n : 0n);
      }
      case 'conditional':
        return this.#conditional(node);
      case 'assign':
        return this.#assign(node);
      case 'comma':
        this.value(node.left);
        return this.value(node.right);
      case 'cast':
        return this.#cast(node);
      case 'sizeofType':
        return constant(UNSIGNED_LONG, BigInt(this.#size(this.#type(node.type), node)));
      case 'sizeof':
        return constant(UNSIGNED_LONG, BigInt(this.#size(this.value(node.operand).type, node)));
      case 'offsetof':
        return constant(UNSIGNED_LONG, BigInt(this.#offset(node, node.type, node.path)));
      case 'containerOf': {
        const address = this.number(node.pointer) - BigInt(this.#offset(node, node.type, node.path));
        return constant(pointerTo(this.#type(node.type)), BigInt.asUintN(64, address));
      }
      case 'member':
        return this.#member(node);
      case 'index':
        return this.#index(node);
      case 'call':
        return this.#call(node);
    }
  }

  #call(node: Expression & { kind: 'call' }): Value {
    const { call } = this.options;
    if (!call)
      return fail(node, 'functions of the guest are called on request only: type `call f(x)` in the console');
    const callee = this.value(node.callee);
    const shape = plain(callee.type);
    const type = shape.kind === 'pointer' ? plain(shape.to) : shape;
    if (type.kind !== 'function') return fail(node.callee, `\`${typeName(callee.type)}\` is not a function`);
    const wanted = type.parameters.length;
    const count = node.arguments.length;
    if (count < wanted || (count > wanted && !type.variadic && wanted > 0))
      return fail(node, `the function takes ${wanted} arguments, not ${count}`);
    const given = node.arguments.map((argument, index) => this.#argument(argument, type.parameters[index]));
    const returns = plain(type.returns);
    if (returns.kind === 'struct' || returns.kind === 'union')
      return fail(node, 'functions that return structures cannot be called');
    const result = call(this.#read(callee, node.callee), given);
    if (isFault(result)) return fail(node, result.fault);
    if (returns.kind === 'void') return constant(type.returns, 0n);
    return constant(type.returns, isInteger(returns) ? wrap(result, returns) : result);
  }

  #argument(node: Expression, type: Type | undefined): bigint | Uint8Array {
    const value = this.value(node);
    if (value.place.kind === 'bytes' && plain(value.type).kind === 'array') return value.place.bytes;
    const decayed = ok(decay(value), node);
    return BigInt.asUintN(64, this.#read(type ? this.#convert(decayed, type, node) : decayed, node));
  }

  /** The value read as a number. */
  number(node: Expression): bigint {
    return this.#read(this.value(node), node);
  }

  /** Applies a binary operator, pointers included. */
  binary(node: Expression, operator: BinaryOperator, leftValue: Value, rightValue: Value): Value {
    const texts = this.#compareTexts(operator, leftValue, rightValue, node);
    if (texts) return texts;
    const left = ok(decay(leftValue), node);
    const right = ok(decay(rightValue), node);
    const leftShape = plain(left.type);
    const rightShape = plain(right.type);
    if (leftShape.kind === 'pointer' || rightShape.kind === 'pointer') {
      return this.#pointerArithmetic(node, operator, left, right);
    }
    const result = calculate(operator, this.#operand(left, node), this.#operand(right, node));
    return result ? constant(result.type, result.value) : fail(node, 'division by zero');
  }

  /** `$comm == "cat"`, `filename != "/etc/passwd"`: with a literal on one side, the texts are compared, not addresses. */
  #compareTexts(operator: BinaryOperator, left: Value, right: Value, node: Expression): Value | undefined {
    if (operator !== '==' && operator !== '!=') return undefined;
    if (!isLiteral(left) && !isLiteral(right)) return undefined;
    if (!isText(left.type) || !isText(right.type)) return undefined;
    const same = this.#text(left, node) === this.#text(right, node);
    return constant(INT, same === (operator === '==') ? 1n : 0n);
  }

  #text(value: Value, node: Expression): string {
    const text = readText(value, this.scope.memory);
    return isFault(text) ? fail(node, text.fault) : text;
  }

  #name(node: Expression & { kind: 'name' }): Value {
    const found = this.scope.variable(node.name) ?? this.scope.enumerator(node.name);
    if (found) return found;
    const similar = this.scope.similar?.(node.name) ?? [];
    const hint =
      similar.length > 0 ? `; did you mean ${similar.map((name) => `\`${name}\``).join(', ')}?` : '';
    return fail(node, `\`${node.name}\` is not known here${hint}`);
  }

  #unary(node: Expression & { kind: 'unary' }): Value {
    switch (node.operator) {
      case '*':
        return ok(dereference(this.value(node.operand), this.scope.memory), node);
      case '&': {
        const operand = this.value(node.operand);
        const address = addressOf(operand);
        return address === undefined
          ? fail(node, 'it has no address: it is in a register, a bit-field or a constant')
          : constant(pointerTo(operand.type), address);
      }
      case '!':
        return constant(INT, this.#truth(node.operand) ? 0n : 1n);
      case '-':
      case '+':
      case '~': {
        const { type, value } = promote(this.#operand(this.value(node.operand), node));
        const result = node.operator === '-' ? -value : node.operator === '~' ? ~value : value;
        return constant(type, wrap(result, type));
      }
    }
  }

  #increment(node: Expression & { kind: 'increment' }): Value {
    this.#mayChange(node);
    const target = this.value(node.operand);
    const before = constant(target.type, this.#read(target, node));
    const after = this.binary(node, '+', before, constant(INT, node.by));
    this.#store(target, this.#read(after, node), node);
    return node.prefix ? target : before;
  }

  #conditional(node: Expression & { kind: 'conditional' }): Value {
    const condition = this.value(node.condition);
    const yes = this.#isTrue(condition, node.condition);
    const chosen = yes ? (node.yes ? this.value(node.yes) : condition) : this.value(node.no);
    const shape = plain(chosen.type);
    if (shape.kind !== 'base' && shape.kind !== 'enum') return chosen;
    const otherNode = yes ? node.no : node.yes;
    const other = otherNode ? this.#typeOf(otherNode) : chosen.type;
    const type = commonType(chosen.type, shape, other, plain(other));
    return this.#convert(chosen, type, node);
  }

  #assign(node: Expression & { kind: 'assign' }): Value {
    this.#mayChange(node);
    const target = this.value(node.left);
    const given = this.value(node.right);
    const shape = plain(target.type);
    if (shape.kind === 'struct' || shape.kind === 'union') return this.#copyRecord(node, target, given);
    const result = node.operator
      ? this.binary(node, node.operator, target, given)
      : ok(decay(given), node.right);
    this.#store(target, this.#read(result, node.right), node);
    return target;
  }

  #copyRecord(node: Expression & { kind: 'assign' }, target: Value, given: Value): Value {
    const to = addressOf(target);
    const from = addressOf(given);
    const size = sizeOf(target.type);
    if (
      node.operator ||
      to === undefined ||
      from === undefined ||
      size !== sizeOf(given.type) ||
      size === undefined
    ) {
      return fail(node, 'a structure can only be assigned from one of the same type in memory');
    }
    const bytes = this.scope.memory.read(from, size);
    if (!bytes || !this.scope.memory.write(to, bytes)) return fail(node, 'cannot copy: memory is not mapped');
    return target;
  }

  #cast(node: Expression & { kind: 'cast' }): Value {
    const type = this.#type(node.type);
    const operand = this.value(node.operand);
    const shape = plain(type);
    if (shape.kind === 'struct' || shape.kind === 'union' || shape.kind === 'array') {
      const address = addressOf(operand);
      return address === undefined
        ? fail(node, 'only a value in memory can be seen as a structure')
        : inMemory(type, address);
    }
    return this.#convert(operand, type, node);
  }

  #convert(value: Value, type: Type, node: Expression): Value {
    const shape = plain(type);
    if (shape.kind === 'void') return constant(type, 0n);
    const number = this.#read(value, node);
    if (shape.kind === 'pointer') return constant(type, BigInt.asUintN(64, number));
    if (isInteger(shape)) return constant(type, wrap(number, shape));
    return fail(node, `cannot convert to \`${typeName(type)}\``);
  }

  #member(node: Expression & { kind: 'member' }): Value {
    const object = this.value(node.object);
    const shape = plain(object.type);
    // `.` on a pointer and `->` on a structure are forgiven, as gdb does: what is meant is never in doubt.
    const holder =
      shape.kind === 'pointer' || shape.kind === 'array'
        ? ok(dereference(object, this.scope.memory), node)
        : object;
    const record = this.#record(plain(holder.type), node);
    const member = findMember(record, node.name);
    if (member) return memberOf(holder, member);
    const length = Math.max(1, node.at + node.length - node.nameAt);
    throw new ExpressionError(`\`${typeName(record)}\` has no member \`${node.name}\``, node.nameAt, length);
  }

  #record(shape: PlainType, node: Expression): RecordType {
    if (shape.kind !== 'struct' && shape.kind !== 'union')
      return fail(node, `\`${typeName(shape)}\` has no members`);
    if (shape.complete) return shape;
    return (
      this.scope.complete?.(shape) ?? fail(node, `the members of \`${typeName(shape)}\` are not known here`)
    );
  }

  #index(node: Expression & { kind: 'index' }): Value {
    const object = this.value(node.object);
    const shape = plain(object.type);
    if (shape.kind !== 'pointer' && shape.kind !== 'array') {
      // C allows 2[array]; so do we.
      const swapped = this.value(node.index);
      return ok(elementOf(swapped, this.#read(object, node), this.scope.memory), node);
    }
    return ok(elementOf(object, this.number(node.index), this.scope.memory), node);
  }

  #pointerArithmetic(node: Expression, operator: BinaryOperator, left: Value, right: Value): Value {
    const leftShape = plain(left.type);
    const rightShape = plain(right.type);
    const a = this.#read(left, node);
    const b = this.#read(right, node);
    if (isComparison(operator)) {
      return constant(INT, compare(operator, BigInt.asUintN(64, a), BigInt.asUintN(64, b)));
    }
    if (leftShape.kind === 'pointer' && rightShape.kind === 'pointer') {
      if (operator !== '-') return fail(node, 'two pointers can only be subtracted or compared');
      return constant(LONG, (a - b) / BigInt(this.#size(leftShape.to, node)));
    }
    if (leftShape.kind === 'pointer' && (operator === '+' || operator === '-')) {
      const distance = b * BigInt(this.#size(leftShape.to, node));
      return constant(left.type, BigInt.asUintN(64, operator === '+' ? a + distance : a - distance));
    }
    if (rightShape.kind === 'pointer' && operator === '+') {
      return constant(right.type, BigInt.asUintN(64, b + a * BigInt(this.#size(rightShape.to, node))));
    }
    return fail(node, `\`${operator}\` is not defined on pointers; cast to \`unsigned long\` first`);
  }

  #offset(node: Expression, typeNode: TypeNode, path: readonly string[]): number {
    let type = this.#type(typeNode);
    let offset = 0;
    for (const name of path) {
      const member = findMember(this.#record(plain(type), node), name);
      if (!member) return fail(node, `\`${typeName(type)}\` has no member \`${name}\``);
      offset += member.offset;
      type = member.type;
    }
    return offset;
  }

  #type(node: TypeNode): Type {
    return resolveType(node, this.scope, (operand) => this.#typeOf(operand));
  }

  /** The type of a tree that must not be executed: assignments in it do nothing, unreadable memory does not matter. */
  #typeOf(node: Expression): Type {
    if (node.kind === 'assign') return this.#typeOf(node.left);
    if (node.kind === 'increment') return this.#typeOf(node.operand);
    const inert: Scope = {
      ...this.scope,
      memory: { read: (_, length) => new Uint8Array(length), write: () => false },
    };
    return new Evaluator(inert, { sideEffects: false }).value(node).type;
  }

  #size(type: Type, node: Expression): number {
    const shape = plain(type);
    const whole =
      (shape.kind === 'struct' || shape.kind === 'union') && !shape.complete
        ? this.scope.complete?.(shape)
        : undefined;
    return sizeOf(whole ?? type) ?? fail(node, `\`${typeName(type)}\` is incomplete: its size is not known`);
  }

  #truth(node: Expression): boolean {
    return this.#isTrue(this.value(node), node);
  }

  #isTrue(value: Value, node: Expression): boolean {
    return this.#read(value, node) !== 0n;
  }

  #operand(value: Value, node: Expression): Operand {
    const shape: PlainType = plain(value.type);
    if (!isInteger(shape)) return fail(node, `a number is needed here, not \`${typeName(value.type)}\``);
    const narrow = value.place.kind === 'memory' ? value.place.bitSize : undefined;
    const type: BaseType | EnumType = narrow !== undefined && narrow < 32 && shape.size === 4 ? INT : shape;
    return { type, value: this.#read(value, node) };
  }

  #read(value: Value, node: Expression): bigint {
    if (plain(value.type).kind === 'array' && value.place.kind === 'bytes') {
      return fail(node, 'a string literal has no address in the guest');
    }
    const number = readScalar(value, this.scope.memory);
    if (!isFault(number)) return number;
    if (number.fault === 'not a scalar')
      return fail(node, `a number is needed here, not \`${typeName(value.type)}\``);
    return fail(node, number.fault);
  }

  #store(target: Value, number: bigint, node: Expression): void {
    const fault = writeScalar(target, number, this.scope.memory);
    if (fault) fail(node, fault.fault);
  }

  #mayChange(node: Expression): void {
    if (!this.options.sideEffects)
      fail(node, 'this expression would change the guest; it is only evaluated on request');
  }
}

function fail(node: { at: number; length: number }, message: string): never {
  throw new ExpressionError(message, node.at, node.length);
}

function ok(result: Value | Fault, node: Expression): Value {
  return isFault(result) ? fail(node, result.fault) : result;
}

function isLiteral(value: Value): boolean {
  return value.place.kind === 'bytes' && plain(value.type).kind === 'array';
}
