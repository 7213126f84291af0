/**
 * What is kept of debug tables is all of them: packed and unpacked, every row of every function is the same again.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deserialize, serialize } from 'node:v8';
import { compile } from '../../emulator/cc/compile';
import { link } from '../../emulator/cc/link';
import { packDebug, unpackDebug } from '../../emulator/cc/packed';

const SOURCE = `
struct point { int x, y; unsigned low : 3; };
enum colour { RED, GREEN = -5 };
#define TWICE(n) ((n) * 2)
static int table[4];
static inline __attribute__((always_inline)) long scale(long by, struct point *p)
{
	long here = by * p->x;
	return here + table[by & 3];
}
void use(long *);
__attribute__((noinline, section(".kprobes.text"))) static long inner(struct point *p, int n)
{
	const long minus = -7000000000;
	static int calls;
	long spilled = n;
	use(&spilled);
	calls++;
	return scale(n, p) + scale(spilled, p) + minus;
}
long outer(struct point *p, enum colour c) { return TWICE(inner(p, c)); }
void use(long *value) { *value += table[0]; }
`;

test('tables of a unit and of an image survive being kept', () => {
  const files = { read: (path: string) => (path === 'a.c' ? SOURCE : undefined) };
  const options = {
    includePaths: [],
    defines: {},
    target: 'module',
    ftraceNops: true,
    optimize: true,
  } as const;
  const { object, diagnostics } = compile('a.c', files, options);
  assert.deepEqual(diagnostics, []);
  assert.ok(object?.debug);
  const { image, errors } = link([object], { name: 'a', base: 0xffffffff81000000n });
  assert.deepEqual(errors, []);
  assert.ok(image);
  const kinds = new Set<string>();
  for (const debug of [object.debug, image.debug]) {
    const back = unpackDebug(deserialize(serialize(packDebug(debug))));
    assert.deepEqual({ ...back, functions: [] }, { ...debug, functions: [] });
    const whole = back.functions.map((fn) => {
      const { lines, inlines, variables, frame } = fn;
      return { ...fn, lines, inlines, variables, frame };
    });
    assert.deepEqual(whole, debug.functions);
    for (const fn of debug.functions)
      for (const { locations } of fn.variables)
        for (const { location } of locations) kinds.add(location.kind);
    assert.ok(debug.functions.some((fn) => fn.inlines.length === 2 && fn.attributes.nokprobe));
  }
  for (const kind of ['register', 'frame', 'symbol', 'constant', 'entryValue', 'optimizedOut'])
    assert.ok(kinds.has(kind), `no variable of the example is ${kind}`);
});
