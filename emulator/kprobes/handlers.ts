/**
 * Walking the probes of one site: pre handlers newest first, then post handlers.
 *
 * A walk is resumable: guest handlers are called by the guest, so each step either asks for a call or says that the walk
 * is over. kprobes.md 1.5 has the rules of aggregates. int3, ftrace and optimised hits share this.
 */

import type { PtRegs } from '../kernel/ptregs';
import type { ProbeCall } from './call';
import type { Core } from './core';
import type { Kretprobes } from './kretprobe';
import type { Child, Site } from './state';
import type { Hit } from './types';
import { Visit } from './visit';

/** What a step of a walk came to: ask the guest to call, a pre handler changed ip (or a jprobe took over), or the end. */
export type Step = 'call' | 'redirected' | 'jprobe' | 'end';

/** Cursor value before the newest child. */
export const FROM_NEWEST = Number.MAX_SAFE_INTEGER;

export class Handlers {
  /** Set by the facade: told when a host handler wants the machine to stop. */
  onStop: (hit: Hit) => void = () => {};

  constructor(
    private readonly core: Core,
    private readonly kretprobes: Kretprobes,
  ) {}

  /** One step of the pre walk. `ignoreResult`: an optimised probe's return values do not count. */
  pre(call: ProbeCall, regs: PtRegs, cpu: number, site: Site, ignoreResult: boolean): Step {
    const { core } = this;
    const running = core.running(cpu);
    const pending = call.get('saved');
    if (pending !== 0) {
      const child = core.state.children.get(pending);
      call.set('saved', 0);
      running.child = undefined;
      if (child?.kind === 'kretprobe') this.kretprobes.entered(child, call.result, regs, cpu);
      else if (call.result !== 0) {
        if (child !== undefined) core.records.count(child, 'redirected');
        if (!ignoreResult) return 'redirected';
      }
    }
    for (let child = nextChild(site, call); child !== undefined; child = nextChild(site, call)) {
      call.set('cursor', child.id);
      if (core.disabled(child)) continue;
      const step = this.enter(child, call, regs, cpu);
      if (step !== undefined) return step;
    }
    return 'end';
  }

  /** One step of the post walk. */
  post(call: ProbeCall, regs: PtRegs, cpu: number, site: Site): Step {
    const { core } = this;
    const running = core.running(cpu);
    running.child = undefined;
    for (let child = nextChild(site, call); child !== undefined; child = nextChild(site, call)) {
      call.set('cursor', child.id);
      if (core.disabled(child) || !core.hasPost(child)) continue;
      if (child.hostId !== undefined) {
        if (this.askHost(child, 'post', regs, cpu)) return this.pause(call);
      } else {
        running.child = child;
        call.request(core.structs.get(child.kprobe, 'post_handler'), child.kprobe, regs.address, 0n);
        return 'call';
      }
    }
    return 'end';
  }

  /** Counts a hit that found another kprobe running: nmissed of every child. */
  miss(site: Site, why: string): void {
    for (const child of site.children) {
      this.core.structs.miss(child.kprobe);
      this.core.emitChild('missed', child, why);
    }
  }

  /** Runs the child's pre part; undefined when there is nothing (more) to wait for. */
  private enter(child: Child, call: ProbeCall, regs: PtRegs, cpu: number): Step | undefined {
    const { core } = this;
    core.records.count(child, 'hits');
    switch (child.kind) {
      case 'kprobe': {
        if (child.hostId !== undefined)
          return this.askHost(child, 'pre', regs, cpu) ? this.pause(call) : undefined;
        const handler = core.structs.get(child.kprobe, 'pre_handler');
        if (handler === 0n) return undefined;
        this.expect(child, call, cpu);
        call.request(handler, child.kprobe, regs.address);
        return 'call';
      }
      case 'kretprobe': {
        const entry = this.kretprobes.enter(child, regs, cpu);
        if (entry === undefined) return undefined;
        this.expect(child, call, cpu);
        call.request(entry.handler, entry.instance, regs.address);
        return 'call';
      }
      case 'jprobe':
        core.running(cpu).child = child;
        return 'jprobe';
    }
  }

  private expect(child: Child, call: ProbeCall, cpu: number): void {
    call.set('saved', child.id);
    this.core.running(cpu).child = child;
  }

  /**
   * Lets a host handler look; true when the guest is to ask again, which it does after every debugger's handler, also
   * when that let it go on: the run must not depend on what a debugger's condition came to.
   */
  private askHost(child: Child, when: 'pre' | 'post', regs: PtRegs, cpu: number): boolean {
    const host = this.core.hosts.get(child.hostId ?? 0);
    if (host === undefined) return false;
    const hit = new Visit(this.core.kernel, cpu, regs, host.probe, when, undefined, undefined);
    const handler = when === 'pre' ? host.spec.pre : host.spec.post;
    if (handler?.(hit) === 'stop') this.onStop(hit);
    return handler !== undefined && host.spec.owner === 'debugger';
  }

  /** Makes the guest ask again after the stop. */
  private pause(call: ProbeCall): Step {
    call.set('fn', 0);
    return 'call';
  }
}

/** The newest child older than the cursor. */
function nextChild(site: Site, call: ProbeCall): Child | undefined {
  const cursor = call.get('cursor');
  return site.children.find((child) => child.id < cursor);
}
