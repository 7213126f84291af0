/** The adapter as a web worker runs it: a bundle without Node, messages as objects, files and kernels from the page. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { build } from 'esbuild';
import { kernelSources } from 'kernel-sources';
import { packImage } from '../../adapter/worker/kernels';
import type { ToPage, ToWorker } from '../../adapter/worker/messages';
import type { Image } from '../../emulator/cc/image';
import { BuildCache } from '../../emulator/kernel/build';
import { Lab } from '../../emulator/lab';
import { kernelCache } from '../lab/module';
import type { Wire } from './client';
import { fixtures, LabSession, markerLine } from './lab-session';

const root = process.env.KPROBE_LAB_ROOT ?? '.';

/** A browser worker's global scope over a Node worker; what Node adds is hidden from the program. */
const PRELUDE = `
const { parentPort } = require('node:worker_threads');
globalThis.self = {
  postMessage: (message) => parentPort.postMessage(message),
  addEventListener: (_name, listener) => parentPort.on('message', (data) => listener({ data })),
};
(function (require, process, Buffer, module, exports, setImmediate, __dirname, __filename, global) {
`;

async function program(): Promise<string> {
  const { workerOptions } = (await import(join(root, '.ci/bundle.mjs'))) as {
    workerOptions(root: string): Parameters<typeof build>[0];
  };
  const result = await build({ ...workerOptions(root), write: false, logLevel: 'error' });
  return result.outputFiles?.[0]?.text ?? '';
}

/** The page's side of the wire. */
function workerWire(worker: Worker): Wire {
  const send = (message: ToWorker) => worker.postMessage(message);
  return {
    write: (bytes) => {
      const message = JSON.parse(bytes.slice(bytes.indexOf('\r\n\r\n') + 4)) as P.ProtocolMessage;
      send({ kind: 'protocol', message });
    },
    onData: (receive) =>
      worker.on('message', (message: ToPage) => {
        switch (message.kind) {
          case 'protocol': {
            const text = JSON.stringify(message.message);
            receive(Buffer.from(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`));
            return;
          }
          case 'readFile':
            send({ kind: 'file', id: message.id, bytes: fileBytes(message.path) });
            return;
          case 'kernelBuilt':
            return;
        }
      }),
    end: () => void worker.terminate(),
  };
}

function fileBytes(path: string): Uint8Array | undefined {
  try {
    return new Uint8Array(readFileSync(path));
  } catch {
    return undefined;
  }
}

/** The images that a launch asks for, by their keys, as a page would have kept them. */
function images(): Map<string, Image> {
  const found = new Map<string, Image>();
  class Recording extends BuildCache {
    override findImage(key: string): Image | undefined {
      const image = kernelCache.findImage(key);
      if (image) found.set(key, image);
      return image;
    }

    override keepImage(key: string, image: Image): void {
      kernelCache.keepImage(key, image);
      found.set(key, image);
    }
  }
  Lab.boot({ sources: kernelSources, cache: new Recording() });
  return found;
}

test('a whole session in a worker: launch, stop in a module, look, go on', async () => {
  const code = await program();
  assert.doesNotMatch(code, /require\(["']node:|from ["']node:/);
  const worker = new Worker(`${PRELUDE}${code}\n})();`, { eval: true });
  worker.on('error', (error) => assert.fail(error));
  const session = new LabSession(workerWire(worker));
  for (const [key, image] of images()) {
    worker.postMessage({ kind: 'kernel', key, image: packImage(image) } satisfies ToWorker);
  }
  const module = join(fixtures, 'opens.c');
  await session.begin({ module, console: ['cat /etc/hostname'] });
  await session.breakpoints(module, { line: markerLine('opens.c', 'print') });
  await session.request('configurationDone');
  const { threadId } = await session.event('stopped');
  const frames = await session.stack(threadId);
  assert.equal(frames[0]?.name, 'before_open');
  assert.equal(await session.evaluate('count'), '1');
  await session.breakpoints(module);
  await session.request('continue', { threadId });
  await session.event('kprobe/idle');
  assert.match(session.output(), /^kprobe-lab$/m);
  assert.match(await session.refusal('launch', { module: '/none.c' }), /launched already/);
  await session.request('disconnect');
  session.dispose();
});
