/**
 * The int3 path: what to do next when a breakpoint trapped in kernel mode, at a probe or behind a stepped copy.
 *
 * The guest's exc_int3 asks again after each handler it was told to call. Linux: arch/x86/kernel/kprobes/core.c
 * (kprobe_int3_handler, setup_singlestep, reenter_kprobe, kprobe_post_process); kprobes.md 1.6 and 1.9.
 */
import type { PtRegs } from '../kernel/ptregs';
import { ANSWER, type ProbeCall } from './call';
import { type Core, placeName } from './core';
import { emulate } from './emulate';
import { FROM_NEWEST, type Handlers } from './handlers';
import type { Jprobes } from './jprobe';
import { type Site, STATUS } from './state';

const PHASE = { start: 0, pre: 1, post: 2 } as const;
const IF = 0x200n;
const INT3 = 0xcc;

export class Int3 {
  constructor(
    private readonly core: Core,
    private readonly handlers: Handlers,
    private readonly jprobes: Jprobes,
  ) {}

  /** Answers kprobe_next: see call.ts for the answers. */
  next(call: ProbeCall, regs: PtRegs, cpu: number): number {
    switch (call.get('phase')) {
      case PHASE.start:
        return this.start(call, regs, cpu);
      case PHASE.pre:
        return this.walkPre(call, regs, cpu);
      default:
        return this.walkPost(call, regs, cpu);
    }
  }

  private start(call: ProbeCall, regs: PtRegs, cpu: number): number {
    const { core } = this;
    const address = regs.get('ip') - 1n;
    const running = core.running(cpu);
    const site = core.state.sites.get(address);
    const busy = core.blocks.currentKprobe(cpu) !== 0n;
    if (site?.armed === true && !site.ftrace) {
      if (busy && this.jprobes.resumes(site, cpu)) return this.resumeAfterJprobe(call, regs, cpu);
      return busy ? this.reenter(site, regs, cpu) : this.begin(site, call, regs, cpu);
    }
    const current = running.site;
    if (current !== undefined && current.slot !== 0n && address === current.slot + BigInt(current.length)) {
      const status = core.blocks.getStatus(cpu);
      if (status === STATUS.singleStep || status === STATUS.reenter)
        return this.stepped(current, call, regs, cpu);
    }
    if (core.kernel.guest.peek(address, 1)?.[0] === INT3) return ANSWER.notOurs;
    regs.set('ip', address);
    return ANSWER.done;
  }

  private begin(site: Site, call: ProbeCall, regs: PtRegs, cpu: number): number {
    const { blocks } = this.core;
    this.core.running(cpu).begin(site);
    blocks.setCurrent(cpu, this.core.siteKprobe(site));
    blocks.setSavedFlags(cpu, regs.get('flags') & IF);
    blocks.setStatus(cpu, STATUS.active);
    call.set('phase', PHASE.pre);
    call.set('cursor', FROM_NEWEST);
    return this.walkPre(call, regs, cpu);
  }

  private walkPre(call: ProbeCall, regs: PtRegs, cpu: number): number {
    const site = this.core.running(cpu).site;
    if (site === undefined) return ANSWER.done;
    const step = this.handlers.pre(call, regs, cpu, site, false);
    switch (step) {
      case 'call':
        return ANSWER.call;
      case 'redirected':
        return this.finish(cpu);
      case 'jprobe':
        this.jprobes.enter(call.get('cursor'), regs, cpu);
        return ANSWER.done;
      case 'end':
        return this.step(site, call, regs, cpu);
    }
  }

  /** The instruction itself: boosted, emulated, or stepped in its slot. */
  private step(site: Site, call: ProbeCall, regs: PtRegs, cpu: number): number {
    const { core } = this;
    if (this.boosts(site)) {
      regs.set('ip', site.boostSlot);
      return this.finish(cpu);
    }
    if (site.emulation !== undefined) {
      emulate(core.kernel.guest, regs, site.emulation, site.address, site.length);
      return this.beginPost(call, regs, cpu);
    }
    this.enterSlot(site, regs, cpu, STATUS.singleStep);
    return ANSWER.done;
  }

  private enterSlot(site: Site, regs: PtRegs, cpu: number, status: bigint): void {
    this.core.blocks.setStatus(cpu, status);
    regs.set('flags', regs.get('flags') & ~IF);
    regs.set('ip', site.slot);
  }

  /** The int3 behind the copy: back to the place behind the original. */
  private stepped(site: Site, call: ProbeCall, regs: PtRegs, cpu: number): number {
    const { blocks } = this.core;
    regs.set('ip', site.address + BigInt(site.length));
    regs.set('flags', regs.get('flags') | blocks.getSavedFlags(cpu));
    if (blocks.getStatus(cpu) === STATUS.reenter) return this.leaveNested(cpu);
    return this.beginPost(call, regs, cpu);
  }

  private beginPost(call: ProbeCall, regs: PtRegs, cpu: number): number {
    this.core.blocks.setStatus(cpu, STATUS.done);
    call.set('phase', PHASE.post);
    call.set('cursor', FROM_NEWEST);
    return this.walkPost(call, regs, cpu);
  }

  private walkPost(call: ProbeCall, regs: PtRegs, cpu: number): number {
    const site = this.core.running(cpu).site;
    if (site !== undefined && this.handlers.post(call, regs, cpu, site) === 'call') return ANSWER.call;
    return this.finish(cpu);
  }

  private finish(cpu: number): number {
    this.core.running(cpu).end();
    this.core.blocks.setCurrent(cpu, 0n);
    return ANSWER.done;
  }

  /** True when the copy may run without a trap behind it: nothing is to be done then. */
  private boosts(site: Site): boolean {
    if (site.boostSlot === 0n) return false;
    return site.slot === 0n || !site.children.some((child) => this.core.hasPost(child));
  }

  /** A hit while another kprobe is handled on this CPU: counted as missed, the instruction is done without handlers. */
  private reenter(site: Site, regs: PtRegs, cpu: number): number {
    const { core } = this;
    const { blocks } = core;
    if (blocks.getStatus(cpu) === STATUS.reenter) {
      this.unrecoverable(site, cpu);
      return ANSWER.notOurs;
    }
    this.handlers.miss(site, core.whyMissed(cpu));
    if (this.boosts(site)) {
      regs.set('ip', site.boostSlot);
      return ANSWER.done;
    }
    if (site.emulation !== undefined) {
      emulate(core.kernel.guest, regs, site.emulation, site.address, site.length);
      return ANSWER.done;
    }
    blocks.savePrevious(cpu);
    core.running(cpu).nest(site);
    blocks.setCurrent(cpu, core.siteKprobe(site));
    blocks.setSavedFlags(cpu, regs.get('flags') & IF);
    this.enterSlot(site, regs, cpu, STATUS.reenter);
    return ANSWER.done;
  }

  private leaveNested(cpu: number): number {
    this.core.blocks.restorePrevious(cpu);
    this.core.running(cpu).unnest();
    return ANSWER.done;
  }

  private resumeAfterJprobe(call: ProbeCall, regs: PtRegs, cpu: number): number {
    call.set('cursor', this.jprobes.leave(cpu));
    call.set('phase', PHASE.pre);
    return this.walkPre(call, regs, cpu);
  }

  /** A probe hit while a nested one is being stepped: Linux prints this, dumps the probe and BUGs. */
  private unrecoverable(site: Site, cpu: number): void {
    const child = site.children[0];
    const { kernel } = this.core;
    kernel.printk(2, 'Unrecoverable kprobe detected.', cpu);
    if (child === undefined) return;
    kernel.printk(3, 'Dump kprobe:', cpu);
    kernel.printk(
      3,
      `.symbol_name = ${child.symbol}, .offset = ${child.offset.toString(16)}, .addr = ${kernel.symbols.format(site.address)}`,
      cpu,
    );
    this.core.emitChild('fault', child, `unrecoverable recursion at ${placeName(child)}`);
  }
}
