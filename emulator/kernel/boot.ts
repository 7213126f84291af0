/**
 * Putting the kernel into a machine as a boot loader would: image, initrd, boot parameters, page tables, CPU state.
 *
 * Physical memory: 0x1000 page tables, 0x8000 boot parameters, 16 MiB the kernel image, behind it the initrd, at
 * the end the host's own area (addresses.ts). The kernel sets up everything else itself.
 */
import type { Image } from '../cc/image';
import type { Machine } from '../cpu/machine';
import {
  HOST_AREA,
  hostAreaSize,
  KERNEL_BASE,
  KERNEL_MAP,
  KERNEL_PHYSICAL,
  MODULES_START,
  PAGE_OFFSET,
} from './addresses';

/** struct boot_params, asm/bootparam.h. */
const BOOT_MAGIC = 0x4b50524f42454c42n;
const BOOT_PARAMS = 0x8000;
const COMMAND_LINE_SIZE = 256;

const PAGE_TABLES = 0x1000;
const PAGE = 4096;
const LARGE_PAGE = 2 * 1024 * 1024;
const PRESENT_WRITE = 3n;
const LARGE_GLOBAL = 0x183n;

const CR0 = 0x80050033n;
const CR4 = 0x000006b0n;
const EFER_MSR = 0xc0000080;
const EFER = 0xd01n;
const RSP = 4;
const RDI = 7;

/** What to boot. `symbol` gives addresses of the kernel's symbols. */
export interface BootOptions {
  image: Image;
  initrd: Uint8Array;
  commandLine: string;
  symbol(name: string): bigint;
}

/** Prepares memory and CPU 0. The machine then runs the kernel from startup_64. */
export function loadKernel(machine: Machine, options: BootOptions): void {
  const { image } = options;
  const { ram } = machine;
  ram.set(image.bytes, KERNEL_PHYSICAL);
  const end = KERNEL_PHYSICAL + image.size;
  const initrd = Math.ceil(end / PAGE) * PAGE;
  ram.set(options.initrd, initrd);
  writeBootParams(machine, initrd, options);
  buildPageTables(machine);
  machine.physicalWritten(0, initrd + options.initrd.length);
  const cpu = machine.cpus[0];
  cpu.cr3 = BigInt(PAGE_TABLES);
  cpu.cr4 = CR4;
  cpu.writeMsr(EFER_MSR, EFER);
  cpu.cr0 = CR0;
  enterLongMode(cpu, options.symbol('startup_64'), initStackTop(options));
  cpu.set(RDI, BigInt(BOOT_PARAMS));
}

/** Starts another CPU at `rip` in the mode and page tables of CPU 0 (lab_start_cpu). */
export function startCpu(machine: Machine, index: number, rip: bigint, stack: bigint): boolean {
  const boot = machine.cpus[0];
  const cpu = machine.cpus[index];
  if (cpu === undefined || cpu.started) return false;
  cpu.cr3 = boot.cr3;
  cpu.cr4 = boot.cr4;
  cpu.writeMsr(EFER_MSR, boot.readMsr(EFER_MSR) ?? EFER);
  cpu.cr0 = boot.cr0;
  enterLongMode(cpu, rip, stack);
  return true;
}

function enterLongMode(cpu: Machine['cpus'][number], rip: bigint, stack: bigint): void {
  cpu.cs = 0x10;
  cpu.ss = 0x18;
  cpu.cpl = 0;
  cpu.rflags = 2n;
  cpu.rip = rip;
  cpu.set(RSP, stack);
  cpu.halted = false;
  cpu.started = true;
}

function initStackTop(options: BootOptions): bigint {
  const symbol = options.image.symbols.find((each) => each.name === 'init_stack');
  if (symbol === undefined) throw new Error('the kernel has no init_stack');
  return options.image.base + BigInt(symbol.offset + symbol.size);
}

function writeBootParams(machine: Machine, initrd: number, options: BootOptions): void {
  const view = new DataView(machine.ram.buffer, machine.ram.byteOffset, machine.ram.byteLength);
  const words = [
    BOOT_MAGIC,
    BigInt(machine.ram.length - hostAreaSize(machine.ram.length)),
    BigInt(machine.cpus.length),
    BigInt(initrd),
    BigInt(options.initrd.length),
  ];
  for (const [index, word] of words.entries()) view.setBigUint64(BOOT_PARAMS + index * 8, word, true);
  const text = new TextEncoder().encode(options.commandLine).subarray(0, COMMAND_LINE_SIZE - 1);
  machine.ram.set(text, BOOT_PARAMS + words.length * 8);
}

/** Direct map, kernel window and host area, in 2 MiB pages. */
function buildPageTables(machine: Machine): void {
  const view = new DataView(machine.ram.buffer, machine.ram.byteOffset, machine.ram.byteLength);
  let free = PAGE_TABLES + PAGE;
  const entry = (table: number, index: number) => {
    const at = table + index * 8;
    const known = view.getBigUint64(at, true);
    if (known !== 0n) return Number(known & 0xffffffffff000n);
    const next = free;
    free += PAGE;
    if (free > BOOT_PARAMS) throw new Error('boot page tables do not fit below the boot parameters');
    view.setBigUint64(at, BigInt(next) | PRESENT_WRITE, true);
    return next;
  };
  const map = (virtual: bigint, physical: number, length: number) => {
    for (let offset = 0; offset < length; offset += LARGE_PAGE) {
      const address = virtual + BigInt(offset);
      const index = (shift: bigint) => Number((address >> shift) & 511n);
      const directory = entry(entry(PAGE_TABLES, index(39n)), index(30n));
      view.setBigUint64(directory + index(21n) * 8, BigInt(physical + offset) | LARGE_GLOBAL, true);
    }
  };
  const ramBytes = machine.ram.length;
  map(PAGE_OFFSET, 0, ramBytes);
  map(KERNEL_MAP, 0, Math.min(ramBytes, Number(MODULES_START - KERNEL_MAP)));
  const host = hostAreaSize(ramBytes);
  map(HOST_AREA, ramBytes - host, host);
  if (KERNEL_BASE !== KERNEL_MAP + BigInt(KERNEL_PHYSICAL)) throw new Error('the kernel is linked elsewhere');
}
