/** Stops at probes and what they show, over a tiny kernel with real int3, real frames and our compiler's locations. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { TinyMachine } from './tiny-machine';

const PROGRAM = `struct box { int width; const char *label; struct box *next; };
struct box second = { 4, "second", 0 };
struct box first = { 3, "first", &second };
int total;
static inline __attribute__((always_inline)) int twice(int x)
{
	int y = x + x; /* #twice */
	return y;
}
__attribute__((noinline)) int measure(struct box *b, int scale) /* #measure */
{
	int sum = b->width * scale; /* #body */
	total += twice(sum); /* #call */
	return sum; /* #return */
} /* #brace */
__attribute__((noinline)) int outer(int n) /* #outer */
{
	int r = measure(&first, n); /* #one */
	r += measure(&second, n + 1); /* #two */
	return r; /* #outerReturn */
}
int result;
void entry(void)
{
	result = outer(10); /* #entry */
	total++; /* #after */
}
`;

test('a line breakpoint stops before its first instruction with arguments, frames and the probe', async () => {
  const tiny = new TinyMachine(PROGRAM);
  const { breakpoints } = await tiny.breakpoints('measure');
  assert.equal(breakpoints[0]?.verified, true, breakpoints[0]?.message);
  const stopped = await tiny.run();
  assert.equal(stopped.reason, 'breakpoint');
  assert.deepEqual(stopped.hitBreakpointIds, [breakpoints[0]?.id]);
  const frames = await tiny.frames();
  assert.deepEqual(
    frames.slice(0, 3).map((frame) => [frame.name, frame.line]),
    [
      ['measure', tiny.line('measure')],
      ['outer', tiny.line('one')],
      ['entry', tiny.line('entry')],
    ],
  );
  const args = await tiny.scope('Arguments');
  assert.match(
    args[0] ?? '',
    /^b = 0x\w+ <first> \{width = 3, label = 0x\w+ "first", next = 0x\w+ <second>\}$/,
  );
  assert.equal(args[1], 'scale = 10');
  const probe = await tiny.scope('Probe');
  assert.ok(
    probe.some((row) => /^addr = 0x\w+ <measure>$/.test(row)),
    probe.join('\n'),
  );
  assert.ok(
    probe.some((row) => /0xcc in memory now/.test(row)),
    probe.join('\n'),
  );
  assert.ok(
    probe.some((row) => row === 'hits = 1'),
    probe.join('\n'),
  );
  const registers = await tiny.scope('Registers (pt_regs)');
  assert.ok(registers.includes('si = 0xa'), registers.join('\n'));
});

test('conditions and hit counts see C values; the program is not disturbed', async () => {
  const tiny = new TinyMachine(PROGRAM);
  const { breakpoints } = await tiny.request<P.SetBreakpointsResponse['body']>('setBreakpoints', {
    source: { path: 'tiny.c' },
    breakpoints: [{ line: tiny.line('measure'), condition: 'b->width == 4 && scale == 11' }],
  });
  assert.equal(breakpoints[0]?.verified, true, breakpoints[0]?.message);
  await tiny.run();
  assert.equal(await tiny.evaluate('b->label'), (await tiny.evaluate('second.label')).toString());
  assert.equal(await tiny.evaluate('scale * 2'), '22');
  tiny.target.resume();
  await tiny.event('kprobe/idle');
  assert.equal(tiny.global('result'), 3 * 10 + 4 * 11);
  assert.equal(tiny.global('total'), 2 * (30 + 44) + 1);
});

test('a log point prints and does not stop', async () => {
  const tiny = new TinyMachine(PROGRAM);
  await tiny.request('setBreakpoints', {
    source: { path: 'tiny.c' },
    breakpoints: [{ line: tiny.line('measure'), logMessage: '{b->label:s} x {scale} at {$rip:symbol}' }],
  });
  tiny.target.resume();
  await tiny.event('kprobe/idle');
  const lines = tiny.events.filter((one) => one.event === 'output').map((one) => one.body.output as string);
  assert.match(lines[0] ?? '', /^first x 10 at 0x\w+ <measure\+0x1>\n$/);
  assert.match(lines[1] ?? '', /^second x 11 at/);
});

test('a closing brace stops at the return with the value, and setting it changes the future', async () => {
  const tiny = new TinyMachine(PROGRAM);
  const { breakpoints } = await tiny.breakpoints('brace');
  assert.equal(breakpoints[0]?.verified, true, breakpoints[0]?.message);
  await tiny.run();
  const frames = await tiny.frames();
  assert.deepEqual(
    frames.slice(0, 2).map((frame) => [frame.name, frame.line]),
    [
      ['measure', tiny.line('brace')],
      ['outer', tiny.line('one')],
    ],
  );
  assert.deepEqual(await tiny.scope('Return value'), ['measure() = 30']);
  assert.equal(await tiny.evaluate('$retval + 1'), '31');
  // The registers hold something else by now; what is shown is what the function was called with.
  assert.equal((await tiny.scope('Arguments at entry'))[1], 'scale = 10');
  assert.equal(await tiny.evaluate('b->width * scale'), '30');
  await tiny.request('setExpression', { expression: '$retval', value: '1000' });
  await tiny.breakpoints();
  tiny.target.resume();
  await tiny.event('kprobe/idle');
  assert.equal(tiny.global('result'), 1000 + 44);
});

test('a condition at a return sees the value and the arguments of the entry', async () => {
  const tiny = new TinyMachine(PROGRAM);
  const { breakpoints } = await tiny.request<P.SetBreakpointsResponse['body']>('setBreakpoints', {
    source: { path: 'tiny.c' },
    breakpoints: [{ line: tiny.line('brace'), condition: '$retval > 40 && scale == 11' }],
  });
  assert.equal(breakpoints[0]?.verified, true, breakpoints[0]?.message);
  await tiny.run();
  assert.deepEqual(await tiny.scope('Return value'), ['measure() = 44']);
});

test('a line of an inlined function is probed in every instance and shows its own frame', async () => {
  const tiny = new TinyMachine(PROGRAM);
  await tiny.breakpoints('twice');
  await tiny.run();
  const frames = await tiny.frames();
  assert.deepEqual(
    frames.slice(0, 2).map((frame) => [frame.name, frame.line]),
    [
      ['twice', tiny.line('twice')],
      ['measure', tiny.line('call')],
    ],
  );
  assert.deepEqual(await tiny.scope('Arguments'), ['x = 30']);
});

test('function breakpoints: offset, return, glob, refusals with the errno', async () => {
  const tiny = new TinyMachine(PROGRAM);
  const set = async (...names: string[]) => {
    const body = await tiny.request<P.SetFunctionBreakpointsResponse['body']>('setFunctionBreakpoints', {
      breakpoints: names.map((name) => ({ name })),
    });
    return body.breakpoints.map((one) => (one.verified ? 'verified' : (one.message ?? '')));
  };
  assert.deepEqual(await set('measure', 'measure+0x1', 'measure%return', 'mea*'), [
    'verified',
    'verified',
    'verified',
    'verified',
  ]);
  const [unknown, inside, beyond, blacklisted, nonsense] = await set(
    'measur',
    'measure+2',
    'measure+0x1%return',
    'int3_loop',
    'a b',
  );
  assert.match(unknown ?? '', /^ENOENT: no function is called measur\. Did you mean measure/);
  assert.match(inside ?? '', /^EILSEQ: /);
  assert.match(beyond ?? '', /^EINVAL: /);
  assert.match(blacklisted ?? '', /^EINVAL: /);
  assert.match(nonsense ?? '', /^EINVAL: /);
});

test('breakpoints are added and removed at a stop; the same place again keeps its id', async () => {
  const tiny = new TinyMachine(PROGRAM);
  const first = await tiny.breakpoints('measure');
  await tiny.run();
  const second = await tiny.breakpoints('measure', 'two');
  assert.equal(second.breakpoints[0]?.id, first.breakpoints[0]?.id);
  tiny.target.resume();
  await tiny.event('stopped');
  assert.equal(await tiny.where(), `outer:${tiny.line('two')}`);
  await tiny.breakpoints();
  tiny.target.resume();
  await tiny.event('kprobe/idle');
  assert.equal(tiny.global('result'), 74);
});

test('data breakpoints stop after the write', async () => {
  const tiny = new TinyMachine(PROGRAM);
  await tiny.breakpoints('outer');
  await tiny.run();
  const info = await tiny.request<P.DataBreakpointInfoResponse['body']>('dataBreakpointInfo', {
    name: 'total',
  });
  assert.ok(info.dataId);
  await tiny.request('setDataBreakpoints', { breakpoints: [{ dataId: info.dataId, accessType: 'write' }] });
  const stopped = await tiny.run();
  assert.equal(stopped.reason, 'data breakpoint');
  assert.equal(tiny.global('total'), 60);
});

test('disassembly has exactly the rows asked for, in order, and shows what is patched', async () => {
  const tiny = new TinyMachine(PROGRAM);
  await tiny.breakpoints('measure');
  await tiny.run();
  const [top] = await tiny.frames();
  const memoryReference = top?.instructionPointerReference;
  const { instructions } = await tiny.request<NonNullable<P.DisassembleResponse['body']>>('disassemble', {
    memoryReference,
    instructionOffset: -50,
    instructionCount: 100,
  });
  assert.equal(instructions.length, 100);
  const addresses = instructions.map((one) => BigInt(one.address));
  assert.ok(addresses.every((one, index) => index === 0 || one > (addresses[index - 1] ?? 0n)));
  assert.equal(instructions[50]?.address, memoryReference);
  assert.match(instructions[50]?.instruction ?? '', /^push +%rbp {4}# patched: int3 over 55$/);
  assert.match(instructions[50]?.instructionBytes ?? '', /^cc/);
  assert.equal(instructions[50]?.symbol, 'measure');
  const away = await tiny.request<NonNullable<P.DisassembleResponse['body']>>('disassemble', {
    memoryReference: '0x1000',
    instructionOffset: -5,
    instructionCount: 10,
  });
  assert.equal(away.instructions.length, 10);
  assert.ok(away.instructions.every((one) => one.presentationHint === 'invalid'));
});

test('memory is read as the guest sees it, the int3 included', async () => {
  const tiny = new TinyMachine(PROGRAM);
  await tiny.breakpoints('measure');
  await tiny.run();
  const address = `0x${tiny.kernel.rawSymbol('measure').toString(16)}`;
  const body = await tiny.request<NonNullable<P.ReadMemoryResponse['body']>>('readMemory', {
    memoryReference: address,
    count: 4,
  });
  assert.equal(Buffer.from(body.data ?? '', 'base64')[0], 0xcc);
  const total = `0x${tiny.kernel.rawSymbol('total').toString(16)}`;
  await tiny.request('writeMemory', {
    memoryReference: total,
    data: Buffer.from([5, 0, 0, 0]).toString('base64'),
  });
  assert.equal(tiny.global('total'), 5);
});

test('modes: after the instruction, at the return, and without patching anything', async () => {
  const set = (tiny: TinyMachine, marker: string, mode: string) =>
    tiny.request<P.SetBreakpointsResponse['body']>('setBreakpoints', {
      source: { path: 'tiny.c' },
      breakpoints: [{ line: tiny.line(marker), mode }],
    });
  const code = (tiny: TinyMachine) => tiny.kernel.guest.peek(tiny.kernel.rawSymbol('measure'), 1)?.[0];

  const post = new TinyMachine(PROGRAM);
  await set(post, 'measure', 'kprobePost');
  await post.run();
  const [top] = await post.frames();
  assert.equal(
    BigInt(top?.instructionPointerReference ?? 0) - post.kernel.rawSymbol('measure'),
    1n,
    'behind push %rbp',
  );

  const returning = new TinyMachine(PROGRAM);
  await set(returning, 'body', 'kretprobe');
  await returning.run();
  assert.deepEqual(await returning.scope('Return value'), ['measure() = 30']);

  const hardware = new TinyMachine(PROGRAM);
  await set(hardware, 'measure', 'hardware');
  assert.equal(code(hardware), 0x55);
  const stopped = await hardware.run();
  assert.equal(stopped.reason, 'breakpoint');
  assert.equal(await hardware.where(), `measure:${hardware.line('measure')}`);
  assert.equal((await hardware.scope('Arguments'))[1], 'scale = 10');
  await hardware.run();
  assert.equal((await hardware.scope('Arguments'))[1], 'scale = 11');
  hardware.target.resume();
  await hardware.event('kprobe/idle');
  assert.equal(hardware.global('result'), 74);
});

test('instruction breakpoints: at an instruction, refused inside one', async () => {
  const tiny = new TinyMachine(PROGRAM);
  const start = tiny.kernel.rawSymbol('measure');
  const set = (offset: number) =>
    tiny.request<P.SetInstructionBreakpointsResponse['body']>('setInstructionBreakpoints', {
      breakpoints: [{ instructionReference: `0x${start.toString(16)}`, offset }],
    });
  const inside = await set(2);
  assert.equal(inside.breakpoints[0]?.verified, false);
  assert.match(inside.breakpoints[0]?.message ?? '', /^EILSEQ: /);
  const good = await set(1);
  assert.equal(good.breakpoints[0]?.verified, true, good.breakpoints[0]?.message);
  const stopped = await tiny.run();
  assert.equal(stopped.reason, 'instruction breakpoint');
});

test('breakpoints change while the machine runs', async () => {
  const tiny = new TinyMachine(`int total;
__attribute__((noinline)) int work(int n) /* #work */
{
	return n + 1;
}
void entry(void)
{
	for (;;)
		total = work(total);
}
`);
  tiny.target.resume();
  while (tiny.global('total') === 0) await new Promise((resolve) => setImmediate(resolve));
  const { breakpoints } = await tiny.breakpoints('work');
  assert.equal(breakpoints[0]?.verified, true);
  await tiny.event('stopped');
  assert.ok(tiny.global('total') > 0);
  tiny.target.resume();
  await tiny.breakpoints();
  await tiny.request('pause', { threadId: 1 });
  assert.equal((await tiny.event('stopped')).reason, 'pause');
  tiny.target.end();
});
