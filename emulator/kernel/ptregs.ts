/**
 * struct pt_regs in guest memory: the registers an exception saved, read and written by Linux's member names.
 *
 * The order of members is Linux's user-visible ABI (arch/x86/include/uapi/asm/ptrace.h, user_regs_struct's first 21).
 */
import type { Guest } from './guest';

export const PT_REGS = [
  'r15',
  'r14',
  'r13',
  'r12',
  'bp',
  'bx',
  'r11',
  'r10',
  'r9',
  'r8',
  'ax',
  'cx',
  'dx',
  'si',
  'di',
  'orig_ax',
  'ip',
  'cs',
  'flags',
  'sp',
  'ss',
] as const;

export type PtRegsName = (typeof PT_REGS)[number];

/** sizeof(struct pt_regs). */
export const PT_REGS_SIZE = PT_REGS.length * 8;

const OFFSET = Object.fromEntries(PT_REGS.map((name, index) => [name, index * 8])) as Record<
  PtRegsName,
  number
>;

/** pt_regs name of register n in the instruction encoding's numbering. */
export const BY_NUMBER = [
  'ax',
  'cx',
  'dx',
  'bx',
  'sp',
  'bp',
  'si',
  'di',
  'r8',
  'r9',
  'r10',
  'r11',
  'r12',
  'r13',
  'r14',
  'r15',
] as const satisfies readonly PtRegsName[];

/** Byte offset of a member; undefined for a name that pt_regs does not have. */
export function ptRegsOffset(name: string): number | undefined {
  return (OFFSET as Readonly<Record<string, number | undefined>>)[name];
}

/** A pt_regs at a guest address; every access reads or writes guest memory. */
export class PtRegs {
  /** Physical address when the pt_regs lies together in RAM; -1 when it crosses to another page. */
  private readonly at: number;

  constructor(
    private readonly guest: Guest,
    readonly address: bigint,
  ) {
    this.at = guest.contiguous(address, PT_REGS_SIZE) ?? -1;
  }

  get(name: PtRegsName): bigint {
    const offset = OFFSET[name];
    if (this.at >= 0) return this.guest.ram().getBigUint64(this.at + offset, true);
    return this.guest.u64(this.address + BigInt(offset));
  }

  set(name: PtRegsName, value: bigint): void {
    const offset = OFFSET[name];
    if (this.at >= 0) this.guest.putPhysical(this.at + offset, value);
    else this.guest.write(this.address + BigInt(offset), 8, value);
  }

  /** Register n of the instruction encoding (0 rax … 15 r15). */
  register(number: number): bigint {
    return this.get(BY_NUMBER[number] ?? 'ax');
  }

  setRegister(number: number, value: bigint): void {
    this.set(BY_NUMBER[number] ?? 'ax', value);
  }

  /** True when the registers are of user mode (cs has privilege level 3). */
  get user(): boolean {
    return (this.get('cs') & 3n) === 3n;
  }

  /** All members, in Linux's order. */
  entries(): [PtRegsName, bigint][] {
    return PT_REGS.map((name) => [name, this.get(name)]);
  }
}
