// Writes the binary format of WebAssembly: growing bytes, LEB128 numbers, sections. Knows nothing of x86.

/** The opcodes that are used here. */
export const Op = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  i32Load: 0x28,
  i64Load: 0x29,
  i64Load8U: 0x31,
  i64Load16U: 0x33,
  i64Load32U: 0x35,
  i32Store: 0x36,
  i64Store: 0x37,
  i64Store8: 0x3c,
  i64Store16: 0x3d,
  i64Store32: 0x3e,
  i32Const: 0x41,
  i64Const: 0x42,
  i32Eqz: 0x45,
  i32Eq: 0x46,
  i32Ne: 0x47,
  i32LtS: 0x48,
  i64Eqz: 0x50,
  i64Eq: 0x51,
  i64Ne: 0x52,
  i64LtS: 0x53,
  i64LtU: 0x54,
  i64LeS: 0x57,
  i64LeU: 0x58,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32And: 0x71,
  i32Or: 0x72,
  i32Xor: 0x73,
  i32Shl: 0x74,
  i32ShrU: 0x76,
  i64Clz: 0x79,
  i64Ctz: 0x7a,
  i64Popcnt: 0x7b,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64Mul: 0x7e,
  i64DivS: 0x7f,
  i64DivU: 0x80,
  i64RemS: 0x81,
  i64RemU: 0x82,
  i64And: 0x83,
  i64Or: 0x84,
  i64Xor: 0x85,
  i64Shl: 0x86,
  i64ShrS: 0x87,
  i64ShrU: 0x88,
  i64Rotl: 0x89,
  i32WrapI64: 0xa7,
  i64ExtendI32U: 0xad,
  i64Extend8S: 0xc2,
  i64Extend16S: 0xc3,
  i64Extend32S: 0xc4,
} as const;

/** Value and block types. */
export const Type = { i32: 0x7f, i64: 0x7e, funcref: 0x70, empty: 0x40 } as const;

/** A growing byte string. */
export class Writer {
  private buffer = new Uint8Array(1024);
  length = 0;

  byte(value: number): void {
    if (this.length === this.buffer.length) this.grow(1);
    this.buffer[this.length++] = value;
  }

  /** Unsigned LEB128 of a number below 2^32. */
  unsigned(value: number): void {
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  /** Signed LEB128 of a 32-bit number. */
  signed(value: number): void {
    let rest = value | 0;
    for (;;) {
      const low = rest & 0x7f;
      rest >>= 7;
      if ((rest === 0 && !(low & 0x40)) || (rest === -1 && low & 0x40)) {
        this.byte(low);
        return;
      }
      this.byte(low | 0x80);
    }
  }

  /** Signed LEB128 of a 64-bit number given as its unsigned value. */
  signed64(value: bigint): void {
    const signedValue = BigInt.asIntN(64, value);
    if (signedValue >= -0x80000000n && signedValue <= 0x7fffffffn) {
      this.signed(Number(signedValue));
      return;
    }
    let rest = signedValue;
    for (;;) {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      if ((rest === 0n && !(low & 0x40)) || (rest === -1n && low & 0x40)) {
        this.byte(low);
        return;
      }
      this.byte(low | 0x80);
    }
  }

  bytes(values: ArrayLike<number>): void {
    if (this.length + values.length > this.buffer.length) this.grow(values.length);
    this.buffer.set(values, this.length);
    this.length += values.length;
  }

  /** A name: length and UTF-8 (ASCII only here). */
  name(text: string): void {
    this.unsigned(text.length);
    for (let at = 0; at < text.length; at++) this.byte(text.charCodeAt(at));
  }

  /** A section with the content that `body` writes. */
  section(id: number, body: (content: Writer) => void): void {
    const content = new Writer();
    body(content);
    this.byte(id);
    this.unsigned(content.length);
    this.bytes(content.result());
  }

  /** A copy of what has been written. */
  result(): Uint8Array {
    return this.buffer.slice(0, this.length);
  }

  private grow(atLeast: number): void {
    const bigger = new Uint8Array(Math.max(this.buffer.length * 2, this.length + atLeast));
    bigger.set(this.buffer);
    this.buffer = bigger;
  }
}

/** Signature of a function: parameter and result types. */
export interface Signature {
  parameters: readonly number[];
  results: readonly number[];
}

/** Everything that goes into a module here. Function bodies come with their local declarations. */
export interface ModuleParts {
  types: readonly Signature[];
  /** Imported functions from module `e`: name and type index. */
  imports: readonly { name: string; type: number }[];
  /** Pages of the imported memory `e.m`. */
  memoryPages: number;
  /** Size of the imported table `e.t`, if the module uses it. */
  table: number | undefined;
  functions: readonly { type: number; body: Uint8Array; exportName: string }[];
}

/** The bytes of a module. */
export function writeModule(parts: ModuleParts): Uint8Array {
  const writer = new Writer();
  writer.bytes([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  writer.section(1, (types) => {
    types.unsigned(parts.types.length);
    for (const { parameters, results } of parts.types) {
      types.byte(0x60);
      types.unsigned(parameters.length);
      types.bytes(parameters);
      types.unsigned(results.length);
      types.bytes(results);
    }
  });
  writer.section(2, (imports) => {
    imports.unsigned(parts.imports.length + 1 + (parts.table === undefined ? 0 : 1));
    imports.name('e');
    imports.name('m');
    imports.bytes([2, 1]);
    imports.unsigned(parts.memoryPages);
    imports.unsigned(parts.memoryPages);
    if (parts.table !== undefined) {
      imports.name('e');
      imports.name('t');
      imports.bytes([1, Type.funcref, 1]);
      imports.unsigned(parts.table);
      imports.unsigned(parts.table);
    }
    for (const { name, type } of parts.imports) {
      imports.name('e');
      imports.name(name);
      imports.byte(0);
      imports.unsigned(type);
    }
  });
  writer.section(3, (functions) => {
    functions.unsigned(parts.functions.length);
    for (const { type } of parts.functions) functions.unsigned(type);
  });
  writer.section(7, (exports) => {
    exports.unsigned(parts.functions.length);
    parts.functions.forEach(({ exportName }, at) => {
      exports.name(exportName);
      exports.byte(0);
      exports.unsigned(parts.imports.length + at);
    });
  });
  writer.section(10, (code) => {
    code.unsigned(parts.functions.length);
    for (const { body } of parts.functions) {
      code.unsigned(body.length);
      code.bytes(body);
    }
  });
  return writer.result();
}
