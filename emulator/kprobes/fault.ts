/**
 * Faults while a probe is handled: the stepping fix-up of all Linux versions, and fault_handler of those up to 5.13.
 *
 * While stepping, ip goes back to the probed address and the kernel's own fault path continues. In a handler the running
 * probe's fault_handler may say that it dealt with the fault (kprobes.md 1.3).
 */
import type { PtRegs } from '../kernel/ptregs';
import { ANSWER, type ProbeCall } from './call';
import type { Core } from './core';
import { STATUS } from './state';

const PHASE = { start: 0, asked: 1 } as const;
const IF = 0x200n;

export class Faults {
  constructor(private readonly core: Core) {}

  /** Answers kprobe_fault_next: done = handled, resume at regs; notOurs = the normal path goes on. */
  next(call: ProbeCall, regs: PtRegs, trap: number, cpu: number): number {
    const { core } = this;
    if (call.get('phase') === PHASE.asked) return call.result !== 0 ? ANSWER.done : ANSWER.notOurs;
    if (core.blocks.currentKprobe(cpu) === 0n) return ANSWER.notOurs;
    const status = core.blocks.getStatus(cpu);
    if (status === STATUS.singleStep || status === STATUS.reenter)
      return this.whileStepping(regs, cpu, status);
    return this.inHandler(call, regs, trap, cpu);
  }

  private whileStepping(regs: PtRegs, cpu: number, status: bigint): number {
    const { core } = this;
    const running = core.running(cpu);
    const site = running.site;
    if (site === undefined || regs.get('ip') !== site.slot) return ANSWER.notOurs;
    regs.set('ip', site.address);
    regs.set('flags', (regs.get('flags') & ~IF) | core.blocks.getSavedFlags(cpu));
    if (site.children.length > 0) {
      core.emitChild(
        'fault',
        site.children[0],
        'the probed instruction itself faulted: the kernel handles it at its own address',
      );
    }
    if (status === STATUS.reenter) {
      core.blocks.restorePrevious(cpu);
      running.unnest();
    } else {
      core.blocks.setCurrent(cpu, 0n);
      running.end();
    }
    return ANSWER.notOurs;
  }

  private inHandler(call: ProbeCall, regs: PtRegs, trap: number, cpu: number): number {
    const { core } = this;
    const child = core.running(cpu).child;
    if (child === undefined) return ANSWER.notOurs;
    const handler = core.structs.get(child.kprobe, 'fault_handler');
    const ip = regs.get('ip');
    if (handler === 0n && core.kernel.hasExceptionEntry(ip, ip + 1n)) return ANSWER.notOurs;
    core.emitChild('fault', child, `trap ${trap} in its handler at ${core.kernel.symbols.format(ip)}`);
    if (handler === 0n) return ANSWER.notOurs;
    core.structs.miss(child.kprobe);
    call.set('phase', PHASE.asked);
    call.request(handler, child.kprobe, regs.address, BigInt(trap));
    return ANSWER.call;
  }
}
