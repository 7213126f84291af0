/**
 * The emulated CPU in the same little world as harness.c: ring 3, the same pages, exceptions caught by halting handlers.
 * Runs one case from a jump to its end (`runEmulated`), or single-stepped by the trap flag (`stepEmulated`).
 */
import type { Machine } from '../../../emulator/cpu/machine';
import { type Decoded, decode } from '../../../emulator/isa/decode';
import { boot, bytes, le, Place, Pte, pteOf, Selector, setGate, setPage } from '../program';
import { undefinedFlagsOf, World } from './generate';
import type { NativeCase, Outcome } from './real';

const { window, windowSize, edge, edgeSize, codePage, data, dataSize } = World;
/** Vectors that push an error code. */
const withError = new Set([8, 10, 11, 12, 13, 14, 17]);
/** Where each case starts with a jump: jump targets are what gets translated. Not mapped in the native world. */
const TRAMPOLINE = 0x1f7000;
/** Where system calls arrive. */
const SYSTEM_CALL = Place.handlers + 0x1100;
const TRAP = 0x100;

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
  const { present, write, user, noExecute } = Pte;
  setPage(machine, codePage, present | user);
  setPage(machine, TRAMPOLINE, present | user);
  setPage(machine, data, present | write | user | noExecute);
  setPage(machine, data + 0x1000, present | write | user | noExecute);
  setPage(machine, World.readOnly, present | user | noExecute);
  // As on Linux, ring 3 may raise #OF by itself; the vector of its old system calls is left to the cases' generator.
  setGate(machine, 4, Place.handlers + 4 * 16, { dpl: 3 });
  ram[SYSTEM_CALL] = 0xf4;
  ram.fill(0xcc, codePage, codePage + 0x1000);
  machine.physicalWritten(pteOf(0), 4096);
  machine.physicalWritten(codePage, 4096);
  const [cpu] = machine.cpus;
  cpu.cr3 = 0x1000n;
  cpu.fsBase = World.fsBase;
  cpu.gsBase = World.gsBase;
  cpu.writeMsr(0xc0000081, (BigInt(Selector.kernelData) << 48n) | (BigInt(Selector.kernelCode) << 32n));
  cpu.writeMsr(0xc0000082, BigInt(SYSTEM_CALL));
  cpu.writeMsr(0xc0000084, 0x700n);
  return machine;
}

function fill(ram: Uint8Array, at: number, size: number, seed: number): void {
  const words = new Int32Array(size / 4);
  let x = seed | 1;
  for (let word = 0; word < words.length; word++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    words[word] = x & 7 ? x : x & 8 ? -1 : 0;
  }
  ram.set(new Uint8Array(words.buffer), at);
}

/** The memory that a case can change, and that is compared: all of the data if it is code that nobody wrote on purpose. */
function ranges(test: NativeCase): (readonly [at: number, size: number])[] {
  return test.steps
    ? [[data, dataSize]]
    : [
        [window, windowSize],
        [edge, edgeSize],
      ];
}

function hashMemory(ram: Uint8Array, test: NativeCase): number {
  let hash = 2166136261 | 0;
  for (const [at, size] of ranges(test)) {
    const words = new Int32Array(ram.slice(at, at + size).buffer);
    for (const word of words) hash = Math.imul(hash ^ word, 16777619);
  }
  return hash >>> 0;
}

const placed = new WeakMap<Machine, NativeCase>();

/** Exchanges the previous case's code for this one's. */
function placeCode(machine: Machine, test: NativeCase): void {
  const { ram } = machine;
  const last = placed.get(machine);
  if (last?.code === test.code && last.start === test.start) return;
  const put = (at: number, code: Uint8Array): void => {
    ram.set(code.subarray(0, 0x1000 - (at & 0xfff)), at);
    machine.physicalWritten(at, code.length);
  };
  if (last) put(last.start, new Uint8Array(last.code.length).fill(0xcc));
  put(test.start, test.code);
  put(TRAMPOLINE, bytes('e9', le(test.start - (TRAMPOLINE + 5), 4)));
  placed.set(machine, test);
}

/** The state before a case; `rip` is where to begin. */
function prepare(machine: Machine, test: NativeCase, rip: number): void {
  const { ram } = machine;
  const [cpu] = machine.cpus;
  placeCode(machine, test);
  if (test.steps) fill(ram, data, dataSize, test.seed);
  else {
    fill(ram, window, windowSize, test.seed);
    ram.fill(0, edge, edge + edgeSize);
  }
  ram.set(test.patch, window + test.patchOffset);
  for (const [at, size] of ranges(test)) machine.physicalWritten(at, size);
  for (let register = 0; register < 16; register++) cpu.set(register, test.registers[register] ?? 0n);
  cpu.halted = false;
  cpu.cs = Selector.userCode | 3;
  cpu.ss = Selector.userData | 3;
  cpu.rflags = BigInt(test.flags);
  cpu.rip = BigInt(rip);
}

/** The exception whose handler is about to run or has halted: 256 for a system call, −1 for none. */
function vectorOf(machine: Machine): number {
  const [cpu] = machine.cpus;
  if (cpu.cpl !== 0) return -1;
  const rip = Number(cpu.rip) - (cpu.halted ? 1 : 0);
  if (rip === SYSTEM_CALL) return 256;
  const handler = rip - Place.handlers;
  return handler >= 0 && handler % 16 === 0 && handler < 4096 ? handler / 16 : -1;
}

/** The state that the exception interrupted. */
function outcome(machine: Machine, test: NativeCase, vector: number, steps: number): Outcome {
  const [cpu] = machine.cpus;
  const registers = Array.from({ length: 16 }, (_, register) => cpu.get(register));
  const memory = hashMemory(machine.ram, test);
  if (vector === 256 || vector < 0) {
    // syscall has put the state into rcx and r11.
    const rip = vector === 256 ? cpu.get(1) : cpu.rip;
    const flags = vector === 256 ? cpu.get(11) : cpu.rflags;
    return { registers, flags: Number(flags), rip, vector, error: 0, cr2: 0n, memory, steps };
  }
  const error = withError.has(vector);
  const frame = cpu.rsp + (error ? 8n : 0n);
  const word = (index: number) => machine.readU64(cpu, frame + BigInt(index * 8)) ?? 0n;
  registers[4] = word(3);
  return {
    registers,
    flags: Number(word(2)),
    rip: word(0) - (vector === 3 ? 1n : 0n),
    vector,
    error: error ? Number(machine.readU64(cpu, cpu.rsp) ?? 0n) : 0,
    cr2: vector === 14 ? cpu.cr2 : 0n,
    memory,
    steps,
  };
}

/** Runs one case from the jump to it until it ends in an exception handler; another end is vector −1. */
export function runEmulated(machine: Machine, test: NativeCase): Outcome {
  prepare(machine, test, TRAMPOLINE);
  machine.run(test.steps ? test.steps + 1 : 1000);
  return outcome(machine, test, vectorOf(machine), 0);
}

/** How a single-stepped case went here. */
export interface Stepped {
  outcome: Outcome;
  /** Instructions that the real CPU shall do, the one that faults included; 0 if there is nothing to compare. */
  steps: number;
  /** Flags that the last instruction leaves undefined. */
  undefinedFlags: number;
  /** The last instruction; undefined if it could not be fetched. */
  last: ReturnType<typeof decode> | undefined;
  /** Every instruction was one instruction here, too, and none has looked at the trap flag. */
  plain: boolean;
}

/** Runs a case instruction by instruction, each followed by its #DB, until it faults or `refused` says no. */
export function stepEmulated(
  machine: Machine,
  test: NativeCase,
  refused: (decoded: Decoded) => boolean,
): Stepped {
  prepare(machine, { ...test, flags: test.flags | TRAP }, test.start);
  const { ram } = machine;
  const [cpu] = machine.cpus;
  let plain = true;
  let undefinedFlags = 0;
  let done = 0;
  let last: Stepped['last'];
  const end = (steps: number): Stepped => {
    const vector = vectorOf(machine);
    const result = outcome(machine, test, vector < 0 ? -1 : vector, done);
    if (vector < 0) result.vector = 1;
    return { outcome: result, steps, undefinedFlags, last, plain };
  };
  while (done < test.steps) {
    const at = Number(BigInt.asUintN(52, cpu.rip));
    const inCode = cpu.rip === BigInt(at) && at >= codePage && at < codePage + 0x1000;
    const decoded = inCode ? decode(ram.subarray(at, codePage + 0x1000)) : undefined;
    const registers = Array.from({ length: 16 }, (_, register) => cpu.get(register));
    if (decoded?.ok && refused(decoded)) return end(done);
    last = decoded;
    machine.step(0);
    const vector = vectorOf(machine);
    if (vector !== 1) return end(done + 1);
    const frame = outcome(machine, test, vector, done);
    cpu.cs = Selector.userCode | 3;
    cpu.ss = Selector.userData | 3;
    cpu.rip = frame.rip;
    cpu.rsp = frame.registers[4];
    cpu.rflags = BigInt(frame.flags);
    done++;
    if (!decoded?.ok) continue;
    if (decoded.rep || decoded.op === 'pushf') plain = false;
    undefinedFlags = undefinedFlagsOf(decoded, registers);
    if (undefinedFlags) break;
  }
  return end(done);
}
