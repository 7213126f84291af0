/**
 * The snapshots of a history: found by moment, thinned out as they grow old, bounded in memory.
 *
 * Near the newest one they lie as close as they were taken; farther back two neighbours may lie as far apart as an
 * eighth of their distance, so that their number grows with the logarithm of the run. The first one always stays.
 */
import type { LabState } from '../lab/types';
import type { Point } from './point';
import { before } from './point';

/** One kept state and where in the history it stands. `more` is what the history's owner keeps with it. */
export interface Snapshot {
  readonly point: Point;
  readonly state: LabState;
  readonly more: unknown;
}

const PAGE = 4096;

export class Snapshots {
  /** In the order of their points. */
  private list: { snapshot: Snapshot; bytes: number }[] = [];

  /** `near`: distance from the newest within which all are kept. `limit`: bytes of guest memory that they may hold. */
  constructor(
    public near: number,
    private readonly limit: number,
  ) {}

  get count(): number {
    return this.list.length;
  }

  /** Bytes of guest memory held: pages that two neighbours share count once. */
  get bytes(): number {
    return this.list.reduce((sum, each) => sum + each.bytes, 0);
  }

  get newest(): Snapshot | undefined {
    return this.list.at(-1)?.snapshot;
  }

  /** Adds one, unless there is one at its point. */
  add(snapshot: Snapshot): void {
    const known = this.lastBefore(snapshot.point);
    if (known !== undefined && !before(known.point, snapshot.point)) return;
    let at = this.list.length;
    while (at > 0 && before(snapshot.point, this.list[at - 1].snapshot.point)) at--;
    this.list.splice(at, 0, { snapshot, bytes: 0 });
    this.weigh(at);
    this.weigh(at + 1);
    this.thin();
  }

  /** The last one at or before a point; `strictly`: before it. */
  lastBefore(point: Point, strictly = false): Snapshot | undefined {
    for (let at = this.list.length - 1; at >= 0; at--) {
      const { snapshot } = this.list[at];
      if (strictly ? before(snapshot.point, point) : !before(point, snapshot.point)) return snapshot;
    }
    return undefined;
  }

  /** Forgets all after a point: they belong to a future that will not be. */
  cut(point: Point): void {
    this.list = this.list.filter(({ snapshot }) => !before(point, snapshot.point));
  }

  /** Counts the pages that a snapshot does not share with the one before it. */
  private weigh(at: number): void {
    const entry = this.list[at];
    if (entry === undefined) return;
    const pages = entry.snapshot.state.machine.pages;
    const earlier = this.list[at - 1]?.snapshot.state.machine.pages;
    let own = 0;
    for (let page = 0; page < pages.length; page++) {
      if (pages[page] !== undefined && pages[page] !== earlier?.[page]) own++;
    }
    entry.bytes = own * PAGE;
  }

  private remove(at: number): void {
    this.list.splice(at, 1);
    this.weigh(at);
  }

  private thin(): void {
    const now = this.newest?.point.moment ?? 0;
    for (let at = this.list.length - 2; at > 0; at--) {
      const after = this.list[at + 1].snapshot.point.moment;
      const age = now - after;
      if (age > this.near && after - this.list[at - 1].snapshot.point.moment <= age / 8) this.remove(at);
    }
    let { bytes } = this;
    while (bytes > this.limit && this.list.length > 2) {
      this.remove(this.leastMissed(now));
      bytes = this.bytes;
    }
  }

  /** The snapshot whose loss opens the smallest gap for its age. */
  private leastMissed(now: number): number {
    let chosen = 1;
    let least = Number.POSITIVE_INFINITY;
    for (let at = 1; at < this.list.length - 1; at++) {
      const after = this.list[at + 1].snapshot.point.moment;
      const gap = after - this.list[at - 1].snapshot.point.moment;
      const loss = gap / (now - after + this.near / 8);
      if (loss >= least) continue;
      least = loss;
      chosen = at;
    }
    return chosen;
  }
}
