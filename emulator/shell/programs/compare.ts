/** Commands that compute or compare for scripts: expr, cmp, diff, mktemp. */
import { close, getpid, O_CREAT, O_EXCL, O_RDWR, open, readFile, type Task } from '../syscalls';
import { type Command, complain, failed, inputs, lines, options, print } from './program';
import { posixSource } from './regexp';

const MALFORMED = 2;
const EEXIST = -17;

class ExprError extends Error {}

/** Operators by how tightly they bind, the loosest first (POSIX.1-2017, expr). */
const LEVELS: readonly (readonly string[])[] = [
  ['|'],
  ['&'],
  ['=', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', '%'],
  [':'],
];

const isNull = (text: string): boolean => text === '' || /^-?0+$/.test(text);

class ExprParser {
  private at = 0;

  constructor(private readonly words: readonly string[]) {}

  parse(): string {
    const value = this.level(0);
    if (this.at < this.words.length) throw new ExprError(`syntax error: unexpected '${this.words[this.at]}'`);
    return value;
  }

  private level(depth: number): string {
    const operators = LEVELS[depth];
    if (operators === undefined) return this.primary();
    let left = this.level(depth + 1);
    for (
      let operator = this.words[this.at] ?? '';
      operators.includes(operator);
      operator = this.words[this.at] ?? ''
    ) {
      this.at++;
      left = apply(operator, left, this.level(depth + 1));
    }
    return left;
  }

  private primary(): string {
    const word = this.words[this.at++];
    if (word === undefined) throw new ExprError('syntax error: missing argument');
    if (word !== '(') return word;
    const value = this.level(0);
    if (this.words[this.at++] !== ')') throw new ExprError("syntax error: expecting ')'");
    return value;
  }
}

function apply(operator: string, left: string, right: string): string {
  if (operator === '|') return isNull(left) ? right : left;
  if (operator === '&') return isNull(left) || isNull(right) ? '0' : left;
  if (operator === ':') {
    const match = new RegExp(`^(?:${posixSource(right, false)})`).exec(left);
    return /\\\(/.test(right) ? (match?.[1] ?? '') : String(match?.[0].length ?? 0);
  }
  const numbers = /^-?\d+$/.test(left) && /^-?\d+$/.test(right);
  if (/^[=!<>]/.test(operator)) {
    const order = numbers ? Number(BigInt(left) - BigInt(right)) : left < right ? -1 : Number(left > right);
    const results: Readonly<Record<string, boolean>> = {
      '=': order === 0,
      '!=': order !== 0,
      '<': order < 0,
      '<=': order <= 0,
      '>': order > 0,
      '>=': order >= 0,
    };
    return results[operator] ? '1' : '0';
  }
  if (!numbers) throw new ExprError('non-integer argument');
  const a = BigInt(left);
  const b = BigInt(right);
  if (operator === '+') return (a + b).toString();
  if (operator === '-') return (a - b).toString();
  if (operator === '*') return (a * b).toString();
  if (b === 0n) throw new ExprError('division by zero');
  return (operator === '/' ? a / b : a % b).toString();
}

/** expr: the value of an expression; status 1 when it is 0 or empty. */
const expr: Command = function* (argv) {
  try {
    const value = new ExprParser(argv.slice(1)).parse();
    yield* print(argv, `${value}\n`);
    return isNull(value) ? 1 : 0;
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    yield* complain(argv, error.message);
    return MALFORMED;
  }
};

/** cmp [-s] A B */
const cmp: Command = function* (argv) {
  const { rest, flags } = options(argv, 's');
  const [first = '', second = ''] = rest;
  const a = yield* readFile(first);
  const b = yield* readFile(second);
  if (typeof a === 'number') return (yield* failed(argv, first, a)) + 1;
  if (typeof b === 'number') return (yield* failed(argv, second, b)) + 1;
  const at = a.findIndex((byte, index) => byte !== b[index]);
  if (at < 0 && a.length === b.length) return 0;
  const shorter = a.length < b.length ? first : second;
  if (flags.has('s')) return 1;
  if (at < 0 || at >= b.length) return yield* complain(argv, `EOF on ${shorter}`);
  const line = a.subarray(0, at).filter((byte) => byte === 10).length + 1;
  yield* print(argv, `${first} ${second} differ: byte ${at + 1}, line ${line}\n`);
  return 1;
};

/** diff [-q] A B, in the normal format. */
const diff: Command = function* (argv) {
  const { rest, flags } = options(argv, 'qsuN');
  const { texts, status } = yield* inputs(argv, rest.slice(0, 2));
  const [a, b] = texts.map(({ text }) => lines(text));
  if (status !== 0 || a === undefined || b === undefined) return MALFORMED;
  const hunks = differences(a, b);
  if (hunks.length === 0) return 0;
  if (flags.has('q')) yield* print(argv, `Files ${rest[0]} and ${rest[1]} differ\n`);
  else for (const hunk of hunks) yield* print(argv, hunk);
  return 1;
};

/** Hunks between two lists of lines by their longest common subsequence. */
function differences(a: readonly string[], b: readonly string[]): string[] {
  const longest = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  const at = (i: number, j: number) => longest[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    const row = longest[i] ?? new Uint32Array();
    for (let j = b.length - 1; j >= 0; j--) {
      row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const hunks: string[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++;
      j++;
      continue;
    }
    const [fromI, fromJ] = [i, j];
    while ((i < a.length || j < b.length) && !(i < a.length && j < b.length && a[i] === b[j])) {
      if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) i++;
      else j++;
    }
    hunks.push(hunkText(a.slice(fromI, i), b.slice(fromJ, j), fromI, fromJ));
  }
  return hunks;
}

function hunkText(gone: readonly string[], come: readonly string[], i: number, j: number): string {
  const range = (start: number, count: number) =>
    count === 0 ? `${start}` : count === 1 ? `${start + 1}` : `${start + 1},${start + count}`;
  const letter = gone.length === 0 ? 'a' : come.length === 0 ? 'd' : 'c';
  const rows = [
    `${range(i, gone.length)}${letter}${range(j, come.length)}`,
    ...gone.map((line) => `< ${line}`),
    ...(letter === 'c' ? ['---'] : []),
    ...come.map((line) => `> ${line}`),
  ];
  return rows.map((row) => `${row}\n`).join('');
}

/** mktemp: a new file in /tmp whose name nobody has. */
const mktemp: Command = function* (argv) {
  const name = yield* newFile(yield* getpid());
  return name === undefined ? yield* complain(argv, 'no free name in /tmp') : yield* print(argv, `${name}\n`);
};

function* newFile(pid: number): Task<string | undefined> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const name = `/tmp/tmp.${(pid * 100 + attempt).toString(36).padStart(10, '0')}`;
    const fd = yield* open(name, O_RDWR | O_CREAT | O_EXCL, 0o600);
    if (fd >= 0) {
      yield* close(fd);
      return name;
    }
    if (fd !== EEXIST) return undefined;
  }
  return undefined;
}

export const compareCommands: Readonly<Record<string, Command>> = { expr, cmp, diff, mktemp };
