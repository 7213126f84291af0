/** Register files of a stopped machine: a CPU, a pt_regs in memory, and what unwinding recovered of an outer frame. */

import type { Cpu } from '../../emulator/cpu/cpu';
import { GENERAL, type RegisterFile } from '../../emulator/inspect/registers';
import { type GuestMemory, littleEndian, toBytes } from '../../emulator/inspect/value';
import { ptRegsOffset } from '../../emulator/kernel/ptregs';

const NUMBER: ReadonlyMap<string, number> = new Map(GENERAL.map((name, number) => [name, number]));

/** The registers of a CPU as they are now. Segment registers and orig_ax cannot be set. */
export function cpuRegisters(cpu: Cpu): RegisterFile {
  return {
    get: (name) => {
      const number = NUMBER.get(name);
      if (number !== undefined) return BigInt.asUintN(64, cpu.get(number));
      switch (name) {
        case 'ip':
          return BigInt.asUintN(64, cpu.rip);
        case 'flags':
          return BigInt.asUintN(64, cpu.rflags);
        case 'cs':
          return BigInt(cpu.cs);
        case 'ss':
          return BigInt(cpu.ss);
        default:
          return undefined;
      }
    },
    set: (name, value) => {
      const number = NUMBER.get(name);
      if (number !== undefined) cpu.set(number, value);
      else if (name === 'ip') cpu.rip = value;
      else if (name === 'flags') cpu.rflags = value;
      else return false;
      return true;
    },
  };
}

/** The registers that an exception saved at `address`: setting one changes what execution resumes with. */
export function savedRegisters(address: bigint, memory: GuestMemory): RegisterFile {
  const at = (name: string) => {
    const offset = ptRegsOffset(name);
    return offset === undefined ? undefined : address + BigInt(offset);
  };
  return {
    get: (name) => {
      const place = at(name);
      const bytes = place === undefined ? undefined : memory.read(place, 8);
      return bytes && littleEndian(bytes);
    },
    set: (name, value) => {
      const place = at(name);
      return place !== undefined && memory.write(place, toBytes(value, 8));
    },
  };
}

/** What is known of the registers of an outer frame. None can be set: they may be saved anywhere. */
export function unwoundRegisters(registers: readonly (bigint | undefined)[], ip: bigint): RegisterFile {
  return {
    get: (name) => {
      if (name === 'ip') return ip;
      const number = NUMBER.get(name);
      return number === undefined ? undefined : registers[number];
    },
    set: () => false,
  };
}

/** Registers in which the System V ABI passes the first six arguments, by pt_regs name. */
const ARGUMENT_REGISTERS = ['di', 'si', 'dx', 'cx', 'r8', 'r9'];

/** What a return probe keeps of its function's entry: plain data, because snapshots hold it. */
export function keepEntry(registers: RegisterFile): Record<string, bigint> {
  return Object.fromEntries(ARGUMENT_REGISTERS.map((name) => [name, registers.get(name) ?? 0n]));
}

/** The registers that `keepEntry` kept; all unknown when nothing was. */
export function entryRegisters(kept: unknown): RegisterFile {
  const known = typeof kept === 'object' && kept !== null ? (kept as Record<string, unknown>) : {};
  return {
    get: (name) => {
      const value = known[name];
      return typeof value === 'bigint' ? value : undefined;
    },
    set: () => false,
  };
}
