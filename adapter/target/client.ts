/**
 * Who watches a machine: a debug session, or a terminal. Several may at once; each has its own breakpoints, and all see
 * every stop.
 */
import type { BreakpointTable } from '../breakpoints/table';
import type { DataBreakpoints } from './data-breakpoints';
import type { Stop } from './stop';

export interface TargetClient {
  /** Its breakpoints, if it has any. */
  readonly table?: BreakpointTable;
  readonly data?: DataBreakpoints;
  /** True for a client that can continue a stop. */
  readonly holds: boolean;
  /** Between slices of the run loop. */
  afterSlice(): void;
  stopped(stop: Stop): void;
  /** The machine runs again after a stop; `own`: this client asked for it. */
  resumed(stop: Stop, own: boolean): void;
  /** The machine was taken to another moment of its run, or begins another future there: what to say of it. */
  travelled(note: string | undefined): void;
  /** Everybody in the machine waits: nothing happens until input comes. */
  idle(): void;
  /** The machine is off. */
  ended(reason: string, exitCode: number): void;
  /** True when the client wants to stop at an oops that has just been reported. */
  wants(stop: Stop): boolean;
}
