/**
 * The history of a lab's run: snapshots, the journal of what was done to it from outside, and travelling between.
 *
 * The machine is deterministic, so a past state is the last snapshot before it plus the same inputs at the same
 * moments. While the lab stands in the past, running replays what happened, probes as they were and without telling
 * anybody twice, until the end of the recording; a change made before that (Lab.change) begins another future, and
 * the recorded one is forgotten. Nothing here looks at a clock; how long a slice may be is for the caller to say.
 */
import type { Lab, LabStop } from '../lab';
import type { Recorder } from '../lab/types';
import { before, type Point } from './point';
import { type Snapshot, Snapshots } from './snapshots';

export type { Point } from './point';

/** One input from outside: applied before the instruction at its moment. */
interface Input {
  readonly moment: number;
  readonly what: string;
  readonly apply: () => unknown;
}

export interface HistoryOptions {
  /** Instructions between two snapshots while the machine runs. */
  interval?: number;
  /** Instructions back from the newest within which no snapshot is dropped. */
  near?: number;
  /** Bytes of guest memory that all snapshots may hold. */
  bytes?: number;
  /** What is saved and restored with the lab: counters of the debugger, which depend on the run. */
  more?: { save(): unknown; restore(state: unknown): void };
  /** A change was made in the past: what, and how many inputs and instructions of the old future are gone. */
  newFuture?(what: string, lost: { inputs: number; instructions: number }): void;
}

const INTERVAL = 4_000_000;
const NEAR_COUNT = 32;
const LEAST_APART = 200_000;
const MOST_APART = 8_000_000;
const BYTES = 256 * 1024 * 1024;
/** A journey that replays more than this leaves a snapshot so far before its end, for the next one. */
const FINE = 200_000;
/** Single instructions between two pauses of a journey. */
const PAUSE = 500;

export class History implements Recorder {
  readonly snapshots: Snapshots;
  private readonly journal: Input[] = [];
  /** Inputs of the journal that have been applied. */
  private inputs = 0;
  /** End of the recording; while the lab runs in the present it moves with it. */
  private end: Point;
  private readonly first: Snapshot;
  private applying = false;
  private interval: number;

  /** Begins with the lab as it stands. From now on it must be run through this history. */
  constructor(
    readonly lab: Lab,
    private readonly options: HistoryOptions = {},
  ) {
    this.interval = options.interval ?? INTERVAL;
    this.snapshots = new Snapshots(options.near ?? this.interval * NEAR_COUNT, options.bytes ?? BYTES);
    this.end = { moment: lab.machine.moment, inputs: 0 };
    lab.record(this);
    this.first = this.take();
  }

  /**
   * From now on snapshots are taken so many instructions apart, and kept NEAR_COUNT back: as often as the speed of the run
   * and the time of a journey ask for. Where snapshots are makes no difference to the run.
   */
  pace(interval: number): void {
    this.interval = Math.min(MOST_APART, Math.max(LEAST_APART, Math.round(interval)));
    this.snapshots.near = this.interval * NEAR_COUNT;
  }

  /** Where the lab stands. */
  get now(): Point {
    return { moment: this.lab.machine.moment, inputs: this.inputs };
  }

  /** The first point that can be gone to. */
  get start(): Point {
    return this.first.point;
  }

  /** The last point that was reached. */
  get present(): Point {
    return this.past ? this.end : this.now;
  }

  /** True while running on replays what happened already. */
  get past(): boolean {
    return this.inputs < this.journal.length || this.lab.machine.moment < this.end.moment;
  }

  /**
   * Runs at most `budget` instructions forwards: what was recorded, as far as that goes, told as replayed; then on. A
   * slice ends where the recording does.
   */
  run(budget: number): LabStop {
    return this.past ? this.again(budget, 'replayed') : this.onwards(budget);
  }

  /** One instruction of a CPU in its turn, in the past or the present. */
  step(cpu: number): LabStop {
    const { lab } = this;
    if (!this.past) {
      const stop = lab.step(cpu);
      this.extend();
      return stop;
    }
    this.applyDue(this.journal.length);
    const limit = this.ahead(this.end);
    return limit > 0 ? this.telling('replayed', () => lab.step(cpu, limit)) : this.step(cpu);
  }

  /** Goes to a point of the recording, backwards or forwards; listeners hear nothing. False: it is not in there. */
  *travel(point: Point, budget: () => number): Generator<undefined, boolean> {
    if (before(point, this.start) || before(this.present, point)) return false;
    this.end = this.present;
    const from = this.snapshots.lastBefore(point) ?? this.first;
    // What lies ahead is run to when that is nearer than any snapshot.
    if (before(point, this.now) || before(this.now, from.point)) this.restore(from);
    const fine = this.pointAt(point.moment - FINE);
    if (before(this.now, fine)) {
      yield* this.replayTo(fine, budget);
      this.take();
    }
    yield* this.replayTo(point, budget);
    return true;
  }

  /**
   * Looks at all stops before a point, snapshot by snapshot backwards, each stretch in the order of time, until `done`
   * says so after one. Afterwards the lab stands anywhere: travel. False when the start was reached first.
   */
  *backwards(
    point: Point,
    look: (stop: LabStop) => void,
    done: () => boolean,
    budget: () => number,
  ): Generator<undefined, boolean> {
    this.end = this.present;
    // The stretch next to the point is the likeliest: a snapshot close to it keeps that short.
    const near = this.pointAt(point.moment - FINE);
    const known = this.snapshots.lastBefore(point, true);
    if (known !== undefined && before(known.point, near)) {
      yield* this.travel(near, budget);
      this.take();
    }
    for (let to = point; ; ) {
      const from = this.snapshots.lastBefore(to, true);
      if (from === undefined) return false;
      this.restore(from);
      yield* this.replayTo(to, budget, (stop) => {
        // What stopped at the very moment is where the journey comes from.
        if (this.lab.machine.moment < point.moment) look(stop);
      });
      if (done()) return true;
      to = from.point;
    }
  }

  /** Looks at the state before every single instruction between two points. */
  *each(from: Point, to: Point, look: () => void, budget: () => number): Generator<undefined, void> {
    yield* this.travel(from, budget);
    for (let count = 1; before(this.now, to); count++) {
      const { now } = this;
      look();
      while (this.now.moment === now.moment && before(this.now, to)) this.again(1, 'silent', to);
      if (count % PAUSE === 0) yield;
    }
  }

  /** The point at a moment, all its inputs still to come; the start for what is before it. */
  pointAt(moment: number): Point {
    if (moment <= this.start.moment) return this.start;
    return { moment, inputs: this.journal.filter((input) => input.moment < moment).length };
  }

  /** Back to the start, and everything after it is forgotten. */
  rewind(): void {
    this.restore(this.first);
    this.journal.length = 0;
    this.snapshots.cut(this.first.point);
    this.end = this.now;
  }

  /** Notes the present state, so that going back to it costs nothing. */
  take(): Snapshot {
    const snapshot = { point: this.now, state: this.lab.save(), more: this.options.more?.save() };
    this.snapshots.add(snapshot);
    return snapshot;
  }

  /** Everything after the point where the lab stands is forgotten. */
  private forgetFuture(what: string): void {
    const now = this.now;
    const { end } = this;
    const lost = { inputs: this.journal.length - this.inputs, instructions: end.moment - now.moment };
    this.journal.length = this.inputs;
    this.end = now;
    this.snapshots.cut(now);
    this.options.newFuture?.(what, lost);
  }

  /** Does something to the lab from outside and notes it. In the past that forgets the recorded future. */
  change<Result>(what: string, apply: () => Result): Result {
    // What an input does is part of it.
    if (this.applying) return apply();
    if (this.past) this.forgetFuture(what);
    this.journal.push({ moment: this.lab.machine.moment, what, apply });
    this.inputs++;
    this.end = this.now;
    return this.apply(apply);
  }

  private apply<Result>(apply: () => Result): Result {
    this.applying = true;
    try {
      return apply();
    } finally {
      this.applying = false;
    }
  }

  /** Applies recorded inputs whose moment has come, up to number `limit`. */
  private applyDue(limit: number): void {
    const { moment } = this.lab.machine;
    while (this.inputs < limit && this.journal[this.inputs].moment <= moment) {
      const { apply } = this.journal[this.inputs++];
      this.telling('silent', () => this.apply(apply));
    }
  }

  private telling<Result>(replay: Lab['replay'], run: () => Result): Result {
    this.lab.replay = replay;
    try {
      return run();
    } finally {
      this.lab.replay = 'no';
    }
  }

  /** In the present. */
  private onwards(budget: number): LabStop {
    const { lab } = this;
    let left = budget;
    for (;;) {
      const { moment } = lab.machine;
      const due = (this.snapshots.newest?.point.moment ?? 0) + this.interval;
      if (moment >= due) this.take();
      const stop = lab.run(Math.min(left, moment >= due ? this.interval : due - moment));
      left -= lab.machine.moment - moment;
      this.extend();
      if (stop.kind !== 'budget' || left <= 0) return stop;
    }
  }

  private extend(): void {
    this.end = this.now;
  }

  /** In the past: one stretch up to the next input or the end of the recording. */
  private again(budget: number, replay: Lab['replay'], to: Point = this.end): LabStop {
    this.applyDue(to.inputs);
    const stretch = Math.min(budget, this.ahead(to));
    return stretch > 0 ? this.telling(replay, () => this.lab.run(stretch)) : { kind: 'budget' };
  }

  /** Instructions until the next input, or until the point. */
  private ahead(to: Point): number {
    const next = this.inputs < to.inputs ? this.journal[this.inputs].moment : to.moment;
    return next - this.lab.machine.moment;
  }

  private restore(snapshot: Snapshot): void {
    this.lab.restore(snapshot.state);
    this.inputs = snapshot.point.inputs;
    this.options.more?.restore(snapshot.more);
  }

  /** Replays without a word; `visit` sees each stop on the way. */
  private *replayTo(
    to: Point,
    budget: () => number,
    visit: (stop: LabStop) => void = () => {},
  ): Generator<undefined, void> {
    const { machine } = this.lab;
    let idle = 0;
    while (before(this.now, to)) {
      const here = this.now;
      const stop = this.again(budget(), 'silent', to);
      if (stop.kind !== 'budget') visit(stop);
      idle = before(here, this.now) ? 0 : idle + 1;
      // A breakpoint may stop before the first instruction; more than that is a run that is not the recorded one.
      if (idle > 2)
        throw new Error(`the replay came to rest at ${here.moment}, before ${to.moment}: ${stop.kind}`);
      if (machine.moment < to.moment) yield;
    }
  }
}
