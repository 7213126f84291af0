/** Whole sessions over the lab's own kernel: a module, a console line, stops in kernel source, steps, ends. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { kernelSources } from 'kernel-sources';
import { matchGolden, transcript } from './golden';
import { fixtures, kernelLine, LabSession, markerLine } from './lab-session';

const OPEN = 'kprobe-kernel:/fs/open.c';
const module = join(fixtures, 'opens.c');

test('a breakpoint in kernel source stops `cat` inside its system call, and continuing runs the module’s handler', async () => {
  const session = new LabSession();
  await session.begin({
    module,
    params: { limit: 7 },
    console: ['cat /etc/hostname'],
    kernelSource: 'kprobe-kernel:/',
  });
  const line = kernelLine('fs/open.c', 'noinline long do_sys_open(int dfd');
  const [breakpoint] = await session.breakpoints(OPEN, { line, condition: '$comm == "cat"' });
  assert.equal(breakpoint?.verified, true, breakpoint?.message);
  await session.request('configurationDone');

  const stopped = await session.event('stopped');
  assert.equal(stopped.reason, 'breakpoint');
  assert.match(await session.threadName(stopped.threadId), /^cat \(\d+\), CPU \d/);
  const frames = await session.stack(stopped.threadId);
  assert.equal(frames[0]?.name, 'do_sys_open');
  assert.equal(frames[0]?.line, line);
  assert.equal(frames[0]?.source?.path, 'kprobe-kernel:/fs/open.c');
  assert.ok(
    frames.some((frame) => frame.name === 'do_syscall_64'),
    frames.map((frame) => frame.name).join(' '),
  );

  const args = await session.scope(frames[0], 'Arguments');
  assert.deepEqual(
    args.map((one) => one.name),
    ['dfd', 'filename', 'flags', 'mode'],
  );
  assert.equal(await session.evaluate('dfd'), '-100');
  assert.match(await session.evaluate('flags'), /O_RDONLY/);
  assert.match(await session.evaluate('current->comm'), /^"cat"$/);
  const registers = await session.scope(frames[0], 'Registers (pt_regs)');
  assert.ok(registers.some((one) => one.name === 'flags' && /IF/.test(one.value)));
  const probe = await session.scope(frames[0], 'Probe');
  assert.ok(
    probe.some((one) => one.name === 'addr' && /<do_sys_open>$/.test(one.value)),
    JSON.stringify(probe),
  );
  assert.ok(
    probe.some((one) => one.name === 'also here' && /opens/.test(one.value)),
    JSON.stringify(probe),
  );

  await session.breakpoints(OPEN);
  await session.request('continue', { threadId: stopped.threadId });
  await session.event('kprobe/idle');
  assert.match(session.output(), /watching do_sys_open\+0x0\/0x\w+/);
  assert.match(session.output(), /open number \d+ of 7/);
  assert.match(session.output(), /^kprobe-lab$/m);
  const printed = session.messages.find(
    (one): one is P.OutputEvent =>
      one.type === 'event' &&
      'event' in one &&
      one.event === 'output' &&
      /open number 1 /.test((one as P.OutputEvent).body.output),
  );
  assert.equal(printed?.body.source?.path, module);
  assert.equal(printed?.body.line, markerLine('opens.c', 'print'));
  await session.request('disconnect');
});

test('a closing brace stops at the return; stepping goes on in the caller', async () => {
  const session = new LabSession();
  await session.begin({ console: ['cat /etc/hostname'] });
  const source = kernelSources.get('fs/open.c') ?? '';
  const start = kernelLine('fs/open.c', 'noinline long do_sys_open(int dfd');
  const line = source.split('\n').findIndex((text, index) => index >= start && text === '}') + 1;
  const [breakpoint] = await session.breakpoints(OPEN, { line, condition: '$comm == "cat"' });
  assert.equal(breakpoint?.verified, true, breakpoint?.message);
  await session.request('configurationDone');
  const stopped = await session.event('stopped');
  const frames = await session.stack(stopped.threadId);
  assert.deepEqual([frames[0]?.name, frames[0]?.line], ['do_sys_open', line]);
  const [value] = await session.scope(frames[0], 'Return value');
  assert.match(value?.value ?? '', /^-?\d+$/);
  await session.request('next', { threadId: stopped.threadId });
  const stepped = await session.event('stopped');
  assert.equal(stepped.reason, 'step');
  const callers = frames.slice(1).map((frame) => frame.name);
  assert.ok(callers.includes((await session.stack(stepped.threadId))[0]?.name ?? ''));
  await session.request('disconnect');
});

test('a breakpoint in the module waits for its load, also in its init function', async () => {
  const session = new LabSession();
  await session.begin({ module });
  const [pending] = await session.breakpoints(module, { line: markerLine('opens.c', 'init') });
  assert.equal(pending?.verified, false);
  assert.equal(pending?.reason, 'pending');
  await session.request('configurationDone');
  const changed = await session.event('breakpoint');
  assert.deepEqual((changed.breakpoint as P.Breakpoint).verified, true);
  const stopped = await session.event('stopped');
  const frames = await session.stack(stopped.threadId);
  assert.equal(frames[0]?.name, 'opens_init');
  assert.equal(frames[0]?.source?.path, module);
  assert.match(await session.threadName(stopped.threadId), /^insmod /);
  await session.request('disconnect');
});

test('shell lines in the console run, expressions evaluate, and a pause is quick', async () => {
  const session = new LabSession();
  await session.begin({});
  await session.request('configurationDone');
  await session.event('kprobe/idle');
  await session.evaluate('echo $((6 * 7)) > /tmp/answer', 'repl');
  await session.event('kprobe/idle');
  await session.evaluate('cat /tmp/answer', 'repl');
  await session.event('kprobe/idle');
  assert.match(session.output(), /^42$/m);
  await session.request('pause', { threadId: 1 });
  const stopped = await session.event('stopped');
  assert.equal(stopped.reason, 'pause');
  assert.equal(await session.evaluate('= 1 << 4', 'repl'), '16');
  assert.equal(await session.evaluate('sizeof(struct pt_regs)', 'repl'), '168');
  const frames = await session.stack(stopped.threadId);
  assert.ok(frames.length > 0);
  await session.request('disconnect');
});

test('every sleeping task has a stack of its own', async () => {
  const session = new LabSession();
  await session.begin({});
  await session.request('configurationDone');
  await session.event('kprobe/idle');
  await session.request('pause', { threadId: 1 });
  await session.event('stopped');
  const { threads } = await session.request<P.ThreadsResponse['body']>('threads');
  assert.ok(threads.length > 1);
  const sleeping = threads.filter((one) => /sleeping/.test(one.name));
  assert.ok(sleeping.length > 0, threads.map((one) => one.name).join('; '));
  for (const thread of sleeping) {
    const names = (await session.stack(thread.id)).map((frame) => frame.name);
    assert.ok(
      names.some((name) => /schedule/.test(name)),
      `${thread.name}: ${names}`,
    );
  }
  await session.request('disconnect');
});

test('kprobe_events of a file are defined and enabled', async () => {
  const session = new LabSession();
  await session.begin({
    events: join(fixtures, 'opens.kprobes'),
    console: ['cat /etc/hostname', 'cat /sys/kernel/tracing/trace'],
  });
  await session.request('configurationDone');
  await session.event('kprobe/idle');
  assert.match(session.output(), /cat-\d+ .* myprobe: \(do_sys_open\+0x0\/0x\w+\) dfd=/);
  const { probes } = await session.request<{ probes: { owner: string; symbol: string; hits: number }[] }>(
    'kprobe/probes',
  );
  assert.ok(
    probes.some((one) => one.owner === 'trace' && one.symbol === 'do_sys_open' && one.hits > 0),
    JSON.stringify(probes),
  );
  await session.request('disconnect');
});

test('a module that does not compile fails the launch with the compiler’s message', async () => {
  const session = new LabSession();
  await session.request('initialize', { adapterID: 'kprobe' });
  const sentence = await session.refusal('launch', { module: join(fixtures, 'broken.c') });
  assert.match(sentence, /^The module does not compile: .*broken\.c:\d+:\d+: .*undeclared_thing/);
  const line = markerLine('broken.c', 'error');
  assert.match(
    session.output(),
    new RegExp(`broken\\.c:${line}:\\d+: error: .*\\n.*undeclared_thing.*\\n.*\\^~`),
  );
  assert.doesNotMatch(session.output() + sentence, /\.ts:|at .*\(/);
});

test('restart boots again with the same breakpoints', async () => {
  const session = new LabSession();
  await session.begin({ console: ['cat /etc/hostname'] });
  const line = kernelLine('fs/open.c', 'noinline long do_sys_open(int dfd');
  const [breakpoint] = await session.breakpoints(OPEN, { line, condition: '$comm == "cat"' });
  await session.request('configurationDone');
  const first = await session.event('stopped');
  await session.request('restart');
  const second = await session.event('stopped');
  assert.deepEqual(second.hitBreakpointIds, [breakpoint?.id]);
  assert.equal(second.threadId, first.threadId, 'the same machine gives the same run');
  await session.request('terminate');
  await session.event('terminated');
});

test('steps on the real kernel: over the call that opens, into it, and out', async () => {
  const session = new LabSession();
  await session.begin({ console: ['cat /etc/hostname'] });
  const line = kernelLine('fs/open.c', 'return do_sys_openat2(dfd, filename, &how);');
  await session.breakpoints(OPEN, { line, condition: '$comm == "cat"' });
  await session.request('configurationDone');
  const { threadId } = await session.event('stopped');
  const top = async () => {
    const [frame] = await session.stack(threadId);
    return `${frame?.name}:${frame?.source?.name}`;
  };
  assert.equal(await top(), 'do_sys_open:open.c');
  await session.breakpoints(OPEN);
  await session.request('stepIn', { threadId });
  await session.event('stopped');
  assert.equal(await top(), 'do_sys_openat2:open.c');
  for (let count = 0; count < 3; count++) {
    await session.request('next', { threadId });
    const stopped = await session.event('stopped');
    assert.equal(stopped.reason, 'step');
    assert.equal(stopped.threadId, threadId, 'a step stays in its task');
  }
  assert.equal(await top(), 'do_sys_openat2:open.c');
  await session.request('stepOut', { threadId });
  await session.event('stopped');
  assert.equal(await top(), 'do_sys_open:open.c');
  await session.request('next', { threadId, granularity: 'instruction' });
  await session.event('stopped');
  assert.equal(await top(), 'do_sys_open:open.c');
  // Stepping off the system call leaves the kernel: the machine runs on until nothing is left to do.
  for (let count = 0; count < 12; count++) {
    await session.request('stepOut', { threadId });
    const left = (await session.either('kprobe/idle', 'stopped')) === 'kprobe/idle';
    if (left) break;
  }
  assert.match(session.output(), /^kprobe-lab$/m);
  await session.request('disconnect');
});

test('a handler that dereferences NULL is an oops that can be looked at, and the machine restarts', async () => {
  const session = new LabSession();
  await session.begin({ module: join(fixtures, 'wild.c'), console: ['cat /etc/hostname'] });
  await session.request('setExceptionBreakpoints', { filters: ['oops'] });
  await session.request('configurationDone');
  const stopped = await session.event('stopped');
  assert.equal(stopped.reason, 'exception');
  const frames = await session.stack(stopped.threadId);
  assert.deepEqual([frames[0]?.name, frames[0]?.line], ['wild_pre', markerLine('wild.c', 'wild')]);
  assert.equal(frames[0]?.source?.path, join(fixtures, 'wild.c'));
  const info = await session.request<P.ExceptionInfoResponse['body']>('exceptionInfo', {
    threadId: stopped.threadId,
  });
  assert.match(info.description ?? '', /NULL pointer dereference.* at wild_pre\+0x/);
  assert.match(info.details?.stackTrace ?? '', /wild_pre/);
  assert.match(session.output(), /BUG: kernel NULL pointer dereference/);
  assert.match(session.output(), /Call Trace:/);
  await session.request('restart', { arguments: { console: ['cat /etc/hostname'] } });
  await session.event('kprobe/idle');
  assert.match(session.output(), /^kprobe-lab$/m);
  await session.request('disconnect');
});

test('stopOnEntry stands before the module is loaded, and continuing does the rest', async () => {
  const session = new LabSession();
  await session.begin({ module, stopOnEntry: true });
  await session.request('configurationDone');
  const { reason, threadId } = await session.event('stopped');
  assert.equal(reason, 'entry');
  assert.doesNotMatch(session.output(), /watching do_sys_open/);
  await session.request('continue', { threadId });
  await session.event('kprobe/idle');
  assert.match(session.output(), /watching do_sys_open/);
  await session.request('disconnect');
});

test('a step out of a read that blocks ends when input comes', async () => {
  const session = new LabSession();
  await session.begin({ console: ['cat'] });
  const set = (...breakpoints: P.FunctionBreakpoint[]) =>
    session.request('setFunctionBreakpoints', { breakpoints });
  await set({ name: 'vfs_read', condition: '$comm == "cat"' });
  await session.request('configurationDone');
  const { threadId } = await session.event('stopped');
  const caller = (await session.stack(threadId)).filter((frame) => frame.name !== 'vfs_read')[0]?.name;
  await set();
  await session.request('stepOut', { threadId });
  await session.event('kprobe/idle');
  await session.evaluate('a line for cat', 'repl');
  const stopped = await session.event('stopped');
  assert.deepEqual([stopped.reason, stopped.threadId], ['step', threadId]);
  assert.equal((await session.stack(threadId))[0]?.name, caller);
  await session.request('continue', { threadId });
  await session.event('kprobe/idle');
  assert.match(session.output(), /^a line for cat$/m);
  await session.request('disconnect');
});

test('the conversation of a session', async () => {
  const session = new LabSession();
  await session.begin({ module, console: ['cat /etc/hostname'] });
  const [pending] = await session.breakpoints(module, { line: markerLine('opens.c', 'print') });
  assert.equal(pending?.verified, false);
  await session.request('setFunctionBreakpoints', {
    breakpoints: [{ name: 'do_sys_open%return', condition: '$comm == "cat"' }],
  });
  await session.request('configurationDone');
  const inHandler = await session.event('stopped');
  const [handler] = await session.stack(inHandler.threadId);
  await session.scope(handler, 'Arguments');
  await session.request('evaluate', { expression: 'count', frameId: handler?.id, context: 'hover' });
  await session.breakpoints(module);
  await session.request('continue', { threadId: inHandler.threadId });
  const returning = await session.event('stopped');
  const [top] = await session.stack(returning.threadId);
  await session.scope(top, 'Return value');
  await session.request('setFunctionBreakpoints', { breakpoints: [] });
  await session.request('continue', { threadId: returning.threadId });
  await session.event('kprobe/idle');
  await session.request('evaluate', { expression: 'rmmod opens', context: 'repl' });
  await session.event('kprobe/idle');
  await session.request('terminate');
  await session.event('terminated');
  // What the kernel says while it boots is the kernel's business.
  const start = session.messages.findIndex(
    (one) => one.type === 'event' && (one as P.Event).event === 'initialized',
  );
  // When the probes view is told depends on how fast the host is.
  const told = (one: P.ProtocolMessage) => one.type === 'event' && (one as P.Event).event === 'kprobe/probes';
  const conversation = session.messages.slice(start).filter((one) => !told(one));
  matchGolden('session.txt', transcript(conversation));
});
