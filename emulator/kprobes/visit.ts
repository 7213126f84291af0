/**
 * A Hit whose task and time are read when asked, because most handlers ask for neither.
 */
import type { Kernel } from '../kernel/kernel';
import type { PtRegs } from '../kernel/ptregs';
import type { Hit, HostProbe } from './types';

export class Visit implements Hit {
  private who: { pid: number; comm: string } | undefined;
  readonly timestamp: number;

  constructor(
    private readonly kernel: Kernel,
    readonly cpu: number,
    readonly regs: PtRegs,
    readonly probe: HostProbe,
    readonly when: Hit['when'],
    readonly returnAddress: bigint | undefined,
    readonly data: unknown,
  ) {
    this.timestamp = kernel.machine.clock;
  }

  get address(): bigint {
    return this.probe.address;
  }

  get task(): { pid: number; comm: string } {
    if (this.who === undefined) {
      const task = this.kernel.tasks.current(this.cpu);
      this.who = { pid: task?.pid ?? 0, comm: task?.comm ?? 'swapper' };
    }
    return this.who;
  }
}
