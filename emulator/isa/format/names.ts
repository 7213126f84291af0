/** Mnemonics as objdump spells them in either syntax, where they differ from the table's word. */
import type { Decoded } from '../decode';
import { isWordNop } from './prefixes';

export type Syntax = 'intel' | 'att';

const convert = {
  intel: { 2: 'cbw', 4: 'cwde', 8: 'cdqe' },
  att: { 2: 'cbtw', 4: 'cwtl', 8: 'cltq' },
} as const;
const extend = { intel: { 2: 'cwd', 4: 'cdq', 8: 'cqo' }, att: { 2: 'cwtd', 4: 'cltd', 8: 'cqto' } } as const;
const letters = { 1: 'b', 2: 'w', 4: 'l', 8: 'q' } as const;

/** AT&T's letter for a size in bytes. */
export function suffixOf(size: 1 | 2 | 4 | 8): string {
  return letters[size];
}

function wordSize(size: number): 2 | 4 | 8 {
  return size === 2 || size === 8 ? size : 4;
}

/** Instructions whose only sized operand may be memory and that AT&T marks with a letter then. */
const suffixed = new Set([
  ...[
    'add',
    'or',
    'adc',
    'sbb',
    'and',
    'sub',
    'xor',
    'cmp',
    'test',
    'inc',
    'dec',
    'neg',
    'not',
    'mul',
    'imul',
    'div',
  ],
  ...['idiv', 'rol', 'ror', 'rcl', 'rcr', 'shl', 'shr', 'sar', 'mov', 'bt', 'bts', 'btr', 'btc', 'nop'],
]);

function showsSize(decoded: Decoded): boolean {
  return decoded.operands.some(
    (operand, place) => operand.kind === 'register' && decoded.entry.operands[place]?.code !== 'cl',
  );
}

const realLetters: Readonly<Record<number, string>> = { 4: 's', 8: 'l', 10: 't' };
const integerLetters: Readonly<Record<number, string>> = { 2: 's', 4: 'l', 8: 'll' };

/** x87: memory operands are marked by their format; and since its first assembler AT&T swaps these reversed pairs. */
function attFloatName(decoded: Decoded): string {
  const { mnemonic, opcode } = decoded.entry;
  const memory = decoded.operands.find((operand) => operand.kind === 'memory');
  if (memory?.kind !== 'memory') {
    if (opcode !== 0xdc && opcode !== 0xde) return mnemonic;
    return mnemonic.replace(
      /^f(sub|div)(r?)(p?)$/,
      (_, name: string, r: string, p: string) => `f${name}${r ? '' : 'r'}${p}`,
    );
  }
  if (/^f(i(?!ncstp)|ist)/.test(mnemonic)) return mnemonic + (integerLetters[memory.size] ?? '');
  return /^f(ld|st|stp|add|mul|com|comp|sub|subr|div|divr)$/.test(mnemonic)
    ? mnemonic + (realLetters[memory.size] ?? '')
    : mnemonic;
}

function attName(decoded: Decoded): string {
  const { entry, op, operandSize, operands } = decoded;
  if (entry.extension === 'x87') return attFloatName(decoded);
  const letter = suffixOf(operandSize);
  switch (op) {
    case 'movzx':
    case 'movsx': {
      if (entry.att === 'movsl') return operandSize === 8 ? 'movslq' : 'movsxd';
      return entry.att + letter;
    }
    case 'movs':
    case 'cmps':
      return entry.mnemonic + letter;
    case 'ins':
    case 'outs':
      return entry.mnemonic + (operandSize === 8 ? 'l' : letter);
    case 'retFar':
      return operandSize === 4 ? 'lret' : `lret${letter}`;
    case 'sysret':
      return operandSize === 8 ? 'sysretq' : 'sysretl';
    case 'iret':
      return operandSize === 4 ? 'iret' : `iret${letter}`;
    case 'callFar':
    case 'jmpFar':
      return entry.att;
    case 'pushf':
    case 'popf':
    case 'push':
    case 'pop':
      return operandSize === 2 && !showsSize(decoded) ? `${entry.mnemonic}w` : entry.mnemonic;
    default: {
      const memory = operands.some((operand) => operand.kind === 'memory');
      const special =
        entry.mnemonic.startsWith('prefetch') || entry.mnemonic === 'movabs' || entry.mnemonic === 'cldemote';
      if (memory && suffixed.has(op) && !showsSize(decoded) && !special) return entry.mnemonic + letter;
      return entry.att;
    }
  }
}

/** The mnemonic of a decoded instruction, with its suffix in AT&T syntax. */
export function mnemonicOf(decoded: Decoded, syntax: Syntax): string {
  const { entry, op, operandSize } = decoded;
  const size = wordSize(operandSize);
  if (op === 'convert') return convert[syntax][size];
  if (op === 'extend') return extend[syntax][size];
  if (op === 'mov' && entry.operands[1]?.code === 'Iv' && operandSize === 8) return 'movabs';
  if (op === 'jrcxz' && decoded.addressSize === 4) return 'jecxz';
  if (isWordNop(decoded)) return 'xchg';
  if (syntax === 'att') return attName(decoded);
  if (op === 'push' && operandSize === 2 && decoded.operands[0]?.kind === 'immediate') return 'pushw';
  if (op === 'iret') return operandSize === 4 ? 'iret' : operandSize === 8 ? 'iretq' : 'iretw';
  if (op === 'sysret') return operandSize === 8 ? 'sysretq' : 'sysretd';
  if (op === 'retFar') return operandSize === 4 ? 'retf' : operandSize === 8 ? 'retfq' : 'retfw';
  if ((op === 'pushf' || op === 'popf') && operandSize === 2) return `${entry.mnemonic}w`;
  return entry.mnemonic;
}
