/**
 * Builtins: gcc's __builtin_ functions that become instructions, and the library functions that become calls.
 *
 * memcpy and memset of small constant size are expanded; every other memory and string function is a call of the
 * function of that name. Atomic builtins are in atomic.ts.
 */
import type { BuiltinExpression, Expression } from '../ast';
import { registerAddress } from '../ir/builder';
import { type MemorySize, NONE, type Operand, type Size, type UnaryOperator } from '../ir/ir';
import { bare, type Type } from '../types';
import { lowerAtomic } from './atomic';
import type { Lowering } from './context';
import { convert, narrow } from './convert';
import { arithmetic, lowerEffect, lowerValue } from './expression';
import { addressValue, lowerPointer, valueAddress } from './place';
import { type Scalar, scalarOf } from './types';
import { lowerVaCopy, lowerVaStart } from './varargs';

/** Largest constant size that memcpy and memset are expanded for; longer ones call the library. */
const EXPANDED = 64;
const RBP = 5;

function unary(ctx: Lowering, operator: UnaryOperator, src: Operand, size: Size): number {
  const dst = ctx.b.register();
  ctx.b.emit({ op: 'unary', operator, dst, src, size });
  return dst;
}

/** Lowers a builtin; the result of one without a value means nothing. */
export function lowerBuiltin(ctx: Lowering, builtin: BuiltinExpression): Operand {
  const [first, second, third] = builtin.arguments;
  switch (builtin.name) {
    case 'expect': {
      const value = lowerValue(ctx, first);
      if (second.kind !== 'integer') lowerEffect(ctx, second);
      return value;
    }
    case 'constantP': {
      const dst = ctx.b.register();
      ctx.b.emit({ op: 'constantP', dst, src: lowerValue(ctx, first) });
      return dst;
    }
    case 'objectSize':
      lowerEffect(ctx, first);
      return second.kind === 'integer' && (second.value & 2n) !== 0n ? 0n : -1n;
    case 'unreachable':
      ctx.b.end({ op: 'unreachable', trap: false });
      return 0n;
    case 'trap':
      ctx.b.end({ op: 'unreachable', trap: true });
      return 0n;
    case 'prefetch':
    case 'vaEnd':
      lowerEffect(ctx, first);
      return 0n;
    case 'bswap': {
      const scalar = scalarOf(builtin.type);
      return unary(ctx, scalar.size === 2 ? 'bswap16' : 'bswap', lowerValue(ctx, first), scalar.register);
    }
    case 'clz':
    case 'ctz':
    case 'ffs':
    case 'clrsb':
      return lowerBitScan(ctx, builtin.name, first);
    case 'popcount':
    case 'parity':
      return lowerPopulation(ctx, first, builtin.name === 'parity');
    case 'abs': {
      const scalar = scalarOf(builtin.type);
      const value = lowerValue(ctx, first);
      const sign = arithmetic(ctx, 'shr', value, BigInt(scalar.register * 8 - 1), scalar.register, true);
      const flipped = arithmetic(ctx, 'xor', value, sign, scalar.register, true);
      return arithmetic(ctx, 'sub', flipped, sign, scalar.register, true);
    }
    case 'returnAddress':
      return lowerFrameWord(ctx, first, 8);
    case 'frameAddress':
      return lowerFrameWord(ctx, first, undefined);
    case 'vaStart':
      lowerVaStart(ctx, first);
      return 0n;
    case 'vaCopy':
      lowerVaCopy(ctx, first, second);
      return 0n;
    case 'alloca': {
      const dst = ctx.b.register();
      ctx.b.fn.usesAlloca = true;
      ctx.b.emit({ op: 'alloca', dst, bytes: lowerValue(ctx, first) });
      return dst;
    }
    case 'addOverflow':
    case 'subOverflow':
    case 'mulOverflow':
      return lowerOverflow(ctx, builtin.name, first, second, third);
    case 'memcpy':
    case 'memset': {
      if (third.kind !== 'integer' || third.value > BigInt(EXPANDED) || third.value < 0n) break;
      if (builtin.name === 'memset' && second.kind !== 'integer') break;
      return lowerSmallBlock(ctx, builtin.name, first, second, Number(third.value));
    }
    case 'memmove':
    case 'memcmp':
    case 'memchr':
    case 'strlen':
    case 'strcpy':
    case 'strncpy':
    case 'strcmp':
    case 'strncmp':
    case 'strcat':
    case 'strchr':
    case 'strrchr':
      break;
    case 'pause':
      ctx.b.emit({ op: 'machine', name: 'pause', inputs: [], outputs: [] });
      return 0n;
    case 'rdtsc':
      return lowerTimestamp(ctx);
    case 'readFlags': {
      const dst = ctx.b.register();
      ctx.b.fn.registers[dst].mustRegister = true;
      ctx.b.emit({ op: 'machine', name: 'pushfPop', inputs: [], outputs: [dst] });
      return dst;
    }
    case 'writeFlags': {
      const value = ctx.b.register();
      ctx.b.fn.registers[value].mustRegister = true;
      ctx.b.move(value, lowerValue(ctx, first), 8);
      ctx.b.emit({ op: 'machine', name: 'pushPopf', inputs: [value], outputs: [] });
      return 0n;
    }
    default:
      return lowerAtomic(ctx, builtin);
  }
  return lowerLibraryCall(ctx, builtin);
}

function lowerLibraryCall(ctx: Lowering, builtin: BuiltinExpression): Operand {
  const operands = builtin.arguments.map((argument) => lowerValue(ctx, argument));
  const result = ctx.b.register();
  ctx.b.loc = builtin.loc;
  ctx.b.emit({
    op: 'call',
    target: builtin.library?.symbolName ?? builtin.name,
    arguments: operands,
    stack: [],
    results: bare(builtin.type).kind === 'void' ? [] : [result],
    variadic: false,
    noreturn: false,
    functionName: builtin.library?.name ?? builtin.name,
  });
  return result;
}

function lowerSmallBlock(
  ctx: Lowering,
  name: 'memcpy' | 'memset',
  destination: Expression,
  source: Expression,
  bytes: number,
): Operand {
  const to = lowerPointer(ctx, destination);
  if (name === 'memset') {
    const value = source.kind === 'integer' ? Number(BigInt.asUintN(8, source.value)) : 0;
    if (bytes > 0) ctx.b.emit({ op: 'fillBlock', to, value, bytes });
  } else {
    const from = lowerPointer(ctx, source);
    if (bytes > 0) ctx.b.emit({ op: 'copyBlock', to, from, bytes });
  }
  return addressValue(ctx, to);
}

/** Argument width of a bit-counting builtin, and the value zero-extended to it. */
function bitOperand(ctx: Lowering, argument: Expression): { value: Operand; scalar: Scalar } {
  return { value: lowerValue(ctx, argument), scalar: scalarOf(argument.type) };
}

function lowerBitScan(ctx: Lowering, name: 'clz' | 'ctz' | 'ffs' | 'clrsb', argument: Expression): Operand {
  const { value, scalar } = bitOperand(ctx, argument);
  const size = scalar.register;
  const top = BigInt(size * 8 - 1);
  switch (name) {
    case 'ctz':
      return unary(ctx, 'bsf', value, size);
    case 'clz':
      return arithmetic(ctx, 'xor', unary(ctx, 'bsr', value, size), top, 4, false);
    case 'ffs': {
      const dst = ctx.b.register();
      const [some, none, join] = [ctx.b.block(), ctx.b.block(), ctx.b.block()];
      const end = { condition: 'ne', test: false, left: value, right: 0n, size } as const;
      ctx.b.end({ op: 'branch', ...end, taken: some, otherwise: none, likely: undefined });
      ctx.b.start(some);
      const index = unary(ctx, 'bsf', value, size);
      ctx.b.emit({ op: 'binary', operator: 'add', dst, left: index, right: 1n, size: 4 });
      ctx.b.jump(join);
      ctx.b.start(none);
      ctx.b.move(dst, 0n, 4);
      ctx.b.start(join);
      return dst;
    }
    case 'clrsb': {
      // Leading bits equal to the sign: clz of (x ^ sign) * 2 + 1, which is never zero.
      const sign = arithmetic(ctx, 'shr', value, top, size, true);
      const flipped = arithmetic(ctx, 'xor', value, sign, size, true);
      const doubled = arithmetic(ctx, 'add', flipped, flipped, size, true);
      const odd = arithmetic(ctx, 'or', doubled, 1n, size, true);
      return arithmetic(ctx, 'xor', unary(ctx, 'bsr', odd, size), top, 4, false);
    }
  }
}

/** Counts set bits by halves (the kernel's baseline CPU need not have popcnt). */
function lowerPopulation(ctx: Lowering, argument: Expression, parity: boolean): Operand {
  const { value, scalar } = bitOperand(ctx, argument);
  const size = scalar.register;
  const bits = size * 8;
  const repeat = (byte: bigint): bigint => {
    let pattern = 0n;
    for (let i = 0; i < size; i++) pattern = (pattern << 8n) | byte;
    return BigInt.asIntN(bits, pattern);
  };
  const op = (operator: 'and' | 'add' | 'sub' | 'shr' | 'mul', left: Operand, right: Operand): Operand =>
    arithmetic(ctx, operator, left, right, size, false);
  const pairs = op('sub', value, op('and', op('shr', value, 1n), repeat(0x55n)));
  const nibbles = op('add', op('and', pairs, repeat(0x33n)), op('and', op('shr', pairs, 2n), repeat(0x33n)));
  const bytes = op('and', op('add', nibbles, op('shr', nibbles, 4n)), repeat(0x0fn));
  const total = op('shr', op('mul', bytes, repeat(1n)), BigInt(bits - 8));
  return parity ? op('and', total, 1n) : total;
}

/** Follows `level` saved frame pointers; then the word at `offset` of that frame, or the frame's address itself. */
function lowerFrameWord(ctx: Lowering, level: Expression, offset: number | undefined): Operand {
  ctx.b.fn.notInlinable = true;
  let frame = ctx.b.register();
  ctx.b.emit({ op: 'readRegister', dst: frame, register: RBP });
  const count = level.kind === 'integer' ? Number(level.value) : 0;
  const load = (base: number, at: number): number => {
    const dst = ctx.b.register();
    const address = registerAddress(base, at);
    ctx.b.emit({ op: 'load', dst, address, size: 8, signed: false, to: 8, volatile: false });
    return dst;
  };
  for (let i = 0; i < count; i++) frame = load(frame, 0);
  return offset === undefined ? frame : load(frame, offset);
}

function lowerTimestamp(ctx: Lowering): Operand {
  const [low, high] = [ctx.b.register(0), ctx.b.register(2)];
  ctx.b.emit({ op: 'machine', name: 'rdtsc', inputs: [], outputs: [low, high] });
  const raised = arithmetic(ctx, 'shl', high, 32n, 8, false);
  return arithmetic(ctx, 'or', raised, low, 8, false);
}

/** The pointed-to type of a pointer expression. */
export function pointee(pointer: Expression): Type {
  const type = bare(pointer.type);
  return type.kind === 'pointer' ? type.to : type;
}

/** Any 64-bit operand, extended by its own type's signedness. */
const WIDE: Scalar = { size: 8, register: 8, signed: true, bool: false };

/**
 * a op b in infinite precision, stored to *pointer, true if it does not fit. When both operands and the result have one
 * type the flags of the instruction say so; otherwise the operation is done in 128 bits (a low and a high word).
 */
function lowerOverflow(
  ctx: Lowering,
  name: 'addOverflow' | 'subOverflow' | 'mulOverflow',
  a: Expression,
  b: Expression,
  pointer: Expression,
): Operand {
  const operator = name === 'addOverflow' ? 'add' : name === 'subOverflow' ? 'sub' : 'mul';
  const target = scalarOf(pointee(pointer));
  const [typeA, typeB] = [scalarOf(a.type), scalarOf(b.type)];
  const left = lowerValue(ctx, a);
  const right = lowerValue(ctx, b);
  const to = lowerPointer(ctx, pointer);
  const same = (type: Scalar): boolean => type.size === target.size && type.signed === target.signed;
  if (same(typeA) && same(typeB) && target.size >= 4) {
    const dst = ctx.b.register();
    const flag = ctx.b.register();
    ctx.b.emit({
      op: 'overflow',
      operator,
      signed: target.signed,
      dst,
      flag,
      left,
      right,
      size: target.size,
    });
    ctx.b.emit({ op: 'store', address: to, src: dst, size: target.size, volatile: false });
    return flag;
  }
  const x = convert(ctx, left, typeA, WIDE);
  const y = convert(ctx, right, typeB, WIDE);
  const signX = typeA.signed ? arithmetic(ctx, 'shr', x, 63n, 8, true) : 0n;
  const signY = typeB.signed ? arithmetic(ctx, 'shr', y, 63n, 8, true) : 0n;
  const { low, high, lost } =
    operator === 'mul'
      ? multiplyExactly(ctx, x, signX, y, signY)
      : addExactly(ctx, operator, x, signX, y, signY);
  const result = convert(ctx, low, WIDE, target);
  ctx.b.emit({ op: 'store', address: to, src: result, size: target.size, volatile: false });
  const cut = arithmetic(ctx, 'ne', convert(ctx, result, target, WIDE), low, 8, false);
  const wantedHigh = target.signed ? arithmetic(ctx, 'shr', low, 63n, 8, true) : 0n;
  const beyond = arithmetic(ctx, 'ne', high, wantedHigh, 8, false);
  return arithmetic(ctx, 'or', arithmetic(ctx, 'or', cut, beyond, 4, false), lost, 4, false);
}

/** An exact result: two words, or `lost` set if not even those hold it. */
interface ExactResult {
  low: Operand;
  high: Operand;
  lost: Operand;
}

function unsignedOverflow(
  ctx: Lowering,
  operator: 'add' | 'sub' | 'mul',
  left: Operand,
  right: Operand,
): { dst: number; flag: number } {
  const dst = ctx.b.register();
  const flag = ctx.b.register();
  ctx.b.emit({ op: 'overflow', operator, signed: false, dst, flag, left, right, size: 8 });
  return { dst, flag };
}

/** A 0 or 1 as 64 bits. */
function wideFlag(ctx: Lowering, flag: Operand): Operand {
  return convert(ctx, flag, { size: 4, register: 4, signed: false, bool: false }, WIDE);
}

function addExactly(
  ctx: Lowering,
  operator: 'add' | 'sub',
  x: Operand,
  signX: Operand,
  y: Operand,
  signY: Operand,
): ExactResult {
  const { dst, flag } = unsignedOverflow(ctx, operator, x, y);
  const signs = arithmetic(ctx, operator, signX, signY, 8, false);
  return { low: dst, high: arithmetic(ctx, operator, signs, wideFlag(ctx, flag), 8, false), lost: 0n };
}

/** Multiplies magnitudes and puts the sign back; magnitudes beyond 64 bits fit no type. */
function multiplyExactly(ctx: Lowering, x: Operand, signX: Operand, y: Operand, signY: Operand): ExactResult {
  const negateIf = (value: Operand, sign: Operand): Operand =>
    arithmetic(ctx, 'sub', arithmetic(ctx, 'xor', value, sign, 8, false), sign, 8, false);
  const { dst, flag } = unsignedOverflow(ctx, 'mul', negateIf(x, signX), negateIf(y, signY));
  const sign = arithmetic(ctx, 'xor', signX, signY, 8, false);
  const some = wideFlag(ctx, arithmetic(ctx, 'ne', dst, 0n, 8, false));
  const mask = arithmetic(ctx, 'sub', 0n, some, 8, false);
  return { low: negateIf(dst, sign), high: arithmetic(ctx, 'and', sign, mask, 8, false), lost: flag };
}

/** Where an atomic builtin works, and on what width. */
export function atomicPlace(
  ctx: Lowering,
  pointer: Expression,
): { address: ReturnType<typeof lowerPointer>; scalar: Scalar; size: MemorySize } {
  const scalar = scalarOf(pointee(pointer));
  return { address: valueAddress(ctx, lowerValue(ctx, pointer)), scalar, size: scalar.size };
}

/** What an atomic operation read, as a register holds that type. */
export function extended(ctx: Lowering, value: Operand, scalar: Scalar): Operand {
  return scalar.size < 4 ? narrow(ctx, value, scalar) : value;
}

/** For instructions that produce no register. */
export const NO_REGISTER = NONE;
