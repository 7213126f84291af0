/**
 * Packs files into a cpio archive of the "newc" format: the initial root file system that the C kernel unpacks.
 *
 * Format: Linux Documentation/driver-api/early-userspace/buffer-format.rst. Directories above each file are added;
 * owners are root, times zero, so that equal files give equal archives.
 */

/** A file to pack. `path` is absolute. `mode` has the permission bits only. A symbolic link's data is its target. */
export interface InitrdFile {
  path: string;
  data: Uint8Array;
  mode?: number;
  symlink?: boolean;
}

const S_IFDIR = 0o040000;
const S_IFREG = 0o100000;
const S_IFLNK = 0o120000;

/** The archive's bytes, ending with the TRAILER!!! record. Files are packed in path order. */
export function packCpio(files: readonly InitrdFile[]): Uint8Array {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const directories = new Set<string>();
  const parts: Uint8Array[] = [];
  let inode = 1;
  for (const file of sorted) {
    const names = file.path.replace(/^\/+/, '').split('/');
    for (let depth = 1; depth < names.length; depth++) {
      const directory = names.slice(0, depth).join('/');
      if (directories.has(directory)) continue;
      directories.add(directory);
      parts.push(record(inode++, directory, S_IFDIR | 0o755, new Uint8Array(0)));
    }
    const mode = file.symlink ? S_IFLNK | 0o777 : S_IFREG | (file.mode ?? 0o644);
    parts.push(record(inode++, names.join('/'), mode, file.data));
  }
  parts.push(record(0, 'TRAILER!!!', 0, new Uint8Array(0)));
  const archive = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    archive.set(part, at);
    at += part.length;
  }
  return archive;
}

function record(inode: number, name: string, mode: number, data: Uint8Array): Uint8Array {
  const encoded = new TextEncoder().encode(name);
  const hex = (value: number) => value.toString(16).padStart(8, '0');
  const links = (mode & S_IFDIR) !== 0 ? 2 : 1;
  const fields = [inode, mode, 0, 0, links, 0, data.length, 0, 0, 0, 0, encoded.length + 1, 0].map(hex);
  const header = new TextEncoder().encode(`070701${fields.join('')}`);
  const dataStart = align4(header.length + encoded.length + 1);
  const bytes = new Uint8Array(align4(dataStart + data.length));
  bytes.set(header, 0);
  bytes.set(encoded, header.length);
  bytes.set(data, dataStart);
  return bytes;
}

function align4(value: number): number {
  return (value + 3) & ~3;
}
