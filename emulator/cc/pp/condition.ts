/**
 * The value of an #if expression (C11 6.10.1): integer arithmetic in intmax_t and uintmax_t over expanded tokens.
 */
import type { Interner } from '../lex/interner';
import { Kind, punctuatorText } from '../lex/kinds';
import { characterValue, decodeLiteral } from '../lex/literal';
import { parseNumber } from '../lex/number';
import type { TokenBuffer } from '../lex/tokens';

interface Value {
  value: bigint;
  unsigned: boolean;
}

/** Evaluation result: a value, or a message and the list index it is about. */
export type ConditionResult = { value: bigint } | { error: string; at: number };

class ConditionError extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

const PRECEDENCE: ReadonlyMap<Kind, number> = new Map([
  [Kind.PipePipe, 2],
  [Kind.AmpAmp, 3],
  [Kind.Pipe, 4],
  [Kind.Caret, 5],
  [Kind.Amp, 6],
  [Kind.EqualEqual, 7],
  [Kind.BangEqual, 7],
  [Kind.Less, 8],
  [Kind.LessEqual, 8],
  [Kind.Greater, 8],
  [Kind.GreaterEqual, 8],
  [Kind.LessLess, 9],
  [Kind.GreaterGreater, 9],
  [Kind.Plus, 10],
  [Kind.Minus, 10],
  [Kind.Star, 11],
  [Kind.Slash, 11],
  [Kind.Percent, 11],
]);

const NESTING_LIMIT = 256;

class Evaluator {
  private at = 0;
  private nesting = 0;

  constructor(
    private readonly tokens: TokenBuffer,
    private readonly list: readonly number[],
    private readonly interner: Interner,
  ) {}

  run(): bigint {
    if (this.list.length === 0) throw new ConditionError('#if with no expression', 0);
    const result = this.comma(true);
    if (this.at < this.list.length)
      throw new ConditionError(`missing binary operator before token "${this.text(this.at)}"`, this.at);
    return result.value;
  }

  private kind(): Kind {
    return this.at < this.list.length ? this.tokens.kind[this.list[this.at]] : Kind.End;
  }

  private text(at: number): string {
    const token = this.list[at];
    return punctuatorText(this.tokens.kind[token]) ?? this.interner.text(this.tokens.value[token]);
  }

  private comma(live: boolean): Value {
    let left = this.conditional(live);
    while (this.kind() === Kind.Comma) {
      this.at++;
      left = this.conditional(live);
    }
    return left;
  }

  private conditional(live: boolean): Value {
    const condition = this.binary(2, live);
    if (this.kind() !== Kind.Question) return condition;
    this.at++;
    this.enter();
    const truth = condition.value !== 0n;
    const yes = this.conditional(live && truth);
    if (this.kind() !== Kind.Colon) throw new ConditionError("'?' without following ':'", this.at);
    this.at++;
    const no = this.conditional(live && !truth);
    this.nesting--;
    return make((truth ? yes : no).value, yes.unsigned || no.unsigned);
  }

  private binary(minimum: number, live: boolean): Value {
    let left = this.unary(live);
    for (;;) {
      const operator = this.kind();
      const precedence = PRECEDENCE.get(operator);
      if (precedence === undefined || precedence < minimum) return left;
      const place = this.at++;
      const needed =
        operator === Kind.AmpAmp ? left.value !== 0n : operator === Kind.PipePipe ? left.value === 0n : true;
      const right = this.binary(precedence + 1, live && needed);
      left = apply(operator, left, right, live && needed, place);
    }
  }

  private enter(): void {
    if (++this.nesting > NESTING_LIMIT)
      throw new ConditionError('#if expression is nested too deeply', this.at);
  }

  private unary(live: boolean): Value {
    const kind = this.kind();
    switch (kind) {
      case Kind.Bang:
      case Kind.Tilde:
      case Kind.Minus:
      case Kind.Plus: {
        this.at++;
        this.enter();
        const operand = this.unary(live);
        this.nesting--;
        if (kind === Kind.Bang) return make(operand.value === 0n ? 1n : 0n, false);
        if (kind === Kind.Tilde) return make(~operand.value, operand.unsigned);
        return kind === Kind.Minus ? make(-operand.value, operand.unsigned) : operand;
      }
      case Kind.LeftParen: {
        this.at++;
        this.enter();
        const inner = this.comma(live);
        this.nesting--;
        if (this.kind() !== Kind.RightParen) throw new ConditionError("missing ')' in expression", this.at);
        this.at++;
        return inner;
      }
      default:
        return this.primary(kind);
    }
  }

  private primary(kind: Kind): Value {
    if (kind === Kind.End) throw new ConditionError('#if with no expression: an operand is missing', this.at);
    const text = this.text(this.at);
    const place = this.at++;
    switch (kind) {
      case Kind.Number: {
        const number = parseNumber(text);
        if (number.kind === 'floating')
          throw new ConditionError('floating constant in preprocessor expression', place);
        if (number.kind === 'bad') throw new ConditionError(number.message, place);
        const unsigned = !number.type.signed || number.value > 0x7fff_ffff_ffff_ffffn;
        return make(number.value, unsigned);
      }
      case Kind.Character:
        return make(characterValue(decodeLiteral(text)), false);
      case Kind.Identifier:
        if (this.kind() === Kind.LeftParen)
          throw new ConditionError(
            `function-like macro "${text}" is not defined: missing binary operator before token "("`,
            place,
          );
        return make(0n, false);
      default:
        throw new ConditionError(`token "${text}" is not valid in preprocessor expressions`, place);
    }
  }
}

function make(value: bigint, unsigned: boolean): Value {
  return { value: unsigned ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value), unsigned };
}

function apply(operator: Kind, a: Value, b: Value, live: boolean, place: number): Value {
  const unsigned = a.unsigned || b.unsigned;
  const left = unsigned ? BigInt.asUintN(64, a.value) : a.value;
  const right = unsigned ? BigInt.asUintN(64, b.value) : b.value;
  const truth = (t: boolean) => make(t ? 1n : 0n, false);
  switch (operator) {
    case Kind.PipePipe:
      return truth(a.value !== 0n || b.value !== 0n);
    case Kind.AmpAmp:
      return truth(a.value !== 0n && b.value !== 0n);
    case Kind.Pipe:
      return make(left | right, unsigned);
    case Kind.Caret:
      return make(left ^ right, unsigned);
    case Kind.Amp:
      return make(left & right, unsigned);
    case Kind.EqualEqual:
      return truth(left === right);
    case Kind.BangEqual:
      return truth(left !== right);
    case Kind.Less:
      return truth(left < right);
    case Kind.LessEqual:
      return truth(left <= right);
    case Kind.Greater:
      return truth(left > right);
    case Kind.GreaterEqual:
      return truth(left >= right);
    case Kind.LessLess:
      return make(shift(a.value, b), a.unsigned);
    case Kind.GreaterGreater:
      return make(shift(a.value, { value: -b.value, unsigned: false }), a.unsigned);
    case Kind.Plus:
      return make(left + right, unsigned);
    case Kind.Minus:
      return make(left - right, unsigned);
    case Kind.Star:
      return make(left * right, unsigned);
    default:
      if (right === 0n) {
        if (live) throw new ConditionError('division by zero in #if', place);
        return make(0n, unsigned);
      }
      return make(operator === Kind.Slash ? left / right : left % right, unsigned);
  }
}

/** Left for a positive count, right for a negative one; counts beyond the width clear (or sign-fill). */
function shift(value: bigint, count: Value): bigint {
  const by = count.value > 64n ? 64n : count.value < -64n ? -64n : count.value;
  return by >= 0n ? value << by : value >> -by;
}

/** Evaluates the expanded tokens of an #if or #elif line. */
export function evaluateCondition(
  tokens: TokenBuffer,
  list: readonly number[],
  interner: Interner,
): ConditionResult {
  try {
    return { value: new Evaluator(tokens, list, interner).run() };
  } catch (error) {
    if (error instanceof ConditionError) return { error: error.message, at: error.at };
    throw error;
  }
}
