/**
 * Registering, enabling and removing kprobes: sites, aggregates, arming.
 *
 * The order of checks is Linux's (place.ts); the first failing one decides the errno. Disarming is immediate; what is
 * still running a removed probe's slot finishes there (int3.ts looks at the CPU's own record of its site).
 */
import { errno } from '../kernel/errno';
import { type Block, SLOT_SIZE } from './arena';
import type { Blacklist } from './blacklist';
import type { Core } from './core';
import { placeName } from './core';
import { emulationOf } from './emulation';
import type { FtraceSites } from './ftrace';
import type { Optimiser } from './optprobe';
import { checkInstruction, checkSafe, findPlace, type Place } from './place';
import { isRefusal, refuse } from './refusal';
import { boostingSlot, JMP32_SIZE, steppingSlot } from './slots';
import { type Child, FLAG, type Site } from './state';
import type { Boundaries } from './text';
import type { Refusal } from './types';

const INT3 = Uint8Array.of(0xcc);

/** What a new child is, apart from its place. */
export type ChildSpec = Pick<Child, 'kind' | 'owner' | 'kprobe' | 'container' | 'hostId' | 'pool'>;

export class Registry {
  constructor(
    private readonly core: Core,
    readonly blacklist: Blacklist,
    readonly boundaries: Boundaries,
    readonly optimiser: Optimiser,
    private readonly ftrace: FtraceSites,
  ) {}

  /** register_kprobe(): reads the struct's wishes, fills it in, arms the site. */
  register(spec: ChildSpec): Child | Refusal {
    const result = this.tryRegister(spec);
    if (isRefusal(result)) {
      const symbol = this.wantedSymbol(spec.kprobe) ?? '';
      const address = this.core.structs.get(spec.kprobe, 'addr');
      this.core.emit('refused', { kprobe: spec.kprobe, address, symbol }, `${result.name}: ${result.reason}`);
    } else this.core.emitChild('registered', result, this.describe(result));
    return result;
  }

  /** unregister_kprobe(): a probe that is not registered only loses its addr. */
  unregister(kprobe: bigint): void {
    const { core } = this;
    const child = core.state.byKprobe.get(kprobe);
    if (child === undefined) {
      core.structs.set(kprobe, 'addr', 0n);
      return;
    }
    const site = core.state.sites.get(child.site);
    const gone = (core.structs.flags(kprobe) & FLAG.gone) !== 0;
    if (!gone) core.structs.setFlag(kprobe, FLAG.disabled, true);
    this.forget(child);
    if (site !== undefined) {
      site.children = site.children.filter((each) => each !== child);
      if (site.children.length === 0) this.removeSite(site);
      else this.refresh(site);
    }
    core.emitChild('unregistered', child, `${core.records.counts(child).hits} hits`);
    core.records.removeProbe(child);
    core.reasons.forget(kprobe);
  }

  /** Forgets a child without touching its struct, whose memory is gone with its module. */
  private forget(child: Child): void {
    const { state } = this.core;
    state.byKprobe.delete(child.kprobe);
    state.children.delete(child.id);
    for (const note of state.running) if (note.child === child) note.child = undefined;
  }

  /** disable_kprobe() and enable_kprobe(): 0 or -EINVAL for one that is not registered (or GONE). */
  setEnabled(kprobe: bigint, on: boolean): number {
    const { core } = this;
    const child = core.state.byKprobe.get(kprobe);
    const site = child === undefined ? undefined : core.state.sites.get(child.site);
    if (child === undefined || site === undefined) return -errno('EINVAL');
    const flags = core.structs.flags(kprobe);
    if ((flags & FLAG.gone) !== 0) return on ? -errno('EINVAL') : 0;
    if (((flags & FLAG.disabled) === 0) === on) return 0;
    core.structs.setFlag(kprobe, FLAG.disabled, !on);
    this.refresh(site);
    core.emitChild(on ? 'enabled' : 'disabled', child, on ? 'enable_kprobe' : 'disable_kprobe');
    return 0;
  }

  /** The enabled file of debugfs: arms or disarms all, without touching any probe's DISABLED flag. */
  setAllArmed(on: boolean): void {
    if (this.core.state.armedAll === on) return;
    this.core.state.armedAll = on;
    for (const site of this.core.state.sites.values()) this.refresh(site);
  }

  /** The code between two addresses is being unloaded: its probes are GONE, their slots stay for those inside. */
  codeGone(start: bigint, end: bigint, why: string): void {
    const { core } = this;
    for (const site of core.state.sites.values()) {
      if (site.gone || site.address < start || site.address >= end) continue;
      this.optimiser.drop(site, false, why);
      site.gone = true;
      site.armed = false;
      for (const child of site.children) {
        core.structs.setFlag(child.kprobe, FLAG.gone, true);
        core.emitChild('gone', child, why);
      }
    }
    this.boundaries.forget(start, end);
    this.optimiser.forget(start, end);
  }

  /** Brings a site's text, flags and optimisation in line with its children and the global switch. */
  refresh(site: Site): void {
    const { core } = this;
    if (site.gone) return;
    const wanted = core.state.armedAll && site.children.some((child) => !core.disabled(child));
    if (site.armed && !wanted) {
      this.optimiser.drop(site, true, 'disarmed');
      this.disarm(site);
    }
    if (!site.armed && wanted) this.arm(site);
    if (site.manager === undefined && site.children.length > 1) this.addManager(site);
    core.records.update(site);
    this.optimiser.consider(site);
  }

  private tryRegister(spec: ChildSpec): Child | Refusal {
    const { core } = this;
    const { structs, kernel } = core;
    if (!kernel.config.on('KPROBES'))
      return refuse('EOPNOTSUPP', 'this kernel has no kprobes (CONFIG_KPROBES=n)');
    const place = findPlace(kernel, {
      symbol: this.wantedSymbol(spec.kprobe),
      address: structs.get(spec.kprobe, 'addr'),
      offset: Number(structs.get(spec.kprobe, 'offset')),
    });
    if (isRefusal(place)) return place;
    if (core.state.byKprobe.has(spec.kprobe)) {
      return refuse(
        'EINVAL',
        'this struct is registered already: unregister it first, then clear addr and flags',
      );
    }
    const flags =
      (structs.flags(spec.kprobe) & FLAG.disabled) | (place.onFunctionEntry ? FLAG.onFuncEntry : 0);
    structs.set(spec.kprobe, 'addr', place.address);
    structs.set(spec.kprobe, 'flags', BigInt(flags));
    structs.set(spec.kprobe, 'nmissed', 0n);
    const unsafe = checkSafe(core, this.blacklist, place);
    if (unsafe !== undefined) return unsafe;
    const site = this.siteFor(place, spec);
    if (isRefusal(site)) return site;
    const lacking = this.provide(site, spec);
    const record = lacking === undefined ? core.records.takeProbe() : undefined;
    if (record === undefined) {
      if (site.children.length === 0) this.abandon(site);
      return lacking ?? full();
    }
    if (site.children.length === 0) {
      core.state.sites.set(site.address, site);
      core.records.addSite(site);
    }
    this.optimiser.makeRoom(
      place.address,
      'another probe was registered inside the bytes that the jump covers',
    );
    return this.addChild(site, spec, place, record);
  }

  /** The site that is there already, or a new one. A site whose code was unloaded and came back is made anew. */
  private siteFor(place: Place, spec: ChildSpec): Site | Refusal {
    const known = this.core.state.sites.get(place.address);
    if (known?.gone === true) this.forgetGone(known);
    else if (known !== undefined) return this.jprobeConflict(known, spec) ?? known;
    const record = this.core.records.takeSite();
    if (record === undefined) return full();
    const made = place.ftraceSite
      ? this.ftrace.makeSite(place.address, record)
      : this.makeSite(place, record);
    if (isRefusal(made)) this.core.arena.freeBlock(record, this.core.now);
    return made;
  }

  /** Makes the slots that the site needs with this probe on it; a refusal when that is not possible. */
  private provide(site: Site, spec: ChildSpec): Refusal | undefined {
    if (site.ftrace || site.emulation !== undefined || site.slot !== 0n) return undefined;
    if (site.boostSlot !== 0n && !this.core.hasPost(spec) && spec.kind !== 'jprobe') return undefined;
    const slot = steppingSlot(this.core, site.address, site.bytes);
    if (typeof slot !== 'bigint') return slot;
    site.slot = slot;
    return undefined;
  }

  private addChild(site: Site, spec: ChildSpec, place: Place, record: Block): Child {
    const { core } = this;
    const child: Child = {
      ...spec,
      id: core.state.nextChild++,
      site: site.address,
      symbol: place.symbol.name,
      offset: place.symbol.offset,
      record,
    };
    core.records.addProbe(child);
    site.children.unshift(child);
    core.state.byKprobe.set(spec.kprobe, child);
    core.state.children.set(child.id, child);
    core.structs.set(spec.kprobe, 'opcode', BigInt(site.ftrace ? 0 : site.bytes[0]));
    if (site.ftrace) core.structs.setFlag(spec.kprobe, FLAG.ftrace, true);
    core.structs.setCopy(spec.kprobe, {
      slot: site.boostSlot !== 0n ? site.boostSlot : site.slot,
      length: site.length,
      boostable: site.boostSlot !== 0n,
      emulated: site.emulation !== undefined,
    });
    if (site.optimisation !== undefined && core.hasPost(child)) {
      this.optimiser.drop(site, true, 'a probe with a post handler was added');
    }
    this.refresh(site);
    return child;
  }

  private makeSite(place: Place, record: Block): Site | Refusal {
    const { core } = this;
    const copyable = checkInstruction(core, this.boundaries, place);
    if (isRefusal(copyable)) return copyable;
    const emulation = emulationOf(copyable);
    let boostSlot = 0n;
    let notBoosted: string | undefined;
    if (emulation === undefined) {
      notBoosted = this.whyNotBoosted(place, copyable);
      if (notBoosted === undefined) {
        const boosted = boostingSlot(core, place.address, copyable.bytes);
        if (typeof boosted === 'bigint') boostSlot = boosted;
        else notBoosted = boosted.reason;
      }
    }
    return {
      address: place.address,
      length: copyable.length,
      bytes: copyable.bytes,
      children: [],
      record,
      slot: 0n,
      boostSlot,
      emulation,
      armed: false,
      ftrace: false,
      gone: false,
      manager: undefined,
      optimisation: undefined,
      notOptimised: undefined,
      notBoosted,
    };
  }

  private whyNotBoosted(
    place: Place,
    copyable: { length: number; kind: { boostable: boolean } },
  ): string | undefined {
    if (this.core.kernel.config.on('PREEMPTION')) return 'the kernel is preemptible (CONFIG_PREEMPTION=y)';
    if (!copyable.kind.boostable) return 'this instruction is not one that may run out of line by itself';
    if (copyable.length > SLOT_SIZE - JMP32_SIZE) return 'the copy and the jump back do not fit into a slot';
    if (this.core.kernel.hasExceptionEntry(place.address, place.address + 1n)) {
      return 'a fault of this instruction is expected (it has an exception table entry)';
    }
    return undefined;
  }

  /** One jprobe per address, and not beside a post handler that relies on the same break (Linux <= 4.14). */
  private jprobeConflict(site: Site, spec: ChildSpec): Refusal | undefined {
    const jprobe = site.children.find((child) => child.kind === 'jprobe');
    if (spec.kind === 'jprobe' && jprobe !== undefined) {
      return refuse('EEXIST', `there is a jprobe on ${placeName(jprobe)} already: only one fits an address`);
    }
    return undefined;
  }

  private addManager(site: Site): void {
    const { core } = this;
    const block = core.arena.takeBlock(core.structs.size, core.now);
    if (block === undefined) return;
    core.kernel.guest.clear(block.address, block.size);
    core.structs.set(block.address, 'addr', site.address);
    core.structs.set(block.address, 'opcode', BigInt(site.bytes[0]));
    site.manager = block;
  }

  private arm(site: Site): void {
    if (site.ftrace) this.ftrace.arm(site);
    else this.core.writeText(site.address, INT3);
    site.armed = true;
  }

  private disarm(site: Site): void {
    if (site.ftrace) this.ftrace.disarm(site);
    else this.core.writeText(site.address, site.bytes.subarray(0, 1));
    site.armed = false;
  }

  private removeSite(site: Site): void {
    const { core } = this;
    this.optimiser.drop(site, true, 'unregistered');
    if (site.armed && !site.gone) this.disarm(site);
    core.state.sites.delete(site.address);
    core.records.removeSite(site);
    this.release(site);
    this.optimiser.reconsiderAround(site.address);
  }

  /** Code was loaded again where a site's code had gone. */
  private forgetGone(site: Site): void {
    this.core.records.removeSite(site);
    this.release(site);
    this.core.state.sites.delete(site.address);
  }

  /** A site that was made for a probe that is refused after all. */
  private abandon(site: Site): void {
    this.release(site);
    this.core.arena.freeBlock(site.record, this.core.now);
  }

  private release(site: Site): void {
    const { core } = this;
    if (site.slot !== 0n) core.arena.freeSlot(site.slot, core.now);
    if (site.boostSlot !== 0n) core.arena.freeSlot(site.boostSlot, core.now);
    if (site.manager !== undefined) core.arena.freeBlock(site.manager, core.now);
  }

  /** symbol_name of a struct kprobe as text; undefined when the pointer is NULL. */
  private wantedSymbol(kprobe: bigint): string | undefined {
    const pointer = this.core.structs.get(kprobe, 'symbol_name');
    return pointer === 0n ? undefined : this.core.kernel.guest.string(pointer, 512);
  }

  private describe(child: Child): string {
    const disabled = this.core.disabled(child) ? ', disabled' : '';
    return `${child.kind} of ${child.owner} at ${placeName(child)}${disabled}`;
  }
}

function full(): Refusal {
  return refuse('ENOMEM', 'the memory for probes is used up: unregister some');
}
