/**
 * Where initialisers go: ImageSink builds a static object's bytes and relocations, ItemSink an automatic object's stores.
 */
import type {
  AutoInitializer,
  Expression,
  InitializerItem,
  Place,
  StaticInitializer,
  StaticRelocation,
} from '../ast';
import type { Parser } from '../parse/parser';
import { type BitField, bare, type IntegerType, type Member, sizeOf, type Type } from '../types';
import { comma, remember, rvalue } from './build';
import { constantValue } from './constant';

/** Takes the stores of one initialiser. Offsets are from the object's start; a bit-field's is its record's. */
export interface InitializerSink {
  /** Something was wrong and reported: the result is not usable. */
  failed: boolean;
  value(p: Parser, offset: number, member: Member | undefined, type: Type, value: Expression): void;
  /** Bytes cut or zero-filled to `room` (undefined: as they are). */
  bytes(offset: number, bytes: Uint8Array, room: number | undefined): void;
  /** Copies a whole array object. */
  copy(p: Parser, offset: number, source: Place): void;
  /** A designator is about to initialise this range (again): what was there is void. */
  clear(offset: number, size: number, member: Member | undefined): void;
  mark(): number;
  /** Repeats what was stored since `mark` at offset … offset+size `times` more times. */
  repeat(p: Parser, mark: number, offset: number, size: number, times: number): void;
}

/** Largest static object whose bytes are kept in memory. */
const IMAGE_LIMIT = 256 << 20;

/** Builds bytes. */
export class ImageSink implements InitializerSink {
  failed = false;
  /** End of what was stored. */
  end = 0;
  private data = new Uint8Array(64);
  private relocations: StaticRelocation[] = [];
  /** No relocation lies at or behind this offset. */
  private relocationEnd = 0;

  private room(p: Parser | undefined, end: number, loc: number): boolean {
    if (end > IMAGE_LIMIT) {
      if (!this.failed) p?.error(loc, 'the initializer makes the object too large');
      this.failed = true;
      return false;
    }
    this.end = Math.max(this.end, end);
    if (end <= this.data.length) return true;
    const grown = new Uint8Array(Math.max(end, this.data.length * 2));
    grown.set(this.data);
    this.data = grown;
    return true;
  }

  /** An integer element. */
  number(offset: number, type: IntegerType, value: bigint): void {
    if (!this.room(undefined, offset + type.size, 0)) return;
    if (type.rank === 0) this.data[offset] = value === 0n ? 0 : 1;
    else this.store(offset, type.size, value);
  }

  private store(offset: number, size: number, value: bigint): void {
    if (size <= 4) {
      const low = Number(BigInt.asUintN(32, value));
      for (let i = 0; i < size; i++) this.data[offset + i] = low >>> (8 * i);
      return;
    }
    let rest = BigInt.asUintN(size * 8, value);
    for (let i = 0; i < size; i++, rest >>= 8n) this.data[offset + i] = Number(rest & 0xffn);
  }

  value(p: Parser, offset: number, member: Member | undefined, type: Type, value: Expression): void {
    if (bare(type).kind === 'record') {
      this.record(p, offset, value);
      return;
    }
    const size = sizeOf(type);
    if (!this.room(p, offset + (member?.bitField ? fieldEnd(member.bitField) : size), value.loc)) return;
    const constant = constantValue(p, value);
    if (!constant) {
      p.error(value.loc, 'initializer element is not constant');
      this.failed = true;
      return;
    }
    if (member?.bitField) {
      if (constant.target) {
        p.error(value.loc, 'initializer of a bit-field is not a constant number');
        this.failed = true;
      } else this.storeField(offset, member.bitField, constant.addend);
      return;
    }
    this.store(offset, size, constant.target ? 0n : constant.addend);
    if (!constant.target) return;
    const { target, addend, minus } = constant;
    if (size !== 8 && !minus && size !== 4) {
      p.error(value.loc, 'initializer element is not computable at load time');
      this.failed = true;
      return;
    }
    if (target.kind === 'variable' || target.kind === 'function') target.referenced = true;
    this.relocate({ offset, size: size as 1 | 2 | 4 | 8, target, addend, minus });
  }

  private storeField(offset: number, field: BitField, value: bigint): void {
    let bits = BigInt.asUintN(field.width, value) << BigInt(field.bitOffset);
    let mask = ((1n << BigInt(field.width)) - 1n) << BigInt(field.bitOffset);
    for (let at = offset + field.unitOffset; mask !== 0n; at++, mask >>= 8n, bits >>= 8n) {
      const keep = ~Number(mask & 0xffn) & 0xff;
      this.data[at] = (this.data[at] & keep) | Number(bits & 0xffn);
    }
  }

  /** A record value is constant if it is a static compound literal (GNU C) or a static const object's. */
  private record(p: Parser, offset: number, value: Expression): void {
    if (value.kind === 'load') {
      this.copy(p, offset, value.place);
      return;
    }
    p.error(value.loc, 'initializer element is not constant');
    this.failed = true;
  }

  copy(p: Parser, offset: number, source: Place): void {
    const variable = source.kind === 'variable' ? source.variable : undefined;
    if (!variable || !p.literals.has(variable)) {
      p.error(source.loc, 'initializer element is not constant');
      this.failed = true;
      return;
    }
    const from = variable.initializer;
    if (!this.room(p, offset + sizeOf(variable.type), source.loc)) return;
    this.drop(offset, sizeOf(variable.type));
    if (!from) return;
    this.data.fill(0, offset, offset + sizeOf(variable.type));
    this.data.set(from.bytes, offset);
    for (const relocation of from.relocations)
      this.relocate({ ...relocation, offset: relocation.offset + offset });
  }

  bytes(offset: number, bytes: Uint8Array, room: number | undefined): void {
    const length = room === undefined ? bytes.length : Math.min(room, bytes.length);
    if (!this.room(undefined, offset + length, 0)) return;
    if (room !== undefined) this.data.fill(0, offset, Math.min(offset + room, this.data.length));
    this.data.set(bytes.subarray(0, length), offset);
  }

  clear(offset: number, size: number, member: Member | undefined): void {
    if (member || offset >= this.end) return;
    this.drop(offset, size);
    if (offset < this.data.length) this.data.fill(0, offset, Math.min(offset + size, this.data.length));
  }

  private relocate(relocation: StaticRelocation): void {
    this.relocationEnd = Math.max(this.relocationEnd, relocation.offset + 1);
    this.relocations.push(relocation);
  }

  private drop(offset: number, size: number): void {
    if (offset < this.relocationEnd)
      this.relocations = this.relocations.filter((r) => r.offset < offset || r.offset >= offset + size);
  }

  mark(): number {
    return this.relocations.length;
  }

  repeat(p: Parser, mark: number, offset: number, size: number, times: number): void {
    if (!this.room(p, offset + size * (times + 1), p.at)) return;
    // Doubling: the filled part is copied behind itself.
    let filled = size;
    const total = size * (times + 1);
    while (filled < total) {
      const chunk = Math.min(filled, total - filled);
      this.data.copyWithin(offset + filled, offset, offset + chunk);
      filled += chunk;
    }
    const made = this.relocations.slice(mark);
    for (let i = 1; i <= times; i++)
      for (const relocation of made) this.relocate({ ...relocation, offset: relocation.offset + i * size });
  }

  /** The object's bytes without trailing zeros. */
  finish(size: number): StaticInitializer {
    let length = Math.min(this.end, size);
    while (length > 0 && this.data[length - 1] === 0) length--;
    this.relocations.sort((a, b) => a.offset - b.offset);
    return { size, bytes: this.data.slice(0, length), relocations: this.relocations };
  }
}

function fieldEnd(field: BitField): number {
  return field.unitOffset + field.unitSize;
}

/** Lists stores. */
export class ItemSink implements InitializerSink {
  failed = false;
  readonly items: InitializerItem[] = [];
  /** No item stores at or behind this offset. */
  private end = 0;

  value(_p: Parser, offset: number, member: Member | undefined, type: Type, value: Expression): void {
    this.end = Math.max(this.end, offset + sizeOf(type) + (member?.bitField ? member.offset : 0));
    this.items.push({ kind: 'value', offset, member, type, value });
  }

  bytes(offset: number, bytes: Uint8Array, room: number | undefined): void {
    let kept = bytes;
    if (room !== undefined && room !== bytes.length) {
      kept = new Uint8Array(room);
      kept.set(bytes.subarray(0, Math.min(room, bytes.length)));
    }
    this.end = Math.max(this.end, offset + kept.length);
    this.items.push({ kind: 'bytes', offset, bytes: kept });
  }

  copy(_p: Parser, offset: number, source: Place): void {
    // Element by element: arrays are not values.
    const type = bare(source.type);
    if (type.kind !== 'array' || type.count === undefined) return;
    this.end = Math.max(this.end, offset + sizeOf(type));
    const size = sizeOf(type.of);
    for (let i = 0; i < type.count; i++) {
      const element: Place = {
        kind: 'member',
        base: source,
        member: { name: undefined, type: type.of, offset: i * size, bitField: undefined, loc: source.loc },
        type: type.of,
        loc: source.loc,
      };
      if (bare(type.of).kind === 'array') this.copy(_p, offset + i * size, element);
      else
        this.items.push({
          kind: 'value',
          offset: offset + i * size,
          member: undefined,
          type: type.of,
          value: rvalue(element),
        });
    }
  }

  clear(offset: number, size: number, member: Member | undefined): void {
    if (member || size === 0 || offset >= this.end) return;
    for (let i = this.items.length - 1; i >= 0; i--) {
      const item = this.items[i];
      const start = itemStart(item);
      if (start >= offset && start < offset + size) this.items.splice(i, 1);
    }
  }

  mark(): number {
    return this.items.length;
  }

  repeat(p: Parser, mark: number, offset: number, size: number, times: number): void {
    const made = this.items.slice(mark);
    for (let i = 0; i < made.length; i++) {
      const item = made[i];
      if (item.kind !== 'value' || item.value.kind === 'integer') continue;
      // Evaluated once, stored often.
      const { store, read } = remember(p, item.value);
      const first = { ...item, value: comma(store, read()) };
      this.items[mark + i] = first;
      made[i] = { ...item, value: read() };
    }
    this.end = Math.max(this.end, offset + size * (times + 1));
    for (let i = 1; i <= times; i++)
      for (const item of made) this.items.push({ ...item, offset: item.offset + i * size });
  }

  /** The initialiser; zeroFill unless every byte is stored. */
  finish(size: number): AutoInitializer {
    return { size, zeroFill: !this.covers(size), items: this.items };
  }

  private covers(size: number): boolean {
    let covered = 0;
    const ranges = this.items
      .filter((item) => item.kind === 'bytes' || !item.member?.bitField)
      .map((item): [number, number] => [
        item.offset,
        item.offset + (item.kind === 'bytes' ? item.bytes.length : sizeOf(item.type)),
      ])
      .sort((a, b) => a[0] - b[0]);
    for (const [start, end] of ranges) {
      if (start > covered) return false;
      covered = Math.max(covered, end);
    }
    return covered >= size;
  }
}

function itemStart(item: InitializerItem): number {
  return item.kind === 'value' && item.member?.bitField ? item.offset + item.member.offset : item.offset;
}
