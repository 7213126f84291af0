/**
 * The detour of a jump-optimised probe, as machine code: save registers as a pt_regs, call the callback, restore, run the
 * displaced instructions, jump back.
 *
 * Layout of the saved registers is struct pt_regs, ip is filled in by the host (kprobes.md 1.8).
 */
import { jump, relocate } from './slots';

/** Bytes that a detour takes besides the displaced instructions (an upper bound). */
export const DETOUR_OVERHEAD = 112;

/** Bytes and what they are; the second word of each line is only for the reader. */
const SAVE = machineCode([
  ['6a 18', 'push $__KERNEL_DS: ss'],
  ['54', 'push %rsp: sp, 8 too low'],
  ['9c', 'pushf: flags'],
  ['48 83 44 24 08 08', 'addq $8, 8(%rsp)'],
  ['6a 10', 'push $__KERNEL_CS: cs'],
  ['6a 00', 'push $0: ip'],
  ['6a ff', 'push $-1: orig_ax'],
  ['57 56 52 51 50', 'push %rdi %rsi %rdx %rcx %rax'],
  ['41 50 41 51 41 52 41 53', 'push %r8 to %r11'],
  ['53 55', 'push %rbx %rbp'],
  ['41 54 41 55 41 56 41 57', 'push %r12 to %r15'],
  ['48 8d 6c 24 01', "lea 1(%rsp), %rbp: the unwinder's mark"],
  ['48 89 e6', 'mov %rsp, %rsi'],
  ['fc', 'cld'],
]);

/** As on Linux, what a handler did to regs->sp and regs->ip is lost here. */
const RESTORE = machineCode([
  ['41 5f 41 5e 41 5d 41 5c', 'pop %r15 to %r12'],
  ['5d 5b', 'pop %rbp %rbx'],
  ['41 5b 41 5a 41 59 41 58', 'pop %r11 to %r8'],
  ['58 59 5a 5e 5f', 'pop %rax %rcx %rdx %rsi %rdi'],
  ['48 8d 64 24 18', 'lea 24(%rsp), %rsp: over orig_ax, ip, cs'],
  ['9d', 'popf'],
  ['48 8d 64 24 10', 'lea 16(%rsp), %rsp: over sp, ss'],
]);

function machineCode(lines: readonly (readonly [bytes: string, meaning: string])[]): number[] {
  return lines.flatMap(([bytes]) => bytes.split(' ').map((byte) => Number.parseInt(byte, 16)));
}

/** What the detour of one site is made of. */
export interface DetourParts {
  at: bigint;
  /** Struct lab_probe_site given to the callback. */
  record: bigint;
  callback: bigint;
  site: bigint;
  /** Whole original instructions under the jump. */
  instructions: readonly { address: bigint; bytes: Uint8Array }[];
}

/** The detour's bytes, or undefined when something does not reach. */
export function detourCode(parts: DetourParts): Uint8Array | undefined {
  const code: number[] = [...SAVE, 0x48, 0xbf];
  for (let byte = 0n; byte < 8n; byte++) code.push(Number((parts.record >> (byte * 8n)) & 0xffn));
  const here = () => parts.at + BigInt(code.length);
  const call = jump(here(), parts.callback);
  if (call === undefined) return undefined;
  call[0] = 0xe8;
  code.push(...call, ...RESTORE);
  let covered = 0;
  for (const { address, bytes } of parts.instructions) {
    const copy = relocate(bytes, address, here());
    if (copy === undefined) return undefined;
    code.push(...copy);
    covered += bytes.length;
  }
  const back = jump(here(), parts.site + BigInt(covered));
  if (back === undefined) return undefined;
  code.push(...back);
  return Uint8Array.from(code);
}
