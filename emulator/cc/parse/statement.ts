/**
 * Statements (C11 6.8) and GNU's statement expressions, case ranges, computed gotos, local labels.
 */
import type { BlockStatement, CaseLabel, Expression, ForStatement, IfStatement, Statement } from '../ast';
import { Keyword } from '../lex/keywords';
import { Kind } from '../lex/kinds';
import { assignConvert } from '../sema/assignable';
import { convert, errorExpression, integer, isError, type Operand, promote, rvalue } from '../sema/build';
import { condition } from '../sema/operators';
import { quoteType } from '../sema/type-text';
import { checkUnused } from '../sema/unused';
import { bare, INT, integerOf, pointerTo, type Type, unqualified, VOID, wrap } from '../types';
import { parseAsmStatement } from './asm';
import { parseAttributes } from './attributes';
import { cleanupsUpTo, scopeCleanups } from './cleanup';
import { constantInteger } from './constant';
import { parseLocalDeclaration } from './declaration';
import { declareUnknown } from './declare';
import { parseExpression, parseValue } from './expression';
import { declareLocalLabel, defineLabel, referLabel } from './labels';
import type { CleanupScope, FunctionContext, Parser } from './parser';
import { startsDeclaration } from './specifiers';

/** Longest chain of else if: its tree is that deep. */
const ELSE_LIMIT = 1000;

/** { … } as a block with a scope of its own. */
function parseBlock(p: Parser): BlockStatement {
  const context = p.function;
  p.scopes.enter();
  const parent = context?.cleanup;
  const scope: CleanupScope = { parent, variables: [], depth: (parent?.depth ?? 0) + 1 };
  if (context) context.cleanup = scope;
  const block = parseBlockItems(p, [], scope);
  if (context && parent) context.cleanup = parent;
  p.scopes.leave();
  return block;
}

/** The items between braces; scopes are the caller's. `statements` may hold some already. */
export function parseBlockItems(p: Parser, statements: Statement[], scope: CleanupScope): BlockStatement {
  const block: BlockStatement = {
    kind: 'block',
    statements,
    variables: [],
    cleanups: [],
    hasVla: false,
    loc: p.at,
    end: p.at,
  };
  const context = p.function;
  if (!p.expect(Kind.LeftBrace)) return block;
  context?.blocks.push(block);
  if (!p.deeper()) return block;
  const localLabels = p.keyword === Keyword.Label;
  if (localLabels) parseLocalLabels(p);
  while (p.kind !== Kind.RightBrace && p.kind !== Kind.End) {
    const before = p.at;
    parseItem(p, statements);
    if (p.panicking) p.sync();
    if (p.at === before) p.next();
  }
  p.shallower();
  if (localLabels) context?.localLabels.pop();
  context?.blocks.pop();
  block.end = p.at;
  if (p.kind === Kind.RightBrace) p.next();
  else p.syntaxError("expected '}' at end of input");
  if (scope.variables.length > 0) block.cleanups = scopeCleanups(scope);
  return block;
}

/** __label__ a, b; */
function parseLocalLabels(p: Parser): void {
  p.function?.localLabels.push(new Map());
  while (p.acceptKeyword(Keyword.Label)) {
    do {
      if (!p.isName) {
        p.syntaxError(`expected a label name before ${p.found}`);
        break;
      }
      declareLocalLabel(p, p.next());
    } while (p.accept(Kind.Comma));
    p.expect(Kind.Semicolon);
  }
}

function parseItem(p: Parser, statements: Statement[]): void {
  if (startsDeclaration(p) && !startsAttributedStatement(p)) parseLocalDeclaration(p, statements);
  else if (looksLikeUnknownType(p)) unknownType(p);
  else statements.push(parseStatement(p));
}

/** `__attribute__((fallthrough));` is a statement. */
function startsAttributedStatement(p: Parser): boolean {
  if (p.keyword !== Keyword.Attribute || p.kindAt(1) !== Kind.LeftParen) return false;
  let depth = 0;
  for (let at = p.at + 1; p.kinds[at] !== Kind.End; at++) {
    if (p.kinds[at] === Kind.LeftParen) depth++;
    else if (p.kinds[at] === Kind.RightParen && --depth === 0) return p.kinds[at + 1] === Kind.Semicolon;
  }
  return false;
}

/** `foo_t x` or `foo_t *x;` with an unknown foo_t. */
function looksLikeUnknownType(p: Parser): boolean {
  if (!p.isName || p.scopes.name(p.values[p.at])) return false;
  if (p.kindAt(1) === Kind.Identifier) return p.keywordAt(1) === Keyword.None;
  if (p.kindAt(1) !== Kind.Star || p.kindAt(2) !== Kind.Identifier) return false;
  const behind = p.kindAt(3);
  return behind === Kind.Semicolon || behind === Kind.Equal || behind === Kind.Comma;
}

function unknownType(p: Parser): void {
  const name = p.text(p.at);
  const guess = p.suggestName(name, (kind) => kind === 'typedef');
  p.error(p.at, `unknown type name '${name}'${guess ? `; did you mean '${guess}'?` : ''}`, undefined, guess);
  declareUnknown(p);
  p.panicking = true;
}

/** One statement. */
function parseStatement(p: Parser): Statement {
  const loc = p.at;
  if (!p.deeper()) return { kind: 'empty', loc };
  const statement = parseOneStatement(p, loc);
  p.shallower();
  return statement;
}

function parseOneStatement(p: Parser, loc: number): Statement {
  switch (p.kind) {
    case Kind.LeftBrace:
      return parseBlock(p);
    case Kind.Semicolon:
      p.next();
      return { kind: 'empty', loc };
    case Kind.Identifier:
      break;
    default:
      return parseExpressionStatement(p);
  }
  switch (p.keyword) {
    case Keyword.None:
      if (p.kindAt(1) === Kind.Colon) return parseLabel(p);
      return parseExpressionStatement(p);
    case Keyword.If:
      return parseIf(p);
    case Keyword.While:
      return parseWhile(p);
    case Keyword.Do:
      return parseDo(p);
    case Keyword.For:
      return parseFor(p);
    case Keyword.Switch:
      return parseSwitch(p);
    case Keyword.Case:
    case Keyword.Default:
      return parseCase(p);
    case Keyword.Goto:
      return parseGoto(p);
    case Keyword.Break:
    case Keyword.Continue:
      return parseBreak(p);
    case Keyword.Return:
      return parseReturn(p);
    case Keyword.Asm:
      return parseAsmStatement(p);
    case Keyword.Attribute:
      parseAttributes(p, {});
      p.expect(Kind.Semicolon);
      return { kind: 'empty', loc };
    case Keyword.Else:
      p.syntaxError("'else' without a previous 'if'");
      p.next();
      return { kind: 'empty', loc };
    default:
      if (startsDeclaration(p)) {
        // A declaration where C11 wants a statement (behind a label or a case): C23 allows it, so do we.
        const statements: Statement[] = [];
        parseLocalDeclaration(p, statements);
        return statements.length === 1 ? statements[0] : sequence(statements, loc);
      }
      return parseExpressionStatement(p);
  }
}

/** Several statements without a scope of their own. */
function sequence(statements: Statement[], loc: number): Statement {
  if (statements.length === 0) return { kind: 'empty', loc };
  return { kind: 'block', statements, variables: [], cleanups: [], hasVla: false, loc, end: loc };
}

function endStatement(p: Parser): void {
  if (!p.panicking) p.expect(Kind.Semicolon);
  if (p.panicking) p.sync();
}

function parseExpressionStatement(p: Parser): Statement {
  const loc = p.at;
  const operand = parseExpression(p);
  const expression = rvalue(operand);
  endStatement(p);
  if (!isError(expression)) checkUnused(p, expression);
  return { kind: 'expression', expression, loc };
}

/** ( expression ) as a condition. */
function parseCondition(p: Parser): Expression {
  const open = p.at;
  if (!p.expect(Kind.LeftParen)) return errorExpression(open);
  const first = p.at;
  const operand: Operand = parseExpression(p);
  if (operand.kind === 'assign' && p.kinds[first] !== Kind.LeftParen)
    p.warning(operand.loc, 'parentheses', 'suggest parentheses around assignment used as truth value');
  p.expect(Kind.RightParen);
  return condition(p, operand);
}

function parseIf(p: Parser): Statement {
  const first = parseIfHead(p);
  let last = first;
  let chain = 0;
  while (p.acceptKeyword(Keyword.Else)) {
    if (++chain > ELSE_LIMIT) {
      p.giveUp(`more than ${ELSE_LIMIT} 'else if' in a row`);
      break;
    }
    if (p.keyword !== Keyword.If) {
      last.otherwise = parseStatement(p);
      break;
    }
    const next = parseIfHead(p);
    last.otherwise = next;
    last = next;
  }
  return first;
}

function parseIfHead(p: Parser): IfStatement {
  const loc = p.next();
  const test = parseCondition(p);
  if (p.panicking) recoverHead(p);
  const then = parseStatement(p);
  return { kind: 'if', condition: test, then, otherwise: undefined, loc };
}

/** A broken head of a statement: go on at the body if it is a block. */
function recoverHead(p: Parser): void {
  while (
    p.kind !== Kind.LeftBrace &&
    p.kind !== Kind.RightBrace &&
    p.kind !== Kind.Semicolon &&
    p.kind !== Kind.End
  ) {
    if (p.kind === Kind.LeftParen || p.kind === Kind.LeftBracket) p.skipBalanced();
    else p.next();
  }
  p.panicking = false;
}

/** Runs a loop's body with break and continue bound to it. */
function loopBody(p: Parser, parse: () => Statement): Statement {
  const context = p.function;
  if (!context) return parse();
  const { breakScope, continueScope } = context;
  context.breakScope = context.cleanup;
  context.continueScope = context.cleanup;
  const body = parse();
  context.breakScope = breakScope;
  context.continueScope = continueScope;
  return body;
}

function parseWhile(p: Parser): Statement {
  const loc = p.next();
  const test = parseCondition(p);
  if (p.panicking) recoverHead(p);
  const body = loopBody(p, () => parseStatement(p));
  return { kind: 'while', condition: test, body, loc };
}

function parseDo(p: Parser): Statement {
  const loc = p.next();
  const body = loopBody(p, () => parseStatement(p));
  let test: Expression = errorExpression(loc);
  if (p.acceptKeyword(Keyword.While)) {
    test = parseCondition(p);
    endStatement(p);
  } else p.syntaxError(`expected 'while' before ${p.found}`);
  return { kind: 'do', body, condition: test, loc };
}

function parseFor(p: Parser): Statement {
  const loc = p.next();
  const context = p.function;
  const parent = context?.cleanup;
  const scope: CleanupScope = { parent, variables: [], depth: (parent?.depth ?? 0) + 1 };
  const block: BlockStatement = {
    kind: 'block',
    statements: [],
    variables: [],
    cleanups: [],
    hasVla: false,
    loc,
    end: loc,
  };
  p.scopes.enter();
  if (context) context.cleanup = scope;
  context?.blocks.push(block);
  const loop = parseForRest(p, block, loc);
  context?.blocks.pop();
  if (context && parent) context.cleanup = parent;
  p.scopes.leave();
  if (block.statements.length === 0 && block.variables.length === 0) return loop;
  block.statements.push(loop);
  block.end = Math.max(loc, p.at - 1);
  block.cleanups = scopeCleanups(scope);
  return block;
}

function parseForRest(p: Parser, block: BlockStatement, loc: number): ForStatement {
  const loop: ForStatement = {
    kind: 'for',
    initial: undefined,
    condition: undefined,
    step: undefined,
    body: { kind: 'empty', loc },
    loc,
  };
  if (!p.expect(Kind.LeftParen)) recoverHead(p);
  else {
    if (startsDeclaration(p)) parseLocalDeclaration(p, block.statements);
    else {
      if (p.kind !== Kind.Semicolon) {
        loop.initial = parseValue(p);
        if (!isError(loop.initial)) checkUnused(p, loop.initial);
      }
      p.expect(Kind.Semicolon);
    }
    if (p.kind !== Kind.Semicolon && !p.panicking) loop.condition = condition(p, parseExpression(p));
    p.expect(Kind.Semicolon);
    if (p.kind !== Kind.RightParen && !p.panicking) {
      loop.step = parseValue(p);
      if (!isError(loop.step)) checkUnused(p, loop.step);
    }
    p.expect(Kind.RightParen);
    if (p.panicking) recoverHead(p);
  }
  loop.body = loopBody(p, () => parseStatement(p));
  return loop;
}

function parseSwitch(p: Parser): Statement {
  const loc = p.next();
  let value = parseCondition(p);
  if (p.panicking) recoverHead(p);
  if (!isError(value) && !integerOf(value.type)) {
    p.error(value.loc, `switch quantity is not an integer: it is ${quoteType(value.type)}`);
    value = errorExpression(loc);
  }
  value = promote(value);
  const context = p.function;
  const outer = context?.switch;
  const breakScope = context?.breakScope;
  const current: FunctionContext['switch'] = {
    type: value.type,
    cases: [],
    default: undefined,
    values: new Map(),
    ranges: [],
  };
  if (context) {
    context.switch = current;
    context.breakScope = context.cleanup;
  }
  const body = parseStatement(p);
  if (context) {
    context.switch = outer;
    context.breakScope = breakScope;
  }
  return { kind: 'switch', value, cases: current.cases, default: current.default, body, loc };
}

/** What a case or a label labels; nothing, before a closing brace. */
function labelled(p: Parser): Statement {
  if (p.kind === Kind.RightBrace) return { kind: 'empty', loc: p.at };
  return parseStatement(p);
}

/** A run of labels is a list, not a nest: switches over hundreds of values are common. */
function parseCase(p: Parser): Statement {
  const loc = p.at;
  const statements: Statement[] = [];
  for (;;) {
    const label = parseCaseLabel(p);
    const another = p.keyword === Keyword.Case || p.keyword === Keyword.Default;
    const statement: Statement = another ? { kind: 'empty', loc: label.loc } : labelled(p);
    statements.push({ kind: 'case', label, statement, loc: label.loc });
    if (!another) break;
  }
  return statements.length === 1 ? statements[0] : sequence(statements, loc);
}

function parseCaseLabel(p: Parser): CaseLabel {
  const loc = p.at;
  const isDefault = p.keyword === Keyword.Default;
  p.next();
  const context = p.function?.switch;
  let low: bigint | undefined;
  let high: bigint | undefined;
  if (!isDefault) {
    low = constantInteger(p, 'case label');
    high = low;
    if (p.accept(Kind.Ellipsis)) high = constantInteger(p, 'case label');
  }
  p.expect(Kind.Colon);
  if (p.panicking) p.sync();
  const label = { low, high, loc };
  if (!context) p.error(loc, `'${isDefault ? 'default' : 'case'}' label not within a switch statement`);
  else if (isDefault) {
    if (context.default)
      p.error(loc, 'multiple default labels in one switch', [
        p.noteAt(context.default.loc, 'this is the first default label'),
      ]);
    context.default = label;
  } else if (low !== undefined && high !== undefined) addCase(p, context, label, low, high);
  return label;
}

function addCase(
  p: Parser,
  context: NonNullable<FunctionContext['switch']>,
  label: { low: bigint | undefined; high: bigint | undefined; loc: number },
  low: bigint,
  high: bigint,
): void {
  const type = integerOf(context.type) ?? INT;
  const first = wrap(low, type);
  const last = wrap(high, type);
  if (low > high) {
    p.warning(label.loc, 'case-range', 'empty case range');
    return;
  }
  // A value the type cannot hold never matches.
  if (type.size < 8 && (first !== low || last !== high))
    p.warning(label.loc, 'switch-outside-range', 'case label value does not fit the type of the switch');
  label.low = first;
  label.high = last;
  const clash =
    first === last
      ? (context.values.get(first) ?? context.ranges.find((r) => inRange(r, first)))
      : (context.ranges.find((r) => overlaps(r, first, last)) ??
        context.cases.find((c) => c.low !== undefined && c.low >= first && c.low <= last));
  if (clash) {
    p.error(label.loc, 'duplicate case value', [p.noteAt(clash.loc, 'previously used here')]);
    return;
  }
  if (first === last) context.values.set(first, label);
  else context.ranges.push(label);
  context.cases.push(label);
}

function inRange(range: { low: bigint | undefined; high: bigint | undefined }, value: bigint): boolean {
  return range.low !== undefined && range.high !== undefined && value >= range.low && value <= range.high;
}

function overlaps(
  range: { low: bigint | undefined; high: bigint | undefined },
  low: bigint,
  high: bigint,
): boolean {
  return range.low !== undefined && range.high !== undefined && low <= range.high && high >= range.low;
}

function parseLabel(p: Parser): Statement {
  const token = p.next();
  p.next();
  const label = defineLabel(p, token);
  const attributes = {};
  // `out: __maybe_unused;`: an attribute of the label.
  if (p.keyword === Keyword.Attribute) parseAttributes(p, attributes);
  if ('unused' in attributes) label.referenced = true;
  const context = p.function;
  context?.labelScopes.set(label, context.cleanup);
  return { kind: 'label', label, statement: labelled(p), loc: token };
}

function parseGoto(p: Parser): Statement {
  const loc = p.next();
  const context = p.function;
  if (p.accept(Kind.Star)) {
    const target = rvalue(parseExpression(p));
    endStatement(p);
    if (context) context.usesComputedGoto = true;
    return { kind: 'computedGoto', target: convert(target, pointerTo(VOID)), loc };
  }
  if (!p.isName) {
    p.syntaxError(`expected a label name before ${p.found}`);
    return { kind: 'empty', loc };
  }
  const label = referLabel(p, p.next());
  endStatement(p);
  if (!label || !context) return { kind: 'empty', loc };
  const cleanups: Expression[] = [];
  context.gotos.push({ label, scope: context.cleanup, cleanups });
  return { kind: 'goto', label, cleanups, loc };
}

function parseBreak(p: Parser): Statement {
  const isBreak = p.keyword === Keyword.Break;
  const loc = p.next();
  endStatement(p);
  const context = p.function;
  const outer = isBreak ? context?.breakScope : context?.continueScope;
  if (!context || !outer) {
    p.error(
      loc,
      isBreak ? 'break statement not within loop or switch' : 'continue statement not within a loop',
    );
    return { kind: 'empty', loc };
  }
  return { kind: isBreak ? 'break' : 'continue', cleanups: cleanupsUpTo(context.cleanup, outer), loc };
}

function parseReturn(p: Parser): Statement {
  const loc = p.next();
  const context = p.function;
  let value = p.kind === Kind.Semicolon ? undefined : parseValue(p);
  endStatement(p);
  const returns: Type = context?.symbol.functionType.returns ?? VOID;
  const isVoid = bare(returns).kind === 'void';
  if (value && !isError(value)) {
    if (isVoid) {
      if (bare(value.type).kind !== 'void')
        p.warning(loc, 'return-type', "'return' with a value, in function returning void");
      value = convert(value, VOID);
    } else value = assignConvert(p, value, unqualified(returns), { kind: 'return' });
  } else if (!value && !isVoid && context)
    p.warning(loc, 'return-type', "'return' with no value, in function returning non-void");
  const cleanups = context ? cleanupsUpTo(context.cleanup, undefined) : [];
  return { kind: 'return', value, cleanups, loc };
}

/** ( { … } ): the value is that of the last expression statement. */
export function parseStatementExpression(p: Parser): Operand {
  const loc = p.next();
  const context = p.function;
  if (!context) {
    p.error(loc, 'a statement expression is possible only inside a function');
    p.skipBalanced();
    p.expect(Kind.RightParen);
    return errorExpression(loc);
  }
  if (!p.deeper()) return errorExpression(loc);
  const block = parseBlock(p);
  p.shallower();
  p.expect(Kind.RightParen);
  const last = block.statements[block.statements.length - 1];
  let result: Expression | undefined;
  if (last?.kind === 'expression') {
    block.statements.pop();
    result = last.expression;
    if (result.kind === 'error') return result;
    // A block that only computes something is that computation.
    if (block.statements.length === 0 && block.cleanups.length === 0)
      return result.kind === 'integer' ? integer(result.value, result.type, loc) : result;
  }
  return { kind: 'statementExpression', block, result, type: result ? result.type : VOID, loc };
}
