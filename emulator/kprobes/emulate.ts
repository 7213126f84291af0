/**
 * Doing a probed instruction on the saved registers instead of stepping it.
 *
 * Which instructions: those that change ip or the interrupt flag (Linux >= 5.13, arch/x86/kernel/kprobes/core.c's
 * set_emulate_op; kprobes.md 1.6). The result is what the instruction itself would have done; like Linux, the immediate
 * of `ret imm16` is not applied.
 */
import type { Guest } from '../kernel/guest';
import type { PtRegs } from '../kernel/ptregs';
import type { Emulation } from './state';

const CF = 1n;
const PF = 4n;
const ZF = 0x40n;
const SF = 0x80n;
const IF = 0x200n;
const OF = 0x800n;
/** Flags that popf takes from the stack; RF and VM are never set by it. */
const POPF_MASK = 0x3f7fd5n & ~0x10000n & ~0x20000n;
const FIXED_ONE = 2n;

/** Applies the instruction at `address`, `length` bytes long, to `regs`: ip ends at the next instruction to run. */
export function emulate(
  guest: Guest,
  regs: PtRegs,
  emulation: Emulation,
  address: bigint,
  length: number,
): void {
  const next = address + BigInt(length);
  switch (emulation.kind) {
    case 'cli':
      regs.set('flags', regs.get('flags') & ~IF);
      break;
    case 'sti':
      regs.set('flags', regs.get('flags') | IF);
      break;
    case 'pushf':
      push(guest, regs, regs.get('flags') & ~0x30000n);
      break;
    case 'popf':
      regs.set('flags', (pop(guest, regs) & POPF_MASK) | FIXED_ONE);
      break;
    case 'ret':
      regs.set('ip', pop(guest, regs));
      return;
    case 'lret':
      regs.set('ip', pop(guest, regs));
      regs.set('cs', pop(guest, regs) & 0xffffn);
      return;
    case 'call':
      push(guest, regs, next);
      regs.set('ip', target(next, emulation.displacement));
      return;
    case 'jump':
      regs.set('ip', target(next, emulation.displacement));
      return;
    case 'branch':
      regs.set(
        'ip',
        condition(regs.get('flags'), emulation.condition) ? target(next, emulation.displacement) : next,
      );
      return;
    case 'loop':
      regs.set('ip', loopTaken(regs, emulation) ? target(next, emulation.displacement) : next);
      return;
    case 'callRegister': {
      const callee = regs.register(emulation.register);
      push(guest, regs, next);
      regs.set('ip', callee);
      return;
    }
    case 'jumpRegister':
      regs.set('ip', regs.register(emulation.register));
      return;
  }
  regs.set('ip', next);
}

function target(next: bigint, displacement: number): bigint {
  return BigInt.asUintN(64, next + BigInt(displacement));
}

function push(guest: Guest, regs: PtRegs, value: bigint): void {
  const sp = regs.get('sp') - 8n;
  regs.set('sp', sp);
  guest.write(sp, 8, value);
}

function pop(guest: Guest, regs: PtRegs): bigint {
  const sp = regs.get('sp');
  regs.set('sp', sp + 8n);
  return guest.u64(sp);
}

/** The condition of jcc number 0..15 (SDM volume 1, appendix B). */
export function condition(flags: bigint, number: number): boolean {
  const set = (bit: bigint) => (flags & bit) !== 0n;
  const tests = [
    set(OF),
    set(CF),
    set(ZF),
    set(CF) || set(ZF),
    set(SF),
    set(PF),
    set(SF) !== set(OF),
    set(ZF) || set(SF) !== set(OF),
  ];
  return tests[number >> 1] !== ((number & 1) === 1);
}

function loopTaken(regs: PtRegs, emulation: Extract<Emulation, { kind: 'loop' }>): boolean {
  const width = emulation.addressSize * 8;
  const full = regs.get('cx');
  if (emulation.test === 'jcxz') return BigInt.asUintN(width, full) === 0n;
  const count = BigInt.asUintN(width, full - 1n);
  regs.set('cx', count);
  const zero = (regs.get('flags') & ZF) !== 0n;
  if (count === 0n) return false;
  return emulation.test === 'loop' || (emulation.test === 'loope') === zero;
}
