// One decoded instruction, ready for the reference evaluator.
import type { Decoded } from '../../isa/decode';

/** How an instruction ended. */
export const Outcome = {
  /** Goes on with the next instruction in memory; rip is stale. */
  next: 0,
  /** rip says where to go on. */
  jumped: 1,
} as const;

/** A decoded instruction with its meaning compiled to a function. */
export interface Instruction {
  readonly decoded: Decoded | undefined;
  /** Linear address. */
  readonly address: bigint;
  readonly next: bigint;
  readonly length: number;
  /** Physical page of the last byte if that is another page than the first byte's, else -1. */
  readonly tailPage: number;
  /** The host wants to stop before it. */
  readonly breakpoint: boolean;
  /** Executes it; returns an Outcome. Throws GuestFault before any change of state. */
  run(): number;
}
