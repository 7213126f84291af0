/** Explicit conversions (C11 6.5.4). */
import type { Expression, Loc } from '../ast';
import type { Parser } from '../parse/parser';
import { bare, integerOf, isScalar, type RecordType, sizeOf, type Type, unqualified } from '../types';
import { convert, errorExpression, isError, type Operand, rvalue, variablePlace } from './build';
import { compatible } from './compatible';
import { quoteType } from './type-text';

/** (type) operand. */
export function castTo(p: Parser, operand: Operand, type: Type, loc: Loc): Expression {
  const value = rvalue(operand);
  if (isError(value)) return errorExpression(loc);
  const to = bare(type);
  const from = bare(value.type);
  if (to.kind === 'error') return errorExpression(loc);
  if (to.kind === 'void') return convert(value, type, true);
  const target = unqualified(type);
  if (to.kind === 'record') {
    if (from === to) return value;
    if (to.union) return castToUnion(p, value, to, loc);
    p.error(loc, 'conversion to non-scalar type requested');
    return errorExpression(loc);
  }
  if (to.kind === 'float' || from.kind === 'float') return errorExpression(loc);
  if (!isScalar(type)) {
    p.error(loc, `cast specifies ${to.kind === 'array' ? 'array' : 'function'} type`);
    return errorExpression(loc);
  }
  if (!isScalar(value.type)) {
    if (from.kind === 'void') p.error(loc, 'void value not ignored as it ought to be');
    else p.error(loc, `cannot convert ${quoteType(value.type)} to ${quoteType(type)}`);
    return errorExpression(loc);
  }
  if (from.kind === 'pointer') {
    const integer = integerOf(to);
    if (integer && integer.size < 8 && integer.rank !== 0)
      p.warning(loc, 'pointer-to-int-cast', 'cast from pointer to integer of different size');
  } else if (to.kind === 'pointer' && value.kind !== 'integer' && sizeOf(from) < 8)
    p.warning(loc, 'int-to-pointer-cast', 'cast to pointer from integer of different size');
  const converted = convert(value, target, true);
  return converted.kind === 'integer' ? { ...converted, loc } : converted;
}

/** GNU C: a cast to a union type makes a union whose member of that type has the value. */
function castToUnion(p: Parser, value: Expression, union: RecordType, loc: Loc): Expression {
  const member = union.members.find((m) => compatible(unqualified(m.type), unqualified(value.type), false));
  if (!member) {
    p.error(loc, 'cast to union type from type not present in union');
    return errorExpression(loc);
  }
  const variable = p.temporary(union, loc);
  variable.align = union.align;
  return {
    kind: 'load',
    place: {
      kind: 'compoundLiteral',
      variable,
      initializer: {
        size: union.size,
        zeroFill: sizeOf(member.type) < union.size,
        items: [{ kind: 'value', offset: member.offset, member, type: member.type, value }],
      },
      type: variablePlace(variable, loc).type,
      loc,
    },
    type: union,
    loc,
  };
}
