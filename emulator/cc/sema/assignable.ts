/**
 * Conversion as if by assignment (C11 6.5.16.1): arguments, initialisers, returns. Warns where gcc warns.
 */
import type { Expression, Loc } from '../ast';
import type { Parser } from '../parse/parser';
import type { NoteRequest } from '../report';
import { type BareType, BOOL, bare, integerOf, type PointerType, qualifiersOf, type Type } from '../types';
import { unsignedOf } from './arithmetic';
import { convert, errorExpression, isNullConstant, retype } from './build';
import { compatible } from './compatible';
import { quoteType, signatureText } from './type-text';

/** What the conversion is for, as messages say it. */
export interface Purpose {
  /** "initialization of 'int' from 'char *'" style lead: which words come before the types. */
  kind: 'assignment' | 'initialization' | 'argument' | 'return';
  /** For arguments: position from 1 and the function's name. */
  argument?: number;
  callee?: string;
  /** Called only if there is something to say. */
  notes?: () => NoteRequest[];
}

function describe(purpose: Purpose, to: Type, from: Type): string {
  switch (purpose.kind) {
    case 'assignment':
      return `assignment to ${quoteType(to)} from ${quoteType(from)}`;
    case 'initialization':
      return `initialization of ${quoteType(to)} from ${quoteType(from)}`;
    case 'argument':
      return `passing argument ${purpose.argument ?? 0} of ${purpose.callee ?? 'function'} from ${quoteType(from)} to ${quoteType(to)}`;
    case 'return':
      return `returning ${quoteType(from)} from a function with return type ${quoteType(to)}`;
  }
}

/** Converts `value` to `type`; whatever is wrong is reported at `loc`, and an ERROR expression comes back for real errors. */
export function assignConvert(
  p: Parser,
  value: Expression,
  type: Type,
  purpose: Purpose,
  loc: Loc = value.loc,
): Expression {
  const to = bare(type);
  const from = bare(value.type);
  if (from === to) return value;
  if (from.kind === 'error' || to.kind === 'error') return errorExpression(value.loc);
  const target = integerOf(to);
  const source = integerOf(from);
  if (target && source) return convert(value, type);
  if (to.kind === 'pointer' && from.kind === 'pointer') {
    checkPointers(p, to, from, type, value, purpose, loc);
    return retype(value, type, value.loc);
  }
  if (to.kind === 'pointer' && source) {
    if (!isNullConstant(value))
      p.warning(
        loc,
        'int-conversion',
        `${describe(purpose, type, value.type)} makes pointer from integer without a cast`,
        purpose.notes?.(),
      );
    return convert(value, type);
  }
  if (target && from.kind === 'pointer') {
    if (target.rank !== BOOL.rank)
      p.warning(
        loc,
        'int-conversion',
        `${describe(purpose, type, value.type)} makes integer from pointer without a cast`,
        purpose.notes?.(),
      );
    return convert(value, type);
  }
  if (to.kind === 'record' && from.kind === 'record' && compatible(to, from, false)) return value;
  if (from.kind === 'void') p.error(loc, 'void value not ignored as it ought to be');
  else p.error(loc, `incompatible types: ${describe(purpose, type, value.type)}`, purpose.notes?.());
  return errorExpression(value.loc);
}

/** A callback of the wrong shape: what it is, and how it would have to be declared. */
function rightSignature(p: Parser, wanted: BareType, value: Expression): NoteRequest[] {
  const place = value.kind === 'address' ? value.place : undefined;
  if (wanted.kind !== 'function' || place?.kind !== 'function') return [];
  const { name, functionType, loc } = place.function;
  return [
    p.noteAt(loc, `'${name}' is declared as: ${signatureText(functionType, name)}`),
    p.noteAt(loc, `it must be declared as: ${signatureText(wanted, name)}`),
  ];
}

function checkPointers(
  p: Parser,
  to: PointerType,
  from: PointerType,
  type: Type,
  value: Expression,
  purpose: Purpose,
  loc: Loc,
): void {
  if (to.to === from.to || isNullConstant(value)) return;
  const a = bare(to.to);
  const b = bare(from.to);
  const lost = qualifiersOf(from.to) & ~qualifiersOf(to.to);
  const fits = a.kind === 'void' || b.kind === 'void' || compatible(to.to, from.to, false);
  if (!fits) {
    const x = integerOf(a);
    const y = integerOf(b);
    if (
      x &&
      y &&
      x.size === y.size &&
      unsignedOf(x).name === unsignedOf(y).name &&
      x.rank !== 0 &&
      y.rank !== 0
    ) {
      // Differ in signedness only: gcc's -Wpointer-sign, which kernel builds turn off.
      return;
    }
    if (x && y && x.rank === 1 && y.rank === 1) return;
    p.warning(
      loc,
      'incompatible-pointer-types',
      `${describe(purpose, type, value.type)}: incompatible pointer types`,
      [...(purpose.notes?.() ?? []), ...rightSignature(p, a, value)],
    );
    return;
  }
  if (lost !== 0 && b.kind !== 'function')
    p.warning(
      loc,
      'discarded-qualifiers',
      `${describe(purpose, type, value.type)} discards '${lost & 1 ? 'const' : lost & 2 ? 'volatile' : 'restrict'}' qualifier from pointer target type`,
      purpose.notes?.(),
    );
}
