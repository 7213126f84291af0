/**
 * Steps: into, over and out, by line, statement or instruction, of one task.
 *
 * The CPU is taken through single instructions; whole calls are run at full speed to their return address. What lies
 * between a trap and its end (interrupts, the int3 path, copied instructions, trampolines) is passed through: after it
 * the task stands at the next visible instruction, so a probed instruction is seen exactly once.
 */
import { KERNEL_HALF } from '../../emulator/kernel/addresses';
import type { LabStop } from '../../emulator/lab';
import type { ExecutionBreakpoints } from './execution-breakpoints';
import type { Inspector } from './inspector';
import type { Machinery } from './machinery';
import { cpuPosition, type LinePosition, lineAt, type Position } from './position';
import type { Goal, SliceResult } from './run-loop';

export type StepKind = 'in' | 'over' | 'out';

/** What a client asks for. */
export interface StepRequest {
  kind: StepKind;
  by: 'line' | 'statement' | 'instruction';
  /** The only call to step into: address of its instruction. */
  into: bigint | undefined;
}

export interface StepOptions extends StepRequest {
  /** Where the task visibly stands. */
  from: Position;
  /** Set when the machine is inside a probe's handler, which is to be finished first: the stack pointer outside of it. */
  trappedAt: bigint | undefined;
  /** Of the frame that is stepped: its canonical frame address, and where it returns to. */
  cfa: bigint | undefined;
  returnAddress: bigint | undefined;
  /** In a probe's handler: stack pointer of the probed code, where a step off the handler's end goes on. */
  interruptedSp: bigint | undefined;
}

/** What the stepper needs around it. */
export interface StepMachine {
  inspector: Inspector;
  machinery: Machinery;
  executions: ExecutionBreakpoints;
  run(budget: number): LabStop;
  step(cpu: number): LabStop;
  /** Instructions that one slice may run freely. */
  budget(): number;
  now(): number;
}

/** A trap pushes at least this much; while the task is so far below where it was, it is inside the trap. */
const TRAP_DEPTH = 32n;
/** Single steps between looks at the clock, and the time they may take. */
const BATCH = 256;
const SLICE_MS = 5;

/** Running at full speed to an address, at or above a stack depth, in the stepped task. */
interface RunTo {
  address: bigint;
  sp: bigint;
  finish: 'check' | 'reached';
}

export class Stepper implements Goal {
  readonly #start: LinePosition | undefined;
  readonly #task: bigint;
  #cpu: number;
  /** Stack pointer at which the trap that is being passed through was entered. */
  #trappedAt: bigint | undefined;
  #last: { ip: bigint; sp: bigint };
  #runTo: RunTo | undefined;
  /** The task left the kernel: what was stepped is over, and the machine just runs. */
  #free = false;

  constructor(
    readonly machine: StepMachine,
    readonly options: StepOptions,
  ) {
    const { from } = options;
    this.#cpu = from.cpu;
    this.#task = from.task;
    this.#start = lineAt(machine.inspector, from.ip);
    this.#last = { ip: from.ip, sp: from.sp };
    this.#trappedAt = options.trappedAt;
    if (options.kind !== 'out' || options.returnAddress === undefined || (this.#start?.depth ?? 0) > 0)
      return;
    if (options.returnAddress < KERNEL_HALF) {
      this.#free = true;
    } else {
      const finish = options.interruptedSp === undefined ? 'reached' : 'check';
      this.#run({ address: options.returnAddress, sp: options.cfa ?? from.sp, finish });
    }
  }

  abandon(): void {
    if (this.#runTo) this.machine.executions.remove(this.#runTo.address);
    this.#runTo = undefined;
  }

  slice(): SliceResult {
    if (this.#free) return this.#runFreely();
    const end = this.machine.now() + SLICE_MS;
    do {
      if (this.#runTo) {
        const result = this.#running(this.#runTo);
        if (result.kind !== 'more' || this.#runTo) return result;
      }
      for (let count = 0; count < BATCH && !this.#runTo; count++) {
        const stop = this.machine.step(this.#cpu);
        if (stop.kind === 'budget') return { kind: 'more' };
        if (stop.kind !== 'stepped') return { kind: 'stop', stop };
        if (this.#arrived()) return { kind: 'reached' };
        if (this.#free) return { kind: 'more' };
      }
    } while (this.machine.now() < end);
    return { kind: 'more' };
  }

  #runFreely(): SliceResult {
    const stop = this.machine.run(this.machine.budget());
    return stop.kind === 'budget' ? { kind: 'more' } : { kind: 'stop', stop };
  }

  #run(to: RunTo): void {
    this.#runTo = to;
    this.machine.executions.add(to.address);
  }

  #running(to: RunTo): SliceResult {
    const stop: LabStop = this.machine.run(this.machine.budget());
    if (stop.kind === 'budget') return { kind: 'more' };
    // Nobody runs, but the stepped task may be waiting for input: the run goes on when there is some.
    if (stop.kind !== 'breakpoint' || stop.address !== to.address) return { kind: 'stop', stop };
    const { inspector } = this.machine;
    const position = cpuPosition(inspector, stop.cpu);
    if (position.task !== this.#task || position.sp < to.sp) return { kind: 'more' };
    this.abandon();
    this.#cpu = stop.cpu;
    this.#last = { ip: position.ip, sp: position.sp };
    if (to.finish === 'reached') return { kind: 'reached' };
    return this.#check(position) ? { kind: 'reached' } : { kind: 'more' };
  }

  /** After one instruction: true when the step is done. */
  #arrived(): boolean {
    const { inspector, machinery } = this.machine;
    const position = cpuPosition(inspector, this.#cpu);
    if (position.task !== this.#task) {
      // Another task runs here: wait for ours to come back to where it was.
      this.#run({ address: this.#last.ip, sp: this.#last.sp - TRAP_DEPTH, finish: 'check' });
      return false;
    }
    if (position.ip < KERNEL_HALF) {
      this.#free = true;
      return false;
    }
    if (this.#trappedAt !== undefined) {
      if (position.sp < this.#trappedAt - TRAP_DEPTH || machinery.hides(position.ip)) return false;
      this.#trappedAt = undefined;
    } else if (machinery.hides(position.ip) && !machinery.hides(this.#last.ip)) {
      return this.#enterTrap(position);
    }
    return this.#check(position);
  }

  /** The last instruction led into a trap. An interrupt is run through at full speed, everything else is stepped. */
  #enterTrap(position: Position): boolean {
    const probed = this.machine.inspector.memory(this.#cpu).read(this.#last.ip, 1)?.[0] === 0xcc;
    const pushed = position.sp < this.#last.sp - TRAP_DEPTH;
    if (pushed && !probed && this.machine.machinery.isInterrupt(position.ip)) {
      this.#run({ address: this.#last.ip, sp: this.#last.sp, finish: 'check' });
    } else {
      this.#trappedAt = this.#last.sp;
    }
    return false;
  }

  /** Decides at a visible instruction; may start running through a call. */
  #check(position: Position): boolean {
    const { options, machine } = this;
    const before = this.#last;
    this.#last = { ip: position.ip, sp: position.sp };
    const { cfa, interruptedSp } = options;
    if (
      interruptedSp !== undefined &&
      cfa !== undefined &&
      position.sp >= cfa &&
      position.sp < interruptedSp
    ) {
      // Off the handler's end: what called it is passed through like the rest of the trap.
      this.#trappedAt = interruptedSp;
      return false;
    }
    const called = this.#calledFrom(before, position);
    if (called !== undefined) {
      const unknown = lineAt(machine.inspector, position.ip) === undefined;
      const other = options.into !== undefined && options.into !== before.ip;
      if (options.kind !== 'in' || other || (unknown && options.by !== 'instruction')) {
        this.#run({ address: called, sp: position.sp + 8n, finish: 'check' });
        return false;
      }
    }
    if (options.by === 'instruction' && options.kind !== 'out')
      return position.ip !== options.from.ip || called !== undefined;
    return this.#atNewLine(position);
  }

  /** The return address, when the instruction before was a call: it is on top of the stack. */
  #calledFrom(before: { ip: bigint; sp: bigint }, now: Position): bigint | undefined {
    if (now.sp !== before.sp - 8n) return undefined;
    const length = this.machine.inspector.callLength(before.ip);
    if (length === undefined) return undefined;
    return before.ip + BigInt(length);
  }

  #atNewLine(position: Position): boolean {
    const { options, machine } = this;
    const line = lineAt(machine.inspector, position.ip);
    const outside = options.cfa !== undefined && position.sp >= options.cfa;
    if (!line) return false;
    if (outside) return true;
    if (options.kind === 'out') return this.#start !== undefined && line.depth < this.#start.depth;
    if (line.inPrologue) return false;
    const start = this.#start;
    if (!start) return line.atStart;
    if (options.kind === 'over' && line.body !== start.body && line.depth > start.depth) return false;
    const moved = line.line !== start.line || (options.by === 'statement' && line.column !== start.column);
    return line.atStart && (moved || line.file !== start.file || line.body !== start.body);
  }
}
