// The language in which instruction semantics are written once (lift/) and from which every engine is made: the
// reference evaluator (evaluator/) and the WebAssembly translator (wasm/). Plain data, no behaviour.
//
// Two types: a Word is 64 bits; narrower guest values are kept zero-extended in it. A Bit is a truth value.

/** Sizes of guest data in bytes. */
export type Size = 1 | 2 | 4 | 8;

/** Two-operand operations on words, all modulo 2^64; shift counts modulo 64. */
export type WordOperator =
  | 'add'
  | 'sub'
  | 'mul'
  | 'and'
  | 'or'
  | 'xor'
  | 'shl'
  | 'shrU'
  | 'shrS'
  | 'divU'
  | 'divS'
  | 'remU'
  | 'remS';
export type WordFunction = 'clz' | 'ctz' | 'popcnt' | 'signExtend1' | 'signExtend2' | 'signExtend4';
export type Comparison = 'eq' | 'ne' | 'ltU' | 'ltS' | 'leU' | 'leS';

/** A 64-bit expression without side effects. */
export type Word =
  | { readonly kind: 'constant'; readonly value: bigint }
  | { readonly kind: 'temporary'; readonly id: number }
  /** A field of the CPU state, zero-extended. */
  | { readonly kind: 'field'; readonly offset: number; readonly size: Size }
  | { readonly kind: 'binary'; readonly operator: WordOperator; readonly a: Word; readonly b: Word }
  | { readonly kind: 'unary'; readonly operator: WordFunction; readonly a: Word }
  | { readonly kind: 'select'; readonly condition: Bit; readonly a: Word; readonly b: Word }
  | { readonly kind: 'fromBit'; readonly a: Bit }
  /** Virtual time before this instruction. */
  | { readonly kind: 'clock' }
  /** The two words that hold the arithmetic flags now; see flags.ts. */
  | { readonly kind: 'flagResult' }
  | { readonly kind: 'flagCarries' };

/** A truth value without side effects. */
export type Bit =
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly a: Word; readonly b: Word }
  | { readonly kind: 'not'; readonly a: Bit }
  | { readonly kind: 'and' | 'or' | 'xor'; readonly a: Bit; readonly b: Bit }
  /** An x86 condition code 0..15 on the current flags. */
  | { readonly kind: 'condition'; readonly code: number };

/** How the flags follow from an operation. `adc` and `sbb` are `add` and `sub` with a carry in. */
export type FlagRule = 'add' | 'adc' | 'sub' | 'sbb' | 'logic';

export type Statement =
  | { readonly kind: 'let'; readonly id: number; readonly value: Word }
  | { readonly kind: 'setField'; readonly offset: number; readonly size: Size; readonly value: Word }
  /** Guest memory read into a temporary. `stack`: a non-canonical address is #SS, not #GP. */
  | {
      readonly kind: 'load';
      readonly id: number;
      readonly size: Size;
      readonly address: Word;
      readonly stack: boolean;
    }
  | {
      readonly kind: 'store';
      readonly size: Size;
      readonly address: Word;
      readonly value: Word;
      readonly stack: boolean;
    }
  /** Read for a read-modify-write: checks for writing first. The next `writeBack` writes to the same place. */
  | {
      readonly kind: 'loadForWrite';
      readonly id: number;
      readonly size: Size;
      readonly address: Word;
      readonly stack: boolean;
    }
  | { readonly kind: 'writeBack'; readonly size: Size; readonly value: Word }
  | {
      readonly kind: 'flags';
      readonly rule: FlagRule;
      readonly size: Size;
      readonly a: Word;
      readonly b: Word;
      readonly result: Word;
    }
  /** Sets the two flag words outright. */
  | { readonly kind: 'setFlags'; readonly result: Word; readonly carries: Word }
  | {
      readonly kind: 'if';
      readonly condition: Bit;
      readonly yes: Statement[];
      readonly no: Statement[];
    }
  /** Goes to an address. Nothing may follow. `known` when the address is a constant of the code. */
  | { readonly kind: 'jump'; readonly target: Word; readonly role: 'jump' | 'call' | 'return' }
  /** Goes to `target` if the condition holds, else to the next instruction. Nothing may follow. */
  | { readonly kind: 'branch'; readonly condition: Bit; readonly target: bigint }
  /**
   * Leaves the instruction to its procedure in system/. Nothing of the instruction may have happened before, and
   * nothing may follow: the procedure is all of it.
   */
  | { readonly kind: 'system' };
