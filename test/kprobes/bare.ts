/**
 * A bare machine for tests of kprobes' parts: page tables and a CPU in kernel mode, no kernel. Code and data go into the
 * kernel window; struct layouts are empty.
 */
import type { Image } from '../../emulator/cc/image';
import { Machine } from '../../emulator/cpu/machine';
import { KERNEL_BASE } from '../../emulator/kernel/addresses';
import { loadKernel } from '../../emulator/kernel/boot';
import { Guest } from '../../emulator/kernel/guest';
import { Layouts } from '../../emulator/kernel/layout';

export const CODE = KERNEL_BASE;
export const DATA = KERNEL_BASE + 0x2000n;
export const STACK = KERNEL_BASE + 0x4000n;

/** A machine that stands at CODE with rsp = STACK. */
export function bareMachine(): { machine: Machine; guest: Guest } {
  const debug = {
    files: [],
    types: [],
    functions: [],
    inlineOnly: [],
    globals: [],
    macros: [],
    includes: [],
  };
  const symbol = (name: string, offset: number, size: number) =>
    ({ name, offset, size, letter: 'T', section: '.text', binding: 'global' }) as const;
  const image: Image = {
    name: 'bare',
    base: KERNEL_BASE,
    size: 0x5000,
    bytes: new Uint8Array(0x5000),
    entry: undefined,
    sections: [],
    symbols: [symbol('startup_64', 0, 16), symbol('init_stack', 0x3000, 0x1000)],
    debug,
  };
  const machine = new Machine({ memoryBytes: 48 * 1024 * 1024, cpus: 1 });
  loadKernel(machine, { image, initrd: new Uint8Array(0), commandLine: '', symbol: () => CODE });
  return { machine, guest: new Guest(machine, new Layouts(debug)) };
}
