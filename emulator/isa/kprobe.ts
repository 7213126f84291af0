/**
 * What kprobes must know of an instruction before they copy it away: whether it may be probed, whether its effect is
 * emulated instead of stepped, and whether its copy can run without a trap (boosting).
 *
 * Facts: Linux 6.1, arch/x86/kernel/kprobes/core.c (can_probe, prepare_emulation, can_boost). What depends on the place
 * and not on the instruction (exception table, symbols, distance of a rip-relative operand) is the caller's business.
 */
import type { Decoded } from './decode';

/** Instructions whose effect the kernel computes instead of stepping a copy. */
export type Emulation =
  | 'cli'
  | 'sti'
  | 'pushf'
  | 'popf'
  | 'ret'
  | 'retFar'
  | 'call'
  | 'jmp'
  | 'jcc'
  | 'loop'
  | 'callRegister'
  | 'jmpRegister';

/** The verdict on one instruction. */
export interface KprobeClass {
  /** The copy may be followed by a jump back: position-independent in effect, cannot trap, at most 11 bytes. */
  boostable: boolean;
  emulate: Emulation | undefined;
  refuse: 'EILSEQ' | 'EINVAL' | 'EOPNOTSUPP' | undefined;
}

/** Bytes of a slot: the copy and the jump back (or the trailing int3) must fit. */
const slotSize = 16;
const jumpSize = 5;

function set(text: string): ReadonlySet<number> {
  const members = new Set<number>();
  for (const part of text.split(' ')) {
    const [first = '', last = first] = part.split('-');
    for (let code = Number.parseInt(first, 16); code <= Number.parseInt(last, 16); code++) members.add(code);
  }
  return members;
}

/** Two-byte opcodes (0F xx) that can be boosted. */
const twoByteBoostable = set(
  '02-03 06 08-09 1f 20-23 31 40-4f 60-6b 6e-6f 74-77 7e-7f 90-9f a0-a1 a3-a5 a8-a9 ab-ad af b0-b7 bb-bf c0-c1 ' +
    'c8-cf d1-d3 d5 d8-d9 db-dd df e1-e2 e5 e8-e9 eb-ed ef f1-f3 f5 f8-fa fc-fe',
);

/** One-byte opcodes that cannot, whatever their ModRM. */
const oneByteUnboostable = set('62 70-7f 9a cc-ce d6 d8-df e0-e3 e8 e9 eb f0-f4');

function boostable(decoded: Decoded): boolean {
  const { entry, prefixes } = decoded;
  if (decoded.length > slotSize - jumpSize) return false;
  if (prefixes.includes(0x67) || prefixes.includes(0x2e)) return false;
  // Linux's decoder counts a VEX instruction's opcode as one byte, so that it is judged by the one-byte rules.
  if (!entry.vex && entry.map !== 0) return entry.map === 1 && twoByteBoostable.has(entry.opcode);
  if (oneByteUnboostable.has(entry.opcode)) return false;
  const digit = (decoded.modrm >> 3) & 7;
  switch (entry.opcode) {
    case 0xc0:
    case 0xc1:
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3:
      return digit !== 6;
    case 0xf6:
    case 0xf7:
      return digit !== 1;
    case 0xfe:
      return digit <= 1;
    case 0xff:
      return digit <= 1 || digit === 4;
    default:
      return true;
  }
}

function refusal(decoded: Decoded): KprobeClass['refuse'] {
  const { op, entry, modrm } = decoded;
  switch (op) {
    case 'int3':
    case 'int':
    case 'int1':
    case 'ud':
      return 'EILSEQ';
    case 'movSegment':
      return entry.opcode === 0x8e && ((modrm >> 3) & 7) === 2 ? 'EINVAL' : undefined;
    case 'callFar':
    case 'jmpFar':
    case 'iret':
      return 'EOPNOTSUPP';
    case 'call':
    case 'jmp':
      return entry.opcode === 0xff && (modrm < 0xc0 || decoded.prefixes.includes(0x67))
        ? 'EOPNOTSUPP'
        : undefined;
    default:
      return entry.map === 1 && entry.opcode === 0x01 && modrm >= 0xc0 && entry.digit === 0
        ? 'EOPNOTSUPP'
        : undefined;
  }
}

function emulation(decoded: Decoded): Emulation | undefined {
  const { op } = decoded;
  switch (op) {
    case 'cli':
    case 'sti':
    case 'pushf':
    case 'popf':
    case 'ret':
    case 'retFar':
    case 'jcc':
      return op;
    case 'loop':
    case 'loope':
    case 'loopne':
    case 'jrcxz':
      return 'loop';
    case 'call':
      return decoded.entry.opcode === 0xff ? 'callRegister' : 'call';
    case 'jmp':
      return decoded.entry.opcode === 0xff ? 'jmpRegister' : 'jmp';
    default:
      return undefined;
  }
}

/** Classifies one instruction for kprobes. A refused one is neither emulated nor boostable. */
export function classify(decoded: Decoded): KprobeClass {
  const refuse = refusal(decoded);
  if (refuse !== undefined) return { boostable: false, emulate: undefined, refuse };
  return { boostable: boostable(decoded), emulate: emulation(decoded), refuse };
}

/** Target of a direct branch at `address`; undefined for every other instruction. */
export function branchTarget(decoded: Decoded, address: bigint): bigint | undefined {
  const [operand] = decoded.operands;
  if (operand?.kind !== 'relative') return undefined;
  return BigInt.asUintN(64, address + BigInt(decoded.length + operand.displacement));
}

/** True for jumps whose target is not in the instruction: they forbid jump optimisation of the function around them. */
export function isIndirectJump(decoded: Decoded): boolean {
  return decoded.op === 'jmpFar' || (decoded.op === 'jmp' && decoded.entry.opcode === 0xff);
}
