/**
 * Expressions (C11 6.5) from the comma down to unary operators; postfix and primary ones are in primary.ts.
 *
 * The grammar's fifteen levels of binary operators are one precedence climb. An operand stays a Place until somebody
 * wants its value.
 */
import type { ArithmeticOperator, BinaryOperator, Expression } from '../ast';
import { Keyword } from '../lex/keywords';
import { Kind } from '../lex/kinds';
import {
  comma,
  convert,
  errorExpression,
  integer,
  isError,
  isPlace,
  isVariablySized,
  type Operand,
  rvalue,
  sizeExpression,
} from '../sema/build';
import { castTo } from '../sema/cast';
import {
  addressOf,
  assign,
  binary,
  compoundAssign,
  conditional,
  dereference,
  increment,
  logical,
  unary,
} from '../sema/operators';
import { quoteType } from '../sema/type-text';
import { alignOf, bare, pointerTo, sizeOf, type Type, ULONG, VOID } from '../types';
import { parseTypeName, withSizes } from './declarator';
import { parseCompoundLiteral } from './initializer';
import { referLabel } from './labels';
import type { Parser } from './parser';
import { parsePostfix } from './primary';
import { startsTypeName } from './specifiers';

/** Longest chain of binary operators on one level: its tree is that deep. */
const CHAIN_LIMIT = 2000;

/** expression: assignment { , assignment } */
export function parseExpression(p: Parser): Operand {
  let left = parseAssignment(p);
  let chain = 0;
  while (p.kind === Kind.Comma && !p.panicking) {
    const token = p.next();
    if (++chain > CHAIN_LIMIT) return tooLong(p, token);
    const right = rvalue(parseAssignment(p));
    const dropped = convert(rvalue(left), VOID);
    left = isError(right) ? right : comma(dropped, right);
  }
  return left;
}

function tooLong(p: Parser, token: number): Operand {
  p.giveUp(`expression has more than ${CHAIN_LIMIT} operators in a row`);
  return errorExpression(token);
}

/** As parseExpression, for its value. */
export function parseValue(p: Parser): Expression {
  return rvalue(parseExpression(p));
}

const COMPOUND: readonly (ArithmeticOperator | undefined)[] = table<ArithmeticOperator>([
  [Kind.StarEqual, 'mul'],
  [Kind.SlashEqual, 'div'],
  [Kind.PercentEqual, 'rem'],
  [Kind.PlusEqual, 'add'],
  [Kind.MinusEqual, 'sub'],
  [Kind.LessLessEqual, 'shl'],
  [Kind.GreaterGreaterEqual, 'shr'],
  [Kind.AmpEqual, 'and'],
  [Kind.CaretEqual, 'xor'],
  [Kind.PipeEqual, 'or'],
]);

function table<T>(entries: readonly (readonly [Kind, T])[]): (T | undefined)[] {
  const list: (T | undefined)[] = new Array(64).fill(undefined);
  for (const [kind, value] of entries) list[kind] = value;
  return list;
}

/** assignment: conditional | unary assignment-operator assignment */
export function parseAssignment(p: Parser): Operand {
  const left = parseConditional(p);
  const kind = p.kind;
  if (kind === Kind.Equal) {
    const token = p.next();
    if (!p.deeper()) return errorExpression(token);
    const right = parseAssignment(p);
    p.shallower();
    return assign(p, left, right, token);
  }
  const operator = COMPOUND[kind];
  if (operator === undefined) return left;
  const token = p.next();
  if (!p.deeper()) return errorExpression(token);
  const right = parseAssignment(p);
  p.shallower();
  return compoundAssign(p, operator, left, right, token);
}

/** conditional: binary [ ? [ expression ] : conditional ] */
export function parseConditional(p: Parser): Operand {
  const test = parseBinary(p, 1);
  if (p.kind !== Kind.Question) return test;
  const token = p.next();
  if (!p.deeper()) return errorExpression(token);
  const then = p.is(Kind.Colon) ? undefined : parseExpression(p);
  p.expect(Kind.Colon);
  const otherwise = parseConditional(p);
  p.shallower();
  return conditional(p, test, then, otherwise, token);
}

const PRECEDENCE = new Uint8Array(64);
const OPERATORS: readonly (BinaryOperator | 'andAlso' | 'orElse' | undefined)[] = (() => {
  const rows: readonly (readonly [Kind, number, BinaryOperator | 'andAlso' | 'orElse'])[] = [
    [Kind.PipePipe, 1, 'orElse'],
    [Kind.AmpAmp, 2, 'andAlso'],
    [Kind.Pipe, 3, 'or'],
    [Kind.Caret, 4, 'xor'],
    [Kind.Amp, 5, 'and'],
    [Kind.EqualEqual, 6, 'eq'],
    [Kind.BangEqual, 6, 'ne'],
    [Kind.Less, 7, 'lt'],
    [Kind.LessEqual, 7, 'le'],
    [Kind.Greater, 7, 'gt'],
    [Kind.GreaterEqual, 7, 'ge'],
    [Kind.LessLess, 8, 'shl'],
    [Kind.GreaterGreater, 8, 'shr'],
    [Kind.Plus, 9, 'add'],
    [Kind.Minus, 9, 'sub'],
    [Kind.Star, 10, 'mul'],
    [Kind.Slash, 10, 'div'],
    [Kind.Percent, 10, 'rem'],
  ];
  for (const [kind, precedence] of rows) PRECEDENCE[kind] = precedence;
  return table(rows.map(([kind, , operator]) => [kind, operator] as const));
})();

/** binary: unary { operator binary-of-higher-precedence } */
function parseBinary(p: Parser, minimum: number): Operand {
  let left = parseUnary(p);
  let chain = 0;
  for (;;) {
    const kind = p.kind;
    const precedence = PRECEDENCE[kind];
    if (precedence < minimum || precedence === 0) return left;
    const token = p.next();
    if (++chain > CHAIN_LIMIT) return tooLong(p, token);
    const right = parseBinary(p, precedence + 1);
    const operator = OPERATORS[kind];
    if (operator === 'andAlso') left = logical(p, 'and', left, right, token);
    else if (operator === 'orElse') left = logical(p, 'or', left, right, token);
    else if (operator !== undefined) left = binary(p, operator, left, right, token);
  }
}

/** unary: prefix-operator unary | sizeof … | ( type ) unary | postfix */
function parseUnary(p: Parser): Operand {
  const token = p.at;
  switch (p.kind) {
    case Kind.Identifier:
      return parseUnaryWord(p);
    case Kind.LeftParen:
      if (startsTypeName(p, 1)) return parseCast(p);
      return parsePostfix(p);
    case Kind.Star:
    case Kind.Amp:
    case Kind.Minus:
    case Kind.Plus:
    case Kind.Bang:
    case Kind.Tilde:
    case Kind.PlusPlus:
    case Kind.MinusMinus: {
      const kind = p.kind;
      p.next();
      if (!p.deeper()) return errorExpression(token);
      const operand = parseUnary(p);
      p.shallower();
      return applyPrefix(p, kind, operand, token);
    }
    case Kind.AmpAmp: {
      p.next();
      if (!p.isName) {
        p.syntaxError(`expected a label name before ${p.found}`);
        return errorExpression(token);
      }
      const label = referLabel(p, p.next());
      if (!label) return errorExpression(token);
      label.addressTaken = true;
      return { kind: 'labelAddress', label, type: pointerTo(VOID), loc: token };
    }
    default:
      return parsePostfix(p);
  }
}

function applyPrefix(p: Parser, kind: Kind, operand: Operand, token: number): Operand {
  switch (kind) {
    case Kind.Star:
      return dereference(p, operand, token);
    case Kind.Amp:
      return addressOf(p, operand, token);
    case Kind.Minus:
      return unary(p, '-', operand, token);
    case Kind.Plus:
      return unary(p, '+', operand, token);
    case Kind.Bang:
      return unary(p, '!', operand, token);
    case Kind.Tilde:
      return unary(p, '~', operand, token);
    default:
      return increment(p, operand, kind === Kind.PlusPlus, false, token);
  }
}

function parseUnaryWord(p: Parser): Operand {
  const token = p.at;
  switch (p.keyword) {
    case Keyword.Sizeof:
      return parseSizeof(p);
    case Keyword.Alignof:
    case Keyword.GnuAlignof:
      return parseAlignof(p);
    case Keyword.Extension: {
      p.next();
      if (!p.deeper()) return errorExpression(token);
      const operand = parseUnary(p);
      p.shallower();
      return operand;
    }
    case Keyword.Real:
    case Keyword.Imag:
      p.error(token, 'complex numbers are not supported');
      p.next();
      return parseUnary(p);
    default:
      return parsePostfix(p);
  }
}

/** ( type ) unary, or a compound literal. */
function parseCast(p: Parser): Operand {
  const token = p.next();
  const { type, sizes } = parseTypeName(p);
  p.expect(Kind.RightParen);
  if (p.kind === Kind.LeftBrace) return parsePostfix(p, parseCompoundLiteral(p, type, token));
  if (!p.deeper()) return errorExpression(token);
  const operand = parseUnary(p);
  p.shallower();
  return withSizes(sizes, castTo(p, operand, type, token));
}

/** sizeof unary | sizeof ( type ) */
function parseSizeof(p: Parser): Operand {
  const token = p.next();
  if (p.kind === Kind.LeftParen && startsTypeName(p, 1)) {
    p.next();
    const { type, sizes } = parseTypeName(p);
    p.expect(Kind.RightParen);
    if (p.is(Kind.LeftBrace)) {
      p.unevaluated++;
      const literal = parsePostfix(p, parseCompoundLiteral(p, type, token));
      p.unevaluated--;
      return sizeOfOperand(p, literal, token);
    }
    const size = sizeOfType(p, type, token);
    return isVariablySized(type) ? withSizes(sizes, size) : size;
  }
  p.unevaluated++;
  if (!p.deeper()) return errorExpression(token);
  const operand = parseUnary(p);
  p.shallower();
  p.unevaluated--;
  return sizeOfOperand(p, operand, token);
}

function sizeOfOperand(p: Parser, operand: Operand, token: number): Expression {
  if (isError(operand)) return errorExpression(token);
  if (isPlace(operand) && operand.kind === 'member' && operand.member.bitField) {
    p.error(token, "'sizeof' applied to a bit-field");
    return errorExpression(token);
  }
  return sizeOfType(p, operand.type, token);
}

function sizeOfType(p: Parser, type: Type, token: number): Expression {
  const t = bare(type);
  if (t.kind === 'error') return errorExpression(token);
  if (t.kind !== 'void' && t.kind !== 'function' && !p.isComplete(type)) {
    p.error(token, `invalid application of 'sizeof' to incomplete type ${quoteType(type)}`);
    return errorExpression(token);
  }
  return isVariablySized(type) ? sizeExpression(type, token) : integer(BigInt(sizeOf(type)), ULONG, token);
}

/** _Alignof ( type ), __alignof__ expression. */
function parseAlignof(p: Parser): Expression {
  const token = p.next();
  if (p.kind === Kind.LeftParen && startsTypeName(p, 1)) {
    p.next();
    const { type } = parseTypeName(p);
    p.expect(Kind.RightParen);
    return integer(BigInt(Math.max(1, alignOf(type))), ULONG, token);
  }
  p.unevaluated++;
  const operand = parseUnary(p);
  p.unevaluated--;
  const align = operand.kind === 'variable' ? operand.variable.align : alignOf(operand.type);
  return integer(BigInt(Math.max(1, align)), ULONG, token);
}
