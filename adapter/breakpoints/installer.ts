/**
 * Puts breakpoints into the machine and takes them out: host probes for all kinds but `hardware`, which are the
 * machine's own execution breakpoints and patch nothing.
 *
 * A breakpoint is armed wholly or not at all; the first refusal is its message, in the kernel's errno and words.
 */
import { hex } from '../../emulator/inspect/value';
import { decode } from '../../emulator/isa/decode';
import type { HandlerAnswer, Hit, HostProbeSpec } from '../../emulator/kprobes/types';
import type { Lab } from '../../emulator/lab';
import type { ExecutionBreakpoints } from '../target/execution-breakpoints';
import type { Breakpoint } from './breakpoint';
import type { Site } from './place';

/** A probe that a breakpoint wants, known by its specification: which struct stands for it depends on the moment. */
interface WantedProbe {
  spec: HostProbeSpec;
  address: bigint;
}

interface Armed {
  probes: WantedProbe[];
  hardware: bigint[];
}

export class Installer {
  readonly #armed = new Map<Breakpoint, Armed>();
  /** How many breakpoints want a machine breakpoint at an address. */
  readonly #hardware = new Map<bigint, Breakpoint[]>();
  /** Every probe that this installer registered at some moment. */
  readonly #made = new Set<HostProbeSpec>();
  /** Machine breakpoints in the place of probes, by address: in the past, where probes are as they were. */
  #standIns: Map<bigint, { breakpoint: Breakpoint; spec: HostProbeSpec }[]> | undefined;

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
    for (const { spec } of armed.probes) if (!this.lab.past) this.#unregister(spec);
    if (this.#standIns) this.travelled(true);
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
    const standIns = this.#standIns?.get(address) ?? [];
    const missing = standIns.filter(({ spec }) => this.lab.kprobes.hostOf(spec) === undefined);
    return [...(this.#hardware.get(address) ?? []), ...missing.map(({ breakpoint }) => breakpoint)];
  }

  /**
   * The machine stands at another moment of its run. In the past probes are what they were then, and machine breakpoints
   * stand in for those that were set later; otherwise exactly the wanted ones are registered.
   */
  travelled(past: boolean): void {
    for (const address of this.#standIns?.keys() ?? []) this.executions.remove(address);
    this.#standIns = past ? new Map() : undefined;
    const wanted = new Set<HostProbeSpec>();
    for (const [breakpoint, { probes }] of this.#armed) {
      for (const { spec, address } of probes) {
        wanted.add(spec);
        if (past) this.#standIn(breakpoint, spec, address);
        else if (!this.lab.kprobes.hostOf(spec)) this.#register(spec);
      }
    }
    if (past) return;
    for (const spec of this.#made) if (!wanted.has(spec)) this.#unregister(spec);
  }

  #standIn(breakpoint: Breakpoint, spec: HostProbeSpec, address: bigint): void {
    for (const at of spec.kind === 'return' ? this.#returnsOf(address) : [address]) {
      const others = this.#standIns?.get(at);
      if (others) others.push({ breakpoint, spec });
      else {
        this.#standIns?.set(at, [{ breakpoint, spec }]);
        this.executions.add(at);
      }
    }
  }

  /** Addresses of the return instructions of the function at an address. */
  #returnsOf(address: bigint): bigint[] {
    const size = this.lab.kernel.symbols.at(address)?.size ?? 0;
    const text = this.lab.kprobes.originalText(address, size);
    const found: bigint[] = [];
    for (let at = 0; text !== undefined && at < text.length; ) {
      const decoded = decode(text, at);
      if (!decoded.ok) break;
      if (decoded.op === 'ret') found.push(address + BigInt(at));
      at += decoded.length;
    }
    return found;
  }

  #register(spec: HostProbeSpec): string | undefined {
    const probe = this.lab.change('a breakpoint’s probe', () => this.lab.kprobes.registerHost(spec));
    if ('errno' in probe) return `${probe.name}: ${probe.reason}`;
    this.#made.add(spec);
    return undefined;
  }

  #unregister(spec: HostProbeSpec): void {
    if (!this.lab.kprobes.hostOf(spec)) return;
    this.lab.change('a breakpoint’s probe removed', () => {
      const probe = this.lab.kprobes.hostOf(spec);
      if (probe) this.lab.kprobes.unregisterHost(probe);
    });
  }

  ofProbe(kprobe: bigint): Breakpoint | undefined {
    for (const [breakpoint, { probes }] of this.#armed) {
      if (probes.some(({ spec }) => this.lab.kprobes.hostOf(spec)?.kprobe === kprobe)) return breakpoint;
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
    const { address } = site;
    const spec = this.#spec(breakpoint, site.what, address);
    if (this.lab.past) {
      // It is registered where the recording ends, or when another future begins.
      const place = this.lab.kprobes.check(spec.at, spec.kind);
      if ('errno' in place) return `${place.name}: ${place.reason}`;
      this.#standIn(breakpoint, spec, address);
    } else {
      const refused = this.#register(spec);
      if (refused !== undefined) return refused;
    }
    armed.probes.push({ spec, address });
    return undefined;
  }

  #spec(breakpoint: Breakpoint, what: 'before' | 'after' | 'return', address: bigint): HostProbeSpec {
    // A past run repeats the hits of breakpoints that are gone by now.
    const judge = (hit: Hit) => (this.#armed.has(breakpoint) ? this.onHit(breakpoint, hit) : undefined);
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
