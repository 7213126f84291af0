/** The protocol's end without a machine: capabilities, errors with stable ids, and a session that survives anything. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { requestShapes } from '../../adapter/protocol/requests';
import { TestClient } from './client';
import { matchGolden, transcript } from './golden';
import { testHost } from './test-host';

test('the initialize answer', async () => {
  const client = new TestClient();
  await client.request('initialize', { adapterID: 'kprobe', pathFormat: 'path' });
  matchGolden('initialize.txt', transcript(client.messages));
});

test('requests before launch are refused in words, or answered when they need no machine', async () => {
  const client = new TestClient();
  await client.request('initialize', { adapterID: 'kprobe' });
  const notRunning = /not running: send a launch request/;
  assert.match(await client.refusal('stackTrace', { threadId: 1 }), notRunning);
  assert.match(await client.refusal('evaluate', { expression: '1' }), notRunning);
  assert.match(await client.refusal('continue', { threadId: 1 }), notRunning);
  assert.match(
    await client.refusal('disassemble', { memoryReference: '0x0', instructionCount: 1 }),
    notRunning,
  );
  assert.equal(await client.refusal('bananas'), 'This debug adapter does not know the request `bananas`.');
  const { threads } = await client.request<P.ThreadsResponse['body']>('threads');
  assert.equal(threads.length, 1);
  const { sources } = await client.request<P.LoadedSourcesResponse['body']>('loadedSources');
  assert.ok(sources.some((source) => source.name === 'open.c' && (source.sourceReference ?? 0) > 0));
  const open = sources.find((source) => source.path === 'kprobe-kernel:/fs/open.c');
  const text = await client.request<P.SourceResponse['body']>('source', {
    sourceReference: open?.sourceReference,
  });
  assert.match(text.content, /open/);
});

test('breakpoints before launch wait, and say so', async () => {
  const client = new TestClient();
  await client.request('initialize', { adapterID: 'kprobe' });
  const set = (lines: number[]) =>
    client.request<P.SetBreakpointsResponse['body']>('setBreakpoints', {
      source: { path: 'kprobe-kernel:/fs/open.c' },
      breakpoints: lines.map((line) => ({ line })),
    });
  const first = await set([10, 20]);
  assert.deepEqual(
    first.breakpoints.map((one) => [one.verified, one.reason, one.line]),
    [
      [false, 'pending', 10],
      [false, 'pending', 20],
    ],
  );
  // What is asked for again keeps its id; the order is the request's.
  const second = await set([20, 30, 10]);
  const ids = first.breakpoints.map((one) => one.id);
  assert.deepEqual([second.breakpoints[2]?.id, second.breakpoints[0]?.id], ids);
  assert.ok(!ids.includes(second.breakpoints[1]?.id));
  const foreign = await client.request<P.SetBreakpointsResponse['body']>('setBreakpoints', {
    source: { path: '/somewhere/else.c' },
    breakpoints: [{ line: 3 }],
  });
  assert.match(foreign.breakpoints[0]?.message ?? '', /neither kernel source nor/);
});

test('launch attributes and files are checked by name', async () => {
  const client = new TestClient();
  await client.request('initialize', { adapterID: 'kprobe' });
  const refuse = (args: unknown) => client.refusal('launch', args);
  assert.match(await refuse({ modul: 'x.c' }), /^Unknown launch attribute `modul`\. Known are: module, /);
  assert.equal(await refuse({ cpus: 'two' }), 'Launch attribute `cpus` must be an integer.');
  assert.equal(await refuse({ cpus: 99 }), 'Launch attribute `cpus` must be between 1 and 8.');
  assert.match(await refuse({ kernelProfile: 'x' }), /`lab` or `distribution`/);
  assert.match(
    await refuse({ module: '/no/such/file.c' }),
    /`module`: cannot read the file \/no\/such\/file\.c/,
  );
  assert.match(await refuse({ module: '/etc/passwd' }), /not a C source file/);
  assert.match(await refuse({ events: '/no/such.kprobes' }), /`events`: cannot read/);
  assert.match(await refuse({ console: [1] }), /`console\[0\]` must be a string/);
});

test('malformed requests are answered, and the session lives', async () => {
  const seed = Number(process.env.SEED ?? Math.floor(performance.timeOrigin) % 1_000_000);
  console.log(`SEED=${seed}`);
  let state = seed;
  const random = (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % n;
  };
  const client = new TestClient();
  await client.request('initialize', { adapterID: 'kprobe' });
  const names = Object.keys(requestShapes).filter((name) => !/^(?:disconnect|terminate|launch)$/.test(name));
  const junk = [
    undefined,
    null,
    0,
    -1,
    1.5,
    1e300,
    '',
    'x',
    '0x',
    true,
    [],
    {},
    [null],
    { line: 1 },
    { path: 1 },
    [{}],
  ];
  const members = [
    'threadId',
    'frameId',
    'source',
    'breakpoints',
    'expression',
    'variablesReference',
    'memoryReference',
    'count',
    'instructionCount',
    'name',
    'value',
    'column',
    'text',
    'filters',
    'line',
    'data',
    'dataId',
  ];
  for (let round = 0; round < 600; round++) {
    const command = random(20) === 0 ? 'nonsense' : (names[random(names.length)] ?? '');
    const args: Record<string, unknown> = {};
    for (let count = random(5); count > 0; count--)
      args[members[random(members.length)] ?? ''] = junk[random(junk.length)];
    const answer = await client.send(command, random(10) === 0 ? junk[random(junk.length)] : args, false);
    assert.ok(answer.success || (answer.message ?? '').length > 0, command);
    assert.doesNotMatch(answer.message ?? '', /Internal error/, `${command} ${JSON.stringify(args)}`);
  }
  // Not JSON, no command, no object: there may be nothing to answer, but the next request is.
  for (const text of ['{', 'null', '[]', '"x"', '{"type":"request"}', '{"type":"event"}', ''])
    client.raw(text);
  await client.request('threads');
});

test('the in-process adapter speaks the same protocol', async () => {
  const { createInlineAdapter } = await import('../../adapter/inline');
  const adapter = createInlineAdapter(testHost());
  const answered = new Promise<P.ProtocolMessage>((resolve) => adapter.onDidSendMessage(resolve));
  adapter.handleMessage({
    seq: 1,
    type: 'request',
    command: 'initialize',
    arguments: { adapterID: 'kprobe' },
  } as P.Request);
  const response = (await answered) as P.Response;
  assert.equal(response.success, true);
  assert.equal(response.request_seq, 1);
  adapter.dispose();
});
