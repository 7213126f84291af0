/**
 * Which code is the probing machinery itself: entry code, the int3 path, trampolines, copied instructions.
 *
 * Stepping passes through it without stopping and frames of it are shown faintly: a user steps through the probed
 * code, not through what makes probing work.
 */
import type { Lab } from '../../emulator/lab';

/** Functions in assembly that run between the trap and the handlers, and on the way back. */
const ENTRIES: readonly string[] = [
  'asm_exc_int3',
  'exc_int3',
  'asm_exc_debug',
  'exc_debug',
  'kprobe_next',
  'kretprobe_next',
  '__kretprobe_trampoline',
  'lab_ftrace_caller',
];

/** The kernel's own C for hits: all of it lies between the trap and a handler. */
const SOURCES = /(?:^|\/)kprobes(?:\/\w+)?\.c$/;

export class Machinery {
  #names: ReadonlySet<string> | undefined;

  constructor(readonly lab: Lab) {}

  /** True when the kernel's function of this name, at this address, is part of probing. */
  isMachinery(name: string | undefined, address: bigint): boolean {
    if (name === undefined || this.lab.kernel.images.at(address)?.kind !== 'kernel') return false;
    this.#names ??= this.#kernelNames();
    return this.#names.has(name);
  }

  #kernelNames(): ReadonlySet<string> {
    const kernel = this.lab.kernel.images.all().find(({ kind }) => kind === 'kernel');
    if (kernel === undefined) return new Set(ENTRIES);
    const { files, functions, inlineOnly } = kernel.image.debug;
    const ours = [...functions, ...inlineOnly].filter(({ file }) => SOURCES.test(files[file] ?? ''));
    return new Set([...ENTRIES, ...ours.map(({ name }) => name)]);
  }

  /** True inside entry code, machinery functions, and pages of copied instructions. */
  hides(address: bigint): boolean {
    const symbol = this.lab.kernel.symbols.at(address);
    if (symbol && (symbol.module === '__builtin__kprobes' || this.isMachinery(symbol.name, address)))
      return true;
    return this.isEntry(address);
  }

  /** True at the entry of a device or timer interrupt (Linux names these asm_sysvec_… and asm_common_interrupt). */
  isInterrupt(address: bigint): boolean {
    const name = this.lab.kernel.symbols.at(address)?.name ?? '';
    return /^asm_(?:sysvec_|common_interrupt|spurious|interrupt)/.test(name);
  }

  /** True in the code that exceptions, interrupts and system calls enter first. */
  isEntry(address: bigint): boolean {
    const loaded = this.lab.kernel.images.at(address);
    if (loaded?.kind !== 'kernel') return false;
    const offset = Number(address - loaded.image.base);
    const section = loaded.image.sections.find(
      (one) => offset >= one.offset && offset < one.offset + one.size,
    );
    return section?.name === '.entry.text';
  }
}
