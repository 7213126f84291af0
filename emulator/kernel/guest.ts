/**
 * Typed access to guest memory: integers, strings, members of C structures by path, linked lists.
 *
 * Kernel addresses that are mapped linearly are read straight from RAM; others go through the page tables of a CPU.
 * Reading what is not mapped throws GuestFault, which the gates turn into a page fault of the guest: a module that
 * passes a wild pointer oopses as it would on Linux. The peek functions return undefined instead, for views.
 */
import type { Machine } from '../cpu/machine';
import { linearToPhysical, MODULES_START } from './addresses';
import type { Field, Layouts } from './layout';

/** The guest's memory is not mapped there. */
export class GuestFault extends Error {
  constructor(
    readonly address: bigint,
    readonly write: boolean,
  ) {
    super(`guest memory at 0x${address.toString(16)} is not mapped`);
  }
}

const decoder = new TextDecoder('utf-8', { fatal: false });
const PAGE = 4096;

export class Guest {
  private view: DataView;
  private bytes: Uint8Array;
  /** Physical address of module area pages, by page number: they stay put while a module is loaded. */
  private readonly modulePages = new Map<number, number>();

  constructor(
    readonly machine: Machine,
    readonly layouts: Layouts,
  ) {
    this.bytes = machine.ram;
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
  }

  /** A view over RAM, valid until the machine replaces its memory (call again rather than keep it). */
  ram(): DataView {
    const ram = this.machine.ram;
    if (ram !== this.bytes) {
      this.bytes = ram;
      this.view = new DataView(ram.buffer, ram.byteOffset, ram.byteLength);
    }
    return this.view;
  }

  /** Writes eight bytes of data at a physical address that lie in one page. */
  putPhysical(at: number, value: bigint): void {
    this.ram().setBigUint64(at, value, true);
    this.machine.dataWritten(at);
  }

  /**
   * The physical address of `length` bytes that lie together in RAM: a linearly mapped kernel address, or one page.
   * Undefined otherwise, and where nothing is mapped.
   */
  contiguous(address: bigint, length: number): number | undefined {
    const linear = linearToPhysical(address, this.bytes.length);
    if (linear !== undefined || Number(address & 0xfffn) + length > PAGE) return linear;
    return this.translate(address, 0);
  }

  /** Forgets where the module area's pages are: modules came or went. */
  forgetModulePages(): void {
    this.modulePages.clear();
  }

  /** The physical address of `length` bytes that do not cross into another mapping. Throws GuestFault. */
  physical(address: bigint, write = false, cpu = 0): number {
    const linear = linearToPhysical(address, this.bytes.length);
    if (linear !== undefined) return linear;
    if (address < MODULES_START) return this.translated(address, write, cpu);
    const page = Number((address - MODULES_START) >> 12n);
    const known = this.modulePages.get(page);
    if (known !== undefined) return known + Number(address & 0xfffn);
    const found = this.translated(address, write, cpu);
    this.modulePages.set(page, found - Number(address & 0xfffn));
    return found;
  }

  private translated(address: bigint, write: boolean, cpu: number): number {
    const found = this.translate(address, cpu);
    if (found === undefined) throw new GuestFault(address, write);
    return found;
  }

  /** Bytes at a virtual address as kernel mode of that CPU sees it (a copy), or undefined when not all is mapped. */
  peek(address: bigint, length: number, cpu = 0): Uint8Array | undefined {
    if (length === 0) return new Uint8Array(0);
    const linear = linearToPhysical(address, this.bytes.length);
    if (linear !== undefined && linear + length <= this.bytes.length)
      return this.machine.ram.slice(linear, linear + length);
    return this.machine.read(this.cpu(cpu), address, length);
  }

  /** Writes bytes, ignoring write protection; false when not all is mapped. Translated code there is dropped. */
  poke(address: bigint, bytes: Uint8Array, cpu = 0): boolean {
    return this.machine.write(this.cpu(cpu), address, bytes);
  }

  /** Zeros data of the kernel that lies together in RAM (not code); nothing where it does not. */
  clear(address: bigint, length: number): void {
    const at = this.contiguous(address, length);
    if (at !== undefined) this.machine.ram.fill(0, at, at + length);
  }

  /** Unsigned integer of 1, 2, 4 or 8 bytes. Throws GuestFault. */
  read(address: bigint, size: number, cpu = 0): bigint {
    if (Number(address & 0xfffn) + size > PAGE) return this.readAcross(address, size, cpu);
    const at = this.physical(address, false, cpu);
    const view = this.ram();
    switch (size) {
      case 1:
        return BigInt(view.getUint8(at));
      case 2:
        return BigInt(view.getUint16(at, true));
      case 4:
        return BigInt(view.getUint32(at, true));
      default:
        return view.getBigUint64(at, true);
    }
  }

  /** Writes an integer of 1, 2, 4 or 8 bytes (truncated to size). Throws GuestFault. For data, not for code. */
  write(address: bigint, size: number, value: bigint, cpu = 0): void {
    if (Number(address & 0xfffn) + size > PAGE) {
      const bytes = new Uint8Array(8);
      new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, value), true);
      if (!this.poke(address, bytes.subarray(0, size), cpu)) throw new GuestFault(address, true);
      return;
    }
    const at = this.physical(address, true, cpu);
    const view = this.ram();
    this.machine.dataWritten(at);
    switch (size) {
      case 1:
        view.setUint8(at, Number(value & 0xffn));
        break;
      case 2:
        view.setUint16(at, Number(value & 0xffffn), true);
        break;
      case 4:
        view.setUint32(at, Number(BigInt.asUintN(32, value)), true);
        break;
      default:
        view.setBigUint64(at, BigInt.asUintN(64, value), true);
    }
  }

  u64(address: bigint, cpu = 0): bigint {
    return this.read(address, 8, cpu);
  }

  u32(address: bigint, cpu = 0): number {
    return Number(this.read(address, 4, cpu));
  }

  /** A NUL-terminated string, at most `limit` bytes. Throws GuestFault when its beginning is not mapped. */
  string(address: bigint, limit = 4096, cpu = 0): string {
    const text = this.peekString(address, limit, cpu);
    if (text === undefined) throw new GuestFault(address, false);
    return text;
  }

  /** Like string, but undefined where memory is not mapped before a NUL is found. */
  peekString(address: bigint, limit = 4096, cpu = 0): string | undefined {
    const parts: Uint8Array[] = [];
    for (let at = address, left = limit; left > 0; ) {
      const chunk = Math.min(left, PAGE - Number(at & 0xfffn));
      const bytes = this.peek(at, chunk, cpu);
      if (bytes === undefined) return undefined;
      const end = bytes.indexOf(0);
      parts.push(end < 0 ? bytes : bytes.subarray(0, end));
      if (end >= 0) break;
      at += BigInt(chunk);
      left -= chunk;
    }
    return parts.map((part) => decoder.decode(part)).join('');
  }

  /** Reads a member of a structure as an unsigned integer (bit-fields extracted). Throws GuestFault. */
  get(struct: string, address: bigint, path: string): bigint {
    return this.getField(this.layouts.field(struct, path), address);
  }

  /** Writes a member of a structure. Throws GuestFault. */
  set(struct: string, address: bigint, path: string, value: bigint): void {
    this.setField(this.layouts.field(struct, path), address, value);
  }

  /** The address of a member. */
  member(struct: string, address: bigint, path: string): bigint {
    return address + BigInt(this.layouts.field(struct, path).offset);
  }

  getField(field: Field, address: bigint): bigint {
    const at = address + BigInt(field.offset);
    if (field.bitSize === undefined) return this.read(at, field.size);
    const bits = field.bitOffset ?? 0;
    const word = this.read(at, containerSize(bits + field.bitSize));
    return BigInt.asUintN(field.bitSize, word >> BigInt(bits));
  }

  setField(field: Field, address: bigint, value: bigint): void {
    const at = address + BigInt(field.offset);
    if (field.bitSize === undefined) {
      this.write(at, field.size, value);
      return;
    }
    const bits = BigInt(field.bitOffset ?? 0);
    const size = containerSize(Number(bits) + field.bitSize);
    const mask = ((1n << BigInt(field.bitSize)) - 1n) << bits;
    this.write(at, size, (this.read(at, size) & ~mask) | ((value << bits) & mask));
  }

  /**
   * The structures on a struct list_head, in order: `head` is the list head's address, `path` the list_head member in
   * `struct`. Stops after `limit` so that a corrupt list cannot hang a view.
   */
  *list(head: bigint, struct: string, path: string, limit = 65536): Generator<bigint> {
    const offset = BigInt(this.layouts.field(struct, path).offset);
    for (
      let node = this.u64(head), left = limit;
      node !== head && node !== 0n && left > 0;
      node = this.u64(node), left--
    ) {
      yield node - offset;
    }
  }

  private translate(address: bigint, cpu: number): number | undefined {
    const found = this.machine.translate(this.cpu(cpu), address, 'read', false);
    return typeof found === 'number' ? found : undefined;
  }

  private readAcross(address: bigint, size: number, cpu: number): bigint {
    const bytes = this.peek(address, size, cpu);
    if (bytes === undefined) throw new GuestFault(address, false);
    return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
  }

  private cpu(index: number) {
    const cpu = this.machine.cpus[index];
    if (cpu === undefined) throw new Error(`no CPU ${index}`);
    return cpu;
  }
}

function containerSize(bits: number): number {
  return bits <= 8 ? 1 : bits <= 16 ? 2 : bits <= 32 ? 4 : 8;
}
