/** Which prefix bytes an instruction did not use: objdump prints those as words of their own before the mnemonic. */
import type { Decoded } from '../decode';

const names: Readonly<Record<number, string>> = {
  38: 'es',
  46: 'cs',
  54: 'ss',
  62: 'ds',
  100: 'fs',
  101: 'gs',
  102: 'data16',
  103: 'addr32',
  240: 'lock',
  242: 'repnz',
  243: 'repz',
};

function hasMemory(decoded: Decoded): boolean {
  return decoded.operands.some((operand) => operand.kind === 'memory');
}

/** A near branch, call or return, on which F2 is `bnd` and, if indirect, 3E is `notrack`. */
function isBranch(decoded: Decoded): boolean {
  return decoded.entry.force64 && decoded.op !== 'loop' && decoded.op !== 'loope' && decoded.op !== 'loopne';
}

function rexName(rex: number): string {
  const letters = [rex & 8 ? 'W' : '', rex & 4 ? 'R' : '', rex & 2 ? 'X' : '', rex & 1 ? 'B' : ''].join('');
  return letters === '' ? 'rex' : `rex.${letters}`;
}

/** The REX bits that mean something here; 0x40 itself where it selects spl…dil. */
function usedRex(decoded: Decoded): number {
  const { entry, operands, modrm } = decoded;
  let used = 0;
  const far = decoded.op === 'callFar' || decoded.op === 'jmpFar';
  const ruled =
    !far && (entry.sizing === 'v' || entry.sizing === 'y' || entry.operands.some(({ size }) => size === 'y'));
  if ((ruled && !(entry.default64 && decoded.operandSize === 8)) || entry.w >= 0) used |= 8;
  for (let place = 0; place < operands.length; place++) {
    const operand = operands[place];
    const form = entry.operands[place];
    if (!operand || !form) continue;
    if (form.place === 'reg' && form.class !== 'mmx' && form.class !== 'segment') used |= 4;
    if (form.place === 'opcode') used |= 1;
    if (form.place === 'rm') {
      if (operand.kind === 'memory') {
        if ((modrm & 7) === 4) used |= 2;
        if (!operand.ripRelative) used |= 1;
      } else if (operand.kind !== 'mmx' && operand.kind !== 'x87') used |= 1;
    }
    if (operand.kind === 'register' && operand.size === 1 && form.place !== 'fixed') used |= 0x40;
  }
  return used;
}

/** Removes the last `byte` from `rest`: this one was used. */
function take(rest: number[], byte: number): boolean {
  const at = rest.lastIndexOf(byte);
  if (at < 0) return false;
  rest.splice(at, 1);
  return true;
}

function takeSegment(decoded: Decoded, rest: number[]): void {
  for (const operand of decoded.operands) {
    if (operand.kind === 'memory' && operand.segment) take(rest, operand.segment === 'fs' ? 0x64 : 0x65);
  }
}

/** 66 90: a nop that objdump calls by its other name, xchg %ax,%ax. */
export function isWordNop(decoded: Decoded): boolean {
  return (
    decoded.entry.map === 0 &&
    decoded.entry.opcode === 0x90 &&
    decoded.op === 'nop' &&
    decoded.prefixes.includes(0x66) &&
    decoded.entry.prefix === 'any'
  );
}

/** Words to print before the mnemonic: repeat and lock prefixes that count, and prefixes without effect. */
export function prefixWords(decoded: Decoded): string[] {
  const rest = [...decoded.prefixes];
  if (rest.length === 0) return rest.map(String);
  const { entry } = decoded;
  const sized = entry.sizing === 'v' || entry.operands.some(({ size }) => size === 'v' || size === 'z');
  if (entry.prefix === '66' || isWordNop(decoded) || (sized && !entry.force64 && decoded.operandSize === 2))
    take(rest, 0x66);
  if (entry.prefix === 'f2' || entry.prefix === 'f3') take(rest, entry.prefix === 'f2' ? 0xf2 : 0xf3);
  if (hasMemory(decoded) || decoded.op === 'jrcxz' || decoded.op.startsWith('loop')) take(rest, 0x67);
  takeSegment(decoded, rest);
  if (decoded.rex !== 0 && (decoded.rex & 15 & ~usedRex(decoded)) === 0) {
    if ((decoded.rex & 15) !== 0 || usedRex(decoded) & 0x40) take(rest, decoded.rex);
  }
  const branch = isBranch(decoded);
  return rest.map((byte) => {
    if (byte >= 0x40 && byte <= 0x4f) return rexName(byte);
    if (byte === 0xf3 && entry.rep === 'rep') return 'rep';
    if (byte === 0xf2 && branch) return 'bnd';
    if (byte === 0x3e && branch && decoded.modrm >= 0) return 'notrack';
    return names[byte] ?? '?';
  });
}
