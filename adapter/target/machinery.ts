/**
 * Which code is the probing machinery itself: entry code, the int3 path, trampolines, copied instructions.
 *
 * Stepping passes through it without stopping and frames of it are shown faintly: a user steps through the probed
 * code, not through what makes probing work.
 */
import type { Lab } from '../../emulator/lab';

/** Functions that run between the trap and the handlers, and on the way back. */
const FUNCTIONS: ReadonlySet<string> = new Set([
  'call_handler',
  'kprobe_int3_handler',
  'exc_int3',
  'asm_exc_int3',
  'exc_debug',
  'asm_exc_debug',
  'kprobe_next',
  'kretprobe_next',
  '__kretprobe_trampoline',
  'kretprobe_trampoline_handler',
  '__kretprobe_trampoline_handler',
  'lab_ftrace_caller',
  'lab_ftrace_callback',
  'lab_optprobe_callback',
]);

export class Machinery {
  constructor(readonly lab: Lab) {}

  isMachinery(name: string | undefined): boolean {
    return name !== undefined && FUNCTIONS.has(name);
  }

  /** True inside entry code, machinery functions, and pages of copied instructions. */
  hides(address: bigint): boolean {
    const symbol = this.lab.kernel.symbols.at(address);
    if (symbol && (symbol.module === '__builtin__kprobes' || this.isMachinery(symbol.name))) return true;
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
