// The reference evaluator: turns the statements of one instruction (ir/) into JavaScript closures over BigInt. Slow and
// plain; the other engine is judged by it, and it runs all code that is not worth translating.
import type { Core } from '../core';
import { carriesOf, conditionFrom, signExtend } from '../ir/flags';
import type { Bit, Size, Statement, Word } from '../ir/nodes';
import { ACTIVE, Field } from '../layout';
import { Outcome } from './instruction';

type WordCode = () => bigint;
type BitCode = () => boolean;
/** Returns an Outcome. */
type Code = () => number;

const wrap = (value: bigint): bigint => BigInt.asUintN(64, value);
const signed = (value: bigint): bigint => BigInt.asIntN(64, value);

/** Values of temporaries. Shared: an instruction is never interrupted by another. */
const temporaries: bigint[] = new Array(256).fill(0n);

function countLeadingZeros(value: bigint): bigint {
  const high = Number(value >> 32n);
  return BigInt(high ? Math.clz32(high) : 32 + Math.clz32(Number(value & 0xffffffffn)));
}

function populationCount(value: bigint): bigint {
  let count = 0n;
  for (let rest = value; rest !== 0n; rest &= rest - 1n) count++;
  return count;
}

/** Compiles the statements of one instruction. */
export class EvaluatorCompiler {
  private readonly core: Core;
  private readonly system: () => number;
  private readonly next: bigint;
  private readonly clock: () => number;
  /** Address of the place that `loadForWrite` opened. */
  private place = 0n;

  /** `system` runs the instruction's procedure; `next` is the address of the following instruction; `clock` gives the time. */
  constructor(core: Core, system: () => number, next: bigint, clock: () => number) {
    this.clock = clock;
    this.core = core;
    this.system = system;
    this.next = next;
  }

  /** One function that runs all statements in order, until one has gone elsewhere. */
  sequence(statements: readonly Statement[]): Code {
    const codes = statements.map((statement) => this.statement(statement));
    const [a, b, c, d] = codes;
    switch (codes.length) {
      case 0:
        return () => Outcome.next;
      case 1:
        return a;
      case 2:
        return () => a() || b();
      case 3:
        return () => a() || b() || c();
      case 4:
        return () => a() || b() || c() || d();
      default:
        return () => {
          for (const code of codes) if (code() === Outcome.jumped) return Outcome.jumped;
          return Outcome.next;
        };
    }
  }

  private statement(statement: Statement): Code {
    const { core } = this;
    const { u64, u32, view, u8 } = core.memory;
    switch (statement.kind) {
      case 'let': {
        const { id } = statement;
        const value = this.word(statement.value);
        return () => {
          temporaries[id] = value();
          return Outcome.next;
        };
      }
      case 'setField': {
        const at = ACTIVE + statement.offset;
        const value = this.word(statement.value);
        switch (statement.size) {
          case 8:
            return () => {
              u64[at >> 3] = value();
              return Outcome.next;
            };
          case 4:
            return () => {
              u32[at >> 2] = Number(value() & 0xffffffffn);
              return Outcome.next;
            };
          case 2:
            return () => {
              view.setUint16(at, Number(value() & 0xffffn), true);
              return Outcome.next;
            };
          case 1:
            return () => {
              u8[at] = Number(value() & 0xffn);
              return Outcome.next;
            };
        }
        break;
      }
      case 'load': {
        const { id, size, stack } = statement;
        const address = this.word(statement.address);
        return () => {
          temporaries[id] = core.load(address(), size, core.cpu.cpl === 3, stack);
          return Outcome.next;
        };
      }
      case 'store': {
        const { size, stack } = statement;
        const address = this.word(statement.address);
        const value = this.word(statement.value);
        return () => {
          core.store(address(), size, value(), core.cpu.cpl === 3, stack);
          return Outcome.next;
        };
      }
      case 'loadForWrite': {
        const { id, size, stack } = statement;
        const address = this.word(statement.address);
        return () => {
          const user = core.cpu.cpl === 3;
          this.place = address();
          core.checkWrite(this.place, size, user, stack);
          temporaries[id] = core.load(this.place, size, user, stack);
          return Outcome.next;
        };
      }
      case 'writeBack': {
        const { size } = statement;
        const value = this.word(statement.value);
        return () => {
          core.store(this.place, size, value(), core.cpu.cpl === 3);
          return Outcome.next;
        };
      }
      case 'flags': {
        const { rule, size, a, b, result } = statement;
        const carries = this.word(carriesOf(rule, size, a, b, result));
        const extended = this.word(signExtend(result, size));
        return this.flagWriter(extended, carries);
      }
      case 'setFlags':
        return this.flagWriter(this.word(statement.result), this.word(statement.carries));
      case 'if': {
        const condition = this.bit(statement.condition);
        const then = this.sequence(statement.yes);
        const otherwise = this.sequence(statement.no);
        return () => (condition() ? then() : otherwise());
      }
      case 'jump': {
        const target = this.word(statement.target);
        return () => {
          u64[RIP] = target();
          return Outcome.jumped;
        };
      }
      case 'branch': {
        const condition = this.bit(statement.condition);
        const { target } = statement;
        return () => {
          if (!condition()) return Outcome.next;
          u64[RIP] = target;
          return Outcome.jumped;
        };
      }
      case 'system': {
        const { system, next } = this;
        return () => {
          u64[RIP] = next;
          return system();
        };
      }
    }
    return () => Outcome.next;
  }

  private flagWriter(result: WordCode, carries: WordCode): Code {
    const { u64, u32 } = this.core.memory;
    return () => {
      const value = result();
      u32[CARRIES] = Number(carries() & 0xffffffffn);
      u64[RESULT] = value;
      return Outcome.next;
    };
  }

  private word(word: Word): WordCode {
    const { u64, u32, view, u8 } = this.core.memory;
    switch (word.kind) {
      case 'constant': {
        const { value } = word;
        return () => value;
      }
      case 'temporary': {
        const { id } = word;
        return () => temporaries[id];
      }
      case 'field': {
        const at = ACTIVE + word.offset;
        return fieldReader(word.size, at, { u64, u32, view, u8 });
      }
      case 'clock':
        return () => BigInt(Math.floor(this.clock()));
      case 'flagResult':
        return () => u64[RESULT];
      case 'flagCarries':
        return () => BigInt(u32[CARRIES]);
      case 'fromBit': {
        const a = this.bit(word.a);
        return () => (a() ? 1n : 0n);
      }
      case 'select': {
        const condition = this.bit(word.condition);
        const a = this.word(word.a);
        const b = this.word(word.b);
        return () => (condition() ? a() : b());
      }
      case 'unary':
        return this.unary(word);
      case 'binary':
        return this.binary(word);
    }
  }

  private unary(word: Extract<Word, { kind: 'unary' }>): WordCode {
    const a = this.word(word.a);
    switch (word.operator) {
      case 'clz':
        return () => countLeadingZeros(a());
      case 'ctz':
        return () => {
          const value = a();
          return value === 0n ? 64n : 63n - countLeadingZeros(value & wrap(-value));
        };
      case 'popcnt':
        return () => populationCount(a());
      case 'signExtend1':
        return () => wrap(BigInt.asIntN(8, a()));
      case 'signExtend2':
        return () => wrap(BigInt.asIntN(16, a()));
      case 'signExtend4':
        return () => wrap(BigInt.asIntN(32, a()));
    }
  }

  private binary(word: Extract<Word, { kind: 'binary' }>): WordCode {
    const a = this.word(word.a);
    const b = this.word(word.b);
    switch (word.operator) {
      case 'add':
        return () => BigInt.asUintN(64, a() + b());
      case 'sub':
        return () => BigInt.asUintN(64, a() - b());
      case 'mul':
        return () => BigInt.asUintN(64, a() * b());
      case 'and':
        return () => a() & b();
      case 'or':
        return () => a() | b();
      case 'xor':
        return () => a() ^ b();
      case 'shl':
        return () => BigInt.asUintN(64, a() << (b() & 63n));
      case 'shrU':
        return () => a() >> (b() & 63n);
      case 'shrS':
        return () => wrap(signed(a()) >> (b() & 63n));
      case 'divU':
        return () => a() / b();
      case 'remU':
        return () => a() % b();
      case 'divS':
        return () => wrap(signed(a()) / signed(b()));
      case 'remS':
        return () => wrap(signed(a()) % signed(b()));
    }
  }

  private bit(bit: Bit): BitCode {
    switch (bit.kind) {
      case 'condition':
        return this.bit(conditionFrom(bit.code, { kind: 'flagResult' }, { kind: 'flagCarries' }));
      case 'not': {
        const a = this.bit(bit.a);
        return () => !a();
      }
      case 'and': {
        const a = this.bit(bit.a);
        const b = this.bit(bit.b);
        return () => a() && b();
      }
      case 'or': {
        const a = this.bit(bit.a);
        const b = this.bit(bit.b);
        return () => a() || b();
      }
      case 'xor': {
        const a = this.bit(bit.a);
        const b = this.bit(bit.b);
        return () => a() !== b();
      }
      case 'compare': {
        const a = this.word(bit.a);
        const b = this.word(bit.b);
        switch (bit.operator) {
          case 'eq':
            return () => a() === b();
          case 'ne':
            return () => a() !== b();
          case 'ltU':
            return () => a() < b();
          case 'leU':
            return () => a() <= b();
          case 'ltS':
            return () => signed(a()) < signed(b());
          case 'leS':
            return () => signed(a()) <= signed(b());
        }
      }
    }
  }
}

const RIP = (ACTIVE + Field.rip) >> 3;
const RESULT = (ACTIVE + Field.flagResult) >> 3;
const CARRIES = (ACTIVE + Field.flagCarries) >> 2;

function fieldReader(
  size: Size,
  at: number,
  views: { u64: BigUint64Array; u32: Uint32Array; view: DataView; u8: Uint8Array },
): WordCode {
  const { u64, u32, view, u8 } = views;
  switch (size) {
    case 8: {
      const index = at >> 3;
      return () => u64[index];
    }
    case 4: {
      const index = at >> 2;
      return () => BigInt(u32[index]);
    }
    case 2:
      return () => BigInt(view.getUint16(at, true));
    case 1:
      return () => BigInt(u8[at]);
  }
}
