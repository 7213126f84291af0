/**
 * Exception filters: which faults of the guest stop the machine, each with an optional condition in C.
 *
 * A filter says what it is interested in by kind; the condition is evaluated where the fault was, with `$pid`, `$comm`,
 * registers and the frame's names. A condition that cannot be evaluated stops, because silence would hide the fault.
 */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { withCaret } from '../emulator/inspect/expression/error';
import { evaluateNumber, nameScope } from '../emulator/inspect/expression/evaluate';
import { parse } from '../emulator/inspect/expression/parse';
import type { Scope } from '../emulator/inspect/expression/scope';
import type { OopsReport } from '../emulator/kernel/types';
import { exceptionFilters } from './capabilities';

/** What happened, as filters tell it apart. `inHandler`: a probe's handler was running. */
export type Fault = { kind: 'oops'; oops: OopsReport; inHandler: boolean } | { kind: 'missed' };

export type FilterId = 'oops' | 'warn' | 'handlerFault' | 'handlerSleep' | 'missed';

const SLEEPING = /sleeping function|scheduling while atomic/;

/** The filters that a fault falls under. */
function filtersOf(fault: Fault): FilterId[] {
  if (fault.kind === 'missed') return ['missed'];
  const { oops, inHandler } = fault;
  if (oops.kind !== 'warn') return inHandler ? ['oops', 'handlerFault'] : ['oops'];
  return inHandler && SLEEPING.test(oops.message) ? ['warn', 'handlerSleep'] : ['warn'];
}

function isFilter(id: string): id is FilterId {
  return exceptionFilters.some(({ filter }) => filter === id);
}

export class Exceptions {
  /** Filters that are on, with their conditions. */
  readonly #on = new Map<FilterId, string | undefined>(
    exceptionFilters.flatMap(({ filter, default: on }) =>
      on && isFilter(filter) ? [[filter, undefined]] : [],
    ),
  );

  /** Replaces the filters; the answer has the order of the request. */
  set(wanted: readonly { filterId: string; condition?: string }[]): P.Breakpoint[] {
    this.#on.clear();
    return wanted.map(({ filterId, condition }) => {
      if (!isFilter(filterId)) {
        const message = `There is no exception filter \`${filterId}\`.`;
        return { verified: false, reason: 'failed', message };
      }
      const text = condition?.trim() ? condition : undefined;
      const parsed = text === undefined ? undefined : parse(text, NO_NAMES);
      if (text !== undefined && parsed && 'failure' in parsed) {
        const message = `Condition: ${withCaret(text, parsed.failure)}`;
        return { verified: false, reason: 'failed', message };
      }
      this.#on.set(filterId, text);
      return { verified: true };
    });
  }

  /** What the machine must report as a stop for these filters to see it. */
  get needs(): { oops: boolean; warn: boolean } {
    const has = (...ids: FilterId[]) => ids.some((id) => this.#on.has(id));
    return { oops: has('oops', 'handlerFault'), warn: has('warn', 'handlerSleep') };
  }

  /** True when a filter stops for the fault; `scope` is the place of it. */
  wants(fault: Fault, scope: () => Scope): boolean {
    return filtersOf(fault).some((id) => {
      if (!this.#on.has(id)) return false;
      const condition = this.#on.get(id);
      return condition === undefined || holds(condition, scope());
    });
  }
}

/** A condition is parsed before any place is known: names are looked up at the fault. */
const NO_NAMES = { macro: () => undefined, isValue: () => true, isTypedef: () => false };

function holds(condition: string, scope: Scope): boolean {
  const parsed = parse(condition, nameScope(scope));
  if ('failure' in parsed) return true;
  const result = evaluateNumber(parsed.expression, scope, { sideEffects: false });
  return 'failure' in result || result.number !== 0n;
}
