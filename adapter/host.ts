/** What the adapter needs of the place it runs in: files, a clock. Node, a web worker, or a test gives it. */
import type { BuildCache } from '../emulator/kernel/build';
import type { Target } from './target/target';

export interface Host {
  /** A machine that runs already, for sessions that attach. */
  readonly machine?: Target;
  /** Kernels that were built before, so that a launch compiles only what changed. */
  readonly kernels: BuildCache;
  /** The file's bytes, or undefined when there is none (or it cannot be read). `path` is as the client wrote it. */
  readFile(path: string): Promise<Uint8Array | undefined>;
  /** `path` as seen from a directory; an absolute path stays as it is. */
  resolve(directory: string, path: string): string;
  /** A file name joined to the directory that holds `base`. */
  sibling(base: string, name: string): string;
  /** Milliseconds, monotonic: paces the run loop. */
  now(): number;
  /** Lets pending input be handled, then continues. */
  breathe(): Promise<void>;
}
