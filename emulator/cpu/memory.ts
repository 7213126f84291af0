// The machine's linear memory and the typed views of it. One WebAssembly.Memory if there is WebAssembly (then
// translated code can reach all state), else a plain ArrayBuffer: nothing here depends on the difference.
import { PAGE, RAM_BASE, SCRATCH } from './layout';
import { hostWasm, type WasmMemory } from './wasm/host';

/** Linear memory with views; `ramBytes` bytes of guest RAM start at RAM_BASE. */
export class LinearMemory {
  readonly ramBytes: number;
  /** Undefined where the host has no WebAssembly. */
  readonly wasm: WasmMemory | undefined;
  readonly u8: Uint8Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly u64: BigUint64Array;
  readonly f64: Float64Array;
  readonly view: DataView;
  /** Guest RAM only: index = physical address. */
  readonly ram: Uint8Array;

  constructor(ramBytes: number) {
    this.ramBytes = Math.ceil(ramBytes / PAGE) * PAGE;
    const total = Math.ceil((RAM_BASE + this.ramBytes) / 0x10000);
    this.wasm = hostWasm && new hostWasm.Memory({ initial: total, maximum: total });
    const buffer = this.wasm ? this.wasm.buffer : new ArrayBuffer(total * 0x10000);
    this.u8 = new Uint8Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.u64 = new BigUint64Array(buffer);
    this.f64 = new Float64Array(buffer);
    this.view = new DataView(buffer);
    this.ram = new Uint8Array(buffer, RAM_BASE, this.ramBytes);
  }

  /** Splits a 64-bit value: afterwards `i32[SPLIT]` and `i32[SPLIT + 1]` are its halves. Cheaper than BigInt shifts. */
  split(value: bigint): void {
    this.u64[SCRATCH >> 3] = value;
  }

  /** Joins two 32-bit halves. */
  join(low: number, high: number): bigint {
    this.i32[SPLIT] = low;
    this.i32[SPLIT + 1] = high;
    return this.u64[SCRATCH >> 3];
  }

  /** Reads `size` bytes at linear address `at` (any alignment), zero-extended. */
  load(at: number, size: number): bigint {
    switch (size) {
      case 1:
        return BigInt(this.u8[at]);
      case 2:
        return BigInt(this.view.getUint16(at, true));
      case 4:
        return BigInt(this.view.getUint32(at, true));
      default:
        return this.view.getBigUint64(at, true);
    }
  }

  /** Writes the low `size` bytes of `value` at linear address `at` (any alignment). */
  store(at: number, size: number, value: bigint): void {
    switch (size) {
      case 1:
        this.u8[at] = Number(value & 0xffn);
        return;
      case 2:
        this.view.setUint16(at, Number(value & 0xffffn), true);
        return;
      case 4:
        this.view.setUint32(at, Number(value & 0xffffffffn), true);
        return;
      default:
        this.view.setBigUint64(at, value, true);
    }
  }
}

/** Index in `i32` of the halves that `split` leaves. */
export const SPLIT = SCRATCH >> 2;
