/**
 * C's spelling of a type: `const char *`, `int (*)(struct kprobe *, struct pt_regs *)`, `char [16]`.
 *
 * C declarators grow from the name outwards, so the text is built around what is already there.
 */
import type { Type } from './types';

/** The type as a C declaration of `declarator` (default: nothing, an abstract type name). */
export function typeName(type: Type, declarator = ''): string {
  switch (type.kind) {
    case 'void':
      return join('void', declarator);
    case 'base':
      return join(type.name, declarator);
    case 'typedef':
      return join(type.name, declarator);
    case 'struct':
    case 'union':
    case 'enum':
      return join(`${type.kind} ${type.name ?? '{…}'}`, declarator);
    case 'qualified':
      return type.of.kind === 'pointer'
        ? typeName(type.of.to, pointerDeclarator(type.of.to, `*${type.qualifier}${spaced(declarator)}`))
        : `${type.qualifier} ${typeName(type.of, declarator)}`;
    case 'pointer':
      return typeName(type.to, pointerDeclarator(type.to, `*${declarator}`));
    case 'array':
      return typeName(type.of, `${declarator}[${type.count ?? ''}]`);
    case 'function': {
      const parameters = type.parameters.map((parameter) => typeName(parameter));
      if (type.variadic) parameters.push('...');
      return typeName(type.returns, `${declarator}(${parameters.join(', ') || 'void'})`);
    }
  }
}

/** A pointer to an array or a function needs parentheses: `(*name)[4]`. */
function pointerDeclarator(target: Type, declarator: string): string {
  return target.kind === 'array' || target.kind === 'function' ? `(${declarator})` : declarator;
}

function join(name: string, declarator: string): string {
  return declarator === '' ? name : `${name} ${declarator}`;
}

function spaced(text: string): string {
  return text === '' ? '' : ` ${text}`;
}
