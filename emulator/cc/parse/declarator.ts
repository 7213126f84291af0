/**
 * Declarators and type names (C11 6.7.6, 6.7.7).
 *
 * A declarator is read into a list of derivations (pointer to, array of, function returning) from the name outwards, and
 * the list is applied to the specifiers' type from its end.
 */
import type { Expression, Loc, Variable } from '../ast';
import { type Attributes, NO_ATTRIBUTES } from '../attributes';
import { Keyword } from '../lex/keywords';
import { Kind } from '../lex/kinds';
import {
  comma,
  convert,
  isError,
  isVariablySized,
  rvalue,
  sizeExpression,
  variablePlace,
} from '../sema/build';
import { quoteType } from '../sema/type-text';
import {
  alignOf,
  arrayOf,
  bare,
  CONST,
  ERROR,
  type FunctionType,
  INT,
  integerOf,
  type ParameterDeclaration,
  pointerTo,
  qualify,
  RESTRICT,
  sizeOf,
  type Type,
  ULONG,
  VOLATILE,
} from '../types';
import { parseAttributes } from './attributes';
import { parseAssignment } from './expression';
import type { Parser } from './parser';
import { parseSpecifiers, startsDeclaration, startsTypeName } from './specifiers';

/** Where a declarator stands: members and parameters have rules of their own. */
export type DeclaratorContext = 'declaration' | 'member' | 'parameter' | 'typeName';

/** Pointers or dimensions that one declarator may stack up. */
const DERIVATION_LIMIT = 200;

interface FunctionDerivation {
  kind: 'function';
  parameters: ParameterDeclaration[];
  variables: Variable[];
  ids: number[];
  variadic: boolean;
  prototyped: boolean;
  /** Old-style identifier list: ids without types. */
  identifierList: boolean;
  token: Loc;
  sizes: Expression[];
}

type Derivation =
  | { kind: 'pointer'; qualifiers: number }
  | { kind: 'array'; size: Expression | undefined; star: boolean; qualifiers: number; token: Loc }
  | FunctionDerivation;

/** A declared name with its type. */
export interface Declarator {
  /** Interned name, 0 if there is none. */
  id: number;
  /** The name's token, or where it would stand. */
  token: Loc;
  type: Type;
  /** If the outermost derivation is a function: its parameters as a definition needs them. */
  function: FunctionDerivation | undefined;
}

/** Parses a declarator; abstract ones too unless the context is a declaration. Attributes go to `attributes`. */
export function parseDeclarator(
  p: Parser,
  base: Type,
  attributes: Attributes,
  context: DeclaratorContext,
): Declarator {
  const derivations: Derivation[] = [];
  const name = { id: 0, token: p.at };
  collect(p, derivations, name, attributes, context);
  let type = base;
  for (let i = derivations.length - 1; i >= 0; i--)
    type = derive(p, type, derivations[i], context === 'parameter' && i === 0, name.token);
  const first = derivations[0];
  return {
    id: name.id,
    token: name.token,
    type,
    function: first?.kind === 'function' ? first : undefined,
  };
}

/** Collects derivations from the name outwards. */
function collect(
  p: Parser,
  derivations: Derivation[],
  name: { id: number; token: Loc },
  attributes: Attributes,
  context: DeclaratorContext,
): void {
  if (!p.deeper()) return;
  const pointers: Derivation[] = [];
  for (;;) {
    parseAttributes(p, attributes);
    if (!p.accept(Kind.Star)) break;
    let qualifiers = 0;
    for (;;) {
      const keyword = p.keyword;
      if (keyword === Keyword.Const) qualifiers |= CONST;
      else if (keyword === Keyword.Volatile) qualifiers |= VOLATILE;
      else if (keyword === Keyword.Restrict) qualifiers |= RESTRICT;
      else if (keyword === Keyword.Attribute) {
        parseAttributes(p, attributes);
        continue;
      } else break;
      p.next();
    }
    pointers.push({ kind: 'pointer', qualifiers });
    if (pointers.length > DERIVATION_LIMIT)
      p.giveUp(`more than ${DERIVATION_LIMIT} pointers in a declarator`);
  }
  if (p.isName && context !== 'typeName') {
    name.token = p.at;
    name.id = p.values[p.next()];
  } else if (p.kind === Kind.LeftParen && isNested(p, context)) {
    p.next();
    collect(p, derivations, name, attributes, context);
    p.expect(Kind.RightParen);
  } else name.token = p.at;
  parseSuffixes(p, derivations, attributes);
  derivations.push(...pointers.reverse());
  p.shallower();
}

/** At `(`: is it a parenthesised declarator rather than a parameter list? */
function isNested(p: Parser, context: DeclaratorContext): boolean {
  const next = p.kindAt(1);
  if (next === Kind.Star || next === Kind.LeftParen || next === Kind.LeftBracket) return true;
  if (p.keywordAt(1) === Keyword.Attribute) {
    // `(__attribute__((x)) *f)` and friends; a parameter list hardly starts with an attribute.
    return true;
  }
  if (next !== Kind.Identifier || context === 'typeName') return false;
  return !startsTypeName(p, 1) && p.keywordAt(1) === Keyword.None;
}

function parseSuffixes(p: Parser, derivations: Derivation[], attributes: Attributes): void {
  for (;;) {
    if (p.kind === Kind.LeftBracket) derivations.push(parseArraySuffix(p));
    else if (p.kind === Kind.LeftParen) derivations.push(parseParameters(p));
    else break;
    if (derivations.length > DERIVATION_LIMIT)
      p.giveUp(`more than ${DERIVATION_LIMIT} dimensions in a declarator`);
    if (p.panicking) break;
  }
  if (p.keyword === Keyword.Attribute) parseAttributes(p, attributes);
}

/** [ static? qualifiers? size? ] */
function parseArraySuffix(p: Parser): Derivation {
  const token = p.next();
  let qualifiers = 0;
  for (;;) {
    const keyword = p.keyword;
    if (keyword === Keyword.Const) qualifiers |= CONST;
    else if (keyword === Keyword.Volatile) qualifiers |= VOLATILE;
    else if (keyword === Keyword.Restrict) qualifiers |= RESTRICT;
    else if (keyword !== Keyword.Static) break;
    p.next();
  }
  let size: Expression | undefined;
  let star = false;
  if (p.kind === Kind.Star && p.kindAt(1) === Kind.RightBracket) {
    p.next();
    star = true;
  } else if (p.kind !== Kind.RightBracket) size = rvalue(parseAssignment(p));
  p.expect(Kind.RightBracket);
  return { kind: 'array', size, star, qualifiers, token };
}

/** ( parameters ) */
function parseParameters(p: Parser): FunctionDerivation {
  const token = p.next();
  const result: FunctionDerivation = {
    kind: 'function',
    parameters: [],
    variables: [],
    ids: [],
    variadic: false,
    prototyped: true,
    identifierList: false,
    token,
    sizes: [],
  };
  if (p.accept(Kind.RightParen)) {
    result.prototyped = false;
    return result;
  }
  if (p.isName && !startsDeclaration(p) && (p.kindAt(1) === Kind.Comma || p.kindAt(1) === Kind.RightParen)) {
    parseIdentifierList(p, result);
    return result;
  }
  const savedSizes = p.pendingSizes;
  p.pendingSizes = [];
  p.scopes.enter();
  p.prototypeDepth++;
  for (;;) {
    if (p.accept(Kind.Ellipsis)) {
      result.variadic = true;
      break;
    }
    if (!startsDeclaration(p)) {
      unknownParameterType(p);
      break;
    }
    if (parseParameter(p, result)) break;
    if (!p.accept(Kind.Comma)) break;
  }
  p.prototypeDepth--;
  p.scopes.leave();
  result.sizes = p.pendingSizes;
  p.pendingSizes = savedSizes;
  if (p.panicking) recoverParameters(p);
  else p.expect(Kind.RightParen);
  return result;
}

/** After an error in a parameter list: go on behind its `)` if that is near. */
function recoverParameters(p: Parser): void {
  let depth = 0;
  while (p.kind !== Kind.End && p.kind !== Kind.LeftBrace && p.kind !== Kind.Semicolon) {
    if (p.kind === Kind.LeftParen) depth++;
    else if (p.kind === Kind.RightParen && depth-- === 0) {
      p.next();
      p.panicking = false;
      return;
    }
    p.next();
  }
}

function unknownParameterType(p: Parser): void {
  if (p.isName && !p.panicking) {
    const name = p.text(p.at);
    const guess = p.suggestName(name, (kind) => kind === 'typedef');
    p.error(
      p.at,
      `unknown type name '${name}'${guess ? `; did you mean '${guess}'?` : ''}`,
      undefined,
      guess,
    );
    p.panicking = true;
  } else p.syntaxError(`expected a parameter declaration before ${p.found}`);
}

/** One parameter; true if it was the lone `void`. */
function parseParameter(p: Parser, result: FunctionDerivation): boolean {
  const specifiers = parseSpecifiers(p);
  const attributes: Attributes = { ...specifiers.attributes };
  const declarator = parseDeclarator(p, specifiers.type, attributes, 'parameter');
  const written = bare(declarator.type);
  if (written.kind === 'void' && declarator.id === 0 && result.parameters.length === 0) {
    if (p.kind === Kind.RightParen) return true;
    if (p.kind === Kind.Comma) p.error(specifiers.first, "'void' must be the only parameter");
  }
  const type = adjust(declarator.type);
  const name = declarator.id === 0 ? undefined : p.interner.text(declarator.id);
  if (written.kind === 'void' && declarator.id !== 0)
    p.error(declarator.token, `parameter '${name}' has incomplete type`);
  const loc = declarator.id === 0 ? specifiers.first : declarator.token;
  result.parameters.push({ name, type, loc });
  result.ids.push(declarator.id);
  const variable: Variable = {
    kind: 'variable',
    name: name ?? '',
    symbolName: name ?? '',
    type,
    storage: 'auto',
    linkage: 'none',
    defined: true,
    tentative: false,
    initializer: undefined,
    align: Math.max(alignOf(type), attributes.aligned ?? 0, 1),
    attributes: attributes.loc === undefined ? NO_ATTRIBUTES : attributes,
    parameter: result.parameters.length - 1,
    asmRegister: undefined,
    addressTaken: false,
    referenced: false,
    owner: undefined,
    loc,
  };
  result.variables.push(variable);
  if (declarator.id !== 0) {
    const earlier = p.scopes.nameHere(declarator.id);
    if (earlier) p.error(declarator.token, `redefinition of parameter '${name}'`);
    p.scopes.bindName(declarator.id, variable, declarator.token);
  }
  return false;
}

/** Parameters of array type are pointers, of function type pointers to functions (C11 6.7.6.3p7). */
export function adjust(type: Type): Type {
  const t = bare(type);
  if (t.kind === 'array') return pointerTo(t.of);
  return t.kind === 'function' ? pointerTo(type) : type;
}

/** (a, b, c) of an old-style definition. */
function parseIdentifierList(p: Parser, result: FunctionDerivation): void {
  result.prototyped = false;
  result.identifierList = true;
  do {
    if (!p.isName) {
      p.syntaxError(`expected a parameter name before ${p.found}`);
      break;
    }
    const token = p.next();
    result.ids.push(p.values[token]);
    result.parameters.push({ name: p.text(token), type: INT, loc: token });
  } while (p.accept(Kind.Comma));
  p.expect(Kind.RightParen);
}

/** Applies one derivation to a type. */
function derive(p: Parser, type: Type, d: Derivation, adjusted: boolean, token: Loc): Type {
  switch (d.kind) {
    case 'pointer':
      return qualify(pointerTo(type), d.qualifiers);
    case 'array':
      return deriveArray(p, type, d, adjusted, token);
    case 'function': {
      const returned = bare(type);
      if (returned.kind === 'function' || returned.kind === 'array') {
        p.error(token, `a function cannot return ${returned.kind === 'array' ? 'an array' : 'a function'}`);
        type = ERROR;
      }
      const made: FunctionType = {
        kind: 'function',
        returns: type,
        parameters: d.identifierList ? [] : d.parameters,
        variadic: d.variadic,
        prototyped: d.prototyped,
      };
      return made;
    }
  }
}

function deriveArray(
  p: Parser,
  type: Type,
  d: { size: Expression | undefined; star: boolean; qualifiers: number; token: Loc },
  adjusted: boolean,
  token: Loc,
): Type {
  const element = bare(type);
  if (element.kind === 'function' || element.kind === 'void') {
    p.error(token, `declaration of an array of ${element.kind === 'void' ? 'voids' : 'functions'}`);
    return ERROR;
  }
  if (element.kind !== 'error' && !p.isComplete(type)) {
    p.error(token, `array type has incomplete element type ${quoteType(type)}`);
    return ERROR;
  }
  // A parameter's outermost array is a pointer: its size is only evaluated.
  if (adjusted) return qualify(pointerTo(type), d.qualifiers);
  if (d.size === undefined)
    return arrayOf(type, undefined, d.star ? hiddenSize(p, undefined, d.token) : undefined);
  const { size } = d;
  if (isError(size)) return arrayOf(type, 1);
  if (!integerOf(size.type)) {
    p.error(d.token, `size of array has non-integer type ${quoteType(size.type)}`);
    return arrayOf(type, 1);
  }
  if (size.kind === 'integer') {
    if (size.value < 0n) {
      p.error(d.token, 'size of array is negative');
      return arrayOf(type, 1);
    }
    const bytes = size.value * BigInt(Math.max(1, sizeOf(type)));
    if (bytes > 0x7fff_ffff_ffffn) {
      p.error(d.token, 'size of array is too large');
      return arrayOf(type, 1);
    }
    // A known number of rows of variable length is of variable length, too.
    if (!isVariablySized(type)) return arrayOf(type, Number(size.value));
  }
  if (!p.function && p.prototypeDepth === 0) {
    p.error(d.token, 'the size of an array outside a function must be a constant');
    return arrayOf(type, 1);
  }
  const count = convert(size, ULONG);
  const bytes: Expression =
    sizeOf(type) === 1 && !isVariablySized(type)
      ? count
      : {
          kind: 'binary',
          operator: 'mul',
          left: count,
          right: sizeExpression(type, d.token),
          type: ULONG,
          loc: d.token,
        };
  return arrayOf(type, undefined, hiddenSize(p, bytes, d.token));
}

/** A hidden variable for a variable-length array's size; its computation is queued. */
function hiddenSize(p: Parser, bytes: Expression | undefined, loc: Loc): Variable {
  const variable = p.temporary(ULONG, loc);
  if (bytes)
    p.pendingSizes.push({
      kind: 'assign',
      place: variablePlace(variable, loc),
      value: bytes,
      type: ULONG,
      loc,
    });
  return variable;
}

/** A type name. `sizes` compute variable-length array sizes; the caller evaluates them if it evaluates anything. */
export function parseTypeName(p: Parser): { type: Type; sizes: Expression[] } {
  const saved = p.pendingSizes;
  p.pendingSizes = [];
  const specifiers = parseSpecifiers(p);
  const attributes: Attributes = { ...specifiers.attributes };
  const declarator = parseDeclarator(p, specifiers.type, attributes, 'typeName');
  const sizes = p.pendingSizes;
  p.pendingSizes = saved;
  return { type: declarator.type, sizes };
}

/** Evaluates sizes, then the value. */
export function withSizes(sizes: readonly Expression[], value: Expression): Expression {
  let result = value;
  for (let i = sizes.length - 1; i >= 0; i--) result = comma(sizes[i], result);
  return result;
}
