/**
 * A reason for everything: why a probe is on its path, and what happened to it instead of its handlers, with counts.
 *
 * Each reason has Linux's own words (a counter, a flag, a function or a message that one finds in its source and files)
 * and one plain sentence. What the guest counts itself is read from its records; the rest is tallied when it is told.
 */
import type { Core } from './core';
import type { Child, Site } from './state';
import type { ProbeEvent, ProbeReason } from './types';

/** Different sentences that are kept of one probe; more are counted under the last. */
const MOST = 16;

/** What one finds in Linux for each kind of event. */
const LINUX: Readonly<Record<ProbeEvent['kind'], string>> = {
  registered: 'register_kprobe',
  refused: 'register_kprobe',
  unregistered: 'unregister_kprobe',
  enabled: 'enable_kprobe',
  disabled: 'KPROBE_FLAG_DISABLED',
  gone: 'KPROBE_FLAG_GONE',
  missed: 'nmissed',
  skipped: 'pre_handler != 0',
  optimised: 'KPROBE_FLAG_OPTIMIZED',
  unoptimised: 'unoptimize_kprobe',
  notOptimised: 'can_optimize',
  fault: 'kprobe_fault_handler',
};

/** How a sentence about each kind begins. */
const VERB: Readonly<Record<ProbeEvent['kind'], string>> = {
  registered: 'registered',
  refused: 'refused',
  unregistered: 'unregistered',
  enabled: 'enabled',
  disabled: 'disabled',
  gone: 'gone',
  missed: 'missed',
  skipped: 'skipped',
  optimised: 'optimised',
  unoptimised: 'no longer optimised',
  notOptimised: 'not optimised',
  fault: 'faulted',
};

/** A reason as views show it. */
export function reasonOf(kind: ProbeEvent['kind'], why: string, count: number): ProbeReason {
  return { kind, linux: LINUX[kind], sentence: `${VERB[kind]}: ${why}`, count };
}

export class Reasons {
  constructor(private readonly core: Core) {}

  /** Counts an event of a probe under its sentence. */
  count(kind: ProbeEvent['kind'], kprobe: bigint, why: string): void {
    const { tallies } = this.core.state;
    const known = tallies.get(kprobe);
    if (known === undefined) {
      tallies.set(kprobe, [{ kind, why, count: 1 }]);
      return;
    }
    const same = known.find((each) => each.kind === kind && each.why === why);
    if (same !== undefined) same.count++;
    else if (known.length < MOST) known.push({ kind, why, count: 1 });
    else known[known.length - 1].count++;
  }

  forget(kprobe: bigint): void {
    this.core.state.tallies.delete(kprobe);
  }

  /** Everything there is to say about a probe now: its path's reasons first, then what was counted. */
  of(child: Child, site: Site | undefined): ProbeReason[] {
    const { core } = this;
    const reasons: ProbeReason[] = [];
    if (site !== undefined && site.optimisation === undefined && site.notOptimised !== undefined)
      reasons.push(reasonOf('notOptimised', site.notOptimised, 1));
    const { redirected, leftAlone } = core.records.counts(child);
    if (redirected > 0) {
      const why =
        'its pre handler returned non-zero, so the instruction, older probes and post handlers did not run';
      reasons.push(reasonOf('skipped', why, redirected));
    }
    if (leftAlone > 0) {
      const why = "its entry handler returned non-zero, so these calls' returns were not probed";
      reasons.push({ ...reasonOf('skipped', why, leftAlone), linux: 'entry_handler != 0' });
    }
    for (const { kind, why, count } of core.state.tallies.get(child.kprobe) ?? [])
      reasons.push(reasonOf(kind, why, count));
    return reasons;
  }
}
