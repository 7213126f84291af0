/**
 * What one CPU is in the middle of: the site and the probe whose handler runs.
 *
 * A hit is handled by the guest itself or by the host (record.ts says which); a hit inside a hit is always the host's. So
 * the host's own note comes first, then the guest's per-CPU variables.
 */
import type { PerCpuVariable } from '../kernel/percpu';
import type { Core } from './core';
import type { Child, Running, Site } from './state';

export class RunningCpu {
  constructor(
    private readonly core: Core,
    private readonly cpu: number,
    private readonly guestSite: PerCpuVariable,
    private readonly guestProbe: PerCpuVariable,
  ) {}

  get site(): Site | undefined {
    const { site } = this.note;
    if (site !== undefined) return site;
    const record = this.read(this.guestSite);
    return record === 0n ? undefined : this.core.state.records.get(record);
  }

  /** The probe whose handler runs; undefined between handlers and when it was unregistered meanwhile. */
  get child(): Child | undefined {
    const { child } = this.note;
    if (child !== undefined) return child;
    const record = this.read(this.guestProbe);
    if (record === 0n) return undefined;
    return this.core.state.byKprobe.get(this.core.records.kprobeOf(record));
  }

  set child(child: Child | undefined) {
    this.note.child = child;
  }

  /** The host handles a hit. */
  begin(site: Site): void {
    this.note.site = site;
  }

  /** The hit is over, or given up. */
  end(): void {
    this.note.site = undefined;
    this.note.child = undefined;
    this.write(this.guestSite);
    this.write(this.guestProbe);
  }

  /** A hit inside the running one begins. */
  nest(site: Site): void {
    const { note } = this;
    note.previous = { site: note.site, child: note.child };
    note.site = site;
    note.child = undefined;
  }

  /** The hit inside is over. */
  unnest(): void {
    const { note } = this;
    note.site = note.previous?.site;
    note.child = note.previous?.child;
    note.previous = undefined;
  }

  /** What the host has noted of this CPU. */
  get note(): Running {
    return this.core.state.running[this.cpu];
  }

  private read(variable: PerCpuVariable): bigint {
    return this.core.kernel.guest.ram().getBigUint64(variable.at(this.cpu), true);
  }

  private write(variable: PerCpuVariable): void {
    this.core.kernel.guest.putPhysical(variable.at(this.cpu), 0n);
  }
}
