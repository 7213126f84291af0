/**
 * Inline assembly: decides where each operand goes. Register operands get a virtual register of their own just before the
 * statement, which must be given a machine register; everything else is memory, a constant or a symbol.
 *
 * A constraint that only allows constants may name a value that becomes constant by inlining; such an operand keeps its
 * register here and the optimiser settles it.
 */
import type { AsmConstraint, AsmInput, AsmOutput, AsmStatement, Expression } from '../ast';
import { type Address, type AsmOperand, type BlockId, type MemorySize, NONE, type VReg } from '../ir/ir';
import { sizeOf } from '../types';
import type { Lowering } from './context';
import { convert } from './convert';
import { lowerValue } from './expression';
import { loadPlace, lowerPlace, type PlaceRef, storePlace } from './place';
import { recordOf, type Scalar, scalarOf } from './types';

const NUMBERS: ReadonlyMap<string, number> = new Map(
  ['ax', 'cx', 'dx', 'bx', 'sp', 'bp', 'si', 'di'].flatMap((name, number): [string, number][] => [
    [`r${name}`, number],
    [`e${name}`, number],
    [name, number],
    [number < 4 ? `${name[0]}l` : `${name}l`, number],
  ]),
);

/** The number of a general register by any of its names (without `%`), or undefined. */
export function registerNumber(name: string): number | undefined {
  const numbered = /^r(8|9|1[0-5])[dwb]?$/.exec(name);
  if (numbered) return Number(numbered[1]);
  return NUMBERS.get(name);
}

interface Pending {
  operands: AsmOperand[];
  inputs: VReg[];
  outputs: VReg[];
  earlyClobber: boolean[];
  /** Moves into operand registers, done after all operands were evaluated so that no evaluation comes between. */
  before: (() => void)[];
  /** What to do after the statement: store register outputs to their places. */
  after: (() => void)[];
  flags: { output: number; condition: string }[];
  /** An output is in memory: the statement may not be dropped although no register depends on it. */
  writesMemory: boolean;
}

function operandRegister(ctx: Lowering, constraint: AsmConstraint): VReg {
  const register = ctx.b.register();
  const info = ctx.b.fn.registers[register];
  info.mustRegister = true;
  if (constraint.registers !== 'any') {
    const numbers = constraint.registers
      .map((name) => registerNumber(name))
      .filter((number): number is number => number !== undefined);
    if (numbers.length === 1) info.fixed = numbers[0];
  } else if (/[qQ]/.test(constraint.text) && !/[rg]/.test(constraint.text)) info.legacy = true;
  return register;
}

function registerOperand(register: VReg, size: MemorySize): AsmOperand {
  return { kind: 'register', size, register, address: undefined, value: 0n };
}

/** A memory operand whose base and index must be in registers when the statement runs. */
function memoryOperand(ctx: Lowering, address: Address, size: MemorySize, pending: Pending): AsmOperand {
  const pin = (register: VReg): VReg => {
    if (register === NONE) return NONE;
    const copy = ctx.b.register();
    ctx.b.fn.registers[copy].mustRegister = true;
    pending.before.push(() => ctx.b.move(copy, register, 8));
    return copy;
  };
  const pinned = { ...address, base: pin(address.base), index: pin(address.index) };
  return { kind: 'memory', size, register: NONE, address: pinned, value: 0n };
}

function allowsRegister(constraint: AsmConstraint): boolean {
  return constraint.registers === 'any' || constraint.registers.length > 0;
}

function operandSize(place: PlaceRef): MemorySize {
  const size = recordOf(place.type) ? sizeOf(place.type) : scalarOf(place.type).size;
  return size === 1 || size === 2 || size === 4 ? size : 8;
}

function lowerOutput(ctx: Lowering, output: AsmOutput, pending: Pending): void {
  const place = lowerPlace(ctx, output.place);
  const size = operandSize(place);
  const { constraint } = output;
  const scalar = scalarOf(place.type);
  if (constraint.flag !== undefined) {
    const register = ctx.b.register();
    ctx.b.fn.registers[register].mustRegister = true;
    pending.flags.push({ output: pending.outputs.length, condition: constraint.flag });
    pending.outputs.push(register);
    pending.earlyClobber.push(false);
    pending.operands.push(registerOperand(register, 4));
    const int: Scalar = { size: 4, register: 4, signed: true, bool: false };
    pending.after.push(() => storePlace(ctx, place, convert(ctx, register, int, scalar)));
    return;
  }
  const inMemory = place.kind === 'memory' && (constraint.memory || recordOf(place.type));
  if (inMemory && (constraint.memory || !allowsRegister(constraint))) {
    pending.writesMemory = true;
    pending.operands.push(memoryOperand(ctx, place.address, size, pending));
    return;
  }
  if (!allowsRegister(constraint)) {
    lowerMemoryCopy(ctx, output, place, pending);
    return;
  }
  const register = operandRegister(ctx, constraint);
  if (constraint.readWrite) {
    const value = loadPlace(ctx, place);
    pending.before.push(() => ctx.b.move(register, value, scalar.register));
    pending.inputs.push(register);
  }
  pending.outputs.push(register);
  pending.earlyClobber.push(constraint.earlyClobber);
  pending.operands.push(registerOperand(register, size));
  pending.after.push(() => {
    if (size >= 4) {
      storePlace(ctx, place, register);
      return;
    }
    const normal = ctx.b.register();
    const from = size === 1 ? 1 : 2;
    ctx.b.emit({ op: 'extend', dst: normal, src: register, from, signed: scalar.signed, size: 4 });
    storePlace(ctx, place, normal);
  });
}

/** A memory operand for a variable that lives in a register: a stack object stands for it during the statement. */
function lowerMemoryCopy(ctx: Lowering, output: AsmOutput, place: PlaceRef, pending: Pending): void {
  const scalar = scalarOf(place.type);
  const address = { ...EMPTY, slot: ctx.b.slot(8, 8) };
  if (output.constraint.readWrite) {
    const value = loadPlace(ctx, place);
    ctx.b.emit({ op: 'store', address, src: value, size: scalar.size, volatile: false });
  }
  pending.writesMemory = true;
  pending.operands.push({ kind: 'memory', size: scalar.size, register: NONE, address, value: 0n });
  pending.after.push(() => {
    const copy = { kind: 'memory', address, type: place.type, volatile: false, bitField: undefined } as const;
    storePlace(ctx, place, loadPlace(ctx, copy));
  });
}

/** A symbol's address, if that is what the expression is: for "i" constraints and %P, %c. */
function symbolOperand(expression: Expression, offset: bigint): AsmOperand | undefined {
  if (expression.kind === 'cast' && expression.conversion === 'reinterpret') {
    return symbolOperand(expression.operand, offset);
  }
  if (expression.kind === 'pointerAdd' && expression.index.kind === 'integer') {
    const delta = expression.index.value * BigInt(expression.scale);
    return symbolOperand(expression.pointer, offset + (expression.subtract ? -delta : delta));
  }
  if (expression.kind !== 'address') return undefined;
  let place = expression.place;
  let at = offset;
  while (place.kind === 'member') {
    at += BigInt(place.member.offset);
    place = place.base;
  }
  if (place.kind === 'deref') return symbolOperand(place.pointer, at);
  let symbol: string | undefined;
  if (place.kind === 'function') symbol = place.function.symbolName;
  if (place.kind === 'variable' && place.variable.storage === 'static') symbol = place.variable.symbolName;
  if (symbol === undefined) return undefined;
  const address: Address = {
    base: NONE,
    index: NONE,
    scale: 1,
    offset: Number(at),
    slot: NONE,
    symbol,
    segment: undefined,
  };
  return { kind: 'symbol', size: 8, register: NONE, address, value: 0n };
}

function lowerInput(ctx: Lowering, input: AsmInput, pending: Pending): void {
  const { constraint } = input;
  const record = recordOf(input.value.type);
  const scalar = scalarOf(input.value.type);
  if (constraint.matches !== undefined) {
    const output = pending.operands[constraint.matches];
    if (output?.kind !== 'register') {
      ctx.unit.report(input.value.loc, 'matching constraint references an operand that is not in a register');
      return;
    }
    const value = lowerValue(ctx, input.value);
    pending.before.push(() => ctx.b.move(output.register, value, scalar.register));
    pending.inputs.push(output.register);
    pending.operands.push(registerOperand(output.register, scalar.size));
    return;
  }
  const memoryOnly = constraint.memory && !allowsRegister(constraint) && constraint.immediate === '';
  if ((memoryOnly || record) && input.place) {
    const place = lowerPlace(ctx, input.place);
    if (place.kind === 'memory') {
      pending.operands.push(memoryOperand(ctx, place.address, operandSize(place), pending));
      return;
    }
  }
  if (constraint.immediate !== '') {
    if (input.value.kind === 'address' || input.value.kind === 'cast' || input.value.kind === 'pointerAdd') {
      const symbol = symbolOperand(input.value, 0n);
      const literal = input.value.kind === 'address' && input.value.place.kind === 'string';
      if (symbol && !literal && (!allowsRegister(constraint) || constraint.immediate.includes('i'))) {
        pending.operands.push(symbol);
        return;
      }
    }
    const value = lowerValue(ctx, input.value);
    const small = typeof value === 'bigint' && BigInt.asIntN(32, value) === value;
    if (typeof value === 'bigint' && (small || !allowsRegister(constraint))) {
      const exact = scalar.signed ? value : BigInt.asUintN(scalar.size * 8, value);
      pending.operands.push({
        kind: 'immediate',
        size: scalar.size,
        register: NONE,
        address: undefined,
        value: exact,
      });
      return;
    }
    if (!allowsRegister(constraint)) {
      const register = ctx.b.inRegister(value, scalar.register);
      pending.inputs.push(register);
      pending.operands.push({
        kind: 'immediate',
        size: scalar.size,
        register,
        address: undefined,
        value: 0n,
      });
      return;
    }
    pushRegisterInput(ctx, constraint, value, scalar, pending);
    return;
  }
  if (allowsRegister(constraint)) {
    pushRegisterInput(ctx, constraint, lowerValue(ctx, input.value), scalar, pending);
    return;
  }
  const slot = ctx.b.slot(8, 8);
  const address = { ...EMPTY, slot };
  ctx.b.emit({ op: 'store', address, src: lowerValue(ctx, input.value), size: scalar.size, volatile: false });
  pending.operands.push({ kind: 'memory', size: scalar.size, register: NONE, address, value: 0n });
}

const EMPTY: Address = {
  base: NONE,
  index: NONE,
  scale: 1,
  offset: 0,
  slot: NONE,
  symbol: undefined,
  segment: undefined,
};

function pushRegisterInput(
  ctx: Lowering,
  constraint: AsmConstraint,
  value: VReg | bigint,
  scalar: Scalar,
  pending: Pending,
): void {
  const register = operandRegister(ctx, constraint);
  pending.operands.push(registerOperand(register, scalar.size));
  pending.inputs.push(register);
  pending.before.push(() => ctx.b.move(register, value, scalar.register));
}

/** Lowers an asm statement; an asm goto ends its block. */
export function lowerAsm(ctx: Lowering, statement: AsmStatement): void {
  const pending: Pending = {
    operands: [],
    inputs: [],
    outputs: [],
    earlyClobber: [],
    before: [],
    after: [],
    flags: [],
    writesMemory: false,
  };
  for (const output of statement.outputs) lowerOutput(ctx, output, pending);
  for (const input of statement.inputs) lowerInput(ctx, input, pending);
  for (const move of pending.before) move();
  const clobbers = statement.clobbers
    .map((name) => registerNumber(name))
    .filter((number): number is number => number !== undefined);
  const targets: BlockId[] = [];
  const blockOf = (label: AsmStatement['labels'][number]): BlockId => {
    const block = ctx.labelBlock(label);
    ctx.b.fn.blocks[block].pinned = true;
    if (!targets.includes(block)) targets.push(block);
    return block;
  };
  for (const label of statement.labels) blockOf(label);
  ctx.b.loc = statement.loc;
  ctx.b.emit({
    op: 'asm',
    pieces: statement.template.map((piece) =>
      piece.kind === 'label' ? { kind: 'label', block: blockOf(piece.label) } : piece,
    ),
    operands: pending.operands,
    inputs: pending.inputs,
    outputs: pending.outputs,
    earlyClobber: pending.earlyClobber,
    clobbers,
    volatile:
      statement.volatile || statement.outputs.length === 0 || targets.length > 0 || pending.writesMemory,
    memory: statement.clobbers.includes('memory'),
    flags: pending.flags,
  });
  if (targets.length > 0) {
    const next = ctx.b.block();
    ctx.b.end({ op: 'asmJump', next, targets });
    ctx.b.start(next);
  }
  for (const store of pending.after) store();
}
