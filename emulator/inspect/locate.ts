/** From where debug information says a variable is, to a value that can be read and set in one frame. */
import type { Location, VariableDebug } from '../cc/debug';
import { GENERAL, type RegisterFile } from './registers';
import type { Type } from './types';
import { inMemory, type Value } from './value';

/** One frame as locations need it. */
export interface FrameBase {
  registers: RegisterFile;
  /** Canonical frame address; undefined when it could not be computed. */
  cfa: bigint | undefined;
  /** Registers at function entry are the registers now (the frame stands at its function's first instruction). */
  atEntry: boolean;
  symbol(name: string): bigint | undefined;
}

/** The value of a variable at an offset of its function. */
export function locate(variable: VariableDebug, type: Type, offset: number, frame: FrameBase): Value {
  const found = variable.locations.find(({ range: [start, end] }) => offset >= start && offset < end);
  if (!found) return unavailable(type, 'optimized out here');
  return valueAt(found.location, type, frame);
}

function unavailable(type: Type, reason: string): Value {
  return { type, place: { kind: 'unavailable', reason } };
}

function valueAt(location: Location, type: Type, frame: FrameBase): Value {
  switch (location.kind) {
    case 'register':
      return inRegister(location.register, type, frame);
    case 'frame':
      return frame.cfa === undefined
        ? unavailable(type, 'the frame could not be unwound')
        : inMemory(type, frame.cfa + BigInt(location.offset));
    case 'memory': {
      const name = GENERAL[location.register] ?? 'ax';
      const base = frame.registers.get(name);
      return base === undefined
        ? unavailable(type, `${name} is not known in this frame`)
        : inMemory(type, base + BigInt(location.offset));
    }
    case 'symbol': {
      const address = frame.symbol(location.symbol);
      return address === undefined
        ? unavailable(type, `no symbol ${location.symbol}`)
        : inMemory(type, address + BigInt(location.offset));
    }
    case 'constant':
      return { type, place: { kind: 'constant', value: location.value } };
    case 'entryValue':
      return frame.atEntry
        ? inRegister(location.register, type, frame)
        : unavailable(type, `optimized out: it was in ${GENERAL[location.register] ?? '?'} at entry`);
    case 'optimizedOut':
      return unavailable(type, `optimized out: ${location.reason}`);
  }
}

function inRegister(number: number, type: Type, frame: FrameBase): Value {
  const name = GENERAL[number] ?? 'ax';
  return {
    type,
    place: {
      kind: 'register',
      name,
      get: () => frame.registers.get(name),
      set: (value) => frame.registers.set(name, value),
    },
  };
}
