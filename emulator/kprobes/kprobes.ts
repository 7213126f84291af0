/**
 * The kprobes system of a running kernel: what tracing, the debugger and the views use.
 *
 * It builds the parts, defines their gates and mounts their files; behaviour is in the parts.
 */
import { Copies, type GraphCopy, putBack } from '../kernel/copies';
import type { Kernel } from '../kernel/kernel';
import { Blacklist } from './blacklist';
import { Core, type ProbeEventListener, placeName } from './core';
import { Faults } from './fault';
import { mountProbeFiles } from './files';
import { FtraceHits, FtraceSites } from './ftrace';
import { defineProbeGates } from './gates';
import { Handlers } from './handlers';
import { HostProbes } from './hosts';
import { describeAll } from './info';
import { Int3 } from './int3';
import { Jprobes } from './jprobe';
import { Kretprobes } from './kretprobe';
import { Optimiser } from './optprobe';
import { checkInstruction, checkSafe, findPlace, type Place } from './place';
import { isRefusal, refuse } from './refusal';
import { Registry } from './register';
import { ReturnProbes } from './returns';
import { STATUS } from './state';
import { Boundaries, originalText } from './text';
import type { Hit, HostProbe, HostProbeSpec, ProbeInfo, ProbePlace, Refusal } from './types';

/** The probes at one moment. */
export interface KprobesCopy {
  readonly graph: GraphCopy;
  readonly blacklist: ReturnType<Blacklist['save']>;
}

export class Kprobes {
  private readonly copies = new Copies();
  private readonly core: Core;
  private readonly registry: Registry;
  private readonly hosts: HostProbes;
  private readonly boundaries: Boundaries;
  private readonly blacklist: Blacklist;
  private readonly optimiser: Optimiser;

  /** `onStop` is told of a hit whose handler answered 'stop', at the moment of the hit. */
  constructor(kernel: Kernel, onStop: (hit: Hit) => void) {
    const core = new Core(kernel);
    const kretprobes = new Kretprobes(core);
    const jprobes = new Jprobes(core);
    const handlers = new Handlers(core, kretprobes);
    handlers.onStop = onStop;
    kretprobes.onStop = onStop;
    this.core = core;
    this.blacklist = new Blacklist(kernel);
    this.boundaries = new Boundaries(core);
    this.optimiser = new Optimiser(core);
    this.registry = new Registry(
      core,
      this.blacklist,
      this.boundaries,
      this.optimiser,
      new FtraceSites(core),
    );
    const returns = new ReturnProbes(core, this.registry, kretprobes);
    this.hosts = new HostProbes(core, this.registry, returns);
    defineProbeGates({
      core,
      registry: this.registry,
      returns,
      kretprobes,
      jprobes,
      handlers,
      int3: new Int3(core, handlers, jprobes),
      faults: new Faults(core),
      ftrace: new FtraceHits(core, handlers),
    });
    mountProbeFiles(core, this.registry);
    kernel.probes = {
      recover: (task, frame) => kretprobes.recover(task, frame),
      probedAddress: (address) => this.probedAddress(address),
    };
    kernel.listeners.codeGoing = (start, end, why) => this.registry.codeGone(start, end, why);
    for (const loaded of kernel.images.all()) this.blacklist.addImage(loaded);
    kernel.listeners.imageAdded = (loaded) => this.blacklist.addImage(loaded);
    kernel.listeners.imageRemoved = (name) => this.blacklist.removeImage(name);
  }

  /** Registers a probe of the host; a refusal has the kernel's errno and a plain reason. */
  registerHost(spec: HostProbeSpec): HostProbe | Refusal {
    return this.hosts.register(spec);
  }

  /** Removes a host probe; harmless when it is gone already. */
  unregisterHost(probe: HostProbe): void {
    this.hosts.unregister(probe);
  }

  /** enable_kprobe or disable_kprobe of a host probe: 0 or -errno. */
  setEnabled(probe: HostProbe, on: boolean): number {
    return this.registry.setEnabled(probe.kprobe, on);
  }

  /** Where a probe would be, without placing it: the checks of register_kprobe in their order. */
  check(at: ProbePlace, kind: 'entry' | 'return'): Place | Refusal {
    const { kernel } = this.core;
    if (!kernel.config.on('KPROBES'))
      return refuse('EOPNOTSUPP', 'this kernel has no kprobes (CONFIG_KPROBES=n)');
    const wanted =
      'symbol' in at
        ? { symbol: at.symbol, address: 0n, offset: at.offset }
        : { symbol: undefined, address: at.address, offset: 0 };
    const place = findPlace(kernel, wanted);
    if (isRefusal(place)) return place;
    if (kind === 'return' && !place.onFunctionEntry) {
      return refuse('EINVAL', 'a return probe needs the first instruction of a function');
    }
    const unsafe = checkSafe(this.core, this.blacklist, place);
    if (unsafe !== undefined) return unsafe;
    if (place.ftraceSite) return place;
    const copyable = checkInstruction(this.core, this.boundaries, place);
    return isRefusal(copyable) ? copyable : place;
  }

  /** All probes, newest last. */
  list(): ProbeInfo[] {
    return describeAll(this.core);
  }

  onEvent(listener: ProbeEventListener): void {
    this.core.onEvent(listener);
  }

  /** Bytes of code as they are without any probe; undefined where nothing is mapped. */
  originalText(address: bigint, length: number): Uint8Array | undefined {
    return originalText(this.core, address, length);
  }

  /** Offsets of the instruction starts of a function, from its symbol's start. */
  instructionStarts(start: bigint, size: number): ReadonlySet<number> | undefined {
    return this.boundaries.of(start, size);
  }

  /** True when the address is on the kprobes blacklist, with the reason. */
  blacklisted(address: bigint): string | undefined {
    return this.blacklist.find(address)?.why;
  }

  /** True when a hit of the probe traps by int3 now (neither optimised nor on an ftrace site). */
  usesTrap(probe: HostProbe): boolean {
    const site = this.core.state.sites.get(probe.address);
    return site !== undefined && !site.ftrace && site.optimisation?.state !== 'jump';
  }

  /** Hits that found no free instance, of a return probe; its own nmissed otherwise. */
  misses(probe: HostProbe): number {
    const child = this.core.state.byKprobe.get(probe.kprobe);
    if (child === undefined) return 0;
    const { structs } = this.core;
    const own = Number(structs.get(child.kprobe, 'nmissed'));
    return child.container === undefined ? own : own + Number(structs.getReturn(child.container, 'nmissed'));
  }

  /** The probe whose handler runs on a CPU, as `symbol+0x12`; undefined when none does. */
  handlerRunning(cpu: number): string | undefined {
    const child = this.core.running(cpu).child;
    return child === undefined ? undefined : placeName(child);
  }

  /** The sysctl debug.kprobes-optimization. */
  allowOptimisation(on: boolean): void {
    this.optimiser.allow(on);
  }

  /** Everything the host knows of probes, as data; what it has written into guest memory is the machine's. */
  save(): KprobesCopy {
    const { state, arena, hosts } = this.core;
    const roots = [state, arena.state, hosts, this.hosts.blocks, this.optimiser.state];
    return { graph: this.copies.take(roots), blacklist: this.blacklist.save() };
  }

  /** Back to a saved state, after the kernel has been restored. Nobody is told. */
  restore(copy: KprobesCopy): void {
    putBack(copy.graph);
    this.blacklist.restore(copy.blacklist);
    this.boundaries.forgetAll();
    this.optimiser.forgetAll();
  }

  /** The registered probe that was made by this specification, if there is one now. */
  hostOf(spec: HostProbeSpec): HostProbe | undefined {
    for (const host of this.core.hosts.values()) if (host.spec === spec) return host.probe;
    return undefined;
  }

  /** Work that waits for time to pass (jump optimisation). Called by the kernel's timer through the lab. */
  tick(): void {
    this.optimiser.tick();
  }

  /** Address of the probed instruction whose copy runs at `address` in a slot or detour; undefined elsewhere. */
  private probedAddress(address: bigint): bigint | undefined {
    for (const { index: cpu } of this.core.kernel.machine.cpus) {
      const { site } = this.core.running(cpu);
      // While pre handlers run, the saved ip is behind the int3: the probed instruction has not been executed.
      if (site?.address === address - 1n && this.core.blocks.getStatus(cpu) === STATUS.active)
        return site.address;
      if (site !== undefined && site.slot !== 0n && address >= site.slot && address < site.slot + 16n)
        return site.address;
    }
    const hit = this.core.kernel.symbols.at(address);
    if (hit === undefined || hit.module !== '__builtin__kprobes') return undefined;
    for (const site of this.core.state.sites.values()) {
      const inSlot = (slot: bigint) => slot !== 0n && address >= slot && address < slot + 16n;
      if (inSlot(site.slot) || inSlot(site.boostSlot)) return site.address;
    }
    return undefined;
  }
}
