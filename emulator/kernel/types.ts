/**
 * The nouns of the running kernel as the host sees it: tasks, console records, frames, oopses, loaded images.
 *
 * Plain data only; how each is obtained from guest memory is in the file named after it.
 */
import type { Image } from '../cc/image';

/** An image in guest memory: the kernel, a module, or a user program. `name` is 'vmlinux' for the kernel. */
export interface LoadedImage {
  name: string;
  kind: 'kernel' | 'module' | 'user';
  image: Image;
  /** True once a module's .init sections were freed. */
  initFreed: boolean;
}

/** A symbol an address belongs to. `module` is undefined for the kernel's own symbols. */
export interface SymbolHit {
  name: string;
  address: bigint;
  offset: number;
  size: number;
  module: string | undefined;
}

/** A guest task. `address` is its task_struct. */
export interface TaskInfo {
  address: bigint;
  pid: number;
  tgid: number;
  comm: string;
  /** 'R' running or runnable, 'S' sleeping, 'D' uninterruptible, 'T' stopped, 'Z' zombie, 'X' dead, 'I' idle. */
  state: string;
  /** CPU it runs on at this moment; undefined when it does not run. */
  cpu: number | undefined;
  /** Base (lowest address) of its kernel stack. */
  stack: bigint;
  kernelThread: boolean;
}

/** One printk record. `text` has no trailing newline. */
export interface ConsoleRecord {
  seq: number;
  /** Virtual time in nanoseconds. */
  time: number;
  /** Machine.moment at which it was printed. */
  moment: number;
  /** 0 (emergency) to 7 (debug). */
  level: number;
  text: string;
  cpu: number;
  pid: number;
  comm: string;
  /** Address of the printk call's return address in the code that printed; 0n when the host itself printed. */
  caller: bigint;
  /** Source place of the caller, when debug information has it. */
  source: SourcePlace | undefined;
}

/** A place in source text; `file` is a path as the compiler was given it. Lines and columns count from 1. */
export interface SourcePlace {
  file: string;
  line: number;
  column: number;
}

/**
 * One frame of a call stack, innermost first. An inlined call is a frame of its own that shares registers and cfa with
 * the frame that contains it.
 */
export interface Frame {
  kind: 'normal' | 'inlined' | 'user';
  /** Where this frame executes now (innermost) or resumes. */
  address: bigint;
  /** Address to ask debug information about: `address`, or `address` - 1 when it is a return address. */
  lookup: bigint;
  /** Function name from debug information or symbols; undefined when neither knows the address. */
  name: string | undefined;
  symbol: SymbolHit | undefined;
  image: LoadedImage | undefined;
  source: SourcePlace | undefined;
  /** Value of register n (x86 numbering, 0 rax … 15 r15) in this frame; undefined = not recoverable. */
  registers: readonly (bigint | undefined)[];
  /** Canonical frame address: rsp before the call pushed the return address. */
  cfa: bigint;
  /** Address of the struct pt_regs that this frame was read from, when an exception or system call interrupted it. */
  regs: bigint | undefined;
  /** True when the true return address was hidden behind a kretprobe trampoline. */
  throughTrampoline: boolean;
}

/** A kernel oops, BUG, WARN or panic with the text that went to the console. */
export interface OopsReport {
  kind: 'oops' | 'bug' | 'warn' | 'panic';
  message: string;
  cpu: number;
  task: { pid: number; comm: string };
  /** Address of the pt_regs of the fault; undefined for a panic called from C. */
  regs: bigint | undefined;
  /** Instruction pointer that faulted. */
  address: bigint;
  lines: string[];
}
