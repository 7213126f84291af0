/** Attaching to the machine of `kprobe-lab sh --listen`: several debuggers at one machine, which stays when they go. */
import assert from 'node:assert/strict';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { after, before, test } from 'node:test';
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { kernelLine, LabSession } from './lab-session';
import { bundled, connected, exited, listeningPort, start } from './programs';

let shell: ChildProcessWithoutNullStreams;
let port = 0;
let said = '';

before(async () => {
  shell = start(await bundled('cli'), 'sh', '--listen', '0');
  shell.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  port = await listeningPort(shell);
});

after(() => shell.kill());

async function attached(): Promise<LabSession> {
  const session = new LabSession(await connected(port));
  await session.request('initialize', { adapterID: 'kprobe', pathFormat: 'path' });
  await session.request('attach', { kernelSource: 'kprobe-kernel:/' });
  await session.event('initialized');
  return session;
}

async function printed(text: string): Promise<void> {
  while (!said.includes(text)) await new Promise((resolve) => shell.stdout.once('data', resolve));
}

const OPEN = 'kprobe-kernel:/fs/open.c';

test('two debuggers see one machine; each stops at its own breakpoints, both see every stop', async () => {
  const line = kernelLine('fs/open.c', 'noinline long do_sys_open(int dfd');
  const first = await attached();
  const second = await attached();
  const [breakpoint] = await first.breakpoints(OPEN, { line, condition: '$comm == "cat"' });
  assert.equal(breakpoint?.verified, true, breakpoint?.message);
  await first.request('configurationDone');
  await second.request('configurationDone');
  shell.stdin.write('cat /etc/hostname\n');
  const seen = await first.event('stopped');
  assert.deepEqual(seen.hitBreakpointIds, [breakpoint?.id]);
  const other = await second.event('stopped');
  assert.equal(other.hitBreakpointIds, undefined);
  assert.equal((await second.stack(other.threadId))[0]?.name, 'do_sys_open');
  await second.request('continue', { threadId: other.threadId });
  await first.event('continued');
  await printed('kprobe-lab');

  // What one types at the console, the terminal and the other see.
  await second.evaluate('echo from the debugger', 'repl');
  await printed('from the debugger');
  await first.event('output', (body) => body.output === 'from the debugger\n');

  // The one that leaves takes its breakpoints with it.
  await first.request('disconnect');
  first.dispose();
  const { probes } = await second.request<{ probes: unknown[] }>('kprobe/probes');
  assert.deepEqual(probes, []);
  await second.request('disconnect');
  second.dispose();
  shell.stdin.write('echo still here\n');
  await printed('still here');
});

test('leaving at a stop lets the machine go on', async () => {
  const session = await attached();
  await session.request('setFunctionBreakpoints', { breakpoints: [{ name: 'do_sys_open' }] });
  await session.request('configurationDone');
  shell.stdin.write('cat /etc/hostname && echo went on\n');
  await session.event('stopped');
  session.dispose();
  await printed('went on');
});

test('one that comes to a standing machine is told so', async () => {
  const first = await attached();
  await first.request('configurationDone');
  await first.request('pause', { threadId: 1 });
  await first.event('stopped');
  const second = await attached();
  await second.request('configurationDone');
  const { reason, threadId } = await second.event('stopped');
  assert.equal(reason, 'pause');
  assert.ok((await second.stack(threadId)).length > 0);
  first.dispose();
  second.dispose();
});

test('an adapter without a machine says how to get one', async () => {
  const session = new LabSession();
  await session.request('initialize', { adapterID: 'kprobe' });
  assert.match(await session.refusal('attach', {}), /kprobe-lab sh --listen/);
  assert.match(await session.refusal('attach', { prot: 1 }), /kprobe-lab sh --listen|Unknown/);
});

test('a debugger may end the machine', { timeout: 20_000 }, async () => {
  const over = exited(shell);
  const [first, second] = [await attached(), await attached()];
  assert.match(await first.refusal('attach', { prot: 1 }), /has a machine already/);
  await first.request<P.DisconnectResponse>('disconnect', { terminateDebuggee: true });
  await second.event('terminated');
  assert.equal(await over, 0);
});
