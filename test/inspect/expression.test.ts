/** C expressions over guest memory: operators, types, macros, assignments, and errors that point at their place. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withCaret } from '../../emulator/inspect/expression/error';
import { evaluate } from '../../emulator/inspect/expression/evaluate';
import { formatValue } from '../../emulator/inspect/format';
import { typeName } from '../../emulator/inspect/type-name';
import { BASE, world } from './world';

/** `value : type` of an expression, or its error with the caret. */
function answer(text: string, sideEffects = true, place = world()): string {
  const result = evaluate(text, place.scope, { sideEffects });
  if ('failure' in result) return withCaret(text, result.failure);
  return `${formatValue(result.value, place.describer)} : ${typeName(result.value.type)}`;
}

const CASES: readonly [text: string, expected: string][] = [
  ['1 + 2 * 3', '7 : int'],
  ['(1 + 2) * 3', '9 : int'],
  ['-7 / 2', '-3 : int'],
  ['-7 % 3', '-1 : int'],
  ['1 << 31', '-2147483648 : int'],
  ['1u << 31', '2147483648 : unsigned int'],
  ['0xffffffff', '4294967295 : unsigned int'],
  ['4294967295', '4294967295 : long'],
  ['0x8000000000000000', '9223372036854775808 : unsigned long'],
  ['~0', '-1 : int'],
  ['-1 < 0u', '0 : int'],
  ['-1 < 0L', '1 : int'],
  ["'A'", '65 : int'],
  ["'\\n'", '10 : int'],
  ['!5 || 3 && 0', '0 : int'],
  ['0 ? 1 : 2L', '2 : long'],
  ['7 ?: 9', '7 : int'],
  ['1, 2', '2 : int'],
  ['byte + byte', '400 : int'],
  ['(unsigned char)300', "44 ',' : unsigned char"],
  ['(int)0xffffffff', '-1 : int'],
  ['sizeof(struct task)', '64 : unsigned long'],
  ['sizeof task.comm', '16 : unsigned long'],
  ['sizeof(u64 *)', '8 : unsigned long'],
  ['offsetof(struct task, children)', '32 : unsigned long'],
  ['container_of(&task.children, struct task, children)->pid', '7 : int'],
  ['task.pid', '7 : int'],
  ['current->comm', '"cat" : char [16]'],
  ['current->parent->comm', '"init" : char [16]'],
  ['current.parent.pid', '1 : int'],
  ['task.ready', '1 : unsigned int'],
  ['task.level', '5 : unsigned int'],
  ['task.delta', '-3 : int'],
  ['task.raw', '4294967298 : long'],
  ['task.high', '1 : int'],
  ['squares[3]', '9 : int'],
  ['3[squares]', '9 : int'],
  ['*(squares + 4)', '16 : int'],
  ['&squares[5] - squares', '5 : long'],
  ['(unsigned long)&task', `${BASE} : unsigned long`],
  ['filename', `0x${(BASE + 512n).toString(16)} "/etc/hostname" : const char *`],
  ['filename[1]', "101 'e' : const char"],
  ['*filename == 47', '1 : int'],
  ['filename == "/etc/hostname"', '1 : int'],
  ['$comm != "cat"', '0 : int'],
  ['colour', 'GREEN (5) : enum colour'],
  ['colour == GREEN', '1 : int'],
  ['(enum colour)0', 'RED (0) : enum colour'],
  ['flags & O_CREAT', '64 : int'],
  ['MAX(3, squares[2])', '4 : int'],
  ['IS_ERR($ax)', '1 : int'],
  ['(long)$ax', '-2 : long'],
  ['(typeof(task.pid))5000000000', '705032704 : int'],
  ['(struct task *)$ax', '0xfffffffffffffffe (ERR_PTR -2) : struct task *'],
  ['(void *)$rip', '0xffffffff81000010 <do_sys_open+0x10> : void *'],
  ['(char *)0', 'NULL : char *'],
  ['sizeof(squares[0]++)', '4 : unsigned long'],
];

for (const [text, expected] of CASES) {
  test(text, () => assert.equal(answer(text), expected));
}

const ERRORS: readonly [text: string, expected: string][] = [
  ['filenam == 0', '`filenam` is not known here; did you mean `filename`?\nfilenam == 0\n^~~~~~~'],
  ['1 / 0', 'division by zero\n1 / 0\n^~~~~'],
  ['task.nope', '`struct task` has no member `nope`\ntask.nope\n     ^~~~'],
  ['*wild + 1', 'cannot read memory at 0x10\n*wild + 1\n^~~~~~~~~'],
  ['lost + 1', 'optimized out\nlost + 1\n^~~~~~~~'],
  ['1 +', 'expected an expression, found the end\n1 +\n   ^'],
  ['(1', 'expected `)`, found the end\n(1\n  ^'],
  ['1 2', 'unexpected text after the expression\n1 2\n  ^'],
  ['09', 'invalid octal number `09`\n09\n^~'],
  ['"abc', 'missing closing `"`\n"abc\n^~~~'],
  ['$nope', 'no register or value is called `$nope`\n$nope\n^~~~~'],
  ['(struct nope *)1', 'no `struct nope` is known here\n(struct nope *)1\n ^~~~~~~~~~~~~'],
  ['task + 1', 'a number is needed here, not `struct task`\ntask + 1\n^~~~~~~~'],
  [
    'printk(1)',
    'functions of the guest are called on request only: type `call f(x)` in the console\nprintk(1)\n^~~~~~~',
  ],
  ['LOOP', '`LOOP` is not known here\nLOOP\n^~~~'],
  ['1 = 2', 'not an lvalue: it has no place to be stored in\n1 = 2\n^~~~~'],
  ['#', 'expected an expression\n#\n^'],
  [`${'('.repeat(300)}1`, 'nested too deeply'],
];

for (const [text, expected] of ERRORS) {
  test(`error: ${text.slice(0, 30)}`, () => {
    const got = answer(text);
    assert.equal(text.length > 100 ? got.split('\n')[0] : got, expected);
  });
}

test('assignments change memory, bit-fields and registers', () => {
  const place = world();
  answer('task.pid = 99', true, place);
  answer('task.level += 1', true, place);
  answer('task.delta = -1', true, place);
  answer('squares[0]--', true, place);
  answer('$ax = 5', true, place);
  answer('*current = *current->parent, task.pid', true, place);
  assert.equal(answer('squares[0]', true, place), '-1 : int');
  assert.equal(answer('$ax', true, place), '5 : unsigned long');
  assert.equal(answer('task.comm', true, place), '"init" : char [16]');
  const fields = world();
  answer('task.level = 2', true, fields);
  assert.equal(answer('task.ready + task.level * 10 + task.delta * 100', true, fields), '-279 : int');
});

test('without side effects nothing changes', () => {
  const place = world();
  assert.match(answer('task.pid = 1', false, place), /would change the guest/);
  assert.match(answer('squares[0]++', false, place), /would change the guest/);
  assert.equal(answer('task.pid', false, place), '7 : int');
});

test('half-typed and random text never throws', () => {
  const seed = Number(process.env.SEED ?? 12345);
  console.log(`SEED=${seed}`);
  let state = seed >>> 0;
  const random = (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % n;
  };
  const parts = [
    'task',
    '.',
    '->',
    'pid',
    '(',
    ')',
    '[',
    ']',
    '*',
    '&',
    '1',
    '0x',
    '"',
    "'",
    '$ax',
    '=',
    '?',
    ':',
    'struct',
    'sizeof',
    ' ',
    '++',
    'MAX',
    ',',
    'u64',
    '\\',
  ];
  for (let i = 0; i < 5000; i++) {
    const text = Array.from({ length: random(12) }, () => parts[random(parts.length)]).join('');
    const result = evaluate(text, world().scope, { sideEffects: false });
    assert.ok('value' in result || result.failure.message.length > 0, text);
  }
});
