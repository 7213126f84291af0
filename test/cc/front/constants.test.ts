/**
 * Constant expressions have gcc's values and gcc's types: random expressions in static initialisers, byte for byte.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { front, gcc, messages, random, seedFrom, withoutGcc } from './support';

const TYPES = [
  'char',
  'signed char',
  'unsigned char',
  'short',
  'unsigned short',
  'int',
  'unsigned',
  'long',
  'unsigned long',
  'long long',
  'unsigned long long',
  '_Bool',
];
const LITERALS = [
  '0',
  '1',
  '2',
  '7',
  '31',
  '0x7fffffff',
  '0x80000000',
  '2147483648',
  '0xffffffff',
  '4294967295u',
  '1l',
  '0x7fffffffffffffff',
  '0xffffffffffffffff',
  '3ul',
  '5ll',
  '010',
  '0b101',
  "'a'",
  "'\\377'",
  'sizeof(int)',
  'E1',
  'E2',
  '9ull',
];
const BINARY = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '&',
  '|',
  '^',
  '<<',
  '>>',
  '<',
  '>',
  '<=',
  '>=',
  '==',
  '!=',
  '&&',
  '||',
];

/** A random expression as C text. */
function expression(pick: (n: number) => number, depth: number): string {
  if (depth === 0 || pick(6) === 0) return LITERALS[pick(LITERALS.length)];
  const sub = () => expression(pick, depth - 1);
  switch (pick(8)) {
    case 0:
      return `(${TYPES[pick(TYPES.length)]})${sub()}`;
    case 1:
      return `(${['-', '~', '!', '+'][pick(4)]} ${sub()})`;
    case 2:
      return `(${sub()} ? ${sub()} : ${sub()})`;
    default: {
      const operator = BINARY[pick(BINARY.length)];
      if (operator === '<<' || operator === '>>')
        return `((unsigned long)${sub()} ${operator} (${sub()} & 31))`;
      if (operator === '/' || operator === '%') return `(${sub()} ${operator} ((${sub()} & 0xff) | 1))`;
      return `(${sub()} ${operator} ${sub()})`;
    }
  }
}

test('values, sizes and signedness of constant expressions are gcc’s', { skip: withoutGcc }, () => {
  const pick = random(seedFrom('CONSTANT_SEED', 4711));
  const texts = Array.from({ length: 600 }, () => expression(pick, 4));
  const declarations = [
    'enum { E1 = -3, E2 = 0x7fffffff };',
    ...texts.map(
      (text, i) =>
        `long v${i} = (long)${text}; int s${i} = sizeof(${text}) * 2 + ((__typeof__(${text}))-1 < 0);`,
    ),
  ].join('\n');
  const prints = texts.map((_, i) => `printf("%ld %d\\n", v${i}, s${i});`).join('\n');
  const expected = gcc(
    `int printf(const char *, ...);\n${declarations}\nint main(void) {\n${prints}\nreturn 0; }\n`,
    ['-w', '-fwrapv'],
    true,
  )
    .trim()
    .split('\n');
  const result = front(declarations);
  assert.deepEqual(
    messages(result).filter((m) => m.includes('error')),
    [],
  );
  const read = (name: string): bigint => {
    const variable = result.unit.variables.find((v) => v.name === name);
    const bytes = new Uint8Array(8);
    bytes.set(variable?.initializer?.bytes ?? []);
    const view = new DataView(bytes.buffer);
    return name.startsWith('s') ? BigInt(view.getInt32(0, true)) : view.getBigInt64(0, true);
  };
  texts.forEach((text, i) => {
    assert.equal(`${read(`v${i}`)} ${read(`s${i}`)}`, expected[i], text);
  });
});
