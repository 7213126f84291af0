/**
 * Expressions: each evaluates to an operand (a virtual register or a constant), or is evaluated for its effect only.
 *
 * Constant operands are folded by the optimiser, not here. Evaluation order is left to right, except that the right side
 * of an assignment comes before the address of its left side.
 */
import type { BinaryExpression, CompoundAssignExpression, Expression, IncrementExpression } from '../ast';
import type { BinaryOperator, Operand, Size } from '../ir/ir';
import { bare, INT, integerOf, type Type } from '../types';
import { lowerBuiltin } from './builtin';
import { lowerCall } from './call';
import { conditionOf, conditionValue, isComparison, lowerCondition } from './condition';
import type { Lowering } from './context';
import { convert } from './convert';
import { addressValue, loadPlace, lowerPlace, lowerPointer, storePlace } from './place';
import { assignRecord, lowerRecord } from './record';
import { lowerStatementExpression } from './statement';
import { canonical, isVoid, recordOf, scalarOf } from './types';
import { lowerVaArgAddress } from './varargs';

/** One arithmetic operation on operands of `size` bytes. */
export function arithmetic(
  ctx: Lowering,
  operator: BinaryExpression['operator'],
  left: Operand,
  right: Operand,
  size: Size,
  signed: boolean,
): Operand {
  const dst = ctx.b.register();
  if (isComparison(operator)) {
    const condition = conditionOf(operator, signed);
    ctx.b.emit({ op: 'compare', condition, test: false, dst, left, right, size });
    return dst;
  }
  if (operator === 'div' || operator === 'rem') {
    ctx.b.emit({ op: 'divide', operator, signed, dst, left, right, size });
    return dst;
  }
  const machine: BinaryOperator = operator === 'shr' && signed ? 'sar' : operator;
  ctx.b.emit({ op: 'binary', operator: machine, dst, left, right, size });
  return dst;
}

/** Evaluates an expression of scalar type. */
export function lowerValue(ctx: Lowering, expression: Expression): Operand {
  ctx.b.loc = expression.loc;
  switch (expression.kind) {
    case 'integer':
      return canonical(expression.value, scalarOf(expression.type).register);
    case 'load': {
      const place = lowerPlace(ctx, expression.place);
      return loadPlace(ctx, place);
    }
    case 'address':
      return addressValue(ctx, lowerPointer(ctx, expression));
    case 'labelAddress': {
      const dst = ctx.b.register();
      const label = ctx.labelBlock(expression.label);
      ctx.b.fn.blocks[label].pinned = true;
      ctx.b.emit({ op: 'lea', dst, address: EMPTY, label });
      return dst;
    }
    case 'unary': {
      const scalar = scalarOf(expression.operand.type);
      const src = lowerValue(ctx, expression.operand);
      const dst = ctx.b.register();
      if (expression.operator === 'not') {
        ctx.b.emit({
          op: 'compare',
          condition: 'eq',
          test: false,
          dst,
          left: src,
          right: 0n,
          size: scalar.register,
        });
      } else {
        const operator = expression.operator === 'negate' ? 'neg' : 'not';
        ctx.b.emit({ op: 'unary', operator, dst, src, size: scalar.register });
      }
      return dst;
    }
    case 'binary': {
      const scalar = scalarOf(expression.left.type);
      const left = lowerValue(ctx, expression.left);
      const right = lowerValue(ctx, expression.right);
      ctx.b.loc = expression.loc;
      return arithmetic(ctx, expression.operator, left, right, scalar.register, scalar.signed);
    }
    case 'pointerAdd':
      return addressValue(ctx, lowerPointer(ctx, expression));
    case 'pointerDifference': {
      const left = lowerValue(ctx, expression.left);
      const right = lowerValue(ctx, expression.right);
      const bytes = arithmetic(ctx, 'sub', left, right, 8, true);
      return divideExactly(ctx, bytes, expression.scale);
    }
    case 'logical':
      return conditionValue(ctx, expression);
    case 'conditional': {
      const dst = ctx.b.register();
      const size = scalarOf(expression.type).register;
      lowerArms(ctx, expression, (arm) => ctx.b.move(dst, lowerValue(ctx, arm), size));
      return dst;
    }
    case 'cast': {
      const from = scalarOf(expression.operand.type);
      const value = lowerValue(ctx, expression.operand);
      return convert(ctx, value, from, scalarOf(expression.type));
    }
    case 'assign': {
      const value = lowerValue(ctx, expression.value);
      const place = lowerPlace(ctx, expression.place);
      ctx.b.loc = expression.loc;
      return storePlace(ctx, place, value);
    }
    case 'compoundAssign':
      return lowerCompoundAssign(ctx, expression);
    case 'increment':
      return lowerIncrement(ctx, expression);
    case 'comma':
      lowerEffect(ctx, expression.left);
      return lowerValue(ctx, expression.right);
    case 'call':
      return lowerCall(ctx, expression);
    case 'builtin':
      return lowerBuiltin(ctx, expression);
    case 'vaArg': {
      const address = lowerVaArgAddress(ctx, expression);
      return loadPlace(ctx, {
        kind: 'memory',
        address,
        type: expression.type,
        volatile: false,
        bitField: undefined,
      });
    }
    case 'statementExpression': {
      const dst = ctx.b.register();
      const size = scalarOf(expression.type).register;
      lowerStatementExpression(ctx, expression, (value) => ctx.b.move(dst, lowerValue(ctx, value), size));
      return dst;
    }
    case 'error':
      ctx.unit.report(expression.loc, 'an erroneous expression reached code generation');
      return 0n;
  }
}

const EMPTY = {
  base: -1,
  index: -1,
  scale: 1,
  offset: 0,
  slot: -1,
  symbol: undefined,
  segment: undefined,
} as const;

/** Evaluates an expression of any type and drops its value. */
export function lowerEffect(ctx: Lowering, expression: Expression): void {
  ctx.b.loc = expression.loc;
  if (expression.kind === 'cast' && (expression.conversion === 'toVoid' || isVoid(expression.type))) {
    lowerEffect(ctx, expression.operand);
    return;
  }
  if (expression.kind === 'comma') {
    lowerEffect(ctx, expression.left);
    lowerEffect(ctx, expression.right);
    return;
  }
  if (expression.kind === 'conditional') {
    lowerArms(ctx, expression, (arm) => lowerEffect(ctx, arm));
    return;
  }
  if (expression.kind === 'statementExpression') {
    lowerStatementExpression(ctx, expression, (value) => lowerEffect(ctx, value));
    return;
  }
  if (expression.kind === 'logical') {
    const [evaluate, join] = [ctx.b.block(), ctx.b.block()];
    if (expression.operator === 'and') lowerCondition(ctx, expression.left, evaluate, join);
    else lowerCondition(ctx, expression.left, join, evaluate);
    ctx.b.start(evaluate);
    lowerEffect(ctx, expression.right);
    ctx.b.start(join);
    return;
  }
  if (recordOf(expression.type)) {
    if (expression.kind === 'assign') {
      const place = lowerPlace(ctx, expression.place);
      if (place.kind === 'memory') assignRecord(ctx, place.address, expression.value);
      return;
    }
    lowerRecord(ctx, expression, undefined);
    return;
  }
  if (expression.kind === 'load' && bare(expression.type).kind === 'void') {
    lowerPlace(ctx, expression.place);
    return;
  }
  if (expression.kind === 'increment') {
    lowerIncrement(ctx, { ...expression, postfix: false });
    return;
  }
  lowerValue(ctx, expression);
}

function lowerArms(
  ctx: Lowering,
  expression: Extract<Expression, { kind: 'conditional' }>,
  lower: (arm: Expression) => void,
): void {
  const [then, otherwise, join] = [ctx.b.block(), ctx.b.block(), ctx.b.block()];
  lowerCondition(ctx, expression.condition, then, otherwise);
  ctx.b.start(then);
  lower(expression.then);
  ctx.b.jump(join);
  ctx.b.start(otherwise);
  lower(expression.otherwise);
  ctx.b.start(join);
}

/** bytes / scale, where the division leaves no remainder. */
function divideExactly(ctx: Lowering, bytes: Operand, scale: number): Operand {
  if (scale <= 1) return bytes;
  const dst = ctx.b.register();
  let odd = BigInt(scale);
  let shift = 0n;
  while ((odd & 1n) === 0n) {
    odd >>= 1n;
    shift++;
  }
  const shifted = shift === 0n ? bytes : arithmetic(ctx, 'shr', bytes, shift, 8, true);
  if (odd === 1n) return shifted;
  // An exact division by an odd number is a multiplication by its inverse modulo 2^64 (Newton's iteration).
  let inverse = odd;
  for (let i = 0; i < 5; i++) inverse = BigInt.asUintN(64, inverse * (2n - odd * inverse));
  ctx.b.emit({
    op: 'binary',
    operator: 'mul',
    dst,
    left: shifted,
    right: BigInt.asIntN(64, inverse),
    size: 8,
  });
  return dst;
}

function lowerCompoundAssign(ctx: Lowering, expression: CompoundAssignExpression): Operand {
  const value = lowerValue(ctx, expression.value);
  const place = lowerPlace(ctx, expression.place);
  ctx.b.loc = expression.loc;
  const old = loadPlace(ctx, place);
  const stored = scalarOf(place.type);
  const work = scalarOf(expression.computation);
  const right =
    expression.scale === 1
      ? value
      : typeof value === 'bigint'
        ? BigInt.asIntN(64, value * BigInt(expression.scale))
        : arithmetic(ctx, 'mul', value, BigInt(expression.scale), 8, true);
  const result = arithmetic(
    ctx,
    expression.operator,
    convert(ctx, old, stored, work),
    right,
    work.register,
    work.signed,
  );
  return storePlace(ctx, place, convert(ctx, result, work, stored));
}

function promoted(type: Type): Type {
  const integer = integerOf(type);
  return integer && integer.size < 4 ? INT : type;
}

function lowerIncrement(ctx: Lowering, expression: IncrementExpression): Operand {
  const place = lowerPlace(ctx, expression.place);
  const stored = scalarOf(place.type);
  const work = scalarOf(promoted(place.type));
  let old = loadPlace(ctx, place);
  if (expression.postfix && place.kind === 'register') {
    const copy = ctx.b.register();
    ctx.b.move(copy, old, stored.register);
    old = copy;
  }
  const amount = canonical(expression.amount, work.register);
  const sum = arithmetic(ctx, 'add', convert(ctx, old, stored, work), amount, work.register, work.signed);
  const result = storePlace(ctx, place, convert(ctx, sum, work, stored));
  return expression.postfix ? old : result;
}
