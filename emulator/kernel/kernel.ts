/**
 * The running kernel as its host sees it: image, symbols, modules, memory, console, tasks, stacks.
 *
 * It ties the parts together and answers the small questions that kprobes, tracing and the debugger ask. It has no
 * opinion about probes: the kprobes system registers what it knows of return addresses and slots (see `probes`).
 */
import type { Image } from '../cc/image';
import type { Machine } from '../cpu/machine';
import { CodeMap } from './codemap';
import type { KernelConfig } from './config';
import { type ConsoleState, KernelConsole } from './console';
import { Gates } from './gates';
import { Guest } from './guest';
import { HostFs, type HostFsState } from './hostfs';
import { Images, type ImagesState, type SectionAt } from './images';
import { Layouts } from './layout';
import { Modules, type ModulesState } from './modules';
import { PerCpuVariable } from './percpu';
import { Kallsyms, type KallsymsState } from './symbols';
import { Tasks } from './tasks';
import type { ConsoleRecord, Frame, LoadedImage, OopsReport, SourcePlace } from './types';
import { Unwinder } from './unwind';

/** What kprobes tells the unwinder about what it has hidden. */
export interface ProbeKnowledge {
  recover(task: bigint, frame: bigint): bigint | undefined;
  probedAddress(address: bigint): bigint | undefined;
}

/** The host's side of a kernel at one moment. */
export interface KernelState {
  readonly console: ConsoleState;
  readonly files: HostFsState;
  readonly modules: ModulesState;
  readonly images: ImagesState;
  readonly symbols: KallsymsState;
  readonly initFreed: boolean;
  readonly gateCpu: number;
}

/** What the kernel tells; every function is optional to set. */
export interface KernelListeners {
  tty(text: string): void;
  /** The module is in memory with its symbols; its init function has not run. */
  moduleLoaded(name: string): void;
  moduleUnloaded(name: string): void;
  moduleFailed(name: string, errno: number, reason: string): void;
  /** Kprobes goes first: the module's code is about to vanish (`init`: only its .init part). */
  codeGoing(start: bigint, end: bigint, why: string): void;
  imageAdded(loaded: LoadedImage): void;
  imageRemoved(name: string): void;
  taskExited(task: bigint, pid: number, comm: string, code: number): void;
  oops(report: OopsReport): void;
  powerOff(code: number): void;
}

export class Kernel {
  readonly guest: Guest;
  readonly symbols: Kallsyms;
  readonly images: Images;
  readonly console = new KernelConsole();
  readonly gates: Gates;
  readonly hostfs = new HostFs();
  readonly modules: Modules;
  readonly tasks: Tasks;
  readonly unwinder: Unwinder;
  readonly listeners: KernelListeners;
  probes: ProbeKnowledge = { recover: () => undefined, probedAddress: () => undefined };
  private readonly codeMaps = new WeakMap<LoadedImage, CodeMap>();
  private initFreed = false;
  /** User images by mm: filled by the shell or exec loader that knows which program runs. */
  userImage: (task: bigint, address: bigint) => LoadedImage | undefined = () => undefined;

  constructor(
    readonly machine: Machine,
    readonly image: Image,
    readonly config: KernelConfig,
  ) {
    this.listeners = silent();
    this.guest = new Guest(machine, new Layouts(image.debug));
    this.symbols = new Kallsyms(config);
    this.images = new Images(this.guest);
    this.gates = new Gates(machine, (stack) => this.guest.u64(stack));
    this.modules = new Modules({
      guest: this.guest,
      printk: (level, text) => this.printk(level, text, 0),
      added: (loaded) => this.addImage(loaded),
      removed: (name) => this.removeImage(name),
      failed: (name, errno, reason) => this.listeners.moduleFailed(name, errno, reason),
    });
    const cpus = machine.cpus.length;
    this.tasks = new Tasks(this.guest, cpus, this.perCpu('current_task'), this.rawSymbol('init_task'));
    this.unwinder = new Unwinder({
      guest: this.guest,
      imageAt: (address) => this.images.at(address),
      codeMap: (loaded) => this.codeMap(loaded),
      symbolAt: (address) => this.symbols.at(address),
      recover: (task, frame) => this.probes.recover(task, frame),
      trampoline: this.findRaw('__kretprobe_trampoline') ?? 0n,
      probedAddress: (address) => this.probes.probedAddress(address),
      userImageAt: (task, address) => this.userImage(task, address),
    });
  }

  /** Takes in the kernel image itself; call once the image is in memory. */
  start(): void {
    const loaded: LoadedImage = { name: 'vmlinux', kind: 'kernel', image: this.image, initFreed: false };
    this.addImage(loaded);
    this.modules.addExports(loaded);
  }

  /** Address of a symbol of the kernel image, whatever kallsyms shows. Throws when the source has none. */
  rawSymbol(name: string): bigint {
    const address = this.findRaw(name);
    if (address === undefined) throw new Error(`the kernel has no symbol ${name}`);
    return address;
  }

  findRaw(name: string): bigint | undefined {
    const found = this.rawSymbols().get(name);
    return found === undefined ? undefined : this.image.base + BigInt(found);
  }

  /** A per-CPU variable of the kernel. */
  perCpu(symbol: string): PerCpuVariable {
    return new PerCpuVariable(this.guest, this.rawSymbol(symbol), this.rawSymbol('__per_cpu_offset'));
  }

  imageAt(address: bigint): LoadedImage | undefined {
    return this.images.at(address);
  }

  sectionAt(address: bigint): SectionAt | undefined {
    return this.images.sectionAt(address);
  }

  hasExceptionEntry(start: bigint, end: bigint): boolean {
    return this.images.hasExceptionEntry(start, end);
  }

  isBugAddress(address: bigint): boolean {
    return this.images.isBugAddress(address);
  }

  /** True when the .init code at the address was freed. */
  initIsFreed(address: bigint): boolean {
    const loaded = this.images.at(address);
    return loaded?.kind === 'kernel' ? this.initFreed : (loaded?.initFreed ?? false);
  }

  /** The kernel has freed its .init sections: its first user process is about to run. */
  freeInit(): void {
    this.initFreed = true;
  }

  /** True once the kernel has finished its own initialisation. */
  get booted(): boolean {
    return this.initFreed;
  }

  /** True when the address is ftrace's five-byte nop (or its call) at the entry of a traceable function. */
  isFtraceSite(address: bigint): boolean {
    if (!this.config.on('DYNAMIC_FTRACE')) return false;
    const loaded = this.images.at(address);
    if (loaded === undefined) return false;
    const offset = Number(address - loaded.image.base);
    const fn = this.codeMap(loaded).functionAt(offset);
    return (
      fn !== undefined &&
      fn.start === offset &&
      NOP5.every((byte, index) => loaded.image.bytes[offset + index] === byte)
    );
  }

  /** Callers' names of a function that exists in source only as inlined code; undefined when it is none. */
  inlineOnly(name: string): string[] | undefined {
    for (const { image } of this.images.all()) {
      if (!image.debug.inlineOnly.some((fn) => fn.name === name)) continue;
      const callers = image.debug.functions.filter((fn) => fn.inlines.some((site) => site.callee === name));
      return callers.map((fn) => fn.name);
    }
    return undefined;
  }

  codeMap(loaded: LoadedImage): CodeMap {
    let map = this.codeMaps.get(loaded);
    if (map === undefined) {
      map = new CodeMap(loaded.image);
      this.codeMaps.set(loaded, map);
    }
    return map;
  }

  /** Source place of a code address. */
  placeAt(address: bigint): SourcePlace | undefined {
    const loaded = this.images.at(address);
    return loaded === undefined
      ? undefined
      : this.codeMap(loaded).placeAt(Number(address - loaded.image.base));
  }

  /** Adds a record to the kernel log as if code at `caller` had called printk (0n: the host itself). */
  printk(level: number, text: string, cpu: number, caller = 0n): void {
    this.console.add(this.record(level, text, cpu, caller));
  }

  record(level: number, text: string, cpu: number, caller: bigint): Omit<ConsoleRecord, 'seq'> {
    const task = this.currentOrIdle(cpu);
    return {
      time: this.machine.clock,
      moment: this.machine.moment,
      level,
      text,
      cpu,
      pid: task.pid,
      comm: task.comm,
      caller,
      source: caller === 0n ? undefined : this.placeAt(caller - 1n),
    };
  }

  /** The task on a CPU; pid 0 before there are tasks. */
  currentOrIdle(cpu: number): { pid: number; comm: string } {
    const task = this.tasks.current(cpu);
    return task === undefined ? { pid: 0, comm: 'swapper' } : { pid: task.pid, comm: task.comm };
  }

  /**
   * Frames of a CPU that the machine stopped on, of a pt_regs (`address` replaces its ip, which is one too far in a pre
   * handler), or of a task. Innermost first.
   */
  unwind(
    start: { cpu: number } | { regs: bigint; address?: bigint; cpu?: number } | { task: bigint },
  ): Frame[] {
    if ('regs' in start) {
      const task = this.tasks.currentAddress(start.cpu ?? 0);
      return this.unwinder.frames(this.unwinder.fromRegs(start.regs, task, start.address));
    }
    if ('cpu' in start) return this.unwindCpu(start.cpu);
    const running = this.tasks.read(start.task).cpu;
    if (running !== undefined) return this.unwindCpu(running);
    const sleeping = this.unwinder.fromSleeping(start.task);
    return sleeping === undefined ? [] : this.unwinder.frames(sleeping);
  }

  /** __per_cpu_offset of a CPU: added to a per-CPU variable's link address it gives that CPU's copy. */
  perCpuOffset(cpu: number): bigint {
    return this.guest.u64(this.rawSymbol('__per_cpu_offset') + BigInt(cpu * 8));
  }

  private unwindCpu(cpu: number): Frame[] {
    const state = this.machine.cpus[cpu];
    const registers = Array.from({ length: 16 }, (_, index) => state.get(index));
    const task = this.tasks.currentAddress(cpu);
    return this.unwinder.frames({ ip: state.rip, registers, regs: undefined, task });
  }

  /** The host's side of the kernel, as data; guest memory is the machine's. */
  save(): KernelState {
    return {
      console: this.console.save(),
      files: this.hostfs.save(),
      modules: this.modules.save(),
      images: this.images.save(),
      symbols: this.symbols.save(),
      initFreed: this.initFreed,
      gateCpu: this.gates.cpu,
    };
  }

  /** Back to a saved state, after the machine has been restored. Nobody is told. */
  restore(state: KernelState): void {
    this.console.restore(state.console);
    this.hostfs.restore(state.files);
    this.modules.restore(state.modules);
    this.images.restore(state.images);
    this.symbols.restore(state.symbols);
    this.initFreed = state.initFreed;
    this.gates.cpu = state.gateCpu;
    this.guest.forgetModulePages();
  }

  private addImage(loaded: LoadedImage): void {
    this.guest.forgetModulePages();
    this.images.add(loaded);
    this.symbols.addImage(loaded);
    this.listeners.imageAdded(loaded);
  }

  private removeImage(name: string): void {
    this.guest.forgetModulePages();
    this.images.remove(name);
    this.symbols.removeModule(name);
    this.listeners.imageRemoved(name);
  }

  private raw: Map<string, number> | undefined;

  private rawSymbols(): Map<string, number> {
    this.raw ??= new Map(this.image.symbols.map((symbol) => [symbol.name, symbol.offset]));
    return this.raw;
  }
}

const NOP5 = [0x0f, 0x1f, 0x44, 0x00, 0x00];

function silent(): KernelListeners {
  const nothing = () => {};
  return {
    tty: nothing,
    moduleLoaded: nothing,
    moduleUnloaded: nothing,
    moduleFailed: nothing,
    codeGoing: nothing,
    imageAdded: nothing,
    imageRemoved: nothing,
    taskExited: nothing,
    oops: nothing,
    powerOff: nothing,
  };
}
