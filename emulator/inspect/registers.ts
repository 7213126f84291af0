/**
 * Registers by every name a user may write: pt_regs members (`ax`, `ip`, `orig_ax`), the processor's (`rax`, `eax`,
 * `al`, `r8d`), as typed values over a register file.
 *
 * `ax` is the whole register, as in pt_regs and kprobe_events, not its low 16 bits as in assembly.
 */
import { BY_NUMBER } from '../kernel/ptregs';
import { pointerTo, type Type, UNSIGNED_CHAR, UNSIGNED_INT, UNSIGNED_LONG, VOID } from './types';
import type { Value } from './value';

/** One set of registers: a pt_regs in memory, a CPU, or what unwinding recovered of an outer frame. */
export interface RegisterFile {
  /** By pt_regs name; undefined when it is not known. */
  get(name: string): bigint | undefined;
  /** False when it cannot be set. */
  set(name: string, value: bigint): boolean;
}

/** pt_regs names in the instruction encoding's numbering. */
export const GENERAL = BY_NUMBER;

/** The order in which a registers view lists them. */
export const REGISTER_ORDER = [
  'ip',
  'sp',
  'bp',
  'ax',
  'bx',
  'cx',
  'dx',
  'si',
  'di',
  'r8',
  'r9',
  'r10',
  'r11',
  'r12',
  'r13',
  'r14',
  'r15',
  'flags',
  'orig_ax',
  'cs',
  'ss',
] as const;

const PT_REGS_NAMES: ReadonlySet<string> = new Set<string>(REGISTER_ORDER);

interface Alias {
  name: string;
  bits: 8 | 32 | 64;
}

const ALIASES: ReadonlyMap<string, Alias> = new Map(aliases());

function* aliases(): Generator<[string, Alias]> {
  for (const name of PT_REGS_NAMES) yield [name, { name, bits: 64 }];
  for (const name of ['ax', 'bx', 'cx', 'dx', 'si', 'di', 'bp', 'sp', 'ip', 'flags']) {
    yield [`r${name}`, { name, bits: 64 }];
    yield [`e${name}`, { name, bits: 32 }];
  }
  for (const letter of ['a', 'b', 'c', 'd']) yield [`${letter}l`, { name: `${letter}x`, bits: 8 }];
  for (const name of ['si', 'di', 'bp', 'sp']) yield [`${name}l`, { name, bits: 8 }];
  for (let number = 8; number < 16; number++) {
    yield [`r${number}d`, { name: `r${number}`, bits: 32 }];
    yield [`r${number}b`, { name: `r${number}`, bits: 8 }];
  }
  yield ['pc', { name: 'ip', bits: 64 }];
}

/** The value of a register by any of its names (without `$`); undefined for a name that is none. */
export function registerValue(file: RegisterFile, written: string): Value | undefined {
  const alias = ALIASES.get(written.toLowerCase());
  if (!alias) return undefined;
  const { name, bits } = alias;
  const mask = (1n << BigInt(bits)) - 1n;
  return {
    type: registerType(name, bits),
    place: {
      kind: 'register',
      name: written,
      get: () => {
        const whole = file.get(name);
        return whole === undefined ? undefined : whole & mask;
      },
      set: (value) => {
        if (bits !== 8) return file.set(name, value & mask);
        const whole = file.get(name);
        return whole !== undefined && file.set(name, (whole & ~mask) | (value & mask));
      },
    },
  };
}

function registerType(name: string, bits: number): Type {
  if (bits === 8) return UNSIGNED_CHAR;
  if (bits === 32) return UNSIGNED_INT;
  return name === 'ip' ? pointerTo(VOID) : UNSIGNED_LONG;
}

/** Every name that `registerValue` knows, for completions. */
export function registerNames(): string[] {
  return [...ALIASES.keys()];
}
