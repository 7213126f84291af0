/** test and [: evaluates an expression given as words. 0 true, 1 false, 2 malformed. */
import { type Stat, stat, type Task } from '../syscalls';

const S_IFMT = 0o170000;
const TYPES: Readonly<Record<string, number>> = {
  '-f': 0o100000,
  '-d': 0o040000,
  '-b': 0o060000,
  '-c': 0o020000,
  '-p': 0o010000,
  '-S': 0o140000,
};

/** Evaluates; the words are without the command's name and without ]. */
export function* evaluateTest(words: readonly string[]): Task<number> {
  const parser = new TestParser(words);
  const value = yield* parser.or();
  if (value === undefined || !parser.atEnd) return words.length === 0 ? 1 : 2;
  return value ? 0 : 1;
}

class TestParser {
  private at = 0;

  constructor(private readonly words: readonly string[]) {}

  get atEnd(): boolean {
    return this.at >= this.words.length;
  }

  *or(): Task<boolean | undefined> {
    let left = yield* this.and();
    while (left !== undefined && this.words[this.at] === '-o') {
      this.at++;
      const right = yield* this.and();
      left = right === undefined ? undefined : left || right;
    }
    return left;
  }

  private *and(): Task<boolean | undefined> {
    let left = yield* this.not();
    while (left !== undefined && this.words[this.at] === '-a') {
      this.at++;
      const right = yield* this.not();
      left = right === undefined ? undefined : left && right;
    }
    return left;
  }

  private *not(): Task<boolean | undefined> {
    if (this.words[this.at] === '!' && this.words.length - this.at > 1) {
      this.at++;
      const value = yield* this.not();
      return value === undefined ? undefined : !value;
    }
    return yield* this.primary();
  }

  private *primary(): Task<boolean | undefined> {
    const word = this.words[this.at];
    const next = this.words[this.at + 1];
    const third = this.words[this.at + 2];
    if (word === undefined) return undefined;
    if (next !== undefined && third !== undefined && isBinary(next)) {
      this.at += 3;
      return /^-(nt|ot|ef)$/.test(next) ? yield* compareFiles(word, next, third) : compare(word, next, third);
    }
    if (word === '(') {
      this.at++;
      const value = yield* this.or();
      if (this.words[this.at] !== ')') return undefined;
      this.at++;
      return value;
    }
    if (/^-[a-zA-Z]$/.test(word) && next !== undefined) {
      this.at += 2;
      return yield* unary(word, next);
    }
    this.at++;
    return word !== '';
  }
}

function isBinary(word: string): boolean {
  return /^(=|==|!=|<|>|-eq|-ne|-lt|-le|-gt|-ge|-nt|-ot|-ef)$/.test(word);
}

function compare(left: string, operator: string, right: string): boolean | undefined {
  switch (operator) {
    case '=':
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    default: {
      if (!/^\s*-?\d+\s*$/.test(left) || !/^\s*-?\d+\s*$/.test(right)) return undefined;
      const a = BigInt(left.trim());
      const b = BigInt(right.trim());
      const results: Readonly<Record<string, boolean>> = {
        '-eq': a === b,
        '-ne': a !== b,
        '-lt': a < b,
        '-le': a <= b,
        '-gt': a > b,
        '-ge': a >= b,
      };
      return results[operator];
    }
  }
}

/** -nt and -ot by modification time, -ef the same file; a file that is not there is older than every other. */
function* compareFiles(left: string, operator: string, right: string): Task<boolean> {
  const a = yield* stat(left);
  const b = yield* stat(right);
  const time = (info: Stat | number) => (typeof info === 'number' ? -1 : info.mtime);
  if (operator === '-ef') return typeof a !== 'number' && typeof b !== 'number' && a.ino === b.ino;
  return operator === '-nt' ? time(a) > time(b) : time(a) < time(b);
}

function* unary(operator: string, operand: string): Task<boolean | undefined> {
  if (operator === '-n') return operand !== '';
  if (operator === '-z') return operand === '';
  if (operator === '-t') return operand === '0' || operand === '1' || operand === '2';
  const info: Stat | number = yield* stat(operand, operator !== '-L' && operator !== '-h');
  if (typeof info === 'number') return false;
  const type = TYPES[operator];
  if (type !== undefined) return (info.mode & S_IFMT) === type;
  switch (operator) {
    case '-e':
      return true;
    case '-L':
    case '-h':
      return (info.mode & S_IFMT) === 0o120000;
    case '-s':
      return info.size > 0;
    case '-r':
      return (info.mode & 0o444) !== 0;
    case '-w':
      return (info.mode & 0o222) !== 0;
    case '-x':
      return (info.mode & 0o111) !== 0;
    default:
      return undefined;
  }
}
