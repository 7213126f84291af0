/** Time that runs backwards in whole sessions: over lines, instructions, hits, module loads, and on to the same future. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { kernelSources } from 'kernel-sources';
import { TestClient } from './client';

const fixtures = join(process.env.KPROBE_LAB_ROOT ?? '.', 'test/adapter/fixtures');
const OPEN = 'kprobe-kernel:/fs/open.c';

class Session extends TestClient {
  thread: unknown;

  async begin(launch: Record<string, unknown>): Promise<void> {
    await this.request('initialize', {
      adapterID: 'kprobe',
      pathFormat: 'path',
      supportsMemoryReferences: true,
    });
    await this.request('launch', launch);
    await this.event('initialized');
  }

  /** Sends a request that makes the machine move, and waits until it stands again. */
  async move(command: string, args: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    await this.request(command, command === 'restartFrame' ? args : { threadId: this.thread, ...args });
    return this.stopped();
  }

  async stopped(): Promise<Record<string, unknown>> {
    const body = await this.event('stopped');
    this.thread = body.threadId;
    return body;
  }

  async frames(): Promise<P.StackFrame[]> {
    const body = await this.request<P.StackTraceResponse['body']>('stackTrace', { threadId: this.thread });
    return body.stackFrames;
  }

  /** Where the task stands, with all its callers and registers. */
  async place(): Promise<string> {
    const frames = await this.frames();
    const registers = await Promise.all(
      ['$ax', '$di', '$si', '$sp', '$ip'].map((name) => this.evaluate(name)),
    );
    return [...frames.map(({ name, line }) => `${name}:${line}`), ...registers].join(' ');
  }

  async line(): Promise<number> {
    return (await this.frames())[0]?.line ?? 0;
  }

  async evaluate(expression: string, context = 'watch'): Promise<string> {
    return (await this.request<P.EvaluateResponse['body']>('evaluate', { expression, context })).result;
  }

  async functionBreakpoints(...names: string[]): Promise<void> {
    await this.request('setFunctionBreakpoints', { breakpoints: names.map((name) => ({ name })) });
  }
}

function kernelLine(file: string, text: string): number {
  const index = (kernelSources.get(file) ?? '').split('\n').findIndex((line) => line.includes(text));
  assert.ok(index >= 0, `${file}: ${text}`);
  return index + 1;
}

/** A session that stands at the first open of `cat /etc/hostname`, in do_sys_open. */
async function atOpen(console: string[] = ['for n in 1 2 3; do cat /etc/hostname; done']): Promise<Session> {
  const session = new Session();
  await session.begin({ console, stopOnEntry: true });
  await session.functionBreakpoints('do_sys_open');
  await session.request('configurationDone');
  await session.stopped();
  await session.move('continue');
  return session;
}

test('a step back undoes a step, by line and by instruction, and the step comes to the same place again', async () => {
  const session = await atOpen();
  for (const granularity of ['line', 'instruction']) {
    const places = [await session.place()];
    for (let count = 0; count < (granularity === 'line' ? 2 : 6); count++) {
      await session.move('next', { granularity });
      places.push(await session.place());
    }
    for (let count = places.length - 2; count >= 0; count--) {
      const body = await session.move('stepBack', { granularity });
      assert.match(String(body.reason), count === 0 ? /step|function breakpoint/ : /step/);
      assert.equal(await session.place(), places[count], `${granularity} ${count}`);
    }
    for (const [count, expected] of places.entries()) {
      assert.equal(await session.place(), expected, `again ${granularity} ${count}`);
      if (count < places.length - 1) await session.move('next', { granularity });
    }
  }
  session.dispose();
});

test('reverse continue comes to the previous hit, then to the start; continuing repeats the run and prints nothing twice', async () => {
  const session = await atOpen(['echo one', 'for n in 1 2 3 4 5; do cat /etc/hostname; done']);
  const places = [await session.place()];
  for (let count = 0; count < 3; count++) {
    await session.move('continue');
    places.push(await session.place());
  }
  const printed = session.output().match(/^one$/gm)?.length;
  for (const expected of places.slice(0, -1).reverse()) {
    const body = await session.move('reverseContinue');
    assert.equal(body.reason, 'function breakpoint');
    assert.equal(await session.place(), expected);
  }
  const start = await session.move('reverseContinue');
  assert.equal(start.description, 'Start of the recorded run');
  for (const expected of places) {
    await session.move('continue');
    assert.equal(await session.place(), expected);
  }
  assert.equal(session.output().match(/^one$/gm)?.length, printed);
  session.dispose();
});

test('a breakpoint set now is found where it was not set then; stepping out backwards leads to the caller', async () => {
  const session = await atOpen();
  await session.functionBreakpoints('do_sys_open', 'kernel_clone');
  const body = await session.move('reverseContinue');
  assert.equal(body.reason, 'function breakpoint');
  assert.equal((await session.frames())[0]?.name, 'kernel_clone');
  await session.move('continue');
  const [top, caller] = await session.frames();
  assert.equal(top?.name, 'do_sys_open');
  await session.move('kprobe/stepBackOut');
  const [now] = await session.frames();
  assert.equal(now?.name, caller?.name);
  assert.equal(now?.line, caller?.line);
  session.dispose();
});

test('who wrote this: a data breakpoint backwards; a change in the past begins a new future and says so', async () => {
  const session = await atOpen();
  const [frame] = await session.frames();
  await session.move('next');
  await session.move('next');
  const sp = BigInt(await session.evaluate('$sp'));
  const dataId = `0x${sp.toString(16)}/8`;
  await session.request('setDataBreakpoints', { breakpoints: [{ dataId, accessType: 'write' }] });
  const body = await session.move('reverseContinue');
  assert.match(String(body.reason), /breakpoint/);
  await session.request('setDataBreakpoints', { breakpoints: [] });
  assert.doesNotMatch(session.output(), /A new future/);
  await session.evaluate('= $r15 = 7', 'repl');
  await session.move('continue');
  assert.match(session.output(), /A new future begins here/);
  assert.ok(frame);
  session.dispose();
});

test('a frame is restarted, a line is gone to, and the next statement can be set', async () => {
  const session = await atOpen();
  const first = await session.line();
  await session.move('next');
  await session.move('next');
  const [frame] = await session.frames();
  await session.move('restartFrame', { frameId: frame?.id });
  assert.equal((await session.frames())[0]?.name, 'do_sys_open');
  assert.ok((await session.line()) <= first);
  await session.move('next');
  const later = await session.line();
  await session.move('next');
  const { targets } = await session.request<P.GotoTargetsResponse['body']>('gotoTargets', {
    source: { path: OPEN },
    line: later,
  });
  assert.ok(targets[0], `line ${later} of ${kernelLine('fs/open.c', 'do_sys_open')}`);
  const body = await session.move('goto', { targetId: targets[0].id });
  assert.equal(body.reason, 'goto');
  assert.equal(await session.line(), later);
  session.dispose();
});

test('back across the load of a module to the statement that printed a line', async () => {
  const session = new Session();
  await session.begin({
    module: join(fixtures, 'opens.c'),
    console: ['for n in 1 2 3; do cat /etc/hostname; done'],
    stopOnEntry: true,
  });
  await session.request('configurationDone');
  await session.stopped();
  await session.functionBreakpoints('do_exit');
  await session.move('continue');
  await session.move('continue');
  const lines = session.output().split('\n').length;
  await session.request('evaluate', { expression: '@ open number', context: 'repl' });
  const body = await session.stopped();
  assert.equal(body.reason, 'goto');
  const [frame] = await session.frames();
  assert.match(frame?.source?.path ?? frame?.source?.name ?? '', /opens\.c/);
  await session.functionBreakpoints();
  const start = await session.move('reverseContinue');
  assert.equal(start.description, 'Start of the recorded run');
  assert.match(session.output(), /taken back/);
  assert.ok(session.output().split('\n').length - lines < 5, 'a replay prints nothing');
  session.dispose();
});
