// Words and bits of ir/ as WebAssembly stack code. The second back end of the semantics; evaluator/compile.ts is the
// first. Temporaries are locals; where the arithmetic flags are is FlagSource's business.
import { carriesOf, conditionAfter, conditionFrom, signExtend } from '../ir/flags';
import type { Bit, FlagRule, Size, Word, WordFunction, WordOperator } from '../ir/nodes';
import { ACTIVE, Field } from '../layout';
import { Op, type Writer } from './writer';

/** Flags that an instruction of the current block has set and that are not in the state block yet. */
export type PendingFlags =
  | { kind: 'operation'; rule: FlagRule; size: Size; a: Word; b: Word; result: Word }
  | { kind: 'words'; result: Word; carries: Word };

const wordOpcodes: Readonly<Record<WordOperator, number>> = {
  add: Op.i64Add,
  sub: Op.i64Sub,
  mul: Op.i64Mul,
  and: Op.i64And,
  or: Op.i64Or,
  xor: Op.i64Xor,
  shl: Op.i64Shl,
  shrU: Op.i64ShrU,
  shrS: Op.i64ShrS,
  divU: Op.i64DivU,
  divS: Op.i64DivS,
  remU: Op.i64RemU,
  remS: Op.i64RemS,
};

const functionOpcodes: Readonly<Record<WordFunction, number>> = {
  clz: Op.i64Clz,
  ctz: Op.i64Ctz,
  popcnt: Op.i64Popcnt,
  signExtend1: Op.i64Extend8S,
  signExtend2: Op.i64Extend16S,
  signExtend4: Op.i64Extend32S,
};

const compareOpcodes = {
  eq: Op.i64Eq,
  ne: Op.i64Ne,
  ltU: Op.i64LtU,
  ltS: Op.i64LtS,
  leU: Op.i64LeU,
  leS: Op.i64LeS,
} as const;

const loadOpcodes: Readonly<Record<Size, number>> = {
  1: Op.i64Load8U,
  2: Op.i64Load16U,
  4: Op.i64Load32U,
  8: Op.i64Load,
};
const storeOpcodes: Readonly<Record<Size, number>> = {
  1: Op.i64Store8,
  2: Op.i64Store16,
  4: Op.i64Store32,
  8: Op.i64Store,
};

/** Emits expressions into a writer. */
export class ExpressionEmitter {
  readonly out: Writer;
  pending: PendingFlags | undefined;
  /** Local of each live temporary of the current instruction. */
  protected locals = new Map<number, number>();

  constructor(out: Writer) {
    this.out = out;
  }

  protected localOf(id: number): number {
    const local = this.locals.get(id);
    if (local === undefined) throw new RangeError(`temporary ${id} has no local`);
    return local;
  }

  /** Memory instruction with a constant offset; the alignment hint is none. */
  memory(opcode: number, offset: number): void {
    this.out.byte(opcode);
    this.out.byte(0);
    this.out.unsigned(offset);
  }

  /** Load of `size` bytes, zero-extended, from the address on the stack. */
  loadWord(size: Size, offset: number): void {
    this.memory(loadOpcodes[size], offset);
  }

  /** Store of the low `size` bytes of the value on the stack to the address below it. */
  storeWord(size: Size, offset: number): void {
    this.memory(storeOpcodes[size], offset);
  }

  i32(value: number): void {
    this.out.byte(Op.i32Const);
    this.out.signed(value);
  }

  i64(value: bigint): void {
    this.out.byte(Op.i64Const);
    this.out.signed64(value);
  }

  get(local: number): void {
    this.out.byte(Op.localGet);
    this.out.unsigned(local);
  }

  set(local: number): void {
    this.out.byte(Op.localSet);
    this.out.unsigned(local);
  }

  tee(local: number): void {
    this.out.byte(Op.localTee);
    this.out.unsigned(local);
  }

  word(word: Word): void {
    switch (word.kind) {
      case 'constant':
        this.i64(word.value);
        return;
      case 'temporary':
        this.get(this.localOf(word.id));
        return;
      case 'field':
        this.i32(0);
        this.loadWord(word.size, ACTIVE + word.offset);
        return;
      case 'binary':
        this.word(word.a);
        this.word(word.b);
        this.out.byte(wordOpcodes[word.operator]);
        return;
      case 'unary':
        this.word(word.a);
        this.out.byte(functionOpcodes[word.operator]);
        return;
      case 'select':
        this.word(word.a);
        this.word(word.b);
        this.bit(word.condition);
        this.out.byte(Op.select);
        return;
      case 'fromBit':
        this.bit(word.a);
        this.out.byte(Op.i64ExtendI32U);
        return;
      case 'clock':
        this.clock();
        return;
      case 'flagResult':
        this.word(this.flagWords().result);
        return;
      case 'flagCarries':
        this.word(this.flagWords().carries);
        return;
    }
  }

  /** Virtual time before the current instruction. */
  protected clock(): void {
    throw new RangeError('only the code of an instruction has a time');
  }

  bit(bit: Bit): void {
    switch (bit.kind) {
      case 'compare':
        this.compare(bit);
        return;
      case 'not':
        this.bit(bit.a);
        this.out.byte(Op.i32Eqz);
        return;
      case 'and':
      case 'or':
      case 'xor':
        this.bit(bit.a);
        this.bit(bit.b);
        this.out.byte(bit.kind === 'and' ? Op.i32And : bit.kind === 'or' ? Op.i32Or : Op.i32Xor);
        return;
      case 'condition':
        this.bit(this.conditionNow(bit.code));
        return;
    }
  }

  private compare(bit: Extract<Bit, { kind: 'compare' }>): void {
    this.word(bit.a);
    if (bit.operator === 'eq' && bit.b.kind === 'constant' && bit.b.value === 0n) {
      this.out.byte(Op.i64Eqz);
      return;
    }
    this.word(bit.b);
    this.out.byte(compareOpcodes[bit.operator]);
  }

  private conditionNow(code: number): Bit {
    const { pending } = this;
    if (pending?.kind === 'operation') {
      const { rule, size, a, b, result } = pending;
      const direct = conditionAfter(code, rule, size, a, b, result);
      if (direct) return direct;
    }
    const { result, carries } = this.flagWords();
    return conditionFrom(code, result, carries);
  }

  /** The two flag words as they are now: from the pending operation, or from the state block. */
  protected flagWords(): { result: Word; carries: Word } {
    const { pending } = this;
    if (!pending) {
      return {
        result: { kind: 'field', offset: Field.flagResult, size: 8 },
        carries: { kind: 'field', offset: Field.flagCarries, size: 4 },
      };
    }
    if (pending.kind === 'words') return { result: pending.result, carries: pending.carries };
    const { rule, size, a, b, result } = pending;
    return { result: signExtend(result, size), carries: carriesOf(rule, size, a, b, result) };
  }
}
