/** The adapter's host under Node: the disk, and Node's event loop. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { BuildCache } from '../emulator/kernel/build';
import type { Host } from './host';

/** Built kernels live as long as the process, unless `kernels` keeps them longer. */
export function nodeHost(kernels = new BuildCache()): Host {
  return {
    kernels,
    readFile: (path) => readFile(path).catch(() => undefined),
    resolve: (directory, path) => resolve(directory, path),
    sibling: (base, name) => resolve(dirname(base), name),
    now: () => performance.now(),
    breathe: () => new Promise((done) => setImmediate(done)),
  };
}
