// How long a person waits: from the launch request to the machine's first stop, to a continued program's end, and for
// the requests that an editor sends at a stop. Prints JSON lines {name, value, unit}; asserts nothing.
//
//   node test/bench/session.mjs [ROUNDS]
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAll } from '../../.ci/build.mjs';
import { DapClient } from '../../.ci/dapClient.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const rounds = Number(process.argv[2] ?? 5);
await buildAll();

const source = 'kprobe-kernel:/fs/open.c';
const lines = readFileSync(join(root, 'emulator', 'linux', 'fs', 'open.c'), 'utf8').split('\n');
const line = lines.findIndex((text) => /\bdo_sys_open\(int dfd\b/.test(text) && !/;\s*$/.test(text)) + 1;

const measured = new Map();
const note = (name, milliseconds) => measured.set(name, [...(measured.get(name) ?? []), milliseconds]);

/** Runs `action` and notes how long it took. */
async function timed(name, action) {
  const start = performance.now();
  const result = await action();
  note(name, performance.now() - start);
  return result;
}

for (let round = 0; round < rounds; round++) {
  const client = new DapClient(join(root, 'dist', 'adapter.js'));
  const stopped = new Promise((resolve) => client.once('stopped', resolve));
  const initialized = new Promise((resolve) => client.once('initialized', resolve));
  await client.request('initialize', { adapterID: 'kprobe', pathFormat: 'path' });
  const start = performance.now();
  const launched = client.request('launch', {
    module: join(root, 'examples', 'open_counter.c'),
    console: ['cat /etc/hostname'],
    kernelSource: 'kprobe-kernel:/',
  });
  await Promise.race([initialized, launched]);
  await timed('setBreakpoints', () =>
    client.request('setBreakpoints', { source: { path: source }, breakpoints: [{ line }] }),
  );
  await client.request('configurationDone');
  const { threadId } = await stopped;
  note('launch to first stop', performance.now() - start);
  const { stackFrames } = await timed('stackTrace', () => client.request('stackTrace', { threadId }));
  const frameId = stackFrames[0].id;
  await timed('scopes and variables', async () => {
    const { scopes } = await client.request('scopes', { frameId });
    for (const { variablesReference } of scopes) await client.request('variables', { variablesReference });
  });
  await timed('evaluate', () =>
    client.request('evaluate', { expression: 'filename', frameId, context: 'watch' }),
  );
  const idle = new Promise((resolve) => client.once('kprobe/idle', resolve));
  await client.request('setBreakpoints', { source: { path: source }, breakpoints: [] });
  await timed('continue to idle', async () => {
    await client.request('continue', { threadId });
    await idle;
  });
  await client.request('disconnect', { terminateDebuggee: true });
  client.close();
}

for (const [name, values] of measured) {
  values.sort((a, b) => a - b);
  console.log(
    JSON.stringify({
      name,
      value: Math.round(values[values.length >> 1] * 10) / 10,
      unit: 'ms',
      best: Math.round(values[0] * 10) / 10,
    }),
  );
}
