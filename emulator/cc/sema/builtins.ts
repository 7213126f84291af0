/**
 * Builtin calls: constants are folded, the rest becomes dedicated nodes or plain calls of library functions.
 */
import type { BuiltinExpression, BuiltinName, Expression, Loc } from '../ast';
import { vaListAddress } from '../parse/builtin-syntax';
import { libraryFunction } from '../parse/declare';
import type { Parser } from '../parse/parser';
import {
  BOOL,
  bare,
  CHAR,
  CONST,
  INT,
  integerOf,
  LLONG,
  LONG,
  pointerTo,
  qualify,
  sizeOf,
  type Type,
  UCHAR,
  UINT,
  ULLONG,
  ULONG,
  USHORT,
  unqualified,
  VOID,
  wrap,
} from '../types';
import { assignConvert } from './assignable';
import { foldAtomicOrder } from './atomic-order';
import {
  address,
  convert,
  deref,
  errorExpression,
  integer,
  isError,
  type Operand,
  promote,
  rvalue,
} from './build';
import type { Builtin } from './builtin-table';
import { buildCall } from './call';
import { quoteType } from './type-text';

const LETTERS: Readonly<Record<string, Type>> = {
  v: VOID,
  b: BOOL,
  c: CHAR,
  h: USHORT,
  i: INT,
  u: UINT,
  l: LONG,
  m: ULONG,
  L: LLONG,
  M: ULLONG,
  p: pointerTo(VOID),
  P: pointerTo(qualify(VOID, CONST)),
  s: pointerTo(CHAR),
  S: pointerTo(qualify(CHAR, CONST)),
};

/** The types of a builtin's signature: result, then parameters. */
export function signatureTypes(signature: string): { types: Type[]; variadic: boolean } {
  const variadic = signature.endsWith('.');
  const letters = variadic ? signature.slice(0, -1) : signature;
  return { types: [...letters].map((letter) => LETTERS[letter] ?? INT), variadic };
}

function node(
  name: BuiltinName,
  args: Expression[],
  type: Type,
  loc: Loc,
  library?: BuiltinExpression['library'],
): BuiltinExpression {
  return { kind: 'builtin', name, arguments: args, library, type, loc };
}

/** Builds the call of the builtin `name`. */
export function buildBuiltin(
  p: Parser,
  name: string,
  builtin: Builtin,
  operands: readonly Operand[],
  loc: Loc,
): Expression {
  if (builtin.kind === 'special') {
    const typed = builtin.special === 'hasAttribute' || builtin.special === 'classifyType';
    if (!typed && operands.some(isError)) return errorExpression(loc);
    return buildSpecial(p, name, builtin, operands, loc);
  }
  if (operands.some(isError)) return errorExpression(loc);
  const { types, variadic } = signatureTypes(builtin.signature);
  const count = types.length - 1;
  if (operands.length < count || (operands.length > count && !variadic)) {
    p.error(loc, `'${name}' takes ${count} argument${count === 1 ? '' : 's'}, ${operands.length} given`);
    return errorExpression(loc);
  }
  if (builtin.kind === 'call') {
    const symbol = libraryFunction(p, builtin.library, builtin.signature, loc);
    return buildCall(
      p,
      { kind: 'function', function: symbol, type: symbol.type, loc },
      operands,
      operands.map((o) => o.loc),
      loc,
    );
  }
  const args: Expression[] = [];
  for (let i = 0; i < operands.length; i++) {
    const value = rvalue(operands[i]);
    const purpose = { kind: 'argument', argument: i + 1, callee: `'${name}'` } as const;
    const converted = assignConvert(p, value, types[i + 1], purpose, operands[i].loc);
    if (isError(converted)) return converted;
    args.push(converted);
  }
  const folded = foldSimple(builtin.name, args, types[0], loc);
  if (folded) return folded;
  const library = builtin.library ? libraryFunction(p, builtin.library, builtin.signature, loc) : undefined;
  return node(builtin.name, args, types[0], loc, library);
}

/** Values of bit-counting builtins and strlen on constants. */
function foldSimple(
  name: BuiltinName,
  args: readonly Expression[],
  type: Type,
  loc: Loc,
): Expression | undefined {
  const [first] = args;
  if (!first) return undefined;
  if (name === 'strlen' && first.kind === 'address' && first.place.kind === 'string') {
    const { bytes, elementSize } = first.place.literal;
    return elementSize === 1 ? integer(BigInt(bytes.indexOf(0)), type, loc) : undefined;
  }
  if (name === 'strlen' && first.kind === 'cast' && first.conversion === 'reinterpret')
    return foldSimple(name, [first.operand], type, loc);
  if (first.kind !== 'integer') return undefined;
  const bits = sizeOf(first.type) * 8;
  const text = BigInt.asUintN(bits, first.value).toString(2);
  const ones = text.replace(/0/g, '').length;
  const number = (n: number) => integer(BigInt(n), type, loc);
  switch (name) {
    case 'bswap': {
      let value = 0n;
      for (let i = 0; i < bits; i += 8) value = (value << 8n) | ((first.value >> BigInt(i)) & 0xffn);
      return integer(value, type, loc);
    }
    case 'popcount':
      return number(ones);
    case 'parity':
      return number(ones & 1);
    case 'clz':
      return first.value === 0n ? undefined : number(bits - text.length);
    case 'ctz':
      return first.value === 0n ? undefined : number(text.length - 1 - text.lastIndexOf('1'));
    case 'ffs':
      return number(first.value === 0n ? 0 : text.length - text.lastIndexOf('1'));
    case 'clrsb': {
      const same = first.value < 0n ? ~first.value : first.value;
      return number(bits - 1 - (same === 0n ? 0 : same.toString(2).length));
    }
    case 'abs': {
      const of = integerOf(type) ?? INT;
      return integer(wrap(first.value < 0n ? -first.value : first.value, of), type, loc);
    }
    default:
      return undefined;
  }
}

type SpecialEntry = Extract<Builtin, { kind: 'special' }>;

function buildSpecial(
  p: Parser,
  name: string,
  builtin: SpecialEntry,
  operands: readonly Operand[],
  loc: Loc,
): Expression {
  const need = (least: number): boolean => {
    if (operands.length >= least) return true;
    p.error(loc, `too few arguments to '${name}'`);
    return false;
  };
  switch (builtin.special) {
    case 'constantP':
      return need(1) ? constantP(rvalue(operands[0]), loc) : errorExpression(loc);
    case 'expect': {
      if (!need(2)) return errorExpression(loc);
      const value = convert(rvalue(operands[0]), LONG);
      const expected = convert(rvalue(operands[1]), LONG);
      return value.kind === 'integer' ? value : node('expect', [value, expected], LONG, loc);
    }
    case 'classifyType':
      return need(1) ? integer(classify(operands[0].type), INT, loc) : errorExpression(loc);
    case 'objectSize':
      return need(2) ? objectSize(rvalue(operands[0]), rvalue(operands[1]), loc) : errorExpression(loc);
    case 'vaStart':
    case 'vaEnd':
    case 'vaCopy':
      return variadicBuiltin(p, builtin.special, operands, loc, need);
    case 'alloca': {
      if (!need(1)) return errorExpression(loc);
      if (p.function) p.function.usesAlloca = true;
      return node('alloca', [convert(rvalue(operands[0]), ULONG)], pointerTo(VOID), loc);
    }
    case 'assumeAligned':
    case 'identity':
      return need(1) ? rvalue(operands[0]) : errorExpression(loc);
    case 'prefetch':
      return need(1) ? node('prefetch', [rvalue(operands[0])], VOID, loc) : errorExpression(loc);
    case 'overflow':
    case 'typedOverflow':
    case 'overflowP':
      return need(3) ? overflow(p, builtin, operands, loc) : errorExpression(loc);
    case 'atomic':
      return atomic(p, name, builtin, operands, loc, need);
    case 'sync':
      return sync(p, name, builtin, operands, loc, need);
    case 'isLockFree': {
      const size = operands[0] ? rvalue(operands[0]) : undefined;
      const known = size?.kind === 'integer' && [1n, 2n, 4n, 8n].includes(size.value);
      return integer(known ? 1n : 0n, BOOL, loc);
    }
    case 'hasAttribute':
      return integer(0n, BOOL, loc);
    case 'constant':
    case 'printf':
      p.error(loc, `'${name}' is not supported`);
      return errorExpression(loc);
  }
}

/** Constants and string addresses are constant now; the rest may become so when functions are inlined. */
function constantP(value: Expression, loc: Loc): Expression {
  if (value.kind === 'integer') return integer(1n, INT, loc);
  if (value.kind === 'address' && value.place.kind === 'string') return integer(1n, INT, loc);
  const type = bare(value.type);
  if (type.kind === 'record' || type.kind === 'void') return integer(0n, INT, loc);
  return node('constantP', [value], INT, loc);
}

/** gcc's type classes: void 0, integer 1, enum 3 (integers in C), pointer 5, record 12, union 13. */
function classify(type: Type): bigint {
  const t = bare(type);
  switch (t.kind) {
    case 'void':
      return 0n;
    case 'pointer':
    case 'array':
    case 'function':
      return 5n;
    case 'float':
      return 8n;
    case 'record':
      return t.union ? 13n : 12n;
    case 'integer':
    case 'enum':
    case 'error':
      return 1n;
  }
}

/** The size of what a pointer points into, where the expression shows it; else unknown: -1 or 0. */
function objectSize(pointer: Expression, kind: Expression, loc: Loc): Expression {
  const mode = kind.kind === 'integer' ? Number(kind.value) & 3 : 0;
  const unknown = integer(mode >= 2 ? 0n : 0xffff_ffff_ffff_ffffn, ULONG, loc);
  let value = pointer;
  while (value.kind === 'cast' && value.conversion === 'reinterpret') value = value.operand;
  if (value.kind !== 'address') return unknown;
  const { place } = value;
  if (place.kind === 'string') return integer(BigInt(place.literal.bytes.length), ULONG, loc);
  if (place.kind === 'variable' && sizeOf(place.type) > 0)
    return integer(BigInt(sizeOf(place.type)), ULONG, loc);
  return unknown;
}

function variadicBuiltin(
  p: Parser,
  special: 'vaStart' | 'vaEnd' | 'vaCopy',
  operands: readonly Operand[],
  loc: Loc,
  need: (least: number) => boolean,
): Expression {
  if (!need(special === 'vaEnd' ? 1 : special === 'vaCopy' ? 2 : 1)) return errorExpression(loc);
  if (p.function && special === 'vaStart') {
    p.function.usesVarargs = true;
    if (!p.function.symbol.functionType.variadic)
      p.error(loc, "'va_start' used in a function with fixed arguments");
  }
  const count = special === 'vaCopy' ? 2 : 1;
  const lists = operands.slice(0, count).map((o) => vaListAddress(p, o));
  return lists.some(isError) ? errorExpression(loc) : node(special, lists, VOID, loc);
}

function overflow(p: Parser, builtin: SpecialEntry, operands: readonly Operand[], loc: Loc): Expression {
  let left = rvalue(operands[0]);
  let right = rvalue(operands[1]);
  const third = rvalue(operands[2]);
  if (!integerOf(left.type) || !integerOf(right.type) || !builtin.name) {
    p.error(loc, 'the operands of an overflow builtin must be integers');
    return errorExpression(loc);
  }
  if (builtin.special === 'typedOverflow') {
    const type = LETTERS[builtin.signature] ?? INT;
    left = convert(left, type);
    right = convert(right, type);
  }
  if (builtin.special === 'overflowP') {
    const type = integerOf(third.type);
    if (!type) {
      p.error(loc, 'the third operand must be an integer');
      return errorExpression(loc);
    }
    if (left.kind === 'integer' && right.kind === 'integer') {
      const exact =
        builtin.name === 'addOverflow'
          ? left.value + right.value
          : builtin.name === 'subOverflow'
            ? left.value - right.value
            : left.value * right.value;
      return integer(wrap(exact, type) === exact ? 0n : 1n, BOOL, loc);
    }
    const place = { ...deref(integer(0n, pointerTo(type), loc), loc) };
    const variable = p.temporary(unqualified(third.type), loc);
    const target = address({ kind: 'variable', variable, type: variable.type, loc }, pointerTo(place.type));
    return node(builtin.name, [left, right, target], BOOL, loc);
  }
  const pointer = bare(third.type);
  if (pointer.kind !== 'pointer' || !integerOf(pointer.to)) {
    p.error(
      loc,
      `the third operand of an overflow builtin must point to an integer, not ${quoteType(third.type)}`,
    );
    return errorExpression(loc);
  }
  return node(builtin.name, [left, right, third], BOOL, loc);
}

/** What an atomic builtin's pointer points to, or undefined after an error. */
function atomicTarget(p: Parser, name: string, pointer: Expression, loc: Loc): Type | undefined {
  const t = bare(pointer.type);
  const to = t.kind === 'pointer' ? bare(t.to) : undefined;
  const type = t.kind === 'pointer' ? unqualified(t.to) : undefined;
  const fits = to && (integerOf(to) || to.kind === 'pointer' || to.kind === 'void');
  if (!fits || !type) {
    p.error(
      loc,
      `argument 1 of '${name}' must be a pointer to an integer or a pointer, not ${quoteType(pointer.type)}`,
    );
    return undefined;
  }
  return to.kind === 'void' ? UCHAR : type;
}

const SEQ_CST = 5n;

function atomic(
  p: Parser,
  name: string,
  builtin: SpecialEntry,
  operands: readonly Operand[],
  loc: Loc,
  need: (least: number) => boolean,
): Expression {
  const { signature: shape, name: op } = builtin;
  if (!op) return errorExpression(loc);
  if (shape === 'fence') {
    if (!need(1)) return errorExpression(loc);
    return node(op, [foldAtomicOrder(rvalue(operands[0]))], VOID, loc);
  }
  const least =
    { load: 2, loadTo: 3, testAndSet: 2, clear: 2, compare: 6, compareFrom: 6, exchangeTo: 4 }[shape] ?? 3;
  if (!need(least)) return errorExpression(loc);
  const pointer = rvalue(operands[0]);
  const type = atomicTarget(p, name, pointer, loc);
  if (!type) return errorExpression(loc);
  const value = (i: number) => convertAtomic(p, rvalue(operands[i]), type, name, i, loc);
  const order = (i: number) => foldAtomicOrder(rvalue(operands[i]));
  const pointed = (i: number) => rvalue(deref(rvalue(operands[i]), loc));
  const store = (i: number, stored: Expression): Expression => ({
    kind: 'assign',
    place: deref(rvalue(operands[i]), loc),
    value: stored,
    type: stored.type,
    loc,
  });
  switch (shape) {
    case 'load':
      return node(op, [pointer, order(1)], type, loc);
    case 'loadTo':
      return convert(store(1, node(op, [pointer, order(2)], type, loc)), VOID);
    case 'store':
      return node(op, [pointer, value(1), order(2)], VOID, loc);
    case 'storeFrom':
      return node(op, [pointer, pointed(1), order(2)], VOID, loc);
    case 'exchangeTo':
      return convert(store(2, node(op, [pointer, pointed(1), order(3)], type, loc)), VOID);
    case 'compare':
    case 'compareFrom': {
      const desired = shape === 'compare' ? value(2) : pointed(2);
      const weak = convert(rvalue(operands[3]), BOOL);
      return node(op, [pointer, rvalue(operands[1]), desired, weak, order(4), order(5)], BOOL, loc);
    }
    case 'testAndSet': {
      const byte = convert(pointer, pointerTo(UCHAR));
      return convert(node(op, [byte, integer(1n, UCHAR, loc), order(1)], UCHAR, loc), BOOL);
    }
    case 'clear': {
      const byte = convert(pointer, pointerTo(UCHAR));
      return node(op, [byte, integer(0n, UCHAR, loc), order(1)], VOID, loc);
    }
    default:
      return node(op, [pointer, value(1), order(2)], type, loc);
  }
}

function convertAtomic(
  p: Parser,
  value: Expression,
  type: Type,
  name: string,
  index: number,
  loc: Loc,
): Expression {
  const t = bare(type);
  // A pointer is stepped in bytes: the operand is an integer.
  if (t.kind === 'pointer' && integerOf(value.type)) return convert(promote(value), type);
  return assignConvert(p, value, type, { kind: 'argument', argument: index + 1, callee: `'${name}'` }, loc);
}

function sync(
  p: Parser,
  name: string,
  builtin: SpecialEntry,
  operands: readonly Operand[],
  loc: Loc,
  need: (least: number) => boolean,
): Expression {
  const { signature: shape, name: op } = builtin;
  if (!op) return errorExpression(loc);
  const order = integer(SEQ_CST, INT, loc);
  if (shape === 'fence') return node(op, [order], VOID, loc);
  if (!need(shape === 'release' ? 1 : shape === 'compare' ? 3 : 2)) return errorExpression(loc);
  const pointer = rvalue(operands[0]);
  const type = atomicTarget(p, name, pointer, loc);
  if (!type) return errorExpression(loc);
  if (shape === 'release') return node(op, [pointer, convert(integer(0n, INT, loc), type), order], VOID, loc);
  const value = (i: number) => convertAtomic(p, rvalue(operands[i]), type, name, i, loc);
  if (shape === 'compare')
    return node(op, [pointer, value(1), value(2)], op === 'syncBoolCompareSwap' ? BOOL : type, loc);
  return node(op, [pointer, value(1), order], type, loc);
}
