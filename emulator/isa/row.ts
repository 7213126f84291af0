/**
 * The shape of one row of the instruction table, and the notation in which rows are written.
 *
 * A row is `row(op, mnemonic, encoding, operands, attributes)`. The encoding is written as in the Intel manual
 * (volume 2, 3.1.1): mandatory prefixes, opcode bytes, `/r` or `/digit`; operands as in its opcode maps (volume 2, A.2):
 * a letter for the place and a letter for the size. Nothing here knows what an instruction does.
 */
import type { Op } from './op';

/** Operand sizes in bytes, or a rule: v = 2/4/8 by operand size, y = 4/8 by REX.W, z = immediate of 2 or 4 bytes. */
export type SizeRule = number | 'v' | 'y' | 'z' | 'x';

/**
 * Where an operand is encoded: ModRM.rm, ModRM.reg, the opcode's low bits, VEX.vvvv, after the instruction, nowhere
 * (fixed register or constant), or the string instructions' implied memory at rsi (source) and rdi (destination).
 */
export type OperandPlace =
  | 'rm'
  | 'reg'
  | 'opcode'
  | 'vvvv'
  | 'is4'
  | 'immediate'
  | 'relative'
  | 'offset'
  | 'fixed'
  | 'one'
  | 'source'
  | 'destination';

/** Which register file a register operand names. */
export type RegisterClass = 'general' | 'segment' | 'control' | 'debug' | 'vector' | 'mmx' | 'x87';

/** One operand of a row. `signed`: an immediate narrower than the operand size that is sign-extended. */
export interface OperandForm {
  readonly code: string;
  readonly place: OperandPlace;
  readonly class: RegisterClass;
  readonly size: SizeRule;
  readonly memory: boolean;
  readonly register: boolean;
  readonly fixed: number;
  readonly signed: boolean;
}

/** Opcode maps: 0 one byte, 1 0F xx, 2 0F 38 xx, 3 0F 3A xx, 4 0F 0F (3DNow!). */
export type OpcodeMap = 0 | 1 | 2 | 3 | 4;

/** Instruction-set families that the machine does not have; used in messages. */
export type Extension =
  | 'x87'
  | 'mmx'
  | 'sse'
  | 'avx'
  | 'vmx'
  | 'svm'
  | '3dnow'
  | 'xsave'
  | 'cet'
  | 'mpx'
  | 'other';

/** Flag bits as they lie in rflags. */
export const flagBits = {
  c: 0x1,
  p: 0x4,
  a: 0x10,
  z: 0x40,
  s: 0x80,
  t: 0x100,
  i: 0x200,
  d: 0x400,
  o: 0x800,
} as const;

/** What a row may say beyond its encoding. */
export interface Attributes {
  /** May carry a LOCK prefix when its destination is memory. */
  lock?: boolean;
  /** Operand size 8 by default in 64-bit mode; 66 gives 2 (push, pop), or is ignored (`force64`: near branches). */
  default64?: boolean;
  force64?: boolean;
  /** Accepts REP (string instructions); `repz` also distinguishes REPE and REPNE. */
  rep?: 'rep' | 'repz';
  /** Raises #GP outside ring 0 (I/O and cli/sti/popf depend on IOPL and are marked `iopl`). */
  privileged?: boolean;
  iopl?: boolean;
  condition?: number;
  /** Letters of flags read, written and left undefined (a subset of written). */
  reads?: string;
  writes?: string;
  undefined?: string;
  /** Shifts: undefined when the masked count is not one; and when it reaches the operand size. */
  undefinedUnlessOne?: string;
  undefinedFromSize?: string;
  extension?: Extension;
  /** Does not read its memory operand, only names it (lea, nop, invlpg…). */
  addressOnly?: boolean;
  /** The assembler must not choose this row by itself (a longer or alternative encoding of another row). */
  alternative?: boolean;
  /** What decides the operand size, where no operand shows it (pushf, ret, cbw…). */
  sizing?: number | 'v' | 'y';
  /** AT&T mnemonic where it is a different word. */
  att?: string;
}

/** A row of the table. `digit`, `rm` and `w` are −1 where any value fits. */
export interface TableEntry {
  readonly id: number;
  readonly op: Op;
  readonly mnemonic: string;
  readonly att: string;
  readonly map: OpcodeMap;
  readonly opcode: number;
  /** The opcode's low three bits hold a register. */
  readonly registerInOpcode: boolean;
  readonly modrm: boolean;
  readonly digit: number;
  readonly rm: number;
  /** Which ModRM.mod the row takes; `ignored`: always read as a register (moves to and from control registers). */
  readonly mod: 'any' | 'memory' | 'register' | 'ignored';
  /** Only without REX.B (90 is nop, 41 90 is xchg). */
  readonly withoutRexB: boolean;
  /** Mandatory prefix; `any` rows treat 66 as operand size and ignore F2/F3; `none` rows refuse all three. */
  readonly prefix: 'any' | 'none' | '66' | 'f2' | 'f3';
  readonly w: -1 | 0 | 1;
  readonly vex: boolean;
  readonly vexL: -1 | 0 | 1;
  readonly operands: readonly OperandForm[];
  /** What decides the operand size: a number of bytes, v, or y. */
  readonly sizing: number | 'v' | 'y';
  readonly default64: boolean;
  readonly force64: boolean;
  readonly lock: boolean;
  readonly rep: 'rep' | 'repz' | undefined;
  readonly privileged: boolean;
  readonly iopl: boolean;
  /** Condition number 0..15 of jcc, setcc, cmovcc; −1 otherwise. */
  readonly condition: number;
  readonly flagsRead: number;
  readonly flagsWritten: number;
  readonly undefinedFlags: number;
  readonly undefinedUnlessOne: number;
  readonly undefinedFromSize: number;
  readonly extension: Extension | undefined;
  readonly addressOnly: boolean;
  readonly alternative: boolean;
}

/** A row before the table has numbered it. */
export type Row = Omit<TableEntry, 'id'>;

const sizeLetters: Readonly<Record<string, SizeRule>> = {
  b: 1,
  w: 2,
  d: 4,
  q: 8,
  t: 10,
  o: 16,
  n: 32,
  v: 'v',
  y: 'y',
  z: 'z',
  x: 'x',
  '': 0,
};

const fixedRegisters: Readonly<Record<string, { class: RegisterClass; size: SizeRule; fixed: number }>> = {
  al: { class: 'general', size: 1, fixed: 0 },
  ax: { class: 'general', size: 2, fixed: 0 },
  eax: { class: 'general', size: 4, fixed: 0 },
  rax: { class: 'general', size: 'v', fixed: 0 },
  zax: { class: 'general', size: 'z', fixed: 0 },
  cl: { class: 'general', size: 1, fixed: 1 },
  dx: { class: 'general', size: 2, fixed: 2 },
  fs: { class: 'segment', size: 2, fixed: 4 },
  gs: { class: 'segment', size: 2, fixed: 5 },
  st: { class: 'x87', size: 10, fixed: 0 },
  xmm0: { class: 'vector', size: 16, fixed: 0 },
};

const places: Readonly<
  Record<string, { place: OperandPlace; class?: RegisterClass; memory?: boolean; register?: boolean }>
> = {
  E: { place: 'rm', memory: true, register: true },
  M: { place: 'rm', memory: true },
  R: { place: 'rm', register: true },
  G: { place: 'reg', register: true },
  Z: { place: 'opcode', register: true },
  B: { place: 'vvvv', register: true },
  S: { place: 'reg', class: 'segment', register: true },
  C: { place: 'reg', class: 'control', register: true },
  D: { place: 'reg', class: 'debug', register: true },
  V: { place: 'reg', class: 'vector', register: true },
  W: { place: 'rm', class: 'vector', memory: true, register: true },
  U: { place: 'rm', class: 'vector', register: true },
  H: { place: 'vvvv', class: 'vector', register: true },
  L: { place: 'is4', class: 'vector', register: true },
  P: { place: 'reg', class: 'mmx', register: true },
  Q: { place: 'rm', class: 'mmx', memory: true, register: true },
  N: { place: 'rm', class: 'mmx', register: true },
  T: { place: 'rm', class: 'x87', register: true },
  O: { place: 'offset', memory: true },
  X: { place: 'source', memory: true },
  Y: { place: 'destination', memory: true },
  I: { place: 'immediate' },
  J: { place: 'relative' },
};

/** Parses one operand code, e.g. `Ev`, `Gb`, `Is` (imm8 sign-extended), `rax`, `1`. Throws on a code that does not exist. */
function operandForm(code: string): OperandForm {
  const base = { code, memory: false, register: false, fixed: -1, signed: false };
  const fixed = fixedRegisters[code];
  if (fixed) return { ...base, ...fixed, place: 'fixed', register: true };
  if (code === '1') return { ...base, place: 'one', class: 'general', size: 1 };
  if (code === 'Is') return { ...base, place: 'immediate', class: 'general', size: 1, signed: true };
  const place = places[code[0] ?? ''];
  const size = sizeLetters[code.slice(1)];
  if (!place || size === undefined) throw new Error(`no operand code '${code}'`);
  return {
    ...base,
    ...place,
    class: place.class ?? 'general',
    size,
    signed: code[0] === 'J' || code === 'Iz',
  };
}

const forms = new Map<string, OperandForm>();

function formOf(code: string): OperandForm {
  let form = forms.get(code);
  if (!form) forms.set(code, (form = operandForm(code)));
  return form;
}

function mask(letters = ''): number {
  let bits = 0;
  for (const letter of letters) bits |= flagBits[letter as keyof typeof flagBits];
  return bits;
}

/** What decides the operand size of a row that does not fix it: its first operand with a rule, else its first operand. */
function sizingOf(operands: readonly OperandForm[]): number | 'v' | 'y' {
  for (const { size } of operands) if (size === 'v' || size === 'y') return size;
  for (const { size } of operands) if (size === 'z') return 'v';
  const first = operands.find((form) => form.place !== 'immediate' && typeof form.size === 'number');
  const size = first?.size ?? 0;
  return size === 1 || size === 2 || size === 4 || size === 8 ? size : 4;
}

/**
 * Makes a row. `encoding` is a list of words: `np`, `66`, `f2`, `f3` (mandatory prefix), `vex`, `l0`, `l1`, `w0`, `w1`,
 * opcode bytes in hexadecimal (`0f 38 f0`, `50+r`), `/r`, `/0`…`/7`, `mem`, `reg`, `anymod` (ModRM.mod ≠3, =3, ignored), `rm0`…`rm7`,
 * `nb` (no REX.B).
 * Throws on a word that is none of these: the table is wrong.
 */
export function row(
  op: Op,
  mnemonic: string,
  encoding: string,
  operands = '',
  attributes: Attributes = {},
): Row {
  const list = operands === '' ? [] : operands.split(',').map(formOf);
  let prefix: TableEntry['prefix'] = 'any';
  let map: OpcodeMap = 0;
  let opcode = -1;
  let registerInOpcode = false;
  let modrm = list.some((form) => form.place === 'rm' || form.place === 'reg');
  let digit = -1;
  let rm = -1;
  let mod: TableEntry['mod'] = 'any';
  let w: TableEntry['w'] = -1;
  let vex = false;
  let withoutRexB = false;
  let vexL: TableEntry['vexL'] = -1;
  for (const word of encoding.split(' ')) {
    if (map === 0 && (word === '66' || word === 'f2' || word === 'f3')) prefix = word;
    else if (word === 'np') prefix = 'none';
    else if (word === 'vex') vex = true;
    else if (word === 'l0' || word === 'l1') vexL = word === 'l1' ? 1 : 0;
    else if (word === 'w0' || word === 'w1') w = word === 'w1' ? 1 : 0;
    else if (word === '/r') modrm = true;
    else if (/^\/[0-7]$/.test(word)) [modrm, digit] = [true, Number(word[1])];
    else if (word === 'nb') withoutRexB = true;
    else if (word === 'anymod') mod = 'ignored';
    else if (word === 'mem') mod = 'memory';
    else if (word === 'reg') mod = 'register';
    else if (/^rm[0-7]$/.test(word)) [mod, rm] = ['register', Number(word[2])];
    else if (word === '0f' && map === 0) map = 1;
    else if (word === '0f' && map === 1) map = 4;
    else if (word === '38' && map === 1) map = 2;
    else if (word === '3a' && map === 1) map = 3;
    else if (/^[0-9a-f]{2}\+r$/.test(word)) [opcode, registerInOpcode] = [Number.parseInt(word, 16), true];
    else if (/^[0-9a-f]{2}$/.test(word) && opcode < 0) opcode = Number.parseInt(word, 16);
    else throw new Error(`${mnemonic}: no encoding word '${word}'`);
  }
  if (opcode < 0) throw new Error(`${mnemonic}: no opcode in '${encoding}'`);
  const inRm = list.find((form) => form.place === 'rm');
  if (inRm && mod === 'any') mod = inRm.memory ? (inRm.register ? 'any' : 'memory') : 'register';
  return {
    op,
    mnemonic,
    att: attributes.att ?? mnemonic,
    map,
    opcode,
    registerInOpcode,
    modrm,
    digit,
    rm,
    mod,
    withoutRexB,
    prefix,
    w,
    vex,
    vexL,
    operands: list,
    sizing: attributes.sizing ?? sizingOf(list),
    default64: attributes.default64 ?? false,
    force64: attributes.force64 ?? false,
    lock: attributes.lock ?? false,
    rep: attributes.rep,
    privileged: attributes.privileged ?? false,
    iopl: attributes.iopl ?? false,
    condition: attributes.condition ?? -1,
    flagsRead: mask(attributes.reads),
    flagsWritten: mask(attributes.writes),
    undefinedFlags: mask(attributes.undefined),
    undefinedUnlessOne: mask(attributes.undefinedUnlessOne),
    undefinedFromSize: mask(attributes.undefinedFromSize),
    extension: attributes.extension,
    addressOnly: attributes.addressOnly ?? false,
    alternative: attributes.alternative ?? false,
  };
}
