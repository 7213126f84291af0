// How long the requests take that an editor sends at a stop, at the median and at the 99th percentile. Prints JSON lines
// {name, p50, p99, unit}; asserts nothing. The aim is 20 ms at p99 on a quiet machine.
//
//   node test/bench/requests.mjs [ROUNDS]
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAll } from '../../.ci/build.mjs';
import { DapClient } from '../../.ci/dapClient.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const rounds = Number(process.argv[2] ?? 100);
await buildAll();

const sourceOf = (file) => ({ path: `kprobe-kernel:/${file}` });
const textOf = (file) => readFileSync(join(root, 'emulator', 'linux', file), 'utf8').split('\n');
const line =
  textOf('fs/open.c').findIndex((text) => /\bdo_sys_open\(int dfd\b/.test(text) && !/;\s*$/.test(text)) + 1;

const client = new DapClient(join(root, 'dist', 'adapter.js'));
const measured = new Map();
async function timed(name, action) {
  const start = performance.now();
  const result = await action();
  measured.set(name, [...(measured.get(name) ?? []), performance.now() - start]);
  return result;
}
const once = (event) => new Promise((resolve) => client.once(event, resolve));

const initialized = once('initialized');
let stopped = once('stopped');
await client.request('initialize', { adapterID: 'kprobe', pathFormat: 'path' });
const launch = { console: ['while true; do cat /etc/hostname; done'], kernelSource: 'kprobe-kernel:/' };
await Promise.race([client.request('launch', launch), new Promise(() => undefined)]);
await initialized;
await client.request('setBreakpoints', { source: sourceOf('fs/open.c'), breakpoints: [{ line }] });
await client.request('configurationDone');
let { threadId } = await stopped;

// A thousand lines: as many as the largest files have statements for, moved by one each time so that nothing is kept.
const large = ['kernel/signal.c', 'fs/namei.c', 'mm/memory.c'].find((file) => {
  try {
    return textOf(file).length > 300;
  } catch {
    return false;
  }
});
const lines = (shift) =>
  Array.from({ length: 1000 }, (_, index) => ({ line: 1 + ((index + shift) % textOf(large).length) }));
for (let round = 0; round < Math.min(rounds, 20); round++) {
  const breakpoints = lines(round);
  await timed('setBreakpoints, 1,000 lines', () =>
    client.request('setBreakpoints', { source: sourceOf(large), breakpoints }),
  );
  await timed('setBreakpoints, the same 1,000 lines again', () =>
    client.request('setBreakpoints', { source: sourceOf(large), breakpoints }),
  );
}
await client.request('setBreakpoints', { source: sourceOf(large), breakpoints: [] });

for (let round = 0; round < rounds; round++) {
  const { stackFrames } = await timed('stackTrace', () => client.request('stackTrace', { threadId }));
  const [frame] = stackFrames;
  await timed('scopes and variables', async () => {
    const { scopes } = await client.request('scopes', { frameId: frame.id });
    for (const { variablesReference, expensive } of scopes)
      if (!expensive) await client.request('variables', { variablesReference });
  });
  await timed('evaluate', () =>
    client.request('evaluate', { expression: 'current->comm', frameId: frame.id, context: 'watch' }),
  );
  await timed('disassemble, 400 rows', () =>
    client.request('disassemble', {
      memoryReference: frame.instructionPointerReference,
      instructionOffset: -200,
      instructionCount: 400,
      resolveSymbols: true,
    }),
  );
  stopped = once('stopped');
  await timed('step over a line', async () => {
    await client.request('next', { threadId });
    ({ threadId } = await stopped);
  });
}
await client.request('setBreakpoints', { source: sourceOf('fs/open.c'), breakpoints: [] });
for (let round = 0; round < 20; round++) {
  await client.request('continue', { threadId });
  await new Promise((resolve) => setTimeout(resolve, 20));
  stopped = once('stopped');
  await timed('pause', async () => {
    await client.request('pause', { threadId });
    ({ threadId } = await stopped);
  });
}
await client.request('disconnect', { terminateDebuggee: true });
client.close();

for (const [name, values] of measured) {
  values.sort((a, b) => a - b);
  const at = (part) =>
    Math.round(values[Math.min(values.length - 1, Math.floor(values.length * part))] * 10) / 10;
  console.log(JSON.stringify({ name, p50: at(0.5), p99: at(0.99), unit: 'ms' }));
}
