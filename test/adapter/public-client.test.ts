/** The adapter under somebody else's client: @vscode/debugadapter-testsupport, over a port. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { serve } from '../../adapter/serve';
import { fixtures, markerLine } from './lab-session';
import { testHost } from './test-host';

const module = join(fixtures, 'opens.c');

test('launch, a breakpoint, variables, steps and the end', async () => {
  const client = new DebugClient('', '', 'kprobe');
  client.defaultTimeout = 120_000;
  let port = 0;
  const server = await new Promise<ReturnType<typeof serve>>((resolve, reject) => {
    const made = serve(
      0,
      testHost(),
      (actual) => {
        port = actual;
        resolve(made);
      },
      (reason) => reject(new Error(reason)),
    );
  });
  await client.start(port);
  try {
    const line = markerLine('opens.c', 'count');
    await client.initializeRequest();
    const initialized = client.waitForEvent('initialized');
    const launch = client.launchRequest({ module, console: ['cat /etc/hostname'] } as never);
    await Promise.all([initialized, launch]);
    await client.setBreakpointsRequest({ source: { path: module }, breakpoints: [{ line }] });
    const stop = client.assertStoppedLocation('breakpoint', { path: module, line });
    await client.configurationDoneRequest();
    const { body } = await stop;
    const [frame] = body.stackFrames;
    assert.equal(frame?.name, 'before_open');
    const scopes = await client.scopesRequest({ frameId: frame?.id ?? 0 });
    const names = scopes.body.scopes.map((one) => one.name);
    assert.ok(names.includes('Arguments') && names.includes('Registers (pt_regs)'), names.join());
    const { result } = (await client.evaluateRequest({ expression: 'count', frameId: frame?.id ?? 0 })).body;
    assert.equal(result, '0');
    const { threads } = (await client.threadsRequest()).body;
    const threadId = threads.find((one) => one.name.startsWith('cat'))?.id ?? 0;
    const stepped = client.waitForEvent('stopped');
    await client.nextRequest({ threadId });
    assert.equal((await stepped).body.reason, 'step');
    await client.setBreakpointsRequest({ source: { path: module }, breakpoints: [] });
    const printed = new Promise<void>((resolve) => {
      client.on('output', (event: P.OutputEvent) => {
        if (event.body.output === 'kprobe-lab\n') resolve();
      });
    });
    await client.continueRequest({ threadId });
    await printed;
    await client.disconnectRequest();
  } finally {
    await client.stop();
    server.close();
  }
});
