/**
 * When, inside one instruction, operands are read and results written: what register allocation must keep apart.
 *
 * Instruction number i owns positions 4i (early reads), 4i+1 (clobbers and early writes), 4i+2 (late reads) and 4i+3
 * (ordinary writes). A result may take the register of an operand that is read early, but not of one that is read late
 * when the result is written early.
 */
import { type Address, type Instruction, NONE, type Operand, type Terminator, type VReg } from '../ir/ir';
import { ARGUMENT_REGISTERS } from '../lower/function';

export const EARLY_READ = 0;
export const EARLY_WRITE = 1;
export const LATE_READ = 2;
export const WRITE = 3;

export const RAX = 0;
export const RCX = 1;
export const RDX = 2;
export const RBX = 3;
export const RSP = 4;
export const RBP = 5;
export const RSI = 6;
export const RDI = 7;
/** Never allocated: the code generator's own. */
export const SCRATCH = 11;
export const SCRATCH2 = 10;

export const CALLER_SAVED: readonly number[] = [RAX, RCX, RDX, RSI, RDI, 8, 9];
export const CALLEE_SAVED: readonly number[] = [RBX, 14, 15, 12, 13];

/** Longest block that is copied or cleared by single moves; longer ones use rep movs or rep stos. */
export const UNROLLED_BYTES = 64;

const COMMUTATIVE = new Set(['add', 'mul', 'and', 'or', 'xor']);

/** True if the operation may swap its operands. */
export function isCommutative(operator: string): boolean {
  return COMMUTATIVE.has(operator);
}

/** Receives an instruction's register accesses. `phase` is one of the constants above. */
export interface AccessVisitor {
  read(register: VReg, phase: number): void;
  write(register: VReg, phase: number): void;
  /** A machine register that the instruction destroys. */
  clobber(machine: number): void;
  /** It would save a move if `register` were in `machine`. */
  hint(register: VReg, machine: number): void;
}

function operand(value: Operand, phase: number, visit: AccessVisitor): void {
  if (typeof value === 'number') visit.read(value, phase);
}

function addressRegisters(address: Address, phase: number, visit: AccessVisitor): void {
  if (address.base !== NONE) visit.read(address.base, phase);
  if (address.index !== NONE) visit.read(address.index, phase);
}

/** Reports every access of an instruction with its phase. */
export function visitAccesses(instruction: Instruction | Terminator, visit: AccessVisitor): void {
  switch (instruction.op) {
    case 'move':
    case 'unary':
    case 'constantP':
      operand(instruction.src, EARLY_READ, visit);
      visit.write(instruction.dst, WRITE);
      return;
    case 'extend':
      visit.read(instruction.src, EARLY_READ);
      visit.write(instruction.dst, WRITE);
      return;
    case 'binary': {
      const shift =
        instruction.operator === 'shl' || instruction.operator === 'shr' || instruction.operator === 'sar';
      const apart = !isCommutative(instruction.operator);
      operand(instruction.left, EARLY_READ, visit);
      operand(instruction.right, apart && !shift ? LATE_READ : EARLY_READ, visit);
      if (shift && typeof instruction.right === 'number') {
        visit.clobber(RCX);
        visit.hint(instruction.right, RCX);
      }
      visit.write(instruction.dst, apart ? EARLY_WRITE : WRITE);
      return;
    }
    case 'divide':
      operand(instruction.left, EARLY_READ, visit);
      operand(instruction.right, LATE_READ, visit);
      visit.clobber(RAX);
      visit.clobber(RDX);
      visit.write(instruction.dst, WRITE);
      visit.hint(instruction.dst, instruction.operator === 'div' ? RAX : RDX);
      return;
    case 'compare':
      operand(instruction.left, EARLY_READ, visit);
      operand(instruction.right, EARLY_READ, visit);
      visit.write(instruction.dst, WRITE);
      return;
    case 'branch':
      operand(instruction.left, EARLY_READ, visit);
      operand(instruction.right, EARLY_READ, visit);
      return;
    case 'lea':
    case 'load':
      addressRegisters(instruction.address, EARLY_READ, visit);
      visit.write(instruction.dst, WRITE);
      return;
    case 'store':
    case 'update':
      addressRegisters(instruction.address, EARLY_READ, visit);
      operand(instruction.src, EARLY_READ, visit);
      return;
    case 'copyBlock':
      addressRegisters(instruction.to, LATE_READ, visit);
      addressRegisters(instruction.from, LATE_READ, visit);
      visit.clobber(RAX);
      if (instruction.bytes > UNROLLED_BYTES) for (const machine of [RDI, RSI, RCX]) visit.clobber(machine);
      return;
    case 'fillBlock':
      addressRegisters(instruction.to, LATE_READ, visit);
      if (instruction.bytes > UNROLLED_BYTES) for (const machine of [RDI, RAX, RCX]) visit.clobber(machine);
      return;
    case 'call':
      if (typeof instruction.target !== 'string') operand(instruction.target.pointer, EARLY_READ, visit);
      instruction.arguments.forEach((argument, index) => {
        operand(argument, EARLY_READ, visit);
        if (typeof argument === 'number') visit.hint(argument, ARGUMENT_REGISTERS[index]);
      });
      for (const argument of instruction.stack) {
        if (argument.kind === 'word') operand(argument.value, EARLY_READ, visit);
        else addressRegisters(argument.from, EARLY_READ, visit);
      }
      for (const machine of CALLER_SAVED) visit.clobber(machine);
      instruction.results.forEach((result, index) => {
        visit.write(result, WRITE);
        visit.hint(result, index === 0 ? RAX : RDX);
      });
      return;
    case 'asm':
      for (const input of instruction.inputs) {
        visit.read(input, instruction.outputs.includes(input) ? WRITE : LATE_READ);
      }
      for (const part of instruction.operands) {
        if (part.kind === 'memory' && part.address) addressRegisters(part.address, LATE_READ, visit);
      }
      for (const machine of instruction.clobbers) visit.clobber(machine);
      instruction.outputs.forEach((output, index) => {
        visit.write(output, instruction.earlyClobber[index] ? EARLY_WRITE : WRITE);
      });
      return;
    case 'overflow': {
      const unsignedMultiply = instruction.operator === 'mul' && !instruction.signed;
      operand(instruction.left, EARLY_READ, visit);
      operand(instruction.right, LATE_READ, visit);
      if (unsignedMultiply) {
        visit.clobber(RAX);
        visit.clobber(RDX);
      }
      visit.write(instruction.dst, unsignedMultiply ? WRITE : EARLY_WRITE);
      visit.write(instruction.flag, WRITE);
      return;
    }
    case 'atomic':
      addressRegisters(instruction.address, LATE_READ, visit);
      operand(instruction.expected, EARLY_READ, visit);
      operand(instruction.src, LATE_READ, visit);
      if (instruction.operator === 'compareExchange') visit.clobber(RAX);
      if (instruction.dst !== NONE) {
        visit.write(instruction.dst, instruction.operator === 'compareExchange' ? WRITE : EARLY_WRITE);
      }
      if (instruction.flag !== NONE) visit.write(instruction.flag, WRITE);
      return;
    case 'machine':
      for (const input of instruction.inputs) visit.read(input, EARLY_READ);
      for (const output of instruction.outputs) visit.write(output, WRITE);
      return;
    case 'alloca':
      operand(instruction.bytes, EARLY_READ, visit);
      visit.write(instruction.dst, WRITE);
      return;
    case 'readRegister':
    case 'saveStack':
      visit.write(instruction.dst, WRITE);
      return;
    case 'restoreStack':
      visit.read(instruction.src, EARLY_READ);
      return;
    case 'keep':
      for (const value of instruction.values) visit.read(value, EARLY_READ);
      return;
    case 'parameters':
      instruction.registers.forEach((register, index) => {
        visit.write(register, WRITE);
        visit.hint(register, ARGUMENT_REGISTERS[index]);
      });
      return;
    case 'return':
      instruction.values.forEach((value, index) => {
        operand(value, EARLY_READ, visit);
        if (typeof value === 'number') visit.hint(value, index === 0 ? RAX : RDX);
      });
      return;
    case 'computedJump':
      operand(instruction.target, EARLY_READ, visit);
      return;
    case 'jump':
    case 'asmJump':
    case 'unreachable':
      return;
  }
}
