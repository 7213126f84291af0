/**
 * The machine of a session: runs it, stops it, says where it stands.
 *
 * It knows nothing of requests and answers; the session's context listens to it. Between a stop and the next resume
 * the machine stands still, and everything that is looked at belongs to that stop.
 */
import { PT_REGS_SIZE } from '../../emulator/kernel/ptregs';
import type { TaskInfo } from '../../emulator/kernel/types';
import type { Lab, LabStop } from '../../emulator/lab';
import { History } from '../../emulator/replay/history';
import type { Breakpoint } from '../breakpoints/breakpoint';
import type { Host } from '../host';
import type { TargetClient } from './client';
import { ExecutionBreakpoints } from './execution-breakpoints';
import { Frames, type ViewFrame } from './frames';
import { Inspector } from './inspector';
import type { Journey, Landing, Traveller } from './journeys';
import { Machinery } from './machinery';
import { cpuPosition, hitPosition, savedPosition } from './position';
import { type Goal, type RunEnd, RunLoop, type SliceResult } from './run-loop';
import { Stepper, type StepRequest } from './stepper';
import type { Stop, StopReason } from './stop';

/** Time between two snapshots of a run: about how long a journey replays. */
const SNAPSHOT_MS = 60;

/** Time that one slice of a journey may take. */
const JOURNEY_MS = 6;

const REASONS = {
  line: 'breakpoint',
  function: 'function breakpoint',
  instruction: 'instruction breakpoint',
} as const;

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
  /** The run since the boot, once there is one. */
  history: History | undefined;
  readonly #clients = new Set<TargetClient>();
  /** The past is searched: hits are judged, but nobody is told. */
  searching = false;
  /** Set during a journey whose end is not to be told. */
  #quietly: (() => void) | undefined;
  /** Where the journey under way landed. */
  #landing: Landing | undefined;
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

  /** From now on the run can be gone back in. */
  keepHistory(): void {
    this.history = new History(this.lab, {
      more: { save: () => this.#counts(), restore: (state) => this.#restoreCounts(state) },
      newFuture: (what, lost) => this.#newFuture(what, lost),
    });
  }

  /** Takes the machine to another moment of its run. */
  travel(plan: (traveller: Traveller) => Journey, by?: TargetClient): void {
    const { history } = this;
    if (!history || !this.stop) return;
    this.#begin(history, plan, by);
  }

  /** The same without telling of a stop; resolves when the machine is there. */
  travelQuietly(plan: (traveller: Traveller) => Journey, by?: TargetClient): Promise<void> {
    return new Promise((resolve) => {
      this.#quietly = resolve;
      this.travel(plan, by);
    });
  }

  /** Lets a CPU go on at another address: a change of the run. */
  setNext(cpu: number, address: bigint, by?: TargetClient): void {
    const { stop } = this;
    this.inspector.registers(cpu).set('ip', address);
    if (stop) for (const client of this.#clients) client.resumed(stop, client === by);
    this.#stopping = [];
    this.#stopFor('goto', { kind: 'stepped', cpu });
  }

  #begin(history: History, plan: (traveller: Traveller) => Journey, by?: TargetClient): void {
    const printed = this.#printedLines();
    // Whatever is set now is looked for, also where it was not set then.
    for (const { table } of this.#clients) table?.travelled(true);
    const traveller: Traveller = {
      history,
      inspector: this.inspector,
      machinery: this.machinery,
      executions: this.executions,
      budget: () => this.#loop.budget,
      judge: (stop) => this.#judge(stop),
    };
    const journey = this.#journey(history, plan(traveller), printed);
    const abandon = () => this.#travelled(history, printed);
    this.searching = true;
    const slice = (): SliceResult => {
      const end = this.host.now() + JOURNEY_MS;
      do {
        this.#stopping = [];
        if (journey.next().done === true) return { kind: 'reached' };
      } while (this.host.now() < end);
      return { kind: 'more' };
    };
    this.#start({ slice, abandon }, by);
  }

  *#journey(history: History, journey: Journey, printed: number): Generator<undefined, void> {
    const landing = yield* journey;
    yield* history.travel(landing.point, () => this.#loop.budget);
    this.#landing = landing;
    if ('cpu' in landing.stop) this.lab.machine.passBreakpoint(landing.stop.cpu);
    this.#travelled(history, printed);
  }

  /** The machine stands at another moment: everybody is told. */
  #travelled(history: History, printed: number): void {
    this.searching = false;
    const lines = printed - this.#printedLines();
    const count = Math.abs(lines) === 1 ? '1 console line' : `${Math.abs(lines)} console lines`;
    const note = lines === 0 ? undefined : lines > 0 ? `⟲ ${count} taken back` : `⟳ ${count} again`;
    for (const client of this.#clients) {
      client.table?.travelled(history.past);
      client.travelled(note);
    }
  }

  #newFuture(what: string, lost: { inputs: number; instructions: number }): void {
    const note = `⑂ A new future begins here (${what}): ${lost.instructions} recorded instructions and ${lost.inputs} inputs after this moment are forgotten.`;
    for (const client of this.#clients) {
      client.table?.travelled(false);
      client.travelled(note);
    }
  }

  /** Number of the next line of the kernel's log. */
  #printedLines(): number {
    return (this.lab.kernel.console.all().at(-1)?.seq ?? -1) + 1;
  }

  #breakpoints(): Breakpoint[] {
    return [...this.#clients].flatMap(({ table, data }) => [...(table?.all() ?? []), ...(data?.all() ?? [])]);
  }

  #counts(): ReadonlyMap<Breakpoint, number> {
    return new Map(this.#breakpoints().map((breakpoint) => [breakpoint, breakpoint.hits]));
  }

  #restoreCounts(state: unknown): void {
    for (const breakpoint of this.#breakpoints()) {
      const known: unknown = state instanceof Map ? state.get(breakpoint) : undefined;
      breakpoint.hits = typeof known === 'number' ? known : 0;
    }
  }

  /** What a user would be stopped for; see Traveller.judge. */
  #judge(stop: LabStop): ReturnType<Traveller['judge']> {
    const stopping = this.#stopping;
    this.#stopping = [];
    switch (stop.kind) {
      case 'probe':
        return stopping.length > 0 ? this.#because(stopping) : undefined;
      case 'breakpoint': {
        const moment = this.inspector.momentOfCpu(stop.cpu);
        for (const { table } of this.#clients) table?.hardwareHit(stop.address, moment);
        const wanted = this.#stopping;
        return wanted.length > 0 ? this.#because(wanted) : undefined;
      }
      case 'watchpoint': {
        const moment = this.inspector.momentOfCpu(stop.cpu);
        const breakpoints = [...this.#clients].flatMap(
          ({ data }) => data?.judge(stop.id, moment, this.inspector) ?? [],
        );
        return breakpoints.length > 0 ? { reason: 'data breakpoint', breakpoints } : undefined;
      }
      case 'oops': {
        const wanted = this.#standing('exception', stop);
        const some = [...this.#clients].some((client) => client.wants(wanted));
        return some ? { reason: 'exception', breakpoints: [] } : undefined;
      }
      default:
        return undefined;
    }
  }

  #because(stopping: readonly { breakpoint: Breakpoint }[]): ReturnType<Traveller['judge']> {
    const breakpoints = stopping.map(({ breakpoint }) => breakpoint);
    return { reason: REASONS[breakpoints[0]?.wanted.kind ?? 'line'], breakpoints };
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
        run: (budget) => this.#run(budget),
        step: (cpu) => this.#step(cpu),
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
    const stop = this.#run(this.#loop.budget);
    return stop.kind === 'budget' ? { kind: 'more' } : { kind: 'stop', stop };
  }

  /** Runs on, in the past as it was; where the recording ends, breakpoints become probes again. */
  #run(budget: number): LabStop {
    const { history } = this;
    if (!history) return this.lab.run(budget);
    const { past } = history;
    const { moment } = this.lab.machine;
    const began = this.host.now();
    const stop = history.run(budget);
    const elapsed = this.host.now() - began;
    if (elapsed > 1) history.pace(((this.lab.machine.moment - moment) / elapsed) * SNAPSHOT_MS);
    this.#arrived(past);
    return stop;
  }

  #step(cpu: number): LabStop {
    const { history } = this;
    if (!history) return this.lab.step(cpu);
    const { past } = history;
    const stop = history.step(cpu);
    this.#arrived(past);
    return stop;
  }

  #arrived(past: boolean): void {
    if (!past || this.history?.past !== false) return;
    for (const client of this.#clients) {
      client.table?.travelled(false);
      client.travelled('⟳ The end of the recorded run: from here on everything is new.');
    }
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
        if (this.#landing) this.#landed(this.#landing);
        else this.#stopFor(end.goal.reason ?? 'step', undefined);
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
    this.#stopFor(REASONS[this.#stopping[0]?.breakpoint.wanted.kind ?? 'line'], stop);
  }

  #stopFor(reason: StopReason, stop: LabStop | undefined): void {
    this.#waiting = undefined;
    this.stop = this.#standing(reason, stop);
    // A stop while booting is an oops: what follows the boot must not wait for ever.
    this.#bootEnds(true);
    for (const client of this.#clients) client.stopped(this.stop);
  }

  #landed({ reason, stop, breakpoints, description }: Landing): void {
    this.#landing = undefined;
    this.#waiting = undefined;
    this.#stopping = breakpoints.map((breakpoint) => ({ breakpoint, problem: undefined }));
    const standing = this.#standing(reason, stop);
    this.stop = { ...standing, description: description ?? standing.description };
    const quietly = this.#quietly;
    this.#quietly = undefined;
    if (quietly) quietly();
    else for (const client of this.#clients) client.stopped(this.stop);
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
