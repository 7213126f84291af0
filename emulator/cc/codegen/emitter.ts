/**
 * The machine-code emitter of one function: instructions through the ISA's encoder, with jumps left open.
 *
 * Jumps take no room in the buffer while a function is emitted; close() chooses the short or long form of each and
 * moves everything to its final offset. Marks (line rows, frame rows, instruction starts) are raw offsets until then.
 */
import { CodeBuffer, type EncodeMemory, type EncodeOperand, encode } from '../../isa/encode';
import type { BlockId } from '../ir/ir';
import type { RelocationKind } from '../object';

/** A relocation against a symbol by name, at an offset in the function. */
export interface CodeRelocation {
  offset: number;
  kind: RelocationKind;
  symbol: string;
  addend: number;
}

interface OpenJump {
  at: number;
  /** Intel condition suffix for jcc, or undefined for jmp. */
  condition: string | undefined;
  target: BlockId;
  long: boolean;
}

/** Opcode low nibble of jcc/setcc by condition (Intel SDM volume 2, appendix B.1.4.7). */
const CONDITION_CODES: Readonly<Record<string, number>> = {
  o: 0,
  no: 1,
  b: 2,
  ae: 3,
  e: 4,
  ne: 5,
  be: 6,
  a: 7,
  s: 8,
  ns: 9,
  p: 10,
  np: 11,
  l: 12,
  ge: 13,
  le: 14,
  g: 15,
};

/** The finished bytes, and where marks and blocks ended up. */
export interface ClosedCode {
  bytes: Uint8Array;
  relocations: CodeRelocation[];
  final(mark: number): number;
  blockOffset(block: BlockId): number;
}

export class Emitter {
  readonly buffer = new CodeBuffer(512);
  private readonly symbolNames: string[] = [];
  private readonly symbolNumbers = new Map<string, number>();
  private readonly jumps: OpenJump[] = [];
  private readonly blockAt = new Map<BlockId, number>();
  private readonly ownFields: { at: number; kind: RelocationKind; target: number }[] = [];
  private readonly blockJumps = new Map<BlockId, number>();
  /** 32-bit fields that get a block's place relative to their own: block + addend - field. */
  private readonly labelFields: { at: number; block: BlockId; addend: number }[] = [];

  get offset(): number {
    return this.buffer.length;
  }

  symbol(name: string): number {
    let number = this.symbolNumbers.get(name);
    if (number === undefined) {
      number = this.symbolNames.push(name) - 1;
      this.symbolNumbers.set(name, number);
    }
    return number;
  }

  /** Emits one instruction, Intel operand order. `size` where no register shows it. */
  op(mnemonic: string, size: number, ...operands: EncodeOperand[]): void {
    encode(this.buffer, mnemonic, size, operands);
  }

  locked(mnemonic: string, size: number, ...operands: EncodeOperand[]): void {
    encode(this.buffer, mnemonic, size, operands, { lock: true });
  }

  bytes(...values: number[]): void {
    for (const value of values) this.buffer.u8(value);
  }

  /** The pc-relative 32-bit field at raw offset `at` refers to a block. */
  blockField(at: number, block: BlockId, addend: number): void {
    this.labelFields.push({ at, block, addend });
  }

  /** The 32-bit field at raw offset `at` refers to raw offset `target` of this code (inside one piece of assembly). */
  ownField(at: number, kind: RelocationKind, target: number): void {
    this.ownFields.push({ at, kind, target });
  }

  startBlock(block: BlockId): void {
    this.blockAt.set(block, this.offset);
    this.blockJumps.set(block, this.jumps.length);
  }

  jump(condition: string | undefined, target: BlockId): void {
    this.jumps.push({ at: this.offset, condition, target, long: false });
  }

  /** lea register, [rip + block] */
  leaBlock(register: number, block: BlockId): void {
    const memory: EncodeMemory = { kind: 'memory', ripRelative: true, displacement: 0 };
    this.op('lea', 8, { kind: 'register', register, size: 8 }, memory);
    this.labelFields.push({ at: this.offset - 4, block, addend: -4 });
  }

  /** Chooses jump forms and produces the final bytes. */
  close(): ClosedCode {
    const sizeOf = (jump: OpenJump): number => (!jump.long ? 2 : jump.condition === undefined ? 5 : 6);
    const shifts: number[] = new Array(this.jumps.length + 1).fill(0);
    const jumpsAt = this.jumps.map((jump) => jump.at);
    const blockOffset = (block: BlockId): number =>
      (this.blockAt.get(block) ?? 0) + shifts[this.blockJumps.get(block) ?? 0];
    for (let changed = true; changed; ) {
      changed = false;
      let shift = 0;
      this.jumps.forEach((jump, index) => {
        shifts[index] = shift;
        shift += sizeOf(jump);
      });
      shifts[this.jumps.length] = shift;
      this.jumps.forEach((jump, index) => {
        if (jump.long) return;
        const distance = blockOffset(jump.target) - (jump.at + shifts[index] + 2);
        if (distance < -128 || distance > 127) {
          jump.long = true;
          changed = true;
        }
      });
    }
    const raw = this.buffer.bytes;
    const bytes = new Uint8Array(this.buffer.length + shifts[this.jumps.length]);
    const view = new DataView(bytes.buffer);
    let from = 0;
    this.jumps.forEach((jump, index) => {
      bytes.set(raw.subarray(from, jump.at), from + shifts[index]);
      from = jump.at;
      const at = jump.at + shifts[index];
      const distance = blockOffset(jump.target) - (at + sizeOf(jump));
      const code = jump.condition === undefined ? 0 : CONDITION_CODES[jump.condition];
      if (!jump.long) {
        bytes[at] = jump.condition === undefined ? 0xeb : 0x70 + code;
        bytes[at + 1] = distance;
      } else if (jump.condition === undefined) {
        bytes[at] = 0xe9;
        view.setInt32(at + 1, distance, true);
      } else {
        bytes[at] = 0x0f;
        bytes[at + 1] = 0x80 + code;
        view.setInt32(at + 2, distance, true);
      }
    });
    bytes.set(raw.subarray(from, this.buffer.length), from + shifts[this.jumps.length]);
    const inCode = (offset: number): number => {
      // A field inside an instruction: every jump recorded at or before its start comes first.
      let low = 0;
      let high = jumpsAt.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (jumpsAt[middle] <= offset) low = middle + 1;
        else high = middle;
      }
      return offset + shifts[low];
    };
    for (const field of this.labelFields) {
      const at = inCode(field.at);
      view.setInt32(at, blockOffset(field.block) + field.addend - at, true);
    }
    for (const field of this.ownFields) {
      const at = inCode(field.at);
      view.setInt32(at, inCode(field.target) - at, true);
    }
    const relocations = this.buffer.fixups.map((fixup) => ({
      offset: inCode(fixup.offset),
      kind: fixup.kind,
      symbol: this.symbolNames[fixup.symbol],
      addend: fixup.addend,
    }));
    return { bytes, relocations, final: (offset) => this.finalMark(offset, shifts), blockOffset };
  }

  /** The current place, to be turned into a final offset after close(): counts the jumps before it, which have no bytes yet. */
  get mark(): number {
    return this.offset * 0x10000 + this.jumps.length;
  }

  private finalMark(mark: number, shifts: readonly number[]): number {
    return Math.floor(mark / 0x10000) + shifts[mark % 0x10000];
  }
}
