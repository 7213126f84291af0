/**
 * The address map of the lab's kernel: what Linux's Documentation/arch/x86/x86_64/mm.rst calls the memory map, as far
 * as the lab uses it, and the host's own reservation.
 */

/** Everything in RAM, at this address plus its physical address. */
export const PAGE_OFFSET = 0xffff888000000000n;
/** The kernel image's window: this plus the physical address. */
export const KERNEL_MAP = 0xffffffff80000000n;
/** Link address of the kernel image, and its physical address. */
export const KERNEL_BASE = 0xffffffff81000000n;
export const KERNEL_PHYSICAL = 0x1000000;
/** Modules are placed from here on. */
export const MODULES_START = 0xffffffffa0000000n;
/** The host's reservation (instruction slots, detours, kretprobe instances), executable, below the module area's end. */
export const HOST_AREA = 0xffffffffaf000000n;
/** No reservation reaches further. */
const HOST_AREA_END = HOST_AREA + 0x4000000n;
const MIB = 1024 * 1024;
/** End of the canonical lower half: user addresses are below. */
export const USER_END = 0x0000800000000000n;
/** First address of the kernel half. */
export const KERNEL_HALF = 0xffff800000000000n;

/** Bytes of the host's reservation, the last ones of RAM: nearly a third of it, 40 MiB at most. */
export function hostAreaSize(ramBytes: number): number {
  return Math.min(40 * MIB, Math.floor(ramBytes / ((32 * MIB) / 5)) * 2 * MIB);
}

const LINEAR_END = PAGE_OFFSET + 0x4000000000n;

/**
 * The physical address of a virtual one that is mapped linearly (direct map, kernel window, host area), given the size
 * of RAM; undefined for all others, which only page tables know.
 */
export function linearToPhysical(address: bigint, ramBytes: number): number | undefined {
  let physical: number;
  if (address >= KERNEL_MAP) {
    if (address < MODULES_START) physical = Number(address - KERNEL_MAP);
    else if (address >= HOST_AREA && address < HOST_AREA_END) {
      const size = hostAreaSize(ramBytes);
      const offset = Number(address - HOST_AREA);
      if (offset >= size) return undefined;
      physical = ramBytes - size + offset;
    } else return undefined;
  } else if (address >= PAGE_OFFSET && address < LINEAR_END) physical = Number(address - PAGE_OFFSET);
  else return undefined;
  return physical < ramBytes ? physical : undefined;
}
