/**
 * jprobes (Linux up to 4.14): a function with the probed one's prototype runs first and ends in jprobe_return().
 *
 * The registers and the argument area of the stack are saved; the entry function runs as if it had been called; then
 * jprobe_return puts both back and the probed instruction traps once more to go on with the walk behind the jprobe.
 */
import type { Cpu } from '../cpu/cpu';
import { PT_REGS, PT_REGS_SIZE, type PtRegs } from '../kernel/ptregs';
import type { Core } from './core';
import type { Site } from './state';

/** Bytes of stack above sp that the entry function may overwrite as its own arguments. */
const STACK_SAVED = 64;

export class Jprobes {
  constructor(private readonly core: Core) {}

  /** Sends the interrupted function to the jprobe's entry function. */
  enter(childId: number, regs: PtRegs, cpu: number): void {
    const { core } = this;
    const child = core.state.children.get(childId);
    if (child?.container === undefined) return;
    const { guest } = core.kernel;
    const sp = regs.get('sp');
    core.running(cpu).note.jprobe = {
      registers: guest.peek(regs.address, PT_REGS_SIZE) ?? new Uint8Array(PT_REGS_SIZE),
      stack: guest.peek(sp, STACK_SAVED) ?? new Uint8Array(0),
      sp,
      child: childId,
      resumed: false,
    };
    regs.set('flags', regs.get('flags') & ~0x200n);
    regs.set('ip', guest.get('jprobe', child.container, 'entry'));
  }

  /** jprobe_return(): false when no jprobe runs on this CPU. The CPU then stands at the probe again. */
  return(cpu: Cpu): boolean {
    const { core } = this;
    const saved = core.running(cpu.index).note.jprobe;
    if (saved === undefined) return false;
    core.kernel.guest.poke(saved.sp, saved.stack);
    const view = new DataView(saved.registers.buffer, saved.registers.byteOffset);
    for (const [index, name] of PT_REGS.entries()) {
      const value = view.getBigUint64(index * 8, true);
      if (name === 'ip') cpu.rip = value - 1n;
      else if (name === 'flags') cpu.rflags = value;
      else {
        const register = REGISTER[name];
        if (register !== undefined) cpu.set(register, value);
      }
    }
    saved.resumed = true;
    return true;
  }

  /** True when the trap at this site is the second one, after jprobe_return. */
  resumes(site: Site, cpu: number): boolean {
    const running = this.core.running(cpu);
    return running.note.jprobe?.resumed === true && running.site === site;
  }

  /** Ends the jprobe; the walk goes on behind its child, whose id is returned. */
  leave(cpu: number): number {
    const running = this.core.running(cpu);
    const child = running.note.jprobe?.child ?? 0;
    running.note.jprobe = undefined;
    running.child = undefined;
    return child;
  }
}

/** Encoding number of the general registers by pt_regs name. */
const REGISTER: Readonly<Record<string, number | undefined>> = {
  ax: 0,
  cx: 1,
  dx: 2,
  bx: 3,
  sp: 4,
  bp: 5,
  si: 6,
  di: 7,
  r8: 8,
  r9: 9,
  r10: 10,
  r11: 11,
  r12: 12,
  r13: 13,
  r14: 14,
  r15: 15,
};
