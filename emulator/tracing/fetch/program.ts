/**
 * What a fetch argument compiles to: where the value comes from and how it gets into the record. Plain data.
 */
import type { FetchType } from './types';

/** pt_regs names that events may use. */
export const REGISTER_NAMES = [
  ...['r15', 'r14', 'r13', 'r12', 'bp', 'bx', 'r11', 'r10', 'r9', 'r8', 'ax', 'cx', 'dx', 'si', 'di'],
  ...['orig_ax', 'ip', 'cs', 'flags', 'sp', 'ss'],
] as const;

export type RegisterName = (typeof REGISTER_NAMES)[number];

/** Where a value starts. A symbol is resolved when the probe is registered, and again when its module comes. */
export type FetchSource =
  | { kind: 'register'; name: RegisterName }
  | { kind: 'stackPointer' }
  | { kind: 'stack'; index: number }
  | { kind: 'argument'; index: number }
  | { kind: 'returnValue' }
  | { kind: 'comm' }
  | { kind: 'immediate'; value: bigint }
  | { kind: 'text'; value: string }
  | { kind: 'symbol'; expression: string };

/** One dereference: add `offset`, read memory there (`user`: with user-space access). */
export interface Dereference {
  offset: bigint;
  user: boolean;
}

/** A bit-field inside its container, as W@O/C gives it. */
export interface BitField {
  width: number;
  offset: number;
}

/** A parsed argument. `body` is the text as written, which listings show and comparisons use. */
export interface FetchArgument {
  name: string;
  body: string;
  source: FetchSource;
  /** Applied in order, the innermost first. */
  dereferences: Dereference[];
  type: FetchType;
  /** Array length; undefined for a single value. */
  count: number | undefined;
  bitField: BitField | undefined;
}
