/**
 * Conditions: a scalar expression as control flow, without making its 0 or 1.
 */
import type { BinaryExpression, ComparisonOperator, Expression } from '../ast';
import type { BlockId, Condition, Operand, Size } from '../ir/ir';
import type { Lowering } from './context';
import { lowerEffect, lowerValue } from './expression';
import { lowerStatementExpression } from './statement';
import { scalarOf } from './types';

const SIGNED: Readonly<Record<ComparisonOperator, Condition>> = {
  eq: 'eq',
  ne: 'ne',
  lt: 'lt',
  le: 'le',
  gt: 'gt',
  ge: 'ge',
};
const UNSIGNED: Readonly<Record<ComparisonOperator, Condition>> = {
  eq: 'eq',
  ne: 'ne',
  lt: 'b',
  le: 'be',
  gt: 'a',
  ge: 'ae',
};

/** True for ==, !=, < and so on. */
export function isComparison(operator: BinaryExpression['operator']): operator is ComparisonOperator {
  return operator in SIGNED;
}

/** The machine's condition for a comparison of operands of the given signedness. */
export function conditionOf(operator: ComparisonOperator, signed: boolean): Condition {
  return signed ? SIGNED[operator] : UNSIGNED[operator];
}

function branch(
  ctx: Lowering,
  condition: Condition,
  left: Operand,
  right: Operand,
  size: Size,
  then: BlockId,
  otherwise: BlockId,
  likely: boolean | undefined,
): void {
  ctx.b.end({ op: 'branch', condition, test: false, left, right, size, taken: then, otherwise, likely });
}

/** Evaluates `condition` and goes to `then` if it is not zero, else to `otherwise`. */
export function lowerCondition(
  ctx: Lowering,
  condition: Expression,
  then: BlockId,
  otherwise: BlockId,
  likely?: boolean,
): void {
  switch (condition.kind) {
    case 'integer':
      ctx.b.jump(condition.value !== 0n ? then : otherwise);
      return;
    case 'unary':
      if (condition.operator !== 'not') break;
      lowerCondition(ctx, condition.operand, otherwise, then, likely === undefined ? undefined : !likely);
      return;
    case 'logical': {
      const right = ctx.b.block();
      if (condition.operator === 'and')
        lowerCondition(ctx, condition.left, right, otherwise, likely || undefined);
      else lowerCondition(ctx, condition.left, then, right, likely === false ? false : undefined);
      ctx.b.start(right);
      lowerCondition(ctx, condition.right, then, otherwise, likely);
      return;
    }
    case 'binary': {
      if (condition.operator === 'and') {
        lowerTest(ctx, condition, 'ne', then, otherwise, likely);
        return;
      }
      if (!isComparison(condition.operator)) break;
      const equality = condition.operator === 'eq' || condition.operator === 'ne';
      const zero = condition.right.kind === 'integer' && condition.right.value === 0n;
      if (equality && zero && condition.left.kind === 'binary' && condition.left.operator === 'and') {
        const test = condition.operator === 'eq' ? 'eq' : 'ne';
        lowerTest(ctx, condition.left, test, then, otherwise, likely);
        return;
      }
      const scalar = scalarOf(condition.left.type);
      const left = lowerValue(ctx, condition.left);
      const right = lowerValue(ctx, condition.right);
      const test = conditionOf(condition.operator, scalar.signed);
      branch(ctx, test, left, right, scalar.register, then, otherwise, likely);
      return;
    }
    case 'cast':
      if (condition.conversion === 'truncate' || condition.conversion === 'toVoid') break;
      lowerCondition(ctx, condition.operand, then, otherwise, likely);
      return;
    case 'comma':
      lowerEffect(ctx, condition.left);
      lowerCondition(ctx, condition.right, then, otherwise, likely);
      return;
    case 'builtin': {
      if (condition.name !== 'expect') break;
      const [value, expected] = condition.arguments;
      const bet = expected.kind === 'integer' ? expected.value !== 0n : undefined;
      lowerCondition(ctx, value, then, otherwise, bet);
      return;
    }
    case 'statementExpression':
      lowerStatementExpression(ctx, condition, (value) =>
        lowerCondition(ctx, value, then, otherwise, likely),
      );
      return;
    default:
      break;
  }
  const value = lowerValue(ctx, condition);
  branch(ctx, 'ne', value, 0n, scalarOf(condition.type).register, then, otherwise, likely);
}

/** Branches on whether left & right is zero. */
function lowerTest(
  ctx: Lowering,
  both: BinaryExpression,
  condition: 'eq' | 'ne',
  then: BlockId,
  otherwise: BlockId,
  likely: boolean | undefined,
): void {
  const left = lowerValue(ctx, both.left);
  const right = lowerValue(ctx, both.right);
  const size = scalarOf(both.type).register;
  ctx.b.end({ op: 'branch', condition, test: true, left, right, size, taken: then, otherwise, likely });
}

/** The condition as a value: 1 or 0 in `dst`. */
export function conditionValue(ctx: Lowering, condition: Expression): Operand {
  const dst = ctx.b.register();
  const [yes, no, join] = [ctx.b.block(), ctx.b.block(), ctx.b.block()];
  lowerCondition(ctx, condition, yes, no);
  ctx.b.start(yes);
  ctx.b.move(dst, 1n, 4);
  ctx.b.jump(join);
  ctx.b.start(no);
  ctx.b.move(dst, 0n, 4);
  ctx.b.start(join);
  return dst;
}
