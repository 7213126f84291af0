/**
 * Inline assembly after allocation: puts the operands' names into the text and has it assembled.
 *
 * Operand modifiers are those that gcc documents for x86 (b w k q h P c l a n and none) on AT&T syntax.
 */
import type { Asm, AsmOperand } from '../ir/ir';
import { INCOMING, NONE } from '../ir/ir';
import { selectFlag } from './arithmetic';
import type { Machine } from './machine';
import { RBP } from './timing';

/** Assembles text at the current place of the function being emitted. */
export interface AsmAssembler {
  /** Code for `text`; other sections' contents go to the unit. `position` is a mark of the function's emitter. */
  assemble(m: Machine, text: string, instruction: Asm): void;
  /** A label that names a block of the current function in assembly text. */
  blockLabel(block: number): string;
  /** A number not used before in this unit, for %=. */
  unique(): number;
  report(instruction: Asm, message: string): void;
}

const NAMES_64 = ['rax', 'rcx', 'rdx', 'rbx', 'rsp', 'rbp', 'rsi', 'rdi'];
const NAMES_8 = ['al', 'cl', 'dl', 'bl', 'spl', 'bpl', 'sil', 'dil'];

/** The AT&T name of a general register at a width in bytes; `high` for ah, ch, dh, bh. */
export function registerName(number: number, size: number, high = false): string {
  if (number >= 8) return `%r${number}${size === 8 ? '' : size === 4 ? 'd' : size === 2 ? 'w' : 'b'}`;
  const base = NAMES_64[number].slice(1);
  if (size === 8) return `%r${base}`;
  if (size === 4) return `%e${base}`;
  if (size === 2) return `%${base}`;
  return high ? `%${base[0]}h` : `%${NAMES_8[number]}`;
}

const MODIFIER_SIZES: Readonly<Record<string, number>> = { b: 1, w: 2, k: 4, q: 8 };

function memoryText(m: Machine, operand: AsmOperand, modifier: string): string {
  const address = operand.address;
  if (!address) return '';
  let offset = address.offset;
  let base = address.base === NONE ? '' : registerName(m.registerOf(address.base), 8);
  if (address.slot === INCOMING) {
    base = registerName(RBP, 8);
    offset += 16;
  } else if (address.slot !== NONE) {
    base = registerName(RBP, 8);
    offset += m.frame.slots[address.slot];
  }
  if (modifier === 'H') offset += 8;
  const index =
    address.index === NONE ? '' : `,${registerName(m.registerOf(address.index), 8)},${address.scale}`;
  const segment = address.segment ? `%${address.segment}:` : '';
  const plus = offset !== 0 || address.symbol === undefined ? String(offset) : '';
  const sum =
    address.symbol === undefined ? plus : `${address.symbol}${plus && offset > 0 ? `+${plus}` : plus}`;
  if (base === '' && index === '') {
    return modifier === 'P' || address.symbol === undefined ? `${segment}${sum}` : `${segment}${sum}(%rip)`;
  }
  return `${segment}${sum}(${base}${index})`;
}

function symbolText(operand: AsmOperand): string {
  const offset = operand.address?.offset ?? 0;
  return `${operand.address?.symbol ?? ''}${offset > 0 ? `+${offset}` : offset < 0 ? offset : ''}`;
}

function operandText(m: Machine, operand: AsmOperand, modifier: string): string {
  const bare = modifier === 'P' || modifier === 'c' || modifier === 'p';
  switch (operand.kind) {
    case 'register': {
      const number = m.registerOf(operand.register);

      if (modifier === 'h') return registerName(number, 1, true);
      const name = registerName(number, MODIFIER_SIZES[modifier] ?? operand.size);
      return modifier === 'a' ? `(${registerName(number, 8)})` : name;
    }
    case 'memory':
      return memoryText(m, operand, modifier);
    case 'immediate': {
      const value = modifier === 'n' ? -operand.value : operand.value;
      return bare || modifier === 'n' || modifier === 'a' ? String(value) : `$${value}`;
    }
    case 'symbol':
      if (modifier === 'a') return `${symbolText(operand)}(%rip)`;
      return bare ? symbolText(operand) : `$${symbolText(operand)}`;
  }
}

/** Flag suffixes of =@ccCOND that differ from the instruction set's. */
const FLAG_SUFFIX: Readonly<Record<string, string>> = {
  z: 'e',
  nz: 'ne',
  c: 'b',
  nc: 'ae',
  nae: 'b',
  nb: 'ae',
  na: 'be',
  nbe: 'a',
  nl: 'ge',
  nge: 'l',
  ng: 'le',
  nle: 'g',
};

/** The statement's text with operands in place. */
export function asmText(m: Machine, instruction: Asm, assembler: AsmAssembler): string {
  let text = '';
  let unique: number | undefined;
  for (const piece of instruction.pieces) {
    switch (piece.kind) {
      case 'text':
        text += piece.text;
        break;
      case 'label':
        text += assembler.blockLabel(piece.block);
        break;
      case 'unique':
        unique ??= assembler.unique();
        text += String(unique);
        break;
      case 'operand': {
        const operand = instruction.operands[piece.index];
        if (operand) text += operandText(m, operand, piece.modifier);
        break;
      }
    }
  }
  return text;
}

/** Emits an asm statement. */
export function selectAsm(m: Machine, instruction: Asm, assembler: AsmAssembler): void {
  for (const operand of instruction.operands) {
    if (operand.kind === 'immediate' && operand.register !== NONE) {
      assembler.report(instruction, 'impossible constraint in asm: the operand is not a constant');
      return;
    }
    if (operand.kind === 'register' && m.registerOf(operand.register) === NONE) {
      assembler.report(instruction, 'asm operands need more registers than there are');
      return;
    }
  }
  const text = asmText(m, instruction, assembler);
  if (text.trim() !== '') assembler.assemble(m, text, instruction);
  for (const { output, condition } of instruction.flags) {
    selectFlag(m, FLAG_SUFFIX[condition] ?? condition, instruction.outputs[output]);
  }
}
