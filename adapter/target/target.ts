/**
 * The machine of a session: runs it, stops it, says where it stands.
 *
 * It knows nothing of requests and answers; the session's context listens to it. Between a stop and the next resume
 * the machine stands still, and everything that is looked at belongs to that stop.
 */
import { PT_REGS_SIZE } from '../../emulator/kernel/ptregs';
import type { TaskInfo } from '../../emulator/kernel/types';
import type { Lab, LabStop } from '../../emulator/lab';
import type { Breakpoint } from '../breakpoints/breakpoint';
import type { Host } from '../host';
import type { TargetClient } from './client';
import { ExecutionBreakpoints } from './execution-breakpoints';
import { Frames, type ViewFrame } from './frames';
import { Inspector } from './inspector';
import { Machinery } from './machinery';
import { cpuPosition, hitPosition, savedPosition } from './position';
import { type Goal, type RunEnd, RunLoop, type SliceResult } from './run-loop';
import { Stepper, type StepRequest } from './stepper';
import type { Stop, StopReason } from './stop';

/** The byte that a probe puts over an instruction. */
const INT3 = 0xcc;

/** Idle tasks have pid 0 on every CPU; their threads are numbered from here. */
const IDLE_THREADS = 1_000_000_000;

export function threadIdOf(task: { pid: number; cpu?: number | undefined }): number {
  return task.pid > 0 ? task.pid : IDLE_THREADS + (task.cpu ?? 0);
}

export class Target {
  readonly inspector: Inspector;
  readonly executions: ExecutionBreakpoints;
  readonly machinery: Machinery;
  readonly frames: Frames;
  /** Set while the machine stands for the user. */
  stop: Stop | undefined;
  readonly #clients = new Set<TargetClient>();
  readonly #needs = new Map<TargetClient, { oops: boolean; warn: boolean }>();
  readonly #loop: RunLoop;
  /** Breakpoints that asked to stop in the slice that runs. */
  #stopping: { breakpoint: Breakpoint; problem: string | undefined }[] = [];
  /** Why the machine was asked to stop as if at an exception. */
  #exception: string | undefined;
  /** What the machine is to be driven to, while everybody in it waits. */
  #waiting: Goal | undefined;
  #afterBoot: (() => void) | undefined;
  #booted: ((alive: boolean) => void) | undefined;

  constructor(
    readonly lab: Lab,
    readonly host: Host,
  ) {
    this.inspector = new Inspector(lab);
    this.executions = new ExecutionBreakpoints(lab.machine);
    // While it boots only a panic stops it: nobody has said yet what else should.
    lab.stopOn = { oops: false, warn: false };
    this.machinery = new Machinery(lab);
    this.frames = new Frames(this.inspector, this.machinery);
    this.#loop = new RunLoop(
      host,
      () => {
        for (const client of this.#clients) client.afterSlice();
      },
      (end) => this.#finished(end),
    );
  }

  /** A session or terminal watches this machine from now on. */
  join(client: TargetClient): void {
    this.#clients.add(client);
  }

  /** It does not any more: its breakpoints go. The last one to leave a stop lets the machine run. */
  leave(client: TargetClient): void {
    if (!this.#clients.delete(client)) return;
    this.stopOn(client, { oops: false, warn: false });
    this.#needs.delete(client);
    client.table?.detach();
    client.data?.detach(this.inspector);
    if (this.stop && ![...this.#clients].some((one) => one.holds)) this.resume();
  }

  /** What a client needs to be stopped for; the machine stops for whatever one of them needs. */
  stopOn(client: TargetClient, needs: { oops: boolean; warn: boolean }): void {
    this.#needs.set(client, needs);
    const all = [...this.#needs.values()];
    this.lab.stopOn = { oops: all.some(({ oops }) => oops), warn: all.some(({ warn }) => warn) };
  }

  /** Runs until everybody waits for the first time: the shell reads the console. False when the machine died on the way. */
  boot(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#booted = resolve;
      this.resume();
    });
  }

  /**
   * Boots where the user can see it: breakpoints and pauses work from the first instruction on. `booted` is called when
   * everybody waits for the first time. With `entry` it first stops at start_kernel.
   */
  bootVisibly(entry: boolean, booted: () => void): void {
    this.#afterBoot = booted;
    const address = entry ? this.lab.kernel.findRaw('start_kernel') : undefined;
    if (address === undefined) {
      this.resume();
      return;
    }
    const away = () => this.executions.remove(address);
    this.executions.add(address);
    this.#start({
      reason: 'entry',
      abandon: away,
      slice: () => {
        const result = this.#slice();
        if (result.kind !== 'stop' || result.stop.kind !== 'breakpoint' || result.stop.address !== address)
          return result;
        away();
        return { kind: 'reached' };
      },
    });
  }

  /** Lets the machine run freely. `by` is the client that asked. */
  resume(by?: TargetClient): void {
    this.#start({ slice: () => this.#slice() }, by);
  }

  /** Steps the stopped task. `stack` is its call stack, labels included. */
  step(how: StepRequest, stack: readonly ViewFrame[], client?: TargetClient): void {
    const { kind, by, into } = how;
    const { stop } = this;
    if (!stop) return;
    const { position, hit } = stop;
    const frames = stack.filter((frame) => !frame.label);
    const [frame] = frames;
    // The caller of the physical frame: inlined bodies share a canonical frame address.
    const caller = frames.find((one) => one.cfa !== undefined && one.cfa !== frame?.cfa);
    const returning = hit?.when === 'return';
    const goal = new Stepper(
      {
        inspector: this.inspector,
        machinery: this.machinery,
        executions: this.executions,
        budget: () => this.#loop.budget,
        now: () => this.host.now(),
      },
      {
        // After a return there is no frame left to step in: every step ends where the function returns to.
        kind: returning ? 'in' : kind,
        by: returning ? 'instruction' : by,
        into,
        // The return address has not been executed yet: it is where such a step ends, not where it starts.
        from: returning ? { ...position, ip: 0n } : position,
        // A return trampoline saves its registers where the frame was; the probed code goes on above them.
        trappedAt: returning ? hit.regs.address + BigInt(PT_REGS_SIZE) : hit && position.sp,
        cfa: returning ? undefined : frame?.cfa,
        returnAddress: caller?.address,
        interruptedSp: this.#interruptedSp(stack),
      },
    );
    this.#start(goal, client);
  }

  /** Inside a probe's handler: where the stack of the probed code is. */
  #interruptedSp(stack: readonly ViewFrame[]): bigint | undefined {
    const label = stack.findIndex((frame) => frame.label);
    const probed = label > 0 ? stack[label + 1] : undefined;
    if (!probed) return undefined;
    const patched = this.inspector.memory(probed.cpu).read(probed.address, 1)?.[0] === INT3;
    const machinery = stack
      .slice(1, label)
      .some((frame) => this.machinery.isMachinery(frame.name, frame.address));
    return patched || machinery ? probed.registers?.get('sp') : undefined;
  }

  /** Stands for the user before anything that was typed is done. */
  stopOnEntry(): void {
    this.#stopFor('entry', undefined);
  }

  /** Stops as soon as possible; at once when everybody waits. */
  pause(): void {
    if (this.stop) return;
    if (this.#loop.running) this.#loop.pause();
    else if (this.#waiting) {
      this.#waiting.abandon?.();
      this.#waiting = undefined;
      this.#stopFor('pause', undefined);
    }
  }

  /** Types a line at the machine's console. */
  input(line: string): void {
    this.inputBytes(new TextEncoder().encode(`${line}\n`));
  }

  /** Types bytes at the machine's console. */
  inputBytes(bytes: Uint8Array): void {
    this.lab.inputBytes(bytes);
    if (this.#waiting) this.#start(this.#waiting);
  }

  /** The machine is given up. */
  end(): void {
    this.#waiting?.abandon?.();
    this.#loop.end();
    this.stop = undefined;
  }

  /** Ends the machine for everybody. */
  finish(reason: string): void {
    this.end();
    this.#over(reason, 0);
  }

  /** Told by the breakpoint table from inside a hit. */
  breakpointStops(breakpoint: Breakpoint, problem: string | undefined): void {
    this.#stopping.push({ breakpoint, problem });
  }

  /** All tasks, the idle tasks of every CPU included. */
  tasks(): TaskInfo[] {
    const { tasks } = this.lab.kernel;
    const all = tasks.all().filter((task) => task.pid > 0 || task.cpu !== undefined);
    for (const { index } of this.lab.machine.cpus) {
      const current = tasks.current(index);
      if (current && !all.some((task) => task.address === current.address)) all.push(current);
    }
    return all;
  }

  taskOfThread(threadId: number): TaskInfo | undefined {
    return this.tasks().find((task) => threadIdOf(task) === threadId);
  }

  threadOfStop(stop: Stop): number {
    const task = this.lab.kernel.tasks.read(stop.position.task);
    return threadIdOf({ pid: task.pid, cpu: stop.position.cpu });
  }

  /** Stops at the next instruction as if at an exception: something happened that a client wants to look at. */
  stopForException(why: string): void {
    this.#exception = why;
    this.lab.pause();
  }

  #start(goal: Goal, by?: TargetClient): void {
    const { stop } = this;
    this.stop = undefined;
    this.#waiting = undefined;
    this.#stopping = [];
    this.#exception = undefined;
    if (stop) for (const client of this.#clients) client.resumed(stop, client === by);
    this.#loop.start(goal);
  }

  #slice(): SliceResult {
    const stop = this.lab.run(this.#loop.budget);
    return stop.kind === 'budget' ? { kind: 'more' } : { kind: 'stop', stop };
  }

  #finished(end: RunEnd): void {
    try {
      this.#settle(end);
    } catch (error) {
      this.#settle({ kind: 'failed', error });
    }
  }

  #settle(end: RunEnd): void {
    switch (end.kind) {
      case 'failed': {
        const text = end.error instanceof Error ? (end.error.stack ?? end.error.message) : String(end.error);
        this.#over(`The emulator failed, and the session ends: ${text}`, 1);
        return;
      }
      case 'reached':
        this.#stopFor(end.goal.reason ?? 'step', undefined);
        return;
      case 'paused':
        this.#stopFor('pause', undefined);
        return;
      case 'stop':
        this.#machineStopped(end.stop, end.goal);
        return;
    }
  }

  #machineStopped(stop: LabStop, goal: Goal): void {
    switch (stop.kind) {
      case 'budget':
      case 'stepped':
        this.resume();
        return;
      case 'paused':
        this.#stopFor(this.#exception === undefined ? 'pause' : 'exception', stop);
        return;
      case 'probe':
        this.#atBreakpoints(stop);
        return;
      case 'breakpoint': {
        const moment = this.inspector.momentOfCpu(stop.cpu);
        const hits = [...this.#clients].map(({ table }) => table?.hardwareHit(stop.address, moment));
        if (hits.includes(true)) this.#atBreakpoints(stop);
        else this.resume();
        return;
      }
      case 'watchpoint': {
        const moment = this.inspector.momentOfCpu(stop.cpu);
        const hit = [...this.#clients].flatMap(
          ({ data }) => data?.judge(stop.id, moment, this.inspector) ?? [],
        );
        this.#stopping = hit.map((breakpoint) => ({ breakpoint, problem: undefined }));
        if (hit.length > 0) this.#stopFor('data breakpoint', stop);
        else this.resume();
        return;
      }
      case 'oops': {
        const wanted = this.#standing('exception', stop);
        if ([...this.#clients].some((client) => client.wants(wanted))) this.#stopFor('exception', stop);
        else this.resume();
        return;
      }
      case 'panic':
        this.#stopFor('exception', stop);
        return;
      case 'idle':
        this.#waiting = goal;
        if (this.#afterBoot) {
          const booted = this.#afterBoot;
          this.#afterBoot = undefined;
          booted();
          return;
        }
        if (!this.#bootEnds(true)) for (const client of this.#clients) client.idle();
        return;
      case 'poweroff':
        this.#over('The machine was powered off.', this.lab.exitCode ?? 0);
        return;
      case 'shutdown':
        this.#over(`The machine shut down: ${stop.reason}`, 1);
        return;
    }
  }

  /** True when this was the end of booting. */
  #bootEnds(alive: boolean): boolean {
    const resolve = this.#booted;
    this.#booted = undefined;
    resolve?.(alive);
    return resolve !== undefined;
  }

  #over(reason: string, exitCode: number): void {
    this.#bootEnds(false);
    for (const client of this.#clients) client.ended(reason, exitCode);
  }

  #atBreakpoints(stop: LabStop): void {
    const kind = this.#stopping[0]?.breakpoint.wanted.kind ?? 'line';
    const reasons = {
      line: 'breakpoint',
      function: 'function breakpoint',
      instruction: 'instruction breakpoint',
    } as const;
    this.#stopFor(reasons[kind], stop);
  }

  #stopFor(reason: StopReason, stop: LabStop | undefined): void {
    this.#waiting = undefined;
    this.stop = this.#standing(reason, stop);
    // A stop while booting is an oops: what follows the boot must not wait for ever.
    this.#bootEnds(true);
    for (const client of this.#clients) client.stopped(this.stop);
  }

  #standing(reason: StopReason, stop: LabStop | undefined): Stop {
    const hit = stop?.kind === 'probe' ? stop.hit : undefined;
    const oops = stop?.kind === 'oops' || stop?.kind === 'panic' ? stop.oops : undefined;
    const cpu = stop && 'cpu' in stop ? stop.cpu : this.#busyCpu();
    const problems = this.#stopping.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
    const why = oops?.message ?? this.#exception;
    return {
      reason,
      position: hit ? hitPosition(this.inspector, hit) : this.#faulting(cpu, oops?.regs),
      hit,
      oops,
      breakpoints: this.#stopping.map(({ breakpoint }) => breakpoint),
      description: why ?? (hit?.when === 'return' ? 'Paused on return' : undefined),
      text: why ?? (problems.join('\n') || undefined),
    };
  }

  /** Where a CPU stands; at an oops, where the fault was. */
  #faulting(cpu: number, regs: bigint | undefined): Stop['position'] {
    return regs === undefined ? cpuPosition(this.inspector, cpu) : savedPosition(this.inspector, cpu, regs);
  }

  /** The CPU that a pause is about: one that does something, if any does. */
  #busyCpu(): number {
    const { cpus } = this.lab.machine;
    return (cpus.find((cpu) => cpu.started && !cpu.halted) ?? cpus[0])?.index ?? 0;
  }
}
