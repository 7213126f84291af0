/**
 * Files that the host serves to the guest: tracefs, debugfs/kprobes, /proc/kallsyms and the like.
 *
 * The guest's VFS does the system calls, permissions and blocking; here is only who answers for which path. A provider
 * is mounted at a path and sees paths below it ('' is the mount point itself, never a leading '/').
 */

/** What stat and readdir need. `mode` includes the file type bits. */
export interface HostStat {
  mode: number;
  size: number;
}

/** Who opens, for files that show less to the unprivileged or answer per task. */
export interface OpenContext {
  pid: number;
  privileged: boolean;
}

/** An open file. Results below zero are -errno; WOULD_BLOCK makes the guest sleep a tick and ask again. */
export interface HostOpenFile {
  /** All that changes between two calls, for snapshots: text made at open, or still to be read. Replaced, never changed. */
  held: Uint8Array | string | undefined;
  read(position: number, length: number): Uint8Array | number;
  write(position: number, bytes: Uint8Array): number;
  release(): void;
}

/** Answers for everything below a mount point. Numbers returned are 0 or -errno. */
export interface HostProvider {
  stat(path: string): HostStat | undefined;
  /** Names in a directory; undefined when it is not one. */
  list(path: string): readonly string[] | undefined;
  open(path: string, flags: number, context: OpenContext): HostOpenFile | number;
  truncate?(path: string, size: number): number;
  mkdir?(path: string, mode: number): number;
  rmdir?(path: string): number;
  unlink?(path: string): number;
}

/** The gate's answer for "sleep and ask again". */
export const WOULD_BLOCK = -4095;
export const S_IFDIR = 0o040000;
export const S_IFREG = 0o100000;
/** open(2) flags that providers look at. */
export const O_ACCMODE = 3;
export const O_TRUNC = 0o1000;
export const O_APPEND = 0o2000;
export const O_NONBLOCK = 0o4000;

/** The open files as data. */
export interface HostFsState {
  readonly files: readonly { handle: number; file: HostOpenFile; held: HostOpenFile['held'] }[];
  readonly nextHandle: number;
}

const ENOENT = -2;
const EBADF = -9;
const EPERM = -1;

export class HostFs {
  private readonly mounts: { prefix: string; provider: HostProvider }[] = [];
  private readonly handles = new Map<number, HostOpenFile>();
  private nextHandle = 1;

  /** Makes a provider answer for `prefix` and all below it; the longest prefix wins. */
  mount(prefix: string, provider: HostProvider): void {
    this.mounts.push({ prefix, provider });
    this.mounts.sort((a, b) => b.prefix.length - a.prefix.length);
  }

  stat(path: string): HostStat | undefined {
    const found = this.find(path);
    return found?.provider.stat(found.rest);
  }

  list(path: string): readonly string[] | undefined {
    const found = this.find(path);
    return found?.provider.list(found.rest);
  }

  /** A handle from 1 up, or -errno. */
  open(path: string, flags: number, context: OpenContext): number {
    const found = this.find(path);
    if (found === undefined) return ENOENT;
    const opened = found.provider.open(found.rest, flags, context);
    if (typeof opened === 'number') return opened;
    const handle = this.nextHandle++;
    this.handles.set(handle, opened);
    return handle;
  }

  read(handle: number, position: number, length: number): Uint8Array | number {
    return this.handles.get(handle)?.read(position, length) ?? EBADF;
  }

  write(handle: number, position: number, bytes: Uint8Array): number {
    return this.handles.get(handle)?.write(position, bytes) ?? EBADF;
  }

  release(handle: number): number {
    const file = this.handles.get(handle);
    this.handles.delete(handle);
    file?.release();
    return file === undefined ? EBADF : 0;
  }

  save(): HostFsState {
    const files = [...this.handles].map(([handle, file]) => ({ handle, file, held: file.held }));
    return { files, nextHandle: this.nextHandle };
  }

  restore({ files, nextHandle }: HostFsState): void {
    this.handles.clear();
    this.nextHandle = nextHandle;
    for (const { handle, file, held } of files) {
      file.held = held;
      this.handles.set(handle, file);
    }
  }

  truncate(path: string, size: number): number {
    const found = this.find(path);
    return found?.provider.truncate?.(found.rest, size) ?? (found === undefined ? ENOENT : 0);
  }

  mkdir(path: string, mode: number): number {
    const found = this.find(path);
    return found?.provider.mkdir?.(found.rest, mode) ?? EPERM;
  }

  rmdir(path: string): number {
    const found = this.find(path);
    return found?.provider.rmdir?.(found.rest) ?? EPERM;
  }

  unlink(path: string): number {
    const found = this.find(path);
    return found?.provider.unlink?.(found.rest) ?? EPERM;
  }

  private find(path: string): { provider: HostProvider; rest: string } | undefined {
    const clean = path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
    for (const { prefix, provider } of this.mounts) {
      if (clean === prefix) return { provider, rest: '' };
      if (clean.startsWith(`${prefix}/`)) return { provider, rest: clean.slice(prefix.length + 1) };
    }
    return undefined;
  }
}
