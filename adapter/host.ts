/** What the adapter needs of the place it runs in: the user's files and a clock. Node, a web worker, or a test gives it. */
export interface Host {
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
