/** Exception filters tell faults of the guest apart, and their conditions are C at the place of the fault. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { fixtures, LabSession } from './lab-session';

async function launched(filterOptions: P.ExceptionFilterOptions[]): Promise<LabSession> {
  const session = new LabSession();
  await session.begin({ module: join(fixtures, 'wild.c'), console: ['cat /etc/hostname', 'echo survived'] });
  const { breakpoints } = await session.request<NonNullable<P.SetExceptionBreakpointsResponse['body']>>(
    'setExceptionBreakpoints',
    { filters: [], filterOptions },
  );
  assert.deepEqual(
    breakpoints?.map((one) => one.verified),
    filterOptions.map(() => true),
  );
  await session.request('configurationDone');
  return session;
}

test('a fault inside a handler falls under its own filter', async () => {
  const session = await launched([{ filterId: 'handlerFault' }]);
  const { reason, threadId } = await session.event('stopped');
  assert.equal(reason, 'exception');
  assert.equal((await session.stack(threadId))[0]?.name, 'wild_pre');
  session.dispose();
});

test('a condition that does not hold lets the oops pass; one that cannot be read stops', async () => {
  const passing = await launched([{ filterId: 'oops', condition: '$comm == "somebody else"' }]);
  await passing.event('kprobe/idle');
  assert.match(passing.output(), /BUG: kernel NULL pointer dereference/);
  assert.ok(!passing.messages.some((one) => one.type === 'event' && (one as P.Event).event === 'stopped'));
  passing.dispose();
  const unreadable = await launched([{ filterId: 'oops', condition: '*(int *)0x10 == 1' }]);
  assert.equal((await unreadable.event('stopped')).reason, 'exception');
  unreadable.dispose();
});

test('conditions that do not compile and unknown filters are refused with reasons', async () => {
  const session = new LabSession();
  await session.request('initialize', { adapterID: 'kprobe' });
  const { breakpoints } = await session.request<NonNullable<P.SetExceptionBreakpointsResponse['body']>>(
    'setExceptionBreakpoints',
    { filters: ['volcano'], filterOptions: [{ filterId: 'warn', condition: '1 +' }] },
  );
  assert.match(breakpoints?.[0]?.message ?? '', /no exception filter `volcano`/);
  assert.match(breakpoints?.[1]?.message ?? '', /^Condition: expected an expression.*\n1 \+\n +\^/);
  session.dispose();
});
