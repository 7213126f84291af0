/**
 * What tracing needs of the machine: symbols, probes, memory, a clock. The lab gives the real one, tests a small one.
 */
import type { HostProbe, HostProbeSpec, Refusal } from '../kprobes/types';

/** A symbol that covers an address. */
export interface Place {
  name: string;
  offset: number;
  size: number;
}

export interface TraceHost {
  cpus: number;
  /** Virtual time in nanoseconds. */
  now(): number;
  /** All addresses of symbols with this exact name, in the kernel and in modules. */
  addressesOf(symbol: string): readonly bigint[];
  /** Address of a module's symbol; undefined when the loaded module has none. */
  moduleSymbol(module: string, symbol: string): bigint | undefined;
  moduleLoaded(module: string): boolean;
  symbolAt(address: bigint): Place | undefined;
  /** False for code that ftrace leaves alone (notrace): events may not probe it. */
  traceable(address: bigint): boolean;
  register(spec: HostProbeSpec): HostProbe | Refusal;
  unregister(probe: HostProbe): void;
  setEnabled(probe: HostProbe, enabled: boolean): void;
  /** Calls that the probe missed: both of struct kprobe's and struct kretprobe's nmissed. */
  missed(probe: HostProbe): number;
  /** How the probe's site works now, for the flags column of the trace. */
  path(probe: HostProbe): 'int3' | 'other';
  /** Memory as the current task sees it; undefined when any of it cannot be read. */
  read(address: bigint, length: number): Uint8Array | undefined;
  /** Memory of the current task's user space; undefined also for kernel addresses. */
  readUser(address: bigint, length: number): Uint8Array | undefined;
  /** What %p prints for an address: a hash, with 0x and 16 digits. */
  hashPointer(address: bigint): string;
  /** A line in the kernel's log. */
  log(level: number, text: string): void;
}
