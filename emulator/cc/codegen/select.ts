/**
 * Instruction selection: one IR instruction to machine instructions. Families are in arithmetic.ts, memory.ts, call.ts
 * and inline-asm.ts.
 */
import type { Instruction, Machine as MachineInstruction, Move } from '../ir/ir';
import { NONE } from '../ir/ir';
import {
  selectAtomic,
  selectBinary,
  selectCompare,
  selectDivide,
  selectExtend,
  selectOverflow,
  selectUnary,
} from './arithmetic';
import { selectCall, selectParameters } from './call';
import { type AsmAssembler, selectAsm } from './inline-asm';
import { fitsInt32, immediate, type Machine, register } from './machine';
import {
  selectAlloca,
  selectCopyBlock,
  selectFillBlock,
  selectLea,
  selectLoad,
  selectStore,
  selectUpdate,
} from './memory';
import { RSP, SCRATCH } from './timing';

function selectMove(m: Machine, { dst, src, size }: Move): void {
  if (m.isUnused(dst)) return;
  const target = m.registerOf(dst);
  if (target !== NONE) {
    m.load(target, src, size);
    return;
  }
  if (typeof src === 'bigint') {
    const value = BigInt.asIntN(size * 8, src);
    if (fitsInt32(value)) {
      m.emit.op('mov', size, m.place(dst, size), immediate(value));
      return;
    }
  }
  const machine = m.inRegister(src, size, SCRATCH);
  if (typeof src === 'number' && m.inMemory(src) && m.spillOffset(src) === m.spillOffset(dst)) return;
  m.store(dst, machine, size);
}

function selectMachine(m: Machine, instruction: MachineInstruction): void {
  switch (instruction.name) {
    case 'pause':
      m.emit.bytes(0xf3, 0x90);
      return;
    case 'nop':
      m.emit.bytes(0x90);
      return;
    case 'mfence':
      m.emit.bytes(0x0f, 0xae, 0xf0);
      return;
    case 'rdtsc':
      m.emit.bytes(0x0f, 0x31);
      return;
    case 'pushfPop':
      m.emit.bytes(0x9c);
      m.emit.op('pop', 8, m.place(instruction.outputs[0], 8));
      return;
    case 'pushPopf':
      m.emit.op('push', 8, m.place(instruction.inputs[0], 8));
      m.emit.bytes(0x9d);
      return;
  }
}

/** Emits the code of one instruction. */
export function select(m: Machine, instruction: Instruction, assembler: AsmAssembler): void {
  switch (instruction.op) {
    case 'move':
      selectMove(m, instruction);
      return;
    case 'extend':
      selectExtend(m, instruction);
      return;
    case 'unary':
      selectUnary(m, instruction);
      return;
    case 'binary':
      selectBinary(m, instruction);
      return;
    case 'divide':
      selectDivide(m, instruction);
      return;
    case 'compare':
      selectCompare(m, instruction);
      return;
    case 'lea':
      selectLea(m, instruction);
      return;
    case 'load':
      selectLoad(m, instruction);
      return;
    case 'store':
      selectStore(m, instruction);
      return;
    case 'update':
      selectUpdate(m, instruction);
      return;
    case 'copyBlock':
      selectCopyBlock(m, instruction);
      return;
    case 'fillBlock':
      selectFillBlock(m, instruction);
      return;
    case 'call':
      selectCall(m, instruction);
      return;
    case 'asm':
      selectAsm(m, instruction, assembler);
      return;
    case 'overflow':
      selectOverflow(m, instruction);
      return;
    case 'atomic':
      selectAtomic(m, instruction);
      return;
    case 'readRegister':
      m.store(instruction.dst, instruction.register, 8);
      return;
    case 'machine':
      selectMachine(m, instruction);
      return;
    case 'alloca':
      selectAlloca(m, instruction);
      return;
    case 'saveStack':
      m.store(instruction.dst, RSP, 8);
      return;
    case 'restoreStack':
      m.emit.op('mov', 8, register(RSP, 8), m.place(instruction.src, 8));
      return;
    case 'constantP':
      m.load(m.target(instruction.dst, SCRATCH), 0n, 4);
      m.store(instruction.dst, m.target(instruction.dst, SCRATCH), 4);
      return;
    case 'parameters':
      selectParameters(m, instruction);
      return;
    case 'keep':
      return;
  }
}
