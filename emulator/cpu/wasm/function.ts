// One region of guest code as one WebAssembly function: (entry number) -> exit code. Blocks lie in address order inside
// nested wasm blocks, so that forward jumps are plain branches; backward jumps and entries go through one br_table, and
// a block that jumps to itself is a loop of its own.
//
// Counting: each block takes its instructions off the budget at its start; a side exit gives back those it did not
// reach. Flags stay symbolic inside a block; where it is left, their operands go into locals and are passed on
// uncomputed (flags.ts).
import { signExtend } from '../ir/flags';
import type { Size, Statement, Word } from '../ir/nodes';
import { ACTIVE, Field, PAGE, tlbSet } from '../layout';
import { ExpressionEmitter, type PendingFlags } from './expressions';
import { computeCarries, KIND_CURRENT, KIND_WORDS, kindOf } from './flags';
import type { Block, RegionCode, RegionInstruction } from './region';
import { Op, Type, Writer } from './writer';

/** What a translated function returns. rip is in the state block. */
export const Exit = {
  /** Go on at rip, in whatever has code for it. */
  jump: 0,
  /** The instruction at rip must be run by the evaluator. */
  evaluate: 1,
  /** The budget does not suffice for the block at rip. */
  budget: 2,
} as const;

/** Indices of the imported functions in every region module. */
export const Import = { readSlow: 0, writeSlow: 1 } as const;

const ENTRY = 0;
const LEFT = 1;
const HOST = 2;
const SLOT = 3;
const EXIT = 4;
const PLACE = 5;
const CODE = 6;
const KIND = 7;
const ADDRESS = 8;
const FLAG_A = 9;
const FLAG_B = 10;
const FLAG_RESULT = 11;
const FIRST_FREE = 12;

/** At most this many return addresses are compared before a return leaves the region. */
const MAX_RETURN_SITES = 6;

/** Names under which the flag locals appear as temporaries of pending flags. */
const RESULT_NAME = -1001;
const CARRIES_NAME = -1002;
const incomingFlags: PendingFlags = {
  kind: 'words',
  result: { kind: 'temporary', id: RESULT_NAME },
  carries: { kind: 'temporary', id: CARRIES_NAME },
};

/** The flag locals and the fields that they live in between regions. */
const flagFields = [
  [FLAG_A, Field.flagA],
  [FLAG_B, Field.flagB],
  [FLAG_RESULT, Field.flagResult],
] as const;

/** A label's nesting depth, to compute relative branch distances. */
type Label = number;

class FunctionEmitter extends ExpressionEmitter {
  private readonly region: RegionCode;
  private readonly base: bigint;
  private readonly index = new Map<bigint, number>();
  /** Addresses behind calls whose callee is in the region, too. */
  private readonly returnSites: bigint[] = [];
  private depth = 0;
  private labels: Label[] = [];
  private top: Label = 0;
  private side: Label = 0;
  private tail: Label = 0;
  private leave: Label = 0;
  private self: Label = 0;
  private current = 0;
  /** The instruction being emitted follows sti and its shadow is still on. */
  private shadowed = false;
  /** Of the instruction being emitted: packed offset and instructions not reached. */
  private exitCode = 0;
  private used = FIRST_FREE;
  private free: number[] = [];
  private mine: number[] = [];
  private held: number[] = [];

  constructor(region: RegionCode) {
    super(new Writer());
    this.region = region;
    this.base = region.blocks[0].address;
    region.blocks.forEach((block, at) => {
      this.index.set(block.address, at);
    });
    for (const block of region.blocks) {
      const last = block.instructions.at(-1)?.statements.at(-1);
      if (last?.kind !== 'jump' || last.role !== 'call' || last.target.kind !== 'constant') continue;
      const inside = this.index.has(last.target.value) && this.index.has(block.next);
      if (inside && this.returnSites.length < MAX_RETURN_SITES) this.returnSites.push(block.next);
    }
  }

  /** The function body with its local declarations. */
  emit(): Uint8Array {
    const { blocks } = this.region;
    const done = this.open(Op.block);
    this.leave = this.open(Op.block);
    this.tail = this.open(Op.block);
    this.side = this.open(Op.block);
    this.loadState();
    this.top = this.open(Op.loop);
    for (let at = blocks.length - 1; at >= 0; at--) this.labels[at] = this.open(Op.block);
    this.get(ENTRY);
    this.out.byte(Op.brTable);
    this.out.unsigned(blocks.length - 1);
    for (let at = 0; at < blocks.length; at++) this.out.unsigned(this.distance(this.labels[at]));
    blocks.forEach((block, at) => {
      this.close();
      this.block(block, at);
    });
    this.close();
    this.out.byte(Op.unreachable);
    for (const code of [Exit.evaluate, Exit.budget]) {
      this.close();
      this.restoreCount();
      this.i32(code);
      this.set(CODE);
      this.branch(done);
    }
    this.close();
    this.i32(Exit.jump);
    this.set(CODE);
    this.close();
    this.storeState();
    this.get(CODE);
    this.out.byte(Op.end);
    return this.withLocals();
  }

  private withLocals(): Uint8Array {
    const body = new Writer();
    body.unsigned(2);
    body.unsigned(ADDRESS - 1);
    body.byte(Type.i32);
    body.unsigned(this.used - ADDRESS);
    body.byte(Type.i64);
    body.bytes(this.out.result());
    return body.result();
  }

  /** Budget and flags from the state block. */
  private loadState(): void {
    this.i32(0);
    this.memory(Op.i32Load, ACTIVE + Field.budget);
    this.set(LEFT);
    this.i32(0);
    this.memory(Op.i32Load, ACTIVE + Field.flagKind);
    this.set(KIND);
    for (const [local, field] of flagFields) {
      this.i32(0);
      this.loadWord(8, ACTIVE + field);
      this.set(local);
    }
  }

  /** Budget and flags back into the state block. */
  private storeState(): void {
    this.i32(0);
    this.get(LEFT);
    this.memory(Op.i32Store, ACTIVE + Field.budget);
    this.i32(0);
    this.get(KIND);
    this.memory(Op.i32Store, ACTIVE + Field.flagKind);
    for (const [local, field] of flagFields) {
      this.i32(0);
      this.get(local);
      this.storeWord(8, ACTIVE + field);
    }
  }

  /** Puts the pending flags where the next block, or whoever runs next, finds them. They stay known. */
  private passFlags(): void {
    const { pending } = this;
    if (!pending || pending === incomingFlags) return;
    if (pending.kind === 'words') {
      this.word(pending.carries);
      this.set(FLAG_A);
    } else {
      this.word(pending.a);
      this.set(FLAG_A);
      this.word(pending.b);
      this.set(FLAG_B);
    }
    this.word(pending.kind === 'words' ? pending.result : signExtend(pending.result, pending.size));
    this.set(FLAG_RESULT);
    this.i32(pending.kind === 'words' ? KIND_WORDS : kindOf(pending.rule, pending.size));
    this.set(KIND);
  }

  /** Flags that come from an earlier block are computed when a block first asks for them. */
  protected override flagWords(): { result: Word; carries: Word } {
    if (!this.pending) {
      this.get(KIND);
      this.i32(KIND_WORDS);
      this.out.byte(Op.i32Ne);
      this.open(Op.if);
      this.get(KIND);
      this.i32(KIND_CURRENT);
      this.out.byte(Op.i32Eq);
      this.open(Op.if);
      this.i32(0);
      this.loadWord(4, ACTIVE + Field.flagCarries);
      this.set(FLAG_A);
      this.out.byte(Op.else);
      computeCarries(this, { kind: KIND, a: FLAG_A, b: FLAG_B }, () => this.get(FLAG_RESULT));
      this.close();
      this.i32(KIND_WORDS);
      this.set(KIND);
      this.close();
      this.pending = incomingFlags;
    }
    return super.flagWords();
  }

  /** The budget's end in time, less what is left of it before this instruction. */
  protected override clock(): void {
    this.i32(0);
    this.loadWord(8, ACTIVE + Field.clockEnd);
    this.get(LEFT);
    this.i32(this.exitCode & 1023);
    this.out.byte(Op.i32Add);
    this.out.bytes([Op.i64ExtendI32U, Op.i64Sub]);
  }

  protected override localOf(id: number): number {
    if (id === RESULT_NAME) return FLAG_RESULT;
    if (id === CARRIES_NAME) return FLAG_A;
    return super.localOf(id);
  }

  /** rip and budget from the packed EXIT local: offset from the region's base << 10 | instructions to give back. */
  private restoreCount(): void {
    this.i32(0);
    this.i64(this.base);
    this.get(EXIT);
    this.i32(10);
    this.out.byte(Op.i32ShrU);
    this.out.byte(Op.i64ExtendI32U);
    this.out.byte(Op.i64Add);
    this.storeWord(8, ACTIVE + Field.rip);
    this.get(LEFT);
    this.get(EXIT);
    this.i32(1023);
    this.out.byte(Op.i32And);
    this.out.byte(Op.i32Add);
    this.set(LEFT);
  }

  private open(opcode: number): Label {
    this.out.byte(opcode);
    this.out.byte(Type.empty);
    return ++this.depth;
  }

  private close(): void {
    this.out.byte(Op.end);
    this.depth--;
  }

  private distance(label: Label): number {
    return this.depth - label;
  }

  private branch(label: Label): void {
    this.out.byte(Op.br);
    this.out.unsigned(this.distance(label));
  }

  private packed(address: bigint, instructions: number): number {
    return (Number(address - this.base) << 10) | instructions;
  }

  private block(block: Block, at: number): void {
    this.current = at;
    this.pending = undefined;
    this.releaseHeld();
    const loops = this.jumpsToItself(block);
    if (loops) this.self = this.open(Op.loop);
    const count = block.instructions.length;
    this.get(LEFT);
    this.i32(count);
    this.out.byte(Op.i32Sub);
    this.tee(LEFT);
    this.i32(0);
    this.out.byte(Op.i32LtS);
    this.out.byte(Op.if);
    this.out.byte(Type.empty);
    this.depth++;
    this.i32(this.packed(block.address, count));
    this.set(EXIT);
    this.branch(this.tail);
    this.close();
    block.instructions.forEach((instruction, position) => {
      this.exitCode = this.packed(instruction.address, count - position);
      this.shadowed = position > 0 && block.instructions[position - 1].shadows;
      this.instruction(instruction, block);
    });
    if (block.instructions.at(-1)?.shadows) {
      // The shadow covers an instruction of another block: that one is the evaluator's.
      this.passFlags();
      this.i32(this.packed(block.next, 0));
      this.set(EXIT);
      this.branch(this.side);
    } else if (block.end === 'fallthrough') {
      this.passFlags();
      this.goTo(block.next, loops);
    } else if (block.end === 'evaluate') {
      this.passFlags();
      this.i32(this.packed(block.next, 0));
      this.set(EXIT);
      this.branch(this.side);
    }
    if (loops) this.close();
  }

  private jumpsToItself(block: Block): boolean {
    const last = block.instructions.at(-1)?.statements.at(-1);
    if (last?.kind === 'branch') return last.target === block.address;
    return last?.kind === 'jump' && last.target.kind === 'constant' && last.target.value === block.address;
  }

  private instruction(instruction: RegionInstruction, block: Block): void {
    for (const statement of instruction.statements) {
      if (statement.kind === 'jump' || statement.kind === 'branch') this.endShadow();
      this.statement(statement, block);
    }
    this.endShadow();
    this.recycle();
  }

  /** After the instruction that follows sti, interrupts may come again (none is pending, or sti had been left). */
  private endShadow(): void {
    if (!this.shadowed) return;
    this.shadowed = false;
    this.i32(0);
    this.i32(0);
    this.memory(Op.i32Store, ACTIVE + Field.interruptShadow);
  }

  /** Frees this instruction's locals, except those that pending flags refer to. */
  private recycle(): void {
    const needed = new Map<number, number>();
    for (const word of this.pending === incomingFlags ? [] : wordsOf(this.pending)) {
      if (word.kind === 'temporary') needed.set(word.id, this.localOf(word.id));
    }
    const keep = new Set(needed.values());
    for (const local of [...this.mine, ...this.held]) if (!keep.has(local)) this.free.push(local);
    this.held = [...keep];
    this.mine = [];
    // Under negative names they cannot meet the next instruction's temporaries.
    const renamed = new Map<number, number>();
    this.locals.clear();
    for (const [id, local] of needed) {
      const name = -1 - renamed.size;
      renamed.set(id, name);
      this.locals.set(name, local);
    }
    if (this.pending !== incomingFlags) this.pending = renamePending(this.pending, renamed);
  }

  private releaseHeld(): void {
    this.free.push(...this.held);
    this.held = [];
    this.locals.clear();
  }

  private allocate(id: number): number {
    const local = this.free.pop() ?? this.used++;
    this.mine.push(local);
    this.locals.set(id, local);
    return local;
  }

  private statement(statement: Statement, block: Block): void {
    switch (statement.kind) {
      case 'let': {
        this.word(statement.value);
        this.set(this.allocate(statement.id));
        return;
      }
      case 'setField':
        this.i32(0);
        this.word(statement.value);
        this.storeWord(statement.size, ACTIVE + statement.offset);
        return;
      case 'load':
        this.host(statement.address, statement.size, false);
        this.loadWord(statement.size, 0);
        this.set(this.allocate(statement.id));
        return;
      case 'store':
        this.host(statement.address, statement.size, true);
        this.word(statement.value);
        this.storeWord(statement.size, 0);
        return;
      case 'loadForWrite':
        this.host(statement.address, statement.size, true);
        this.tee(PLACE);
        this.loadWord(statement.size, 0);
        this.set(this.allocate(statement.id));
        return;
      case 'writeBack':
        this.get(PLACE);
        this.word(statement.value);
        this.storeWord(statement.size, 0);
        return;
      case 'flags':
        this.pending = { ...statement, kind: 'operation' };
        return;
      case 'setFlags':
        this.pending = { kind: 'words', result: statement.result, carries: statement.carries };
        return;
      case 'if':
        this.conditional(statement, block);
        return;
      case 'jump':
        this.passFlags();
        this.jump(statement, block);
        return;
      case 'branch':
        this.conditionalJump(statement, block);
        return;
      case 'system':
        this.leaveToEvaluator();
        return;
    }
  }

  private leaveToEvaluator(): void {
    this.passFlags();
    this.i32(this.exitCode);
    this.set(EXIT);
    this.branch(this.side);
  }

  private conditional(statement: Extract<Statement, { kind: 'if' }>, block: Block): void {
    const setsFlags = [...statement.yes, ...statement.no].some(
      ({ kind }) => kind === 'flags' || kind === 'setFlags',
    );
    this.bit(statement.condition);
    // Both arms must leave the flags in the same place.
    if (setsFlags) this.passFlags();
    const before = this.pending;
    const arm = (statements: readonly Statement[]): void => {
      this.pending = before;
      for (const inner of statements) this.statement(inner, block);
      if (setsFlags && this.pending !== before) this.passFlags();
    };
    this.open(Op.if);
    arm(statement.yes);
    if (statement.no.length > 0) {
      this.out.byte(Op.else);
      arm(statement.no);
    }
    this.close();
    this.pending = setsFlags ? undefined : before;
  }

  private jump(statement: Extract<Statement, { kind: 'jump' }>, block: Block): void {
    if (statement.target.kind === 'constant') {
      this.goTo(statement.target.value, this.jumpsToItself(block));
      return;
    }
    if (statement.role === 'return') this.returnInside(statement.target);
    this.i32(0);
    this.word(statement.target);
    this.storeWord(8, ACTIVE + Field.rip);
    this.branch(this.leave);
  }

  /** A return that goes to a call site of this region stays in it. */
  private returnInside(target: Word): void {
    for (const address of this.returnSites) {
      this.word(target);
      this.i64(address);
      this.out.byte(Op.i64Eq);
      this.open(Op.if);
      this.goTo(address, false);
      this.close();
    }
  }

  private conditionalJump(statement: Extract<Statement, { kind: 'branch' }>, block: Block): void {
    this.passFlags();
    this.bit(statement.condition);
    const loops = this.jumpsToItself(block);
    const target = this.index.get(statement.target);
    if (target !== undefined && (target > this.current || loops)) {
      this.out.byte(Op.brIf);
      this.out.unsigned(this.distance(loops ? this.self : this.labels[target]));
    } else {
      this.open(Op.if);
      this.goTo(statement.target, false);
      this.close();
    }
    this.goTo(block.next, false);
  }

  /** Goes on at a constant address: in this region if it has a block there. `loops`: to the block itself. */
  private goTo(address: bigint, loops: boolean): void {
    const target = this.index.get(address);
    if (target === undefined) {
      this.i32(0);
      this.i64(address);
      this.storeWord(8, ACTIVE + Field.rip);
      this.branch(this.leave);
    } else if (loops && target === this.current) this.branch(this.self);
    else if (target > this.current) this.branch(this.labels[target]);
    else {
      this.i32(target);
      this.set(ENTRY);
      this.branch(this.top);
    }
  }

  /**
   * Leaves the linear-memory address of a guest access on the stack: the TLB's answer, else the slow path's; if that
   * has none either (fault, code page, watchpoint), the evaluator does the instruction.
   */
  private host(address: Word, size: Size, write: boolean): void {
    const tlb = tlbSet(this.region.user, write);
    this.word(address);
    this.tee(ADDRESS);
    this.i64(8n);
    this.out.byte(Op.i64ShrU);
    this.out.byte(Op.i32WrapI64);
    this.i32(0xff0);
    this.out.byte(Op.i32And);
    this.tee(SLOT);
    this.loadWord(8, tlb);
    this.get(ADDRESS);
    if (size > 1) {
      this.i64(BigInt(size - 1));
      this.out.byte(Op.i64Add);
    }
    this.i64(BigInt(-PAGE));
    this.out.byte(Op.i64And);
    this.out.byte(Op.i64Eq);
    this.out.bytes([Op.if, Type.i32]);
    this.depth++;
    this.get(ADDRESS);
    this.out.byte(Op.i32WrapI64);
    this.get(SLOT);
    this.memory(Op.i32Load, tlb + 8);
    this.out.byte(Op.i32Add);
    this.out.byte(Op.else);
    this.get(ADDRESS);
    this.out.byte(Op.i32WrapI64);
    this.get(ADDRESS);
    this.i64(32n);
    this.out.byte(Op.i64ShrU);
    this.out.byte(Op.i32WrapI64);
    this.i32(size);
    this.out.byte(Op.call);
    this.out.unsigned(write ? Import.writeSlow : Import.readSlow);
    this.tee(HOST);
    this.out.byte(Op.i32Eqz);
    this.open(Op.if);
    this.leaveToEvaluator();
    this.close();
    this.get(HOST);
    this.close();
  }
}

function wordsOf(pending: PendingFlags | undefined): Word[] {
  if (!pending) return [];
  return pending.kind === 'words'
    ? [pending.result, pending.carries]
    : [pending.a, pending.b, pending.result];
}

function renamePending(
  pending: PendingFlags | undefined,
  names: ReadonlyMap<number, number>,
): PendingFlags | undefined {
  const rename = (word: Word): Word =>
    word.kind === 'temporary' ? { kind: 'temporary', id: names.get(word.id) ?? word.id } : word;
  if (!pending) return undefined;
  if (pending.kind === 'words') {
    return { kind: 'words', result: rename(pending.result), carries: rename(pending.carries) };
  }
  return { ...pending, a: rename(pending.a), b: rename(pending.b), result: rename(pending.result) };
}

/** The WebAssembly function body of a region. Its entry numbers are the indices of its blocks. */
export function emitFunction(region: RegionCode): Uint8Array {
  return new FunctionEmitter(region).emit();
}
