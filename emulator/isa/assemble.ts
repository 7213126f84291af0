/**
 * One AT&T instruction to bytes. Symbols become fixups whose `symbol` is an index into the caller's list of expressions;
 * a jump that may be short or near is handed back to the caller, who knows the distances. Directives, labels and macros
 * are not known here (cc/asm).
 */
import { AssemblyError, absolute, type Expression, evaluate, type Resolver } from './att/expression';
import { type Mnemonic, mnemonicNamed } from './att/mnemonic';
import { type ParsedOperand, parseOperands } from './att/operand';
import type { CodeBuffer } from './buffer';
import { choose, EncodeError, type EncodeOperand, encodeWith, type Prefixed, rowsNamed } from './encode';

export { AssemblyError, type Expression } from './att/expression';

/** A conditional or unconditional jump to a label: the opcode bytes of both its forms (8-bit and 32-bit displacement). */
export interface RelaxableJump {
  target: Expression;
  short: readonly number[];
  near: readonly number[];
}

/** What the assembler of one instruction asks of its surroundings. */
export interface AssembleContext extends Resolver {
  /** Fixups refer to expressions by their index here; the assembler appends to it. */
  expressions: Expression[];
}

interface PrefixWords extends Prefixed {
  /** Prefix bytes with no other meaning here (data16, cs, rex.w…). */
  raw: number[];
}

const prefixBytes: Readonly<Record<string, number>> = {
  data16: 0x66,
  data32: 0x66,
  addr32: 0x67,
  addr16: 0x67,
  cs: 0x2e,
  ss: 0x36,
  ds: 0x3e,
  es: 0x26,
  fs: 0x64,
  gs: 0x65,
  bnd: 0xf2,
  xacquire: 0xf2,
  xrelease: 0xf3,
  rex64: 0x48,
  'rex.w': 0x48,
};

const wordPattern = /^\s*([A-Za-z][A-Za-z0-9_.]*)\s*/;

/** Takes one prefix word; false if the word is none. */
function takePrefix(word: string, found: PrefixWords): boolean {
  if (word === 'lock') found.lock = true;
  else if (word === 'rep' || word === 'repe' || word === 'repz') found.repeat = 0xf3;
  else if (word === 'repne' || word === 'repnz') found.repeat = 0xf2;
  else if (word === 'notrack') found.notrack = true;
  else {
    const byte = prefixBytes[word];
    if (byte === undefined) return false;
    found.raw.push(byte);
  }
  return true;
}

function isBranch(mnemonic: Mnemonic): boolean {
  return mnemonic.rows.some((entry) => entry.operands[0]?.place === 'relative');
}

/** Puts numbers and symbols into the operands, and turns AT&T order into Intel's. */
function resolveOperands(
  parsed: ParsedOperand[],
  branch: boolean,
  wide: boolean,
  context: AssembleContext,
): EncodeOperand[] {
  return parsed
    .map(({ operand, expression, indirect, plain }): EncodeOperand => {
      if (!expression) return operand;
      if (branch && plain && !indirect) return target(expression, context);
      const value = evaluate(expression, context);
      const symbolic = value.add !== undefined || value.subtract !== undefined;
      const symbol = symbolic ? context.expressions.push(expression) - 1 : undefined;
      if (operand.kind === 'immediate')
        return { kind: 'immediate', value: symbolic ? 0 : value.constant, symbol };
      if (operand.kind !== 'memory') return operand;
      if (wide && plain) return { ...operand, absolute: symbolic ? 0n : value.constant, symbol };
      if (operand.ripRelative && !symbolic)
        return { ...operand, displacement: displacementOf(value.constant) };
      return { ...operand, displacement: symbolic ? 0 : displacementOf(value.constant), symbol };
    })
    .reverse();
}

/** A branch target; a plain number is an address that only the linker can reach, so it stays an expression. */
function target(expression: Expression, context: AssembleContext): EncodeOperand {
  return { kind: 'target', symbol: context.expressions.push(expression) - 1 };
}

function displacementOf(value: bigint): number {
  const signed = BigInt.asIntN(64, value);
  if (signed >= -0x80000000n && signed <= 0xffffffffn) return Number(BigInt.asIntN(32, signed));
  throw new AssemblyError(
    `0x${BigInt.asUintN(64, value).toString(16)} is no 32-bit displacement; use movabs`,
  );
}

const shiftOps = new Set(['rol', 'ror', 'rcl', 'rcr', 'shl', 'shr', 'sar']);

/** Spells out what AT&T lets one leave away, and orders what it lets one write in either order. */
function complete(mnemonic: Mnemonic, operands: EncodeOperand[]): EncodeOperand[] {
  const op = mnemonic.rows[0]?.op;
  const [first, second] = operands;
  if (op === undefined) return operands;
  if (shiftOps.has(op) && operands.length === 1) return [...operands, { kind: 'immediate', value: 1 }];
  if ((op === 'shld' || op === 'shrd') && operands.length === 2) {
    return [...operands, { kind: 'register', register: 1, size: 1 }];
  }
  if (op === 'imul' && first && second?.kind === 'immediate' && operands.length === 2)
    return [first, first, second];
  if ((op === 'lar' || op === 'lsl') && first?.kind === 'register' && second?.kind === 'register') {
    return [first, { ...second, size: first.size }];
  }
  // With rax second, whichever it was, the one-byte form fits.
  if (op === 'xchg' && first?.kind === 'register' && first.register === 0) return operands.reverse();
  if (op === 'enter') return operands.reverse();
  if (mnemonic.rows[0]?.rep) return [];
  return operands.map((operand, place) => portRegister(op, operand, place));
}

/** Ports may be written `(%dx)`. */
function portRegister(op: string, operand: EncodeOperand, place: number): EncodeOperand {
  const isPort = (op === 'in' && place === 1) || (op === 'out' && place === 0);
  if (!isPort || operand.kind !== 'memory' || operand.base !== 2) return operand;
  return { kind: 'register', register: 2, size: 2 };
}

/** A move to a segment register takes a register of any width; gas encodes it without a size prefix. */
function segmentMove(operands: EncodeOperand[]): EncodeOperand[] {
  if (operands[0]?.kind !== 'segment') return operands;
  return operands.map((operand) => (operand.kind === 'register' ? { ...operand, size: 4 } : operand));
}

function withSourceSize(mnemonic: Mnemonic, operands: EncodeOperand[]): EncodeOperand[] {
  if (mnemonic.source === 0) return operands;
  return operands.map((operand, place) =>
    place === 1 && operand.kind === 'memory' ? { ...operand, size: mnemonic.source } : operand,
  );
}

/** The segment override of the source of a string instruction, whose operands are otherwise implied. */
function stringSegment(parsed: ParsedOperand[], raw: number[]): void {
  for (const { operand } of parsed) {
    if (operand.kind === 'memory' && operand.segment === 'fs') raw.push(0x64);
    if (operand.kind === 'memory' && operand.segment === 'gs') raw.push(0x65);
  }
}

function sizeHint(operands: readonly EncodeOperand[]): string {
  return operands.some((operand) => operand.kind === 'register')
    ? ''
    : '; an operand size suffix (b, w, l, q) may be missing';
}

/**
 * Assembles one instruction, without label or comment, onto `buffer`. Returns a jump for the caller to relax instead of
 * bytes if the instruction is `jmp` or `jcc` to an expression. Throws AssemblyError with a message for the user.
 */
export function assembleInstruction(
  buffer: CodeBuffer,
  text: string,
  context: AssembleContext,
): RelaxableJump | undefined {
  const found: PrefixWords = { raw: [] };
  let rest = text;
  let word = '';
  for (;;) {
    const match = wordPattern.exec(rest);
    if (!match) break;
    word = (match[1] ?? '').toLowerCase();
    const after = rest.slice(match[0].length);
    if (!takePrefix(word, found)) {
      rest = after;
      break;
    }
    word = '';
    rest = after;
  }
  if (word === '') {
    if (rest.trim() !== '') throw new AssemblyError(`no such instruction: '${text.trim()}'`);
    emitPrefixes(buffer, found);
    return undefined;
  }
  const parsed = parseOperands(branchHint(rest));
  const vector = parsed.some(({ operand }) => ['vector', 'mmx', 'x87'].includes(operand.kind));
  const mnemonic = mnemonicNamed(word, vector);
  if (!mnemonic || mnemonic.rows.length === 0)
    throw new AssemblyError(`no such instruction: '${text.trim()}'`);
  const branch = isBranch(mnemonic);
  const jump = branch ? relaxable(mnemonic, parsed) : undefined;
  if (jump) {
    emitPrefixes(buffer, found);
    return jump;
  }
  if (mnemonic.rows[0]?.rep) stringSegment(parsed, found.raw);
  emit(buffer, mnemonic, resolveOperands(parsed, branch, mnemonic.wide, context), found, text);
  return undefined;
}

/** `,pt` and `,pn` after a conditional jump's mnemonic are hints that today's processors ignore. */
function branchHint(rest: string): string {
  return rest.replace(/^,p[tn]\s+/, '');
}

function emitPrefixes(buffer: CodeBuffer, found: PrefixWords): void {
  if (found.notrack) buffer.u8(0x3e);
  if (found.lock) buffer.u8(0xf0);
  if (found.repeat) buffer.u8(found.repeat);
  for (const byte of found.raw) buffer.u8(byte);
}

function relaxable(mnemonic: Mnemonic, parsed: ParsedOperand[]): RelaxableJump | undefined {
  const [operand] = parsed;
  const op = mnemonic.rows[0]?.op;
  if (!operand?.plain || operand.indirect || !operand.expression || (op !== 'jmp' && op !== 'jcc'))
    return undefined;
  const short = mnemonic.rows.find((entry) => entry.operands[0]?.size === 1);
  const long = mnemonic.rows.find((entry) => entry.operands[0]?.size === 'z');
  if (!short || !long) return undefined;
  return {
    target: operand.expression,
    short: [short.opcode],
    near: long.map === 1 ? [0x0f, long.opcode] : [long.opcode],
  };
}

function emit(
  buffer: CodeBuffer,
  mnemonic: Mnemonic,
  given: EncodeOperand[],
  found: PrefixWords,
  text: string,
): void {
  let { rows } = mnemonic;
  const [first] = given;
  if (
    rows[0]?.op === 'int' &&
    first?.kind === 'immediate' &&
    first.symbol === undefined &&
    Number(first.value) === 3
  ) {
    rows = rowsNamed('int3');
    given = [];
  }
  const operands = segmentMove(withSourceSize(mnemonic, complete(mnemonic, given)));
  if (
    rows[0]?.op === 'loop' ||
    rows[0]?.op === 'loope' ||
    rows[0]?.op === 'loopne' ||
    rows[0]?.op === 'jrcxz'
  ) {
    for (const operand of operands) if (operand.kind === 'target') operand.short = true;
  }
  const attempt = (list: EncodeOperand[], size: number) => choose(rows, list, size, mnemonic.wide);
  let ordered = operands;
  let choice = attempt(ordered, mnemonic.size);
  const commutes = rows[0]?.op === 'xchg' || rows[0]?.op === 'test';
  if (!choice && commutes && operands.length === 2) {
    ordered = [...operands].reverse();
    choice = attempt(ordered, mnemonic.size);
  }
  // A suffix says nothing new where the row has no choice of sizes (lgdtq, movl to a segment register).
  const special = ordered.some(({ kind }) => kind === 'segment' || kind === 'control' || kind === 'debug');
  if (!choice && (special || rows.every(({ sizing }) => typeof sizing === 'number')))
    choice = attempt(ordered, 0);
  if (!choice) throw new AssemblyError(`operands do not fit '${text.trim()}'${sizeHint(operands)}`);
  try {
    for (const byte of found.raw) buffer.u8(byte);
    encodeWith(buffer, choice, ordered, found);
  } catch (error) {
    if (error instanceof EncodeError) throw new AssemblyError(error.message);
    throw error;
  }
}

/** Evaluates an expression that must be a number now. Throws AssemblyError. */
export function constantOf(expression: Expression, resolver: Resolver): bigint {
  return absolute(evaluate(expression, resolver));
}
