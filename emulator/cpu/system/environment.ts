// What the procedures of this directory may use: the running CPU's memory and state, and a few services of the machine.
import type { Decoded } from '../../isa/decode';
import type { Core } from '../core';
import type { Cpu } from '../cpu';

/** Services of the machine. */
export interface Environment {
  readonly core: Core;
  /** Virtual time in ns, exact for the instruction being executed. */
  readonly clock: number;
  /** Calls the host (vmcall). */
  gate(cpu: Cpu): void;
  /** Sends an inter-processor interrupt to the CPU with this APIC id, if there is one. */
  sendInterrupt(apicId: number, vector: number): void;
  readonly cpuCount: number;
}

/**
 * All of an instruction that has no statements in ir/. rip already points behind it; a procedure that throws a
 * GuestFault must have changed nothing that matters (string instructions: registers say how far they came).
 */
export type Procedure = (environment: Environment, decoded: Decoded, address: bigint) => void;
