/** Turns a type as written in an expression into a type of the program. */
import {
  arrayOf,
  type BaseType,
  BOOL,
  CHAR,
  INT,
  LONG,
  pointerTo,
  type Type,
  UNSIGNED_CHAR,
  UNSIGNED_INT,
  UNSIGNED_LONG,
  UNSIGNED_SHORT,
  VOID,
} from '../types';
import type { Expression, TypeNode } from './ast';
import { ExpressionError } from './error';
import type { Scope } from './scope';

const SHORT: BaseType = { kind: 'base', name: 'short', size: 2, encoding: 'signed' };
const SIGNED_CHAR: BaseType = { kind: 'base', name: 'signed char', size: 1, encoding: 'signedChar' };

/** The type, or an ExpressionError at its place. `typeOf` gives the type of a typeof's operand. */
export function resolveType(node: TypeNode, scope: Scope, typeOf: (operand: Expression) => Type): Type {
  let type = specified(node, scope, typeOf);
  for (const derivation of node.derivations) {
    if (derivation.kind === 'pointer') type = pointerTo(type);
    else type = arrayOf(type, derivation.count === undefined ? undefined : Number(derivation.count));
  }
  return type;
}

function specified(node: TypeNode, scope: Scope, typeOf: (operand: Expression) => Type): Type {
  const specifier = node.specifier;
  switch (specifier.kind) {
    case 'record': {
      const found = scope.record(specifier.record, specifier.name);
      if (found) return found;
      throw new ExpressionError(
        `no \`${specifier.record} ${specifier.name}\` is known here`,
        node.at,
        node.length,
      );
    }
    case 'typedef': {
      const found = scope.typedef(specifier.name);
      if (found) return found;
      throw new ExpressionError(`no type is called \`${specifier.name}\``, node.at, node.length);
    }
    case 'typeof':
      return typeOf(specifier.operand);
    case 'words':
      return fromWords(specifier.words, node);
  }
}

function fromWords(words: readonly string[], node: TypeNode): Type {
  const has = (word: string) => words.includes(word);
  const longs = words.filter((word) => word === 'long').length;
  const unsigned = has('unsigned');
  if (has('void') && words.length === 1) return VOID;
  if (has('_Bool') && words.length === 1) return BOOL;
  if (longs > 2 || (longs > 0 && (has('short') || has('char'))) || has('void') || has('_Bool')) {
    throw new ExpressionError('not a type', node.at, node.length);
  }
  if (has('char')) return unsigned ? UNSIGNED_CHAR : has('signed') ? SIGNED_CHAR : CHAR;
  if (has('short')) return unsigned ? UNSIGNED_SHORT : SHORT;
  if (longs > 0) return unsigned ? UNSIGNED_LONG : LONG;
  return unsigned ? UNSIGNED_INT : INT;
}
