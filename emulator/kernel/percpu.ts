/**
 * Per-CPU variables: each CPU's copy lies at the variable's link address plus that CPU's __per_cpu_offset.
 *
 * The kernel sets the offsets up while it boots, so an address is only remembered once its offset is not zero.
 */
import type { Guest } from './guest';

export class PerCpuVariable {
  private readonly known: (bigint | undefined)[] = [];

  /** `symbol`: link address of the variable; `offsets`: address of __per_cpu_offset. */
  constructor(
    private readonly guest: Guest,
    private readonly symbol: bigint,
    private readonly offsets: bigint,
  ) {}

  /** Address of CPU n's copy. */
  of(cpu: number): bigint {
    const known = this.known[cpu];
    if (known !== undefined) return known;
    const offset = this.guest.u64(this.offsets + BigInt(cpu * 8));
    const address = BigInt.asUintN(64, this.symbol + offset);
    if (offset !== 0n) this.known[cpu] = address;
    return address;
  }
}
