/** Filters over text: head, tail, wc, sort, uniq, cut, tr, grep, rev, nl, hexdump. sed has its own file. */
import {
  close,
  decode,
  list,
  O_RDONLY,
  open,
  read,
  readAll,
  readFile,
  stat,
  type Task,
  write,
} from '../syscalls';
import { type Command, complain, failed, inputs, lines, options, print } from './program';
import { escapeRegExp, posixSource } from './regexp';

/** A number given as -n N or, in the old way, as -N. */
function lineCount(argv: readonly string[]): { argv: string[]; old: string | undefined } {
  const old = argv.find(
    (word, index) => index > 0 && /^-\d+$/.test(word) && !/^-[nc]$/.test(argv[index - 1] ?? ''),
  );
  return { argv: argv.filter((word) => word !== old), old: old?.slice(1) };
}

/** head reads no more than it needs: `cat trace_pipe | head -5` must end. */
const head: Command = function* (words) {
  const { argv, old } = lineCount(words);
  const { rest, values } = options(argv, 'n:c:qv');
  const bytes = values.get('c');
  const count = Number(bytes ?? values.get('n') ?? old ?? 10);
  if (!Number.isInteger(count)) return yield* complain(argv, 'the count must be a number');
  if (count < 0) return yield* allBut(argv, rest, -count, bytes !== undefined);
  let status = 0;
  for (const [index, name] of (rest.length > 0 ? rest : ['-']).entries()) {
    const fd = name === '-' ? 0 : yield* open(name, O_RDONLY);
    if (fd < 0) {
      status = yield* failed(argv, name, fd);
      continue;
    }
    if (rest.length > 1) yield* print(argv, `${index > 0 ? '\n' : ''}==> ${name} <==\n`);
    status = (yield* headOf(argv, fd, count, bytes !== undefined)) || status;
    if (fd !== 0) yield* close(fd);
  }
  return status;
};

/** head -n -N: everything but the last N lines (or bytes). */
function* allBut(
  argv: readonly string[],
  files: readonly string[],
  count: number,
  inBytes: boolean,
): Task<number> {
  const { texts, status } = yield* inputs(argv, files);
  for (const { text } of texts) {
    const kept = inBytes
      ? text.slice(0, -count)
      : lines(text)
          .slice(0, -count)
          .map((line) => `${line}\n`)
          .join('');
    yield* print(argv, kept);
  }
  return status;
}

function* headOf(argv: readonly string[], fd: number, count: number, inBytes: boolean): Task<number> {
  let left = count;
  while (left > 0) {
    const chunk = yield* read(fd, inBytes ? Math.min(left, 32768) : undefined);
    if (typeof chunk === 'number') return yield* failed(argv, 'read', chunk);
    if (chunk.length === 0) return 0;
    let end = chunk.length;
    if (inBytes) left -= chunk.length;
    else {
      for (let at = 0; at < chunk.length; at++) {
        if (chunk[at] === 10 && --left === 0) {
          end = at + 1;
          break;
        }
      }
    }
    const answer = yield* write(1, chunk.subarray(0, end));
    if (answer < 0) return yield* failed(argv, 'write error', answer);
  }
  return 0;
}

const tail: Command = function* (words) {
  const { argv, old } = lineCount(words);
  const { rest, values, flags } = options(argv, 'n:c:fqv');
  if (flags.has('f')) return yield* complain(argv, 'cannot follow a file: read trace_pipe with cat instead');
  const given = values.get('n') ?? old ?? '10';
  const { texts, status } = yield* inputs(argv, rest);
  for (const [index, { name, text }] of texts.entries()) {
    if (texts.length > 1) yield* print(argv, `${index > 0 ? '\n' : ''}==> ${name} <==\n`);
    const bytes = values.get('c');
    if (bytes !== undefined) {
      yield* print(
        argv,
        bytes.startsWith('+') ? text.slice(Number(bytes) - 1) : text.slice(-Number(bytes) || text.length),
      );
      continue;
    }
    const all = lines(text);
    const chosen = given.startsWith('+')
      ? all.slice(Number(given) - 1)
      : all.slice(Math.max(0, all.length - Number(given)));
    yield* print(argv, chosen.map((line) => `${line}\n`).join(''));
  }
  return status;
};

const wc: Command = function* (argv) {
  const { rest, flags } = options(argv, 'lwcm');
  let status = 0;
  const total = [0, 0, 0];
  const wanted = ['l', 'w', 'c'].map(
    (letter) => flags.size === 0 || flags.has(letter) || (letter === 'c' && flags.has('m')),
  );
  const row = function* (counts: readonly number[], name: string): Task<void> {
    const shown = counts.filter((_, index) => wanted[index]);
    const text =
      shown.length === 1 && name === ''
        ? String(shown[0])
        : shown.map((value) => String(value).padStart(7)).join(' ');
    yield* print(argv, `${text}${name === '' ? '' : ` ${name}`}\n`);
  };
  for (const name of rest.length > 0 ? rest : ['-']) {
    const bytes = name === '-' ? yield* readAll(0) : yield* readFile(name);
    if (typeof bytes === 'number') {
      status = yield* failed(argv, name, bytes);
      continue;
    }
    const counts = [
      bytes.reduce((sum, byte) => sum + Number(byte === 10), 0),
      decode(bytes)
        .split(/\s+/)
        .filter((word) => word !== '').length,
      bytes.length,
    ];
    counts.forEach((value, index) => {
      total[index] = (total[index] ?? 0) + value;
    });
    yield* row(counts, name === '-' ? '' : name);
  }
  if (rest.length > 1) yield* row(total, 'total');
  return status;
};

/** The sort key of a line: -k N[,M] fields, -t separator. */
function sortKey(line: string, key: string | undefined, separator: string | undefined): string {
  if (key === undefined) return line;
  const [from = '1', to] = key.split(',');
  const fields = separator === undefined ? line.trim().split(/\s+/) : line.split(separator);
  const first = Number.parseInt(from, 10) - 1;
  return fields.slice(first, to === undefined ? undefined : Number.parseInt(to, 10)).join(separator ?? ' ');
}

const sort: Command = function* (argv) {
  const { rest, flags, values } = options(argv, 'rnufbk:t:h');
  const { texts, status } = yield* inputs(argv, rest);
  const key = values.get('k');
  const numeric = flags.has('n') || flags.has('h') || /n/.test(key ?? '');
  const reverse = flags.has('r') || /r/.test(key ?? '') ? -1 : 1;
  const number = (text: string) => Number.parseFloat(text.replace(/^\s*/, '')) || 0;
  const fold = (text: string) => (flags.has('f') ? text.toUpperCase() : text);
  const keyed = texts
    .flatMap(({ text }) => lines(text))
    .map((line) => ({ line, key: sortKey(line, key, values.get('t')) }));
  const text = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  const order = (a: string, b: string) => (numeric ? number(a) - number(b) : text(fold(a), fold(b)));
  keyed.sort((a, b) => reverse * (order(a.key, b.key) || text(a.line, b.line)));
  const shown = flags.has('u')
    ? keyed.filter((entry, i) => i === 0 || order(entry.key, keyed[i - 1]?.key ?? '') !== 0)
    : keyed;
  yield* print(argv, shown.map(({ line }) => `${line}\n`).join(''));
  return status;
};

const uniq: Command = function* (argv) {
  const { rest, flags } = options(argv, 'cdui');
  const { texts, status } = yield* inputs(argv, rest.slice(0, 1));
  const groups: { line: string; count: number }[] = [];
  for (const line of texts.flatMap(({ text }) => lines(text))) {
    const last = groups[groups.length - 1];
    const same =
      last && (flags.has('i') ? last.line.toLowerCase() === line.toLowerCase() : last.line === line);
    if (same) last.count++;
    else groups.push({ line, count: 1 });
  }
  const shown = groups.filter(
    ({ count }) => (!flags.has('d') || count > 1) && (!flags.has('u') || count === 1),
  );
  yield* print(
    argv,
    shown
      .map(({ line, count }) => `${flags.has('c') ? `${String(count).padStart(7)} ` : ''}${line}\n`)
      .join(''),
  );
  return status;
};

/** Positions that a list such as 1,3-5,7- names. */
function inList(list: string): (position: number) => boolean {
  const ranges = list.split(',').map((part): [number, number] => {
    const [from, to] = part.split('-');
    if (to === undefined) return [Number(from), Number(from)];
    return [from === '' ? 1 : Number(from), to === '' ? Number.POSITIVE_INFINITY : Number(to)];
  });
  return (position) => ranges.some(([from, to]) => position >= from && position <= to);
}

const cut: Command = function* (argv) {
  const { rest, values, flags } = options(argv, 'd:f:c:b:s');
  const { texts, status } = yield* inputs(argv, rest);
  const characters = values.get('c') ?? values.get('b');
  const wanted = inList(characters ?? values.get('f') ?? '1-');
  const delimiter = values.get('d') ?? '\t';
  const out: string[] = [];
  for (const line of texts.flatMap(({ text }) => lines(text))) {
    if (characters !== undefined) out.push([...line].filter((_, index) => wanted(index + 1)).join(''));
    else if (!line.includes(delimiter)) {
      if (!flags.has('s')) out.push(line);
    } else
      out.push(
        line
          .split(delimiter)
          .filter((_, index) => wanted(index + 1))
          .join(delimiter),
      );
  }
  yield* print(argv, out.map((line) => `${line}\n`).join(''));
  return status;
};

/** The characters of a tr set: ranges, classes, escapes. */
function trSet(set: string): string[] {
  const classes: Readonly<Record<string, string>> = {
    upper: 'A-Z',
    lower: 'a-z',
    digit: '0-9',
    alpha: 'A-Za-z',
    alnum: 'A-Za-z0-9',
    space: ' \\t\\n\\r',
  };
  const text = set.replace(/\[:(\w+):\]/g, (_, name: string) => classes[name] ?? '');
  const chars: string[] = [];
  const unescaped = text.replace(
    /\\([ntr0\\])/g,
    (_, code: string) => ({ n: '\n', t: '\t', r: '\r', '0': '\0' })[code] ?? code,
  );
  const list = [...unescaped];
  for (let i = 0; i < list.length; i++) {
    const from = list[i] ?? '';
    const to = list[i + 2];
    if (list[i + 1] === '-' && to !== undefined) {
      for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code++)
        chars.push(String.fromCharCode(code));
      i += 2;
    } else chars.push(from);
  }
  return chars;
}

const tr: Command = function* (argv) {
  const { rest, flags } = options(argv, 'dscC');
  const from = trSet(rest[0] ?? '');
  const to = trSet(rest[1] ?? '');
  const complement = flags.has('c') || flags.has('C');
  const bytes = yield* readAll(0);
  if (typeof bytes === 'number') return yield* failed(argv, 'read', bytes);
  const squeezed = new Set(flags.has('s') ? (rest[1] === undefined ? from : to) : []);
  let out = '';
  for (const char of decode(bytes)) {
    const index = complement ? (from.includes(char) ? -1 : to.length - 1) : from.indexOf(char);
    const hit = complement ? !from.includes(char) : index >= 0;
    if (hit && flags.has('d')) continue;
    const changed = hit && to.length > 0 ? (to[Math.min(index, to.length - 1)] ?? char) : char;
    if (squeezed.has(changed) && out.endsWith(changed)) continue;
    out += changed;
  }
  return yield* print(argv, out);
};

/** All files below a path, for grep -r. */
function* filesBelow(path: string): Task<string[]> {
  const info = yield* stat(path);
  if (typeof info === 'number' || (info.mode & 0o170000) !== 0o040000) return [path];
  const names = yield* list(path);
  const found: string[] = [];
  for (const name of typeof names === 'number' ? [] : names) {
    found.push(...(yield* filesBelow(`${path.replace(/\/$/, '')}/${name}`)));
  }
  return found;
}

const grep: Command = function* (argv) {
  const { rest, flags, values, unknown } = options(argv, 'EFGivnclLqshHwxore:A:B:C:m:P');
  if (unknown) return (yield* complain(argv, `unknown option ${unknown}`)) + 1;
  const patterns = values.has('e') ? [values.get('e') ?? ''] : (rest.shift() ?? '').split('\n');
  const extended = flags.has('E') || flags.has('P') || argv[0] === 'egrep';
  const sources = patterns.map((pattern) => {
    const source =
      flags.has('F') || argv[0] === 'fgrep' ? escapeRegExp(pattern) : posixSource(pattern, extended);
    return flags.has('x') ? `^(?:${source})$` : flags.has('w') ? `\\b(?:${source})\\b` : `(?:${source})`;
  });
  let expression: RegExp;
  try {
    expression = new RegExp(sources.join('|'), flags.has('i') ? 'gi' : 'g');
  } catch {
    return (yield* complain(argv, `invalid regular expression: ${patterns.join(' ')}`)) + 1;
  }
  const after = Number(values.get('A') ?? values.get('C') ?? 0);
  const before = Number(values.get('B') ?? values.get('C') ?? 0);
  const limit = Number(values.get('m') ?? Number.POSITIVE_INFINITY);
  const names: string[] = [];
  for (const path of rest.length > 0 ? rest : ['-'])
    names.push(...(flags.has('r') ? yield* filesBelow(path) : [path]));
  const withName = !flags.has('h') && (flags.has('H') || names.length > 1 || flags.has('r'));
  let found = false;
  let bad = false;
  const whole = before + after > 0 || [...'nclL'].some((letter) => flags.has(letter));
  for (const name of names) {
    if (name === '-' && !whole) {
      const prefix = withName ? '(standard input):' : '';
      const how = { prefix, label: '', before, after, flags };
      const seen = yield* grepAsItComes(argv, expression, limit, how);
      if (seen > 0 && flags.has('q')) return 0;
      found ||= seen > 0;
      bad ||= seen < 0;
      continue;
    }
    const bytes = name === '-' ? yield* readAll(0) : yield* readFile(name);
    if (typeof bytes === 'number') {
      if (!flags.has('s')) yield* failed(argv, name, bytes);
      bad = true;
      continue;
    }
    const all = lines(decode(bytes));
    const hits: number[] = [];
    for (const [index, line] of all.entries()) {
      expression.lastIndex = 0;
      if (expression.test(line) !== flags.has('v')) hits.push(index);
      if (hits.length >= limit) break;
    }
    if (hits.length > 0) found = true;
    if (flags.has('q')) {
      if (found) return 0;
      continue;
    }
    const label = name === '-' ? '(standard input)' : name;
    const prefix = withName ? `${label}:` : '';
    if (flags.has('c')) yield* print(argv, `${prefix}${hits.length}\n`);
    else if (flags.has('l') || flags.has('L')) {
      if (hits.length > 0 === flags.has('l')) yield* print(argv, `${label}\n`);
    } else {
      const status = yield* print(
        argv,
        matched(all, hits, expression, { prefix, label: withName ? label : '', before, after, flags }),
      );
      if (status !== 0) return 2;
    }
  }
  return bad ? 2 : found ? 0 : 1;
};

/** Standard input line by line, as trace_pipe gives it: each match is printed at once. The matches, or -errno. */
function* grepAsItComes(
  argv: readonly string[],
  expression: RegExp,
  limit: number,
  how: GrepOutput,
): Task<number> {
  let rest = '';
  let seen = 0;
  for (let ended = false; !ended; ) {
    const chunk = yield* read(0);
    if (typeof chunk === 'number') return chunk;
    ended = chunk.length === 0;
    const text = rest + decode(chunk);
    const end = ended ? text.length : text.lastIndexOf('\n') + 1;
    rest = text.slice(end);
    const all = lines(text.slice(0, end));
    const hits: number[] = [];
    for (const [index, line] of all.entries()) {
      expression.lastIndex = 0;
      if (expression.test(line) !== how.flags.has('v') && ++seen <= limit) hits.push(index);
    }
    if (how.flags.has('q')) {
      if (seen > 0) return seen;
    } else if (hits.length > 0) {
      const status = yield* print(argv, matched(all, hits, expression, how));
      if (status !== 0) return -1;
    }
    if (seen >= limit) return seen;
  }
  return seen;
}

interface GrepOutput {
  prefix: string;
  label: string;
  before: number;
  after: number;
  flags: ReadonlySet<string>;
}

/** The output lines for one file's hits, with context. */
function matched(
  all: readonly string[],
  hits: readonly number[],
  expression: RegExp,
  how: GrepOutput,
): string {
  const { prefix, label, before, after, flags } = how;
  if (flags.has('o')) {
    const parts = hits.flatMap((index) =>
      [...(all[index] ?? '').matchAll(expression)].map(
        (match) => `${prefix}${flags.has('n') ? `${index + 1}:` : ''}${match[0]}\n`,
      ),
    );
    return parts.join('');
  }
  const hit = new Set(hits);
  const shown = [
    ...new Set(
      hits.flatMap((index) => Array.from({ length: before + after + 1 }, (_, i) => index - before + i)),
    ),
  ]
    .filter((index) => index >= 0 && index < all.length)
    .sort((a, b) => a - b);
  return shown
    .map((index, at) => {
      const mark = hit.has(index) ? ':' : '-';
      const gap = before + after > 0 && at > 0 && index !== (shown[at - 1] ?? 0) + 1 ? '--\n' : '';
      return `${gap}${label === '' ? '' : label + mark}${flags.has('n') ? index + 1 + mark : ''}${all[index]}\n`;
    })
    .join('');
}

const rev: Command = function* (argv) {
  const { texts, status } = yield* inputs(argv, argv.slice(1));
  yield* print(
    argv,
    texts
      .flatMap(({ text }) => lines(text))
      .map((line) => `${[...line].reverse().join('')}\n`)
      .join(''),
  );
  return status;
};

const tac: Command = function* (argv) {
  const { texts, status } = yield* inputs(argv, argv.slice(1));
  yield* print(
    argv,
    texts
      .flatMap(({ text }) => lines(text))
      .reverse()
      .map((line) => `${line}\n`)
      .join(''),
  );
  return status;
};

/** nl -ba; without an option blank lines have no number. */
const nl: Command = function* (argv) {
  const { rest, values } = options(argv, 'b:');
  const every = values.get('b') === 'a';
  const { texts, status } = yield* inputs(argv, rest);
  const all = texts.flatMap(({ text }) => lines(text));
  let number = 0;
  const numbered = all.map((line) =>
    line === '' && !every ? '\n' : `${String(++number).padStart(6)}\t${line}\n`,
  );
  yield* print(argv, numbered.join(''));
  return status;
};

/** hexdump -C and xxd-like rows of 16 bytes. */
const hexdump: Command = function* (argv) {
  const { rest, values } = options(argv, 'Cn:s:');
  const bytes = rest[0] === undefined ? yield* readAll(0) : yield* readFile(rest[0]);
  if (typeof bytes === 'number') return yield* failed(argv, rest[0] ?? '-', bytes);
  const skip = Number(values.get('s') ?? 0);
  const data = bytes.subarray(skip, values.has('n') ? skip + Number(values.get('n')) : undefined);
  let out = '';
  for (let at = 0; at < data.length; at += 16) {
    const row = [...data.subarray(at, at + 16)];
    const hex = row
      .map((byte, index) => byte.toString(16).padStart(2, '0') + (index === 7 ? ' ' : ''))
      .join(' ');
    const text = row.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
    out += `${(skip + at).toString(16).padStart(8, '0')}  ${hex.padEnd(49)} |${text}|\n`;
  }
  return yield* print(argv, `${out}${(skip + data.length).toString(16).padStart(8, '0')}\n`);
};

export const textCommands: Readonly<Record<string, Command>> = {
  head,
  tail,
  wc,
  sort,
  uniq,
  cut,
  tr,
  grep,
  egrep: grep,
  fgrep: grep,
  rev,
  tac,
  nl,
  hexdump,
};
