/**
 * Gates: guest functions whose body is one `vmcall`, answered by the host.
 *
 * A gate is known by its symbol's address. Arguments are the C ABI's (rdi rsi rdx rcx r8 r9), the result goes to rax.
 * A GuestFault in an answer becomes a page fault of the guest at the gate, as if C code had dereferenced the pointer.
 * A vmcall that belongs to no gate is an undefined instruction (#UD), except in ring 3 when a user gate is set.
 */
import type { Cpu } from '../cpu/cpu';
import type { Machine } from '../cpu/machine';
import { GuestFault } from './guest';

/** Arguments and answer of one gate call. Valid during the call only. */
export class GateCall {
  cpu!: Cpu;

  /** Argument n (0 to 5) as an unsigned 64-bit number. */
  argument(index: number): bigint {
    return this.cpu.get(ARGUMENTS[index] ?? 7);
  }

  /** Argument n as a C int. */
  int(index: number): number {
    return Number(BigInt.asIntN(32, this.argument(index)));
  }

  /** Argument n as a C long that fits a double exactly. */
  long(index: number): number {
    return Number(BigInt.asIntN(64, this.argument(index)));
  }

  /** Return address of the gate's caller. */
  get caller(): bigint {
    return this.callerOf(this.cpu.rsp);
  }

  constructor(private readonly callerOf: (stack: bigint) => bigint) {}
}

/** A gate's answer: the value for rax (negative for an errno), or undefined for a void function. */
export type Gate = (call: GateCall) => bigint | number | undefined;

const RAX = 0;
const ARGUMENTS = [7, 6, 2, 1, 8, 9];
const UNDEFINED_INSTRUCTION = 6;
const PAGE_FAULT = 14;

export class Gates {
  private readonly byName = new Map<string, Gate>();
  private readonly byAddress = new Map<bigint, Gate>();
  private readonly call: GateCall;
  /** The CPU of the gate call under way, or of the last one. */
  cpu = 0;
  /** Answers a vmcall executed in ring 3 (the shell's programs); returns false when it is not one of its own. */
  userGate: ((cpu: Cpu) => boolean) | undefined;

  constructor(machine: Machine, callerOf: (stack: bigint) => bigint) {
    this.call = new GateCall(callerOf);
    machine.hooks.gate = (cpu) => this.enter(cpu);
  }

  /** Says how a gate is answered. Defining a name twice is a programmer's mistake and throws. */
  define(name: string, gate: Gate): void {
    if (this.byName.has(name)) throw new Error(`gate ${name} is defined twice`);
    this.byName.set(name, gate);
  }

  /**
   * Connects the definitions with the kernel's symbols. Returns names that have no symbol: gates that this kernel's
   * source does not use.
   */
  bind(addressOf: (name: string) => bigint | undefined): string[] {
    const missing: string[] = [];
    for (const [name, gate] of this.byName) {
      const address = addressOf(name);
      if (address === undefined) missing.push(name);
      else this.byAddress.set(address, gate);
    }
    return missing;
  }

  private enter(cpu: Cpu): void {
    const gate = this.byAddress.get(cpu.rip);
    if (gate === undefined || cpu.cpl === 3) {
      if (cpu.cpl === 3 && this.userGate?.(cpu) === true) return;
      cpu.raiseException(UNDEFINED_INSTRUCTION);
      return;
    }
    this.call.cpu = cpu;
    this.cpu = cpu.index;
    try {
      const answer = gate(this.call);
      if (answer !== undefined) cpu.set(RAX, BigInt.asUintN(64, BigInt(answer)));
    } catch (error) {
      if (!(error instanceof GuestFault)) throw error;
      cpu.cr2 = error.address;
      cpu.raiseException(PAGE_FAULT, error.write ? 2 : 0);
    }
  }
}
