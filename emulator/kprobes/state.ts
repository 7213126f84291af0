/**
 * The state of the kprobes system on the host's side, as plain data: sites, their probes, return instances.
 *
 * What Linux keeps in its own structures and a module can see (struct kprobe's fields, current_kprobe, the per-CPU
 * control block) is in guest memory and not repeated here. Nothing here is a closure, so that a snapshot is a copy.
 */

import type { Block } from './arena';
import type { ProbeEvent } from './types';

/** How a probed instruction is done without stepping it: see emulate.ts. */
export type Emulation =
  | { kind: 'cli' | 'sti' | 'pushf' | 'popf' | 'ret' | 'lret' }
  | { kind: 'call' | 'jump'; displacement: number }
  | { kind: 'branch'; displacement: number; condition: number }
  | { kind: 'loop'; displacement: number; test: 'loop' | 'loope' | 'loopne' | 'jcxz'; addressSize: 4 | 8 }
  | { kind: 'callRegister' | 'jumpRegister'; register: number };

/** A probe at a site: a struct kprobe in guest memory and what owns it. */
export interface Child {
  /** Counts up; newer probes have higher numbers. */
  id: number;
  kind: 'kprobe' | 'kretprobe' | 'jprobe';
  owner: 'module' | 'debugger' | 'trace';
  kprobe: bigint;
  /** The struct kretprobe or struct jprobe that contains it. */
  container: bigint | undefined;
  hostId: number | undefined;
  site: bigint;
  symbol: string;
  offset: number;
  pool: Pool | undefined;
  /** Its struct lab_probe, which counts its hits. */
  record: Block;
}

/** The instances of a return probe: one block of guest memory with the struct kretprobe_holder before them. */
export interface Pool {
  maxactive: number;
  /** Address of instance 0, and bytes between instances. */
  base: bigint;
  stride: number;
  holder: bigint;
  block: Block;
}

/** A jump that replaced a site's int3, or waits to. */
export interface Optimisation {
  state: 'queued' | 'jump';
  /** The detour's memory, once there is a jump. */
  block: Block | undefined;
  /** Bytes of text that the jump covers. */
  covered: number;
  /** The five bytes that the jump replaced (first one is the original opcode, not int3). */
  saved: Uint8Array;
  due: number;
}

/** A probed address. */
export interface Site {
  address: bigint;
  length: number;
  /** The original instruction. */
  bytes: Uint8Array;
  /** Newest first. */
  children: Child[];
  /** Its struct lab_probe_site. */
  record: Block;
  /** Slot with the copied instruction and a trailing int3; 0n for emulated and ftrace sites, and until it is needed. */
  slot: bigint;
  /** Slot with the copied instruction and a jump back; 0n when the instruction is not boostable. */
  boostSlot: bigint;
  emulation: Emulation | undefined;
  /** int3 (or the jump, or the call at an ftrace site) is in the text. */
  armed: boolean;
  ftrace: boolean;
  gone: boolean;
  /** Struct kprobe in the host area that stands for all when there are several children. */
  manager: Block | undefined;
  optimisation: Optimisation | undefined;
  /** Why the site is not optimised, in words; undefined when it is or may become so. */
  notOptimised: string | undefined;
  /** Why boosting is not possible; undefined when it is. */
  notBoosted: string | undefined;
}

/** What the host has noted of a CPU that it handles a hit for (running.ts). */
export interface Running {
  site: Site | undefined;
  /** Child whose handler runs. */
  child: Child | undefined;
  /** What was noted before a hit inside a hit. */
  previous: { site: Site | undefined; child: Child | undefined } | undefined;
  /** A jprobe's saved registers and stack while its entry function runs. */
  jprobe:
    | { registers: Uint8Array; stack: Uint8Array; sp: bigint; child: number; resumed: boolean }
    | undefined;
  /** Instance (its guest address) of a return probe whose entry handler runs. */
  entering: bigint | undefined;
  /** Nesting of kprobe_busy_begin. */
  busy: number;
}

/** kprobe_status values of struct kprobe_ctlblk. */
export const STATUS = { active: 1n, singleStep: 2n, reenter: 4n, done: 8n } as const;

/** Flags of struct kprobe. */
export const FLAG = { gone: 1, disabled: 2, optimized: 4, ftrace: 8, onFuncEntry: 16 } as const;

export interface KprobesState {
  sites: Map<bigint, Site>;
  children: Map<number, Child>;
  /** By struct kprobe address. */
  byKprobe: Map<bigint, Child>;
  running: Running[];
  /** Sites by their record's address: also removed ones, as long as the record's memory rests. */
  records: Map<bigint, Site>;
  /** What happened to each probe and why, by struct kprobe (reasons.ts). */
  tallies: Map<bigint, { kind: ProbeEvent['kind']; why: string; count: number }[]>;
  /** What host probes keep of calls under way (HostProbeSpec.entry), by instance. */
  callData: Map<bigint, unknown>;
  /** Pools of removed return probes that calls are still under way of. */
  retiredPools: Pool[];
  nextChild: number;
  nextHost: number;
  armedAll: boolean;
  optimisationAllowed: boolean;
}

/** The state of a kernel in which nothing is probed. */
export function emptyState(cpus: number): KprobesState {
  return {
    sites: new Map(),
    children: new Map(),
    byKprobe: new Map(),
    running: Array.from({ length: cpus }, () => ({
      site: undefined,
      child: undefined,
      previous: undefined,
      jprobe: undefined,
      entering: undefined,
      busy: 0,
    })),
    records: new Map(),
    tallies: new Map(),
    callData: new Map(),
    retiredPools: [],
    nextChild: 1,
    nextHost: 1,
    armedAll: true,
    optimisationAllowed: true,
  };
}
