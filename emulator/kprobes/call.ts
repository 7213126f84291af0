/**
 * struct kprobe_call: the guest's question "what next?" and the host's answer, on the guest's own stack.
 *
 * The host's cursor through the handlers (phase, cursor, site, saved) lives in it, so that nesting and snapshots need
 * nothing more. Declared in emulator/linux/include/lab/gates.h.
 */
import type { Guest } from '../kernel/guest';

/** Offsets of the members, from debug information. */
export class CallLayout {
  readonly offsets: Record<CallMember, number>;
  readonly size: number;

  constructor(guest: Guest) {
    this.size = guest.layouts.sizeOf('kprobe_call');
    this.offsets = Object.fromEntries(
      MEMBERS.map((name) => [name, guest.layouts.field('kprobe_call', name).offset]),
    ) as Record<CallMember, number>;
  }
}

const MEMBERS = ['fn', 'arg0', 'arg1', 'arg2', 'arg3', 'result', 'phase', 'cursor', 'site', 'saved'] as const;
export type CallMember = (typeof MEMBERS)[number];

/** Answers of the gates kprobe_next and its kin. */
export const ANSWER = { call: 1, done: 0, notOurs: -1 } as const;

/** One struct kprobe_call in guest memory. */
export class ProbeCall {
  /** Physical address when the struct lies together in RAM; -1 when it crosses to another page. */
  private readonly at: number;

  constructor(
    private readonly guest: Guest,
    private readonly layout: CallLayout,
    private readonly address: bigint,
  ) {
    this.at = guest.contiguous(address, layout.size) ?? -1;
  }

  get(member: CallMember): number {
    return Number(this.getAddress(member));
  }

  set(member: CallMember, value: number): void {
    this.setAddress(member, BigInt(value));
  }

  getAddress(member: CallMember): bigint {
    const offset = this.layout.offsets[member];
    if (this.at >= 0) return this.guest.ram().getBigUint64(this.at + offset, true);
    return this.guest.u64(this.address + BigInt(offset));
  }

  setAddress(member: CallMember, value: bigint): void {
    const offset = this.layout.offsets[member];
    if (this.at >= 0) this.guest.putPhysical(this.at + offset, value);
    else this.guest.write(this.address + BigInt(offset), 8, value);
  }

  /** What the called handler returned, as a C int. */
  get result(): number {
    return Number(BigInt.asIntN(32, this.getAddress('result')));
  }

  /** Asks the guest to call a function and come back. */
  request(fn: bigint, ...args: bigint[]): void {
    this.setAddress('fn', fn);
    const names: CallMember[] = ['arg0', 'arg1', 'arg2', 'arg3'];
    for (const [index, name] of names.entries()) if (index < args.length) this.setAddress(name, args[index]);
  }
}
