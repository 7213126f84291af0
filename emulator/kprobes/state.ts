/**
 * The state of the kprobes system on the host's side, as plain data: sites, their probes, return instances.
 *
 * What Linux keeps in its own structures and a module can see (struct kprobe's fields, current_kprobe, the per-CPU
 * control block) is in guest memory and not repeated here. Nothing here is a closure, so that a snapshot is a copy.
 */

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
  hits: number;
  pool: Pool | undefined;
}

/** The instances of a return probe. Guest memory for them (when a module owns it) is one block in the host area. */
export interface Pool {
  maxactive: number;
  dataSize: number;
  /** Address of instance 0 and bytes between instances; 0n for host probes, whose instances no guest code sees. */
  base: bigint;
  stride: number;
  free: number[];
  block: { address: bigint; size: number } | undefined;
}

/** One call that a return probe waits for. */
export interface Instance {
  /** Child that took it; the child may be gone when the call returns. */
  child: number;
  index: number;
  /** Guest struct kretprobe_instance, 0n for host probes. */
  address: bigint;
  returnAddress: bigint;
  /** Address of the stack slot that held the return address. */
  frame: bigint;
  data: unknown;
}

/** A jump that replaced a site's int3, or waits to. */
export interface Optimisation {
  state: 'queued' | 'jump';
  /** The detour's memory, once there is a jump. */
  block: { address: bigint; size: number } | undefined;
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
  /** Slot with the copied instruction and a trailing int3; 0n for emulated and ftrace sites. */
  slot: bigint;
  /** Slot with the copied instruction and a jump back; 0n when the instruction is not boostable. */
  boostSlot: bigint;
  emulation: Emulation | undefined;
  /** int3 (or the jump, or the call at an ftrace site) is in the text. */
  armed: boolean;
  ftrace: boolean;
  gone: boolean;
  /** Struct kprobe in the host area that stands for all when there are several children; 0n otherwise. */
  manager: bigint;
  optimisation: Optimisation | undefined;
  /** Why the site is not optimised, in words; undefined when it is or may become so. */
  notOptimised: string | undefined;
  /** Why boosting is not possible; undefined when it is. */
  notBoosted: string | undefined;
}

/** What a CPU is in the middle of. The guest's own view is current_kprobe and kprobe_ctlblk. */
export interface Running {
  site: Site | undefined;
  /** Child whose handler runs. */
  child: Child | undefined;
  previous: { site: Site | undefined; child: Child | undefined } | undefined;
  /** A jprobe's saved registers and stack while its entry function runs. */
  jprobe:
    | { registers: Uint8Array; stack: Uint8Array; sp: bigint; child: number; resumed: boolean }
    | undefined;
  /** Instance of a return probe whose entry handler runs. */
  entering: number | undefined;
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
  /** Return instances by task_struct address, oldest first. */
  instances: Map<bigint, Instance[]>;
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
    instances: new Map(),
    nextChild: 1,
    nextHost: 1,
    armedAll: true,
    optimisationAllowed: true,
  };
}
