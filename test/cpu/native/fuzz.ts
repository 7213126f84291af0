/**
 * Code that nobody wrote on purpose: random bytes, valid instructions in a row, and such with bytes changed, cut off or
 * put in between; in the middle of a page or at its end, before one that is not mapped.
 */
import { type Decoded, decode } from '../../../emulator/isa/decode';
import { table } from '../../../emulator/isa/table';
import type { Stepped } from './emulated';
import { encoding, World } from './generate';
import type { Random } from './random';
import type { NativeCase, Outcome } from './real';

const LONGEST = 28;
/** Instructions that a case does at most. */
const STEPS = 12;
const prefixes = [0x0f, 0x66, 0x67, 0xf2, 0xf3, 0xf0, 0x48, 0x41, 0xc4, 0xc5, 0x64, 0x65, 0x8f, 0x62];

function randomBytes(random: Random): number[] {
  const bytes = Array.from({ length: 1 + random.below(LONGEST) }, () => random.bits() & 255);
  if (random.chance(3)) bytes.unshift(random.pick(prefixes));
  if (random.chance(4)) bytes.unshift(random.pick(prefixes));
  return bytes;
}

/** Leads what has a 32-bit displacement to the data, or near it. */
function aim(code: Uint8Array, decoded: Decoded, random: Random): void {
  if (decoded.displacementSize !== 4 || random.chance(8)) return;
  const memory = decoded.operands.find((operand) => operand.kind === 'memory');
  if (memory?.kind !== 'memory') return;
  let value = World.data + random.below(World.dataSize);
  if (memory.ripRelative) value -= World.start;
  else if (memory.base !== undefined) value &= 0xff;
  for (let at = 0; at < 4; at++) code[decoded.displacementOffset + at] = (value >> (at * 8)) & 255;
}

function validCode(random: Random): number[] {
  const bytes: number[] = [];
  for (let wanted = 1 + random.below(5); wanted > 0 && bytes.length < LONGEST - 15; wanted--) {
    const entry = random.pick(table);
    if (entry.extension && !random.chance(6)) continue;
    const made = encoding(entry, random);
    if (!made) continue;
    aim(made.code, made.decoded, random);
    bytes.push(...made.code);
  }
  return bytes;
}

function mutate(bytes: number[], random: Random): void {
  for (let times = 1 + random.below(3); times > 0; times--) {
    const at = random.below(bytes.length);
    switch (random.below(5)) {
      case 0:
        bytes.splice(at, 1);
        break;
      case 1:
        bytes.splice(at, 0, random.pick(prefixes));
        break;
      case 2:
        bytes.splice(at);
        break;
      default:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
    }
  }
}

/** One case. */
export function fuzzCase(random: Random): NativeCase {
  const kind = random.below(4);
  const bytes = kind === 0 ? randomBytes(random) : validCode(random);
  if (kind > 1) mutate(bytes, random);
  const code = Uint8Array.from(bytes.slice(0, LONGEST));
  const atEnd = random.chance(6) && code.length > 0;
  const registers = Array.from({ length: 16 }, () =>
    random.chance(3) ? random.value() : BigInt(World.data + random.below(World.dataSize)),
  );
  if (!random.chance(8)) registers[4] = BigInt(World.data + 0x400 + random.below(0x1000));
  if (random.chance(2)) registers[1] = BigInt(random.below(6));
  return {
    code,
    start: atEnd ? World.codePage + 0x1000 - (1 + random.below(code.length)) : World.start,
    steps: STEPS,
    seed: random.bits(),
    patchOffset: 0,
    patch: new Uint8Array(),
    registers,
    flags: (random.bits() & 0xcd5) | 0x202,
  };
}

/** What depends on the machine, its kernel, or its other processors; popf and iret, which would end single-stepping. */
const refusedOps = new Set([
  ...['vmcall', 'cpuid', 'rdtsc', 'rdtscp', 'rdpmc', 'rdpid', 'rdrand', 'rdseed', 'xgetbv'],
  ...['sgdt', 'sidt', 'sldt', 'str', 'smsw', 'lar', 'lsl', 'verr', 'verw', 'monitor', 'mwait'],
  ...['movSegment', 'lss', 'lfs', 'lgs', 'callFar', 'jmpFar', 'retFar', 'iret', 'popf', 'int1'],
  ...['xsetbv', 'wrfsbase', 'wrgsbase', 'rdfsbase', 'rdgsbase', 'sysenter', 'sysexit', 'sysret', 'nop'],
]);

/** Unsupported instructions that could take the ground from under the native harness, or wait. */
const dangerous = /^(xrstor|wrpkru|rdpkru|monitorx|mwaitx|umwait|tpause|umonitor|xsetbv|fwait|wait)/;

/** True for instructions that cannot be compared in a user process. */
export function isRefused(decoded: Decoded): boolean {
  const { op, entry } = decoded;
  // The bare nop is one everywhere; whether a hint is known differs from one processor to the next.
  if (op === 'nop') return entry.opcode !== 0x90;
  if (op === 'unsupported') return dangerous.test(entry.mnemonic);
  // Intel ignores 66 before a near branch, as this processor does; AMD does not.
  if (entry.force64 && decoded.prefixes.includes(0x66)) return true;
  // AMD lets these prefixes choose between the two.
  if (/^loopn?e$/.test(op) && decoded.prefixes.some((prefix) => prefix === 0xf2 || prefix === 0xf3))
    return true;
  // Shifted by more bits than there are, the result is undefined.
  if ((op === 'shld' || op === 'shrd') && decoded.operandSize === 2) return true;
  // Popping a segment register loads a selector; the old system call gate is Linux's to open.
  if (op === 'pop' && entry.operands[0]?.class === 'segment') return true;
  const [operand] = decoded.operands;
  if (op === 'int' && operand?.kind === 'immediate') return (operand.value & 0xffn) === 0x80n;
  return refusedOps.has(op);
}

const PAGE_FAULT = 14;
const INVALID_OPCODE = 6;
const afterCode = BigInt(World.codePage + 0x1000);

function fetchFailed({ vector, cr2 }: Outcome): boolean {
  return vector === PAGE_FAULT && cr2 === afterCode;
}

const legacyPrefixes = new Set([0x66, 0x67, 0xf2, 0xf3, 0x2e, 0x36, 0x3e, 0x26, 0x64, 0x65]);

/** The opcode byte of the instruction at `rip`, and whether 66 and LOCK are among its prefixes. */
function unprefixed(
  { code, start }: NativeCase,
  rip: bigint,
): { opcode: number; with66: boolean; locked: boolean } {
  let with66 = false;
  let locked = false;
  for (let at = Number(rip) - start; ; at++) {
    const byte = code[at] ?? 0;
    if (byte === 0x66) with66 = true;
    else if (byte === 0xf0) locked = true;
    else if (!legacyPrefixes.has(byte) && (byte & 0xf0) !== 0x40) return { opcode: byte, with66, locked };
  }
}

/** True for x87 encodings, also the undocumented twins of some that real processors accept. */
function isX87(test: NativeCase, rip: bigint): boolean {
  return (unprefixed(test, rip).opcode & 0xf8) === 0xd8;
}

/**
 * An end of which nothing more can be asked than that both processors stopped at the same instruction, because the
 * architecture leaves the rest to the processor; undefined if all of it can be compared. An empty text: as it should be.
 */
export function lenientDifference(test: NativeCase, stepped: Stepped, real: Outcome): string | undefined {
  const { outcome, last } = stepped;
  const moved = real.vector === 1 ? real.steps - 1 : real.steps;
  const same = moved === outcome.steps && (real.vector === 1 || real.rip === outcome.rip) ? '' : 'elsewhere';
  if (!last) return undefined;
  if (outcome.vector === INVALID_OPCODE) {
    // How many bytes of something undefined are fetched before it is refused.
    if (!last.ok && fetchFailed(real)) return same;
    if (!last.ok && isX87(test, outcome.rip)) return same;
    // AMD looks at the operand first where it is microcode that refuses LOCK, and has CR8 behind LOCK MOV CR0.
    if (!last.ok && [12, 13, PAGE_FAULT].includes(real.vector) && unprefixed(test, outcome.rip).locked)
      return same;
    if (!last.ok || last.op !== 'unsupported') return undefined;
    // An instruction that only the real CPU has: it faults, or it runs and has the length that the table says.
    const branch = last.operands.some(({ kind }) => kind === 'relative');
    const length = Number(real.rip - outcome.rip);
    if (real.vector === 1 && !branch && length !== last.length) {
      return `${last.entry.mnemonic} has ${last.length} bytes here, real ${length}`;
    }
    return same;
  }
  if (fetchFailed(outcome) && real.vector === INVALID_OPCODE && (!last.ok || last.op === 'ud')) return same;
  // AMD refuses an offset that is not canonical even where the segment's base makes it so.
  if (last.ok && last.segment && outcome.vector === PAGE_FAULT && real.vector === 13) return same;
  // AMD's near branches with 66 are shorter.
  if (fetchFailed(outcome) && !last.ok && unprefixed(test, outcome.rip).with66) return '';
  // Which of two bad operands is noticed first, and what enter has written by then.
  const faulted = outcome.vector !== 1 && real.vector !== 1;
  if (last.ok && (last.op === 'cmps' || last.op === 'enter') && faulted) return same;
  return undefined;
}

/** The instructions of a case as they lie there, for messages. */
export function lengths({ code }: NativeCase): string {
  const found: string[] = [];
  for (let at = 0; at < code.length; ) {
    const decoded = decode(code, at);
    found.push(decoded.ok ? `${decoded.entry.mnemonic}/${decoded.length}` : decoded.reason);
    if (!decoded.ok) break;
    at += decoded.length;
  }
  return found.join(' ');
}
