/**
 * A function definition: parameters from their ABI places to their homes, then the body.
 */
import type { FunctionSymbol, Variable } from '../ast';
import { FunctionBuilder, slotAddress } from '../ir/builder';
import { INCOMING, type IrFunction, type VariableHome, type VReg } from '../ir/ir';
import { alignOf, sizeOf } from '../types';
import { Lowering, type UnitContext } from './context';
import { storeWords } from './record';
import { declareLocal, fitsRegister, lowerBlock } from './statement';
import { isVoid, passing, recordOf, scalarOf, stackAlign } from './types';
import { SAVE_AREA_SIZE } from './varargs';

/** rdi rsi rdx rcx r8 r9: the order in which integer arguments arrive. */
export const ARGUMENT_REGISTERS: readonly number[] = [7, 6, 2, 1, 8, 9];

interface Arrival {
  variable: Variable;
  registers: VReg[];
  numbers: number[];
  stackOffset: number;
}

/** Assigns every parameter its ABI registers or stack offset. */
function arrivals(ctx: Lowering, parameters: readonly Variable[], hidden: boolean): Arrival[] {
  let used = hidden ? 1 : 0;
  let stack = 0;
  const list = parameters.map((variable): Arrival => {
    const count = passing(variable.type);
    const size = sizeOf(variable.type);
    if (count === 0) return { variable, registers: [], numbers: [], stackOffset: 0 };
    if (count !== 'memory' && used + count <= ARGUMENT_REGISTERS.length) {
      const numbers = ARGUMENT_REGISTERS.slice(used, used + count);
      used += count;
      return { variable, registers: numbers.map(() => ctx.b.register()), numbers, stackOffset: -1 };
    }
    const align = stackAlign(variable.type);
    stack = Math.ceil(stack / align) * align;
    const at = stack;
    stack += Math.ceil(size / 8) * 8;
    return { variable, registers: [], numbers: [], stackOffset: at };
  });
  ctx.namedRegisters = used;
  ctx.namedStackBytes = stack;
  return list;
}

/** Puts one parameter into its home; the instructions for that belong to the prologue. */
function settle(ctx: Lowering, arrival: Arrival): VariableHome {
  const { variable, registers, stackOffset } = arrival;
  const size = sizeOf(variable.type);
  if (registers.length === 0) {
    if (!fitsRegister(variable)) return { kind: 'slot', slot: INCOMING, offset: stackOffset };
    const scalar = scalarOf(variable.type);
    const register = ctx.b.register();
    ctx.b.emit({
      op: 'load',
      dst: register,
      address: slotAddress(INCOMING, stackOffset),
      size: scalar.size,
      signed: scalar.signed,
      to: scalar.register,
      volatile: false,
    });
    return { kind: 'register', register };
  }
  if (fitsRegister(variable)) {
    const scalar = scalarOf(variable.type);
    if (scalar.size >= 4) return { kind: 'register', register: registers[0] };
    const register = ctx.b.register();
    const from = scalar.size === 1 ? 1 : 2;
    ctx.b.emit({ op: 'extend', dst: register, src: registers[0], from, signed: scalar.signed, size: 4 });
    return { kind: 'register', register };
  }
  const slot = ctx.b.slot(size, Math.max(variable.align, alignOf(variable.type)));
  const at = slotAddress(slot);
  if (recordOf(variable.type)) storeWords(ctx, at, size, registers);
  else
    ctx.b.emit({
      op: 'store',
      address: at,
      src: registers[0],
      size: scalarOf(variable.type).size,
      volatile: false,
    });
  return { kind: 'slot', slot, offset: 0 };
}

function receiveParameters(ctx: Lowering, parameters: readonly Variable[], variadic: boolean): void {
  const hidden = passing(ctx.returns) === 'memory';
  const list = arrivals(ctx, parameters, hidden);
  const registers = list.flatMap((arrival) => arrival.registers);
  if (hidden) {
    ctx.returnPointer = ctx.b.register();
    ctx.b.fn.returnsRecordInMemory = true;
    registers.unshift(ctx.returnPointer);
  }
  const rest: VReg[] = [];
  if (variadic)
    for (let i = ctx.namedRegisters; i < ARGUMENT_REGISTERS.length; i++) rest.push(ctx.b.register());
  ctx.b.emit({ op: 'parameters', registers: [...registers, ...rest] });
  if (variadic) {
    ctx.b.fn.notInlinable = true;
    const slot = ctx.b.slot(SAVE_AREA_SIZE, 8);
    ctx.registerSaveSlot = slot;
    rest.forEach((register, index) => {
      const address = slotAddress(slot, (ctx.namedRegisters + index) * 8);
      ctx.b.emit({ op: 'store', address, src: register, size: 8, volatile: false });
    });
  }
  for (const arrival of list) {
    const home = settle(ctx, arrival);
    ctx.homes.set(arrival.variable, home);
    if (arrival.variable.name === '') continue;
    if (home.kind === 'register') ctx.assigned.set(home.register, true);
    ctx.b.fn.scopes[0].variables.push({
      name: arrival.variable.name,
      type: arrival.variable.type,
      loc: arrival.variable.loc,
      parameter: arrival.variable.parameter,
      arrival:
        arrival.registers.length > 0
          ? { registers: arrival.numbers, raw: arrival.registers }
          : { stackOffset: arrival.stackOffset },
      home,
    });
  }
}

/** Lowers a function that has a body. */
export function lowerFunction(unit: UnitContext, symbol: FunctionSymbol): IrFunction | undefined {
  const body = symbol.body;
  if (!body) return undefined;
  const builder = new FunctionBuilder(symbol.symbolName, symbol.loc, body.end);
  const ctx = new Lowering(unit, builder, symbol, symbol.functionType.returns);
  receiveParameters(ctx, body.parameters, symbol.functionType.variadic && body.usesVarargs);
  for (const variable of body.temporaries) declareLocal(ctx, variable);
  lowerBlock(ctx, body.block);
  builder.newStatement(body.end);
  const parameters = builder.fn.scopes[0].variables.flatMap((variable) =>
    variable.home.kind === 'register' ? [variable.home.register] : [],
  );
  if (builder.reachable) {
    if (parameters.length > 0) builder.emit({ op: 'keep', values: parameters });
    const values = isVoid(ctx.returns) || symbol.name !== 'main' ? [] : [0n];
    builder.end({ op: 'return', values });
  }
  settleComputedJumps(builder.fn);
  return builder.fn;
}

/** A computed goto may reach every block whose address is taken. */
function settleComputedJumps(fn: IrFunction): void {
  const targets = fn.blocks.filter((block) => block.pinned).map((block) => block.id);
  for (const block of fn.blocks) {
    if (block.end.op === 'computedJump') block.end.targets = targets;
  }
  for (const block of fn.blocks) {
    if (block.pinned && !fn.order.includes(block.id)) fn.order.push(block.id);
  }
}
