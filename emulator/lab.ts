/**
 * The lab: one emulated machine with its kernel, probes and files, as the debug adapter and the command line use it.
 *
 * Boot it from C sources, run it in slices, look at it between slices. run() never blocks for longer than its budget of
 * instructions; whoever owns the loop decides when to yield.
 */
import type { Diagnostic } from './cc/diagnostic';
import { Machine, type Stop } from './cpu/machine';
import { loadKernel } from './kernel/boot';
import { BuildCache, buildKernel, type KernelBuild } from './kernel/build';
import { type KernelConfig, kernelConfig } from './kernel/config';
import { type InitrdFile, packCpio } from './kernel/cpio';
import { defineKernelGates } from './kernel/hostgates';
import { Kernel } from './kernel/kernel';
import { mountKernelFiles } from './kernel/kernelfiles';
import type { OopsReport } from './kernel/types';
import { Kprobes } from './kprobes/kprobes';
import type { Hit } from './kprobes/types';
import { compileModule, compileUser } from './lab/compile';
import { shellFiles } from './lab/shell';
import { toolchainCommands } from './lab/toolchain';
import { mountTraceFs, traceHost } from './lab/tracehost';
import type { CompileResult, LabEvent, LabOptions, LabState, LabStop, Recorder } from './lab/types';
import { COMMANDS, findProgram } from './shell/commands';
import { Processes } from './shell/processes';
import { Tracing } from './tracing/tracing';

export type { CompileResult, LabEvent, LabOptions, LabState, LabStop } from './lab/types';

/** A lab that booted, or why there is none: problems in words, and compiler diagnostics when the kernel's source is bad. */
export type LabBoot = { lab: Lab } | { lab: undefined; problems: string[]; diagnostics: Diagnostic[] };

/** `replayed`: it happened before, and happens again while the past is replayed. */
type LabListener = (event: LabEvent, replayed: boolean) => void;

const CONSOLE_VECTOR = 0x31;
const CONSOLE_RING = 4096;

/** What a hook saw during a slice; it decides what run() answers. */
type Pending =
  | { kind: 'probe'; hit: Hit }
  | { kind: 'oops'; oops: OopsReport }
  | { kind: 'poweroff' }
  | { kind: 'pause' };

export class Lab {
  readonly machine: Machine;
  readonly kernel: Kernel;
  readonly kprobes: Kprobes;
  readonly tracing: Tracing;
  /** The console's programs. */
  readonly processes: Processes;
  readonly config: KernelConfig;
  /** Exit code of the machine after power-off. */
  exitCode: number | undefined;
  /** Stop run() at an oops, BUG or WARN (the reports come as events in any case); panics always stop it. */
  stopOn: { oops: boolean; warn: boolean } = { oops: true, warn: false };
  private readonly listeners: LabListener[] = [];
  private pending: Pending | undefined;
  private panicked: OopsReport | undefined;
  /** Bytes that wait for room in the guest's ring. */
  private typed: readonly number[] = [];
  /** Places of sleeping handlers that were advised. */
  private advised: ReadonlySet<string> = new Set();
  /**
   * What is done to the machine from outside goes through here; whoever keeps a history notes it. `apply` must depend on
   * nothing but the machine's state and what it was made with.
   */
  private recorder: Recorder | undefined;
  /** What listeners want to do between two instructions. */
  private readonly waiting: (() => void)[] = [];
  /** Past instructions run again: listeners are told so (`replayed`), or nothing at all (`silent`). */
  replay: 'no' | 'replayed' | 'silent' = 'no';
  private readonly files: Map<string, InitrdFile>;

  /** Compiles the kernel and puts it into a machine that stands before its first instruction. */
  static boot(options: LabOptions): LabBoot {
    const { config, problems } = kernelConfig(options.profile ?? 'lab', options.config ?? {});
    const cpus = options.cpus ?? 2;
    if (!Number.isInteger(cpus) || cpus < 1 || cpus > config.number('NR_CPUS')) {
      problems.push(`cpus must be 1 to ${config.number('NR_CPUS')}, not ${cpus}`);
    }
    const memoryMiB = options.memoryMiB ?? 128;
    if (!Number.isInteger(memoryMiB) || memoryMiB < 48 || memoryMiB > 1024 || memoryMiB % 2 !== 0) {
      problems.push(`memory must be an even number of MiB from 48 to 1024, not ${memoryMiB}`);
    }
    if (problems.length > 0) return { lab: undefined, problems, diagnostics: [] };
    const cache = options.cache ?? new BuildCache();
    const build = buildKernel(options.sources, config, cache);
    if (build.image === undefined)
      return { lab: undefined, problems: build.linkErrors, diagnostics: build.diagnostics };
    return { lab: new Lab({ ...options, cache }, config, { ...build, image: build.image }, cpus, memoryMiB) };
  }

  private constructor(
    private readonly options: LabOptions & { cache: BuildCache },
    config: KernelConfig,
    readonly build: KernelBuild & { image: NonNullable<KernelBuild['image']> },
    cpus: number,
    memoryMiB: number,
  ) {
    this.config = config;
    this.machine = new Machine({ memoryBytes: memoryMiB * 1024 * 1024, cpus });
    const kernel = new Kernel(this.machine, build.image, config);
    this.kernel = kernel;
    const commands = new Map([...COMMANDS, ...Object.entries(toolchainCommands(options))]);
    this.files = new Map(shellFiles(options.sources, commands.keys()).map((file) => [file.path, file]));
    for (const [path, file] of options.files ?? []) this.files.set(path, { path, ...file });
    this.load();
    kernel.start();
    this.kprobes = new Kprobes(kernel, (hit) => this.hold({ kind: 'probe', hit }));
    defineKernelGates(kernel);
    mountKernelFiles(kernel);
    this.tracing = new Tracing(traceHost(kernel, this.kprobes));
    if (config.on('FTRACE')) mountTraceFs(kernel, this.tracing);
    kernel.gates.define('lab_tick', () => {
      this.kprobes.tick();
      this.feedInput();
      return undefined;
    });
    kernel.gates.bind((name) => kernel.findRaw(name));
    this.processes = new Processes(kernel, findProgram(commands), (_pid, status) =>
      this.tell({ kind: 'prompt', status }),
    );
    this.listen();
  }

  /** Compiled units, shared with whoever gave LabOptions.cache. */
  get cache(): BuildCache {
    return this.options.cache;
  }

  /** True once the kernel has finished its own initialisation and user space runs. */
  get booted(): boolean {
    return this.kernel.booted;
  }

  onEvent(listener: LabListener): void {
    this.listeners.push(listener);
  }

  /** Runs at most `budget` instructions in all. */
  run(budget: number): LabStop {
    if (this.panicked !== undefined) return { kind: 'panic', cpu: this.panicked.cpu, oops: this.panicked };
    if (this.exitCode !== undefined) return { kind: 'poweroff' };
    const end = this.machine.moment + budget;
    for (;;) {
      const stop = this.machine.run(Math.max(1, end - this.machine.moment));
      if (this.doWaiting(stop)) {
        if (this.machine.moment < end) continue;
        return { kind: 'budget' };
      }
      // Everybody waits although there is more to read: the ring has room again.
      if (stop.kind === 'idle' && this.feedInput()) continue;
      return this.translate(stop);
    }
  }

  /**
   * Exactly one instruction of one CPU (or one exception or interrupt delivery), in its turn: other CPUs run when it is
   * theirs, so that stepping and running come to the same. `budget` when it does not get to run within `limit`.
   */
  step(cpu: number, limit?: number): LabStop {
    const stop = this.machine.step(cpu, limit);
    return this.doWaiting(stop) ? { kind: 'stepped', cpu } : this.translate(stop);
  }

  /** Makes a running run() come back after the current instruction. */
  pause(): void {
    this.hold({ kind: 'pause' });
  }

  /** Types a line at the console; a newline is added. */
  input(line: string): void {
    this.inputBytes(new TextEncoder().encode(`${line}\n`));
  }

  /** Types bytes at the console: control characters, part of a line. */
  inputBytes(bytes: Uint8Array): void {
    this.change('console input', () => {
      this.typed = [...this.typed, ...bytes];
      this.feedInput();
    });
  }

  /** Does something to the machine from outside, so that a history of it knows. `what` names it for the user. */
  change<Result>(what: string, apply: () => Result): Result {
    return this.recorder === undefined ? apply() : this.recorder.change(what, apply);
  }

  /** True while the lab stands before something that it did already. */
  get past(): boolean {
    return this.recorder?.past ?? false;
  }

  /**
   * Does something as soon as the instruction that runs is over. For listeners that answer an event by a change: a
   * history places changes between instructions.
   */
  later(work: () => void): void {
    this.waiting.push(work);
    this.machine.requestStop();
  }

  /** True when the stop was only for what `later` left, which is done now. */
  private doWaiting(stop: Stop): boolean {
    if (this.waiting.length === 0) return false;
    for (const work of this.waiting.splice(0)) work();
    return stop.kind === 'requested' && this.pending === undefined;
  }

  /** From now on changes go through `recorder`. */
  record(recorder: Recorder): void {
    this.recorder = recorder;
  }

  /** The state of everything between two instructions; what did not change is shared with the copy before. */
  save(): LabState {
    return {
      machine: this.machine.snapshot(),
      kernel: this.kernel.save(),
      kprobes: this.kprobes.save(),
      tracing: this.tracing.save(),
      processes: this.processes.save(),
      panicked: this.panicked,
      exitCode: this.exitCode,
      typed: this.typed,
      advised: this.advised,
    };
  }

  /** Back to a saved state of this lab. Nobody is told; breakpoints and watchpoints of the machine stay. */
  restore(state: LabState): void {
    this.machine.restore(state.machine);
    this.kernel.restore(state.kernel);
    this.kprobes.restore(state.kprobes);
    this.tracing.restore(state.tracing);
    this.processes.restore(state.processes);
    this.panicked = state.panicked;
    this.exitCode = state.exitCode;
    this.typed = state.typed;
    this.advised = state.advised;
    this.pending = undefined;
  }

  /** Compiles a module's C file against this kernel's headers and configuration; `files` are the user's own files. */
  compileModule(path: string, files: ReadonlyMap<string, string>): CompileResult {
    const result = compileModule(path, files, this.options.sources, this.config, this.cache);
    if (result.object !== undefined && result.bytes !== undefined) {
      this.kernel.modules.remember(result.bytes, result.name, [result.object]);
    }
    return result;
  }

  /** Compiles a user program against the lab's small libc into a static executable. */
  compileUser(path: string, files: ReadonlyMap<string, string>): CompileResult {
    return compileUser(path, files, this.options.sources, { cache: this.cache });
  }

  /**
   * Puts a file into the initial root file system. Only before the machine has run: false afterwards, when the guest
   * owns its files.
   */
  addFile(path: string, data: Uint8Array, mode?: number): boolean {
    if (this.machine.retired > 0) return false;
    this.files.set(path, { path, data, mode });
    this.load();
    return true;
  }

  private load(): void {
    loadKernel(this.machine, {
      image: this.build.image,
      initrd: packCpio([...this.files.values()]),
      commandLine: this.options.commandLine ?? '',
      symbol: (name) => this.kernel.rawSymbol(name),
    });
  }

  private hold(pending: Pending): void {
    this.pending ??= pending;
    this.machine.requestStop();
  }

  private translate(stop: Stop): LabStop {
    const pending = this.pending;
    this.pending = undefined;
    switch (stop.kind) {
      case 'requested':
        return this.requested(pending, stop.cpu);
      case 'watchpoint':
        return { kind: 'watchpoint', cpu: stop.cpu, id: stop.id, address: stop.address, access: stop.access };
      case 'stepped':
        return pending === undefined ? stop : this.requested(pending, stop.cpu);
      case 'budget':
      case 'breakpoint':
      case 'idle':
      case 'shutdown':
        return stop;
    }
  }

  private requested(pending: Pending | undefined, cpu: number): LabStop {
    switch (pending?.kind) {
      case 'probe':
        return { kind: 'probe', cpu: pending.hit.cpu, hit: pending.hit };
      case 'oops':
        return {
          kind: pending.oops.kind === 'panic' ? 'panic' : 'oops',
          cpu: pending.oops.cpu,
          oops: pending.oops,
        };
      case 'poweroff':
        return { kind: 'poweroff' };
      case 'pause':
      case undefined:
        return { kind: 'paused', cpu };
    }
  }

  private tell(event: LabEvent): void {
    if (this.replay === 'silent') return;
    for (const listener of this.listeners) listener(event, this.replay === 'replayed');
  }

  private listen(): void {
    const { kernel } = this;
    const tell = (event: LabEvent) => this.tell(event);
    kernel.console.onRecord((record) => tell({ kind: 'console', record }));
    kernel.listeners.tty = (text) => tell({ kind: 'tty', text });
    kernel.listeners.moduleLoaded = (name) => tell({ kind: 'moduleLoaded', name });
    kernel.listeners.moduleUnloaded = (name) => tell({ kind: 'moduleUnloaded', name });
    kernel.listeners.moduleFailed = (name, errno, reason) =>
      tell({ kind: 'moduleFailed', name, errno, reason });
    kernel.listeners.taskExited = (_task, pid, comm, code) => {
      this.processes.ended(pid);
      tell({ kind: 'taskExited', pid, comm, code });
    };
    kernel.listeners.powerOff = (code) => {
      this.exitCode = code;
      this.hold({ kind: 'poweroff' });
    };
    kernel.listeners.oops = (oops) => {
      tell({ kind: 'oops', oops });
      this.adviseHandler(oops);
      if (oops.kind === 'panic') this.panicked = oops;
      const stops = oops.kind === 'panic' || (oops.kind === 'warn' ? this.stopOn.warn : this.stopOn.oops);
      if (stops) this.hold({ kind: 'oops', oops });
    };
    this.kprobes.onEvent((event) => tell({ kind: 'probe', event }));
  }

  /** A probe handler that sleeps gets the article's advice, once per place. */
  private adviseHandler(oops: OopsReport): void {
    const probe = oops.kind === 'warn' ? this.kprobes.handlerRunning(oops.cpu) : undefined;
    if (probe === undefined || !/sleeping function|scheduling while atomic/.test(oops.message)) return;
    const where = this.handlerLine(oops);
    const key = `${probe} ${where?.file}:${where?.line}`;
    if (this.advised.has(key)) return;
    this.advised = new Set([...this.advised, key]);
    this.kernel.printk(
      4,
      `kprobes: the handler of the probe at ${probe} tried to sleep (${where?.file}:${where?.line}); handlers run in interrupt context: hand the work to a work queue (schedule_work)`,
      oops.cpu,
    );
  }

  /** The line of the handler that led to a report: in the innermost function of a module, not in what it has inlined. */
  private handlerLine(oops: OopsReport): { file: string; line: number } | undefined {
    const frames = this.kernel.unwind({ cpu: oops.cpu });
    return (
      frames.find(({ image, kind }) => image?.kind === 'module' && kind === 'normal')?.source ??
      this.kernel.placeAt(oops.address - 1n)
    );
  }

  /**
   * Moves typed bytes into the guest's ring as far as there is room, and rings its bell; true when some were moved. Only
   * called at moments that do not depend on the host's slices.
   */
  private feedInput(): boolean {
    if (this.typed.length === 0) return false;
    const ring = this.kernel.findRaw('console_input');
    if (ring === undefined) return false;
    const { guest } = this.kernel;
    let head = guest.u32(ring);
    const tail = guest.u32(ring + 4n);
    const moved = this.typed.slice(0, CONSOLE_RING - (head - tail));
    this.typed = this.typed.slice(moved.length);
    for (const byte of moved) {
      guest.write(ring + 8n + BigInt(head % CONSOLE_RING), 1, BigInt(byte));
      head++;
    }
    guest.write(ring, 4, BigInt(head));
    if (moved.length > 0) this.machine.cpus[0].interrupt(CONSOLE_VECTOR);
    return moved.length > 0;
  }
}
