/**
 * Names in the guest's directories, for completions: what its dentry cache holds, and what the host serves.
 *
 * Nothing is looked up in the guest's file systems, because that would change the guest: a file of procfs that nobody
 * has opened yet is not offered.
 */
import { GuestFault } from '../../emulator/kernel/guest';
import type { Kernel } from '../../emulator/kernel/kernel';

/** The names in a directory, unsorted; empty for what is none. `path` is absolute. */
export function namesIn(kernel: Kernel, path: string): string[] {
  const names = new Set(kernel.hostfs.list(path) ?? []);
  try {
    const directory = lookup(kernel, path);
    if (directory !== undefined) for (const child of children(kernel, directory)) names.add(child.name);
  } catch (error) {
    // A guest that has lost its file system has no names to offer.
    if (!(error instanceof GuestFault)) throw error;
  }
  return [...names];
}

function lookup(kernel: Kernel, path: string): bigint | undefined {
  const { guest } = kernel;
  const fs = guest.get('task_struct', kernel.rawSymbol('init_task'), 'fs');
  let at = guest.get('fs_struct', fs, 'root.dentry');
  for (const part of path.split('/').filter((one) => one !== '')) {
    const found: Entry | undefined = children(kernel, at).find(({ name }) => name === part);
    if (!found) return undefined;
    at = mountedOn(kernel, found.dentry) ?? found.dentry;
  }
  return at;
}

interface Entry {
  name: string;
  dentry: bigint;
}

function children(kernel: Kernel, directory: bigint): Entry[] {
  const { guest } = kernel;
  const head = guest.member('dentry', directory, 'd_subdirs');
  return [...guest.list(head, 'dentry', 'd_child')]
    .filter((dentry) => guest.get('dentry', dentry, 'd_inode') !== 0n)
    .map((dentry) => ({ dentry, name: guest.string(guest.get('dentry', dentry, 'd_name.name'), 256) }));
}

/** The root of what is mounted on a directory. */
function mountedOn(kernel: Kernel, dentry: bigint): bigint | undefined {
  const { guest } = kernel;
  for (const mount of guest.list(kernel.rawSymbol('mount_list'), 'mount', 'mnt_list')) {
    if (guest.get('mount', mount, 'mnt_mountpoint') === dentry)
      return guest.get('mount', mount, 'mnt.mnt_root');
  }
  return undefined;
}
