/**
 * Function calls (C11 6.5.2.2): argument count and conversion, default promotions.
 */
import type { CallExpression, Expression, FunctionSymbol, Loc } from '../ast';
import type { Parser } from '../parse/parser';
import type { NoteRequest } from '../report';
import { bare, type FunctionType, integerOf, pointerTo, type RecordType, type Type } from '../types';
import { assignConvert } from './assignable';
import { errorExpression, isError, type Operand, promote, rvalue } from './build';
import { compatible } from './compatible';
import { checkFormat } from './format';
import { quoteType, typeText } from './type-text';

/** callee(args…). `tokens` say where each argument starts, `open` is the parenthesis. */
export function buildCall(
  p: Parser,
  callee: Operand,
  args: readonly Operand[],
  tokens: readonly Loc[],
  open: Loc,
): Expression {
  if (isError(callee)) return errorExpression(open);
  let symbol: FunctionSymbol | undefined;
  let target: Expression;
  if (callee.kind === 'function') {
    symbol = callee.function;
    symbol.referenced = true;
    target = { kind: 'address', place: callee, type: pointerTo(callee.type), loc: callee.loc };
  } else target = rvalue(callee);
  const type = calledType(target.type);
  if (!type) {
    const name = callee.kind === 'variable' ? `called object '${callee.variable.name}'` : 'called object';
    p.error(callee.loc, `${name} is not a function or function pointer`);
    return errorExpression(open);
  }
  const values = args.map(rvalue);
  const converted = convertArguments(p, type, symbol, values, tokens, open);
  if (!converted) return errorExpression(open);
  if (symbol) checkCall(p, symbol, converted, tokens, callee.loc);
  const returned = type.returns;
  if (bare(returned).kind !== 'void' && !p.isComplete(returned)) {
    p.error(callee.loc, `calling a function that returns the incomplete type ${quoteType(returned)}`);
    return errorExpression(open);
  }
  const call: CallExpression = {
    kind: 'call',
    callee: target,
    function: symbol,
    functionType: type,
    arguments: converted,
    type: returnedType(returned),
    loc: callee.loc,
  };
  return call;
}

/** A call's value has no qualifiers. */
function returnedType(type: Type): Type {
  return type.kind === 'qualified' ? type.of : type;
}

function calledType(type: Type): FunctionType | undefined {
  const t = bare(type);
  if (t.kind !== 'pointer') return undefined;
  const to = bare(t.to);
  return to.kind === 'function' ? to : undefined;
}

function declaredHere(p: Parser, symbol: FunctionSymbol | undefined): NoteRequest[] | undefined {
  return symbol && symbol.loc > 0
    ? [p.noteAt(symbol.loc, `declared here: ${typeText(symbol.type, symbol.name)}`)]
    : undefined;
}

function convertArguments(
  p: Parser,
  type: FunctionType,
  symbol: FunctionSymbol | undefined,
  values: readonly Expression[],
  tokens: readonly Loc[],
  open: Loc,
): Expression[] | undefined {
  const name = symbol ? `'${symbol.name}'` : 'function';
  const wanted = type.parameters.length;
  if (type.prototyped) {
    if (values.length < wanted) {
      p.error(
        open,
        `too few arguments to ${name}: expected ${wanted}, have ${values.length}`,
        declaredHere(p, symbol),
      );
      return undefined;
    }
    if (values.length > wanted && !type.variadic) {
      p.error(
        tokens[wanted] ?? open,
        `too many arguments to ${name}: expected ${wanted}, have ${values.length}`,
        declaredHere(p, symbol),
      );
      return undefined;
    }
  }
  const converted: Expression[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (isError(value)) return undefined;
    const token = tokens[i] ?? open;
    if (type.prototyped && i < wanted) {
      const parameter = type.parameters[i];
      const result = convertArgument(p, value, parameter.type, i, symbol, token);
      if (isError(result)) return undefined;
      converted.push(result);
      continue;
    }
    const t = bare(value.type);
    if (t.kind === 'void') {
      p.error(token, 'invalid use of void expression');
      return undefined;
    }
    converted.push(integerOf(t) ? promote(value) : value);
  }
  return converted;
}

function convertArgument(
  p: Parser,
  value: Expression,
  type: Type,
  index: number,
  symbol: FunctionSymbol | undefined,
  token: Loc,
): Expression {
  const t = bare(type);
  p.isComplete(type);
  // GNU transparent_union: any member's type will do; the value travels as that member.
  if (t.kind === 'record' && t.attributes.transparentUnion && bare(value.type) !== t)
    return transparentUnion(p, value, t, token);
  const notes = () =>
    symbol && symbol.loc > 0
      ? [p.noteAt(symbol.loc, `expected ${quoteType(type)}: ${typeText(symbol.type, symbol.name)}`)]
      : [];
  const callee = symbol ? `'${symbol.name}'` : 'the function';
  return assignConvert(p, value, type, { kind: 'argument', argument: index + 1, callee, notes }, token);
}

function transparentUnion(p: Parser, value: Expression, union: RecordType, token: Loc): Expression {
  const member = union.members.find((m) => compatible(m.type, value.type, false)) ?? union.members[0];
  if (!member) return errorExpression(token);
  const stored = assignConvert(p, value, member.type, { kind: 'argument' }, token);
  if (isError(stored)) return stored;
  const variable = p.temporary(union, token);
  variable.align = union.align;
  return {
    kind: 'load',
    place: {
      kind: 'compoundLiteral',
      variable,
      initializer: {
        size: union.size,
        zeroFill: true,
        items: [{ kind: 'value', offset: member.offset, member, type: member.type, value: stored }],
      },
      type: union,
      loc: token,
    },
    type: union,
    loc: token,
  };
}

/** Warnings that belong to the called function's attributes. */
function checkCall(
  p: Parser,
  symbol: FunctionSymbol,
  args: readonly Expression[],
  tokens: readonly Loc[],
  loc: Loc,
): void {
  const { format, deprecated } = symbol.attributes;
  if (format) checkFormat(p, format, args, tokens);
  if (deprecated !== undefined)
    p.warning(
      loc,
      'deprecated-declarations',
      `'${symbol.name}' is deprecated${deprecated === '' ? '' : `: ${deprecated}`}`,
    );
}
