/**
 * Probes on ftrace sites: the five-byte nop at a function's entry becomes a call of the ftrace trampoline.
 *
 * No int3 and no slot; pre handlers see ip = address + 1 as everywhere, post handlers ip = address + 5
 * (kprobes.md 1.10; Linux arch/x86/kernel/kprobes/ftrace.c).
 */
import type { PtRegs } from '../kernel/ptregs';
import type { Block } from './arena';
import { ANSWER, type ProbeCall } from './call';
import type { Core } from './core';
import { FROM_NEWEST, type Handlers } from './handlers';
import { type Site, STATUS } from './state';

const CALL32 = 0xe8;
const SIZE = 5;
const PHASE = { start: 0, pre: 1, post: 2 } as const;

/** Patching of ftrace sites. */
export class FtraceSites {
  constructor(private readonly core: Core) {}

  makeSite(address: bigint, record: Block): Site {
    return {
      address,
      record,
      length: SIZE,
      bytes: this.core.kernel.guest.peek(address, SIZE) ?? new Uint8Array(SIZE),
      children: [],
      slot: 0n,
      boostSlot: 0n,
      emulation: undefined,
      armed: false,
      ftrace: true,
      gone: false,
      manager: undefined,
      optimisation: undefined,
      notOptimised: 'it is an ftrace site, which needs no int3',
      notBoosted: 'it is an ftrace site',
    };
  }

  arm(site: Site): void {
    const target = this.core.kernel.rawSymbol('lab_ftrace_caller');
    const bytes = new Uint8Array(SIZE);
    bytes[0] = CALL32;
    new DataView(bytes.buffer).setInt32(1, Number(target - site.address - BigInt(SIZE)), true);
    this.core.writeText(site.address, bytes);
  }

  disarm(site: Site): void {
    this.core.writeText(site.address, site.bytes);
  }
}

/** What happens at a hit. */
export class FtraceHits {
  constructor(
    private readonly core: Core,
    private readonly handlers: Handlers,
  ) {}

  /** Answers ftrace_next; regs->ip is behind the call when the stub enters. */
  next(call: ProbeCall, regs: PtRegs, cpu: number): number {
    const { core } = this;
    if (call.get('phase') === PHASE.start) {
      const address = regs.get('ip') - BigInt(SIZE);
      const site = core.state.sites.get(address);
      if (site === undefined || !site.ftrace) return ANSWER.done;
      if (core.blocks.currentKprobe(cpu) !== 0n) {
        this.handlers.miss(site, core.whyMissed(cpu));
        return ANSWER.done;
      }
      core.running(cpu).begin(site);
      core.blocks.setCurrent(cpu, core.siteKprobe(site));
      core.blocks.setStatus(cpu, STATUS.active);
      regs.set('ip', address + 1n);
      call.set('phase', PHASE.pre);
      call.set('cursor', FROM_NEWEST);
    }
    const site = core.running(cpu).site;
    if (site === undefined) return ANSWER.done;
    if (call.get('phase') === PHASE.pre) {
      const step = this.handlers.pre(call, regs, cpu, site, false);
      if (step === 'call') return ANSWER.call;
      if (step !== 'end') return this.finish(cpu);
      regs.set('ip', site.address + BigInt(SIZE));
      core.blocks.setStatus(cpu, STATUS.done);
      call.set('phase', PHASE.post);
      call.set('cursor', FROM_NEWEST);
    }
    return this.handlers.post(call, regs, cpu, site) === 'call' ? ANSWER.call : this.finish(cpu);
  }

  private finish(cpu: number): number {
    this.core.running(cpu).end();
    this.core.blocks.setCurrent(cpu, 0n);
    return ANSWER.done;
  }
}
