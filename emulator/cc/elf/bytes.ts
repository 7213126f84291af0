/**
 * A growing little-endian byte buffer: what the ELF and DWARF writers append to.
 */
const encoder = new TextEncoder();

export class ByteWriter {
  private bytes = new Uint8Array(256);
  private view = new DataView(this.bytes.buffer);
  length = 0;

  private room(count: number): number {
    const at = this.length;
    if (at + count > this.bytes.length) {
      const grown = new Uint8Array(Math.max(this.bytes.length * 2, at + count));
      grown.set(this.bytes);
      this.bytes = grown;
      this.view = new DataView(grown.buffer);
    }
    this.length += count;
    return at;
  }

  u8(value: number): void {
    const at = this.room(1);
    this.bytes[at] = value;
  }

  u16(value: number): void {
    const at = this.room(2);
    this.view.setUint16(at, value, true);
  }

  u32(value: number): void {
    const at = this.room(4);
    this.view.setUint32(at, value, true);
  }

  u64(value: bigint | number): void {
    const at = this.room(8);
    this.view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), true);
  }

  uleb(value: number): void {
    let rest = value;
    do {
      const low = rest % 128;
      rest = Math.floor(rest / 128);
      this.u8(rest > 0 ? low | 0x80 : low);
    } while (rest > 0);
  }

  sleb(value: bigint | number): void {
    let rest = BigInt(value);
    for (;;) {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      const done = (rest === 0n && !(low & 0x40)) || (rest === -1n && (low & 0x40) !== 0);
      this.u8(done ? low : low | 0x80);
      if (done) return;
    }
  }

  /** A NUL-terminated UTF-8 string. */
  string(text: string): void {
    this.append(encoder.encode(text));
    this.u8(0);
  }

  append(data: Uint8Array): void {
    const at = this.room(data.length);
    this.bytes.set(data, at);
  }

  align(to: number): void {
    while (this.length % to !== 0) this.u8(0);
  }

  patchU32(at: number, value: number): void {
    this.view.setUint32(at, value, true);
  }

  patchU64(at: number, value: bigint): void {
    this.view.setBigUint64(at, BigInt.asUintN(64, value), true);
  }

  /** What was written so far (a view that later writes may detach). */
  take(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}

/** A string table: each distinct string once; offset 0 is the empty string. */
export class StringTable {
  readonly writer = new ByteWriter();
  private readonly offsets = new Map<string, number>([['', 0]]);

  constructor() {
    this.writer.u8(0);
  }

  add(text: string): number {
    let offset = this.offsets.get(text);
    if (offset === undefined) {
      offset = this.writer.length;
      this.writer.string(text);
      this.offsets.set(text, offset);
    }
    return offset;
  }
}
