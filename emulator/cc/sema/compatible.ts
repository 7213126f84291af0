/**
 * Compatible and composite types (C11 6.2.7).
 */
import { arrayOf, bare, type FunctionType, integerOf, qualifiersOf, type Type } from '../types';
import { promoted } from './arithmetic';

/** True if the two types are compatible; qualifiers at the top count only if `qualifiers`. */
export function compatible(a: Type, b: Type, qualifiers = true): boolean {
  if (a === b) return true;
  if (qualifiers && qualifiersOf(a) !== qualifiersOf(b)) return false;
  const x = bare(a);
  const y = bare(b);
  if (x === y) return true;
  if (x.kind === 'error' || y.kind === 'error') return true;
  if (x.kind === 'enum' && y.kind === 'integer') return x.integer === y;
  if (y.kind === 'enum' && x.kind === 'integer') return y.integer === x;
  switch (x.kind) {
    case 'void':
      return y.kind === 'void';
    case 'pointer':
      return y.kind === 'pointer' && compatible(x.to, y.to);
    case 'array':
      return (
        y.kind === 'array' &&
        compatible(x.of, y.of) &&
        (x.count === undefined || y.count === undefined || x.count === y.count)
      );
    case 'function':
      return y.kind === 'function' && compatibleFunctions(x, y);
    default:
      return false;
  }
}

function compatibleFunctions(a: FunctionType, b: FunctionType): boolean {
  if (!compatible(a.returns, b.returns, false)) return false;
  if (!a.prototyped || !b.prototyped) {
    // An empty list agrees with a prototype whose parameters survive the default promotions.
    const given = a.prototyped ? a : b.prototyped ? b : undefined;
    if (!given) return true;
    return !given.variadic && given.parameters.every((p) => survivesPromotion(p.type));
  }
  if (a.variadic !== b.variadic || a.parameters.length !== b.parameters.length) return false;
  return a.parameters.every((p, i) => compatible(p.type, b.parameters[i].type, false));
}

function survivesPromotion(type: Type): boolean {
  const integer = integerOf(type);
  return !integer || promoted(integer) === integer;
}

/** The composite of two compatible types: the one that knows more. */
export function composite(a: Type, b: Type): Type {
  if (a === b) return a;
  const x = bare(a);
  const y = bare(b);
  if (x.kind === 'array' && y.kind === 'array') {
    if (x.count === undefined && y.count !== undefined) return arrayOf(composite(x.of, y.of), y.count, y.vla);
    return a;
  }
  if (x.kind === 'function' && y.kind === 'function') {
    if (!x.prototyped && y.prototyped) return b;
    return a;
  }
  return a;
}
