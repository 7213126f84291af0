/** A small world for tests: hand-made types, a few bytes of memory, a scope with names. No kernel, no compiler. */
import type { Scope } from '../../emulator/inspect/expression/scope';
import type { Describer } from '../../emulator/inspect/format';
import {
  arrayOf,
  CHAR,
  type EnumType,
  INT,
  LONG,
  pointerTo,
  type RecordType,
  type Type,
  UNSIGNED_CHAR,
  UNSIGNED_INT,
  UNSIGNED_LONG,
} from '../../emulator/inspect/types';
import { constant, type GuestMemory, inMemory, toBytes, type Value } from '../../emulator/inspect/value';

export const BASE = 0xffff_8880_0000_1000n;

/** One mapped page at BASE. */
export class Page implements GuestMemory {
  readonly bytes = new Uint8Array(4096);

  read(address: bigint, length: number): Uint8Array | undefined {
    const at = Number(address - BASE);
    return at < 0 || at + length > 4096 ? undefined : this.bytes.slice(at, at + length);
  }

  write(address: bigint, bytes: Uint8Array): boolean {
    const at = Number(address - BASE);
    if (at < 0 || at + bytes.length > 4096) return false;
    this.bytes.set(bytes, at);
    return true;
  }

  put(offset: number, value: bigint, size: number): void {
    this.bytes.set(toBytes(value, size), offset);
  }

  text(offset: number, text: string): void {
    this.bytes.set(new TextEncoder().encode(`${text}\0`), offset);
  }
}

export const COLOUR: EnumType = {
  kind: 'enum',
  name: 'colour',
  size: 4,
  signed: false,
  values: [
    { name: 'RED', value: 0n },
    { name: 'GREEN', value: 5n },
  ],
};

/** struct list_head { struct list_head *next, *prev; } — refers to itself. */
export const LIST_HEAD: RecordType = {
  kind: 'struct',
  name: 'list_head',
  size: 16,
  complete: true,
  get members() {
    return [
      { name: 'next', type: pointerTo(LIST_HEAD), offset: 0 },
      { name: 'prev', type: pointerTo(LIST_HEAD), offset: 8 },
    ];
  },
};

/** struct task { int pid; unsigned ready:1, level:3; int delta:4; char comm[16]; struct task *parent; struct list_head children; union { long raw; struct { int low; int high; }; }; } */
export const TASK: RecordType = {
  kind: 'struct',
  name: 'task',
  size: 64,
  complete: true,
  get members() {
    const halves: RecordType = {
      kind: 'struct',
      name: undefined,
      size: 8,
      complete: true,
      members: [
        { name: 'low', type: INT, offset: 0 },
        { name: 'high', type: INT, offset: 4 },
      ],
    };
    const either: RecordType = {
      kind: 'union',
      name: undefined,
      size: 8,
      complete: true,
      members: [
        { name: 'raw', type: LONG, offset: 0 },
        { name: undefined, type: halves, offset: 0 },
      ],
    };
    return [
      { name: 'pid', type: INT, offset: 0 },
      { name: 'ready', type: UNSIGNED_INT, offset: 4, bitOffset: 0, bitSize: 1 },
      { name: 'level', type: UNSIGNED_INT, offset: 4, bitOffset: 1, bitSize: 3 },
      { name: 'delta', type: INT, offset: 4, bitOffset: 4, bitSize: 4 },
      { name: 'comm', type: arrayOf(CHAR, 16), offset: 8 },
      { name: 'parent', type: pointerTo(TASK), offset: 24 },
      { name: 'children', type: LIST_HEAD, offset: 32 },
      { name: undefined, type: either, offset: 48 },
    ];
  },
};

/** The page with two tasks at BASE (pid 7, "cat") and BASE+64 (pid 1, "init"), a path at +512, and an int array at +600. */
export function world(): { page: Page; scope: Scope; describer: Describer; registers: Map<string, bigint> } {
  const page = new Page();
  page.put(0, 7n, 4);
  page.put(4, 0b1101_101_1n, 4);
  page.text(8, 'cat');
  page.put(24, BASE + 64n, 8);
  page.put(32, BASE + 32n, 8);
  page.put(40, BASE + 32n, 8);
  page.put(48, 0x1_0000_0002n, 8);
  page.put(64, 1n, 4);
  page.text(72, 'init');
  page.text(512, '/etc/hostname');
  for (let i = 0; i < 10; i++) page.put(600 + 4 * i, BigInt(i * i), 4);
  const registers = new Map([
    ['ax', 0xffff_ffff_ffff_fffen],
    ['rip', 0xffff_ffff_8100_0010n],
  ]);
  const word: Type = { kind: 'typedef', name: 'u64', to: UNSIGNED_LONG };
  const variables: Record<string, Value> = {
    task: inMemory(TASK, BASE),
    current: constant(pointerTo(TASK), BASE),
    filename: constant(pointerTo({ kind: 'qualified', qualifier: 'const', of: CHAR }), BASE + 512n),
    squares: inMemory(arrayOf(INT, 10), BASE + 600n),
    wild: constant(pointerTo(INT), 0x10n),
    colour: constant(COLOUR, 5n),
    byte: constant(UNSIGNED_CHAR, 200n),
    flags: constant(INT, 0o1101n),
    negative: constant(INT, -1n),
    lost: { type: INT, place: { kind: 'unavailable', reason: 'optimized out' } },
  };
  const scope: Scope = {
    memory: page,
    variable: (name) => variables[name],
    register: (name) => {
      if (name === 'comm') return inMemory(arrayOf(CHAR, 16), BASE + 8n);
      if (!registers.has(name)) return undefined;
      const set = (value: bigint) => registers.set(name, value) !== undefined;
      return { type: UNSIGNED_LONG, place: { kind: 'register', name, get: () => registers.get(name), set } };
    },
    typedef: (name) => (name === 'u64' ? word : undefined),
    record: (_, name) => ({ task: TASK, list_head: LIST_HEAD, colour: COLOUR })[name],
    enumerator: (name) => {
      const found = COLOUR.values.find((one) => one.name === name);
      return found && constant(COLOUR, found.value);
    },
    macro: (name) =>
      ({
        O_CREAT: { parameters: undefined, body: '00000100' },
        MAX: { parameters: ['a', 'b'], body: '((a) > (b) ? (a) : (b))' },
        LOOP: { parameters: undefined, body: 'LOOP + 1' },
        IS_ERR: { parameters: ['p'], body: '((unsigned long)(p) >= (unsigned long)-4095)' },
      })[name],
    similar: (name) => (name === 'filenam' ? ['filename'] : []),
  };
  const describer: Describer = {
    memory: page,
    symbolAt: (address) =>
      address >> 12n === 0xffff_ffff_81000n ? `do_sys_open+0x${(address & 0xfffn).toString(16)}` : undefined,
  };
  return { page, scope, describer, registers };
}
