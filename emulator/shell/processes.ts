/**
 * Console programs as guest processes: answers the vmcall of user/hostprog.S with the program's next system call.
 *
 * A process is found by its pid. A new program begins when its first vmcall says so (after exec), a fork's child takes
 * the body that its parent gave. Each process keeps the log of its results: with it `save` and `restore` rebuild the
 * generators, which themselves cannot be copied. Nothing here blocks or throws: a program that fails inside writes the
 * reason to its standard error and exits with 125.
 */
import type { Cpu } from '../cpu/cpu';
import type { Kernel } from '../kernel/kernel';
import { type Argument, encode, exit, type Program, type Request, type Response, write } from './syscalls';

/** Finds the program for a command; `argv[0]` may be a path. Undefined: there is no such command. */
export type FindProgram = (argv: readonly string[], environment: readonly string[]) => Program | undefined;

const RAX = 0;
const RBX = 3;
const R12 = 12;
const R13 = 13;
/** rdi rsi rdx r10 r8 r9: system-call arguments (System V AMD64 ABI, appendix A.2.1). */
const ARGUMENT_REGISTERS = [7, 6, 2, 10, 8, 9];
const BUFFER_BYTES = 16 * 4096;
const EFAULT = -14;
const INTERNAL_ERROR = 125;

/** A program's start, as data. */
interface Start {
  argv: string[];
  environment: string[];
}

interface Process {
  pid: number;
  /** How it began: by exec, or as the child of the fork at position `at` in its parent's log. */
  start: Start | { parent: Process; at: number };
  log: Response[];
  program: Program;
  pending: Request | undefined;
  /** Bodies of children by position of the fork in this log; each can be started again. */
  bodies: Map<number, () => Program>;
  ended: boolean;
}

/** The processes at one moment; parents stay as long as a child may have to be rebuilt from them. */
export interface ProcessesState {
  /** Parents before their children. `length`: how much of the log there was. */
  readonly processes: readonly { process: Process; length: number; live: boolean }[];
  /** Children that have not run yet. */
  readonly unborn: readonly { pid: number; parent: Process; at: number }[];
}

export class Processes {
  private readonly live = new Map<number, Process>();
  /** Children by pid that were forked and have not run yet; their parents may be gone. */
  private readonly unborn = new Map<number, { parent: Process; at: number }>();

  constructor(
    private readonly kernel: Kernel,
    private readonly find: FindProgram,
    private readonly onPrompt: (pid: number, status: number) => void,
  ) {
    kernel.gates.userGate = (cpu) => this.gate(cpu);
  }

  /** Forgets a process that ended. */
  ended(pid: number): void {
    const process = this.live.get(pid);
    if (process) process.ended = true;
    this.live.delete(pid);
    this.unborn.delete(pid);
  }

  /** Pids of the console programs that run. */
  pids(): number[] {
    return [...this.live.keys()];
  }

  private gate(cpu: Cpu): boolean {
    const task = this.kernel.tasks.current(cpu.index);
    if (task === undefined) return false;
    const first = cpu.get(R13) === 0n;
    const process = first
      ? this.started(task.pid, cpu)
      : (this.live.get(task.pid) ?? this.forked(task.pid, cpu));
    if (process === undefined) return false;
    if (first) {
      cpu.set(R13, 1n);
      this.advance(process, undefined);
    } else if (process.pending === undefined) {
      this.advance(process, undefined);
    } else {
      const response = this.collect(process.pending, cpu);
      const at = process.log.length;
      if (process.bodies.has(at)) {
        if (response.result > 0) this.unborn.set(response.result, { parent: process, at });
        else process.bodies.delete(at);
      }
      process.log.push(response);
      this.advance(process, response);
    }
    this.issue(process.pending, cpu);
    if (process.pending?.prompt !== undefined) this.onPrompt(process.pid, process.pending.prompt);
    return true;
  }

  /** A program that exec just started: its arguments are on its stack. */
  private started(pid: number, cpu: Cpu): Process {
    const { guest } = this.kernel;
    const stack = cpu.get(RBX);
    const argc = Number(guest.u64(stack, cpu.index) & 0xffffn);
    const strings = (from: bigint, count: number): string[] => {
      const texts: string[] = [];
      for (let i = 0; i < count; i++) {
        const pointer = guest.u64(from + BigInt(i * 8), cpu.index);
        if (pointer === 0n) break;
        texts.push(guest.peekString(pointer, 131072, cpu.index) ?? '');
      }
      return texts;
    };
    const argv = strings(stack + 8n, argc);
    const environment = strings(stack + BigInt(16 + argc * 8), 1024);
    const process: Process = {
      pid,
      start: { argv, environment },
      log: [],
      program: this.programOf({ argv, environment }),
      pending: undefined,
      bodies: new Map(),
      ended: false,
    };
    this.live.set(pid, process);
    return process;
  }

  private programOf({ argv, environment }: Start): Program {
    return this.find(argv, environment) ?? missing(argv[0] ?? '');
  }

  /** The child of a fork, at its first vmcall: its parent is the one that issued the fork last. */
  private forked(pid: number, cpu: Cpu): Process | undefined {
    const { guest, tasks } = this.kernel;
    const task = tasks.currentAddress(cpu.index);
    const parentPid = Number(guest.get('task_struct', guest.get('task_struct', task, 'real_parent'), 'pid'));
    const known = this.unborn.get(pid);
    // A child may run before its parent has seen the fork's result.
    const parent = known?.parent ?? this.live.get(parentPid);
    if (parent === undefined) return undefined;
    const at = known?.at ?? parent.log.length;
    const body = parent.bodies.get(at);
    if (body === undefined) return undefined;
    this.unborn.delete(pid);
    const process: Process = {
      pid,
      start: { parent, at },
      log: [],
      program: body(),
      pending: undefined,
      bodies: new Map(),
      ended: false,
    };
    this.live.set(pid, process);
    return process;
  }

  private advance(process: Process, response: Response | undefined): void {
    try {
      const next = response === undefined ? process.program.next() : process.program.next(response);
      if (next.done === true) this.finish(process, exitWith(next.value));
      else process.pending = next.value;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.finish(process, failed(reason));
    }
    const { pending } = process;
    if (pending?.child) process.bodies.set(process.log.length, pending.child);
  }

  /** Replaces the program by one that only exits. */
  private finish(process: Process, last: Program): void {
    process.program = last;
    const next = last.next();
    process.pending = next.done === true ? undefined : next.value;
  }

  /** Reads the result of the call that was issued, and the bytes of its rooms. */
  private collect(request: Request, cpu: Cpu): Response {
    const result = Number(BigInt.asIntN(64, cpu.get(RAX)));
    const buffer = cpu.get(R12);
    const rooms: Uint8Array[] = [];
    let at = 0;
    for (const argument of request.arguments) {
      const length = lengthOf(argument);
      if (argument.kind === 'room') {
        const wanted = result < 0 ? 0 : argument.length;
        rooms.push(this.kernel.guest.peek(buffer + BigInt(at), wanted, cpu.index) ?? new Uint8Array());
      }
      at += length;
    }
    return { result, rooms };
  }

  /** Puts the next call into registers and buffer. */
  private issue(request: Request | undefined, cpu: Cpu): void {
    const { machine } = this.kernel;
    const buffer = cpu.get(R12);
    let at = 0;
    let fits = true;
    const { number, arguments: args } = request ?? { number: 231, arguments: [] };
    args.forEach((argument, index) => {
      const register = ARGUMENT_REGISTERS[index] ?? 9;
      if (argument.kind === 'number') {
        cpu.set(register, BigInt.asUintN(64, argument.value));
        return;
      }
      const length = lengthOf(argument);
      const place = buffer + BigInt(at);
      at += length;
      if (at > BUFFER_BYTES) {
        fits = false;
        return;
      }
      const bytes =
        argument.kind === 'bytes'
          ? argument.bytes
          : argument.kind === 'strings'
            ? stringTable(argument.strings, place)
            : undefined;
      if (bytes !== undefined && bytes.length > 0 && !machine.write(cpu, place, bytes)) fits = false;
      cpu.set(register, place);
    });
    // A request too large for the buffer must not half happen: an invalid call number fails in the kernel's own way.
    cpu.set(RAX, fits ? BigInt(number) : BigInt.asUintN(64, BigInt(EFAULT)));
  }

  /** Everything needed to rebuild the programs. Logs only grow, so a copy is how long each one is. */
  save(): ProcessesState {
    const seen = new Set<Process>();
    const add = (process: Process): void => {
      if ('parent' in process.start) add(process.start.parent);
      seen.add(process);
    };
    for (const process of this.live.values()) add(process);
    for (const { parent } of this.unborn.values()) add(parent);
    return {
      unborn: [...this.unborn].map(([pid, { parent, at }]) => ({ pid, parent, at })),
      processes: [...seen].map((process) => ({ process, length: process.log.length, live: !process.ended })),
    };
  }

  /** Puts the programs back: those that have run on since are rebuilt from their logs, parents before children. */
  restore({ processes, unborn }: ProcessesState): void {
    this.live.clear();
    const now = new Map<Process, Process>();
    for (const { process, length, live } of processes) {
      const parent = 'parent' in process.start ? process.start.parent : undefined;
      const same = process.log.length === length && (parent === undefined || now.get(parent) === parent);
      const restored = same ? process : this.rebuild(process, length, parent && now.get(parent));
      restored.ended = !live;
      now.set(process, restored);
      if (live) this.live.set(process.pid, restored);
    }
    this.unborn.clear();
    for (const { pid, parent, at } of unborn) {
      const process = now.get(parent);
      if (process) this.unborn.set(pid, { parent: process, at });
    }
  }

  /** Runs a program again up to the first `length` results of its log. */
  private rebuild({ pid, start, log }: Process, length: number, parent: Process | undefined): Process {
    const began = 'parent' in start ? { parent: parent ?? start.parent, at: start.at } : start;
    const body = 'parent' in began ? began.parent.bodies.get(began.at) : undefined;
    const process: Process = {
      pid,
      start: began,
      log: [],
      program: body ? body() : this.programOf('parent' in began ? { argv: [], environment: [] } : began),
      pending: undefined,
      bodies: new Map(),
      ended: false,
    };
    this.advance(process, undefined);
    for (const response of log.slice(0, length)) {
      process.log.push(response);
      this.advance(process, response);
    }
    return process;
  }
}

function lengthOf(argument: Argument): number {
  switch (argument.kind) {
    case 'number':
      return 0;
    case 'bytes':
      return align(argument.bytes.length);
    case 'room':
      return align(argument.length);
    case 'strings':
      return align(stringTable(argument.strings, 0n).length);
  }
}

const align = (length: number): number => (length + 15) & ~15;

/** A NULL-terminated table of pointers to the strings behind it, for an address. */
function stringTable(strings: readonly string[], address: bigint): Uint8Array {
  const texts = strings.map((text) => encode(`${text}\0`));
  const table = (strings.length + 1) * 8;
  const bytes = new Uint8Array(table + texts.reduce((sum, text) => sum + text.length, 0));
  const view = new DataView(bytes.buffer);
  let at = table;
  texts.forEach((text, index) => {
    view.setBigUint64(index * 8, address + BigInt(at), true);
    bytes.set(text, at);
    at += text.length;
  });
  return bytes;
}

function* exitWith(code: number): Program {
  yield* exit(code);
  return code;
}

function* failed(reason: string): Program {
  yield* write(2, `internal error: ${reason}\n`);
  yield* exit(INTERNAL_ERROR);
  return INTERNAL_ERROR;
}

function* missing(name: string): Program {
  yield* write(2, `${name}: no such command in this lab\n`);
  return 127;
}
