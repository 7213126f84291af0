/**
 * The preprocessor against `gcc -E`, token for token, and its own rules: guards, depth, lines, messages.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Interner } from '../../../emulator/cc/lex/interner';
import { lexFile } from '../../../emulator/cc/lex/lexer';
import { spellingOf } from '../../../emulator/cc/pp/operators';
import { preprocessToText } from '../../../emulator/cc/pp/text';
import { front, gcc, memoryFiles, messages, random, seedFrom, withoutGcc } from './support';

/** The spellings of a text's tokens. */
function tokensOf(text: string): string[] {
  const interner = new Interner();
  const { tokens } = lexFile(text, interner);
  return Array.from({ length: tokens.length - 1 }, (_, i) => spellingOf(tokens, interner, i));
}

function ours(text: string): string[] {
  const result = preprocessToText('main.c', memoryFiles({ 'main.c': text }), {
    includePaths: [],
    defines: {},
  });
  assert.deepEqual(result.diagnostics, []);
  return tokensOf(result.text);
}

function sameAsGcc(text: string): void {
  assert.deepEqual(
    ours(text),
    tokensOf(gcc(text, ['-E', '-P', '-ffreestanding', '-O1', '-nostdinc']).replace(/^#pragma.*$/gm, '')),
    text,
  );
}

const CASES: Readonly<Record<string, string>> = {
  'a macro does not expand inside itself':
    '#define A B A\n#define B A B\nA B\n#define f(x) f(x + 1) g\nf(f(2))(3) f\n',
  'names meet their arguments late':
    '#define call(f, x) f(x)\n#define twice(x) x x\n#define obj twice\ncall(twice, 1) obj(2) obj (call)(obj, 3)\n#define open (\nobj open 4 )\n',
  'operators of the replacement list':
    '#define s(x) #x\n#define xs(x) s(x)\n#define cat(a, b) a ## b\n#define V 1\ns(V) xs(V) xs( a  "q\\n" \'c\' + V ) cat(V, 2) cat(, x) cat(x, ) cat(, ) cat(<<, =) cat(., 5) xs(cat(a, b)cat(c, d))\n',
  'variadic macros':
    '#define e(f, ...) p(f, ##__VA_ARGS__)\n#define g(f, r...) p(f, ##r) r\n#define h(...) __VA_ARGS__ #__VA_ARGS__\ne(1) e(1, 2) e(1, (2, 3), 4) g(1) g(1, 2, 3) h() h(a, b) h(a,) e(1,)\n',
  __VA_OPT__:
    '#define f(x, ...) x __VA_OPT__(, [__VA_ARGS__]) y\n#define c(a, ...) a ## __VA_OPT__(b c) ## d\nf(1) f(1,) f(1, 2) f(1, 2, 3) c(q) c(q, r)\n#define EMPTY\nf(1, EMPTY)\n',
  'arguments over lines and directives':
    '#define f(a, b) [a|b]\nf(1 +\n 2,\n#ifdef f\n 3\n#else\n 4\n#endif\n)\nf\n(x, y)\n',
  conditionals:
    "#define T 1\n#if defined T && !defined(U) && (1 ? 2 : (1 / 0)) == 2 && -1 > 0u && 0x7fffffffffffffff + 1u > 0\nyes\n#elif T\nno\n#endif\n#if 0\n# if 1\n it's skipped\n# endif\n#elif 'A' == 65 && '\\377' < 0 && (2 || 1/0)\ntwo\n#else\nthree\n#endif\n#ifndef T\na\n#else\nb\n#endif\n#if defined(__has_include) && __has_attribute(noinline) && !__has_attribute(nonsense) && __has_builtin(__builtin_expect)\nfeatures\n#endif\n",
  'splices and comments':
    'a\\\nb /* x\n y */ c // d \\\n still\ne "s\\\nt" 1\\\n2 +\\\n+ .\\\n. .\n#def\\\nine Q 1 /* comment\n goes on */ + 2\nQ\n',
  'dynamic macros':
    '__LINE__ __COUNTER__ __COUNTER__ __INCLUDE_LEVEL__\n#define L __LINE__\n#define id(x) x\nL id(L\n__LINE__) __FILE__\n#line 77 "other.c"\n__LINE__ __FILE__\n#line 5\nL __FILE__\n',
  'push, pop and undef':
    '#define A 1\n#pragma push_macro("A")\n#undef A\n#define A 2\nA\n#pragma pop_macro("A")\nA\n#undef A\nA\n',
  'digraphs and stray text':
    '%: define X <: :> <% %>\nX #X @ ` \\ $\n#define str(x) #x\nstr(<:) str(@ \\ `)\n',
  'recursion through arguments':
    '#define NIL(x) x\n#define G_0(a) NIL(G_1)(a)\n#define G_1(a) NIL(G_0)(a)\nG_0(42)\n#define AA(x) x BB\n#define BB(x) x AA\nAA(1)(2)(3)\n',
};

for (const [name, text] of Object.entries(CASES)) {
  test(`as gcc -E: ${name}`, { skip: withoutGcc }, () => sameAsGcc(text));
}

test('as gcc -E: random macros', { skip: withoutGcc }, () => {
  const pick = random(seedFrom('MACRO_SEED', 7));
  const word = () =>
    ['a', 'b', 'c', 'x', 'y', 'F0', 'F1', 'F2', 'O0', 'O1', 'O2', '1', '+', '"s"', '(', ')', ','][pick(17)];
  const balanced = (n: number, words: readonly string[]): string => {
    let text = '';
    let depth = 0;
    for (let i = 0; i < n; i++) {
      const w = words[pick(words.length)] ?? word();
      if (w === ')' && depth === 0) continue;
      depth += w === '(' ? 1 : w === ')' ? -1 : 0;
      text += ` ${w}`;
    }
    return text + ' )'.repeat(depth);
  };
  const any = ['a', 'x', 'F0', 'F1', 'F2', 'O0', 'O1', 'O2', '1', '+', '"s"', '(', ')', ','];
  for (let round = 0; round < 60; round++) {
    let text = '';
    for (let i = 0; i < 3; i++) text += `#define O${i}${balanced(1 + pick(5), any)}\n`;
    for (let i = 0; i < 3; i++)
      text += `#define F${i}(...) [__VA_ARGS__]${balanced(1 + pick(6), [...any, '__VA_ARGS__', '#__VA_ARGS__'])}\n`;
    text += `${balanced(12, any)}\n`;
    sameAsGcc(text);
  }
});

test('an include guard and #pragma once read a header once; a cycle ends in one error', () => {
  const files = {
    'guard.h': '#ifndef G\n#define G\nint a;\n#endif\n',
    'once.h': '#pragma once\nint b;\n',
    'self.h': '#include "self.h"\n#include "self.h"\n',
  };
  const text = '#include "guard.h"\n#include "guard.h"\n#include "once.h"\n#include <once.h>\n';
  const result = preprocessToText('main.c', memoryFiles({ ...files, 'main.c': text }), {
    includePaths: [''],
    defines: {},
  });
  assert.deepEqual(tokensOf(result.text), ['int', 'a', ';', 'int', 'b', ';']);
  assert.deepEqual(messages(front('#include "self.h"\n', {}, files)), [
    '1:10: error: #include nested depth 200 exceeds maximum: does the file include itself?',
  ]);
});

test('#include "…" looks beside the includer, <…> along the paths, include_next goes on behind', () => {
  const files = {
    'dir/a.h': '#include "b.h"\n#include <b.h>\n',
    'dir/b.h': 'beside\n',
    'one/b.h': 'one\n#include_next <b.h>\n',
    'two/b.h': 'two\n',
    'main.c': '#include "dir/a.h"\n',
  };
  const result = preprocessToText('main.c', memoryFiles(files), {
    includePaths: ['one', 'two'],
    defines: {},
  });
  assert.deepEqual(tokensOf(result.text), ['beside', 'one', 'two']);
});

test('text keeps lines and says where each came from', () => {
  const files = {
    'main.S': '#include "h.h"\n\t.globl x\nx:\tmov $N, %rax # \'note\'\n',
    'h.h': '#define N 5\n\n.text\n',
  };
  const result = preprocessToText('main.S', memoryFiles(files), {
    includePaths: [],
    defines: {},
    assembly: true,
  });
  assert.deepEqual(result.diagnostics, []);
  assert.deepEqual(
    result.text
      .trimEnd()
      .split('\n')
      .map((line, i) => `${result.lines[i].file}:${result.lines[i].line} ${line.split('#')[0].trim()}`),
    ['h.h:3 .text', 'main.S:2 .globl x', 'main.S:3 x: mov $5, %rax'],
  );
});

const MESSAGES: readonly (readonly [string, string])[] = [
  ['#error stop  here\n', '1:2: error: #error stop  here'],
  ['#include "none.h"\n', '1:10: error: none.h: no such file or directory'],
  ['#if 1\n', '1:1: error: unterminated conditional directive (#endif is missing)'],
  ['#endif\n', '1:2: error: #endif without #if'],
  ['#if 1 +\n#endif\n', '1:7: error: #if with no expression: an operand is missing'],
  ['#if 1 / 0\n#endif\n', '1:7: error: division by zero in #if'],
  ['#defin X\n', '1:2: error: invalid preprocessing directive #defin; did you mean #define?'],
  ['#define f(x) #y\n', "1:14: error: '#' is not followed by a macro parameter"],
  ['#define f(x) ## x\n', "1:14: error: '##' cannot appear at either end of a macro expansion"],
  ['#define f(x, y) x\nf(1)\n', '2:1: error: macro "f" requires 2 arguments, but only 1 given'],
  ['#define f(x) x\nf(1\n', '2:1: error: unterminated argument list invoking macro "f"'],
  [
    '#define c(a, b) a ## b\nint c(+, /);\n',
    '2:7: error: pasting "+" and "/" does not give a valid preprocessing token',
  ],
];

for (const [text, message] of MESSAGES) {
  test(`message: ${message}`, () => {
    assert.equal(messages(front(text))[0], message);
  });
}
