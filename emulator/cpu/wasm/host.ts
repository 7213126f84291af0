// The host's WebAssembly, as far as this directory uses it. Typed here because emulator/ is compiled without DOM types;
// `hostWasm` is undefined where there is none, and then the reference evaluator runs everything.

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

export interface WasmTable {
  readonly length: number;
  get(index: number): unknown;
  set(index: number, value: unknown): void;
}

export interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

export interface HostWasm {
  readonly Memory: new (options: { initial: number; maximum: number }) => WasmMemory;
  readonly Table: new (options: { element: 'anyfunc'; initial: number; maximum: number }) => WasmTable;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: Record<string, Record<string, unknown>>) => WasmInstance;
}

/** WebAssembly of this JavaScript engine, if it has it. */
export const hostWasm: HostWasm | undefined = (globalThis as unknown as { WebAssembly?: HostWasm })
  .WebAssembly;
