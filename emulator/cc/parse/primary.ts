/**
 * Primary and postfix expressions (C11 6.5.1, 6.5.2), _Generic and GNU's statement expressions.
 */
import type { Expression, Place, Variable } from '../ast';
import { NO_ATTRIBUTES } from '../attributes';
import { KEYWORD_SPELLINGS, Keyword } from '../lex/keywords';
import { Kind, UNTERMINATED } from '../lex/kinds';
import { characterValue, decodeLiteral } from '../lex/literal';
import { type NumberValue, parseNumber } from '../lex/number';
import {
  bitFieldOf,
  errorExpression,
  integer,
  isError,
  isPlace,
  type Operand,
  rvalue,
  variablePlace,
} from '../sema/build';
import { BUILTINS } from '../sema/builtin-table';
import { buildBuiltin } from '../sema/builtins';
import { buildCall } from '../sema/call';
import { compatible } from '../sema/compatible';
import { binary, dereference, increment } from '../sema/operators';
import { quoteType } from '../sema/type-text';
import { nearest } from '../suggest';
import {
  arrayOf,
  bare,
  CHAR,
  CONST,
  ERROR,
  INT,
  type Member,
  qualifiersOf,
  qualify,
  type RecordType,
  type Type,
  UINT,
  USHORT,
  unqualified,
} from '../types';
import { parseChooseExpr, parseOffsetof, parseTypesCompatible, parseVaArg } from './builtin-syntax';
import { parseTypeName } from './declarator';
import { implicitFunction } from './declare';
import { parseAssignment, parseExpression } from './expression';
import type { Parser } from './parser';
import { memberNames, memberPath } from './records';
import { startsTypeName } from './specifiers';
import { parseStatementExpression } from './statement';
import { internString, parseStringBytes } from './strings';

/** postfix: primary { [ ] ( ) . -> ++ -- }. `given` is a primary that was already parsed. */
export function parsePostfix(p: Parser, given?: Operand): Operand {
  let operand = given ?? parsePrimary(p);
  for (;;) {
    const token = p.at;
    switch (p.kind) {
      case Kind.LeftBracket: {
        p.next();
        if (!p.deeper()) return errorExpression(token);
        const index = parseExpression(p);
        p.shallower();
        p.expect(Kind.RightBracket);
        operand = subscript(p, operand, index, token);
        break;
      }
      case Kind.LeftParen:
        operand = parseCallArguments(p, operand);
        break;
      case Kind.Dot:
      case Kind.Arrow: {
        const arrow = p.kind === Kind.Arrow;
        p.next();
        if (!p.is(Kind.Identifier)) {
          p.syntaxError(`expected a member name before ${p.found}`);
          return errorExpression(token);
        }
        operand = memberAccess(p, operand, p.next(), arrow, token);
        break;
      }
      case Kind.PlusPlus:
      case Kind.MinusMinus: {
        const up = p.kind === Kind.PlusPlus;
        p.next();
        operand = increment(p, operand, up, true, token);
        break;
      }
      default:
        return operand;
    }
    if (p.panicking) return operand;
  }
}

/** a[i] */
function subscript(p: Parser, base: Operand, index: Operand, token: number): Operand {
  if (isError(base) || isError(index)) return errorExpression(token);
  const a = bare(base.type);
  const b = bare(index.type);
  const indexable = (kind: string) => kind === 'pointer' || kind === 'array';
  if (!indexable(a.kind) && !indexable(b.kind)) {
    p.error(token, `subscripted value is neither array nor pointer (it is ${quoteType(base.type)})`);
    return errorExpression(token);
  }
  const sum = binary(p, 'add', base, index, token);
  return isError(sum) ? sum : dereference(p, sum, token);
}

/** callee ( arguments ) */
function parseCallArguments(p: Parser, callee: Operand): Expression {
  const open = p.next();
  const args: Operand[] = [];
  const tokens: number[] = [];
  if (!p.deeper()) return errorExpression(open);
  if (p.kind !== Kind.RightParen) {
    do {
      tokens.push(p.at);
      args.push(parseAssignment(p));
      if (p.panicking) break;
    } while (p.accept(Kind.Comma));
  }
  p.shallower();
  p.expect(Kind.RightParen);
  return buildCall(p, callee, args, tokens, open);
}

/** s.m and p->m */
function memberAccess(p: Parser, base: Operand, name: number, arrow: boolean, token: number): Operand {
  if (isError(base)) return errorExpression(token);
  const text = p.text(name);
  let object: Operand = base;
  let type = bare(base.type);
  if (arrow) {
    const value = rvalue(base);
    const pointer = bare(value.type);
    if (pointer.kind === 'pointer') {
      object = dereference(p, value, token);
      type = bare(object.type);
    } else if (pointer.kind === 'record') {
      p.error(
        token,
        `invalid type argument of '->' (have ${quoteType(base.type)}); did you mean to use '.'?`,
        undefined,
        '.',
      );
      type = pointer;
    } else {
      p.error(token, `invalid type argument of '->' (have ${quoteType(base.type)})`);
      return errorExpression(token);
    }
  } else if (type.kind === 'pointer' && bare(type.to).kind === 'record') {
    p.error(token, `${quoteType(base.type)} is a pointer; did you mean to use '->'?`, undefined, '->');
    object = dereference(p, base, token);
    type = bare(object.type);
  }
  if (isError(object)) return errorExpression(token);
  if (type.kind !== 'record') {
    p.error(
      name,
      `request for member '${text}' in something not a structure or union (it is ${quoteType(base.type)})`,
    );
    return errorExpression(token);
  }
  if (!p.isComplete(type)) {
    p.error(name, `invalid use of undefined type ${quoteType(type)}`, [
      p.noteAt(type.loc, 'it is only declared here'),
    ]);
    return errorExpression(token);
  }
  const path = memberPath(p, type, name);
  if (!path) return noMember(p, type, name);
  p.uses?.add(name, path[path.length - 1], 'use');
  let place: Place = isPlace(object)
    ? object
    : { kind: 'temporary', value: object, type: object.type, loc: object.loc };
  for (const member of path) place = memberPlace(place, member, name);
  return place;
}

/** base.member with the base's qualifiers. */
export function memberPlace(base: Place, member: Member, loc: number): Place {
  const qualifiers = qualifiersOf(base.type);
  return { kind: 'member', base, member, type: qualify(member.type, qualifiers), loc };
}

function noMember(p: Parser, type: RecordType, name: number): Operand {
  const text = p.text(name);
  const guess = nearest(text, memberNames(type));
  p.error(
    name,
    `${quoteType(type)} has no member named '${text}'${guess ? `; did you mean '${guess}'?` : ''}`,
    undefined,
    guess,
  );
  return errorExpression(name);
}

function parsePrimary(p: Parser): Operand {
  const token = p.at;
  switch (p.kind) {
    case Kind.Identifier:
      return parseWord(p);
    case Kind.Number:
      p.next();
      return numberConstant(p, token);
    case Kind.Character:
      p.next();
      return characterConstant(p, token);
    case Kind.String: {
      const literal = internString(p, parseStringBytes(p));
      const element =
        literal.elementSize === 1 ? CHAR : literal.elementSize === 2 ? USHORT : stringElement(p, token);
      const type = arrayOf(element, literal.bytes.length / literal.elementSize);
      return { kind: 'string', literal, type, loc: token };
    }
    case Kind.LeftParen: {
      if (p.kindAt(1) === Kind.LeftBrace) return parseStatementExpression(p);
      p.next();
      if (!p.deeper()) return errorExpression(token);
      const inner = parseExpression(p);
      p.shallower();
      p.expect(Kind.RightParen);
      return inner;
    }
    default:
      return badPrimary(p);
  }
}

/** wchar_t is int, char32_t unsigned. */
function stringElement(p: Parser, token: number): Type {
  return p.text(token).startsWith('U') ? UINT : INT;
}

function badPrimary(p: Parser): Operand {
  const token = p.at;
  if (p.kind === Kind.Other) {
    const text = p.text(token);
    if (p.tokens.flags[token] & UNTERMINATED) p.syntaxError(`missing terminating ${text} character`);
    else p.syntaxError(`stray '${text}' in program`);
    p.next();
  } else p.syntaxError(`expected expression before ${p.found}`);
  return errorExpression(token);
}

/** A number's meaning, computed once per spelling. */
export function numberAt(p: Parser, token: number): NumberValue {
  const id = p.values[token];
  let value = p.numbers.get(id);
  if (!value) {
    value = parseNumber(p.interner.text(id));
    p.numbers.set(id, value);
  }
  return value;
}

function numberConstant(p: Parser, token: number): Expression {
  const number = numberAt(p, token);
  switch (number.kind) {
    case 'integer':
      if (number.overflow) p.warning(token, 'overflow', 'integer constant is too large for its type');
      return integer(number.value, number.type, token);
    case 'floating':
      p.error(token, 'floating point is not supported (kernel code does without it)');
      return errorExpression(token);
    case 'bad':
      p.error(token, number.message);
      return errorExpression(token);
  }
}

function characterConstant(p: Parser, token: number): Expression {
  const literal = decodeLiteral(p.text(token));
  if (literal.units.length === 0) {
    p.error(token, 'empty character constant');
    return errorExpression(token);
  }
  for (const problem of literal.problems) p.warning(token, 'escape', problem);
  if (literal.encoding === 'char' && literal.units.length > 1) {
    if (literal.units.length > 4) p.warning(token, 'multichar', 'character constant too long for its type');
    else p.warning(token, 'multichar', 'multi-character character constant');
  }
  const type = literal.encoding === 'char16' ? USHORT : literal.encoding === 'char32' ? UINT : INT;
  return integer(characterValue(literal), type, token);
}

function parseWord(p: Parser): Operand {
  const token = p.at;
  switch (p.keyword) {
    case Keyword.None:
      return parseIdentifier(p);
    case Keyword.Generic:
      return parseGeneric(p);
    case Keyword.BuiltinVaArg:
      return parseVaArg(p);
    case Keyword.BuiltinOffsetof:
      return parseOffsetof(p);
    case Keyword.BuiltinTypesCompatible:
      return parseTypesCompatible(p);
    case Keyword.BuiltinChooseExpr:
      return parseChooseExpr(p);
    default:
      p.syntaxError(`expected expression before ${p.found}`);
      return errorExpression(token);
  }
}

function parseIdentifier(p: Parser): Operand {
  const token = p.next();
  const id = p.values[token];
  const entity = p.scopes.name(id);
  if (entity) {
    p.uses?.add(token, entity, 'use');
    switch (entity.kind) {
      case 'variable':
        return variablePlace(entity, token);
      case 'function':
        p.want(entity);
        return { kind: 'function', function: entity, type: entity.type, loc: token };
      case 'enumConstant':
        return integer(entity.value, entity.type, token);
      case 'typedef':
        p.syntaxError(`expected expression before type name '${entity.name}'`);
        return errorExpression(token);
    }
  }
  const name = p.interner.text(id);
  if (name === '__func__' || name === '__FUNCTION__' || name === '__PRETTY_FUNCTION__')
    return functionName(p, token);
  if (p.kind === Kind.LeftParen) {
    const builtin = BUILTINS.get(name);
    if (builtin) return parseBuiltinCall(p, name, token);
    const implied = implicitFunction(p, token);
    return { kind: 'function', function: implied, type: implied.type, loc: token };
  }
  return undeclared(p, token);
}

function parseBuiltinCall(p: Parser, name: string, token: number): Expression {
  p.next();
  const args: Operand[] = [];
  const builtin = BUILTINS.get(name);
  const unevaluated = builtin?.kind === 'special' && builtin.special === 'objectSize';
  if (unevaluated) p.unevaluated++;
  if (!p.deeper()) return errorExpression(token);
  if (p.kind !== Kind.RightParen) {
    do {
      // __builtin_has_attribute and friends may name a type.
      if (startsTypeName(p, 0)) {
        const { type } = parseTypeName(p);
        args.push({ kind: 'error', type, loc: token });
      } else args.push(parseAssignment(p));
      if (p.panicking) break;
    } while (p.accept(Kind.Comma));
  }
  p.shallower();
  if (unevaluated) p.unevaluated--;
  p.expect(Kind.RightParen);
  return builtin ? buildBuiltin(p, name, builtin, args, token) : errorExpression(token);
}

function undeclared(p: Parser, token: number): Operand {
  const name = p.text(token);
  const id = p.values[token];
  if (p.undeclared.has(id)) return errorExpression(token);
  p.undeclared.add(id);
  // A word followed by an operand is a misspelt keyword rather than a name.
  const statement = p.kind === Kind.Identifier || p.kind === Kind.Number || p.kind === Kind.LeftBrace;
  const guess =
    (statement ? nearest(name, KEYWORD_SPELLINGS) : undefined) ??
    p.suggestName(name, (kind) => kind !== 'typedef');
  const where = p.function ? ' (first use in this function)' : ' here (not in a function)';
  p.error(
    token,
    `'${name}' undeclared${where}${guess ? `; did you mean '${guess}'?` : ''}`,
    undefined,
    guess,
  );
  if (statement) p.panicking = true;
  return errorExpression(token);
}

/** __func__: a static const char array, made when it is first used. */
function functionName(p: Parser, token: number): Operand {
  const context = p.function;
  if (!context) {
    p.error(token, `'${p.text(token)}' is not defined outside of function scope`);
    return errorExpression(token);
  }
  if (!context.functionName) {
    const bytes = new TextEncoder().encode(`${context.symbol.name}\0`);
    const variable: Variable = {
      kind: 'variable',
      name: '__func__',
      symbolName: `__func__.${p.staticCount++}`,
      type: arrayOf(qualify(CHAR, CONST), bytes.length),
      storage: 'static',
      linkage: 'none',
      defined: true,
      tentative: false,
      initializer: { size: bytes.length, bytes, relocations: [] },
      align: 1,
      attributes: NO_ATTRIBUTES,
      parameter: undefined,
      asmRegister: undefined,
      addressTaken: true,
      referenced: true,
      owner: context.symbol,
      loc: token,
    };
    context.functionName = variable;
    p.variables.push(variable);
  }
  return variablePlace(context.functionName, token);
}

/** _Generic ( control , type : value … , default : value ) */
function parseGeneric(p: Parser): Operand {
  const token = p.next();
  if (!p.expect(Kind.LeftParen)) return errorExpression(token);
  p.unevaluated++;
  let control: Type;
  if (startsTypeName(p, 0)) control = parseTypeName(p).type;
  else {
    const value = rvalue(parseAssignment(p));
    control = bitFieldOf(value) ? value.type : unqualified(value.type);
  }
  p.unevaluated--;
  let chosen: Operand | undefined;
  let fallback: Operand | undefined;
  while (p.accept(Kind.Comma)) {
    if (p.acceptKeyword(Keyword.Default)) {
      p.expect(Kind.Colon);
      fallback = parseAssignment(p);
    } else {
      if (!startsTypeName(p, 0)) {
        p.syntaxError(`expected a type name before ${p.found}`);
        break;
      }
      const place = p.at;
      const { type } = parseTypeName(p);
      p.expect(Kind.Colon);
      const matches = control.kind !== 'error' && compatible(type, control);
      const value = parseAssignment(p);
      if (matches && chosen) p.error(place, "'_Generic' specifies two compatible types");
      if (matches) chosen ??= value;
    }
    if (p.panicking) break;
  }
  p.expect(Kind.RightParen);
  const result = chosen ?? fallback;
  if (result) return result;
  if (!p.panicking && control !== ERROR)
    p.error(
      token,
      `'_Generic' selector of type ${quoteType(control)} is not compatible with any association`,
    );
  return errorExpression(token);
}
