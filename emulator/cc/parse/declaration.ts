/**
 * Declarations (C11 6.7, 6.9): file scope and blocks, typedefs, objects, prototypes; definitions are in function.ts.
 */
import type { Statement, TypedefSymbol, Variable } from '../ast';
import type { Attributes } from '../attributes';
import { Keyword } from '../lex/keywords';
import { Kind } from '../lex/kinds';
import { isError, isPlace, readVariable, rvalue } from '../sema/build';
import { compatible } from '../sema/compatible';
import { quoteType } from '../sema/type-text';
import { alignOf, bare, type TypedefType, unqualified } from '../types';
import { parseFileAsm } from './asm';
import { parseAttributes } from './attributes';
import { parseDeclarator } from './declarator';
import {
  type Declaration,
  declareFunction,
  declareLinkedVariable,
  declareLocalVariable,
  declareUnknown,
  newVariable,
} from './declare';
import { parseAssignment } from './expression';
import { parseFunctionDefinition, startsFunctionBody } from './function';
import { parseAutoInitializer, parseStaticInitializer } from './initializer';
import type { Parser } from './parser';
import {
  checkImplicitInt,
  modeType,
  parseSpecifiers,
  type Specifiers,
  startsDeclaration,
} from './specifiers';
import { parseStaticAssert } from './static-assert';
import { parseStringBytes } from './strings';

/** One declaration or definition at file scope. */
export function parseExternalDeclaration(p: Parser): void {
  if (p.accept(Kind.Semicolon)) return;
  while (p.keyword === Keyword.Extension) p.next();
  if (p.keyword === Keyword.Asm) {
    parseFileAsm(p);
    return;
  }
  if (p.keyword === Keyword.StaticAssert) {
    parseStaticAssert(p);
    return;
  }
  if (!startsDeclaration(p) && !startsImplicitInt(p)) {
    unknownStart(p);
    return;
  }
  const specifiers = parseSpecifiers(p);
  if (specifiers.ended) return;
  if (p.kind === Kind.Semicolon) {
    emptyDeclaration(p, specifiers);
    p.next();
    return;
  }
  parseDeclarators(p, specifiers, undefined);
}

/** `main() {`, `static x;`: C89 lets the type out. */
function startsImplicitInt(p: Parser): boolean {
  if (!p.isName || p.kindAt(1) !== Kind.LeftParen) return false;
  // Only a definition: name ( … ) followed by { or by parameter declarations.
  let depth = 0;
  let at = p.at + 1;
  for (; p.kinds[at] !== Kind.End; at++) {
    const kind: Kind = p.kinds[at];
    if (kind === Kind.LeftParen) depth++;
    else if (kind === Kind.RightParen && --depth === 0) break;
    else if (kind === Kind.Semicolon || kind === Kind.LeftBrace) return false;
  }
  if (p.kinds[at] !== Kind.RightParen) return false;
  if (p.kinds[at + 1] === Kind.LeftBrace) return true;
  // name ( a, b ) int a; …
  const here = p.at;
  p.at = at + 1;
  const old =
    startsDeclaration(p) && p.keyword !== Keyword.Attribute && p.kinds[here + 2] === Kind.Identifier;
  p.at = here;
  return old;
}

function unknownStart(p: Parser): void {
  const token = p.at;
  if (p.isName && !p.panicking) {
    const name = p.text(token);
    const next = p.kindAt(1);
    if (next === Kind.LeftParen) {
      p.error(token, `'${name}' is neither a type nor a known macro here: is an #include missing?`);
    } else {
      const guess = p.suggestName(name, (kind) => kind === 'typedef');
      p.error(
        token,
        `unknown type name '${name}'${guess ? `; did you mean '${guess}'?` : ''}`,
        undefined,
        guess,
      );
      declareUnknown(p);
    }
    p.panicking = true;
  } else p.syntaxError(`expected a declaration before ${p.found}`);
  p.sync();
  // The body of what was misunderstood goes with it.
  if (p.kind === Kind.LeftBrace) p.skipBalanced();
  if (p.at === token) p.next();
  p.accept(Kind.RightBrace);
}

function emptyDeclaration(p: Parser, specifiers: Specifiers): void {
  if (!specifiers.tagged)
    p.warning(specifiers.first, 'missing-declarations', 'useless type name in empty declaration');
}

/** The declarators behind the specifiers. In a block, `statements` takes what must be executed. */
function parseDeclarators(p: Parser, specifiers: Specifiers, statements: Statement[] | undefined): void {
  let first = true;
  for (;;) {
    const attributes: Attributes = { ...specifiers.attributes };
    parseAttributes(p, attributes);
    const declarator = parseDeclarator(p, specifiers.type, attributes, 'declaration');
    if (declarator.id === 0) {
      p.syntaxError(`expected a name before ${p.found}`);
      p.sync();
      return;
    }
    const name = p.interner.text(declarator.id);
    checkImplicitInt(p, specifiers, name);
    if (specifiers.noreturn) {
      attributes.noreturn = true;
      attributes.loc ??= specifiers.first;
    }
    if (
      first &&
      declarator.function &&
      specifiers.storage !== 'typedef' &&
      startsFunctionBody(p, declarator)
    ) {
      if (statements) {
        p.error(declarator.token, 'nested functions are not supported');
        while (p.kind !== Kind.LeftBrace && p.kind !== Kind.End) p.next();
        p.skipBalanced();
        return;
      }
      parseFunctionDefinition(p, specifiers, declarator, attributes);
      return;
    }
    first = false;
    let asmName: string | undefined;
    if (p.keyword === Keyword.Asm) asmName = parseAsmName(p);
    parseAttributes(p, attributes);
    const type =
      attributes.mode !== undefined && attributes.mode !== specifiers.attributes.mode
        ? modeType(p, declarator.type, attributes.mode, declarator.token)
        : declarator.type;
    declare(
      p,
      specifiers,
      {
        id: declarator.id,
        name,
        token: declarator.token,
        type,
        attributes,
        align: specifiers.align,
        asmName,
      },
      statements,
    );
    if (p.panicking || !p.accept(Kind.Comma)) break;
  }
  if (!p.panicking) p.expect(Kind.Semicolon);
  if (p.panicking) p.sync();
}

/** asm("name") behind a declarator. */
function parseAsmName(p: Parser): string {
  p.next();
  p.expect(Kind.LeftParen);
  let text = '';
  if (p.kind === Kind.String) text = new TextDecoder().decode(parseStringBytes(p).bytes.subarray(0, -1));
  else p.syntaxError(`expected a string before ${p.found}`);
  p.expect(Kind.RightParen);
  return text;
}

function declare(
  p: Parser,
  specifiers: Specifiers,
  d: Declaration,
  statements: Statement[] | undefined,
): void {
  if (specifiers.storage === 'typedef') {
    flushSizes(p, statements);
    declareTypedef(p, d);
    return;
  }
  if (bare(d.type).kind === 'function') {
    const symbol = declareFunction(
      p,
      d,
      specifiers.storage === 'static',
      specifiers.storage === 'extern',
      specifiers.inline,
    );
    p.uses?.add(d.token, symbol, 'declaration');
    if (p.kind === Kind.Equal) {
      p.error(p.at, `function '${d.name}' is initialized like a variable`);
      p.panicking = true;
    }
    return;
  }
  if (bare(d.type).kind === 'void') {
    p.error(d.token, `variable or field '${d.name}' declared void`);
    d.type = { kind: 'error' };
  }
  if (specifiers.autoType) {
    declareAuto(p, specifiers, d, statements);
    return;
  }
  if (d.asmName !== undefined && specifiers.storage === 'register') {
    declareRegister(p, d, statements);
    return;
  }
  if (!statements || specifiers.storage === 'extern') declareGlobal(p, specifiers, d);
  else declareLocal(p, specifiers, d, statements);
}

function declareTypedef(p: Parser, d: Declaration): void {
  const type: TypedefType = {
    kind: 'typedef',
    name: d.name,
    to: d.type,
    bare: bare(d.type),
    align: d.attributes.aligned,
    loc: d.token,
  };
  const known = p.scopes.nameHere(d.id);
  if (known) {
    if (known.kind === 'typedef' && compatible(known.type, d.type)) return;
    p.error(
      d.token,
      known.kind === 'typedef'
        ? `conflicting types for '${d.name}'; have ${quoteType(d.type)}`
        : `'${d.name}' redeclared as different kind of symbol`,
      [p.noteAt(known.loc, `previous declaration of '${d.name}'`)],
    );
    return;
  }
  const symbol: TypedefSymbol = { kind: 'typedef', name: d.name, type, loc: d.token };
  p.typedefs.push(symbol);
  p.scopes.bindName(d.id, symbol, d.token);
  p.uses?.add(d.token, symbol, 'definition');
}

/** Queued computations of array sizes become statements. */
function flushSizes(p: Parser, statements: Statement[] | undefined): void {
  if (p.pendingSizes.length === 0) return;
  for (const expression of p.pendingSizes)
    statements?.push({ kind: 'expression', expression, loc: expression.loc });
  p.pendingSizes = [];
}

function declareGlobal(p: Parser, specifiers: Specifiers, d: Declaration): void {
  const hasInitializer = p.kind === Kind.Equal;
  const isStatic = specifiers.storage === 'static';
  const variable = declareLinkedVariable(p, d, isStatic, specifiers.storage === 'extern', hasInitializer);
  p.uses?.add(d.token, variable, variable.defined ? 'definition' : 'declaration');
  if (!hasInitializer) return;
  p.next();
  p.initialized.add(variable);
  variable.tentative = false;
  const parsed = parseStaticInitializer(p, variable.type);
  variable.type = parsed.type;
  variable.initializer = parsed.initializer;
}

/** Objects must be complete where they are defined; tentative ones at the end of the unit. */
function requireComplete(p: Parser, variable: Variable): void {
  if (bare(variable.type).kind === 'error') return;
  if (p.isComplete(variable.type)) {
    // It may have been incomplete where it was declared.
    variable.align = Math.max(variable.align, alignOf(variable.type));
    return;
  }
  p.error(
    variable.loc,
    bare(variable.type).kind === 'array'
      ? `array size missing in '${variable.name}'`
      : `storage size of '${variable.name}' isn't known: ${quoteType(variable.type)} is incomplete`,
  );
  variable.type = { kind: 'error' };
}

function declareLocal(p: Parser, specifiers: Specifiers, d: Declaration, statements: Statement[]): void {
  flushSizes(p, statements);
  const isStatic = specifiers.storage === 'static';
  const variable = declareLocalVariable(p, d, isStatic);
  p.uses?.add(d.token, variable, 'definition');
  p.function?.blocks[p.function.blocks.length - 1]?.variables.push(variable);
  if (d.attributes.cleanup) p.function?.cleanup.variables.push(variable);
  const initialized = p.accept(Kind.Equal);
  if (isStatic) {
    if (initialized) {
      const parsed = parseStaticInitializer(p, variable.type);
      variable.type = parsed.type;
      variable.initializer = parsed.initializer;
    }
    requireComplete(p, variable);
    return;
  }
  const t = bare(d.type);
  if (t.kind === 'array' && t.vla) {
    declareVla(p, variable, d, statements, initialized);
    return;
  }
  if (!initialized) {
    requireComplete(p, variable);
    statements.push({
      kind: 'declaration',
      variable,
      value: undefined,
      initializer: undefined,
      loc: d.token,
    });
    return;
  }
  const parsed = parseAutoInitializer(p, variable.type);
  variable.type = parsed.type;
  requireComplete(p, variable);
  statements.push({
    kind: 'declaration',
    variable,
    value: parsed.value,
    initializer: parsed.initializer,
    loc: d.token,
  });
}

function declareVla(
  p: Parser,
  variable: Variable,
  d: Declaration,
  statements: Statement[],
  initialized: boolean,
): void {
  if (initialized) {
    p.error(d.token, 'a variable-length array cannot be initialised');
    parseAssignment(p);
  }
  variable.addressTaken = true;
  const context = p.function;
  const block = context?.blocks[context.blocks.length - 1];
  if (block) block.hasVla = true;
  const t = bare(d.type);
  if (t.kind === 'array' && t.vla)
    statements.push({ kind: 'vla', variable, size: readVariable(t.vla, d.token), loc: d.token });
}

/** __auto_type x = value; */
function declareAuto(
  p: Parser,
  specifiers: Specifiers,
  d: Declaration,
  statements: Statement[] | undefined,
): void {
  flushSizes(p, statements);
  if (!p.accept(Kind.Equal)) {
    p.error(d.token, `declaration of '${d.name}' with __auto_type needs an initializer`);
    return;
  }
  const operand = parseAssignment(p);
  const value =
    isPlace(operand) && bare(operand.type).kind === 'function' ? rvalue(operand) : rvalue(operand);
  const type = isError(value) ? value.type : unqualified(value.type);
  const qualifiers = specifiers.type;
  const declared = {
    ...d,
    type:
      qualifiers.kind === 'qualified'
        ? { ...qualifiers, of: type, bare: bare(type), qualified: undefined, pointer: undefined }
        : type,
  };
  if (!statements) {
    p.error(d.token, '__auto_type outside a function is not supported');
    return;
  }
  const variable = declareLocalVariable(p, declared, specifiers.storage === 'static');
  p.uses?.add(d.token, variable, 'definition');
  p.function?.blocks[p.function.blocks.length - 1]?.variables.push(variable);
  if (d.attributes.cleanup) p.function?.cleanup.variables.push(variable);
  if (isError(value)) return;
  statements.push(
    bare(type).kind === 'record'
      ? {
          kind: 'declaration',
          variable,
          value: undefined,
          initializer: {
            size: 0,
            zeroFill: false,
            items: [{ kind: 'value', offset: 0, member: undefined, type, value }],
          },
          loc: d.token,
        }
      : { kind: 'declaration', variable, value, initializer: undefined, loc: d.token },
  );
}

/** register T x asm("reg"): global ones live nowhere else, local ones are for asm operands. */
function declareRegister(p: Parser, d: Declaration, statements: Statement[] | undefined): void {
  const register = (d.asmName ?? '').replace(/^%/, '');
  if (!statements) {
    const known = p.scopes.nameHere(d.id);
    if (known?.kind === 'variable' && known.asmRegister === register) return;
    const variable = newVariable(p, { ...d, asmName: undefined }, 'none', 'static');
    variable.asmRegister = register;
    p.scopes.bindName(d.id, variable, d.token);
    p.uses?.add(d.token, variable, 'definition');
    return;
  }
  flushSizes(p, statements);
  const variable = declareLocalVariable(p, { ...d, asmName: undefined }, false);
  variable.asmRegister = register;
  p.uses?.add(d.token, variable, 'definition');
  p.function?.blocks[p.function.blocks.length - 1]?.variables.push(variable);
  const value = p.accept(Kind.Equal) ? parseAutoInitializer(p, variable.type).value : undefined;
  statements.push({ kind: 'declaration', variable, value, initializer: undefined, loc: d.token });
}

/** A declaration in a block; what it executes is appended to `statements`. */
export function parseLocalDeclaration(p: Parser, statements: Statement[]): void {
  if (p.keyword === Keyword.StaticAssert) {
    parseStaticAssert(p);
    return;
  }
  const specifiers = parseSpecifiers(p);
  if (specifiers.ended) return;
  if (p.kind === Kind.Semicolon) {
    // [[fallthrough]] in GNU clothing stands alone.
    if (!specifiers.attributes.fallthrough) emptyDeclaration(p, specifiers);
    flushSizes(p, statements);
    p.next();
    return;
  }
  parseDeclarators(p, specifiers, statements);
}

/** At the end of the unit: tentative definitions are completed. */
export function finishVariables(p: Parser): void {
  for (const variable of p.variables) {
    if (!variable.defined || variable.linkage === 'none') continue;
    const t = bare(variable.type);
    if (t.kind === 'array' && t.count === undefined && !variable.initializer && p.isComplete(t.of)) {
      p.warning(variable.loc, 'array-size', `array '${variable.name}' assumed to have one element`);
      variable.type = { ...t, count: 1, pointer: undefined, qualified: undefined };
    } else requireComplete(p, variable);
  }
}
