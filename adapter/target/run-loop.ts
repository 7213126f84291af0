/**
 * Drives the machine in turns of a few milliseconds and lets requests be answered in between.
 *
 * What is driven is a Goal: run freely, or take steps until something is reached. The loop never blocks the event loop
 * for more than one turn of slices, and `pause` takes effect at the end of the turn that is running.
 */
import type { LabStop } from '../../emulator/lab/types';
import type { Host } from '../host';

/** What one slice came to: the goal is reached, the machine stopped for another reason, or there is more to do. */
export type SliceResult = { kind: 'more' } | { kind: 'reached' } | { kind: 'stop'; stop: LabStop };

/** Something to drive the machine towards. `slice` must return within some milliseconds. */
export interface Goal {
  slice(): SliceResult;
  /** What the stop is called when it is reached; a step unless told otherwise. */
  readonly reason?: 'entry';
  /** The goal is given up: pause, or a stop on the way. */
  abandon?(): void;
}

/** `failed` is a fault of the emulator itself: the machine cannot be trusted any more. */
export type RunEnd =
  | { kind: 'reached'; goal: Goal }
  | { kind: 'paused' }
  | { kind: 'stop'; stop: LabStop; goal: Goal }
  | { kind: 'failed'; error: unknown };

/** A turn should take about this long; the limit that users feel is 10 ms. */
const TURN_MS = 6;
/** A turn consists of slices of about this long: how fast the next instructions are is known only behind them. */
const SLICE_MS = 1;
/** Cold code is a hundred times slower than translated code: no slice may count on the speed of the one before. */
const MOST_INSTRUCTIONS = 50_000;

export class RunLoop {
  #goal: Goal | undefined;
  #pauseWanted = false;
  #budget = 20_000;
  #ended = false;

  /** `afterTurn` is called between turns, `finished` when the machine stands. */
  constructor(
    readonly host: Host,
    readonly afterTurn: () => void,
    readonly finished: (end: RunEnd) => void,
  ) {}

  get running(): boolean {
    return this.#goal !== undefined;
  }

  /** Instructions that one slice may take, adapted to how fast the machine has been. */
  get budget(): number {
    return this.#budget;
  }

  start(goal: Goal): void {
    if (this.#goal || this.#ended) return;
    this.#goal = goal;
    this.#pauseWanted = false;
    void this.#loop(goal);
  }

  /** Stops after the running turn. */
  pause(): void {
    this.#pauseWanted = true;
  }

  /** Gives up for good: nothing is driven or reported any more. */
  end(): void {
    this.#ended = true;
    this.#goal?.abandon?.();
    this.#goal = undefined;
  }

  async #loop(goal: Goal): Promise<void> {
    // The request that started this is answered first.
    await this.host.breathe();
    let end: RunEnd | undefined;
    while (!this.#ended && !end) {
      end = this.#turn(goal);
      if (!end) await this.host.breathe();
    }
    if (end) this.#finish(end);
  }

  /** Slices of some milliseconds in all; what they ended with, if they did. */
  #turn(goal: Goal): RunEnd | undefined {
    if (this.#pauseWanted) {
      goal.abandon?.();
      return { kind: 'paused' };
    }
    try {
      const result = this.#slices(goal);
      this.afterTurn();
      if (result.kind !== 'stop') return result.kind === 'more' ? undefined : { kind: 'reached', goal };
      // Where everybody waits for input the goal is not given up: it goes on when there is some.
      if (result.stop.kind !== 'idle') goal.abandon?.();
      return { ...result, goal };
    } catch (error) {
      return { kind: 'failed', error };
    }
  }

  #slices(goal: Goal): SliceResult {
    const begin = this.host.now();
    for (let before = begin; ; ) {
      const result = goal.slice();
      const after = this.host.now();
      this.#adapt(after - before);
      if (result.kind !== 'more' || after - begin >= TURN_MS) return result;
      before = after;
    }
  }

  #finish(end: RunEnd): void {
    this.#goal = undefined;
    this.#pauseWanted = false;
    if (!this.#ended) this.finished(end);
  }

  #adapt(elapsed: number): void {
    const wanted = elapsed > 0 ? (this.#budget * SLICE_MS) / elapsed : this.#budget * 2;
    const bounded = Math.min(this.#budget * 2, Math.max(this.#budget / 4, wanted));
    this.#budget = Math.round(Math.min(MOST_INSTRUCTIONS, Math.max(2_000, bounded)));
  }
}
