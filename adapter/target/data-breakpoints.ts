/**
 * Data breakpoints: the machine's watchpoints on guest addresses, with the same conditions and hit counts as others.
 *
 * A data id is `address/length` in hexadecimal and decimal: it survives a restart, because the kernel is linked at the
 * same place each time.
 */
import { hex } from '../../emulator/inspect/value';
import { Breakpoint } from '../breakpoints/breakpoint';
import type { Inspector, Moment } from './inspector';

export type Access = 'read' | 'write' | 'readWrite';

export interface DataRequest {
  dataId: string;
  access: Access;
  condition?: string;
  hitCondition?: string;
}

interface Watched {
  breakpoint: Breakpoint;
  key: string;
  watchpoint: number | undefined;
}

/** Watching more than this is no watchpoint but a trace of all memory. */
const LONGEST = 4096;

export function dataId(address: bigint, length: number): string {
  return `${hex(address)}/${length}`;
}

export function parseDataId(id: string): { address: bigint; length: number } | undefined {
  const match = /^(0x[0-9a-f]{1,16})\/(\d{1,5})$/.exec(id);
  const length = Number(match?.[2]);
  if (!match || length < 1 || length > LONGEST) return undefined;
  return { address: BigInt(match[1] ?? 0), length };
}

export class DataBreakpoints {
  #watched: Watched[] = [];

  /** `nextId` gives breakpoint ids: they share one space with the others. */
  constructor(readonly nextId: () => number) {}

  /** Replaces all data breakpoints. Without a machine they wait. */
  set(requests: readonly DataRequest[], inspector: Inspector | undefined): Breakpoint[] {
    const old = [...this.#watched];
    this.#watched = requests.map((request) => {
      const key = JSON.stringify(request);
      const index = old.findIndex((one) => one.key === key);
      const kept = index >= 0 ? old.splice(index, 1)[0] : undefined;
      if (kept) return kept;
      const { condition, hitCondition } = request;
      const wanted = { kind: 'function', name: request.dataId } as const;
      const breakpoint = new Breakpoint(this.nextId(), wanted, { condition, hitCondition, mode: 'hardware' });
      return { breakpoint, key, watchpoint: undefined };
    });
    for (const gone of old) this.#disarm(gone, inspector);
    for (const one of this.#watched) if (!one.breakpoint.verified) this.#arm(one, inspector);
    return this.#watched.map(({ breakpoint }) => breakpoint);
  }

  /** The machine goes its own way: nothing is watched any more. */
  detach(inspector: Inspector): void {
    for (const one of this.#watched) this.#disarm(one, inspector);
  }

  all(): Breakpoint[] {
    return this.#watched.map(({ breakpoint }) => breakpoint);
  }

  has(breakpoint: Breakpoint): boolean {
    return this.#watched.some((one) => one.breakpoint === breakpoint);
  }

  /** Another machine: everything is armed again. */
  attach(inspector: Inspector): void {
    for (const one of this.#watched) {
      one.watchpoint = undefined;
      this.#arm(one, inspector);
    }
  }

  /** The breakpoints that a watchpoint's hit stops for. */
  judge(watchpoint: number, moment: Moment, inspector: Inspector): Breakpoint[] {
    return this.#watched
      .filter((one) => one.watchpoint === watchpoint)
      .map(({ breakpoint }) => breakpoint)
      .filter((breakpoint) => {
        const scope = () => inspector.momentScope(moment);
        return breakpoint.judge(scope, () => inspector.describer(moment.cpu)).kind === 'stop';
      });
  }

  #disarm(one: Watched, inspector: Inspector | undefined): void {
    if (one.watchpoint !== undefined) inspector?.lab.machine.removeWatchpoint(one.watchpoint);
    one.watchpoint = undefined;
  }

  #arm(one: Watched, inspector: Inspector | undefined): void {
    const { breakpoint } = one;
    const request = JSON.parse(one.key) as DataRequest;
    const place = parseDataId(request.dataId);
    breakpoint.verified = false;
    if (!place) breakpoint.message = `EINVAL: \`${request.dataId}\` is not a data id of this adapter.`;
    else if (!inspector) breakpoint.message = 'The machine has not booted yet.';
    else {
      const problem = breakpoint.prepare(inspector.momentScope(inspector.momentOfCpu(0)));
      breakpoint.message = problem;
      if (problem !== undefined) return;
      one.watchpoint = inspector.lab.machine.addWatchpoint({ ...place, access: request.access });
      breakpoint.verified = true;
    }
  }
}
