/**
 * Types as C declarations: for messages, hovers and debug names.
 */
import { CONST, type FunctionType, RESTRICT, type Type, VOLATILE } from '../types';

function qualifierText(bits: number): string {
  const words: string[] = [];
  if (bits & CONST) words.push('const');
  if (bits & VOLATILE) words.push('volatile');
  if (bits & RESTRICT) words.push('restrict');
  return words.join(' ');
}

/**
 * Declares `name` with a type, as C writes it: typeText(T, 'x') is `int (*x)(void)`; without a name a type name.
 * A `depth` bound keeps cyclic or absurdly nested types short.
 */
export function typeText(type: Type, name = '', depth = 0): string {
  if (depth > 24) return `…${name === '' ? '' : ` ${name}`}`;
  const join = (base: string) => (name === '' ? base : `${base} ${name}`);
  switch (type.kind) {
    case 'void':
      return join('void');
    case 'integer':
    case 'float':
      return join(type.name);
    case 'error':
      return join('<error>');
    case 'typedef':
      return join(type.name);
    case 'record':
      return join(`${type.union ? 'union' : 'struct'} ${type.tag ?? '<anonymous>'}`);
    case 'enum':
      return join(`enum ${type.tag ?? '<anonymous>'}`);
    case 'qualified': {
      const words = qualifierText(type.qualifiers);
      if (type.of.kind === 'pointer')
        return typeText(type.of, name === '' ? words : `${words} ${name}`, depth + 1);
      return `${words} ${typeText(type.of, name, depth + 1)}`;
    }
    case 'pointer': {
      const to = type.to;
      const inner = to.kind === 'array' || to.kind === 'function' ? `(*${name})` : `*${name}`;
      return typeText(to, inner, depth + 1);
    }
    case 'array': {
      const size = type.count !== undefined ? String(type.count) : type.vla ? '*' : '';
      return typeText(type.of, `${name}[${size}]`, depth + 1);
    }
    case 'function': {
      const parameters = type.parameters.map((p) => typeText(p.type, '', depth + 1));
      if (type.variadic) parameters.push('...');
      if (parameters.length === 0 && type.prototyped) parameters.push('void');
      return typeText(type.returns, `${name}(${parameters.join(', ')})`, depth + 1);
    }
  }
}

/** A function's declaration with its parameters' names where they are known. */
export function signatureText(type: FunctionType, name: string): string {
  const parameters = type.parameters.map((p) => typeText(p.type, p.name ?? ''));
  if (type.variadic) parameters.push('...');
  if (parameters.length === 0 && type.prototyped) parameters.push('void');
  return typeText(type.returns, `${name}(${parameters.join(', ')})`);
}

/** A type in quotes, with what it is under a typedef name: 'u64' {aka 'unsigned long'}, as gcc shows it. */
export function quoteType(type: Type): string {
  const shown = typeText(type);
  const under = typeText(strip(type));
  return under === shown ? `'${shown}'` : `'${shown}' {aka '${under}'}`;
}

/** The type with the outermost typedef names replaced, through pointers. */
function strip(type: Type): Type {
  switch (type.kind) {
    case 'typedef':
      return strip(type.to);
    case 'qualified': {
      const of = strip(type.of);
      return of === type.of ? type : { ...type, of };
    }
    case 'pointer': {
      const to = strip(type.to);
      return to === type.to ? type : { kind: 'pointer', to };
    }
    default:
      return type;
  }
}
