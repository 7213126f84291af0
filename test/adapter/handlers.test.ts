/** Breakpoints inside probe handlers: hardware instead of missed, with the probed code below the handler's frames. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TinyMachine } from './tiny-machine';

const PROGRAM = `int counted, seen;
__attribute__((noinline)) int helper(int n) /* #helper */
{
	return n + 1;
}
int before(struct kprobe *p, struct pt_regs *regs) /* #before */
{
	seen = (int)regs->di; /* #seen */
	counted = helper(counted); /* #count */
	return 0;
}
struct kprobe probe = { .symbol_name = "leaf", .pre_handler = before };
__attribute__((noinline)) int leaf(int n) /* #leaf */
{
	return n + counted;
}
int result;
void entry(void)
{
	if (register_kprobe(&probe)) /* #register */
		return;
	result = leaf(5); /* #call */
	result += leaf(6);
}
`;

test('a breakpoint in a handler turns into a hardware breakpoint when the probe is registered', async () => {
  const tiny = new TinyMachine(PROGRAM);
  const { breakpoints } = await tiny.breakpoints('count');
  assert.equal(breakpoints[0]?.verified, true);
  assert.equal(breakpoints[0]?.message, undefined);
  const stopped = await tiny.run();
  assert.deepEqual(stopped.hitBreakpointIds, [breakpoints[0]?.id]);
  const changed = await tiny.event('breakpoint');
  assert.match(JSON.stringify(changed), /hardware breakpoint/);
  const frames = await tiny.frames();
  assert.deepEqual([frames[0]?.name, frames[0]?.line], ['before', tiny.line('count')]);
  const label = frames.findIndex((frame) => frame.presentationHint === 'label');
  assert.ok(label > 0, JSON.stringify(frames.map((frame) => frame.name)));
  assert.ok(
    frames
      .slice(1, label)
      .every((frame) => frame.presentationHint === 'subtle' || frame.name === 'int3_loop'),
  );
  assert.deepEqual([frames[label + 1]?.name, frames[label + 2]?.name], ['leaf', 'entry']);
  assert.equal(await tiny.evaluate('regs->di'), '0x5');
  assert.equal(await tiny.evaluate('p->symbol_name == "leaf"'), '1');
  assert.equal(
    await tiny.evaluate('p->pre_handler'),
    `0x${tiny.kernel.rawSymbol('before').toString(16)} <before>`,
  );
  assert.deepEqual(await tiny.scope('Arguments', label + 1), ['n = 5']);
});

test('handlers are stepped in, and the program goes on as if nobody had looked', async () => {
  const tiny = new TinyMachine(PROGRAM);
  await tiny.breakpoints('seen');
  await tiny.run();
  assert.equal(await tiny.where(), `before:${tiny.line('seen')}`);
  assert.equal(await tiny.step('next'), `before:${tiny.line('count')}`);
  await tiny.breakpoints();
  tiny.target.resume();
  await tiny.event('kprobe/idle');
  assert.equal(tiny.global('result'), 5 + 1 + 6 + 2);
  assert.equal(tiny.global('counted'), 2);
});

test('stepping out of a handler comes to the probed code, not to the machinery between', async () => {
  const tiny = new TinyMachine(PROGRAM);
  await tiny.breakpoints('seen');
  await tiny.run();
  await tiny.breakpoints();
  assert.match(await tiny.step('stepOut'), /^leaf:/);
  tiny.target.resume();
  await tiny.event('kprobe/idle');
  assert.equal(tiny.global('result'), 5 + 1 + 6 + 2);
});

test('an editor’s probe and a module’s share one place; the module’s handler still runs', async () => {
  const tiny = new TinyMachine(PROGRAM);
  await tiny.breakpoints('call', 'leaf');
  await tiny.run();
  assert.equal((await tiny.run()).reason, 'breakpoint');
  assert.equal(await tiny.where(), `leaf:${tiny.line('leaf')}`);
  const probe = await tiny.scope('Probe');
  assert.ok(
    probe.some((row) => /^also here = module vmlinux: kprobe/.test(row)),
    probe.join('\n'),
  );
  await tiny.breakpoints();
  tiny.target.resume();
  await tiny.event('kprobe/idle');
  assert.equal(tiny.global('result'), 5 + 1 + 6 + 2);
});

test('a probe on a function that a handler calls is missed, and that is said', async () => {
  const tiny = new TinyMachine(PROGRAM);
  await tiny.breakpoints('helper');
  tiny.target.resume();
  await tiny.event('kprobe/idle');
  const said = tiny.events.filter((one) => one.event === 'output').map((one) => String(one.body.output));
  assert.equal(said.length, 1, said.join(''));
  assert.match(said[0] ?? '', /The probe at helper was missed: .*Edit its mode to "hardware"/);
});
