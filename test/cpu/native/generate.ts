/**
 * Makes test cases from rows of the instruction table: random encodings of the row (prefixes, ModRM, SIB, displacement,
 * immediate), and for each of them random registers, flags and memory such that memory operands lie in a small window,
 * or, now and then, where they fault.
 */
import { type Decoded, decode, type MemoryOperand } from '../../../emulator/isa/decode';
import type { TableEntry } from '../../../emulator/isa/table';
import type { Random } from './random';
import type { NativeCase } from './real';

/** The little world in which cases run, here and natively (harness.c). */
export const World = {
  start: 0x10800,
  codePage: 0x10000,
  window: 0x20f80,
  windowSize: 256,
  /** Two pages that the code may write. */
  data: 0x20000,
  dataSize: 0x2000,
  /** A page that is not mapped, right after the two data pages. */
  hole: 0x22000,
  /** The last bytes before it, zero at the start of each case. */
  edge: 0x21fc0,
  edgeSize: 64,
  readOnly: 0x23000,
  fsBase: 0x20800n,
  gsBase: 0x20000n,
} as const;

/** One instruction with the state it starts from. */
export interface Case extends NativeCase {
  entry: TableEntry;
  decoded: Decoded;
}

/**
 * Operations that cannot be compared in a user process: what they give depends on the machine or its kernel, or they are
 * the host's own (vmcall), or they load selectors.
 */
const incomparable = new Set([
  ...[
    'unsupported',
    'vmcall',
    'syscall',
    'sysret',
    'sysenter',
    'sysexit',
    'cpuid',
    'rdtsc',
    'rdtscp',
    'rdpmc',
    'rdpid',
  ],
  ...[
    'rdrand',
    'rdseed',
    'sgdt',
    'sidt',
    'sldt',
    'str',
    'smsw',
    'lar',
    'lsl',
    'verr',
    'verw',
    'xgetbv',
    'xsetbv',
  ],
  ...['monitor', 'mwait', 'movSegment', 'lss', 'lfs', 'lgs', 'callFar', 'jmpFar', 'retFar', 'iret', 'int1'],
  ...['wrfsbase', 'wrgsbase', 'rdfsbase', 'rdgsbase', 'clflush', 'clac', 'stac', 'in', 'out', 'ins', 'outs'],
]);

/** True if the real CPU in a user process can be asked about this row. */
export function isComparable(entry: TableEntry): boolean {
  if (incomparable.has(entry.op)) return false;
  // Popping a segment register loads a selector; endbr and the reserved nops depend on what the CPU has.
  return !(entry.op === 'pop' && entry.operands[0]?.class === 'segment');
}

const usesVvvv = (entry: TableEntry) => entry.operands.some(({ place }) => place === 'vvvv');

/** A random encoding of the row, or undefined if this attempt decodes as something else. */
export function encoding(
  entry: TableEntry,
  random: Random,
): { code: Uint8Array; decoded: Decoded } | undefined {
  const bytes: number[] = [];
  const legacy = entry.prefix === 'any' && !entry.vex;
  if (random.chance(10)) bytes.push(random.pick([0x65, 0x64, 0x2e, 0x3e, 0x26, 0x36]));
  if (random.chance(12)) bytes.push(0x67);
  // 66 before a near branch is read differently by the two vendors.
  if (legacy && !entry.force64 && random.chance(4)) bytes.push(0x66);
  if (entry.lock && random.chance(4)) bytes.push(0xf0);
  if (entry.rep && !random.chance(3)) bytes.push(random.pick([0xf2, 0xf3]));
  if (!entry.vex) {
    if (entry.prefix === '66' || entry.prefix === 'f2' || entry.prefix === 'f3') {
      bytes.push(Number.parseInt(entry.prefix, 16));
      if (entry.prefix !== '66' && entry.sizing === 'v' && random.chance(4)) bytes.unshift(0x66);
    }
    let rex = random.chance(3) ? 0 : 0x40 | random.below(16);
    if (entry.w >= 0) rex = 0x40 | (rex & 7) | (entry.w << 3);
    if (entry.withoutRexB) rex &= 0xfe;
    if (rex & 0x40) bytes.push(rex);
    if (entry.map > 0) bytes.push(0x0f);
    if (entry.map > 1) bytes.push(entry.map === 2 ? 0x38 : 0x3a);
  } else {
    const vvvv = usesVvvv(entry) ? random.below(16) : 15;
    const pp = { any: 0, none: 0, '66': 1, f3: 2, f2: 3 }[entry.prefix];
    bytes.push(0xc4, (random.below(8) << 5) | entry.map, (random.below(2) << 7) | (vvvv << 3) | pp);
  }
  bytes.push(entry.opcode + (entry.registerInOpcode ? random.below(8) : 0));
  if (entry.modrm) bytes.push(modrm(entry, random));
  while (bytes.length < 15)
    bytes.push(random.chance(3) ? random.pick([0, 1, 0x7f, 0x80, 0xff]) : random.below(256));
  const code = Uint8Array.from(bytes.slice(0, 15));
  const decoded = decode(code);
  if (!decoded.ok || decoded.entry !== entry) return undefined;
  return { code: code.slice(0, decoded.length), decoded };
}

function modrm(entry: TableEntry, random: Random): number {
  let byte = random.below(256);
  if (entry.mod === 'memory') byte = (random.below(3) << 6) | (byte & 0x3f);
  else if (entry.mod === 'register') byte |= 0xc0;
  else if (entry.mod === 'any' && random.chance(2)) byte |= 0xc0;
  if (entry.digit >= 0) byte = (byte & 0xc7) | (entry.digit << 3);
  if (entry.rm >= 0) byte = (byte & 0xf8) | entry.rm;
  return byte;
}

const mask64 = (value: bigint) => BigInt.asUintN(64, value);

function segmentBase(memory: MemoryOperand): bigint {
  return memory.segment === 'fs' ? World.fsBase : memory.segment === 'gs' ? World.gsBase : 0n;
}

/** Linear address of a memory operand with these registers. */
export function addressOf(decoded: Decoded, memory: MemoryOperand, registers: readonly bigint[]): bigint {
  let offset = memory.absolute ?? BigInt(memory.displacement);
  if (memory.ripRelative) offset += BigInt(World.start + decoded.length);
  if (memory.base !== undefined) offset += registers[memory.base] ?? 0n;
  if (memory.index !== undefined) offset += (registers[memory.index] ?? 0n) * BigInt(memory.scale);
  offset = decoded.addressSize === 4 ? BigInt.asUintN(32, offset) : mask64(offset);
  return mask64(offset + segmentBase(memory));
}

/** Where a memory operand shall lie: nearly always in the window, sometimes where it faults. */
function wantedAddress(decoded: Decoded, random: Random): bigint {
  const size = Math.max(explicitMemory(decoded)?.size ?? 8, 1);
  if (random.chance(40))
    return BigInt(
      random.pick([World.hole, World.hole - random.below(size), World.readOnly + random.below(64)]),
    );
  if (random.chance(60) && decoded.addressSize === 8) return 0x8000000000000000n | random.word();
  let offset = 64 + random.below(World.windowSize - 128 - size);
  if (size === 16 && !random.chance(6)) offset &= ~15;
  return BigInt(World.window + offset);
}

/** The memory operand that ModRM or a moffs names; implied ones of string instructions are handled apart. */
function explicitMemory(decoded: Decoded): MemoryOperand | undefined {
  for (let place = 0; place < decoded.operands.length; place++) {
    const operand = decoded.operands[place];
    const where = decoded.entry.operands[place]?.place;
    if (operand?.kind === 'memory' && where !== 'source' && where !== 'destination') return operand;
  }
  return undefined;
}

function patchDisplacement(code: Uint8Array, decoded: Decoded, value: bigint): boolean {
  const size = decoded.displacementSize;
  const bits = size * 8;
  if (size < 4) return false;
  if (decoded.addressSize === 8 && size === 4 && BigInt.asIntN(32, value) !== BigInt.asIntN(64, value))
    return false;
  let rest = BigInt.asUintN(bits, value);
  for (let at = 0; at < size; at++) {
    code[decoded.displacementOffset + at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return true;
}

/** Gives encodings without a base register a displacement that leads to `wanted`. */
function aimDisplacement(
  code: Uint8Array,
  decoded: Decoded,
  wanted: bigint,
  index: bigint,
): Decoded | undefined {
  const memory = explicitMemory(decoded);
  if (!memory) return decoded;
  let value = wanted - segmentBase(memory);
  if (memory.ripRelative) value -= BigInt(World.start + decoded.length);
  value -= index * BigInt(memory.scale);
  if (!patchDisplacement(code, decoded, value)) return undefined;
  const again = decode(code);
  return again.ok ? again : undefined;
}

function aimBranch(code: Uint8Array, decoded: Decoded, random: Random): Decoded | undefined {
  const size = decoded.displacementSize;
  const distance = random.chance(2) ? 1 + random.below(100) : -(20 + random.below(100));
  const far = size === 4 ? distance * 8 : distance;
  for (let at = 0; at < size; at++) code[decoded.displacementOffset + at] = (far >> (at * 8)) & 0xff;
  const again = decode(code);
  return again.ok ? again : undefined;
}

/** Solves base + index·scale + displacement = wanted for the base. */
function aimRegisters(
  decoded: Decoded,
  memory: MemoryOperand,
  wanted: bigint,
  registers: bigint[],
  random: Random,
): void {
  const target = wanted - segmentBase(memory) - BigInt(memory.displacement);
  const { base, index, scale } = memory;
  if (base === undefined) {
    if (index !== undefined && decoded.addressSize === 8) registers[index] = BigInt(random.below(64));
    return;
  }
  if (base === index) {
    registers[base] = mask64(target / BigInt(scale + 1));
    return;
  }
  if (index !== undefined && random.chance(2)) registers[index] = BigInt(random.below(1000));
  const scaled = index === undefined ? 0n : (registers[index] ?? 0n) * BigInt(scale);
  registers[base] = mask64(target - scaled);
  if (decoded.addressSize === 4 && random.chance(2)) {
    registers[base] = BigInt.asUintN(32, registers[base] ?? 0n) | (random.word() & 0xffffffff00000000n);
  }
}

const flagMask = 0xcd5;
const stackOps = new Set(['push', 'pop', 'pushf', 'popf', 'call', 'ret', 'enter', 'leave']);

function littleEndian(value: bigint, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, at) => Number((value >> BigInt(at * 8)) & 0xffn));
}

/** An address in the code page, outside of the instruction, where an int3 lies. */
function landing(random: Random): bigint {
  return BigInt(World.codePage + (random.chance(2) ? random.below(0x700) : 0x900 + random.below(0x600)));
}

/** True if every byte an operand may touch is in the window or in a place that faults here and natively alike. */
function isSafe(address: bigint, size: number): boolean {
  const inWindow =
    address >= BigInt(World.window + 24) &&
    address + BigInt(size) <= BigInt(World.window + World.windowSize - 24);
  const faults = address > BigInt(World.hole - 17) && address < BigInt(World.readOnly + 0x100);
  const high = address >> 47n;
  return inWindow || faults || (high !== 0n && high !== 0x1ffffn);
}

/**
 * One case for an encoding, or undefined if these random numbers led somewhere that cannot be compared. May change
 * displacements in `code`.
 */
export function caseFor(
  entry: TableEntry,
  given: Uint8Array,
  encoded: Decoded,
  random: Random,
): Case | undefined {
  const code = given.slice();
  const registers = Array.from({ length: 16 }, () => random.value());
  const flags = (random.bits() & flagMask) | 0x202;
  let decoded = encoded;
  let patchOffset = 0;
  let patch: Uint8Array = new Uint8Array();
  const { op } = entry;

  if (decoded.operands.some(({ kind }) => kind === 'relative')) {
    const aimed = aimBranch(code, decoded, random);
    if (!aimed) return undefined;
    decoded = aimed;
  }
  const memory = explicitMemory(decoded);
  const bitTest = op === 'bt' || op === 'bts' || op === 'btr' || op === 'btc';
  const bitRegister =
    bitTest && memory && decoded.operands[1]?.kind === 'register' ? decoded.operands[1] : undefined;
  if (bitRegister) registers[bitRegister.register] = mask64(BigInt(random.below(512) - 256));
  if (memory && !entry.addressOnly) {
    const wanted = wantedAddress(decoded, random);
    aimRegisters(decoded, memory, wanted, registers, random);
    if (memory.base === undefined) {
      const index = memory.index === undefined ? 0n : (registers[memory.index] ?? 0n);
      const aimed = aimDisplacement(code, decoded, wanted, index);
      if (!aimed) return undefined;
      decoded = aimed;
    }
  }
  if (entry.rep || op === 'xlat') {
    for (const register of [6, 7]) registers[register] = BigInt(World.window + 100 + random.below(60));
    if (random.chance(30)) registers[random.pick([6, 7])] = BigInt(World.hole - random.below(32));
    registers[1] = BigInt(random.below(decoded.operandSize === 8 ? 5 : 9));
    if (op === 'xlat') registers[3] = BigInt(World.window + 24);
    if (op === 'xlat') registers[0] = ((registers[0] ?? 0n) & ~0xffn) | BigInt(random.below(128));
    if (decoded.segment)
      for (const register of [3, 6])
        registers[register] = mask64(
          (registers[register] ?? 0n) - (decoded.segment === 'fs' ? World.fsBase : World.gsBase),
        );
  }
  if (op === 'loop' || op === 'loope' || op === 'loopne' || op === 'jrcxz') {
    if (random.chance(2)) registers[1] = BigInt(random.below(3));
  }
  const usesStack = stackOps.has(op);
  if (usesStack && !(memory?.base === 4 || memory?.index === 4)) {
    registers[4] = BigInt(World.window + 96 + random.below(8) * 8 + (random.chance(8) ? random.below(8) : 0));
    if (random.chance(40)) registers[4] = BigInt(World.hole + random.below(9));
    if (op === 'leave') registers[5] = BigInt(World.window + 128 + random.below(8) * 8);
    // Frame pointers that enter copies must not be among those it writes: their order is the processor's own.
    if (op === 'enter') registers[5] = BigInt(World.window + 192 + random.below(4) * 8);
  }
  if (op === 'enter') {
    code[code.length - 1] = random.below(4);
    code[code.length - 2] = 0;
    code[code.length - 3] = (code[code.length - 3] ?? 0) & 0x1f;
    const again = decode(code);
    if (!again.ok) return undefined;
    decoded = again;
  }
  if (op === 'div' || op === 'idiv') limitDividend(decoded, registers, random);
  if ((op === 'cmpxchg' || op === 'cmpxchg8b' || op === 'cmpxchg16b') && memory && random.chance(2)) {
    const at = addressOf(decoded, memory, registers) - BigInt(World.window);
    if (at >= 0n && at < 230n) {
      patchOffset = Number(at);
      const low =
        op === 'cmpxchg8b'
          ? BigInt.asUintN(32, registers[0] ?? 0n) | (BigInt.asUintN(32, registers[2] ?? 0n) << 32n)
          : (registers[0] ?? 0n);
      patch =
        op === 'cmpxchg16b'
          ? Uint8Array.from([...littleEndian(low, 8), ...littleEndian(registers[2] ?? 0n, 8)])
          : littleEndian(low, 8);
    }
  }
  if (op === 'ret' || op === 'popf' || ((op === 'call' || op === 'jmp') && memory)) {
    const at =
      op === 'ret' || op === 'popf'
        ? (registers[4] ?? 0n)
        : addressOf(decoded, memory as MemoryOperand, registers);
    const offset = at - BigInt(World.window);
    if (offset < 0n || offset > 230n) {
      if (!isSafe(at, 8)) return undefined;
    } else {
      patchOffset = Number(offset);
      const target = random.chance(30) ? 0x8000000000000000n | random.word() : landing(random);
      patch = littleEndian(op === 'popf' ? BigInt((random.bits() & flagMask) | 2) : target, 8);
    }
  } else if (op === 'call' || op === 'jmp') {
    const [operand] = decoded.operands;
    if (operand?.kind === 'register') {
      registers[operand.register] = random.chance(30) ? 0x8000000000000000n | random.word() : landing(random);
    }
  }
  if (op === 'int') {
    code[code.length - 1] = 0x20 + random.below(0x60);
    const again = decode(code);
    if (!again.ok) return undefined;
    decoded = again;
  }
  const seed = random.bits();
  const { start } = World;
  const made: Case = { entry, decoded, code, start, steps: 0, seed, patchOffset, patch, registers, flags };
  return staysInside(made, bitRegister?.register) ? made : undefined;
}

/** Half of all dividends are made small enough that the quotient fits. */
function limitDividend(decoded: Decoded, registers: bigint[], random: Random): void {
  if (random.chance(3)) return;
  const signed = decoded.op === 'idiv' && random.chance(2);
  if (decoded.operandSize === 1) {
    registers[0] = ((registers[0] ?? 0n) & ~0xff00n) | (signed ? 0xff00n : BigInt(random.below(3)) << 8n);
    return;
  }
  registers[2] = signed ? mask64(-1n) : BigInt(random.below(3));
}

/** Checks all accesses of a case; the generator's aims can be missed where registers coincide. */
function staysInside({ entry, decoded, registers }: Case, bitRegister: number | undefined): boolean {
  const { op } = entry;
  const memory = explicitMemory(decoded);
  if (memory && !entry.addressOnly) {
    const address = addressOf(decoded, memory, registers);
    const reach =
      bitRegister === undefined
        ? 0n
        : BigInt.asIntN(decoded.operandSize * 8, registers[bitRegister] ?? 0n) >> 3n;
    if (reach < -40n || reach > 40n) return false;
    if (!isSafe(address, Math.max(memory.size, 1))) return false;
    if (reach !== 0n && !isSafe(mask64(address + (reach & ~7n)), 8)) return false;
    // An address that wraps around, or a stack access that page-faults on the way, is not the subject here.
    if (op === 'pop' && memory.base === 4) return false;
  }
  if (entry.rep) {
    for (const register of [6, 7]) {
      const base =
        register === 6 && decoded.segment ? (decoded.segment === 'fs' ? World.fsBase : World.gsBase) : 0n;
      const offset =
        decoded.addressSize === 4
          ? BigInt.asUintN(32, registers[register] ?? 0n)
          : (registers[register] ?? 0n);
      if (!isSafe(mask64(offset + base), 8)) return false;
    }
  }
  if (op === 'xlat') {
    const base = decoded.segment ? (decoded.segment === 'fs' ? World.fsBase : World.gsBase) : 0n;
    const offset = (registers[3] ?? 0n) + ((registers[0] ?? 0n) & 0xffn);
    return isSafe(mask64((decoded.addressSize === 4 ? BigInt.asUintN(32, offset) : offset) + base), 1);
  }
  if (stackOps.has(op)) {
    const stack = registers[op === 'leave' ? 5 : 4] ?? 0n;
    if (!isSafe(stack, 8) || !isSafe(mask64(stack - 40n), 8)) return false;
  }
  if (
    (op === 'shld' || op === 'shrd') &&
    decoded.operandSize === 2 &&
    (countOf(decoded, registers) ?? 0) > 16
  )
    return false;
  return !(op === 'bswap' && decoded.operandSize === 2);
}

/** The masked count of a shift or rotate; undefined for other instructions. */
function countOf(decoded: Decoded, registers: readonly bigint[]): number | undefined {
  if (decoded.entry.undefinedUnlessOne === 0) return undefined;
  const last = decoded.operands[decoded.operands.length - 1];
  const count =
    last?.kind === 'immediate' ? Number(last.value & 0xffn) : Number((registers[1] ?? 0n) & 0xffn);
  return count & (decoded.operandSize === 8 ? 63 : 31);
}

/** Flags that the architecture leaves undefined for this case. */
export function undefinedFlagsOf(decoded: Decoded, registers: readonly bigint[]): number {
  const { entry } = decoded;
  const count = countOf(decoded, registers);
  if (count === undefined) return entry.undefinedFlags;
  if (count === 0) return 0;
  let flags = entry.undefinedFlags;
  if (count !== 1) flags |= entry.undefinedUnlessOne;
  if (count >= decoded.operandSize * 8) flags |= entry.undefinedFromSize;
  return flags;
}
