/**
 * The debug adapter in a web worker: one session, messages as objects, files through the page. No Node.
 *
 * Bundle it with `workerOptions` of .ci/bundle.mjs; the page speaks messages.ts with it.
 */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import type { Host } from '../host';
import { createInlineAdapter } from '../inline';
import { type PackedImage, pageCache } from './kernels';
import type { ToPage, ToWorker } from './messages';

/** What a worker's global scope has. */
declare const self: {
  postMessage(message: ToPage): void;
  addEventListener(name: 'message', listener: (event: { data: ToWorker }) => void): void;
};

/** The web's MessageChannel, as far as it is needed. */
interface Port {
  onmessage: (() => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}
declare const MessageChannel: new () => { port1: Port; port2: Port };

const kernels = new Map<string, PackedImage>();
const reading = new Map<number, (bytes: Uint8Array | undefined) => void>();
let reads = 0;

const host: Host = {
  kernels: pageCache(kernels, (key, image) => self.postMessage({ kind: 'kernelBuilt', key, image })),
  readFile: (path) =>
    new Promise((resolve) => {
      const id = ++reads;
      reading.set(id, resolve);
      self.postMessage({ kind: 'readFile', id, path });
    }),
  resolve: (directory, path) => (isAbsolute(path) ? path : `${directory.replace(/[/\\]+$/, '')}/${path}`),
  sibling: (base, name) => (isAbsolute(name) ? name : base.replace(/[^/\\]*$/, name)),
  now: () => performance.now(),
  breathe: () =>
    new Promise((resolve) => {
      // A timer would wait for milliseconds; a message comes after those that are waiting already.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    }),
};

/** `/x`, `C:\x`, `vscode-vfs://x`. */
function isAbsolute(path: string): boolean {
  return /^(?:[/\\]|[A-Za-z][\w+.-]*:)/.test(path);
}

const adapter = createInlineAdapter(host);
adapter.onDidSendMessage((message) => self.postMessage({ kind: 'protocol', message: plain(message) }));

self.addEventListener('message', ({ data }) => {
  switch (data.kind) {
    case 'protocol':
      adapter.handleMessage(data.message);
      return;
    case 'kernel':
      kernels.set(data.key, data.image);
      return;
    case 'file':
      reading.get(data.id)?.(data.bytes);
      reading.delete(data.id);
      return;
  }
});

/** Messages are instances of classes; a clone of them must be plain. */
function plain(message: P.ProtocolMessage): P.ProtocolMessage {
  return JSON.parse(JSON.stringify(message)) as P.ProtocolMessage;
}
