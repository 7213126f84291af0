/** Seeded random numbers, with a liking for the values at which arithmetic goes wrong. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995 || 1;
  }

  /** 32 random bits. */
  bits(): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return Math.imul(this.state, 0x9e3779b1) >>> 0;
  }

  /** 0 … limit−1. */
  below(limit: number): number {
    return Math.floor((this.bits() / 0x100000000) * limit);
  }

  chance(one: number): boolean {
    return this.below(one) === 0;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  word(): bigint {
    return (BigInt(this.bits()) << 32n) | BigInt(this.bits());
  }

  /** A 64-bit value: often small, all ones, or next to a power of two, of either sign. */
  value(): bigint {
    const special = (): bigint => {
      switch (this.below(5)) {
        case 0:
          return BigInt(this.below(20));
        case 1:
          return (1n << BigInt(this.pick([7, 8, 15, 16, 31, 32, 63, 64]))) - BigInt(this.below(3));
        case 2:
          return 1n << BigInt(this.below(64));
        case 3:
          return this.word() & 0xffffffffn;
        default:
          return this.word();
      }
    };
    const value = special();
    return BigInt.asUintN(64, this.chance(4) ? -value : value);
  }
}
