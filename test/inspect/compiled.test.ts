/** Breakpoint places, variables and inlined bodies over debug information that our own compiler made. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../emulator/cc/compile';
import { link } from '../../emulator/cc/link';
import { FrameScope } from '../../emulator/inspect/frame-scope';
import { linesOf } from '../../emulator/inspect/lines';
import { inlineChain, type Program, programOf, visibleVariables } from '../../emulator/inspect/program';
import { typeName } from '../../emulator/inspect/type-name';

const SOURCE = `typedef unsigned long u64;
enum mood { CALM = 1, LOUD = 7 };
struct box { int width; u64 area; struct box *next; };
int total;
static struct box first = { 3, 9, 0 };
static inline __attribute__((always_inline)) int twice(int x)
{
	int y = x * 2; /* #twice */
	return y;
}
__attribute__((noinline)) int measure(struct box *b, int scale)
{
	int sum = b->width; /* #body */
	sum += twice(scale); /* #call */
	total += sum;
	return sum;
} /* #brace */
int caller(int n)
{
	return measure(&first, n) + twice(n + 1); /* #second */
}
`;

function line(marker: string): number {
  const index = SOURCE.split('\n').findIndex((one) => one.includes(`#${marker}`));
  assert.ok(index >= 0, marker);
  return index + 1;
}

function program(): Program {
  const provider = { read: (path: string) => (path === 'box.c' ? SOURCE : undefined) };
  const options = {
    includePaths: [],
    defines: {},
    target: 'kernel' as const,
    ftraceNops: false,
    optimize: true,
  };
  const { object, diagnostics } = compile('box.c', provider, options);
  assert.deepEqual(diagnostics, []);
  assert.ok(object);
  const { image, errors } = link([object], { name: 'box', base: 0xffffffff81000000n });
  assert.deepEqual(errors, []);
  assert.ok(image);
  return programOf(image);
}

test('a line of an inlined function has a place in every instance', () => {
  const place = linesOf(program()).place('box.c', line('twice'));
  assert.ok(place?.kind === 'code');
  assert.deepEqual(new Set(place.sites.map((site) => site.within.name)), new Set(['measure', 'caller']));
  assert.ok(place.sites.every((site) => site.inlineSite >= 0));
});

test('a closing brace is the return of its function; lines without code slide down', () => {
  const lines = linesOf(program());
  const brace = lines.place('box.c', line('brace'));
  assert.ok(brace?.kind === 'return');
  assert.deepEqual(
    brace.functions.map((one) => one.name),
    ['measure'],
  );
  // The opening brace's line has no code of its own.
  const opening = lines.place('box.c', line('body') - 1);
  assert.ok(opening?.kind === 'code');
  assert.ok(opening.line >= line('body') - 1 && opening.line <= line('body'));
  assert.equal(lines.place('box.c', 2), undefined);
  assert.equal(lines.place('other.c', 1), undefined);
  const offered = lines.locations('box.c', 1, 100).map((one) => one.line);
  assert.ok(offered.includes(line('brace')) && offered.includes(line('body')) && !offered.includes(3));
});

test('names resolve to typed values in a frame', () => {
  const box = program();
  const measure = box.functions('measure')[0];
  assert.ok(measure);
  const registers = new Map([
    ['di', 0x1000n],
    ['si', 5n],
    ['sp', 0x2000n],
  ]);
  const scope = new FrameScope({
    memory: { read: () => undefined, write: () => false },
    programs: [box],
    symbols: { address: () => undefined, similar: () => [] },
    code: { program: box, within: measure, offset: 0, inlineSite: -1 },
    registers: { get: (name) => registers.get(name), set: () => false },
    cfa: 0x2008n,
    task: undefined,
    returning: undefined,
    perCpuOffset: () => 0n,
  });
  const named = scope.locals().map(({ name, value, parameter }) => [name, typeName(value.type), parameter]);
  assert.deepEqual(named.slice(0, 2), [
    ['b', 'struct box *', true],
    ['scale', 'int', true],
  ]);
  const b = scope.variable('b');
  assert.ok(b?.place.kind === 'register' && b.place.get() === 0x1000n, 'arguments are in registers at entry');
  assert.equal(scope.variable('first')?.place.kind, 'memory');
  assert.equal(scope.variable('total')?.place.kind, 'memory');
  assert.equal(scope.enumerator('LOUD')?.place.kind, 'constant');
  assert.ok(scope.typedef('u64'));
  assert.ok(scope.record('struct', 'box'));
});

test('inlined bodies see their own variables', () => {
  const box = program();
  const place = linesOf(box).place('box.c', line('twice'));
  assert.ok(place?.kind === 'code');
  for (const { within, address } of place.sites) {
    const offset = Number(address - box.image.base) - within.start;
    const [innermost] = inlineChain(within, offset);
    assert.notEqual(innermost, undefined);
    const names = visibleVariables(within, offset, innermost ?? -1).map((one) => one.name);
    assert.ok(names.includes('x'), `${within.name}: ${names}`);
  }
});
