/**
 * Guest tasks as the host reads them: who runs on each CPU, the list of all.
 */
import type { Guest } from './guest';
import type { PerCpuVariable } from './percpu';
import type { TaskInfo } from './types';

const PF_KTHREAD = 0x00200000n;

export class Tasks {
  /** `currentTask` is the per-CPU variable current_task; `initTask` the first task's address. */
  constructor(
    private readonly guest: Guest,
    private readonly cpus: number,
    private readonly currentTask: PerCpuVariable,
    private readonly initTask: bigint,
  ) {}

  /** task_struct address of the task that runs on a CPU. */
  currentAddress(cpu: number): bigint {
    return this.guest.ram().getBigUint64(this.currentTask.at(cpu), true);
  }

  /** The task that runs on a CPU; undefined before the CPU has one. */
  current(cpu: number): TaskInfo | undefined {
    const address = this.currentAddress(cpu);
    return address === 0n ? undefined : this.read(address);
  }

  /** All tasks, the idle tasks of CPU 0 first, in the order of the kernel's list; threads included. */
  all(): TaskInfo[] {
    const { guest, initTask } = this;
    const tasks = [this.read(initTask)];
    const head = guest.member('task_struct', initTask, 'tasks');
    for (const leader of guest.list(head, 'task_struct', 'tasks')) {
      tasks.push(this.read(leader));
      if (guest.layouts.find('task_struct', 'thread_group') === undefined) continue;
      const group = guest.member('task_struct', leader, 'thread_group');
      for (const thread of guest.list(group, 'task_struct', 'thread_group')) tasks.push(this.read(thread));
    }
    return tasks;
  }

  /** Task with a pid. */
  byPid(pid: number): TaskInfo | undefined {
    return this.all().find((task) => task.pid === pid);
  }

  /** Reads one task_struct. */
  read(address: bigint): TaskInfo {
    const { guest } = this;
    const cpu = this.cpuOf(address);
    const int = (path: string) => Number(BigInt.asIntN(32, guest.get('task_struct', address, path)));
    return {
      address,
      pid: int('pid'),
      tgid: int('tgid'),
      comm: guest.string(guest.member('task_struct', address, 'comm'), 16),
      state: this.letter(address, cpu !== undefined),
      cpu,
      stack: guest.get('task_struct', address, 'stack'),
      kernelThread: (guest.get('task_struct', address, 'flags') & PF_KTHREAD) !== 0n,
    };
  }

  private cpuOf(task: bigint): number | undefined {
    for (let cpu = 0; cpu < this.cpus; cpu++) if (this.currentAddress(cpu) === task) return cpu;
    return undefined;
  }

  /** The letter of ps and /proc/PID/stat, from __state and exit_state (Linux include/linux/sched.h). */
  private letter(address: bigint, running: boolean): string {
    const { guest } = this;
    const exit = Number(guest.get('task_struct', address, 'exit_state') & 0x30n);
    if (exit !== 0) return (exit & 0x20) !== 0 ? 'Z' : 'X';
    if (running) return 'R';
    const state = Number(guest.get('task_struct', address, '__state') & 0x7fn);
    if ((state & 1) !== 0) return 'S';
    if ((state & 2) !== 0) return 'D';
    if ((state & 4) !== 0) return 'T';
    return (state & 8) !== 0 ? 't' : 'R';
  }
}
