/**
 * The operators of C11 6.5.3 to 6.5.17: operand checks, conversions, folding.
 */
import type { ArithmeticOperator, BinaryOperator, ComparisonOperator, Expression, Loc, Place } from '../ast';
import type { Parser } from '../parse/parser';
import {
  bare,
  CONST,
  ERROR,
  INT,
  type IntegerType,
  integerOf,
  isScalar,
  LONG,
  pointerTo,
  qualifiersOf,
  qualify,
  sizeOf,
  type Type,
  ULONG,
  unqualified,
  VOID,
} from '../types';
import { commonType } from './arithmetic';
import { assignConvert } from './assignable';
import {
  address,
  comma,
  convert,
  errorExpression,
  integer,
  isError,
  isNullConstant,
  isPlace,
  isPure,
  isVariablySized,
  type Operand,
  pointerAdd,
  promote,
  promotedType,
  remember,
  retype,
  rvalue,
  sizeExpression,
  toIndex,
} from './build';
import { compatible } from './compatible';
import { foldBinary } from './fold';
import { quoteType } from './type-text';

/** A value that is tested against zero; an error expression after a complaint. */
export function condition(p: Parser, operand: Operand): Expression {
  const value = rvalue(operand);
  if (isError(value) || isScalar(value.type)) return value;
  p.error(value.loc, `used ${quoteType(value.type)} where a scalar is required`);
  return errorExpression(value.loc);
}

/** Truth of a constant, or of an address that cannot be null; undefined if unknown. */
function constantTruth(value: Expression): boolean | undefined {
  if (value.kind === 'integer') return value.value !== 0n;
  if (value.kind === 'address' && value.place.kind === 'string') return true;
  return undefined;
}

/** `!`, `~`, `-`, `+`. */
export function unary(p: Parser, operator: '!' | '~' | '-' | '+', operand: Operand, loc: Loc): Expression {
  if (operator === '!') {
    const value = condition(p, operand);
    if (isError(value)) return value;
    const truth = constantTruth(value);
    if (truth !== undefined) return integer(truth ? 0n : 1n, INT, loc);
    return { kind: 'unary', operator: 'not', operand: value, type: INT, loc };
  }
  const value = rvalue(operand);
  if (isError(value)) return errorExpression(loc);
  if (!integerOf(value.type)) {
    const name = operator === '~' ? 'bit-complement' : operator === '-' ? 'unary minus' : 'unary plus';
    p.error(loc, `wrong type argument to ${name}: ${quoteType(value.type)}`);
    return errorExpression(loc);
  }
  const type = promotedType(value);
  const promotedValue = promote(value);
  if (operator === '+') return promotedValue;
  if (promotedValue.kind === 'integer') {
    const folded = operator === '-' ? -promotedValue.value : ~promotedValue.value;
    return convert(integer(folded, LONG, loc), type, true);
  }
  return {
    kind: 'unary',
    operator: operator === '-' ? 'negate' : 'complement',
    operand: promotedValue,
    type,
    loc,
  };
}

const SPELLING: Readonly<Record<BinaryOperator, string>> = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  rem: '%',
  and: '&',
  or: '|',
  xor: '^',
  shl: '<<',
  shr: '>>',
  eq: '==',
  ne: '!=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
};

function invalidOperands(
  p: Parser,
  operator: BinaryOperator,
  left: Expression,
  right: Expression,
  loc: Loc,
): Expression {
  p.error(
    loc,
    `invalid operands to binary ${SPELLING[operator]} (have ${quoteType(left.type)} and ${quoteType(right.type)})`,
  );
  return errorExpression(loc);
}

/** A binary operator that is neither logical nor assigning. */
export function binary(p: Parser, operator: BinaryOperator, a: Operand, b: Operand, loc: Loc): Expression {
  const left = rvalue(a);
  const right = rvalue(b);
  if (isError(left) || isError(right)) return errorExpression(loc);
  switch (operator) {
    case 'eq':
    case 'ne':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
      return comparison(p, operator, left, right, loc);
    case 'shl':
    case 'shr':
      return shift(p, operator, left, right, loc);
    case 'add':
    case 'sub':
      if (!integerOf(left.type) || !integerOf(right.type)) return additive(p, operator, left, right, loc);
      break;
    default:
      break;
  }
  const x = integerOf(left.type);
  const y = integerOf(right.type);
  if (!x || !y) return invalidOperands(p, operator, left, right, loc);
  return arithmetic(p, operator, left, right, loc);
}

function arithmetic(
  p: Parser,
  operator: ArithmeticOperator,
  left: Expression,
  right: Expression,
  loc: Loc,
): Expression {
  const type = commonType(promotedType(left), promotedType(right));
  const x = convert(promote(left), type);
  const y = convert(promote(right), type);
  if (y.kind === 'integer') {
    if (x.kind === 'integer') {
      const value = foldBinary(operator, x.value, y.value, type);
      if (value !== undefined) return integer(value, type, loc);
    }
    if (y.value === 0n && (operator === 'div' || operator === 'rem') && p.unevaluated === 0)
      p.warning(loc, 'div-by-zero', 'division by zero');
  }
  return { kind: 'binary', operator, left: x, right: y, type, loc };
}

function shift(
  p: Parser,
  operator: 'shl' | 'shr',
  left: Expression,
  right: Expression,
  loc: Loc,
): Expression {
  if (!integerOf(left.type) || !integerOf(right.type)) return invalidOperands(p, operator, left, right, loc);
  const type = promotedType(left);
  const value = promote(left);
  const count = promote(right);
  if (count.kind === 'integer') {
    const width = type.size * 8;
    if (p.unevaluated === 0 && (count.value < 0n || count.value >= BigInt(width))) {
      const side = operator === 'shl' ? 'left' : 'right';
      if (count.value < 0n) p.warning(loc, 'shift-count-negative', `${side} shift count is negative`);
      else p.warning(loc, 'shift-count-overflow', `${side} shift count >= width of type`);
    }
    if (value.kind === 'integer') {
      const folded = foldBinary(operator, value.value, count.value, type);
      if (folded !== undefined) return integer(folded, type, loc);
    }
  }
  return { kind: 'binary', operator, left: value, right: count, type, loc };
}

/** + and - with a pointer on at least one side. */
function additive(
  p: Parser,
  operator: 'add' | 'sub',
  left: Expression,
  right: Expression,
  loc: Loc,
): Expression {
  const x = bare(left.type);
  const y = bare(right.type);
  if (operator === 'add' && y.kind === 'pointer' && integerOf(x))
    return additive(p, operator, right, left, loc);
  if (x.kind !== 'pointer') return invalidOperands(p, operator, left, right, loc);
  if (!checkPointee(p, x.to, loc)) return errorExpression(loc);
  if (integerOf(y)) return pointerAdd(left, promote(right), operator === 'sub', unqualified(left.type), loc);
  if (operator === 'add' || y.kind !== 'pointer') return invalidOperands(p, operator, left, right, loc);
  if (!compatible(unqualified(x.to), unqualified(y.to), false))
    return invalidOperands(p, operator, left, right, loc);
  if (isVariablySized(x.to)) {
    const bytes: Expression = { kind: 'pointerDifference', left, right, scale: 1, type: LONG, loc };
    const size = convert(sizeExpression(x.to, loc), LONG);
    return { kind: 'binary', operator: 'div', left: bytes, right: size, type: LONG, loc };
  }
  const scale = Math.max(1, sizeOf(x.to));
  if (left.kind === 'integer' && right.kind === 'integer')
    return integer(BigInt.asIntN(64, left.value - right.value) / BigInt(scale), LONG, loc);
  const difference = symbolicDifference(left, right);
  if (difference !== undefined) return integer(difference / BigInt(scale), LONG, loc);
  return { kind: 'pointerDifference', left, right, scale, type: LONG, loc };
}

/** (char *)&x.b - (char *)&x is known although x's address is not. */
function symbolicDifference(left: Expression, right: Expression): bigint | undefined {
  const a = objectOffset(left);
  const b = objectOffset(right);
  if (!a || !b || a.object !== b.object) return undefined;
  return a.offset - b.offset;
}

function objectOffset(value: Expression): { object: unknown; offset: bigint } | undefined {
  if (value.kind === 'cast' && value.conversion === 'reinterpret') return objectOffset(value.operand);
  if (value.kind === 'pointerAdd' && value.index.kind === 'integer') {
    const base = objectOffset(value.pointer);
    if (!base) return undefined;
    const delta = value.index.value * BigInt(value.scale);
    return { object: base.object, offset: value.subtract ? base.offset - delta : base.offset + delta };
  }
  if (value.kind !== 'address') return undefined;
  let offset = 0;
  let place = value.place;
  while (place.kind === 'member') {
    offset += place.member.offset;
    place = place.base;
  }
  return place.kind === 'variable' ? { object: place.variable, offset: BigInt(offset) } : undefined;
}

/** Arithmetic on a pointer to an incomplete type has no step. void and functions step by one in GNU C. */
function checkPointee(p: Parser, to: Type, loc: Loc): boolean {
  const t = bare(to);
  if (t.kind === 'void' || t.kind === 'function' || t.kind === 'error' || p.isComplete(to)) return true;
  p.error(loc, `invalid use of undefined type ${quoteType(to)}`);
  return false;
}

function comparison(
  p: Parser,
  operator: ComparisonOperator,
  left: Expression,
  right: Expression,
  loc: Loc,
): Expression {
  const x = integerOf(left.type);
  const y = integerOf(right.type);
  if (x && y) {
    const type = commonType(promotedType(left), promotedType(right));
    return compare(operator, convert(promote(left), type), convert(promote(right), type), type, loc);
  }
  const a = bare(left.type);
  const b = bare(right.type);
  if (a.kind === 'pointer' && b.kind === 'pointer') {
    const c = bare(a.to);
    const d = bare(b.to);
    if (
      c.kind !== 'void' &&
      d.kind !== 'void' &&
      !isNullConstant(left) &&
      !isNullConstant(right) &&
      !compatible(a.to, b.to, false)
    )
      p.warning(
        loc,
        'compare-distinct-pointer-types',
        `comparison of distinct pointer types: ${quoteType(left.type)} and ${quoteType(right.type)}`,
      );
    return compare(operator, left, retype(right, left.type, loc), ULONG, loc);
  }
  if ((a.kind === 'pointer' && y) || (b.kind === 'pointer' && x)) {
    const pointer = a.kind === 'pointer' ? left : right;
    const other = a.kind === 'pointer' ? right : left;
    if (!isNullConstant(other)) p.warning(loc, 'int-conversion', 'comparison between pointer and integer');
    const converted = convert(other, pointer.type);
    return a.kind === 'pointer'
      ? compare(operator, left, converted, ULONG, loc)
      : compare(operator, converted, right, ULONG, loc);
  }
  return invalidOperands(p, operator, left, right, loc);
}

function compare(
  operator: ComparisonOperator,
  left: Expression,
  right: Expression,
  type: IntegerType,
  loc: Loc,
): Expression {
  if (left.kind === 'integer' && right.kind === 'integer') {
    const value = foldBinary(operator, left.value, right.value, type);
    if (value !== undefined) return integer(value, INT, loc);
  }
  return { kind: 'binary', operator, left, right, type: INT, loc };
}

/** && and ||. */
export function logical(p: Parser, operator: 'and' | 'or', a: Operand, b: Operand, loc: Loc): Expression {
  const left = condition(p, a);
  const right = condition(p, b);
  if (isError(left) || isError(right)) return errorExpression(loc);
  const x = constantTruth(left);
  const y = constantTruth(right);
  const decides = operator === 'or';
  if (x === decides) return integer(decides ? 1n : 0n, INT, loc);
  if (x !== undefined && y !== undefined) return integer(y ? 1n : 0n, INT, loc);
  return { kind: 'logical', operator, left, right, type: INT, loc };
}

/** c ? a : b, and c ?: b when `then` is undefined. */
export function conditional(
  p: Parser,
  test: Operand,
  then: Operand | undefined,
  otherwise: Operand,
  loc: Loc,
): Expression {
  const tested = condition(p, test);
  if (isError(tested)) return errorExpression(loc);
  const no = rvalue(otherwise);
  if (then === undefined) {
    const truth = constantTruth(tested);
    if (truth !== undefined || (isPure(tested) && tested.kind === 'load'))
      return choose(p, tested, tested, no, loc);
    const { store, read } = remember(p, tested);
    return comma(store, choose(p, read(), read(), no, loc));
  }
  return choose(p, tested, rvalue(then), no, loc);
}

function choose(p: Parser, test: Expression, a: Expression, b: Expression, loc: Loc): Expression {
  if (isError(a) || isError(b)) return errorExpression(loc);
  const type = conditionalType(p, a, b, loc);
  if (type.kind === 'error') return errorExpression(loc);
  const isInteger = integerOf(type) !== undefined;
  const then = convertArm(isInteger ? promote(a) : a, type);
  const otherwise = convertArm(isInteger ? promote(b) : b, type);
  const truth = constantTruth(test);
  if (truth !== undefined && bare(type).kind !== 'void') {
    const taken = truth ? then : otherwise;
    // A folded arm keeps its type; a bare bit-field load must not be promoted again.
    return taken.kind === 'integer' ? integer(taken.value, type, loc) : taken;
  }
  return { kind: 'conditional', condition: test, then, otherwise, type, loc };
}

function convertArm(value: Expression, type: Type): Expression {
  return bare(type).kind === 'pointer' ? retype(convert(value, type), type, value.loc) : convert(value, type);
}

function conditionalType(p: Parser, a: Expression, b: Expression, loc: Loc): Type {
  const x = integerOf(a.type);
  const y = integerOf(b.type);
  if (x && y) return commonType(promotedType(a), promotedType(b));
  const s = bare(a.type);
  const t = bare(b.type);
  if (s.kind === 'void' || t.kind === 'void') return VOID;
  if (s.kind === 'record' && t.kind === 'record' && s === t) return a.type;
  if (s.kind === 'pointer' && t.kind === 'pointer') {
    if (isNullConstant(a)) return b.type;
    if (isNullConstant(b)) return a.type;
    const qualifiers = qualifiersOf(s.to) | qualifiersOf(t.to);
    if (bare(s.to).kind === 'void' || bare(t.to).kind === 'void') return pointerTo(qualify(VOID, qualifiers));
    if (!compatible(s.to, t.to, false)) {
      p.warning(
        loc,
        'incompatible-pointer-types',
        `pointer type mismatch in conditional expression: ${quoteType(a.type)} and ${quoteType(b.type)}`,
      );
      return pointerTo(VOID);
    }
    return pointerTo(qualify(s.to, qualifiers));
  }
  if ((s.kind === 'pointer' && y) || (t.kind === 'pointer' && x)) {
    const other = s.kind === 'pointer' ? b : a;
    if (!isNullConstant(other))
      p.warning(loc, 'int-conversion', 'pointer/integer type mismatch in conditional expression');
    return s.kind === 'pointer' ? a.type : b.type;
  }
  p.error(loc, `type mismatch in conditional expression: ${quoteType(a.type)} and ${quoteType(b.type)}`);
  return ERROR;
}

/** Checks that a place may be stored to. */
export function modifiable(p: Parser, operand: Operand, what: string, loc: Loc): Place | undefined {
  if (isError(operand)) return undefined;
  if (!isPlace(operand) || operand.kind === 'function' || operand.kind === 'temporary') {
    p.error(loc, `lvalue required as ${what}`);
    return undefined;
  }
  const type = bare(operand.type);
  if (type.kind === 'array') {
    p.error(loc, `${what} has array type ${quoteType(operand.type)}`);
    return undefined;
  }
  if (!p.isComplete(operand.type)) {
    p.error(loc, `invalid use of incomplete type ${quoteType(operand.type)}`);
    return undefined;
  }
  if (qualifiersOf(operand.type) & CONST) {
    const name =
      operand.kind === 'variable'
        ? `variable '${operand.variable.name}'`
        : operand.kind === 'member'
          ? `member '${operand.member.name ?? ''}'`
          : 'location';
    p.error(loc, `assignment of read-only ${name}`);
    return undefined;
  }
  return operand;
}

/** a = b. */
export function assign(p: Parser, target: Operand, source: Operand, loc: Loc): Expression {
  const place = modifiable(p, target, 'left operand of assignment', loc);
  const value = rvalue(source);
  if (!place || isError(value)) return errorExpression(loc);
  const type = unqualified(place.type);
  const converted = assignConvert(p, value, type, { kind: 'assignment' }, loc);
  return isError(converted) ? converted : { kind: 'assign', place, value: converted, type, loc };
}

/** a op= b. */
export function compoundAssign(
  p: Parser,
  operator: ArithmeticOperator,
  target: Operand,
  source: Operand,
  loc: Loc,
): Expression {
  const place = modifiable(p, target, 'left operand of assignment', loc);
  const value = rvalue(source);
  if (!place || isError(value)) return errorExpression(loc);
  const type = unqualified(place.type);
  const old = rvalue(place);
  const under = bare(type);
  if (under.kind === 'pointer' && (operator === 'add' || operator === 'sub') && integerOf(value.type)) {
    if (!checkPointee(p, under.to, loc)) return errorExpression(loc);
    const index = toIndex(promote(value));
    if (isVariablySized(under.to)) {
      const left = convert(index, ULONG);
      const right = sizeExpression(under.to, loc);
      const bytes: Expression = { kind: 'binary', operator: 'mul', left, right, type: ULONG, loc };
      return {
        kind: 'compoundAssign',
        operator,
        place,
        value: bytes,
        computation: type,
        scale: 1,
        type,
        loc,
      };
    }
    const scale = sizeOf(under.to);
    return { kind: 'compoundAssign', operator, place, value: index, computation: type, scale, type, loc };
  }
  if (!integerOf(type) || !integerOf(value.type)) return invalidOperands(p, operator, old, value, loc);
  if (operator === 'shl' || operator === 'shr') {
    const computation = promotedType(old);
    return {
      kind: 'compoundAssign',
      operator,
      place,
      value: promote(value),
      computation,
      scale: 1,
      type,
      loc,
    };
  }
  const computation = commonType(promotedType(old), promotedType(value));
  const right = convert(promote(value), computation);
  if (right.kind === 'integer' && right.value === 0n && (operator === 'div' || operator === 'rem'))
    p.warning(loc, 'div-by-zero', 'division by zero');
  return { kind: 'compoundAssign', operator, place, value: right, computation, scale: 1, type, loc };
}

/** ++ and --. */
export function increment(p: Parser, target: Operand, up: boolean, postfix: boolean, loc: Loc): Expression {
  const place = modifiable(p, target, up ? 'increment operand' : 'decrement operand', loc);
  if (!place) return errorExpression(loc);
  const type = unqualified(place.type);
  const under = bare(type);
  let step = 1n;
  if (under.kind === 'pointer') {
    if (!checkPointee(p, under.to, loc)) return errorExpression(loc);
    if (isVariablySized(under.to))
      return compoundAssign(p, up ? 'add' : 'sub', place, integer(1n, LONG, loc), loc);
    step = BigInt(sizeOf(under.to));
  } else if (!integerOf(type)) {
    p.error(loc, `wrong type argument to ${up ? 'increment' : 'decrement'}: ${quoteType(type)}`);
    return errorExpression(loc);
  }
  return { kind: 'increment', place, amount: up ? step : -step, postfix, type, loc };
}

/** &x. */
export function addressOf(p: Parser, operand: Operand, loc: Loc): Expression {
  if (isError(operand)) return errorExpression(loc);
  if (!isPlace(operand) || operand.kind === 'temporary') {
    p.error(loc, "lvalue required as unary '&' operand");
    return errorExpression(loc);
  }
  if (operand.kind === 'member' && operand.member.bitField) {
    p.error(loc, `cannot take address of bit-field '${operand.member.name ?? ''}'`);
    return errorExpression(loc);
  }
  if (operand.kind === 'variable' && operand.variable.asmRegister !== undefined) {
    p.error(loc, `address of register variable '${operand.variable.name}' requested`);
    return errorExpression(loc);
  }
  return address(operand, pointerTo(operand.type));
}

/** *x. */
export function dereference(p: Parser, operand: Operand, loc: Loc): Operand {
  const value = rvalue(operand);
  if (isError(value)) return errorExpression(loc);
  const type = bare(value.type);
  if (type.kind !== 'pointer') {
    p.error(loc, `invalid type argument of unary '*' (have ${quoteType(value.type)})`);
    return errorExpression(loc);
  }
  // *&f is f.
  if (value.kind === 'address' && value.place.kind === 'function') return value.place;
  if (value.kind === 'address' && bare(value.place.type) === bare(type.to))
    return { ...value.place, type: type.to };
  return { kind: 'deref', pointer: value, type: type.to, loc };
}
