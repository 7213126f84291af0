/**
 * Initialisers of whole objects (C11 6.7.9) and compound literals (6.5.2.5); initializer-walk.ts has the grammar.
 */
import type { AutoInitializer, Expression, StaticInitializer, Variable } from '../ast';
import { NO_ATTRIBUTES } from '../attributes';
import { Kind } from '../lex/kinds';
import type { Operand } from '../sema/build';
import { ImageSink, ItemSink } from '../sema/initializer-sink';
import { quoteType } from '../sema/type-text';
import { alignOf, arrayOf, bare, ERROR, sizeOf, type Type } from '../types';
import { parseAssignment } from './expression';
import { InitializerWalker } from './initializer-walk';
import type { Parser } from './parser';

/** The type with the size that the initialiser gave an open array. */
function completed(type: Type, extent: number): Type {
  const t = bare(type);
  return t.kind === 'array' && t.count === undefined ? arrayOf(t.of, extent) : type;
}

function initializable(p: Parser, type: Type, token: number): boolean {
  const t = bare(type);
  if (t.kind === 'error') return false;
  if (t.kind === 'array' && t.vla) {
    p.error(token, 'a variable-length array cannot be initialised');
    return false;
  }
  if (t.kind === 'array' && t.count === undefined) return true;
  if (p.isComplete(type)) return true;
  p.error(token, `initializer for an object of incomplete type ${quoteType(type)}`);
  return false;
}

/** Skips an initialiser that cannot be used. */
function skipInitializer(p: Parser): void {
  if (p.kind === Kind.LeftBrace) p.skipBalanced();
  else parseAssignment(p);
}

/** Parses the initialiser of a static object. Returns its bytes and its completed type. */
export function parseStaticInitializer(
  p: Parser,
  type: Type,
): { initializer: StaticInitializer | undefined; type: Type } {
  const token = p.at;
  if (!initializable(p, type, token)) {
    skipInitializer(p);
    return { initializer: undefined, type };
  }
  const sink = new ImageSink();
  const walker = new InitializerWalker(p, sink);
  walker.openOffset = bare(type).kind === 'array' ? 0 : -1;
  p.staticInitializer++;
  walker.object(type);
  p.staticInitializer--;
  const whole = completed(type, walker.extent);
  const size = Math.max(sizeOf(whole), sink.end);
  return { initializer: sink.failed ? undefined : sink.finish(size), type: whole };
}

/** Parses the initialiser of an automatic object: a scalar's value or an aggregate's stores. */
export function parseAutoInitializer(
  p: Parser,
  type: Type,
): { value: Expression | undefined; initializer: AutoInitializer | undefined; type: Type } {
  const token = p.at;
  if (!initializable(p, type, token)) {
    skipInitializer(p);
    return { value: undefined, initializer: undefined, type };
  }
  const t = bare(type);
  const sink = new ItemSink();
  const walker = new InitializerWalker(p, sink);
  walker.openOffset = t.kind === 'array' ? 0 : -1;
  walker.object(type);
  const whole = completed(type, walker.extent);
  if (sink.failed) return { value: undefined, initializer: undefined, type: whole };
  if (t.kind !== 'array' && t.kind !== 'record') {
    const last = sink.items[sink.items.length - 1];
    return { value: last?.kind === 'value' ? last.value : undefined, initializer: undefined, type: whole };
  }
  return { value: undefined, initializer: sink.finish(sizeOf(whole)), type: whole };
}

/** ( type ) { … } with the cursor on the brace: a static object at file scope, else one of the enclosing block. */
export function parseCompoundLiteral(p: Parser, type: Type, token: number): Operand {
  const isStatic = !p.function || p.staticInitializer > 0;
  const number = p.staticCount++;
  const variable: Variable = {
    kind: 'variable',
    name: `.compoundliteral.${number}`,
    symbolName: `__compound_literal.${number}`,
    type,
    storage: isStatic ? 'static' : 'auto',
    linkage: isStatic ? 'internal' : 'none',
    defined: true,
    tentative: false,
    initializer: undefined,
    align: Math.max(1, alignOf(type)),
    attributes: NO_ATTRIBUTES,
    parameter: undefined,
    asmRegister: undefined,
    addressTaken: false,
    referenced: false,
    owner: p.function?.symbol,
    loc: token,
  };
  if (isStatic) {
    const parsed = parseStaticInitializer(p, type);
    variable.type = parsed.type;
    variable.initializer = parsed.initializer;
    p.variables.push(variable);
    p.literals.add(variable);
    return { kind: 'variable', variable, type: variable.type, loc: token };
  }
  const parsed = parseAutoInitializer(p, type);
  variable.type = parsed.type;
  if (bare(type).kind === 'error') return { kind: 'error', type: ERROR, loc: token };
  const initializer: AutoInitializer = parsed.initializer ?? {
    size: sizeOf(parsed.type),
    zeroFill: false,
    items: parsed.value
      ? [{ kind: 'value', offset: 0, member: undefined, type: parsed.type, value: parsed.value }]
      : [],
  };
  return { kind: 'compoundLiteral', variable, initializer, type: variable.type, loc: token };
}
