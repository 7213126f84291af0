/** Text tools that need all of their input, or only its ends: head, tail, wc, sort, tac, hexdump. */
import { close, decode, O_RDONLY, open, read, readAll, readFile, type Task, write } from '../syscalls';
import { type Command, complain, failed, inputs, lines, options, print } from './program';

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
  tac,
  hexdump,
};
