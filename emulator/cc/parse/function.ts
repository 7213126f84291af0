/**
 * Function definitions (C11 6.9.1), old-style ones too, and putting off the bodies of unused inline functions.
 */
import type { Expression, FunctionBody, Statement, Variable } from '../ast';
import { type Attributes, NO_ATTRIBUTES } from '../attributes';
import { Kind } from '../lex/kinds';
import { checkMissingReturn } from '../sema/flow';
import { quoteType } from '../sema/type-text';
import { alignOf, bare, type FunctionType, INT, type Type } from '../types';
import { resolveGotos } from './cleanup';
import { adjust, type Declarator, parseDeclarator } from './declarator';
import { declareFunction, type ParserFunction } from './declare';
import type { FunctionContext, Parser } from './parser';
import { parseSpecifiers, type Specifiers, startsDeclaration } from './specifiers';
import { parseBlockItems } from './statement';

/** Behind a function declarator: does a body (or an old-style parameter list) follow? */
export function startsFunctionBody(p: Parser, declarator: Declarator): boolean {
  if (p.kind === Kind.LeftBrace) return true;
  return declarator.function?.identifierList === true && startsDeclaration(p);
}

/** Parses a definition whose declarator was read, or puts its body off. */
export function parseFunctionDefinition(
  p: Parser,
  specifiers: Specifiers,
  declarator: Declarator,
  attributes: Attributes,
): void {
  const name = p.interner.text(declarator.id);
  const shape = declarator.function;
  if (!shape) return;
  let type = declarator.type;
  let parameters = shape.variables;
  if (shape.identifierList) {
    parameters = parseOldParameters(p, declarator, name);
    const old = bare(type);
    // Callers see no prototype, but the definition's own types are known.
    if (old.kind === 'function') type = { ...old, prototyped: false };
    p.warning(declarator.token, 'old-style-definition', `old-style definition of '${name}'`);
  }
  const symbol = declareFunction(
    p,
    { id: declarator.id, name, token: declarator.token, type, attributes, align: 0, asmName: undefined },
    specifiers.storage === 'static',
    specifiers.storage === 'extern',
    specifiers.inline,
  );
  p.uses?.add(declarator.token, symbol, 'definition');
  const function_ = bare(type) as FunctionType;
  // A gnu_inline body is only for inlining: the real definition may follow.
  const replaces = symbol.attributes.gnuInline === true && attributes.gnuInline !== true;
  if (p.definedFunctions.has(symbol) && !replaces) {
    p.error(declarator.token, `redefinition of '${name}'`, [
      p.noteAt(symbol.loc, `previous definition of '${name}'`),
    ]);
    p.skipBalanced();
    return;
  }
  if (replaces) {
    symbol.attributes = { ...symbol.attributes, gnuInline: false };
    p.deferred.delete(symbol);
  }
  p.definedFunctions.add(symbol);
  symbol.loc = declarator.token;
  // The definition's own parameter list is the one whose names count.
  if (!shape.identifierList) {
    symbol.type = type;
    symbol.functionType = function_;
  }
  const at = p.at;
  const parse = () => parseBody(p, symbol as ParserFunction, function_, parameters, shape.ids, shape.sizes);
  const used = attributes.used || attributes.section !== undefined || symbol.attributes.used;
  if (specifiers.inline && !p.inMainFile(declarator.token) && !used && !p.parseEverything) {
    p.skipBalanced();
    const deferred = { symbol, at, parse };
    // A call that came before the definition has already asked for it.
    if (symbol.referenced) p.wanted.push(deferred);
    else p.deferred.set(symbol, deferred);
    return;
  }
  parse();
}

/** Parameter declarations of an old-style definition; undeclared ones are int. */
function parseOldParameters(p: Parser, declarator: Declarator, name: string): Variable[] {
  const shape = declarator.function;
  if (!shape) return [];
  const types = new Map<number, { type: Type; token: number; attributes: Attributes }>();
  while (startsDeclaration(p)) {
    const specifiers = parseSpecifiers(p);
    do {
      const attributes: Attributes = { ...specifiers.attributes };
      const one = parseDeclarator(p, specifiers.type, attributes, 'declaration');
      if (one.id === 0) break;
      if (!shape.ids.includes(one.id))
        p.error(one.token, `declaration for parameter '${p.interner.text(one.id)}' but no such parameter`);
      types.set(one.id, { type: adjust(one.type), token: one.token, attributes });
    } while (p.accept(Kind.Comma));
    p.expect(Kind.Semicolon);
    if (p.panicking) p.sync();
  }
  return shape.ids.map((id, index) => {
    const declared = types.get(id);
    const token = declared?.token ?? declarator.token;
    if (!declared)
      p.warning(
        declarator.token,
        'implicit-int',
        `type of '${p.interner.text(id)}' defaults to 'int' in '${name}'`,
      );
    return parameterVariable(p.interner.text(id), declared?.type ?? INT, index, token);
  });
}

function parameterVariable(name: string, type: Type, index: number, loc: number): Variable {
  return {
    kind: 'variable',
    name,
    symbolName: name,
    type,
    storage: 'auto',
    linkage: 'none',
    defined: true,
    tentative: false,
    initializer: undefined,
    align: Math.max(1, alignOf(type)),
    attributes: NO_ATTRIBUTES,
    parameter: index,
    asmRegister: undefined,
    addressTaken: false,
    referenced: false,
    owner: undefined,
    loc,
  };
}

function newContext(symbol: ParserFunction): FunctionContext {
  return {
    symbol,
    labels: new Map(),
    localLabels: [],
    allLabels: [],
    labelScopes: new Map(),
    gotos: [],
    temporaries: [],
    blocks: [],
    cleanup: { parent: undefined, variables: [], depth: 0 },
    breakScope: undefined,
    continueScope: undefined,
    switch: undefined,
    usesVarargs: false,
    usesAlloca: false,
    usesComputedGoto: false,
    functionName: undefined,
  };
}

/** Parses { … } at the cursor as the function's body. */
function parseBody(
  p: Parser,
  symbol: ParserFunction,
  type: FunctionType,
  parameters: Variable[],
  ids: readonly number[],
  sizes: readonly Expression[],
): void {
  const context = newContext(symbol);
  p.function = context;
  p.undeclared.clear();
  p.scopes.enter();
  parameters.forEach((parameter, index) => {
    parameter.owner = symbol;
    if (ids[index] !== 0) {
      p.scopes.bindName(ids[index], parameter, parameter.loc);
      p.uses?.add(parameter.loc, parameter, 'definition');
    } else if (type.prototyped) p.error(parameter.loc, 'parameter name omitted');
    if (p.isComplete(parameter.type)) parameter.align = Math.max(parameter.align, alignOf(parameter.type));
    else if (bare(parameter.type).kind !== 'error')
      p.error(
        parameter.loc,
        `parameter '${parameter.name}' has incomplete type ${quoteType(parameter.type)}`,
      );
  });
  const returned = bare(type.returns);
  if (returned.kind !== 'void' && returned.kind !== 'error' && !p.isComplete(type.returns))
    p.error(symbol.loc, `return type is an incomplete type: ${quoteType(type.returns)}`);
  const statements: Statement[] = [];
  for (const size of sizes) {
    if (size.kind === 'assign' && size.place.kind === 'variable') {
      context.temporaries.push(size.place.variable);
      size.place.variable.owner = symbol;
    }
    statements.push({ kind: 'expression', expression: size, loc: size.loc });
  }
  const block = parseBlockItems(p, statements, context.cleanup);
  p.scopes.leave();
  resolveGotos(p, context);
  for (const label of context.allLabels) {
    if (!label.defined && label.referenced) p.error(label.loc, `label '${label.name}' used but not defined`);
    else if (label.defined && !label.referenced)
      p.warning(label.loc, 'unused-label', `label '${label.name}' defined but not used`);
  }
  p.function = undefined;
  const body: FunctionBody = {
    parameters,
    block,
    labels: context.allLabels,
    usesVarargs: context.usesVarargs,
    usesAlloca: context.usesAlloca,
    usesComputedGoto: context.usesComputedGoto,
    temporaries: context.temporaries,
    end: block.end,
  };
  symbol.body = body;
  checkMissingReturn(p, symbol, body);
}

/** Parses the bodies that were put off and are needed after all; they may need others. */
export function parseWantedBodies(p: Parser): void {
  const end = p.at;
  for (let i = 0; i < p.wanted.length; i++) {
    const body = p.wanted[i];
    p.at = body.at;
    p.panicking = false;
    p.scopes.limit = body.at;
    body.parse();
  }
  p.wanted.length = 0;
  p.scopes.limit = Number.POSITIVE_INFINITY;
  p.at = end;
}

/** Decides what each function leaves in the object file (C11 6.7.4p7, gcc's gnu_inline). */
export function finishFunctions(p: Parser): void {
  for (const symbol of p.functions) {
    if (!symbol.body) continue;
    const known = symbol as ParserFunction;
    if (symbol.linkage === 'internal') symbol.emission = 'internal';
    else if (symbol.attributes.gnuInline && symbol.inline)
      symbol.emission = known.externKeyword ? 'inlineOnly' : 'external';
    else
      symbol.emission =
        symbol.inline && !known.plainDeclaration && !known.externKeyword ? 'inlineOnly' : 'external';
  }
}
