/** A growing buffer of machine code with the fields in it that only a linker can fill. */

/** How a field is computed: the kinds of ELF relocations that instructions use (System V ABI x86-64, table 4.9). */
export type FixupKind =
  | 'abs64'
  | 'abs32'
  | 'abs32s'
  | 'abs16'
  | 'abs8'
  | 'pc64'
  | 'pc32'
  | 'plt32'
  | 'pc16'
  | 'pc8';

/** A field at `offset` of the buffer that depends on a symbol. What the number means is known to whoever encoded it. */
export interface Fixup {
  offset: number;
  kind: FixupKind;
  symbol: number;
  addend: number;
}

/** Bytes 0…length−1 of `bytes` are written; the rest is room. */
export class CodeBuffer {
  bytes: Uint8Array;
  length = 0;
  fixups: Fixup[] = [];
  private view: DataView;

  constructor(room = 256) {
    this.bytes = new Uint8Array(room);
    this.view = new DataView(this.bytes.buffer);
  }

  private reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }

  u8(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  u16(value: number): void {
    this.reserve(2);
    this.view.setUint16(this.length, value & 0xffff, true);
    this.length += 2;
  }

  u32(value: number): void {
    this.reserve(4);
    this.view.setUint32(this.length, value >>> 0, true);
    this.length += 4;
  }

  u64(value: bigint): void {
    this.reserve(8);
    this.view.setBigUint64(this.length, BigInt.asUintN(64, value), true);
    this.length += 8;
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Overwrites four bytes at `offset`, e.g. a branch displacement that is known now. */
  patch32(offset: number, value: number): void {
    this.view.setUint32(offset, value >>> 0, true);
  }

  fixup(kind: FixupKind, symbol: number, addend: number): void {
    this.fixups.push({ offset: this.length, kind, symbol, addend });
  }

  /** A copy of what was written. */
  toBytes(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }
}
