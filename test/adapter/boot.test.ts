/** Breakpoints in code that runs only while the kernel boots, before there are kprobes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { kernelLine, LabSession } from './lab-session';

const PAGES = 'kprobe-kernel:/mm/page_alloc.c';

test('a breakpoint in __init code is hit while the kernel boots, and again after a restart', async () => {
  const session = new LabSession();
  await session.begin({ console: ['cat /etc/hostname'], kernelSource: 'kprobe-kernel:/' });
  const line = kernelLine('mm/page_alloc.c', 'void __init mem_init(void)');
  const [breakpoint] = await session.breakpoints(PAGES, { line });
  assert.equal(breakpoint?.verified, true, breakpoint?.message);
  assert.match(breakpoint?.message ?? '', /hardware breakpoint: .*boots/);
  await session.request('setFunctionBreakpoints', {
    breakpoints: [{ name: 'do_sys_open', condition: '$comm == "cat"' }],
  });
  await session.request('configurationDone');
  for (let round = 0; round < 2; round++) {
    const booting = await session.event('stopped');
    assert.deepEqual(booting.hitBreakpointIds, [breakpoint?.id]);
    const [frame, caller] = await session.stack(booting.threadId);
    assert.deepEqual([frame?.name, frame?.line, caller?.name], ['mem_init', line, 'start_kernel']);
    assert.match(await session.evaluate('init_task.comm'), /^"swapper/);
    await session.request('next', { threadId: booting.threadId, granularity: 'instruction' });
    await session.event('stopped');
    await session.request('continue', { threadId: booting.threadId });
    const running = await session.event('stopped');
    assert.equal((await session.stack(running.threadId))[0]?.name, 'do_sys_open');
    if (round === 0) await session.request('restart');
  }
  const again = await session.breakpoints(
    PAGES,
    { line },
    { line: kernelLine('mm/page_alloc.c', 'void __init page_alloc_init') },
  );
  assert.equal(again[0]?.verified, true);
  assert.equal(again[1]?.verified, false);
  assert.match(again[1]?.message ?? '', /a restart stops here/);
  await session.request('disconnect');
  session.dispose();
});

test('stopOnBoot stops at start_kernel, and every breakpoint stops from there on', async () => {
  const session = new LabSession();
  await session.begin({ stopOnBoot: true, console: ['echo up'] });
  const { breakpoints } = await session.request<P.SetFunctionBreakpointsResponse['body']>(
    'setFunctionBreakpoints',
    { breakpoints: [{ name: 'kernel_clone' }] },
  );
  assert.equal(breakpoints[0]?.verified, true);
  await session.request('configurationDone');
  const { reason, threadId } = await session.event('stopped');
  assert.equal(reason, 'entry');
  assert.equal((await session.stack(threadId))[0]?.name, 'start_kernel');
  await session.request('continue', { threadId });
  const clone = await session.event('stopped');
  const names = (await session.stack(clone.threadId)).map((frame) => frame.name);
  assert.equal(names[0], 'kernel_clone');
  assert.ok(names.includes('start_kernel'), names.join(' '));
  await session.request('setFunctionBreakpoints', { breakpoints: [] });
  await session.request('continue', { threadId: clone.threadId });
  await session.event('output', (body) => body.output === 'up\n');
  await session.request('disconnect');
  session.dispose();
});
