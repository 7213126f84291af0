// movs, stos, lods, scas, cmps, ins, outs, with and without REP. A repeated instruction does a bounded number of
// iterations at a time and then goes on at itself, so that it can be interrupted anywhere and never holds the machine
// up; each such portion counts as one instruction. A fault leaves the registers at the element that caused it.
import type { Decoded } from '../../isa/decode';
import type { Core } from '../core';
import { Flag } from '../cpu';
import { generalProtection } from '../fault';
import { PAGE } from '../layout';
import type { Environment, Procedure } from './environment';
import { inUserMode, writeRegister } from './operands';

const RAX = 0;
const RCX = 1;
const RSI = 6;
const RDI = 7;
/** Iterations of one portion. */
const PORTION = 4096;

interface StringState {
  core: Core;
  size: number;
  /** Bytes that rsi and rdi move by per element. */
  step: bigint;
  addressBits: number;
  sourceBase: bigint;
  user: boolean;
}

function stateOf(core: Core, decoded: Decoded, size: number): StringState {
  const down = (core.cpu.systemFlags & Flag.direction) !== 0;
  const { segment } = decoded;
  return {
    core,
    size,
    step: BigInt(down ? -size : size),
    addressBits: decoded.addressSize * 8,
    sourceBase: segment === 'fs' ? core.cpu.fsBase : segment === 'gs' ? core.cpu.gsBase : 0n,
    user: inUserMode(core),
  };
}

function pointer(state: StringState, register: number): bigint {
  const offset = BigInt.asUintN(state.addressBits, state.core.cpu.get(register));
  return register === RSI ? BigInt.asUintN(64, offset + state.sourceBase) : offset;
}

function advance(state: StringState, register: number, elements = 1n): void {
  const value = BigInt.asUintN(state.addressBits, state.core.cpu.get(register) + state.step * elements);
  state.core.cpu.set(register, value);
}

/** One element. Returns false if a repeated compare or scan should end after it. */
type Element = (state: StringState, decoded: Decoded) => boolean;

function compareFlags(state: StringState, decoded: Decoded, a: bigint, b: bigint): boolean {
  const bits = state.size * 8;
  const result = BigInt.asUintN(bits, a - b);
  const { cpu } = state.core;
  const borrow = a < b ? 1 : 0;
  const signA = Number(a >> BigInt(bits - 1));
  const signB = Number(b >> BigInt(bits - 1));
  const signR = Number(result >> BigInt(bits - 1));
  let parity = Number(result & 0xffn);
  parity ^= parity >> 4;
  parity ^= parity >> 2;
  parity ^= parity >> 1;
  const image =
    borrow |
    ((parity & 1) ^ 1 ? 4 : 0) |
    ((a & 15n) < (b & 15n) ? 16 : 0) |
    (result === 0n ? 0x40 : 0) |
    (signR << 7) |
    (signA !== signB && signR !== signA ? 0x800 : 0);
  cpu.setArithmeticFlags(image);
  return (result === 0n) === (decoded.rep === 'rep');
}

const elements: Readonly<Record<string, Element>> = {
  movs: (state) => {
    const { core, size, user } = state;
    const value = core.load(pointer(state, RSI), size, user);
    core.store(pointer(state, RDI), size, value, user);
    advance(state, RSI);
    advance(state, RDI);
    return true;
  },
  stos: (state) => {
    const { core, size, user } = state;
    core.store(pointer(state, RDI), size, BigInt.asUintN(size * 8, core.cpu.get(RAX)), user);
    advance(state, RDI);
    return true;
  },
  lods: (state) => {
    const { core, size, user } = state;
    writeRegister(core, RAX, size, core.load(pointer(state, RSI), size, user));
    advance(state, RSI);
    return true;
  },
  scas: (state, decoded) => {
    const { core, size, user } = state;
    const value = core.load(pointer(state, RDI), size, user);
    advance(state, RDI);
    return compareFlags(state, decoded, BigInt.asUintN(size * 8, core.cpu.get(RAX)), value);
  },
  cmps: (state, decoded) => {
    const { core, size, user } = state;
    const a = core.load(pointer(state, RSI), size, user);
    const b = core.load(pointer(state, RDI), size, user);
    advance(state, RSI);
    advance(state, RDI);
    return compareFlags(state, decoded, a, b);
  },
  /** No device answers: ones come in. */
  ins: (state) => {
    const { core, size, user } = state;
    core.store(pointer(state, RDI), size, BigInt.asUintN(size * 8, -1n), user);
    advance(state, RDI);
    return true;
  },
  outs: (state) => {
    state.core.load(pointer(state, RSI), state.size, state.user);
    advance(state, RSI);
    return true;
  },
};

/**
 * movs and stos upwards over what is left of the current page(s), as one copy or fill. Returns the number of elements
 * done; 0 if the slow way must be taken.
 */
function bulk(state: StringState, op: string, count: number): number {
  const { core, size, user } = state;
  if (state.step < 0n || state.addressBits !== 64 || (op !== 'movs' && op !== 'stos')) return 0;
  const to = pointer(state, RDI);
  const from = op === 'movs' ? pointer(state, RSI) : to;
  const room = (address: bigint): number => PAGE - Number(address & BigInt(PAGE - 1));
  const number = Math.min(count, Math.floor(Math.min(room(to), room(from)) / size));
  if (number < 2) return 0;
  const bytes = number * size;
  const destination = core.place(to, bytes, user, true);
  if (destination < 0) return 0;
  const { u8 } = core.memory;
  if (op === 'movs') {
    const source = core.place(from, bytes, user, false);
    // An overlapping upward copy repeats a pattern; only the slow way does that.
    if (source < 0 || (source < destination && source + bytes > destination)) return 0;
    u8.copyWithin(destination, source, source + bytes);
    advance(state, RSI, BigInt(number));
  } else {
    core.memory.store(destination, size, core.cpu.get(RAX));
    for (let done = size; done < bytes; done *= 2) {
      u8.copyWithin(destination + done, destination, destination + Math.min(done, bytes - done));
    }
  }
  advance(state, RDI, BigInt(number));
  return number;
}

function run({ core }: Environment, decoded: Decoded, address: bigint): void {
  const { op, operands, entry } = decoded;
  const memory = operands.find((operand) => operand.kind === 'memory');
  const state = stateOf(core, decoded, memory?.kind === 'memory' ? memory.size : decoded.operandSize);
  const { cpu } = core;
  if (entry.iopl && cpu.cpl > (cpu.systemFlags & Flag.ioplMask) >> 12) throw generalProtection();
  const element = elements[op];
  if (!decoded.rep) {
    element(state, decoded);
    return;
  }
  const portion = cpu.systemFlags & Flag.trap ? 1 : PORTION;
  let left = BigInt.asUintN(state.addressBits, cpu.get(RCX));
  for (let done = 0; left > 0n && done < portion; ) {
    const fast =
      portion === 1
        ? 0
        : bulk(state, op, Number(left < BigInt(portion - done) ? left : BigInt(portion - done)));
    const more = fast > 0 || element(state, decoded);
    done += Math.max(1, fast);
    left -= BigInt(Math.max(1, fast));
    cpu.set(RCX, left);
    if (!more) return;
    if (core.attention && core.watchpoints.hit) break;
  }
  if (left > 0n) cpu.rip = address;
}

/** The procedures of this file by operation name. */
export const strings: Readonly<Record<string, Procedure>> = Object.fromEntries(
  Object.keys(elements).map((op) => [op, run]),
);
