/**
 * The intermediate representation: per function, basic blocks of three-address instructions on virtual registers.
 *
 * It is not SSA: a C variable that lives in a register is one virtual register for its whole life, so that "where is
 * this variable" has one answer per instruction and no phi has to be taken apart. Temporaries are written once.
 * Virtual registers are 64 bits wide; instructions work on 4 or 8 bytes, and 4-byte results clear the upper half.
 * A value of a type narrower than int is kept extended to 32 bits by its type's signedness; only loads, stores,
 * `extend` and the calling convention know its true width.
 */
import type { Loc } from '../ast';
import type { Type } from '../types';

/** Index into IrFunction.registers. */
export type VReg = number;

/** A virtual register, or a constant (already reduced to the instruction's size, negative for signed values). */
export type Operand = VReg | bigint;

export type Size = 4 | 8;
export type MemorySize = 1 | 2 | 4 | 8;

/** Signed lt le gt ge, unsigned b be a ae. */
export type Condition = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge' | 'b' | 'be' | 'a' | 'ae';

/** No base or index register, no slot. */
export const NONE = -1;

/** The stack area where the caller put arguments: Address.slot value, offset 0 is the first stack argument. */
export const INCOMING = -2;

/** segment:[symbol + base + index*scale + offset]; `slot` stands for a stack object's start (or INCOMING). */
export interface Address {
  base: VReg;
  index: VReg;
  scale: 1 | 2 | 4 | 8;
  offset: number;
  slot: number;
  symbol: string | undefined;
  segment: 'fs' | 'gs' | undefined;
}

/** What every instruction carries: source location, lexical scope, and the number of its statement (see LineRow.isStatement). */
export interface Origin {
  loc: Loc;
  scope: number;
  statement: number;
}

export interface Move extends Origin {
  op: 'move';
  dst: VReg;
  src: Operand;
  size: Size;
}

/** Sign- or zero-extends the low `from` bytes to `size` bytes. */
export interface Extend extends Origin {
  op: 'extend';
  dst: VReg;
  src: VReg;
  from: 1 | 2 | 4;
  signed: boolean;
  size: Size;
}

/** bsf/bsr: undefined for zero, like the instructions; bswap of 2 bytes is built from a rotate (`bswap16`). */
export type UnaryOperator = 'neg' | 'not' | 'bswap' | 'bswap16' | 'bsf' | 'bsr';

export interface Unary extends Origin {
  op: 'unary';
  operator: UnaryOperator;
  dst: VReg;
  src: Operand;
  size: Size;
}

export type BinaryOperator = 'add' | 'sub' | 'mul' | 'and' | 'or' | 'xor' | 'shl' | 'shr' | 'sar';

export interface Binary extends Origin {
  op: 'binary';
  operator: BinaryOperator;
  dst: VReg;
  left: Operand;
  right: Operand;
  size: Size;
}

export interface Divide extends Origin {
  op: 'divide';
  operator: 'div' | 'rem';
  signed: boolean;
  dst: VReg;
  left: Operand;
  right: Operand;
  size: Size;
}

/** dst = left condition right ? 1 : 0. With `test`, compares (left & right) with zero. */
export interface Compare extends Origin {
  op: 'compare';
  condition: Condition;
  test: boolean;
  dst: VReg;
  left: Operand;
  right: Operand;
  size: Size;
}

/** dst = the address itself. `label` (a block) instead of an address: where that block's code starts. */
export interface Lea extends Origin {
  op: 'lea';
  dst: VReg;
  address: Address;
  label: BlockId | undefined;
}

export interface Load extends Origin {
  op: 'load';
  dst: VReg;
  address: Address;
  size: MemorySize;
  signed: boolean;
  to: Size;
  volatile: boolean;
}

export interface Store extends Origin {
  op: 'store';
  address: Address;
  src: Operand;
  size: MemorySize;
  volatile: boolean;
}

/** [address] = [address] operator src, in memory. Made by the optimiser only. */
export interface Update extends Origin {
  op: 'update';
  operator: 'add' | 'sub' | 'and' | 'or' | 'xor';
  address: Address;
  src: Operand;
  size: MemorySize;
}

/** Copies `bytes` bytes; the areas are equal or do not overlap. */
export interface CopyBlock extends Origin {
  op: 'copyBlock';
  to: Address;
  from: Address;
  bytes: number;
}

/** Fills with a byte value. */
export interface FillBlock extends Origin {
  op: 'fillBlock';
  to: Address;
  value: number;
  bytes: number;
}

/** What is passed on the stack: one 8-byte word, or a record's bytes. */
export type StackArgument =
  | { kind: 'word'; value: Operand }
  | { kind: 'block'; from: Address; bytes: number; align: number };

/** A call. `target` is a symbol or a pointer. Arguments are in rdi rsi rdx rcx r8 r9, results in rax rdx. */
export interface Call extends Origin {
  op: 'call';
  target: string | { pointer: Operand };
  arguments: Operand[];
  stack: StackArgument[];
  results: VReg[];
  /** Clear al: the callee is variadic or has no prototype. */
  variadic: boolean;
  noreturn: boolean;
  /** What an inlined body needs: width of each register argument. */
  functionName: string | undefined;
}

export interface AsmOperand {
  kind: 'register' | 'memory' | 'immediate' | 'symbol';
  /** For registers: the operand's width, for the default register name. */
  size: MemorySize;
  /** register: the (must-register) vreg. Others: unused. */
  register: VReg;
  address: Address | undefined;
  value: bigint;
}

export type IrAsmPiece =
  | { kind: 'text'; text: string }
  | { kind: 'operand'; index: number; modifier: string }
  | { kind: 'label'; block: BlockId }
  | { kind: 'unique' };

/** Inline assembly. Register operands are vregs that must get a register (some a given one). */
export interface Asm extends Origin {
  op: 'asm';
  pieces: IrAsmPiece[];
  operands: AsmOperand[];
  inputs: VReg[];
  outputs: VReg[];
  /** Output may not share a register with any input. */
  earlyClobber: boolean[];
  clobbers: number[];
  volatile: boolean;
  memory: boolean;
  /** =@cc outputs: set after the text, by index into outputs. */
  flags: { output: number; condition: string }[];
}

/** dst = left op right; flag = 1 if it overflowed `size` bytes as signed or unsigned. */
export interface Overflow extends Origin {
  op: 'overflow';
  operator: 'add' | 'sub' | 'mul';
  signed: boolean;
  dst: VReg;
  flag: VReg;
  left: Operand;
  right: Operand;
  size: MemorySize;
}

/** exchange and add give the old value; compareExchange compares with `expected`, dst = old value, flag = success. */
export interface Atomic extends Origin {
  op: 'atomic';
  operator: 'exchange' | 'add' | 'compareExchange' | 'fence';
  address: Address;
  src: Operand;
  expected: Operand;
  dst: VReg;
  flag: VReg;
  size: MemorySize;
}

/** dst = a machine register (rsp, rbp, or another that a global register variable names). */
export interface ReadRegister extends Origin {
  op: 'readRegister';
  dst: VReg;
  register: number;
}

/** A machine instruction without C operands, with results in fixed registers. */
export interface Machine extends Origin {
  op: 'machine';
  name: 'pause' | 'rdtsc' | 'pushfPop' | 'pushPopf' | 'mfence' | 'nop';
  inputs: VReg[];
  outputs: VReg[];
}

/** Lowers rsp by `bytes` rounded up to 16; dst = the new space. */
export interface Alloca extends Origin {
  op: 'alloca';
  dst: VReg;
  bytes: Operand;
}

export interface SaveStack extends Origin {
  op: 'saveStack';
  dst: VReg;
}

export interface RestoreStack extends Origin {
  op: 'restoreStack';
  src: VReg;
}

/** No code: the values must still be known here (a variable's scope ends). */
export interface Keep extends Origin {
  op: 'keep';
  values: VReg[];
}

/** __builtin_constant_p: becomes 1 if the optimiser finds src constant, at last 0. */
export interface ConstantP extends Origin {
  op: 'constantP';
  dst: VReg;
  src: Operand;
}

/** Function entry: parameters arrive in rdi rsi rdx rcx r8 r9. */
export interface Parameters extends Origin {
  op: 'parameters';
  registers: VReg[];
}

export type Instruction =
  | Move
  | Extend
  | Unary
  | Binary
  | Divide
  | Compare
  | Lea
  | Load
  | Store
  | Update
  | CopyBlock
  | FillBlock
  | Call
  | Asm
  | Overflow
  | Atomic
  | ReadRegister
  | Machine
  | Alloca
  | SaveStack
  | RestoreStack
  | Keep
  | ConstantP
  | Parameters;

/** Index into IrFunction.blocks. */
export type BlockId = number;

export interface Jump extends Origin {
  op: 'jump';
  target: BlockId;
}

/** Compares like `compare` and goes to `taken` or `otherwise`. `likely`: which way __builtin_expect bets. */
export interface Branch extends Origin {
  op: 'branch';
  condition: Condition;
  test: boolean;
  left: Operand;
  right: Operand;
  size: Size;
  taken: BlockId;
  otherwise: BlockId;
  likely: boolean | undefined;
}

/** Values go to rax and rdx. */
export interface Return extends Origin {
  op: 'return';
  values: Operand[];
}

export interface ComputedJump extends Origin {
  op: 'computedJump';
  target: Operand;
  targets: BlockId[];
}

/** Falls through `next` after the block's last instruction, an asm goto that may also go to `targets`. */
export interface AsmJump extends Origin {
  op: 'asmJump';
  next: BlockId;
  targets: BlockId[];
}

/** Control does not get here; `trap`: emit ud2, because the program may. */
export interface Unreachable extends Origin {
  op: 'unreachable';
  trap: boolean;
}

export type Terminator = Jump | Branch | Return | ComputedJump | AsmJump | Unreachable;

export interface Block {
  id: BlockId;
  instructions: Instruction[];
  end: Terminator;
  /** Its address is taken (&&label, asm goto, static data): it must stay. */
  pinned: boolean;
  loopDepth: number;
}

/** A virtual register's constraints. */
export interface Register {
  /** Must be in this machine register (or NONE). */
  fixed: number;
  /** Must be in some machine register: an operand of inline assembly. */
  mustRegister: boolean;
  /** Must be one of rax rbx rcx rdx (constraint Q). */
  legacy: boolean;
}

/** An object on the stack. Objects of scopes that do not enclose one another share space. */
export interface StackSlot {
  size: number;
  align: number;
  scope: number;
}

/** Where a variable of the source is: a virtual register, a stack object, or a known constant. */
export type VariableHome =
  | { kind: 'register'; register: VReg }
  | { kind: 'slot'; slot: number; offset: number }
  | { kind: 'pointer'; register: VReg }
  | { kind: 'constant'; value: bigint }
  | { kind: 'symbol'; symbol: string }
  | { kind: 'none'; reason: string };

export interface ScopeVariable {
  name: string;
  type: Type;
  loc: Loc;
  parameter: number | undefined;
  /** Where a parameter is at the function's first instruction: ABI register numbers (several for a record), or the stack. */
  arrival: { registers: number[]; raw: VReg[] } | { stackOffset: number } | undefined;
  home: VariableHome;
}

/** A lexical scope, or the outermost scope of an inlined call (then `site` differs from the parent's). */
export interface Scope {
  parent: number;
  site: number;
  variables: ScopeVariable[];
}

/** One inlined call. */
export interface IrInlineSite {
  callee: IrFunction;
  callLoc: Loc;
  /** Statement of the call, for the line table. */
  parent: number;
}

/** A function's code. Block 0 is the entry; blocks are in layout order of `order`. */
export interface IrFunction {
  name: string;
  loc: Loc;
  end: Loc;
  registers: Register[];
  slots: StackSlot[];
  blocks: Block[];
  order: BlockId[];
  scopes: Scope[];
  sites: IrInlineSite[];
  /** Vregs of scalar parameters in ABI order as `parameters` defines them; used when inlining. */
  usesAlloca: boolean;
  /** rbp-relative addresses of callers or labels in static data: such a function is not inlined. */
  notInlinable: boolean;
  returnsRecordInMemory: boolean;
  statements: number;
  /** How often each register is written, counted once the function is final. */
  writeCounts?: Uint32Array;
}
