/**
 * One breakpoint of the editor: what was asked, what it has become, and what it does at a hit.
 *
 * A hit is judged here: condition first, then hit count, then either a log line or a stop. A condition that cannot be
 * evaluated is told once and stops, because a condition that silently never holds looks like a probe that never fires.
 */
import type { Expression } from '../../emulator/inspect/expression/ast';
import { withCaret } from '../../emulator/inspect/expression/error';
import { evaluateNumber, nameScope } from '../../emulator/inspect/expression/evaluate';
import { parse } from '../../emulator/inspect/expression/parse';
import type { Scope } from '../../emulator/inspect/expression/scope';
import type { Describer } from '../../emulator/inspect/format';
import { type HitCondition, parseHitCondition } from './hit-condition';
import { type LogPart, parseLogMessage, renderLogMessage } from './log-message';
import type { Mode, Site, Wanted } from './place';

/** What the editor may attach to any breakpoint. Empty texts count as absent. */
export interface Extras {
  condition?: string;
  hitCondition?: string;
  logMessage?: string;
  mode: Mode;
}

/** What a hit comes to. */
export type Verdict = { kind: 'go' } | { kind: 'stop'; problem?: string } | { kind: 'log'; line: string };

const GO: Verdict = { kind: 'go' };

export class Breakpoint {
  /** Times its condition held. */
  hits = 0;
  verified = false;
  /** Why it is not verified, or a remark. */
  message: string | undefined;
  /** True while a module that is loaded later may verify it. */
  pending = false;
  /** In code that runs only while the kernel boots. */
  boot = false;
  /** Line where it really is. */
  line: number | undefined;
  sites: Site[] = [];

  #condition: Expression | undefined;
  #hitCondition: HitCondition | undefined;
  #log: readonly LogPart[] | undefined;
  #complained = false;
  #missed = false;

  constructor(
    readonly id: number,
    readonly wanted: Wanted,
    readonly extras: Extras,
  ) {}

  /** Two requests for the same thing give the same key: the breakpoint is then kept, with its id and count. */
  get key(): string {
    return breakpointKey(this.wanted, this.extras);
  }

  get isLogPoint(): boolean {
    return this.extras.logMessage !== undefined;
  }

  /**
   * Parses condition, hit condition and message against the names of a scope at its first site. Returns what is wrong,
   * with a caret, or undefined. Unknown names count: a condition is checked before it is needed.
   */
  prepare(scope: Scope): string | undefined {
    const { condition, hitCondition, logMessage } = this.extras;
    if (condition !== undefined) {
      const parsed = parse(condition, nameScope(scope));
      if ('failure' in parsed) return `Condition: ${withCaret(condition, parsed.failure)}`;
      const unknown = unknownName(parsed.expression, scope);
      if (unknown) {
        const message = `\`${unknown.name}\` is not known at this place`;
        return `Condition: ${withCaret(condition, { ...unknown, message })}`;
      }
      this.#condition = parsed.expression;
    }
    if (hitCondition !== undefined) {
      const parsed = parseHitCondition(hitCondition);
      if ('error' in parsed) return parsed.error;
      this.#hitCondition = parsed;
    }
    if (logMessage !== undefined) {
      const parsed = parseLogMessage(logMessage, nameScope(scope));
      if ('error' in parsed) return `Log message: ${parsed.error}`;
      this.#log = parsed.parts;
    }
    return undefined;
  }

  /** Judges one hit. */
  judge(scope: () => Scope, describer: () => Describer): Verdict {
    if (this.#condition) {
      const result = evaluateNumber(this.#condition, scope(), { sideEffects: false });
      if ('failure' in result) return this.#complain(result.failure);
      if (result.number === 0n) return GO;
    }
    this.hits++;
    if (this.#hitCondition && !this.#hitCondition.test(this.hits)) return GO;
    if (this.#log) return { kind: 'log', line: renderLogMessage(this.#log, scope(), describer()) };
    return { kind: 'stop' };
  }

  /** True the first time. */
  noteMiss(): boolean {
    const first = !this.#missed;
    this.#missed = true;
    return first;
  }

  #complain(failure: { message: string; at: number; length: number }): Verdict {
    if (this.#complained) return GO;
    this.#complained = true;
    const text = withCaret(this.extras.condition ?? '', failure);
    return {
      kind: 'stop',
      problem: `The condition could not be evaluated; later failures are ignored.\n${text}`,
    };
  }
}

export function breakpointKey(wanted: Wanted, extras: Extras): string {
  const where =
    wanted.kind === 'line'
      ? [wanted.file, wanted.line]
      : wanted.kind === 'function'
        ? [wanted.name]
        : [String(wanted.address)];
  const { condition, hitCondition, logMessage, mode } = extras;
  return JSON.stringify([wanted.kind, ...where, condition, hitCondition, logMessage, mode]);
}

/** The first name or register in a tree that the scope does not have. */
function unknownName(
  tree: Expression,
  scope: Scope,
): { name: string; at: number; length: number } | undefined {
  const { at, length } = tree;
  if (tree.kind === 'name') {
    const known = scope.variable(tree.name) ?? scope.enumerator(tree.name);
    return known ? undefined : { name: tree.name, at, length };
  }
  if (tree.kind === 'register') {
    return scope.register(tree.name) ? undefined : { name: `$${tree.name}`, at, length };
  }
  for (const inner of Object.values(tree)) {
    const trees = Array.isArray(inner) ? inner : [inner];
    for (const one of trees) {
      if (!isTree(one)) continue;
      const unknown = unknownName(one, scope);
      if (unknown) return unknown;
    }
  }
  return undefined;
}

function isTree(value: unknown): value is Expression {
  return (
    typeof value === 'object' && value !== null && 'kind' in value && 'at' in value && !('specifier' in value)
  );
}
