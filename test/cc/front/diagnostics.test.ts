/**
 * What the front end says about wrong programs: the message, its place, one message per mistake, and what it keeps quiet
 * about.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDiagnostic } from '../../../emulator/cc/diagnostic';
import { front, memoryFiles, messages } from './support';

const PROBES = `struct pt_regs { unsigned long ip; };
struct kprobe;
typedef int (*pre_t)(struct kprobe *p, struct pt_regs *regs);
struct kprobe { const char *symbol_name; pre_t pre_handler; };
int register_kprobe(struct kprobe *p);
int printk(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
`;

/** Text → all messages, in order. */
const CASES: readonly (readonly [string, readonly string[]])[] = [
  ['int f(void) { return x; }', ["1:22: error: 'x' undeclared (first use in this function)"]],
  ['int f(void) { x = x + x; return x; }', ["1:15: error: 'x' undeclared (first use in this function)"]],
  [
    'int counter; int f(void) { return conter; }',
    ["1:35: error: 'conter' undeclared (first use in this function); did you mean 'counter'?"],
  ],
  [
    'int f(void) { retrun 0; }',
    [
      "1:15: error: 'retrun' undeclared (first use in this function); did you mean 'return'?",
      "1:25: warning: control reaches end of non-void function 'f'",
    ],
  ],
  ['int f(void)\n{\n  int a = 1\n  return a;\n}', ["3:12: error: expected ';' before 'return'"]],
  ['struct s { int a; }\nint b;', ["1:20: error: expected ';' before 'int'"]],
  ['int f(void) { return (1 + ; }', ["1:27: error: expected expression before ';'"]],
  ['int f(void) { if (1 { return 2; } return 3; }', ["1:21: error: expected ')' before '{'"]],
  ['unsinged x; int y = 1;', ["1:1: error: unknown type name 'unsinged'; did you mean 'unsigned'?"]],
  [
    'float f(double d);',
    [
      '1:1: error: floating point is not supported (kernel code does without it)',
      '1:9: error: floating point is not supported (kernel code does without it)',
    ],
  ],
  ['int f(int a) { g(a); return 0; }', ["1:16: warning: implicit declaration of function 'g'"]],
  [
    'int g(int a, int b); int f(void) { return g(1); }',
    ["1:44: error: too few arguments to 'g': expected 2, have 1"],
  ],
  [
    'int g(int a); int f(void) { return g(1, 2); }',
    ["1:41: error: too many arguments to 'g': expected 1, have 2"],
  ],
  [
    'struct s { int hits; }; int f(struct s *p) { return p->hist; }',
    ["1:56: error: 'struct s' has no member named 'hist'; did you mean 'hits'?"],
  ],
  [
    'struct s { int a; }; int f(struct s *p) { return p.a; }',
    ["1:51: error: 'struct s *' is a pointer; did you mean to use '->'?"],
  ],
  [
    'struct s; int f(struct s *p) { return p->a; }',
    ["1:42: error: invalid use of undefined type 'struct s'"],
  ],
  [
    'int f(int *p) { char *q = p; return q == p; }',
    [
      "1:27: warning: initialization of 'char *' from 'int *': incompatible pointer types",
      "1:39: warning: comparison of distinct pointer types: 'char *' and 'int *'",
    ],
  ],
  [
    'char *f(void) { return 5; }',
    [
      "1:24: warning: returning 'int' from a function with return type 'char *' makes pointer from integer without a cast",
    ],
  ],
  [
    'void f(const char *p) { char *q = p; *q = 0; }',
    [
      "1:35: warning: initialization of 'char *' from 'const char *' discards 'const' qualifier from pointer target type",
    ],
  ],
  ['void f(const int *p) { *p = 1; }', ['1:27: error: assignment of read-only location']],
  [
    'int f(int x) { switch (x) { case 1: case 2: case 1: return 1; } return 0; }',
    ['1:45: error: duplicate case value'],
  ],
  ['int f(void) { break; return 0; }', ['1:15: error: break statement not within loop or switch']],
  ['int f(void) { goto out; return 0; }', ["1:20: error: label 'out' used but not defined"]],
  ['int x = y; int y;', ["1:9: error: 'y' undeclared here (not in a function)"]],
  ['int g(void); int x = g();', ['1:22: error: initializer element is not constant']],
  ['int a[2] = { 1, 2, 3 };', ['1:20: warning: excess elements in array initializer']],
  ['int f(int a) { int a = 1; return a; }', ["1:20: error: redeclaration of 'a'"]],
  ['int f(int); long f(int);', ["1:18: error: conflicting types for 'f'; have 'long (int)'"]],
  ['_Static_assert(sizeof(int) == 8, "odd");', ['1:1: error: static assertion failed: "odd"']],
  [
    'MODULE_LICENSE("GPL");\nint x;',
    ["1:1: error: 'MODULE_LICENSE' is neither a type nor a known macro here: is an #include missing?"],
  ],
  ["int f(void) { return '; }", ["1:22: error: missing terminating ' character"]],
  [
    'int f(void) { return 08 + 0x + 1x; }',
    [
      '1:22: error: invalid digit "8" in octal constant',
      '1:27: error: invalid suffix "x" on integer constant',
      '1:32: error: invalid suffix "x" on integer constant',
    ],
  ],
  [
    `${PROBES}static struct kprobe kp; void f(void) { register_kprobe(&kp); }`,
    [
      "7:41: warning: the result of 'register_kprobe' is not checked: if the probe could not be placed, only its negative errno says so",
    ],
  ],
  [
    `${PROBES}void f(unsigned long a, char *s) { printk("%d %s %lu %5.*s %%\\n", a, s, a, 3, s); printk("%s\\n"); printk("x", 1); }`,
    [
      "7:67: warning: format '%d' expects argument of type 'int', but argument 2 has type 'unsigned long'; did you mean '%ld'?",
      "7:90: warning: format '%s' expects a matching argument",
      '7:111: warning: too many arguments for format',
    ],
  ],
  [
    'pit_t total; int f(void) { foo_t *x = 0; total = x[1] + 1; return total; }',
    ["1:1: error: unknown type name 'pit_t'", "1:28: error: unknown type name 'foo_t'"],
  ],
  // What must stay quiet.
  [
    'typedef unsigned long size_t; void *p = (void *)0; int f(size_t n) { return n ? 1 : 0; } int *q = 0;',
    [],
  ],
  [
    'int f(int x) { for (;;) { if (x) return 1; } } int g(int x) { while (1) x++; } int h(int x) { if (x) return 1; else return 2; }',
    [],
  ],
  [
    'void die(void) __attribute__((noreturn)); int f(int x) { switch (x) { case 1: return 2; default: die(); } }',
    [],
  ],
  ['static inline int f(void) { return __LINE__; } enum { A, B, }; int a[] = { [A] = 1, [B] 2, };', []],
  [
    'int f(unsigned char *p, char *q) { return p == (void *)q; } void g(unsigned *); void h(int *i) { g(i); }',
    [],
  ],
];

for (const [text, expected] of CASES) {
  test(text.replace(PROBES, '… ').slice(0, 100), () => {
    assert.deepEqual(messages(front(text)), expected);
  });
}

test('a callback of the wrong shape is told the right one', () => {
  const text = `${PROBES}static int h(struct kprobe *p, int x) { return 0; }\nstatic struct kprobe kp = { .pre_handler = h };\n`;
  const [warning] = front(text).diagnostics;
  assert.equal(warning.code, 'incompatible-pointer-types');
  assert.deepEqual(
    warning.notes.map((note) => note.message),
    [
      "'h' is declared as: int h(struct kprobe *p, int x)",
      'it must be declared as: int h(struct kprobe *p, struct pt_regs *regs)',
    ],
  );
});

test('a message through macros shows the line that was written and the chain behind it', () => {
  const text =
    '#define DEREF(p) ((p)->x)\n#define GET(p) DEREF(p)\nint f(int a)\n{\n\treturn 1 + GET(a);\n}\n';
  const [error] = front(text).diagnostics;
  assert.equal(
    formatDiagnostic(error, memoryFiles({ 'main.c': text })),
    `main.c:5:13: error: invalid type argument of '->' (have 'int')
    5 |  return 1 + GET(a);
      |             ^
main.c:1:22: note: in expansion of macro 'DEREF'
    1 | #define DEREF(p) ((p)->x)
      |                      ^
main.c:2:16: note: in expansion of macro 'GET'
    2 | #define GET(p) DEREF(p)
      |                ^`,
  );
});

test('attributes are read by name, also those that JavaScript objects have', () => {
  const text =
    '__attribute__((constructor)) static void a(void) {} __attribute__((destructor(101), toString)) static void b(void) {}';
  const result = front(text);
  assert.equal(result.unit.functions[0].attributes.constructorPriority, 65535);
  assert.equal(result.unit.functions[1].attributes.destructorPriority, 101);
  assert.deepEqual(messages(result), [
    "1:85: warning: 'toString' attribute directive ignored; did you mean 'nonstring'?",
  ]);
});

test('all errors of a file come in one run', () => {
  const text =
    'int f(void) { return a; }\nint g(void) { return (; }\nint h(void) { b(; return c; }\nstruct s { foo x; int y; };\nint i(struct s *s) { return s->y + s->z; }\n';
  assert.deepEqual(
    front(text)
      .diagnostics.filter((d) => d.severity === 'error')
      .map((d) => d.line),
    [1, 2, 3, 3, 4, 5],
  );
});
