/**
 * What the parts of kprobes share: the kernel around them, the state, the structures in guest memory.
 *
 * No behaviour lives here beyond small questions that several parts ask.
 */
import type { Kernel } from '../kernel/kernel';
import { PtRegs } from '../kernel/ptregs';
import { Arena } from './arena';
import { Reasons, reasonOf } from './reasons';
import { Records } from './record';
import { RunningCpu } from './running';
import { type Child, emptyState, FLAG, type KprobesState, type Site } from './state';
import { ControlBlocks, KprobeStructs } from './structs';
import type { HostProbe, HostProbeSpec, ProbeEvent } from './types';

export type ProbeEventListener = (event: ProbeEvent) => void;

/** Events that are counted for each probe: those that cost it a hit, or its jump. */
const COUNTED: ReadonlySet<ProbeEvent['kind']> = new Set(['missed', 'fault', 'unoptimised']);

export class Core {
  readonly structs: KprobeStructs;
  readonly blocks: ControlBlocks;
  readonly arena: Arena;
  readonly records: Records;
  readonly reasons: Reasons;
  state: KprobesState;
  /** Host probes by id: the handlers are code of the host, not state. */
  readonly hosts = new Map<number, { spec: HostProbeSpec; probe: HostProbe }>();
  private readonly listeners: ProbeEventListener[] = [];
  private readonly cpus: readonly RunningCpu[];

  constructor(readonly kernel: Kernel) {
    this.structs = new KprobeStructs(kernel.guest);
    this.blocks = new ControlBlocks(
      kernel.guest,
      kernel.perCpu('current_kprobe'),
      kernel.perCpu('kprobe_ctlblk'),
    );
    this.state = emptyState(kernel.machine.cpus.length);
    this.arena = new Arena(kernel.machine.ram.length);
    kernel.symbols.setPages(this.arena);
    this.records = new Records(this);
    this.reasons = new Reasons(this);
    const [site, probe] = [kernel.perCpu('lab_running_site'), kernel.perCpu('lab_running_probe')];
    this.cpus = kernel.machine.cpus.map((_, cpu) => new RunningCpu(this, cpu, site, probe));
  }

  onEvent(listener: ProbeEventListener): void {
    this.listeners.push(listener);
  }

  /** Tells what happened to a probe and why. */
  emit(
    kind: ProbeEvent['kind'],
    probe: { kprobe: bigint; address: bigint; symbol: string },
    reason: string,
  ): void {
    if (this.listeners.length === 0) return;
    const event: ProbeEvent = {
      kind,
      time: this.now,
      kprobe: probe.kprobe,
      address: probe.address,
      symbol: probe.symbol,
      reason,
      said: reasonOf(kind, reason, 1),
    };
    for (const listener of this.listeners) listener(event);
  }

  emitChild(kind: ProbeEvent['kind'], child: Child, reason: string): void {
    if (COUNTED.has(kind)) this.reasons.count(kind, child.kprobe, reason);
    this.emit(kind, { kprobe: child.kprobe, address: child.site, symbol: placeName(child) }, reason);
  }

  /** Why a hit on this CPU finds no handlers run while another kprobe is current. */
  whyMissed(cpu: number): string {
    return this.running(cpu).note.busy > 0
      ? `probes were held off on CPU ${cpu} (kprobe_busy_begin)`
      : `another kprobe was running on CPU ${cpu}`;
  }

  get now(): number {
    return this.kernel.machine.clock;
  }

  running(cpu: number): RunningCpu {
    return this.cpus[cpu];
  }

  regs(address: bigint): PtRegs {
    return new PtRegs(this.kernel.guest, address);
  }

  /** kprobe_disabled(): soft-disabled, or its code is gone. */
  disabled(child: Child): boolean {
    return (this.structs.flags(child.kprobe) & (FLAG.disabled | FLAG.gone)) !== 0;
  }

  /** The struct kprobe that current_kprobe points to while this site is handled. */
  siteKprobe(site: Site): bigint {
    if (site.manager !== undefined) return site.manager.address;
    return site.children.length > 0 ? site.children[0].kprobe : 0n;
  }

  /** True when the child has something to do after the instruction. An editor's probe counts as having it. */
  hasPost(child: Pick<Child, 'kind' | 'owner' | 'hostId' | 'kprobe'>): boolean {
    if (child.kind === 'kprobe' && child.owner === 'debugger') return true;
    if (child.hostId !== undefined) return this.hosts.get(child.hostId)?.spec.post !== undefined;
    return child.kind === 'kprobe' && this.structs.get(child.kprobe, 'post_handler') !== 0n;
  }

  /** Writes text, so that the CPU sees it at once. */
  writeText(address: bigint, bytes: Uint8Array): void {
    this.kernel.guest.poke(address, bytes);
  }
}

/** `symbol+0x12` (offset left out at 0), as messages name a probe's place. */
export function placeName(place: { symbol: string; offset: number }): string {
  return place.offset === 0 ? place.symbol : `${place.symbol}+0x${place.offset.toString(16)}`;
}
