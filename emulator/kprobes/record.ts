/**
 * What the guest is told of each probed address (struct lab_probe_site and lab_probe, linux/include/lab/probes.h), so that
 * its own code can handle ordinary hits without a gate.
 *
 * Records lie in the host area. A removed record rests before it is used again: a CPU may be in the middle of the hit.
 * Whether the guest may handle a hit alone is decided here: not when a probe of the host or a jprobe is at the address.
 */
import type { Block } from './arena';
import type { Core } from './core';
import type { Child, Emulation, Site } from './state';

const SITE = [
  'chain',
  'address',
  'following',
  'kprobe',
  'newest',
  'direct',
  'slot',
  'slot_end',
  'boosted',
  'emulation',
  'target',
  'condition',
] as const;
const PROBE = ['next', 'kp', 'rp', 'hits', 'redirected', 'left_alone'] as const;
type SiteMember = (typeof SITE)[number];
type ProbeMember = (typeof PROBE)[number];

/** LAB_EMULATE_* of linux/include/lab/probes.h. */
const EMULATED = { call: 1n, jump: 2n, branch: 3n, ret: 4n } as const;
const HASH_BITS = 12n;
const GOLDEN = 0x61c8864680b583ebn;

/** Counts that the guest keeps of one probe. */
export interface Counts {
  hits: number;
  /** Pre handlers that returned non-zero. */
  redirected: number;
  /** Calls whose entry handler returned non-zero. */
  leftAlone: number;
}

export class Records {
  private readonly siteSize: number;
  private readonly probeSize: number;
  private readonly siteOffset: Record<SiteMember, number>;
  private readonly probeOffset: Record<ProbeMember, number>;
  /** lab_probe_sites; undefined in a kernel that leaves every hit to the host. */
  private readonly table: bigint | undefined;

  constructor(private readonly core: Core) {
    const { layouts } = core.kernel.guest;
    const offsets = <K extends string>(struct: string, names: readonly K[]) =>
      Object.fromEntries(names.map((name) => [name, layouts.field(struct, name).offset])) as Record<
        K,
        number
      >;
    this.siteOffset = offsets('lab_probe_site', SITE);
    this.probeOffset = offsets('lab_probe', PROBE);
    this.siteSize = layouts.sizeOf('lab_probe_site');
    this.probeSize = layouts.sizeOf('lab_probe');
    this.table = core.kernel.findRaw('lab_probe_sites');
  }

  /** Memory for a site's record; undefined when the host area is full. */
  takeSite(): Block | undefined {
    return this.take(this.siteSize);
  }

  takeProbe(): Block | undefined {
    return this.take(this.probeSize);
  }

  /** Makes a site known to the guest. */
  addSite(site: Site): void {
    const { state } = this.core;
    state.records.set(site.record.address, site);
    this.setSite(site, 'address', site.address);
    this.setSite(site, 'following', site.address + BigInt(site.length));
    this.setEmulation(site);
    if (this.table === undefined) return;
    const bucket = this.bucket(site.address, this.table);
    this.setSite(site, 'chain', this.core.kernel.guest.u64(bucket));
    this.core.kernel.guest.write(bucket, 8, site.record.address);
  }

  /** The guest finds it no more; what is in the middle of a hit there still can read it. */
  removeSite(site: Site): void {
    const { guest } = this.core.kernel;
    if (this.table !== undefined) {
      const chain = BigInt(this.siteOffset.chain);
      let link = this.bucket(site.address, this.table);
      for (let at = guest.u64(link); at !== 0n; at = guest.u64(link)) {
        if (at === site.record.address) {
          guest.write(link, 8, guest.u64(at + chain));
          break;
        }
        link = at + chain;
      }
    }
    this.core.arena.freeBlock(site.record, this.core.now);
  }

  /** Brings the record in line with the site: its probes, slots, and who handles a hit. */
  update(site: Site): void {
    this.setSite(site, 'kprobe', this.core.siteKprobe(site));
    this.setSite(site, 'slot', site.slot);
    this.setSite(site, 'slot_end', site.slot === 0n ? 0n : site.slot + BigInt(site.length));
    this.setSite(site, 'boosted', site.boostSlot);
    let next = 0n;
    for (let index = site.children.length - 1; index >= 0; index--) {
      const { record } = site.children[index];
      this.setProbe(record, 'next', next);
      next = record.address;
    }
    this.setSite(site, 'newest', next);
    this.setSite(site, 'direct', this.direct(site) ? 1n : 0n);
  }

  addProbe(child: Child): void {
    this.setProbe(child.record, 'kp', child.kprobe);
    this.setProbe(
      child.record,
      'rp',
      child.kind === 'kretprobe' && child.container !== undefined ? child.container : 0n,
    );
  }

  removeProbe(child: Child): void {
    this.core.arena.freeBlock(child.record, this.core.now);
  }

  counts(child: Child): Counts {
    const read = (member: ProbeMember) => Number(this.getProbe(child.record, member));
    return { hits: read('hits'), redirected: read('redirected'), leftAlone: read('left_alone') };
  }

  /** Counts something that the host has seen. */
  count(child: Child, member: 'hits' | 'redirected' | 'left_alone'): void {
    this.setProbe(child.record, member, this.getProbe(child.record, member) + 1n);
  }

  /** The struct kprobe of a probe's record. */
  kprobeOf(record: bigint): bigint {
    return this.core.kernel.guest.u64(record + BigInt(this.probeOffset.kp));
  }

  /** True when all of a site's probes are the guest's own and its instruction is one that the guest can do. */
  private direct(site: Site): boolean {
    if (site.emulation !== undefined && guestEmulation(site.emulation) === undefined) return false;
    return site.children.every((child) => child.hostId === undefined && child.kind !== 'jprobe');
  }

  private setEmulation(site: Site): void {
    const { emulation } = site;
    this.setSite(site, 'emulation', emulation === undefined ? 0n : (guestEmulation(emulation) ?? 0n));
    if (emulation === undefined || !('displacement' in emulation)) return;
    const following = site.address + BigInt(site.length);
    this.setSite(site, 'target', BigInt.asUintN(64, following + BigInt(emulation.displacement)));
    if (emulation.kind === 'branch') this.setSite(site, 'condition', BigInt(emulation.condition));
  }

  private bucket(address: bigint, table: bigint): bigint {
    return table + (BigInt.asUintN(64, address * GOLDEN) >> (64n - HASH_BITS)) * 8n;
  }

  private take(size: number): Block | undefined {
    const block = this.core.arena.takeBlock(size, this.core.now);
    if (block !== undefined) this.core.kernel.guest.clear(block.address, block.size);
    return block;
  }

  private setSite(site: Site, member: SiteMember, value: bigint): void {
    this.core.kernel.guest.write(site.record.address + BigInt(this.siteOffset[member]), 8, value);
  }

  private getProbe(record: Block, member: ProbeMember): bigint {
    return this.core.kernel.guest.u64(record.address + BigInt(this.probeOffset[member]));
  }

  private setProbe(record: Block, member: ProbeMember, value: bigint): void {
    this.core.kernel.guest.write(record.address + BigInt(this.probeOffset[member]), 8, value);
  }
}

/** The guest's number of an emulation; undefined for those that it leaves to the host. */
function guestEmulation(emulation: Emulation): bigint | undefined {
  switch (emulation.kind) {
    case 'call':
    case 'jump':
    case 'branch':
    case 'ret':
      return EMULATED[emulation.kind];
    default:
      return undefined;
  }
}
