/** Steps from probes: by line and by instruction, across the out-of-line step, into, over and out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TinyMachine } from './tiny-machine';

const PROGRAM = `int total;
static inline __attribute__((always_inline)) int twice(int x)
{
	int y = x + x; /* #twice */
	return y;
}
__attribute__((noinline)) int leaf(int n) /* #leaf */
{
	total += n; /* #leafBody */
	return n + total; /* #leafReturn */
} /* #leafBrace */
__attribute__((noinline)) int outer(int n) /* #outer */
{
	int r = leaf(n); /* #one */
	r += leaf(r); /* #two */
	total = r; /* #three */
	return leaf(r); /* #outerReturn */
}
int result;
void entry(void)
{
	result = outer(10); /* #entry */
	total++; /* #after */
	total += 2; /* #last */
}
`;

/** What the program computes when nobody looks. */
const RESULT = 210;

async function finish(tiny: TinyMachine): Promise<void> {
  await tiny.breakpoints();
  tiny.target.resume();
  await tiny.event('kprobe/idle');
  assert.equal(tiny.global('result'), RESULT);
}

test('the program computes this undisturbed', async () => {
  const tiny = new TinyMachine(PROGRAM);
  await finish(tiny);
});

test('step over goes line by line, from the probe on, and over calls', async () => {
  const tiny = new TinyMachine(PROGRAM);
  await tiny.breakpoints('one');
  await tiny.run();
  assert.equal(await tiny.where(), `outer:${tiny.line('one')}`);
  assert.equal(await tiny.step('next'), `outer:${tiny.line('two')}`);
  assert.equal(await tiny.step('next'), `outer:${tiny.line('three')}`);
  assert.equal(await tiny.step('next'), `outer:${tiny.line('outerReturn')}`);
  await finish(tiny);
});

test('step into enters the called function behind its prologue, and out comes back', async () => {
  const tiny = new TinyMachine(PROGRAM);
  await tiny.breakpoints('one');
  await tiny.run();
  assert.equal(await tiny.step('stepIn'), `leaf:${tiny.line('leafBody')}`);
  assert.deepEqual(await tiny.scope('Arguments'), ['n = 10']);
  assert.equal(await tiny.step('next'), `leaf:${tiny.line('leafReturn')}`);
  assert.equal(await tiny.step('stepOut'), `outer:${tiny.line('one')}`);
  assert.equal(await tiny.step('next'), `outer:${tiny.line('two')}`);
  await finish(tiny);
});

test('instruction steps see each instruction once, the probed one included', async () => {
  const tiny = new TinyMachine(PROGRAM);
  await tiny.breakpoints('leaf');
  await tiny.run();
  const addresses: bigint[] = [];
  for (let count = 0; count < 6; count++) {
    const [top] = await tiny.frames();
    addresses.push(BigInt(top?.instructionPointerReference ?? 0));
    await tiny.step('stepIn', 'instruction');
  }
  const start = tiny.kernel.rawSymbol('leaf');
  const symbol = tiny.kernel.symbols.at(start);
  const starts = [...(tiny.kprobes.instructionStarts(start, symbol?.size ?? 0) ?? [])].sort((a, b) => a - b);
  assert.deepEqual(
    addresses.map((address) => Number(address - start)),
    starts.slice(0, 6),
  );
  await finish(tiny);
});

test('an instruction step over a probed call lands behind it', async () => {
  const tiny = new TinyMachine(PROGRAM);
  await tiny.breakpoints('one');
  await tiny.run();
  const seen = new Set<string>();
  for (let count = 0; count < 30; count++) {
    const where = await tiny.step('next', 'instruction');
    seen.add(where.split(':')[0] ?? '');
    if (where === `outer:${tiny.line('two')}`) break;
  }
  assert.deepEqual([...seen], ['outer']);
  await finish(tiny);
});

test('stepping out of a probed function passes its return probe’s trampoline', async () => {
  const tiny = new TinyMachine(PROGRAM);
  await tiny.request('setFunctionBreakpoints', {
    breakpoints: [{ name: 'leaf%return', hitCondition: '>= 100' }],
  });
  await tiny.breakpoints('leafBody');
  await tiny.run();
  assert.equal(await tiny.step('stepOut'), `outer:${tiny.line('one')}`);
  await tiny.request('setFunctionBreakpoints', { breakpoints: [] });
  await finish(tiny);
});

test('a step from a return probe ends in the caller', async () => {
  const tiny = new TinyMachine(PROGRAM);
  await tiny.breakpoints('leafBrace');
  await tiny.run();
  assert.equal(await tiny.where(), `leaf:${tiny.line('leafBrace')}`);
  assert.equal(await tiny.step('next'), `outer:${tiny.line('one')}`);
  await finish(tiny);
});

test('a breakpoint on the way ends a step', async () => {
  const tiny = new TinyMachine(PROGRAM);
  await tiny.breakpoints('one', 'leafReturn');
  await tiny.run();
  assert.equal(await tiny.step('next'), `leaf:${tiny.line('leafReturn')}`);
  await finish(tiny);
});

test('stepping over the end of a function shows its caller', async () => {
  const tiny = new TinyMachine(PROGRAM);
  await tiny.breakpoints('outerReturn');
  await tiny.run();
  const places: string[] = [];
  for (let count = 0; count < 6 && !places.at(-1)?.startsWith('entry'); count++)
    places.push(await tiny.step('next'));
  assert.equal(places.at(-1), `entry:${tiny.line('entry')}`);
  assert.equal(await tiny.step('next'), `entry:${tiny.line('after')}`);
  await finish(tiny);
});
