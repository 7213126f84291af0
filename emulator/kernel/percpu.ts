/**
 * Per-CPU variables: each CPU's copy lies at the variable's link address plus that CPU's __per_cpu_offset.
 *
 * The kernel sets the offsets up while it boots, so each use looks at the offset again and keeps the rest.
 */
import type { Guest } from './guest';

export class PerCpuVariable {
  private readonly offsets: bigint[] = [];
  private readonly physical: number[] = [];
  private readonly table: number;

  /** `symbol`: link address of the variable; `offsets`: address of __per_cpu_offset. */
  constructor(
    private readonly guest: Guest,
    private readonly symbol: bigint,
    offsets: bigint,
  ) {
    this.table = guest.physical(offsets);
  }

  /** Physical address of CPU n's copy: per-CPU memory is mapped linearly. */
  at(cpu: number): number {
    const offset = this.guest.ram().getBigUint64(this.table + cpu * 8, true);
    if (this.offsets[cpu] !== offset) {
      this.offsets[cpu] = offset;
      this.physical[cpu] = this.guest.physical(BigInt.asUintN(64, this.symbol + offset));
    }
    return this.physical[cpu];
  }
}
