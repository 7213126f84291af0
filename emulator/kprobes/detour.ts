/**
 * The detour of a jump-optimised probe, as machine code: save registers as a pt_regs, call the callback, restore, run the
 * displaced instructions, jump back.
 *
 * Layout of the saved registers is struct pt_regs, ip is filled in by the host (kprobes.md 1.8).
 */
import { jump, relocate } from './slots';

/** Bytes that a detour takes besides the displaced instructions (an upper bound). */
export const DETOUR_OVERHEAD = 112;

const SAVE = [
  0x6a,
  0x18, // push $__KERNEL_DS            ss
  0x54, // push %rsp                          sp, 8 too low
  0x9c, // pushf                              flags
  0x48,
  0x83,
  0x44,
  0x24,
  0x08,
  0x08, // addq $8, 8(%rsp)
  0x6a,
  0x10, // push $__KERNEL_CS            cs
  0x6a,
  0x00, // push $0                      ip
  0x6a,
  0xff, // push $-1                     orig_ax
  0x57,
  0x56,
  0x52,
  0x51,
  0x50, // push %rdi %rsi %rdx %rcx %rax
  0x41,
  0x50,
  0x41,
  0x51,
  0x41,
  0x52,
  0x41,
  0x53, // push %r8 %r9 %r10 %r11
  0x53,
  0x55, // push %rbx %rbp
  0x41,
  0x54,
  0x41,
  0x55,
  0x41,
  0x56,
  0x41,
  0x57, // push %r12 … %r15
  0x48,
  0x8d,
  0x6c,
  0x24,
  0x01, // lea 1(%rsp), %rbp    the unwinder's mark
  0x48,
  0x89,
  0xe6, // mov %rsp, %rsi
  0xfc, // cld
];

const RESTORE = [
  0x41,
  0x5f,
  0x41,
  0x5e,
  0x41,
  0x5d,
  0x41,
  0x5c, // pop %r15 … %r12
  0x5d,
  0x5b, // pop %rbp %rbx
  0x41,
  0x5b,
  0x41,
  0x5a,
  0x41,
  0x59,
  0x41,
  0x58, // pop %r11 … %r8
  0x58,
  0x59,
  0x5a,
  0x5e,
  0x5f, // pop %rax %rcx %rdx %rsi %rdi
  0x48,
  0x8d,
  0x64,
  0x24,
  0x18, // lea 24(%rsp), %rsp   over orig_ax, ip, cs
  0x9d, // popf
  0x5c, // pop %rsp
];

/** What the detour of one site is made of. */
export interface DetourParts {
  at: bigint;
  /** Struct kprobe given to the callback. */
  kprobe: bigint;
  callback: bigint;
  site: bigint;
  /** Whole original instructions under the jump. */
  instructions: readonly { address: bigint; bytes: Uint8Array }[];
}

/** The detour's bytes, or undefined when something does not reach. */
export function detourCode(parts: DetourParts): Uint8Array | undefined {
  const code: number[] = [...SAVE, 0x48, 0xbf];
  for (let byte = 0n; byte < 8n; byte++) code.push(Number((parts.kprobe >> (byte * 8n)) & 0xffn));
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
