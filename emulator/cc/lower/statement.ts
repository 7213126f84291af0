/**
 * Statements and scopes.
 *
 * Each statement gets a number, so that the line table can mark where it starts. At the end of a scope its variables are
 * kept alive (`keep`), so that a debugger can show them as long as their names are visible.
 */
import type {
  BlockStatement,
  Expression,
  Statement,
  StatementExpression,
  SwitchStatement,
  Variable,
} from '../ast';
import { registerAddress, slotAddress } from '../ir/builder';
import type { BlockId, Operand, Size, VariableHome } from '../ir/ir';
import { alignOf, bare, sizeOf } from '../types';
import { lowerAsm } from './asm';
import { lowerCondition } from './condition';
import type { Lowering } from './context';
import { lowerEffect, lowerValue } from './expression';
import { initialize, loadWords, lowerRecord } from './record';
import { isVoid, passing, recordOf, scalarOf } from './types';

/** Whether a local can live in a register: a scalar whose address nobody takes. */
export function fitsRegister(variable: Variable): boolean {
  const kind = bare(variable.type).kind;
  return (kind === 'integer' || kind === 'pointer' || kind === 'enum') && !variable.addressTaken;
}

/** What rsp is a multiple of inside functions; objects that want more find their place at run time. */
const STACK_ALIGN = 16;

/** A register with the address of an aligned place inside a stack object that is large enough to hold one. */
function overAligned(ctx: Lowering, size: number, align: number): number {
  const address = slotAddress(ctx.b.slot(size + align - STACK_ALIGN, STACK_ALIGN), align - STACK_ALIGN);
  const high = ctx.b.register();
  ctx.b.emit({ op: 'lea', dst: high, address, label: undefined });
  const place = ctx.b.register();
  ctx.b.emit({ op: 'binary', operator: 'and', dst: place, left: high, right: BigInt(-align), size: 8 });
  return place;
}

/** Gives a local variable its home and lists it in the current scope. Static locals are listed by symbol. */
export function declareLocal(ctx: Lowering, variable: Variable): VariableHome {
  const known = ctx.homes.get(variable);
  if (known) return known;
  let home: VariableHome;
  if (variable.storage === 'static') home = { kind: 'symbol', symbol: variable.symbolName };
  else if (fitsRegister(variable)) home = { kind: 'register', register: ctx.b.register() };
  else {
    const type = bare(variable.type);
    if (type.kind === 'array' && type.vla) home = { kind: 'pointer', register: ctx.b.register() };
    else {
      const align = Math.max(variable.align, alignOf(variable.type));
      if (align > STACK_ALIGN)
        home = { kind: 'pointer', register: overAligned(ctx, sizeOf(variable.type), align) };
      else home = { kind: 'slot', slot: ctx.b.slot(sizeOf(variable.type), align), offset: 0 };
    }
  }
  ctx.homes.set(variable, home);
  if (!variable.name.startsWith('.')) {
    if (home.kind === 'register') ctx.assigned.set(home.register, false);
    ctx.b.fn.scopes[ctx.b.scope].variables.push({
      name: variable.name,
      type: variable.type,
      loc: variable.loc,
      parameter: undefined,
      arrival: undefined,
      home,
    });
  }
  return home;
}

/** Emits the `keep` of the current scope's register variables. */
function keepVariables(ctx: Lowering): void {
  const values: number[] = [];
  for (const variable of ctx.b.fn.scopes[ctx.b.scope].variables) {
    if (variable.home.kind === 'register' || variable.home.kind === 'pointer')
      values.push(variable.home.register);
  }
  if (values.length > 0 && ctx.b.reachable) ctx.b.emit({ op: 'keep', values });
}

function runCleanups(ctx: Lowering, cleanups: readonly Expression[]): void {
  for (const cleanup of cleanups) lowerEffect(ctx, cleanup);
}

/** Lowers a block; `inside` is evaluated in its scope after the statements, before its cleanups. */
export function lowerBlock(ctx: Lowering, block: BlockStatement, inside?: () => void): void {
  const outer = ctx.b.openScope();
  for (const variable of block.variables) {
    if (variable.storage === 'static' || bare(variable.type).kind !== 'array') declareLocal(ctx, variable);
    else if (sizeOf(variable.type) > 0) declareLocal(ctx, variable);
  }
  if (block.hasVla) {
    const saved = ctx.b.register();
    ctx.b.emit({ op: 'saveStack', dst: saved });
    ctx.savedStacks.push(saved);
  }
  for (const statement of block.statements) lowerStatement(ctx, statement);
  inside?.();
  if (ctx.b.reachable && block.cleanups.length > 0) {
    ctx.b.newStatement(block.end);
    runCleanups(ctx, block.cleanups);
  }
  ctx.b.loc = block.end;
  if (block.hasVla) {
    const saved = ctx.savedStacks.pop();
    if (saved !== undefined && ctx.b.reachable) ctx.b.emit({ op: 'restoreStack', src: saved });
  }
  keepVariables(ctx);
  ctx.b.scope = outer;
}

/** ({ … }): `use` receives the result expression inside the block's scope. */
export function lowerStatementExpression(
  ctx: Lowering,
  expression: StatementExpression,
  use: (value: Expression) => void,
): void {
  const { loc, statement } = ctx.b;
  lowerBlock(ctx, expression.block, () => {
    if (!expression.result) return;
    ctx.b.newStatement(expression.result.loc);
    use(expression.result);
  });
  ctx.b.loc = loc;
  ctx.b.statement = statement;
}

/** Leaves variable-length arrays of the scopes between here and the jump's target. */
function restoreStackTo(ctx: Lowering, depth: number): void {
  const saved = ctx.savedStacks[depth];
  if (saved !== undefined) ctx.b.emit({ op: 'restoreStack', src: saved });
}

function lowerLoop(
  ctx: Lowering,
  parts: {
    condition: Expression | undefined;
    step: Expression | undefined;
    body: Statement;
    testFirst: boolean;
  },
): void {
  const [body, test, next, done] = [ctx.b.block(), ctx.b.block(), ctx.b.block(), ctx.b.block()];
  const { loc, statement } = ctx.b;
  if (parts.testFirst) ctx.b.jump(test);
  ctx.b.loopDepth++;
  ctx.b.start(body);
  ctx.jumpScopes.push({ breakTarget: done, continueTarget: next, savedStacks: ctx.savedStacks.length });
  lowerStatement(ctx, parts.body);
  ctx.jumpScopes.pop();
  ctx.b.start(next);
  if (parts.step) {
    ctx.b.newStatement(parts.step.loc);
    lowerEffect(ctx, parts.step);
  }
  ctx.b.start(test);
  if (parts.condition) {
    ctx.b.newStatement(parts.condition.loc);
    lowerCondition(ctx, parts.condition, body, done);
  } else {
    ctx.b.loc = loc;
    ctx.b.statement = statement;
    ctx.b.jump(body);
  }
  ctx.b.loopDepth--;
  ctx.b.start(done);
}

function lowerReturn(ctx: Lowering, value: Expression | undefined, cleanups: readonly Expression[]): void {
  const values: Operand[] = [];
  if (value && recordOf(value.type)) {
    const size = sizeOf(value.type);
    const at = lowerRecord(ctx, value, undefined);
    if (ctx.returnPointer !== undefined) {
      const to = { ...slotAddress(-1), base: ctx.returnPointer };
      if (size > 0) ctx.b.emit({ op: 'copyBlock', to, from: at, bytes: size });
      values.push(ctx.returnPointer);
    } else {
      const count = passing(value.type);
      values.push(...loadWords(ctx, at, count === 'memory' ? size : Math.min(size, count * 8)));
    }
  } else if (value && !isVoid(value.type)) {
    const operand = lowerValue(ctx, value);
    if (cleanups.length > 0 && typeof operand === 'number') {
      const copy = ctx.b.register();
      ctx.b.move(copy, operand, scalarOf(value.type).register);
      values.push(copy);
    } else values.push(operand);
  } else if (value) lowerEffect(ctx, value);
  runCleanups(ctx, cleanups);
  keepAll(ctx);
  ctx.b.end({ op: 'return', values });
}

/** At a return every variable whose name is visible is kept: a stop there shows them all. */
function keepAll(ctx: Lowering): void {
  const values: number[] = [];
  for (let scope = ctx.b.scope; scope >= 0; scope = ctx.b.fn.scopes[scope].parent) {
    for (const variable of ctx.b.fn.scopes[scope].variables) {
      if (variable.home.kind === 'register') values.push(variable.home.register);
    }
  }
  if (values.length > 0 && ctx.b.reachable) ctx.b.emit({ op: 'keep', values });
}

/** Compares a switch's value with its cases, by halves once there are more than a few. */
function lowerSwitch(ctx: Lowering, statement: SwitchStatement): void {
  const scalar = scalarOf(statement.value.type);
  const value = lowerValue(ctx, statement.value);
  const done = ctx.b.block();
  const fallback = statement.default ? ctx.caseBlock(statement.default) : done;
  const cases = statement.cases
    .map((label) => ({
      low: label.low ?? 0n,
      high: label.high ?? label.low ?? 0n,
      target: ctx.caseBlock(label),
    }))
    .filter((range) => range.low <= range.high)
    .sort((a, b) => (a.low < b.low ? -1 : a.low > b.low ? 1 : 0));
  const size: Size = scalar.register;
  const branch = (condition: 'eq' | 'lt' | 'le', right: bigint, then: BlockId, otherwise: BlockId): void => {
    const unsigned = { eq: 'eq', lt: 'b', le: 'be' } as const;
    ctx.b.end({
      op: 'branch',
      condition: scalar.signed ? condition : unsigned[condition],
      test: false,
      left: value,
      right: BigInt.asIntN(size * 8, right),
      size,
      taken: then,
      otherwise,
      likely: undefined,
    });
  };
  const search = (from: number, to: number): void => {
    if (to - from > 3) {
      const middle = (from + to) >> 1;
      const [low, high] = [ctx.b.block(), ctx.b.block()];
      branch('lt', cases[middle].low, low, high);
      ctx.b.start(low);
      search(from, middle);
      ctx.b.start(high);
      search(middle, to);
      return;
    }
    for (let index = from; index < to; index++) {
      const { low, high, target } = cases[index];
      const next = ctx.b.block();
      if (low === high) branch('eq', low, target, next);
      else {
        const upper = ctx.b.block();
        branch('lt', low, next, upper);
        ctx.b.start(upper);
        branch('le', high, target, next);
      }
      ctx.b.start(next);
    }
    ctx.b.jump(fallback);
  };
  search(0, cases.length);
  ctx.jumpScopes.push({
    breakTarget: done,
    continueTarget: ctx.jumpScopes[ctx.jumpScopes.length - 1]?.continueTarget,
    savedStacks: ctx.savedStacks.length,
  });
  lowerStatement(ctx, statement.body);
  ctx.jumpScopes.pop();
  ctx.b.start(done);
}

/** Lowers one statement into the current block. */
export function lowerStatement(ctx: Lowering, statement: Statement): void {
  switch (statement.kind) {
    case 'block':
      lowerBlock(ctx, statement);
      return;
    case 'label':
      ctx.b.start(ctx.labelBlock(statement.label));
      lowerStatement(ctx, statement.statement);
      return;
    case 'case':
      ctx.b.start(ctx.caseBlock(statement.label));
      lowerStatement(ctx, statement.statement);
      return;
    case 'empty':
      return;
    default:
      break;
  }
  ctx.b.newStatement(statement.loc);
  switch (statement.kind) {
    case 'expression':
      lowerEffect(ctx, statement.expression);
      return;
    case 'declaration': {
      const home = declareLocal(ctx, statement.variable);
      if (statement.value) {
        const value = lowerValue(ctx, statement.value);
        const scalar = scalarOf(statement.variable.type);
        ctx.b.loc = statement.loc;
        if (home.kind === 'register') {
          ctx.b.move(home.register, value, scalar.register);
          if (ctx.assigned.has(home.register)) ctx.assigned.set(home.register, true);
        } else if (home.kind === 'slot') {
          const address = slotAddress(home.slot, home.offset);
          ctx.b.emit({ op: 'store', address, src: value, size: scalar.size, volatile: false });
        } else if (home.kind === 'pointer') {
          const address = registerAddress(home.register);
          ctx.b.emit({ op: 'store', address, src: value, size: scalar.size, volatile: false });
        }
      } else if (statement.initializer && home.kind === 'slot') {
        initialize(ctx, slotAddress(home.slot, home.offset), statement.initializer);
      } else if (statement.initializer && home.kind === 'pointer') {
        initialize(ctx, registerAddress(home.register), statement.initializer);
      }
      return;
    }
    case 'vla': {
      const home = declareLocal(ctx, statement.variable);
      const bytes = lowerValue(ctx, statement.size);
      ctx.b.fn.usesAlloca = true;
      if (home.kind === 'pointer') ctx.b.emit({ op: 'alloca', dst: home.register, bytes });
      return;
    }
    case 'if': {
      const [then, join] = [ctx.b.block(), ctx.b.block()];
      const otherwise = statement.otherwise ? ctx.b.block() : join;
      lowerCondition(ctx, statement.condition, then, otherwise);
      ctx.b.start(then);
      lowerStatement(ctx, statement.then);
      if (statement.otherwise) {
        ctx.b.jump(join);
        ctx.b.start(otherwise);
        lowerStatement(ctx, statement.otherwise);
      }
      ctx.b.start(join);
      return;
    }
    case 'while':
      lowerLoop(ctx, { ...statement, step: undefined, testFirst: true });
      return;
    case 'do':
      lowerLoop(ctx, { ...statement, step: undefined, testFirst: false });
      return;
    case 'for':
      if (statement.initial) lowerEffect(ctx, statement.initial);
      lowerLoop(ctx, {
        condition: statement.condition,
        step: statement.step,
        body: statement.body,
        testFirst: statement.condition !== undefined,
      });
      return;
    case 'switch':
      lowerSwitch(ctx, statement);
      return;
    case 'goto':
      runCleanups(ctx, statement.cleanups);
      ctx.b.jump(ctx.labelBlock(statement.label));
      return;
    case 'computedGoto': {
      const target = lowerValue(ctx, statement.target);
      ctx.b.end({ op: 'computedJump', target, targets: [] });
      return;
    }
    case 'break':
    case 'continue': {
      runCleanups(ctx, statement.cleanups);
      const scope = ctx.jumpScopes[ctx.jumpScopes.length - 1];
      if (!scope) return;
      const target = statement.kind === 'break' ? scope.breakTarget : scope.continueTarget;
      if (target === undefined) return;
      restoreStackTo(ctx, scope.savedStacks);
      ctx.b.jump(target);
      return;
    }
    case 'return':
      lowerReturn(ctx, statement.value, statement.cleanups);
      return;
    case 'asm':
      lowerAsm(ctx, statement);
      return;
  }
}
