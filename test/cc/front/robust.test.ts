/**
 * The front end on hopeless input: it never throws, never hangs, and says one thing.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDiagnostic } from '../../../emulator/cc/diagnostic';
import { front, messages, random, seedFrom } from './support';

const many = (text: string, count: number) => text.repeat(count);

/** Input → the only error, or undefined if the input is fine. */
const BOMBS: Readonly<Record<string, readonly [string, string | undefined]>> = {
  'a parenthesis 100,000 deep': [
    `int x = ${many('(', 100_000)}1${many(')', 100_000)};`,
    'nesting is deeper than 300 levels',
  ],
  'a chain of 100,000 operators': [
    `int f(int x) { return ${many('x+', 100_000)}x; }`,
    'expression has more than 2000 operators in a row',
  ],
  'unary operators': [`int f(int x) { return ${many('-', 100_001)}x; }`, 'nesting is deeper than 300 levels'],
  conditionals: [`int f(int x) { return ${many('x?x:', 100_000)}x; }`, 'nesting is deeper than 300 levels'],
  blocks: [
    `int f(int x) { ${many('{', 100_000)} ${many('}', 100_000)} return x; }`,
    'nesting is deeper than 300 levels',
  ],
  'else if': [
    `int f(int x) { ${many('if(x) x=1; else ', 100_000)} ; return x; }`,
    "more than 1000 'else if' in a row",
  ],
  pointers: [`int ${many('*', 100_000)} p;`, 'more than 200 pointers in a declarator'],
  dimensions: [`int p${many('[1]', 100_000)};`, 'more than 200 dimensions in a declarator'],
  declarators: [`int ${many('(', 100_000)} p ${many(')', 100_000)};`, 'nesting is deeper than 300 levels'],
  structures: [
    `${many('struct {', 100_000)} int a; ${many('};', 100_000)}`,
    'nesting is deeper than 300 levels',
  ],
  braces: [`int p[] = ${many('{', 100_000)}1${many('}', 100_000)};`, 'nesting is deeper than 300 levels'],
  'a macro bomb': [
    `#define A0 1+1\n${Array.from({ length: 40 }, (_, i) => `#define A${i + 1} A${i}+A${i}`).join('\n')}\nint x = 0 * (A40);`,
    "expanding macro 'A1' makes too many tokens",
  ],
  'macros in macros': [
    `#define f(x) x\nint x = ${many('f(', 20_000)}1${many(')', 20_000)};`,
    "expanding macro 'f' makes too many tokens",
  ],
  'an #if 100,000 deep': [
    `#if ${many('(', 100_000)}1${many(')', 100_000)}\n#endif\nint x;`,
    '#if expression is nested too deeply',
  ],
  'nested conditionals': [`${many('#if 1\n', 20_000)}int x;\n${many('#endif\n', 20_000)}`, undefined],
  'a big initialiser': [`int p[] = {${many('1,2,3,4,5,6,7,8,9,10,', 100_000)}};`, undefined],
  'a huge array': ['char b[] = { [1ul << 30] = 1 };', 'the initializer makes the object too large'],
  'a huge range': [
    'int f(void) { int b[1 << 29] = { [0 ... 1 << 28] = 1 }; return b[0]; }',
    'the index range is too large for an automatic object',
  ],
  'a switch of 20,000 cases': [
    `int f(int x) { switch (x) { ${Array.from({ length: 20_000 }, (_, i) => `case ${i}:`).join('')}; } return 0; }`,
    undefined,
  ],
  'zero bytes': [`${many('\0', 100_000)}int x;`, "expected a declaration before '\0'"],
  'an open comment': [`/*${many('x', 100_000)}`, 'unterminated comment'],
};

for (const [name, [text, expected]] of Object.entries(BOMBS)) {
  test(name, () => {
    const errors = front(text).diagnostics.filter((d) => d.severity === 'error');
    assert.equal(errors[0]?.message.replace(/'A\d+'/, "'A1'"), expected);
  });
}

test('unknown names without end stop at a limit', () => {
  const text = `int f(void) { ${Array.from({ length: 5000 }, (_, i) => `v${i} = 1;`).join(' ')} return 0; }`;
  const lines = messages(front(text));
  assert.equal(lines.length, 201);
  assert.match(lines[200], /too many errors/);
});

const SAMPLE = `#include "h.h"
#define LIST(x) x(a) x(b) x(c)
#define DECL(n) static struct node n##_node = { .next = &n##_head, .name = #n };
typedef unsigned long ulong_t;
struct node { struct node *next; const char *name; unsigned flags : 3, mode : 5; union { int i; char c[4]; }; };
static struct node a_head, b_head, c_head;
LIST(DECL)
enum state { IDLE, RUNNING = 4, DONE };
static inline int count(struct node *n) { int r = 0; for (; n; n = n->next) r++; return r; }
int handle(struct node *n, int (*cb)(struct node *, ...), ulong_t max)
{
	static const int table[] = { [IDLE] = 1, [RUNNING ... DONE] = 2 };
	int vla[max + 1], i = 0;
	switch (n->mode) { case 0 ... 3: i = table[n->mode]; break; default: goto out; }
	asm volatile("mov %1, %0" : "=r"(i) : "rm"(n->i) : "memory");
	i += ({ __typeof__(i) t = i; t ?: 3; }) + _Generic(max, ulong_t: 1, default: 2) + (int)sizeof(vla);
out:
	return cb ? cb(n, "x%d\\n", i, (struct node){ .name = "tmp" }.flags) : count(n) << 2;
}
`;
const WORDS =
  'int ( ) { } [ ] ; , * & struct x = case switch if else for while "s" \'c\' 1 0x7fffffffffffffff typedef static __attribute__ (( )) # ## sizeof -> . ... ? : goto asm __label__ typeof _Generic default return enum union - + / % << ! ~ || __builtin_va_arg __builtin_offsetof \\ // /* */ @ $ ` \u00e9 ({ }) float void char __auto_type inline _Static_assert register && == 1.5 0x 08 \n#define \n#if \n#endif \n#else \n#include'.split(
    ' ',
  );

test('mutilated programs are diagnosed, never thrown at', () => {
  const pick = random(seedFrom('MUTILATE_SEED', 12));
  for (let round = 0; round < 400; round++) {
    let text = SAMPLE;
    for (let edits = 1 + pick(4); edits > 0; edits--) {
      const at = pick(text.length + 1);
      const kind = pick(4);
      if (kind === 0) text = text.slice(0, at);
      else if (kind === 1) text = text.slice(0, at) + text.slice(at + 1 + pick(12));
      else if (kind === 2) text = `${text.slice(0, at)} ${WORDS[pick(WORDS.length)]} ${text.slice(at)}`;
      else text = text.slice(0, at) + text.slice(pick(text.length + 1)).slice(0, 100) + text.slice(at);
    }
    const result = front(text, { recordUses: pick(2) === 0 }, { 'h.h': 'extern int shared;\n' });
    for (const d of result.diagnostics) formatDiagnostic(d);
    assert.ok(result.unit.functions.length >= 0, `seed round ${round}`);
  }
});

test('random bytes are diagnosed, never thrown at', () => {
  const pick = random(seedFrom('BYTES_SEED', 5));
  for (let round = 0; round < 200; round++) {
    const text = Array.from({ length: pick(400) }, () =>
      String.fromCharCode(pick(8) === 0 ? pick(0x2000) : 32 + pick(96)),
    ).join('');
    const result = front(text);
    for (const d of result.diagnostics) formatDiagnostic(d);
    assert.equal(result.unit.path, 'main.c');
  }
});
