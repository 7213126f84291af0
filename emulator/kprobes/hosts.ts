/**
 * Probes of the host itself: an editor's breakpoints and trace events, with a struct kprobe of their own in guest memory.
 *
 * They go through the same registration as a module's, so that refusals, aggregates, lists and misses are the same.
 */
import { errno } from '../kernel/errno';
import type { Core } from './core';
import { isRefusal } from './refusal';
import type { Registry } from './register';
import type { ReturnProbes } from './returns';
import { FLAG } from './state';
import type { HostProbe, HostProbeSpec, Refusal } from './types';

/** Bytes for the symbol name behind the struct. */
const NAME_SPACE = 128;

export class HostProbes {
  /** Memory of each probe's struct, by the probe's id. */
  readonly blocks = new Map<number, { address: bigint; size: number }>();

  constructor(
    private readonly core: Core,
    private readonly registry: Registry,
    private readonly returns: ReturnProbes,
  ) {}

  /** Registers and (unless `disabled`) arms it; a refusal says why not. */
  register(spec: HostProbeSpec): HostProbe | Refusal {
    const { core } = this;
    const { structs, state } = core;
    const size = spec.kind === 'return' ? structs.kretprobeSize : structs.size;
    const block = core.arena.takeBlock(size + ('symbol' in spec.at ? NAME_SPACE : 0), core.now);
    if (block === undefined) {
      return { errno: -errno('ENOMEM'), name: 'ENOMEM', reason: 'the host area is full of probes' };
    }
    core.kernel.guest.clear(block.address, block.size);
    const kprobe = spec.kind === 'return' ? block.address + structs.kpInKretprobe : block.address;
    this.fill(spec, kprobe, block.address + BigInt(size));
    const id = state.nextHost++;
    if (spec.kind === 'return') structs.setReturn(block.address, 'maxactive', BigInt(spec.maxactive ?? 0));
    const probe: HostProbe = { id, kind: spec.kind, owner: spec.owner, address: 0n, kprobe };
    core.hosts.set(id, { spec, probe });
    const child =
      spec.kind === 'return'
        ? this.returns.register(block.address, spec.owner, id)
        : this.registry.register({
            kind: 'kprobe',
            owner: spec.owner,
            kprobe,
            container: undefined,
            hostId: id,
            pool: undefined,
          });
    if (isRefusal(child)) {
      core.hosts.delete(id);
      core.arena.freeBlock(block, core.now);
      return child;
    }
    probe.address = child.site;
    this.blocks.set(id, block);
    return probe;
  }

  /** Removes it; harmless when it is gone already. */
  unregister(probe: HostProbe): void {
    const { core } = this;
    const block = this.blocks.get(probe.id);
    if (block === undefined) return;
    if (probe.kind === 'return') this.returns.unregister(block.address);
    else this.registry.unregister(probe.kprobe);
    core.hosts.delete(probe.id);
    core.arena.freeBlock(block, core.now);
    this.blocks.delete(probe.id);
  }

  private fill(spec: HostProbeSpec, kprobe: bigint, name: bigint): void {
    const { structs, kernel } = this.core;
    if ('symbol' in spec.at) {
      const text = new TextEncoder().encode(spec.at.symbol).subarray(0, NAME_SPACE - 1);
      kernel.guest.poke(name, text);
      structs.set(kprobe, 'symbol_name', name);
      structs.set(kprobe, 'offset', BigInt(spec.at.offset));
    } else structs.set(kprobe, 'addr', spec.at.address);
    if (spec.disabled === true) structs.set(kprobe, 'flags', BigInt(FLAG.disabled));
  }
}
