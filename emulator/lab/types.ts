/**
 * The nouns of the facade: how a lab is booted, why it stopped, what it tells its listeners.
 */

import type { Diagnostic } from '../cc/diagnostic';
import type { Image } from '../cc/image';
import type { ObjectFile } from '../cc/object';
import type { MachineSnapshot } from '../cpu/machine';
import type { BuildCache } from '../kernel/build';
import type { KernelProfile } from '../kernel/config';
import type { KernelState } from '../kernel/kernel';
import type { ConsoleRecord, OopsReport } from '../kernel/types';
import type { KprobesCopy } from '../kprobes/kprobes';
import type { Hit, ProbeEvent } from '../kprobes/types';
import type { ProcessesState } from '../shell/processes';
import type { TracingState } from '../tracing/tracing';

/** How to boot. Nothing here is a path on the host's disk: texts and bytes are given. */
export interface LabOptions {
  profile?: KernelProfile;
  /** Overrides such as {CONFIG_OPTPROBES: 'n'}; names with or without CONFIG_. */
  config?: Readonly<Record<string, string>>;
  /** 1 to 8; default 2. */
  cpus?: number;
  /** Default 128. */
  memoryMiB?: number;
  /** The kernel's C sources: path below emulator/linux -> text. */
  sources: ReadonlyMap<string, string>;
  /** Files to put into the root file system: absolute guest path -> content. */
  files?: ReadonlyMap<string, { data: Uint8Array; mode?: number }>;
  /** Appended to the kernel's command line. */
  commandLine?: string;
  /** Units compiled earlier, by content hash; filled by boot. Share one map to make the next boot fast. */
  cache?: BuildCache;
}

/** What compiling gave: `bytes` is undefined exactly when a diagnostic is an error; `object` also when it was cached. */
export interface CompileResult {
  name: string;
  object: ObjectFile | undefined;
  /** The ELF file's bytes (.ko, .o, or an executable for a user program). */
  bytes: Uint8Array | undefined;
  /** A linked user program with its debug information. */
  image?: Image | undefined;
  diagnostics: Diagnostic[];
}

/** Why run() or step() came back. */
export type LabStop =
  | { kind: 'budget' }
  | { kind: 'paused'; cpu: number }
  | { kind: 'probe'; cpu: number; hit: Hit }
  | { kind: 'breakpoint'; cpu: number; address: bigint }
  | { kind: 'watchpoint'; cpu: number; id: number; address: bigint; access: 'read' | 'write' }
  | { kind: 'stepped'; cpu: number }
  | { kind: 'oops'; cpu: number; oops: OopsReport }
  | { kind: 'panic'; cpu: number; oops: OopsReport }
  | { kind: 'idle' }
  | { kind: 'poweroff' }
  | { kind: 'shutdown'; cpu: number; reason: string };

/** What a lab tells while it runs, in order. */
export type LabEvent =
  | { kind: 'console'; record: ConsoleRecord }
  | { kind: 'tty'; text: string }
  /** The console's shell waits for a line; `status` is the exit status of the one before. */
  | { kind: 'prompt'; status: number }
  | { kind: 'moduleLoaded'; name: string }
  | { kind: 'moduleUnloaded'; name: string }
  | { kind: 'moduleFailed'; name: string; errno: number; reason: string }
  | { kind: 'taskExited'; pid: number; comm: string; code: number }
  | { kind: 'oops'; oops: OopsReport }
  | { kind: 'probe'; event: ProbeEvent };

/** A lab between two instructions. Treat as read-only; it belongs to the lab that it was taken from. */
export interface LabState {
  readonly machine: MachineSnapshot;
  readonly kernel: KernelState;
  readonly kprobes: KprobesCopy;
  readonly tracing: TracingState;
  readonly processes: ProcessesState;
  readonly panicked: OopsReport | undefined;
  readonly exitCode: number | undefined;
  readonly typed: readonly number[];
  readonly advised: ReadonlySet<string>;
}

/** Keeps a history of what is done to a lab from outside. */
export interface Recorder {
  /** The lab stands before something that it did already: a change now would begin another future. */
  readonly past: boolean;
  /** Must call `apply`, now, and answer its result. */
  change<Result>(what: string, apply: () => Result): Result;
}
