/** One operand as text, in both syntaxes. */
import { generalName, segmentName } from '../att/registers';
import type { Decoded, MemoryOperand, Operand } from '../decode';
import type { Syntax } from './names';

/** Names an address: `symbol+0x10`, or undefined where there is no symbol. */
export type Symbolize = (address: bigint) => string | undefined;

/** What operands are printed with. `target` collects the address that a rip-relative operand names. */
export interface Printing {
  decoded: Decoded;
  address: bigint;
  syntax: Syntax;
  symbolize: Symbolize | undefined;
  target: bigint | undefined;
}

function hex(value: bigint | number): string {
  return value < 0 ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}

/** An address as objdump prints it: bare digits and `<symbol>`, or 0x… if nothing names it. */
export function addressText(address: bigint, symbolize: Symbolize | undefined): string {
  const symbol = symbolize?.(address);
  return symbol === undefined ? `0x${address.toString(16)}` : `${address.toString(16)} <${symbol}>`;
}

function specialName(
  operand: Exclude<Operand, { kind: 'memory' | 'immediate' | 'relative' | 'register' }>,
  syntax: Syntax,
): string {
  switch (operand.kind) {
    case 'segment':
      return operand.register > 5 ? '?' : segmentName(operand.register);
    case 'control':
      return `cr${operand.register}`;
    case 'debug':
      return syntax === 'att' ? `db${operand.register}` : `dr${operand.register}`;
    case 'vector':
      return `${operand.size === 32 ? 'y' : 'x'}mm${operand.register}`;
    case 'mmx':
      return `mm${operand.register}`;
    case 'x87':
      return `st(${operand.register})`;
  }
}

const pointers: Readonly<Record<number, string>> = {
  1: 'BYTE PTR ',
  2: 'WORD PTR ',
  4: 'DWORD PTR ',
  8: 'QWORD PTR ',
  10: 'TBYTE PTR ',
  16: 'XMMWORD PTR ',
  32: 'YMMWORD PTR ',
};

function pointer(printing: Printing, memory: MemoryOperand): string {
  const { decoded } = printing;
  switch (decoded.op) {
    case 'callFar':
    case 'jmpFar':
    case 'lss':
    case 'lfs':
    case 'lgs':
      return decoded.operandSize === 2 ? 'DWORD PTR ' : 'FWORD PTR ';
    case 'cmpxchg16b':
      return 'OWORD PTR ';
    case 'invpcid':
      return '';
    default:
      return pointers[memory.size] ?? '';
  }
}

/** The implied operands of string instructions and xlat name their segments. */
function stringMemory(memory: MemoryOperand, destination: boolean, size: 4 | 8, syntax: Syntax): string {
  const segment = destination ? 'es' : (memory.segment ?? 'ds');
  const base = generalName(memory.base ?? 0, size);
  return syntax === 'att' ? `%${segment}:(%${base})` : `${segment}:[${base}]`;
}

/** SIB bytes whose index is none, but which are needed for nothing else, show it as riz. */
function hasPseudoIndex(decoded: Decoded, memory: MemoryOperand): boolean {
  if (memory.index !== undefined || memory.ripRelative || (decoded.modrm & 7) !== 4) return false;
  return memory.scale !== 1 || (memory.base !== undefined && (memory.base & 7) !== 4);
}

function absoluteText(printing: Printing, memory: MemoryOperand): string {
  const bits = printing.decoded.addressSize === 4 ? 32 : 64;
  return `0x${BigInt.asUintN(bits, memory.absolute ?? BigInt(memory.displacement)).toString(16)}`;
}

/** objdump prints a displacement from rip unsigned, all others with their sign. */
function intelDisplacement({ displacement, ripRelative }: MemoryOperand): string {
  if (displacement >= 0) return `+${hex(displacement)}`;
  return ripRelative ? `+0x${BigInt.asUintN(64, BigInt(displacement)).toString(16)}` : hex(displacement);
}

function memoryText(printing: Printing, memory: MemoryOperand): string {
  const { decoded, syntax } = printing;
  const size = decoded.addressSize;
  const attSyntax = syntax === 'att';
  const segment = memory.segment ? `${attSyntax ? '%' : ''}${memory.segment}:` : '';
  const index = memory.index ?? -1;
  const pseudo = hasPseudoIndex(decoded, memory);
  const indexName = index >= 0 ? generalName(index, size) : pseudo ? (size === 8 ? 'riz' : 'eiz') : '';
  let baseName = memory.base === undefined ? '' : generalName(memory.base, size);
  if (memory.ripRelative) {
    baseName = size === 8 ? 'rip' : 'eip';
    printing.target = BigInt.asUintN(64, printing.address + BigInt(decoded.length + memory.displacement));
  }
  if (baseName === '' && indexName === '') {
    const text = absoluteText(printing, memory);
    return attSyntax ? segment + text : `${segment === '' ? 'ds:' : segment}${text}`;
  }
  const shown = decoded.displacementSize > 0 || baseName === '';
  if (attSyntax) {
    const displacement = shown ? hex(memory.displacement) : '';
    const inside =
      (baseName === '' ? '' : `%${baseName}`) + (indexName === '' ? '' : `,%${indexName},${memory.scale}`);
    return `${segment}${displacement}(${inside})`;
  }
  const parts = [baseName, indexName === '' ? '' : `${indexName}*${memory.scale}`].filter(
    (part) => part !== '',
  );
  const displacement = shown ? intelDisplacement(memory) : '';
  return `${segment}[${parts.join('+')}${displacement}]`;
}

function immediateText(
  printing: Printing,
  operand: Extract<Operand, { kind: 'immediate' }>,
  place: number,
): string {
  const { decoded, syntax } = printing;
  const form = decoded.entry.operands[place];
  if (form?.place === 'one') return '1';
  const bytes = form?.signed ? decoded.operandSize : operand.size;
  const value = BigInt.asUintN(Math.max(bytes, 1) * 8, operand.value);
  return `${syntax === 'att' ? '$' : ''}0x${value.toString(16)}`;
}

/** Text of operand `place`. Call in printing order: it notes the target of a rip-relative operand. */
export function operandText(printing: Printing, operand: Operand, place: number): string {
  const { decoded, syntax, address } = printing;
  const percent = syntax === 'att' ? '%' : '';
  const form = decoded.entry.operands[place];
  switch (operand.kind) {
    case 'register': {
      const port =
        (decoded.op === 'in' || decoded.op === 'out' || decoded.op === 'ins' || decoded.op === 'outs') &&
        form?.code === 'dx';
      const name = percent + generalName(operand.register, operand.size, operand.high);
      if (port && syntax === 'att') return `(${name})`;
      return decoded.entry.force64 && syntax === 'att' ? `*${name}` : name;
    }
    case 'memory': {
      if (form?.place === 'source' || form?.place === 'destination') {
        const text = stringMemory(operand, form.place === 'destination', decoded.addressSize, syntax);
        return syntax === 'att' ? text : (pointers[operand.size] ?? '') + text;
      }
      const text = memoryText(printing, operand);
      if (syntax === 'intel') return form?.place === 'offset' ? text : pointer(printing, operand) + text;
      const indirect = decoded.entry.force64 || decoded.op === 'callFar' || decoded.op === 'jmpFar';
      return indirect ? `*${text}` : text;
    }
    case 'immediate':
      return immediateText(printing, operand, place);
    case 'relative':
      return addressText(
        BigInt.asUintN(64, address + BigInt(decoded.length + operand.displacement)),
        printing.symbolize,
      );
    default:
      // The register that x87 instructions imply is st, one that they encode st(n).
      if (operand.kind === 'x87' && form?.place === 'fixed') return `${percent}st`;
      return percent + specialName(operand, syntax);
  }
}
