// The hands of the semantics: reads and writes the operands of one decoded instruction as nodes of ir/. Each family of
// instructions (arithmetic.ts, moves.ts, …) is a set of functions over a Lifter. Decides no meaning itself.
import type { Decoded, Operand } from '../../isa/decode';
import { add, and, shl, word } from '../ir/build';
import { signExtend } from '../ir/flags';
import type { Bit, FlagRule, Size, Statement, Word } from '../ir/nodes';
import { Field } from '../layout';

type MemoryOperand = Extract<Operand, { kind: 'memory' }>;

/** An operand that is read, changed and written; made by `modify`. */
export interface Place {
  value: Word;
  write(value: Word): void;
}

/** Largest value of a size. */
export function maskOf(size: Size): bigint {
  return size === 8 ? 0xffffffffffffffffn : (1n << BigInt(size * 8)) - 1n;
}

/** `value` cut to `size` bytes. */
export function truncate(value: Word, size: Size): Word {
  return size === 8 ? value : and(value, word(maskOf(size)));
}

/** Builds the statements of one instruction at a known address. */
export class Lifter {
  readonly decoded: Decoded;
  /** Address of the instruction and of the one after it. */
  readonly address: bigint;
  readonly next: bigint;
  /** Operand size of the instruction. */
  readonly size: Size;
  statements: Statement[] = [];
  private temporaries = 0;

  constructor(decoded: Decoded, address: bigint) {
    this.decoded = decoded;
    this.address = address;
    this.next = BigInt.asUintN(64, address + BigInt(decoded.length));
    this.size = decoded.operandSize;
  }

  emit(statement: Statement): void {
    this.statements.push(statement);
  }

  /** Evaluates `value` now and names it. Constants stay constants. */
  let(value: Word): Word {
    if (value.kind === 'constant' || value.kind === 'temporary') return value;
    const id = this.temporaries++;
    this.emit({ kind: 'let', id, value });
    return { kind: 'temporary', id };
  }

  operand(index: number): Operand {
    const operand = this.decoded.operands[index];
    if (!operand) throw new RangeError(`${this.decoded.entry.mnemonic} has no operand ${index}`);
    return operand;
  }

  /** Operand size of operand `index` in bytes, or the instruction's size if the operand has none of its own. */
  sizeOf(index: number): Size {
    const operand = this.operand(index);
    return operand.kind === 'register' || operand.kind === 'memory'
      ? dataSize(operand.size, this.size)
      : this.size;
  }

  /** A general register's current value, zero-extended. */
  register(register: number, size: Size, high = false): Word {
    const value = this.let({ kind: 'field', offset: Field.registers + register * 8 + (high ? 1 : 0), size });
    return value;
  }

  /** Writes a general register: 4-byte writes clear the upper half, narrower ones leave the rest. */
  setRegister(register: number, size: Size, value: Word, high = false): void {
    const offset = Field.registers + register * 8 + (high ? 1 : 0);
    if (size >= 4) this.emit({ kind: 'setField', offset, size: 8, value: truncate(value, size) });
    else this.emit({ kind: 'setField', offset, size, value });
  }

  /** Effective address of a memory operand without its segment base. */
  offsetOf(operand: MemoryOperand): Word {
    let address: Word;
    const displacement = operand.absolute ?? BigInt(operand.displacement);
    if (operand.ripRelative) address = word(this.next + displacement);
    else {
      address = word(displacement);
      if (operand.index !== undefined) {
        const shift = operand.scale === 1 ? 0n : operand.scale === 2 ? 1n : operand.scale === 4 ? 2n : 3n;
        const index = shl(
          { kind: 'field', offset: Field.registers + operand.index * 8, size: 8 },
          word(shift),
        );
        address = add(index, address);
      }
      if (operand.base !== undefined) {
        address = add({ kind: 'field', offset: Field.registers + operand.base * 8, size: 8 }, address);
      }
    }
    return this.decoded.addressSize === 4 ? and(address, word(0xffffffffn)) : address;
  }

  /** Linear address of a memory operand, or of what lies `beyond` bytes after it in the same address space. */
  addressOf(operand: MemoryOperand, beyond?: Word): Word {
    let address = this.offsetOf(operand);
    if (beyond) {
      address = add(address, beyond);
      if (this.decoded.addressSize === 4) address = and(address, word(0xffffffffn));
    }
    const { segment } = operand;
    if (segment !== undefined) {
      address = add(address, {
        kind: 'field',
        offset: segment === 'fs' ? Field.fsBase : Field.gsBase,
        size: 8,
      });
    }
    return this.let(address);
  }

  load(address: Word, size: Size, stack = false): Word {
    const id = this.temporaries++;
    this.emit({ kind: 'load', id, size, address, stack });
    return { kind: 'temporary', id };
  }

  store(address: Word, size: Size, value: Word, stack = false): void {
    this.emit({ kind: 'store', size, address, value, stack });
  }

  /** Value of operand `index`, zero-extended; immediates are cut to `size`. */
  read(index: number, size: Size = this.sizeOf(index)): Word {
    const operand = this.operand(index);
    switch (operand.kind) {
      case 'register':
        return this.register(operand.register, size, operand.high);
      case 'memory':
        return this.load(this.addressOf(operand), size, usesStack(operand));
      case 'immediate':
        return word(operand.value & maskOf(size));
      default:
        throw new RangeError(`operand ${index} of ${this.decoded.entry.mnemonic} is not data`);
    }
  }

  /** Writes operand `index`. */
  write(index: number, value: Word, size: Size = this.sizeOf(index)): void {
    const operand = this.operand(index);
    if (operand.kind === 'register') this.setRegister(operand.register, size, value, operand.high);
    else if (operand.kind === 'memory') this.store(this.addressOf(operand), size, value, usesStack(operand));
    else throw new RangeError(`operand ${index} of ${this.decoded.entry.mnemonic} cannot be written`);
  }

  /** Opens operand `index` for a read-modify-write; memory is checked for writing before it is read. */
  modify(index: number, size: Size = this.sizeOf(index)): Place {
    const operand = this.operand(index);
    if (operand.kind !== 'memory') {
      return { value: this.read(index, size), write: (value) => this.write(index, value, size) };
    }
    return this.modifyMemory(this.addressOf(operand), size, usesStack(operand));
  }

  /** Opens memory at a computed address for a read-modify-write. */
  modifyMemory(address: Word, size: Size, stack = false): Place {
    const id = this.temporaries++;
    this.emit({ kind: 'loadForWrite', id, size, address, stack });
    return {
      value: { kind: 'temporary', id },
      write: (value) => this.emit({ kind: 'writeBack', size, value }),
    };
  }

  flags(rule: FlagRule, size: Size, a: Word, b: Word, result: Word): void {
    this.emit({ kind: 'flags', rule, size, a, b, result });
  }

  /** Sets flags outright: `result` zero-extended of `size` bytes gives ZF, SF, PF. */
  setFlags(result: Word, size: Size, carries: Word): void {
    const value = this.let(signExtend(result, size));
    this.emit({ kind: 'setFlags', result: value, carries: this.let(carries) });
  }

  /** Statements made by `then` (and `otherwise`) run only if the condition holds (or not). */
  when(condition: Bit, then: () => void, otherwise?: () => void): void {
    const outer = this.statements;
    const collect = (body?: () => void): Statement[] => {
      this.statements = [];
      body?.();
      return this.statements;
    };
    const thenStatements = collect(then);
    const otherwiseStatements = collect(otherwise);
    this.statements = outer;
    this.emit({ kind: 'if', condition, yes: thenStatements, no: otherwiseStatements });
  }

  system(): void {
    this.emit({ kind: 'system' });
  }
}

/** True if a non-canonical address of this operand is a stack fault (its default segment is SS). */
export function usesStack(operand: MemoryOperand): boolean {
  return operand.segment === undefined && (operand.base === 4 || operand.base === 5);
}

function dataSize(size: number, fallback: Size): Size {
  return size === 1 || size === 2 || size === 4 || size === 8 ? size : fallback;
}
