// The engine that runs a slice: translated code where there is some, the reference evaluator for everything else, and
// the exact count of both. With `translate` off, or without WebAssembly, the evaluator alone gives the same results.

import { Flag } from './cpu';
import { Evaluator } from './evaluator/engine';
import { ACTIVE, Field } from './layout';
import type { Environment } from './system/environment';
import { Exit } from './wasm/function';
import { Translator } from './wasm/translator';

const SYSTEM = (ACTIVE + Field.flagSystem) >> 2;
const SHADOW = (ACTIVE + Field.interruptShadow) >> 2;
const BUDGET = (ACTIVE + Field.budget) >> 2;

/** Runs the active CPU. */
export class Engine {
  readonly evaluator: Evaluator;
  readonly translator: Translator | undefined;
  /** Instructions of the current slice that translated code retired. */
  private translated = 0;
  private readonly environment: Environment;

  constructor(environment: Environment, options: { translate?: boolean; heat?: number }) {
    this.environment = environment;
    this.evaluator = new Evaluator(environment);
    const { translate = true, heat } = options;
    this.translator = translate
      ? Translator.create(environment.core, this.evaluator.breakpoints, heat)
      : undefined;
    this.evaluator.translations = this.translator;
  }

  /** Instructions retired by the current slice so far; exact inside procedures and gates. */
  get retired(): number {
    return this.translated + this.evaluator.retired;
  }

  /** Exceptions delivered by the current slice. */
  get delivered(): number {
    return this.evaluator.delivered;
  }

  get atBreakpoint(): boolean {
    return this.evaluator.atBreakpoint;
  }

  /** Starts counting a new slice. */
  begin(): void {
    this.translated = 0;
    this.evaluator.retired = 0;
    this.evaluator.delivered = 0;
    this.evaluator.atBreakpoint = false;
  }

  /**
   * Runs for at most `limit` instructions and deliveries of this slice. `atJump`: rip has just been set by the delivery
   * of an interrupt, which counts towards the heat of its handler. Throws TripleFault only.
   */
  run(limit: number, atJump: boolean): void {
    const { translator, evaluator } = this;
    const { core } = this.environment;
    const { i32 } = core.memory;
    if (atJump) evaluator.handOver();
    for (;;) {
      let left = limit - this.retired - this.delivered;
      if (left <= 0 || core.attention || evaluator.atBreakpoint) return;
      let exit: number | undefined;
      if (translator && !(i32[SYSTEM] & Flag.trap) && !i32[SHADOW]) {
        exit = translator.run(left, this.environment.clock);
        if (exit !== undefined) {
          this.translated += left - i32[BUDGET];
          left = i32[BUDGET];
          i32[BUDGET] = 0;
        }
      }
      // A jump out of translated code may make its target hot, just as a jump in the evaluator.
      if (exit === Exit.jump && left > 0 && evaluator.handOver()) continue;
      // One instruction that translated code could not do; else until there is translated code again.
      if (left > 0) evaluator.run(exit === Exit.evaluate ? 1 : left);
    }
  }
}
