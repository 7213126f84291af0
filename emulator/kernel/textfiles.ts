/**
 * A provider made of text files: each path has a mode, a text made at open, and perhaps a writer.
 *
 * The text is made once per open, as seq_file does for a reader that starts at 0. Directories follow from the paths.
 */
import {
  type HostOpenFile,
  type HostProvider,
  type HostStat,
  O_ACCMODE,
  type OpenContext,
  S_IFDIR,
  S_IFREG,
} from './hostfs';

/** One file. `write` gets what one write(2) brought and answers 0 or -errno. */
export interface TextFile {
  mode: number;
  read?(context: OpenContext): string;
  write?(text: string): number;
}

const ENOENT = -2;
const EISDIR = -21;
const EACCES = -13;

/** `files` is asked anew each time, so that a tree may follow the state (one directory per module). */
export function textProvider(files: () => ReadonlyMap<string, TextFile>): HostProvider {
  const children = (path: string): string[] | undefined => {
    const prefix = path === '' ? '' : `${path}/`;
    const names = new Set<string>();
    for (const name of files().keys()) {
      if (name.startsWith(prefix)) names.add(name.slice(prefix.length).split('/')[0] ?? '');
    }
    return names.size === 0 && path !== '' ? undefined : [...names].sort();
  };
  return {
    stat(path): HostStat | undefined {
      const file = files().get(path);
      if (file !== undefined) return { mode: S_IFREG | file.mode, size: 0 };
      return children(path) === undefined ? undefined : { mode: S_IFDIR | 0o755, size: 0 };
    },
    list(path) {
      return files().has(path) ? undefined : children(path);
    },
    open(path, flags, context) {
      const file = files().get(path);
      if (file === undefined) return children(path) === undefined ? ENOENT : EISDIR;
      if ((flags & O_ACCMODE) !== 0 && file.write === undefined) return EACCES;
      return openText(file, context);
    },
  };
}

function openText(file: TextFile, context: OpenContext): HostOpenFile {
  const open: Omit<HostOpenFile, 'held'> & { held: Uint8Array | undefined } = {
    held: undefined,
    read(position, length) {
      const text = open.held ?? new TextEncoder().encode(file.read?.(context) ?? '');
      open.held = text;
      return text.subarray(Math.min(position, text.length), Math.min(position + length, text.length));
    },
    write(_position, bytes) {
      const result = file.write?.(new TextDecoder().decode(bytes)) ?? EACCES;
      return result < 0 ? result : bytes.length;
    },
    release() {},
  };
  return open;
}
