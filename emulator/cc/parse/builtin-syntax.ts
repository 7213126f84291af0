/**
 * Builtins whose arguments are types: va_arg, offsetof, types_compatible_p, choose_expr.
 */
import type { Expression } from '../ast';
import { Kind } from '../lex/kinds';
import {
  address,
  convert,
  deref,
  errorExpression,
  integer,
  isError,
  isPlace,
  type Operand,
  rvalue,
} from '../sema/build';
import { compatible } from '../sema/compatible';
import { binary, dereference } from '../sema/operators';
import { quoteType } from '../sema/type-text';
import { bare, INT, pointerTo, type Type, ULONG, unqualified } from '../types';
import { parseTypeName } from './declarator';
import { parseAssignment, parseExpression } from './expression';
import type { Parser } from './parser';
import { memberPlace } from './primary';
import { memberPath } from './records';

/** The address of the __va_list_tag that a va_list expression (array, or parameter of pointer type) stands for. */
export function vaListAddress(p: Parser, operand: Operand): Expression {
  const value = rvalue(operand);
  if (isError(value)) return value;
  const tag = bare(p.vaListType);
  const t = bare(value.type);
  if (t.kind === 'pointer' && tag.kind === 'array' && bare(t.to) === bare(tag.of)) return value;
  p.error(value.loc, `a va_list is required here, not ${quoteType(value.type)}`);
  return errorExpression(value.loc);
}

/** __builtin_va_arg ( list , type ) */
export function parseVaArg(p: Parser): Operand {
  const token = p.next();
  if (!p.expect(Kind.LeftParen)) return errorExpression(token);
  const list = vaListAddress(p, parseAssignment(p));
  p.expect(Kind.Comma);
  const { type } = parseTypeName(p);
  p.expect(Kind.RightParen);
  if (isError(list)) return list;
  if (!p.isComplete(type)) {
    p.error(token, `second argument to 'va_arg' is of incomplete type ${quoteType(type)}`);
    return errorExpression(token);
  }
  if (p.function) p.function.usesVarargs = true;
  const value: Expression = { kind: 'vaArg', list, type: unqualified(type), loc: token };
  const t = bare(type);
  if (t.kind === 'array') {
    p.error(token, "second argument to 'va_arg' is an array");
    return errorExpression(token);
  }
  return value;
}

/** __builtin_offsetof ( type , member { .member | [index] } ) */
export function parseOffsetof(p: Parser): Operand {
  const token = p.next();
  if (!p.expect(Kind.LeftParen)) return errorExpression(token);
  const { type } = parseTypeName(p);
  p.expect(Kind.Comma);
  let operand: Operand = deref(integer(0n, pointerTo(type), token), token);
  let first = true;
  while (!p.panicking) {
    if (p.kind === Kind.LeftBracket && !first) {
      p.next();
      const index = parseExpression(p);
      p.expect(Kind.RightBracket);
      const sum = binary(p, 'add', operand, index, token);
      operand = isError(sum) ? sum : dereference(p, sum, token);
      continue;
    }
    if (!first && !p.accept(Kind.Dot)) break;
    if (p.kind !== Kind.Identifier) {
      p.syntaxError(`expected a member name before ${p.found}`);
      break;
    }
    const name = p.next();
    operand = designate(p, operand, name);
    first = false;
  }
  p.expect(Kind.RightParen);
  if (isError(operand) || !isPlace(operand)) return errorExpression(token);
  if (operand.kind === 'member' && operand.member.bitField) {
    p.error(token, `attempt to take the offset of bit-field '${operand.member.name ?? ''}'`);
    return errorExpression(token);
  }
  return convert(address(operand, pointerTo(operand.type)), ULONG);
}

function designate(p: Parser, operand: Operand, name: number): Operand {
  if (isError(operand) || !isPlace(operand)) return errorExpression(name);
  const type = bare(operand.type);
  p.isComplete(type);
  const path = type.kind === 'record' ? memberPath(p, type, name) : undefined;
  if (!path) {
    p.error(name, `${quoteType(operand.type)} has no member named '${p.text(name)}'`);
    return errorExpression(name);
  }
  p.uses?.add(name, path[path.length - 1], 'use');
  let place = operand;
  for (const member of path) place = memberPlace(place, member, name);
  return place;
}

/** __builtin_types_compatible_p ( type , type ) */
export function parseTypesCompatible(p: Parser): Operand {
  const token = p.next();
  if (!p.expect(Kind.LeftParen)) return errorExpression(token);
  const a = parseTypeName(p).type;
  p.expect(Kind.Comma);
  const b = parseTypeName(p).type;
  p.expect(Kind.RightParen);
  return integer(sameForUser(a, b) ? 1n : 0n, INT, token);
}

/** Top qualifiers do not count; an enum is compatible with nothing but itself here. */
function sameForUser(a: Type, b: Type): boolean {
  const x = bare(a);
  const y = bare(b);
  if ((x.kind === 'enum') !== (y.kind === 'enum')) return false;
  return compatible(a, b, false);
}

/** __builtin_choose_expr ( constant , a , b ): the operand itself, place or value. */
export function parseChooseExpr(p: Parser): Operand {
  const token = p.next();
  if (!p.expect(Kind.LeftParen)) return errorExpression(token);
  const test = rvalue(parseAssignment(p));
  p.expect(Kind.Comma);
  const chooseFirst = test.kind === 'integer' && test.value !== 0n;
  const parseArm = (wanted: boolean): Operand => {
    if (!wanted) p.unevaluated++;
    const arm = parseAssignment(p);
    if (!wanted) p.unevaluated--;
    return arm;
  };
  const a = parseArm(chooseFirst);
  p.expect(Kind.Comma);
  const b = parseArm(!chooseFirst);
  p.expect(Kind.RightParen);
  if (test.kind !== 'integer') {
    if (!isError(test)) p.error(test.loc, "first argument to '__builtin_choose_expr' is not a constant");
    return errorExpression(token);
  }
  return chooseFirst ? a : b;
}
