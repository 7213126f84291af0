/**
 * A decoded instruction as text, in the words, order and spacing of GNU objdump 2.40 (`-d` and `-d -M intel`).
 *
 * Exact for everything that gcc emits without vector units; x87, SSE and AVX are named rightly, but some of their AT&T
 * suffixes and pseudo-names (cmpltps) are objdump's alone.
 */
import type { Decoded } from './decode';
import { mnemonicOf, type Syntax } from './format/names';
import { addressText, operandText, type Printing, type Symbolize } from './format/operands';
import { isWordNop, prefixWords } from './format/prefixes';

export type { Syntax } from './format/names';
export type { Symbolize } from './format/operands';

/** Operands that no byte encodes and that objdump names all the same, in Intel order. */
function implied(decoded: Decoded, syntax: Syntax): string[] {
  const percent = syntax === 'att' ? '%' : '';
  const registers = (...names: string[]) => names.map((name) => percent + name);
  if (decoded.op === 'xlat') return [syntax === 'att' ? '%ds:(%rbx)' : 'BYTE PTR ds:[rbx]'];
  if (isWordNop(decoded)) return registers('ax', 'ax');
  if (decoded.op === 'mwait' && syntax === 'att') return ['%ecx', '%eax'];
  if (decoded.op === 'monitor' && syntax === 'att') return ['%edx', '%ecx', '%rax'];
  return [];
}

/** objdump leaves the constant 1 of the one-byte shifts unwritten in AT&T syntax, and writes it in Intel's. */
function isUnwritten(decoded: Decoded, place: number, syntax: Syntax): boolean {
  return syntax === 'att' && decoded.entry.operands[place]?.place === 'one';
}

/**
 * Text of one instruction at `address`. `symbolize` names branch and rip-relative targets; without it they are plain
 * addresses. A rip-relative operand is followed by `        # target`, as objdump does.
 */
export function disassemble(
  decoded: Decoded,
  address: bigint,
  syntax: Syntax = 'att',
  symbolize?: Symbolize,
): string {
  const printing: Printing = { decoded, address, syntax, symbolize, target: undefined };
  const words = [...prefixWords(decoded), mnemonicOf(decoded, syntax)].join(' ');
  const operands = implied(decoded, syntax);
  for (let place = 0; place < decoded.operands.length; place++) {
    const operand = decoded.operands[place];
    if (operand && !isUnwritten(decoded, place, syntax)) operands.push(operandText(printing, operand, place));
  }
  if (operands.length === 0) return words;
  // AT&T keeps Intel's order for enter.
  if (syntax === 'att' && decoded.op !== 'enter') operands.reverse();
  const text = `${words.padEnd(6)} ${operands.join(',')}`;
  return printing.target === undefined ? text : `${text}        # ${addressText(printing.target, symbolize)}`;
}
