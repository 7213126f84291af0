/**
 * Reads a stopped (or just hit) machine by name: memory, symbols, scopes for frames and hits.
 *
 * Nothing is cached beyond what the images themselves are; a module that is loaded is seen at once.
 */

import type { Cpu } from '../../emulator/cpu/cpu';
import type { Describer } from '../../emulator/inspect/format';
import type { FrameCode, FrameContext, SymbolSource } from '../../emulator/inspect/frame-scope';
import { FrameScope } from '../../emulator/inspect/frame-scope';
import { inlineChain, type Program, programOf, rowAt } from '../../emulator/inspect/program';
import { GENERAL, type RegisterFile } from '../../emulator/inspect/registers';
import { findMember } from '../../emulator/inspect/types';
import { type GuestMemory, inMemory, littleEndian, memberOf, type Value } from '../../emulator/inspect/value';
import { decode, maximumLength } from '../../emulator/isa/decode';
import type { Hit } from '../../emulator/kprobes/types';
import type { Lab } from '../../emulator/lab';
import { cpuRegisters, entryRegisters, savedRegisters } from './registers';

const RSP = 'sp';

/** A moment at which breakpoints are judged: a probe's hit, or a CPU before or after an instruction. */
export interface Moment {
  cpu: number;
  task: { pid: number; comm: string };
  address: bigint;
  when: Hit['when'];
  registers: RegisterFile;
  /** Of a return hit: the argument registers at entry. */
  entry: RegisterFile | undefined;
}

export class Inspector {
  /** What lists are lists of, by the sources that are known; set by the session. */
  anchors: NonNullable<Describer['anchors']> = () => [];

  constructor(readonly lab: Lab) {}

  /** Memory as that CPU's page tables show it. */
  memory(cpu: number): GuestMemory {
    const { guest } = this.lab.kernel;
    return {
      read: (address, length) => guest.peek(address, length, cpu),
      write: (address, bytes) => this.lab.change('memory set', () => guest.poke(address, bytes, cpu)),
    };
  }

  programs(): Program[] {
    return this.lab.kernel.images.all().map(({ image }) => programOf(image));
  }

  /** `name`, `name+0x12`, with `[module]`; undefined outside of all symbols. */
  symbolAt(address: bigint): string | undefined {
    const hit = this.lab.kernel.symbols.at(address);
    if (!hit) return undefined;
    const offset = hit.offset === 0 ? '' : `+0x${hit.offset.toString(16)}`;
    return `${hit.name}${offset}${hit.module === undefined ? '' : ` [${hit.module}]`}`;
  }

  describer(cpu: number, scope?: FrameScope): Describer {
    return {
      memory: this.memory(cpu),
      symbolAt: (address) => this.symbolAt(address),
      complete: scope ? (type) => scope.complete(type) : undefined,
      record: scope ? (kind, name) => scope.record(kind, name) : undefined,
      anchors: (holder, name) => this.anchors(holder, name),
    };
  }

  /** The function an address is in, as scopes want it; the innermost inlined body unless told otherwise. */
  codeAt(address: bigint, inlineSite?: number): FrameCode | undefined {
    const loaded = this.lab.kernel.images.at(address);
    if (!loaded) return undefined;
    const program = programOf(loaded.image);
    const within = program.functionAt(address);
    if (!within) return undefined;
    const offset = Number(address - loaded.image.base) - within.start;
    return { program, within, offset, inlineSite: inlineSite ?? inlineChain(within, offset)[0] ?? -1 };
  }

  /** The scope of any frame. */
  scope(parts: {
    cpu: number;
    code: FrameCode | undefined;
    registers: RegisterFile | undefined;
    cfa: bigint | undefined;
    returning: FrameContext['returning'];
    task: FrameContext['task'];
  }): FrameScope {
    return new FrameScope({
      ...parts,
      memory: this.memory(parts.cpu),
      programs: this.programs(),
      symbols: this.#symbols(),
      perCpuOffset: (cpu) => this.#perCpuOffset(cpu),
    });
  }

  /** The moment of a probe's hit: the registers are those that the trap saved. */
  momentOfHit(hit: Hit): Moment {
    const { cpu, task, address, when } = hit;
    const registers = savedRegisters(hit.regs.address, this.memory(cpu));
    return {
      cpu,
      task,
      address,
      when,
      registers,
      entry: when === 'return' ? entryRegisters(hit.data) : undefined,
    };
  }

  /** The moment of a CPU that stands before an instruction. */
  momentOfCpu(cpu: number): Moment {
    const task = this.lab.kernel.tasks.current(cpu) ?? { pid: 0, comm: '' };
    const registers = this.registers(cpu);
    return { cpu, task, address: registers.get('ip') ?? 0n, when: 'pre', registers, entry: undefined };
  }

  /** Registers of a CPU; setting one is a change of the run. */
  registers(cpu: number): RegisterFile {
    const now = cpuRegisters(this.cpu(cpu));
    return {
      get: now.get,
      set: (name, value) => this.lab.change(`${name} set`, () => now.set(name, value)),
    };
  }

  cpu(index: number): Cpu {
    const found = this.lab.machine.cpus[index];
    if (!found) throw new Error(`the machine has no CPU ${index}`);
    return found;
  }

  /** The scope in which a condition or log message of a breakpoint is evaluated: the probed function's own frame. */
  momentScope(moment: Moment): FrameScope {
    const { cpu, registers } = moment;
    const memory = this.memory(cpu);
    const returning = moment.entry && { entry: moment.entry };
    const address = moment.when === 'post' ? (registers.get('ip') ?? moment.address) : moment.address;
    const code = this.codeAt(address, returning ? -1 : undefined);
    return this.scope({
      cpu,
      code,
      registers,
      // After the return the frame is gone: only what is in registers is still true.
      cfa: code && !returning ? cfaAt(code, registers, memory) : undefined,
      returning,
      task: { ...moment.task, cpu, address: this.lab.kernel.tasks.currentAddress(cpu) },
    });
  }

  /** A member of a structure at an address, by the first image that defines the structure. */
  member(struct: string, address: bigint, name: string): Value | undefined {
    for (const program of this.programs()) {
      const type = program.record('struct', struct);
      if (type?.kind !== 'struct' || !type.complete) continue;
      const member = findMember(type, name);
      return member && memberOf(inMemory(type, address), member);
    }
    return undefined;
  }

  /** Length of the instruction at an address (as it is without probes) when it is a call, otherwise undefined. */
  callLength(address: bigint): number | undefined {
    const bytes = this.lab.kprobes.originalText(address, maximumLength) ?? this.memory(0).read(address, 8);
    const decoded = bytes && decode(bytes);
    return decoded?.ok && decoded.entry.mnemonic === 'call' ? decoded.length : undefined;
  }

  #perCpuOffset(cpu: number): bigint {
    const table = this.lab.kernel.findRaw('__per_cpu_offset');
    return table === undefined ? 0n : (readPointer(this.memory(cpu), table + BigInt(cpu * 8)) ?? 0n);
  }

  #symbols(): SymbolSource {
    const { symbols } = this.lab.kernel;
    return {
      address: (name) => symbols.lookup(name)?.address,
      similar: (name) => symbols.suggestions(name, 3),
    };
  }
}

/** The canonical frame address by the frame table's row, for an innermost frame whose registers are all known. */
export function cfaAt(code: FrameCode, registers: RegisterFile, memory: GuestMemory): bigint | undefined {
  const row = rowAt(code.within.frame, code.offset);
  if (!row) return undefined;
  const base = registers.get(GENERAL[row.cfaRegister] ?? RSP);
  if (base === undefined) return undefined;
  const cfa = BigInt.asUintN(64, base + BigInt(row.cfaOffset));
  return memory.read(cfa - 8n, 8) ? cfa : undefined;
}

/** Eight bytes as a number. */
export function readPointer(memory: GuestMemory, address: bigint): bigint | undefined {
  const bytes = memory.read(address, 8);
  return bytes && littleEndian(bytes);
}
