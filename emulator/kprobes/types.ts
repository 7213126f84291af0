/**
 * The nouns of the kprobes system as the host sees it: hits, probes placed by the host, events with reasons.
 *
 * Guest probes (struct kprobe in a module) and host probes (an editor's breakpoint, a trace event) share all of it.
 */
import type { PtRegs } from '../kernel/ptregs';

/** A refusal: a negative errno, its name, and one sentence in plain words that says what to do. */
export interface Refusal {
  errno: number;
  name: string;
  reason: string;
}

/** What a handler of the host is given. All fields are true at the moment of the call and not later. */
export interface Hit {
  cpu: number;
  task: { pid: number; comm: string };
  regs: PtRegs;
  probe: HostProbe;
  /** The probed address (never the trampoline's). */
  address: bigint;
  when: 'pre' | 'post' | 'return';
  /** Of a return hit: where the function returns to. */
  returnAddress: bigint | undefined;
  /** Of a return hit: what `entry` stored for this call (see HostProbeSpec.entry). */
  data: unknown;
  /** Virtual time in nanoseconds. */
  timestamp: number;
}

/** Tells the machine to stop after this handler: the C loop asks again on resume. */
export type HandlerAnswer = 'stop' | undefined;

/** Where to probe. `symbol` may be MOD:SYM. */
export type ProbePlace = { address: bigint } | { symbol: string; offset: number };

/** A probe that the host wants. `kind` 'return' makes a kretprobe. */
export interface HostProbeSpec {
  at: ProbePlace;
  kind: 'entry' | 'return';
  /** Who asks: shown in lists ('editor', 'trace', …). */
  owner: 'debugger' | 'trace';
  maxactive?: number;
  /** Registered, but not armed. */
  disabled?: boolean;
  pre?(hit: Hit): HandlerAnswer;
  post?(hit: Hit): HandlerAnswer;
  /** Of a return probe, at entry: the value is kept for this call as Hit.data. It must be plain data. */
  entry?(hit: Hit): unknown;
  onReturn?(hit: Hit): HandlerAnswer;
}

/** A host probe that is registered. Its struct kprobe lives in guest memory at `kprobe`. */
export interface HostProbe {
  id: number;
  kind: 'entry' | 'return';
  owner: 'debugger' | 'trace';
  address: bigint;
  /** Guest address of the struct kprobe that stands for it. */
  kprobe: bigint;
}

/** How a probe's site works at this moment, and why. */
export interface ProbePath {
  path: 'int3' | 'boosted' | 'emulated' | 'optimised' | 'ftrace' | 'disarmed' | 'gone';
  why: string;
}

/** One registered probe, for lists and views. */
export interface ProbeInfo {
  /** Guest address of its struct kprobe (for a return probe: &rp->kp). */
  kprobe: bigint;
  /** Guest address of its struct kretprobe. */
  kretprobe: bigint | undefined;
  kind: 'kprobe' | 'kretprobe' | 'jprobe';
  owner: 'module' | 'debugger' | 'trace';
  /** Module that holds the struct, when a module does. */
  module: string | undefined;
  /** Host probe's id, when the host owns it. */
  hostId: number | undefined;
  address: bigint;
  symbol: string;
  offset: number;
  flags: number;
  nmissed: number;
  /** Return probes: calls without a free instance. */
  nmissedReturn: number;
  maxactive: number | undefined;
  hits: number;
  /** Hits after which a pre handler had the instruction skipped (it returned non-zero). */
  redirected: number;
  /** Return probes: calls that the entry handler left alone (it returned non-zero). */
  leftAlone: number;
  /** The byte that int3 replaced, and the byte that is there now. */
  opcode: number;
  currentByte: number;
  path: ProbePath;
  /** Why it is not optimised, what it missed and skipped, where it faulted: with counts. */
  reasons: ProbeReason[];
}

/** Why something is as it is with a probe, or happened to it. */
export interface ProbeReason {
  kind: ProbeEvent['kind'];
  /** What one finds in Linux: a counter, a flag, a function. */
  linux: string;
  /** One plain sentence: `missed: another kprobe was running on CPU 0`. */
  sentence: string;
  /** How often; 1 for a state. */
  count: number;
}

/** What happened to a probe, with its cause in words. */
export interface ProbeEvent {
  kind:
    | 'registered'
    | 'refused'
    | 'unregistered'
    | 'enabled'
    | 'disabled'
    | 'gone'
    | 'missed'
    | 'skipped'
    | 'optimised'
    | 'unoptimised'
    | 'notOptimised'
    | 'fault';
  time: number;
  kprobe: bigint;
  address: bigint;
  symbol: string;
  reason: string;
  /** Linux's words and the sentence. */
  said: ProbeReason;
}
