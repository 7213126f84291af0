// Test helper: a machine with flat-mapped memory in which byte sequences run as ring-0 (or ring-3) code.
import { Machine } from '../../emulator/cpu/machine';

/** Physical layout of the little world that `boot` makes. */
export const Place = {
  pageTables: 0x1000,
  gdt: 0x8000,
  idt: 0x9000,
  tss: 0xa000,
  handlers: 0xb000,
  code: 0x10000,
  data: 0x20000,
  stack: 0x30000,
  interruptStack: 0x38000,
  istStack: 0x3c000,
} as const;

/** Selectors of the test GDT. */
export const Selector = {
  kernelCode: 0x08,
  kernelData: 0x10,
  userData: 0x18,
  userCode: 0x20,
  task: 0x28,
} as const;

function writeU64(ram: Uint8Array, at: number, value: bigint): void {
  new DataView(ram.buffer, ram.byteOffset).setBigUint64(at, BigInt.asUintN(64, value), true);
}

/** Bytes from hexadecimal text with blanks, or from parts; numbers are single bytes. */
export function bytes(...parts: (string | number | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => {
      if (typeof part === 'number') return [part];
      if (typeof part !== 'string') return [...part];
      return (part.replace(/\s+/g, '').match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
    }),
  );
}

/** Little-endian bytes of a number. */
export function le(value: bigint | number, size: number): Uint8Array {
  const out = new Uint8Array(size);
  for (let at = 0; at < size; at++) out[at] = Number((BigInt(value) >> BigInt(at * 8)) & 0xffn);
  return out;
}

/** Sets one IDT entry. */
export function setGate(
  machine: Machine,
  vector: number,
  handler: number,
  options: { ist?: number; dpl?: number; trap?: boolean } = {},
): void {
  const { ist = 0, dpl = 0, trap = false } = options;
  const attributes = BigInt((0x80 | (dpl << 5) | (trap ? 15 : 14)) * 256 + ist) << 32n;
  const low = BigInt(handler & 0xffff) | (BigInt(Selector.kernelCode) << 16n) | attributes;
  writeU64(machine.ram, Place.idt + vector * 16, low | ((BigInt(handler) >> 16n) << 48n));
  writeU64(machine.ram, Place.idt + vector * 16 + 8, BigInt(handler) >> 32n);
}

/** Page table entry flags. */
export const Pte = { present: 1n, write: 2n, user: 4n, large: 0x80n, noExecute: 1n << 63n } as const;

/** Physical address of the page table entry for a virtual address below 2 MiB. */
export function pteOf(address: number): number {
  return 0x4000 + ((address >> 12) & 511) * 8;
}

/** Sets the flags of the page that holds `address` (below 2 MiB, identity-mapped) and flushes nothing. */
export function setPage(machine: Machine, address: number, flags: bigint): void {
  writeU64(machine.ram, pteOf(address), BigInt(address & ~0xfff) | flags);
  machine.physicalWritten(pteOf(address), 8);
}

/**
 * A machine whose first 2 MiB are identity-mapped with 4 KiB pages (user-accessible), CPU 0 in ring 0 at Place.code
 * with stack Place.stack, GDT/IDT/TSS loaded. Each exception goes to a handler that is a lone `hlt` at
 * Place.handlers + 16 * vector.
 */
export function boot(
  code: Uint8Array,
  options: { cpus?: number; memoryBytes?: number; translate?: boolean; heat?: number } = {},
): Machine {
  const machine = new Machine({
    memoryBytes: options.memoryBytes ?? 4 << 20,
    cpus: options.cpus ?? 1,
    translate: options.translate,
    heat: options.heat,
  });
  const { ram } = machine;
  const all = Pte.present | Pte.write | Pte.user;
  writeU64(ram, 0x1000, 0x2000n | all);
  writeU64(ram, 0x2000, 0x3000n | all);
  writeU64(ram, 0x3000, 0x4000n | all);
  for (let page = 0; page < 512; page++) writeU64(ram, 0x4000 + page * 8, BigInt(page * 4096) | all);
  const descriptors = [
    0n,
    0x00af9a000000ffffn,
    0x00cf92000000ffffn,
    0x00cff2000000ffffn,
    0x00affa000000ffffn,
  ];
  descriptors.forEach((descriptor, at) => {
    writeU64(ram, Place.gdt + at * 8, descriptor);
  });
  for (let vector = 0; vector < 256; vector++) {
    setGate(machine, vector, Place.handlers + vector * 16, { dpl: vector === 3 ? 3 : 0 });
    ram[Place.handlers + vector * 16] = 0xf4;
  }
  writeU64(ram, Place.tss + 4, BigInt(Place.interruptStack));
  writeU64(ram, Place.tss + 36, BigInt(Place.istStack));
  ram.set(code, Place.code);
  machine.physicalWritten(0, ram.length);
  for (const cpu of machine.cpus) {
    cpu.setTable('gdtr', BigInt(Place.gdt), 0x37);
    cpu.setTable('idtr', BigInt(Place.idt), 0xfff);
    cpu.setTable('tss', BigInt(Place.tss), 0x67);
    cpu.cr3 = 0x1000n;
    cpu.cs = Selector.kernelCode;
    cpu.ss = Selector.kernelData;
    cpu.rip = BigInt(Place.code);
    cpu.rsp = BigInt(Place.stack);
  }
  return machine;
}

/** Bytes of `vmcall`, which ends test programs: `runToGate` stops there. */
export const GATE = '0f 01 c1';

/** Runs until the program executes a vmcall; returns the machine for chaining. Throws if something else stops it. */
export function runToGate(machine: Machine, budget = 1_000_000): Machine {
  machine.hooks = { gate: () => machine.requestStop() };
  const stop = machine.run(budget);
  if (stop.kind !== 'requested')
    throw new Error(`stopped by ${stop.kind} at ${machine.cpus[0].rip.toString(16)}`);
  return machine;
}
