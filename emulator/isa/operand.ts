/** The operands of a decoded instruction, as decode.ts finds them and the processor and the disassembler read them. */

/** A general register 0..15; `high` names ah, ch, dh, bh as registers 0..3. */
export interface RegisterOperand {
  kind: 'register';
  register: number;
  size: 1 | 2 | 4 | 8;
  high?: boolean;
}

/**
 * Memory at base + index·scale + displacement. `ripRelative`: displacement counts from the end of the instruction.
 * `absolute`: the whole 64-bit address of movabs, of which `displacement` is exact only if canonical.
 * `size` is the number of bytes accessed; 0 where the instruction decides (lea, lgdt, far pointers, fxsave).
 */
export interface MemoryOperand {
  kind: 'memory';
  base?: number;
  index?: number;
  scale: 1 | 2 | 4 | 8;
  displacement: number;
  absolute?: bigint;
  ripRelative: boolean;
  segment?: 'fs' | 'gs';
  size: number;
}

/** A constant, sign-extended where the instruction says so; `size` is the number of bytes it is encoded in. */
export interface ImmediateOperand {
  kind: 'immediate';
  value: bigint;
  size: number;
}

/** A branch target, relative to the end of the instruction. */
export interface RelativeOperand {
  kind: 'relative';
  displacement: number;
}

/** A register of another file: segment 0..5 (es cs ss ds fs gs), control, debug, vector (size 16, 32), mmx, x87. */
export interface SpecialOperand {
  kind: 'segment' | 'control' | 'debug' | 'vector' | 'mmx' | 'x87';
  register: number;
  size: number;
}

export type Operand = RegisterOperand | MemoryOperand | ImmediateOperand | RelativeOperand | SpecialOperand;
