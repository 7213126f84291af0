/** Parses AT&T operands: `%reg`, `$immediate`, `segment:displacement(base,index,scale)`, branch targets, `*indirect`. */
import type { EncodeImmediate, EncodeMemory, EncodeOperand } from '../match';
import { AssemblyError, type Expression, parseExpression, Scanner } from './expression';
import { type NamedRegister, registerNamed, type SegmentName, segmentName } from './registers';

/**
 * One operand as written. `expression` is the symbolic part of an immediate, a displacement or a target, still to be
 * evaluated; `plain` marks a bare expression that is memory for a data instruction and a target for a branch.
 */
export interface ParsedOperand {
  operand: EncodeOperand;
  expression?: Expression;
  indirect: boolean;
  plain: boolean;
}

const registerPattern = /st\s*\(\s*[0-7]\s*\)|[A-Za-z][A-Za-z0-9]*/y;

function readRegister(scanner: Scanner): NamedRegister {
  scanner.expect('%');
  const word = scanner.match(registerPattern) ?? '';
  const register = registerNamed(word.toLowerCase().replace(/\s/g, ''));
  if (!register) throw new AssemblyError(`bad register name '%${word}'`);
  return register;
}

/** Reads `(base,index,scale)` into `memory`. */
function readBase(scanner: Scanner, memory: EncodeMemory): void {
  scanner.expect('(');
  let size = 8;
  if (scanner.peek() === '%') {
    const base = readRegister(scanner);
    size = base.size;
    if (base.kind === 'rip') memory.ripRelative = true;
    else if (base.kind === 'register' && base.size >= 2) memory.base = base.register;
    else throw new AssemblyError('the base must be a 32-bit or 64-bit general register, or %rip');
  }
  if (scanner.accept(',')) {
    if (scanner.peek() === '%') {
      const index = readRegister(scanner);
      size = index.size;
      if (index.kind === 'register' && !(index.register === 4)) memory.index = index.register;
      else if (index.kind !== 'none') throw new AssemblyError('this register cannot be an index');
    }
    if (scanner.accept(',')) {
      const scale = scanner.match(/[1248](?![0-9])/y);
      if (scale === undefined && scanner.peek() !== ')')
        throw new AssemblyError('the scale must be 1, 2, 4 or 8');
      if (scale !== undefined) memory.scale = Number(scale) as 1 | 2 | 4 | 8;
    }
  }
  scanner.expect(')');
  if (size === 4) memory.addressSize = 4;
}

/** True if the `(` here opens a base and index, not a parenthesized expression. */
function opensBase(scanner: Scanner): boolean {
  if (scanner.peek() !== '(') return false;
  return /^\(\s*[%,]/.test(scanner.rest());
}

function readMemory(scanner: Scanner, segment: SegmentName | undefined): ParsedOperand {
  const memory: EncodeMemory = { kind: 'memory' };
  if (segment) memory.segment = segment;
  let expression: Expression | undefined;
  if (!opensBase(scanner)) expression = parseExpression(scanner);
  const plain = !opensBase(scanner);
  if (!plain) readBase(scanner, memory);
  return { operand: memory, expression, indirect: false, plain };
}

/** Parses one operand at the scanner. Throws AssemblyError. */
export function parseOperand(scanner: Scanner): ParsedOperand {
  const indirect = scanner.accept('*');
  if (scanner.accept('$')) {
    const operand: EncodeImmediate = { kind: 'immediate', value: 0 };
    return { operand, expression: parseExpression(scanner), indirect, plain: false };
  }
  if (scanner.peek() !== '%') return { ...readMemory(scanner, undefined), indirect };
  const register = readRegister(scanner);
  if (register.kind === 'segment' && scanner.accept(':')) {
    return { ...readMemory(scanner, segmentName(register.register) as SegmentName), indirect };
  }
  if (register.kind === 'rip' || register.kind === 'none') throw new AssemblyError('%rip is only a base');
  return { operand: register, indirect, plain: false };
}

/** Parses all operands of an instruction, in AT&T order. Throws AssemblyError. */
export function parseOperands(text: string): ParsedOperand[] {
  const scanner = new Scanner(text);
  const operands: ParsedOperand[] = [];
  if (scanner.atEnd()) return operands;
  do operands.push(parseOperand(scanner));
  while (scanner.accept(','));
  if (!scanner.atEnd()) throw new AssemblyError(`junk '${scanner.rest()}' after operand`);
  return operands;
}
