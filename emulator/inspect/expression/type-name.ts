/**
 * Type names in expressions: `struct file *`, `const char *`, `unsigned long`, `u64 [4]`, `typeof(x) *`.
 *
 * Pointers to functions are not offered: a cast to `void *` serves a debugger as well.
 */
import type { TypeNode } from './ast';
import { ExpressionError } from './error';
import type { NameScope, Parser } from './parse';
import type { Token } from './token';

const WORDS: ReadonlySet<string> = new Set([
  'void',
  'char',
  'short',
  'int',
  'long',
  'signed',
  'unsigned',
  '_Bool',
  '__signed__',
]);
const QUALIFIERS: ReadonlySet<string> = new Set([
  'const',
  'volatile',
  'restrict',
  '__user',
  '__force',
  '__iomem',
  '__rcu',
  '__percpu',
]);
const RECORDS: ReadonlySet<string> = new Set(['struct', 'union', 'enum']);

/** True when a type name starts at this token. A variable that hides a typedef wins. */
export function startsTypeName(token: Token, scope: NameScope): boolean {
  if (token.kind !== 'name') return false;
  if (WORDS.has(token.text) || QUALIFIERS.has(token.text) || RECORDS.has(token.text)) return true;
  if (token.text === 'typeof' || token.text === '__typeof__') return true;
  return scope.isTypedef(token.text) && !scope.isValue(token.text);
}

/** typeName = qualifier* specifier (qualifier | "*")* ("[" number? "]")* */
export function parseTypeName(parser: Parser): TypeNode {
  const start = parser.peek();
  skipQualifiers(parser);
  const specifier = parseSpecifier(parser);
  const derivations: TypeNode['derivations'] = [];
  for (;;) {
    skipQualifiers(parser);
    if (!parser.accept('*')) break;
    derivations.push({ kind: 'pointer' });
  }
  const arrays: TypeNode['derivations'] = [];
  while (parser.accept('[')) {
    const token = parser.peek();
    const count = token.kind === 'number' ? token.value : undefined;
    if (count !== undefined) parser.take();
    parser.expect(']');
    arrays.unshift({ kind: 'array', count });
  }
  const end = parser.peek();
  return {
    at: start.at,
    length: Math.max(1, end.at - start.at),
    specifier,
    derivations: [...derivations, ...arrays],
  };
}

function skipQualifiers(parser: Parser): void {
  for (;;) {
    const token = parser.peek();
    if (token.kind !== 'name' || !QUALIFIERS.has(token.text)) return;
    parser.take();
  }
}

function parseSpecifier(parser: Parser): TypeNode['specifier'] {
  const first = parser.peek();
  if (first.kind !== 'name') throw new ExpressionError('expected a type name', first.at, first.length);
  if (first.text === 'struct' || first.text === 'union' || first.text === 'enum') {
    parser.take();
    return {
      kind: 'record',
      record: first.text,
      name: parser.expectName(`the name of the ${first.text}`).text,
    };
  }
  if (first.text === 'typeof' || first.text === '__typeof__') {
    parser.take();
    parser.expect('(');
    const operand = parser.comma();
    parser.expect(')');
    return { kind: 'typeof', operand };
  }
  const words: string[] = [];
  for (;;) {
    const token = parser.peek();
    if (token.kind !== 'name') break;
    if (WORDS.has(token.text)) words.push(token.text);
    else if (!QUALIFIERS.has(token.text)) break;
    parser.take();
  }
  if (words.length > 0) return { kind: 'words', words };
  return { kind: 'typedef', name: parser.expectName('a type name').text };
}
