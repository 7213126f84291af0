/**
 * The console's programs in the guest's file system: one small ELF, and a name in /bin for each command.
 */
import { assembleFile } from '../cc/compile';
import { writeExecutable } from '../cc/elf/write';
import { link } from '../cc/link';
import type { InitrdFile } from '../kernel/cpio';

const SOURCE = 'user/hostprog.S';
const PROGRAM = '/bin/hostprog';
const USER_BASE = 0x400000n;

const encoder = new TextEncoder();

/** Files that a machine has before the user adds any. */
const BASE_FILES: Readonly<Record<string, string>> = {
  '/etc/hostname': 'kprobe-lab\n',
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
  '/etc/group': 'root:x:0:\n',
  '/etc/motd': 'Kprobe Lab. Every command here is a process of the machine.\n',
  '/root/.profile': '',
  '/tmp/.keep': '',
};

/** The files of the console, with a name in /bin for each of `commands`. Throws when the kernel tree's user/hostprog.S does not assemble: a fault of the tree. */
export function shellFiles(kernel: ReadonlyMap<string, string>, commands: Iterable<string>): InitrdFile[] {
  const { object, diagnostics } = assembleFile(
    SOURCE,
    { read: (path) => kernel.get(path) },
    { includePaths: [], defines: { __ASSEMBLY__: '1' }, target: 'user', ftraceNops: false, optimize: false },
  );
  const linked = object && link([object], { name: 'hostprog', base: USER_BASE, entry: '_start' });
  if (linked?.image === undefined) {
    const reasons = [...diagnostics.map(({ message }) => message), ...(linked?.errors ?? [])];
    throw new Error(`${SOURCE} cannot be built: ${reasons.join('; ') || 'it is missing'}`);
  }
  return [
    { path: PROGRAM, data: writeExecutable(linked.image), mode: 0o755 },
    ...[...commands].map((name) => symlink(`/bin/${name}`, PROGRAM)),
    symlink('/init', PROGRAM),
    ...Object.entries(BASE_FILES).map(([path, text]) => ({ path, data: encoder.encode(text) })),
  ];
}

function symlink(path: string, target: string): InitrdFile {
  return { path, data: encoder.encode(target), symlink: true };
}
