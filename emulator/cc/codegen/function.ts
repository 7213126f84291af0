/**
 * Code generation of one function: allocation, frame, prologue, blocks, epilogues, and the marks that debug information
 * is made of. The result is bytes and relocations with every mark at its final offset.
 */
import type { Loc } from '../ast';
import type { FrameRow } from '../debug';
import { type Instruction, type IrFunction, NONE, type Terminator } from '../ir/ir';
import { negateCondition } from '../opt/conditions';
import { type Allocation, allocate } from './allocate';
import { SUFFIX, selectComparison } from './arithmetic';
import { selectReturn } from './call';
import type { ClosedCode } from './emitter';
import { type Frame, layOutFrame } from './frame';
import type { AsmAssembler } from './inline-asm';
import { computeLiveness, type Liveness } from './liveness';
import { immediate, Machine, register } from './machine';
import { select } from './select';
import { RBP, RSP } from './timing';

/** A line row before file and line are looked up. `offset` is final. */
export interface CodeRow {
  offset: number;
  loc: Loc;
  scope: number;
  statement: number;
  prologueEnd: boolean;
}

/** The generated code of a function. */
export interface FunctionCode {
  closed: ClosedCode;
  rows: CodeRow[];
  frameRows: FrameRow[];
  /** Final offset of each instruction's first byte, by instruction number; one more at the end. */
  instructionOffsets: number[];
  /** Scope of each instruction. */
  instructionScopes: number[];
  allocation: Allocation;
  liveness: Liveness;
  frame: Frame;
  /** Offset of the first instruction after the prologue. */
  bodyStart: number;
}

export interface GenerateOptions {
  /** Begin with a 5-byte nop that ftrace could replace by a call. */
  entryNop: boolean;
}

/** nopl 0(%rax,%rax,1): what the kernel's build leaves where `call __fentry__` was. */
const ENTRY_NOP = [0x0f, 0x1f, 0x44, 0x00, 0x00];

class Generator {
  private readonly m: Machine;
  private readonly rows: (Omit<CodeRow, 'offset'> & { mark: number })[] = [];
  private readonly frameRows: (Omit<FrameRow, 'offset'> & { mark: number })[] = [];
  private readonly starts: number[] = [];
  private readonly scopes: number[] = [];
  private bodyMark = 0;

  constructor(
    private readonly fn: IrFunction,
    private readonly liveness: Liveness,
    private readonly assembler: AsmAssembler,
    private readonly options: GenerateOptions,
  ) {
    const allocation = allocate(fn, liveness);
    const frame = layOutFrame(fn, allocation.savedRegisters, allocation.spillCount);
    this.m = new Machine(allocation, frame);
  }

  run(): FunctionCode {
    this.prologue();
    this.fn.order.forEach((id, index) => {
      const block = this.fn.blocks[id];
      this.m.emit.startBlock(id);
      for (const instruction of block.instructions) {
        this.note(instruction);
        select(this.m, instruction, this.assembler);
        if (instruction.statement === 0) this.bodyMark = this.m.emit.mark;
      }
      this.note(block.end);
      this.terminate(block.end, this.fn.order[index + 1]);
    });
    this.starts.push(this.m.emit.mark);
    const closed = this.m.emit.close();
    return {
      closed,
      rows: this.rows.map(({ mark, ...row }) => ({ ...row, offset: closed.final(mark) })),
      frameRows: this.frameRows.map(({ mark, ...row }) => ({ offset: closed.final(mark), ...row })),
      instructionOffsets: this.starts.map((mark) => closed.final(mark)),
      instructionScopes: this.scopes,
      allocation: this.m.allocation,
      liveness: this.liveness,
      frame: this.m.frame,
      bodyStart: closed.final(this.bodyMark),
    };
  }

  /** Records where an instruction starts, and a line row if its source is not that of the row before. */
  private note(instruction: Instruction | Terminator): void {
    const { mark } = this.m.emit;
    this.starts.push(mark);
    this.scopes.push(instruction.scope);
    if (instruction.op === 'keep' || instruction.op === 'parameters') return;
    this.row(instruction.loc, instruction.scope, instruction.statement);
  }

  private row(loc: Loc, scope: number, statement: number): void {
    const last = this.rows[this.rows.length - 1];
    if (last && last.loc === loc && last.scope === scope && last.statement === statement) return;
    this.rows.push({ mark: this.m.emit.mark, loc, scope, statement, prologueEnd: false });
  }

  private frameRow(cfaRegister: number, cfaOffset: number, saved: FrameRow['saved']): void {
    this.frameRows.push({ mark: this.m.emit.mark, cfaRegister, cfaOffset, saved });
  }

  private prologue(): void {
    const { emit, frame } = this.m;
    this.row(this.fn.loc, 0, 0);
    this.frameRow(RSP, 8, []);
    if (this.options.entryNop) emit.bytes(...ENTRY_NOP);
    emit.op('push', 8, register(RBP, 8));
    const savedBase = { register: RBP, offset: -16 };
    this.frameRow(RSP, 16, [savedBase]);
    emit.op('mov', 8, register(RBP, 8), register(RSP, 8));
    this.frameRow(RBP, 16, [savedBase]);
    const saved = [savedBase];
    for (const { register: machine, offset } of frame.saved) {
      emit.op('push', 8, register(machine, 8));
      saved.push({ register: machine, offset: offset - 16 });
      this.frameRow(RBP, 16, [...saved]);
    }
    if (frame.size > 0) emit.op('sub', 8, register(RSP, 8), immediate(frame.size));
    this.bodyMark = emit.mark;
  }

  private epilogue(): void {
    const { emit, frame } = this.m;
    const savedBase = { register: RBP, offset: -16 };
    const saved = [
      savedBase,
      ...frame.saved.map((one) => ({ register: one.register, offset: one.offset - 16 })),
    ];
    if (frame.saved.length === 0) {
      if (frame.size > 0 || this.fn.usesAlloca) emit.bytes(0xc9);
      else emit.op('pop', 8, register(RBP, 8));
    } else {
      const lowest = frame.saved[frame.saved.length - 1].offset;
      if (this.fn.usesAlloca) {
        emit.op('lea', 8, register(RSP, 8), { kind: 'memory', base: RBP, displacement: lowest });
      } else if (frame.size > 0) emit.op('add', 8, register(RSP, 8), immediate(frame.size));
      for (const { register: machine } of [...frame.saved].reverse()) {
        emit.op('pop', 8, register(machine, 8));
        saved.pop();
        this.frameRow(RBP, 16, [...saved]);
      }
      emit.op('pop', 8, register(RBP, 8));
    }
    this.frameRow(RSP, 8, []);
    emit.op('ret', 8);
    // What follows is again inside the frame.
    const whole = [
      savedBase,
      ...frame.saved.map((one) => ({ register: one.register, offset: one.offset - 16 })),
    ];
    this.frameRow(RBP, 16, whole);
  }

  private terminate(end: Terminator, next: number | undefined): void {
    const { emit } = this.m;
    switch (end.op) {
      case 'jump':
        if (end.target !== next) emit.jump(undefined, end.target);
        return;
      case 'branch': {
        if (end.taken === end.otherwise) {
          if (end.taken !== next) emit.jump(undefined, end.taken);
          return;
        }
        const condition = selectComparison(this.m, end.condition, end.test, end.left, end.right, end.size);
        if (end.taken === next) emit.jump(SUFFIX[negateCondition(condition)], end.otherwise);
        else {
          emit.jump(SUFFIX[condition], end.taken);
          if (end.otherwise !== next) emit.jump(undefined, end.otherwise);
        }
        return;
      }
      case 'return':
        selectReturn(this.m, end);
        this.row(this.fn.end, 0, -1 - this.starts.length);
        this.epilogue();
        return;
      case 'computedJump': {
        const machine = typeof end.target === 'number' ? this.m.registerOf(end.target) : NONE;
        if (machine !== NONE) emit.op('jmp', 8, register(machine, 8));
        else emit.op('jmp', 8, register(this.m.inRegister(end.target, 8, 11), 8));
        return;
      }
      case 'asmJump':
        if (end.next !== next) emit.jump(undefined, end.next);
        return;
      case 'unreachable':
        if (end.trap) emit.bytes(0x0f, 0x0b);
        return;
    }
  }
}

/** Generates a function's code. `fn.order` must hold reachable blocks only. */
export function generate(fn: IrFunction, assembler: AsmAssembler, options: GenerateOptions): FunctionCode {
  return new Generator(fn, computeLiveness(fn), assembler, options).run();
}
