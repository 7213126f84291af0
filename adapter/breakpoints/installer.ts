/**
 * Puts breakpoints into the machine and takes them out: host probes for all kinds but `hardware`, which are the
 * machine's own execution breakpoints and patch nothing.
 *
 * A breakpoint is armed wholly or not at all; the first refusal is its message, in the kernel's errno and words.
 */
import { hex } from '../../emulator/inspect/value';
import type { HandlerAnswer, Hit, HostProbe, HostProbeSpec } from '../../emulator/kprobes/types';
import type { Lab } from '../../emulator/lab';
import type { ExecutionBreakpoints } from '../target/execution-breakpoints';
import type { Breakpoint } from './breakpoint';
import type { Site } from './place';

interface Armed {
  probes: HostProbe[];
  hardware: bigint[];
}

export class Installer {
  readonly #armed = new Map<Breakpoint, Armed>();
  /** How many breakpoints want a machine breakpoint at an address. */
  readonly #hardware = new Map<bigint, Breakpoint[]>();

  /** `onHit` judges a hit of a breakpoint's probe; `keepArguments` keeps what a return will want to know of the entry. */
  constructor(
    readonly lab: Lab,
    readonly executions: ExecutionBreakpoints,
    readonly onHit: (breakpoint: Breakpoint, hit: Hit) => HandlerAnswer,
    readonly keepArguments: (hit: Hit) => unknown,
  ) {}

  /** Arms all sites. Returns why not, as `ERRNO: sentence`. */
  arm(breakpoint: Breakpoint): string | undefined {
    const armed: Armed = { probes: [], hardware: [] };
    this.#armed.set(breakpoint, armed);
    for (const site of breakpoint.sites) {
      const refused = this.#armSite(breakpoint, site, armed);
      if (refused === undefined) continue;
      this.disarm(breakpoint);
      return refused;
    }
    return undefined;
  }

  disarm(breakpoint: Breakpoint): void {
    const armed = this.#armed.get(breakpoint);
    if (!armed) return;
    this.#armed.delete(breakpoint);
    for (const probe of armed.probes) this.lab.kprobes.unregisterHost(probe);
    for (const address of armed.hardware) {
      const rest = (this.#hardware.get(address) ?? []).filter((one) => one !== breakpoint);
      if (rest.length > 0) {
        this.#hardware.set(address, rest);
      } else {
        this.#hardware.delete(address);
        this.executions.remove(address);
      }
    }
  }

  /** Breakpoints that asked for a machine breakpoint at an address. */
  hardwareAt(address: bigint): readonly Breakpoint[] {
    return this.#hardware.get(address) ?? [];
  }

  ofProbe(kprobe: bigint): Breakpoint | undefined {
    for (const [breakpoint, { probes }] of this.#armed) {
      if (probes.some((probe) => probe.kprobe === kprobe)) return breakpoint;
    }
    return undefined;
  }

  #armSite(breakpoint: Breakpoint, site: Site, armed: Armed): string | undefined {
    if (site.what === 'hardware') {
      if (!this.lab.kernel.guest.peek(site.address, 1))
        return `EFAULT: no memory is mapped at ${hex(site.address)}.`;
      const others = this.#hardware.get(site.address);
      if (others) {
        others.push(breakpoint);
      } else {
        this.#hardware.set(site.address, [breakpoint]);
        this.executions.add(site.address);
      }
      armed.hardware.push(site.address);
      return undefined;
    }
    const probe = this.lab.kprobes.registerHost(this.#spec(breakpoint, site.what, site.address));
    if ('errno' in probe) return `${probe.name}: ${probe.reason}`;
    armed.probes.push(probe);
    return undefined;
  }

  #spec(breakpoint: Breakpoint, what: 'before' | 'after' | 'return', address: bigint): HostProbeSpec {
    const judge = (hit: Hit) => this.onHit(breakpoint, hit);
    const common = { at: { address }, owner: 'debugger' } as const;
    switch (what) {
      case 'before':
        return { ...common, kind: 'entry', pre: judge };
      case 'after':
        return { ...common, kind: 'entry', post: judge };
      case 'return':
        return { ...common, kind: 'return', entry: (hit) => this.keepArguments(hit), onReturn: judge };
    }
  }
}
