/**
 * __attribute__((…)) lists (GNU C), collected into an Attributes record.
 */
import type { Attributes, FormatAttribute } from '../attributes';
import { Keyword } from '../lex/keywords';
import { Kind } from '../lex/kinds';
import { ATTRIBUTE_NAMES } from '../sema/attribute-names';
import { nearest } from '../suggest';
import { constantInteger } from './constant';
import type { Parser } from './parser';
import { parseStringBytes } from './strings';

/** Parses any number of __attribute__ groups at the cursor into `into`. */
export function parseAttributes(p: Parser, into: Attributes): void {
  while (p.keyword === Keyword.Attribute) {
    const loc = p.next();
    into.loc ??= loc;
    if (!p.expect(Kind.LeftParen) || !p.expect(Kind.LeftParen)) return;
    while (p.kind !== Kind.RightParen && p.kind !== Kind.End && !p.panicking) {
      if (p.accept(Kind.Comma)) continue;
      if (p.kind !== Kind.Identifier) {
        p.syntaxError(`expected an attribute name before ${p.found}`);
        return;
      }
      parseOne(p, into);
      if (!p.is(Kind.RightParen) && !p.expect(Kind.Comma)) break;
    }
    p.expect(Kind.RightParen);
    p.expect(Kind.RightParen);
  }
}

function plainName(text: string): string {
  return text.length > 4 && text.startsWith('__') && text.endsWith('__') ? text.slice(2, -2) : text;
}

function parseOne(p: Parser, into: Attributes): void {
  const token = p.next();
  const name = plainName(p.text(token));
  const flag = FLAGS.get(name);
  if (flag !== undefined) {
    (into as Record<FlagName, boolean | undefined>)[flag] = true;
    skipArguments(p);
    return;
  }
  const handler = WITH_ARGUMENTS.get(name);
  if (handler) {
    handler(p, into, token);
    return;
  }
  skipArguments(p);
  if (ATTRIBUTE_NAMES.has(name)) return;
  const guess = nearest(name, ATTRIBUTE_NAMES);
  p.warning(
    token,
    'attributes',
    `'${name}' attribute directive ignored${guess ? `; did you mean '${guess}'?` : ''}`,
  );
}

function skipArguments(p: Parser): void {
  if (p.kind === Kind.LeftParen) p.skipBalanced();
}

type FlagName =
  | 'used'
  | 'unused'
  | 'noinline'
  | 'alwaysInline'
  | 'gnuInline'
  | 'flatten'
  | 'packed'
  | 'noreturn'
  | 'cold'
  | 'hot'
  | 'weak'
  | 'naked'
  | 'noInstrument'
  | 'warnUnusedResult'
  | 'pure'
  | 'const'
  | 'returnsTwice'
  | 'fallthrough'
  | 'transparentUnion'
  | 'common'
  | 'nocommon'
  | 'vectorSize'
  | 'mayAlias'
  | 'nonstring';

const FLAGS: ReadonlyMap<string, FlagName> = new Map(
  Object.entries<FlagName>({
    used: 'used',
    retain: 'used',
    externally_visible: 'used',
    unused: 'unused',
    noinline: 'noinline',
    noipa: 'noinline',
    always_inline: 'alwaysInline',
    gnu_inline: 'gnuInline',
    flatten: 'flatten',
    packed: 'packed',
    noreturn: 'noreturn',
    cold: 'cold',
    hot: 'hot',
    weak: 'weak',
    naked: 'naked',
    no_instrument_function: 'noInstrument',
    warn_unused_result: 'warnUnusedResult',
    pure: 'pure',
    const: 'const',
    returns_twice: 'returnsTwice',
    fallthrough: 'fallthrough',
    transparent_union: 'transparentUnion',
    common: 'common',
    nocommon: 'nocommon',
    vector_size: 'vectorSize',
    may_alias: 'mayAlias',
    nonstring: 'nonstring',
  }),
);

type Handler = (p: Parser, into: Attributes, token: number) => void;

/** `(constant)`; undefined if there are no parentheses or no constant. */
function numberArgument(p: Parser): number | undefined {
  if (!p.accept(Kind.LeftParen)) return undefined;
  const value = constantInteger(p, 'attribute argument');
  p.expect(Kind.RightParen);
  return value === undefined ? undefined : Number(value);
}

/** `("text")`. */
function stringArgument(p: Parser): string | undefined {
  if (!p.accept(Kind.LeftParen)) return undefined;
  if (p.kind !== Kind.String) {
    p.syntaxError(`expected a string before ${p.found}`);
    return undefined;
  }
  const { bytes } = parseStringBytes(p);
  while (p.accept(Kind.Comma)) p.next();
  p.expect(Kind.RightParen);
  let text = '';
  for (let i = 0; i < bytes.length - 1; i++) text += String.fromCharCode(bytes[i]);
  return text;
}

function priority(p: Parser): number {
  return p.kind === Kind.LeftParen ? (numberArgument(p) ?? 65535) : 65535;
}

const WITH_ARGUMENTS: ReadonlyMap<string, Handler> = new Map(
  Object.entries<Handler>({
    section: (p, into) => {
      into.section = stringArgument(p);
    },
    alias: (p, into) => {
      into.alias = stringArgument(p);
    },
    error: (p, into) => {
      into.error = stringArgument(p);
    },
    warning: (p, into) => {
      into.warning = stringArgument(p);
    },
    visibility: (p, into) => {
      into.visibility = stringArgument(p);
    },
    former_name: (p, into) => {
      into.formerName = stringArgument(p);
    },
    deprecated: (p, into) => {
      into.deprecated = p.kind === Kind.LeftParen ? (stringArgument(p) ?? '') : '';
    },
    aligned: (p, into, token) => {
      const value = p.kind === Kind.LeftParen ? numberArgument(p) : 16;
      if (value === undefined) return;
      if (value <= 0 || (value & (value - 1)) !== 0 || value > 1 << 28) {
        p.error(token, 'requested alignment is not a positive power of 2');
        return;
      }
      into.aligned = Math.max(into.aligned ?? 0, value);
    },
    mode: (p, into) => {
      if (!p.accept(Kind.LeftParen)) return;
      into.mode = plainName(p.text(p.next()));
      p.expect(Kind.RightParen);
    },
    constructor: (p: Parser, into: Attributes) => {
      into.constructorPriority = priority(p);
    },
    destructor: (p, into) => {
      into.destructorPriority = priority(p);
    },
    cleanup: (p, into) => {
      if (!p.expect(Kind.LeftParen)) return;
      const entity = p.isName ? p.scopes.name(p.values[p.at]) : undefined;
      if (entity?.kind === 'function') {
        p.uses?.add(p.at, entity, 'use');
        into.cleanup = entity;
      } else p.error(p.at, 'cleanup argument is not a function');
      p.next();
      p.expect(Kind.RightParen);
    },
    format: (p, into) => {
      if (!p.expect(Kind.LeftParen)) return;
      const style = plainName(p.text(p.next()));
      p.expect(Kind.Comma);
      const string = constantInteger(p, 'format attribute');
      p.expect(Kind.Comma);
      const first = constantInteger(p, 'format attribute');
      p.expect(Kind.RightParen);
      const known = formatStyle(style);
      if (known && string !== undefined && first !== undefined)
        into.format = { style: known, string: Number(string), first: Number(first) };
    },
    patchable_function_entry: (p, into) => {
      if (!p.expect(Kind.LeftParen)) return;
      const count = constantInteger(p, 'attribute argument');
      if (p.accept(Kind.Comma)) constantInteger(p, 'attribute argument');
      p.expect(Kind.RightParen);
      if (count === 0n) into.noInstrument = true;
    },
  }),
);

function formatStyle(name: string): FormatAttribute['style'] | undefined {
  if (name === 'printf' || name === 'gnu_printf') return 'printf';
  if (name === 'scanf' || name === 'gnu_scanf') return 'scanf';
  return name === 'strftime' ? 'strftime' : undefined;
}
