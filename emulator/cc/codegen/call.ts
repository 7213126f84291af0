/**
 * Instruction selection for calls, parameters and returns: moving values to and from their ABI places.
 */
import type { Address, Call, Operand, Parameters, Return } from '../ir/ir';
import { NONE } from '../ir/ir';
import { ARGUMENT_REGISTERS } from '../lower/function';
import { immediate, type Machine, register } from './machine';
import { loadAddress } from './memory';
import { CALLEE_SAVED, RAX, RCX, RDI, RDX, RSI, RSP, SCRATCH } from './timing';

/** Copies a record below rsp with the registers that rep movs needs saved: arguments may still live in them. */
function passRecord(m: Machine, from: Address, at: number, bytes: number): void {
  const saved = [RSI, RDI, RCX];
  for (const machine of saved) m.emit.op('push', 8, register(machine, 8));
  loadAddress(m, SCRATCH, from);
  m.emit.op('lea', 8, register(RDI, 8), {
    kind: 'memory',
    base: RSP,
    displacement: at + saved.length * 8,
  });
  m.emit.op('mov', 8, register(RSI, 8), register(SCRATCH, 8));
  m.emit.op('mov', 4, register(RCX, 4), immediate(bytes));
  m.emit.bytes(0xf3, 0xa4);
  for (const machine of saved.reverse()) m.emit.op('pop', 8, register(machine, 8));
}

/** Puts stack arguments below rsp; returns the bytes to take back after the call. */
function passOnStack(m: Machine, call: Call): number {
  if (call.stack.length === 0) return 0;
  let total = 0;
  const offsets = call.stack.map((argument) => {
    const align = argument.kind === 'block' ? argument.align : 8;
    total = Math.ceil(total / align) * align;
    const at = total;
    total += argument.kind === 'block' ? Math.ceil(argument.bytes / 8) * 8 : 8;
    return at;
  });
  const reserved = Math.ceil(total / 16) * 16;
  m.emit.op('sub', 8, register(RSP, 8), immediate(reserved));
  call.stack.forEach((argument, index) => {
    const at = offsets[index];
    if (argument.kind === 'block') {
      passRecord(m, argument.from, at, argument.bytes);
      return;
    }
    const machine = m.inRegister(argument.value, 8, SCRATCH);
    m.emit.op('mov', 8, { kind: 'memory', base: RSP, displacement: at, size: 8 }, register(machine, 8));
  });
  return reserved;
}

/** All argument values are moved as 8 bytes: what they hold above their type's width is nobody's business. */
function moveWidth(operand: Operand): 4 | 8 {
  return typeof operand === 'bigint' && operand >= 0n && operand <= 0x7fffffffn ? 4 : 8;
}

export function selectCall(m: Machine, call: Call): void {
  const reserved = passOnStack(m, call);
  let pointer: number | undefined;
  if (typeof call.target !== 'string') {
    const operand = call.target.pointer;
    const machine = typeof operand === 'number' ? m.registerOf(operand) : NONE;
    if (CALLEE_SAVED.includes(machine)) pointer = machine;
    else if (machine === NONE && typeof operand === 'number') pointer = NONE;
    else pointer = RAX;
    if (pointer === RAX && machine !== RAX) {
      // rax is no argument register, but an argument may wait in it.
      const waiting = call.arguments.some(
        (value) => typeof value === 'number' && m.registerOf(value) === RAX,
      );
      pointer = waiting ? SCRATCH : RAX;
      m.load(pointer, operand, 8);
    }
  }
  m.moveAll(
    call.arguments.map((from, index) => ({
      from,
      machine: NONE,
      to: ARGUMENT_REGISTERS[index],
      size: moveWidth(from),
    })),
  );
  if (typeof call.target === 'string') {
    if (call.variadic) m.load(RAX, 0n, 4);
    m.emit.op('call', 8, { kind: 'target', symbol: m.emit.symbol(call.target) });
  } else {
    if (call.variadic && pointer === RAX) {
      m.emit.op('mov', 8, register(SCRATCH, 8), register(RAX, 8));
      pointer = SCRATCH;
    }
    if (call.variadic) m.load(RAX, 0n, 4);
    const operand = call.target.pointer;
    const inFrame = pointer === NONE && typeof operand === 'number';
    m.emit.op('call', 8, inFrame ? m.place(operand, 8) : register(pointer ?? RAX, 8));
  }
  if (reserved > 0) m.emit.op('add', 8, register(RSP, 8), immediate(reserved));
  selectResults(m, call.results);
}

/** rax and rdx to the result registers; a record's two words may have to cross. */
function selectResults(m: Machine, results: readonly number[]): void {
  const [first, second] = results;
  if (first === undefined) return;
  if (second !== undefined && m.registerOf(first) === RDX) {
    if (m.registerOf(second) === RAX) {
      m.emit.op('xchg', 8, register(RAX, 8), register(RDX, 8));
      return;
    }
    m.store(second, RDX, 8);
    m.store(first, RAX, 8);
    return;
  }
  m.store(first, RAX, 8);
  if (second !== undefined) m.store(second, RDX, 8);
}

/** Moves parameters from where they arrive to their homes: spilled ones first, then registers all at once. */
export function selectParameters(m: Machine, parameters: Parameters): void {
  const rest: { from: number; to: number }[] = [];
  parameters.registers.forEach((virtual, index) => {
    const arrives = ARGUMENT_REGISTERS[index];
    const home = m.registerOf(virtual);
    if (home === NONE) m.store(virtual, arrives, 8);
    else if (home !== arrives) rest.push({ from: arrives, to: home });
  });
  m.moveAll(rest.map(({ from, to }) => ({ from: 0n, machine: from, to, size: 8 as const })));
}

/** Puts the results in rax and rdx. The epilogue is the caller's. */
export function selectReturn(m: Machine, end: Return): void {
  m.moveAll(
    end.values.map((from, index) => ({
      from,
      machine: NONE,
      to: index === 0 ? RAX : RDX,
      size: moveWidth(from),
    })),
  );
}
