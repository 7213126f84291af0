/** The emulated CPU in the same little world as harness.c: ring 3, the same pages, exceptions caught by halting handlers. */
import type { Machine } from '../../../emulator/cpu/machine';
import { boot, Place, pteOf, Selector, setPage } from '../program';
import { type Case, World } from './generate';
import type { Outcome } from './real';

const { window, windowSize, edge, edgeSize, codePage, start } = World;
/** Vectors that push an error code. */
const withError = new Set([8, 10, 11, 12, 13, 14, 17]);

/** A machine prepared for `runEmulated`. `heat` 0 translates everything at once; `translate` false evaluates everything. */
export function prepareEmulated(options: { translate: boolean; heat?: number }): Machine {
  const machine = boot(new Uint8Array(), { memoryBytes: 2 << 20, ...options });
  const { ram } = machine;
  const supervisor = 3n;
  for (let address = 0; address < 2 << 20; address += 0x1000) {
    const kernel = address >= Place.pageTables && address < 0xd000;
    const stack = address >= 0x30000 && address < 0x40000;
    if (kernel || stack) setPage(machine, address, supervisor);
    else setPage(machine, address, 0n);
  }
  setPage(machine, codePage, 7n);
  setPage(machine, 0x20000, 7n);
  setPage(machine, 0x21000, 7n);
  setPage(machine, World.readOnly, 5n);
  ram.fill(0xcc, codePage, codePage + 0x1000);
  machine.physicalWritten(pteOf(0), 4096);
  machine.physicalWritten(codePage, 4096);
  const [cpu] = machine.cpus;
  cpu.cr3 = 0x1000n;
  cpu.fsBase = World.fsBase;
  cpu.gsBase = World.gsBase;
  return machine;
}

function fillWindow(ram: Uint8Array, seed: number): void {
  const words = new Int32Array(windowSize / 4);
  let x = seed | 1;
  for (let at = 0; at < words.length; at++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    words[at] = x & 7 ? x : x & 8 ? -1 : 0;
  }
  ram.set(new Uint8Array(words.buffer), window);
  ram.fill(0, edge, edge + edgeSize);
}

function hashWindow(ram: Uint8Array): number {
  let hash = 2166136261 | 0;
  for (const [at, size] of [
    [window, windowSize],
    [edge, edgeSize],
  ] as const) {
    const words = new Int32Array(ram.slice(at, at + size).buffer);
    for (const word of words) hash = Math.imul(hash ^ word, 16777619);
  }
  return hash >>> 0;
}

let lastCode: Uint8Array | undefined;

function placeCode(machine: Machine, code: Uint8Array): void {
  if (lastCode === code) return;
  lastCode = code;
  machine.ram.fill(0xcc, start, start + 16);
  machine.ram.set(code, start);
  machine.physicalWritten(start, 16);
}

/** Runs one case. A case that ends in no exception handler reports vector −1. */
export function runEmulated(machine: Machine, test: Case): Outcome {
  const { ram } = machine;
  const [cpu] = machine.cpus;
  placeCode(machine, test.code);
  fillWindow(ram, test.seed);
  ram.set(test.patch, window + test.patchOffset);
  machine.physicalWritten(window, windowSize);
  machine.physicalWritten(edge, edgeSize);
  for (let register = 0; register < 16; register++) cpu.set(register, test.registers[register] ?? 0n);
  cpu.halted = false;
  cpu.cs = Selector.userCode | 3;
  cpu.ss = Selector.userData | 3;
  cpu.rflags = BigInt(test.flags);
  cpu.rip = BigInt(start);
  const stop = machine.run(1000);
  const frame = cpu.rsp;
  const handler = Number(cpu.rip) - 1 - Place.handlers;
  const vector = stop.kind === 'idle' && handler >= 0 && handler % 16 === 0 ? handler / 16 : -1;
  const error = withError.has(vector);
  const word = (index: number) => machine.readU64(cpu, frame + BigInt(index * 8)) ?? 0n;
  const first = error ? 1 : 0;
  const registers = Array.from({ length: 16 }, (_, register) => cpu.get(register));
  registers[4] = word(first + 3);
  return {
    registers,
    flags: Number(word(first + 2)),
    rip: word(first) - (vector === 3 ? 1n : 0n),
    vector,
    error: error ? Number(word(0)) : 0,
    cr2: vector === 14 ? cpu.cr2 : 0n,
    memory: hashWindow(ram),
  };
}
