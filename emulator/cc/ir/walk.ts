/**
 * Generic access to an instruction's operands: what it reads, what it writes, and rewriting both.
 *
 * Every pass that does not care what an instruction means (liveness, inlining, copy propagation, dead code) goes through
 * here, so a new instruction is described once.
 */
import {
  type Address,
  type BlockId,
  INCOMING,
  type Instruction,
  NONE,
  type Operand,
  type Terminator,
  type VReg,
} from './ir';

function readAddress(address: Address, use: (register: VReg) => void): void {
  if (address.base !== NONE) use(address.base);
  if (address.index !== NONE) use(address.index);
}

function readOperand(operand: Operand, use: (register: VReg) => void): void {
  if (typeof operand === 'number') use(operand);
}

/** Calls `use` for every virtual register that `instruction` reads (once per occurrence). */
export function forEachUse(instruction: Instruction | Terminator, use: (register: VReg) => void): void {
  switch (instruction.op) {
    case 'move':
    case 'unary':
    case 'constantP':
      readOperand(instruction.src, use);
      return;
    case 'extend':
    case 'restoreStack':
      use(instruction.src);
      return;
    case 'binary':
    case 'divide':
    case 'compare':
    case 'overflow':
    case 'branch':
      readOperand(instruction.left, use);
      readOperand(instruction.right, use);
      return;
    case 'lea':
    case 'load':
      readAddress(instruction.address, use);
      return;
    case 'store':
    case 'update':
      readAddress(instruction.address, use);
      readOperand(instruction.src, use);
      return;
    case 'copyBlock':
      readAddress(instruction.to, use);
      readAddress(instruction.from, use);
      return;
    case 'fillBlock':
      readAddress(instruction.to, use);
      return;
    case 'call':
      if (typeof instruction.target !== 'string') readOperand(instruction.target.pointer, use);
      for (const argument of instruction.arguments) readOperand(argument, use);
      for (const argument of instruction.stack) {
        if (argument.kind === 'word') readOperand(argument.value, use);
        else readAddress(argument.from, use);
      }
      return;
    case 'asm':
      for (const input of instruction.inputs) use(input);
      for (const operand of instruction.operands) {
        if (operand.kind === 'memory' && operand.address) readAddress(operand.address, use);
      }
      return;
    case 'atomic':
      readAddress(instruction.address, use);
      readOperand(instruction.src, use);
      readOperand(instruction.expected, use);
      return;
    case 'machine':
      for (const input of instruction.inputs) use(input);
      return;
    case 'alloca':
      readOperand(instruction.bytes, use);
      return;
    case 'keep':
    case 'return':
      for (const value of instruction.values) readOperand(value, use);
      return;
    case 'computedJump':
      readOperand(instruction.target, use);
      return;
    case 'readRegister':
    case 'saveStack':
    case 'parameters':
    case 'jump':
    case 'asmJump':
    case 'unreachable':
      return;
  }
}

/** Calls `define` for every virtual register that `instruction` writes. */
export function forEachDefinition(instruction: Instruction, define: (register: VReg) => void): void {
  switch (instruction.op) {
    case 'move':
    case 'extend':
    case 'unary':
    case 'binary':
    case 'divide':
    case 'compare':
    case 'lea':
    case 'load':
    case 'readRegister':
    case 'alloca':
    case 'saveStack':
    case 'constantP':
      define(instruction.dst);
      return;
    case 'overflow':
      define(instruction.dst);
      define(instruction.flag);
      return;
    case 'atomic':
      if (instruction.dst !== NONE) define(instruction.dst);
      if (instruction.flag !== NONE) define(instruction.flag);
      return;
    case 'call':
      for (const result of instruction.results) define(result);
      return;
    case 'asm':
    case 'machine':
      for (const output of instruction.outputs) define(output);
      return;
    case 'parameters':
      for (const register of instruction.registers) define(register);
      return;
    case 'store':
    case 'update':
    case 'copyBlock':
    case 'fillBlock':
    case 'restoreStack':
    case 'keep':
      return;
  }
}

/** The blocks that may follow. */
export function successors(end: Terminator): BlockId[] {
  switch (end.op) {
    case 'jump':
      return [end.target];
    case 'branch':
      return end.taken === end.otherwise ? [end.taken] : [end.taken, end.otherwise];
    case 'computedJump':
      return end.targets;
    case 'asmJump':
      return [end.next, ...end.targets];
    case 'return':
    case 'unreachable':
      return [];
  }
}

/** How to rewrite an instruction's operands. Registers in addresses and asm can only become registers. */
export interface Rewriter {
  use(operand: Operand): Operand;
  register(register: VReg): VReg;
  define(register: VReg): VReg;
  slot(slot: number): number;
  block(block: BlockId): BlockId;
}

function rewriteAddress(address: Address, by: Rewriter): Address {
  return {
    ...address,
    base: address.base === NONE ? NONE : by.register(address.base),
    index: address.index === NONE ? NONE : by.register(address.index),
    slot: address.slot === NONE || address.slot === INCOMING ? address.slot : by.slot(address.slot),
  };
}

/** A copy of `instruction` with its operands rewritten. */
export function rewriteInstruction(instruction: Instruction, by: Rewriter): Instruction {
  switch (instruction.op) {
    case 'move':
    case 'unary':
    case 'constantP':
      return { ...instruction, dst: by.define(instruction.dst), src: by.use(instruction.src) };
    case 'extend':
      return { ...instruction, dst: by.define(instruction.dst), src: by.register(instruction.src) };
    case 'binary':
    case 'divide':
    case 'compare':
      return {
        ...instruction,
        dst: by.define(instruction.dst),
        left: by.use(instruction.left),
        right: by.use(instruction.right),
      };
    case 'overflow':
      return {
        ...instruction,
        dst: by.define(instruction.dst),
        flag: by.define(instruction.flag),
        left: by.use(instruction.left),
        right: by.use(instruction.right),
      };
    case 'lea':
      return {
        ...instruction,
        dst: by.define(instruction.dst),
        address: rewriteAddress(instruction.address, by),
        label: instruction.label === undefined ? undefined : by.block(instruction.label),
      };
    case 'load':
      return {
        ...instruction,
        dst: by.define(instruction.dst),
        address: rewriteAddress(instruction.address, by),
      };
    case 'store':
    case 'update':
      return {
        ...instruction,
        src: by.use(instruction.src),
        address: rewriteAddress(instruction.address, by),
      };
    case 'copyBlock':
      return {
        ...instruction,
        to: rewriteAddress(instruction.to, by),
        from: rewriteAddress(instruction.from, by),
      };
    case 'fillBlock':
      return { ...instruction, to: rewriteAddress(instruction.to, by) };
    case 'call':
      return {
        ...instruction,
        target:
          typeof instruction.target === 'string'
            ? instruction.target
            : { pointer: by.use(instruction.target.pointer) },
        arguments: instruction.arguments.map((argument) => by.use(argument)),
        stack: instruction.stack.map((argument) =>
          argument.kind === 'word'
            ? { ...argument, value: by.use(argument.value) }
            : { ...argument, from: rewriteAddress(argument.from, by) },
        ),
        results: instruction.results.map((result) => by.define(result)),
      };
    case 'asm':
      return {
        ...instruction,
        pieces: instruction.pieces.map((piece) =>
          piece.kind === 'label' ? { ...piece, block: by.block(piece.block) } : piece,
        ),
        operands: instruction.operands.map((operand) => ({
          ...operand,
          register: operand.register === NONE ? NONE : by.register(operand.register),
          address: operand.address ? rewriteAddress(operand.address, by) : undefined,
        })),
        inputs: instruction.inputs.map((input) => by.register(input)),
        outputs: instruction.outputs.map((output) => by.define(output)),
      };
    case 'atomic':
      return {
        ...instruction,
        address: rewriteAddress(instruction.address, by),
        src: by.use(instruction.src),
        expected: by.use(instruction.expected),
        dst: instruction.dst === NONE ? NONE : by.define(instruction.dst),
        flag: instruction.flag === NONE ? NONE : by.define(instruction.flag),
      };
    case 'readRegister':
    case 'saveStack':
      return { ...instruction, dst: by.define(instruction.dst) };
    case 'machine':
      return {
        ...instruction,
        inputs: instruction.inputs.map((input) => by.register(input)),
        outputs: instruction.outputs.map((output) => by.define(output)),
      };
    case 'alloca':
      return { ...instruction, dst: by.define(instruction.dst), bytes: by.use(instruction.bytes) };
    case 'restoreStack':
      return { ...instruction, src: by.register(instruction.src) };
    case 'keep':
      return { ...instruction, values: instruction.values.map((value) => by.register(value)) };
    case 'parameters':
      return { ...instruction, registers: instruction.registers.map((register) => by.define(register)) };
  }
}

/** A copy of `end` with its operands rewritten. */
export function rewriteTerminator(end: Terminator, by: Rewriter): Terminator {
  switch (end.op) {
    case 'jump':
      return { ...end, target: by.block(end.target) };
    case 'branch':
      return {
        ...end,
        left: by.use(end.left),
        right: by.use(end.right),
        taken: by.block(end.taken),
        otherwise: by.block(end.otherwise),
      };
    case 'return':
      return { ...end, values: end.values.map((value) => by.use(value)) };
    case 'computedJump':
      return {
        ...end,
        target: by.use(end.target),
        targets: end.targets.map((target) => by.block(target)),
      };
    case 'asmJump':
      return { ...end, next: by.block(end.next), targets: end.targets.map((target) => by.block(target)) };
    case 'unreachable':
      return { ...end };
  }
}

/** True if the instruction may be removed when nothing reads what it writes. */
export function isPure(instruction: Instruction): boolean {
  switch (instruction.op) {
    case 'move':
    case 'extend':
    case 'unary':
    case 'binary':
    case 'compare':
    case 'lea':
    case 'readRegister':
    case 'constantP':
    case 'overflow':
    case 'divide':
      return true;
    case 'load':
      return !instruction.volatile;
    case 'asm':
      return !instruction.volatile;
    case 'store':
    case 'update':
    case 'copyBlock':
    case 'fillBlock':
    case 'call':
    case 'atomic':
    case 'machine':
    case 'alloca':
    case 'saveStack':
    case 'restoreStack':
    case 'keep':
    case 'parameters':
      return false;
  }
}
