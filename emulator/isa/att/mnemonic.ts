/** AT&T mnemonics: a word to table rows, the size its suffix names, and what is peculiar about it. */
import { rowsNamed } from '../encode';
import { conditions } from '../op';
import type { TableEntry } from '../table';

/** What a mnemonic means. `size` 0: no suffix. `source`: size of the source of movz/movs. `wide`: movabs. */
export interface Mnemonic {
  rows: readonly TableEntry[];
  size: number;
  source: number;
  wide: boolean;
}

const suffixes: Readonly<Record<string, number>> = { b: 1, w: 2, l: 4, q: 8 };

/** Other words for an Intel mnemonic, with the size they imply. */
const aliases: Readonly<Record<string, readonly [string, number]>> = {
  cbtw: ['cbw', 2],
  cwtl: ['cbw', 4],
  cltq: ['cbw', 8],
  cbw: ['cbw', 2],
  cwde: ['cbw', 4],
  cdqe: ['cbw', 8],
  cwtd: ['cwd', 2],
  cltd: ['cwd', 4],
  cqto: ['cwd', 8],
  cwd: ['cwd', 2],
  cdq: ['cwd', 4],
  cqo: ['cwd', 8],
  sal: ['shl', 0],
  loopz: ['loope', 0],
  loopnz: ['loopne', 0],
  lcall: ['callFar', 4],
  ljmp: ['jmpFar', 4],
  lret: ['retf', 4],
  lretl: ['retf', 4],
  lretw: ['retf', 2],
  lretq: ['retf', 8],
  iret: ['iret', 4],
  iretl: ['iret', 4],
  iretd: ['iret', 4],
  iretw: ['iret', 2],
  iretq: ['iret', 8],
  sysret: ['sysret', 4],
  sysretl: ['sysret', 4],
  sysretq: ['sysret', 8],
  sysexit: ['sysexit', 4],
  ud2a: ['ud2', 0],
  ud2b: ['ud1', 0],
  icebp: ['int1', 0],
  xlatb: ['xlat', 0],
  wait: ['fwait', 0],
  fstsw: ['fnstsw', 0],
  finit: ['fninit', 0],
  fclex: ['fnclex', 0],
  movsxd: ['movsxd', 8],
  leaveq: ['leave', 8],
  retq: ['ret', 8],
};

const farRows: Readonly<Record<string, string>> = { callFar: 'call', jmpFar: 'jmp' };

const known = new Map<string, Mnemonic>();

function define(
  word: string,
  rows: readonly TableEntry[],
  size: number,
  extra: Partial<Mnemonic> = {},
): void {
  known.set(word, { rows, size, source: 0, wide: false, ...extra });
}

/** `call` and `jmp` share their Intel names with the far forms, which AT&T spells lcall and ljmp. */
function near(rows: readonly TableEntry[]): readonly TableEntry[] {
  return rows.filter((entry) => entry.op !== 'callFar' && entry.op !== 'jmpFar');
}

for (const [alias, [name, size]] of Object.entries(aliases)) {
  const far = farRows[name];
  const rows = far ? rowsNamed(far).filter((entry) => entry.op === name) : rowsNamed(name);
  define(alias, rows, size);
  if (alias === 'sal')
    for (const [letter, bytes] of Object.entries(suffixes)) define(`sal${letter}`, rows, bytes);
}
for (const words of conditions) {
  for (const word of words.slice(1)) {
    for (const stem of ['j', 'set', 'cmov']) define(stem + word, rowsNamed(stem + words[0]), 0);
    for (const letter of 'wlq') {
      define(`cmov${word}${letter}`, rowsNamed(`cmov${words[0]}`), suffixes[letter] ?? 0);
    }
  }
}
for (const [stem, name] of [
  ['movz', 'movzx'],
  ['movs', 'movsx'],
] as const) {
  for (const [from, source] of Object.entries({ b: 1, w: 2 })) {
    if (stem === 'movz') define(stem + from, rowsNamed(name), 0, { source });
    for (const [to, size] of Object.entries(suffixes)) {
      if (size > source) define(stem + from + to, rowsNamed(name), size, { source });
    }
  }
}
define('movslq', rowsNamed('movsxd'), 8, { source: 4 });
define('movabs', rowsNamed('mov').concat(rowsNamed('movabs')), 0, { wide: true });
define('movabsq', rowsNamed('mov').concat(rowsNamed('movabs')), 8, { wide: true });
for (const name of ['movs', 'cmps', 'stos', 'lods', 'scas', 'ins', 'outs']) {
  for (const [letter, size] of Object.entries(suffixes)) define(name + letter, rowsNamed(name), size);
  if (name !== 'movs' && name !== 'cmps') define(`${name}d`, rowsNamed(name), 4);
}
for (const name of ['call', 'jmp']) {
  define(name, near(rowsNamed(name)), 0);
  define(`${name}q`, near(rowsNamed(name)), 8);
}

/**
 * Looks up an AT&T mnemonic. `vector`: an operand is a vector, MMX or x87 register, so that `movq` and `movsd` mean those.
 * Undefined if there is no such instruction.
 */
export function mnemonicNamed(word: string, vector: boolean): Mnemonic | undefined {
  const plain = { size: 0, source: 0, wide: false };
  if (vector && rowsNamed(word).length > 0) return { ...plain, rows: rowsNamed(word) };
  const special = known.get(word);
  if (special) return special;
  const exact = rowsNamed(word);
  if (exact.some((entry) => entry.op !== 'unsupported')) return { ...plain, rows: exact };
  const size = suffixes[word.slice(-1)];
  const stem = word.slice(0, -1);
  if (size !== undefined) {
    const rows = known.get(stem)?.rows ?? rowsNamed(stem);
    if (rows.length > 0) return { ...plain, rows, size };
  }
  return exact.length > 0 ? { ...plain, rows: exact } : undefined;
}
