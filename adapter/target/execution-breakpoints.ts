/** The machine's execution breakpoints, counted: a stepper and a user may want the same address. */
import type { Machine } from '../../emulator/cpu/machine';

export class ExecutionBreakpoints {
  readonly #wanted = new Map<bigint, number>();

  constructor(readonly machine: Machine) {}

  add(address: bigint): void {
    const count = this.#wanted.get(address) ?? 0;
    if (count === 0) this.machine.addBreakpoint(address);
    this.#wanted.set(address, count + 1);
  }

  remove(address: bigint): void {
    const count = this.#wanted.get(address) ?? 0;
    if (count === 0) return;
    if (count > 1) {
      this.#wanted.set(address, count - 1);
    } else {
      this.#wanted.delete(address);
      this.machine.removeBreakpoint(address);
    }
  }
}
