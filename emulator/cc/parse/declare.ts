/**
 * Symbols: making them, and merging the declarations of one name (C11 6.2.2, 6.7p3, 6.9.2).
 */
import type { FunctionSymbol, Linkage, Variable } from '../ast';
import { type Attributes, NO_ATTRIBUTES } from '../attributes';
import { LAST_KEYWORD } from '../lex/keywords';
import { Kind } from '../lex/kinds';
import { BUILTINS } from '../sema/builtin-table';
import { signatureTypes } from '../sema/builtins';
import { compatible, composite } from '../sema/compatible';
import { quoteType } from '../sema/type-text';
import { alignOf, bare, ERROR, type FunctionType, INT, isVolatile, type Type } from '../types';
import type { Parser } from './parser';
import type { Named } from './scope';

/** What a declarator declares, before it is a symbol. */
export interface Declaration {
  id: number;
  name: string;
  token: number;
  type: Type;
  attributes: Attributes;
  /** From _Alignas, 0 for none. */
  align: number;
  /** asm("label") */
  asmName: string | undefined;
}

/** Adds attributes to a symbol's own. */
function mergeAttributes(symbol: { attributes: Attributes }, more: Attributes): void {
  if (more.loc === undefined) return;
  symbol.attributes = symbol.attributes === NO_ATTRIBUTES ? more : { ...symbol.attributes, ...more };
}

function previous(p: Parser, entity: Named) {
  return entity.loc > 0
    ? [p.noteAt(entity.loc, `previous declaration of '${entity.name}' with type ${quoteType(entity.type)}`)]
    : [];
}

/** Reports a clash of a new declaration with an older one of the same name. */
function conflict(p: Parser, d: Declaration, known: Named): void {
  const kinds = known.kind !== 'variable' && known.kind !== 'function';
  const message = kinds
    ? `'${d.name}' redeclared as different kind of symbol`
    : `conflicting types for '${d.name}'; have ${quoteType(d.type)}`;
  p.error(d.token, message, previous(p, known));
}

/** Declares a function; `inline`, linkage and attributes are merged with earlier declarations. */
export function declareFunction(
  p: Parser,
  d: Declaration,
  isStatic: boolean,
  isExtern: boolean,
  inline: boolean,
): FunctionSymbol {
  const type = bare(d.type) as FunctionType;
  const known = knownLinked(p, d);
  if (known && known.kind === 'function') {
    if (!compatible(known.type, d.type)) conflict(p, d, known);
    else {
      known.type = composite(known.type, d.type);
      known.functionType = bare(known.type) as FunctionType;
    }
    if (isStatic && known.linkage === 'external' && !known.implied) {
      p.error(
        d.token,
        `static declaration of '${d.name}' follows non-static declaration`,
        previous(p, known),
      );
    }
    if (isStatic) known.linkage = 'internal';
    known.implied = false;
    known.inline ||= inline;
    known.externKeyword ||= isExtern;
    known.plainDeclaration ||= !inline;
    if (known.loc === 0) known.loc = d.token;
    if (d.asmName !== undefined) known.symbolName = d.asmName;
    mergeAttributes(known, d.attributes);
    bindHere(p, d, known);
    return known;
  }
  const symbol: ParserFunction = {
    kind: 'function',
    name: d.name,
    symbolName: d.asmName ?? d.name,
    type: d.type,
    functionType: type,
    linkage: isStatic ? 'internal' : 'external',
    inline,
    emission: 'declared',
    body: undefined,
    attributes: d.attributes.loc === undefined ? NO_ATTRIBUTES : d.attributes,
    referenced: false,
    addressTaken: false,
    loc: d.token,
    implied: false,
    externKeyword: isExtern,
    plainDeclaration: !inline,
  };
  p.functions.push(symbol);
  if (!known) p.linked.set(d.id, symbol);
  bindHere(p, d, symbol);
  return symbol;
}

/** What only the parser needs to know of a function. */
export interface ParserFunction extends FunctionSymbol {
  /** Made by a call without a declaration. */
  implied: boolean;
  externKeyword: boolean;
  /** Some declaration lacks `inline`. */
  plainDeclaration: boolean;
}

/** The entity with linkage of that name, if the new declaration agrees with its kind; complains otherwise. */
function knownLinked(p: Parser, d: Declaration): ParserFunction | Variable | undefined {
  const here = p.scopes.nameHere(d.id);
  if (here && here.kind !== 'function' && here.kind !== 'variable') {
    conflict(p, d, here);
    return undefined;
  }
  if (here && bare(d.type).kind === 'function' && here.kind === 'variable') {
    conflict(p, d, here);
    return undefined;
  }
  return p.linkedName(d.id) as ParserFunction | Variable | undefined;
}

function bindHere(p: Parser, d: Declaration, symbol: Named): void {
  if (p.scopes.nameHere(d.id) !== symbol) p.scopes.bindName(d.id, symbol, d.token);
}

/** Declares an object with linkage: file scope, or extern in a block. */
export function declareLinkedVariable(
  p: Parser,
  d: Declaration,
  isStatic: boolean,
  isExtern: boolean,
  hasInitializer: boolean,
): Variable {
  const known = knownLinked(p, d);
  const defines = hasInitializer || !isExtern;
  if (known && known.kind === 'variable') {
    if (!compatible(known.type, d.type)) conflict(p, d, known);
    else known.type = composite(known.type, d.type);
    if (isStatic && known.linkage === 'external')
      p.error(
        d.token,
        `static declaration of '${d.name}' follows non-static declaration`,
        previous(p, known),
      );
    else if (!isStatic && !isExtern && known.linkage === 'internal')
      p.error(
        d.token,
        `non-static declaration of '${d.name}' follows static declaration`,
        previous(p, known),
      );
    if (hasInitializer && known.defined && !known.tentative && p.initialized.has(known))
      p.error(d.token, `redefinition of '${d.name}'`, previous(p, known));
    if (defines) {
      if (!known.defined) known.loc = d.token;
      known.defined = true;
      known.tentative = !hasInitializer && (known.tentative || !p.initialized.has(known));
    }
    p.isComplete(d.type);
    known.align = Math.max(known.align, variableAlign(d));
    if (d.asmName !== undefined) known.symbolName = d.asmName;
    mergeAttributes(known, d.attributes);
    bindHere(p, d, known);
    return known;
  }
  if (known) conflict(p, d, known);
  const variable = newVariable(p, d, isStatic ? 'internal' : 'external', 'static');
  variable.defined = defines;
  variable.tentative = defines && !hasInitializer;
  p.variables.push(variable);
  if (!known) p.linked.set(d.id, variable);
  bindHere(p, d, variable);
  return variable;
}

function variableAlign(d: Declaration): number {
  // An explicit alignment of the declaration counts as it is, also below the type's own.
  const explicit = Math.max(d.align, d.attributes.aligned ?? 0);
  return Math.max(explicit > 0 ? Math.max(explicit, alignOf(d.type)) : alignOf(d.type), 1);
}

/** A variable symbol that is not bound to its name yet. */
export function newVariable(
  p: Parser,
  d: Declaration,
  linkage: Linkage,
  storage: Variable['storage'],
): Variable {
  // The alignment is the complete type's.
  p.isComplete(d.type);
  return {
    kind: 'variable',
    name: d.name,
    symbolName: d.asmName ?? d.name,
    type: d.type,
    storage,
    linkage,
    defined: true,
    tentative: false,
    initializer: undefined,
    align: variableAlign(d),
    attributes: d.attributes.loc === undefined ? NO_ATTRIBUTES : d.attributes,
    parameter: undefined,
    asmRegister: undefined,
    addressTaken: isVolatile(d.type),
    referenced: false,
    owner: p.function?.symbol,
    loc: d.token,
  };
}

/** Declares a local variable, static or automatic. */
export function declareLocalVariable(p: Parser, d: Declaration, isStatic: boolean): Variable {
  const known = p.scopes.nameHere(d.id);
  if (known) p.error(d.token, `redeclaration of '${d.name}'`, previous(p, known));
  const variable = newVariable(p, d, 'none', isStatic ? 'static' : 'auto');
  if (isStatic) {
    variable.symbolName = d.asmName ?? `${d.name}.${p.staticCount++}`;
    p.variables.push(variable);
  }
  p.scopes.bindName(d.id, variable, d.token);
  return variable;
}

/** Behind an unknown type name: what it would have declared gets the ERROR type, so that its uses stay quiet. */
export function declareUnknown(p: Parser): void {
  let at = p.at + 1;
  while (p.kinds[at] === Kind.Star) at++;
  if (p.kinds[at] !== Kind.Identifier || p.values[at] <= LAST_KEYWORD) return;
  const id = p.values[at];
  if (p.scopes.nameHere(id)) return;
  const d = {
    id,
    name: p.interner.text(id),
    token: at,
    type: ERROR,
    attributes: NO_ATTRIBUTES,
    align: 0,
    asmName: undefined,
  };
  p.scopes.bindName(id, newVariable(p, d, 'none', 'auto'), at);
}

const VARIADIC_INT: FunctionType = {
  kind: 'function',
  returns: INT,
  parameters: [],
  variadic: false,
  prototyped: false,
};

/** A call of an undeclared function: C89's int f(), with the warning that people need. */
export function implicitFunction(p: Parser, token: number): FunctionSymbol {
  const id = p.values[token];
  const name = p.interner.text(id);
  const guess = p.suggestName(name, (kind) => kind === 'function');
  p.warning(
    token,
    'implicit-function-declaration',
    `implicit declaration of function '${name}'${guess ? `; did you mean '${guess}'?` : ''}`,
    undefined,
    guess,
  );
  const known = p.linkedName(id);
  if (known?.kind === 'function') return known;
  // gcc knows the library's functions also when nobody declared them: malloc gives a pointer.
  const builtin = BUILTINS.get(`__builtin_${name}`);
  const signature = builtin && builtin.kind !== 'special' ? builtin.signature : undefined;
  const type = signature === undefined ? VARIADIC_INT : libraryType(signature, token);
  const symbol = impliedFunction(name, type, token);
  p.functions.push(symbol);
  p.linked.set(id, symbol);
  p.scopes.bindName(id, symbol, token);
  return symbol;
}

function impliedFunction(name: string, type: FunctionType, loc: number): ParserFunction {
  return {
    kind: 'function',
    name,
    symbolName: name,
    type,
    functionType: type,
    linkage: 'external',
    inline: false,
    emission: 'declared',
    body: undefined,
    attributes: NO_ATTRIBUTES,
    referenced: false,
    addressTaken: false,
    loc,
    implied: true,
    externKeyword: false,
    plainDeclaration: true,
  };
}

function libraryType(signature: string, loc: number): FunctionType {
  const { types, variadic } = signatureTypes(signature);
  return {
    kind: 'function',
    returns: types[0],
    parameters: types.slice(1).map((t) => ({ name: undefined, type: t, loc })),
    variadic,
    prototyped: true,
  };
}

/** The library function behind a builtin, declared by the unit or made from the builtin's signature. */
export function libraryFunction(p: Parser, name: string, signature: string, loc: number): FunctionSymbol {
  const id = p.interner.intern(name);
  const known = p.linkedName(id);
  if (known?.kind === 'function') {
    p.want(known);
    return known;
  }
  const symbol = impliedFunction(name, libraryType(signature, loc), loc);
  p.functions.push(symbol);
  p.linked.set(id, symbol);
  return symbol;
}
