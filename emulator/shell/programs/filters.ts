/** Filters that answer line by line, or character by character, as their input comes: cut, tr, uniq, rev, nl. */
import { close, O_RDONLY, open, read, type Task } from '../syscalls';
import { type Command, complain, failed, options, print } from './program';
import { LineReader } from './reader';

/**
 * Prints what `change` makes of each line of all files (none: standard input); undefined prints nothing. `end` gives what
 * is left when the input is over. Output is handed over before each read, which may block.
 */
function* filterLines(
  argv: readonly string[],
  files: readonly string[],
  change: (line: string) => string | undefined,
  end: () => string = () => '',
): Task<number> {
  let held = '';
  let status = 0;
  const flush = function* (): Task<void> {
    const text = held;
    held = '';
    if (text !== '') status = (yield* print(argv, text)) || status;
  };
  for (const name of files.length > 0 ? files : ['-']) {
    const fd = name === '-' ? 0 : yield* open(name, O_RDONLY);
    if (fd < 0) {
      status = yield* failed(argv, name, fd);
      continue;
    }
    const reader = new LineReader(fd, flush);
    for (;;) {
      const line = yield* reader.next();
      if (typeof line !== 'string') {
        if (typeof line === 'number') status = yield* failed(argv, name, line);
        break;
      }
      const text = change(line);
      if (text !== undefined) held += `${text}\n`;
    }
    if (fd !== 0) yield* close(fd);
  }
  held += end();
  yield* flush();
  return status;
}

const uniq: Command = function* (argv) {
  const { rest, flags } = options(argv, 'cdui');
  let last: { line: string; count: number } | undefined;
  const shown = (group: typeof last): string | undefined => {
    if (group === undefined || (flags.has('d') && group.count < 2) || (flags.has('u') && group.count > 1))
      return undefined;
    return flags.has('c') ? `${String(group.count).padStart(7)} ${group.line}` : group.line;
  };
  const fold = (text: string) => (flags.has('i') ? text.toLowerCase() : text);
  return yield* filterLines(
    argv,
    rest.slice(0, 1),
    (line) => {
      if (last !== undefined && fold(last.line) === fold(line)) {
        last.count++;
        return undefined;
      }
      const before = shown(last);
      last = { line, count: 1 };
      return before;
    },
    () => {
      const text = shown(last);
      return text === undefined ? '' : `${text}\n`;
    },
  );
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
  const characters = values.get('c') ?? values.get('b');
  const list = characters ?? values.get('f');
  if (list === undefined)
    return yield* complain(argv, 'you must specify a list of bytes, characters, or fields');
  const wanted = inList(list);
  const delimiter = values.get('d') ?? '\t';
  return yield* filterLines(argv, rest, (line) => {
    if (characters !== undefined) return [...line].filter((_, index) => wanted(index + 1)).join('');
    if (!line.includes(delimiter)) return flags.has('s') ? undefined : line;
    const fields = line.split(delimiter).filter((_, index) => wanted(index + 1));
    return fields.join(delimiter);
  });
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
  const squeezed = new Set(flags.has('s') ? (rest[1] === undefined ? from : to) : []);
  const decoder = new TextDecoder();
  let last = '';
  const change = (char: string): string => {
    const index = from.indexOf(char);
    const hit = complement ? index < 0 : index >= 0;
    if (hit && flags.has('d')) return '';
    const position = complement ? to.length - 1 : Math.min(index, to.length - 1);
    const changed = hit && to.length > 0 ? (to[position] ?? char) : char;
    const repeated = squeezed.has(changed) && last === changed;
    last = changed;
    return repeated ? '' : changed;
  };
  for (;;) {
    const bytes = yield* read(0);
    if (typeof bytes === 'number') return yield* failed(argv, 'read', bytes);
    if (bytes.length === 0) return 0;
    const text = [...decoder.decode(bytes, { stream: true })].map(change).join('');
    const status = text === '' ? 0 : yield* print(argv, text);
    if (status !== 0) return status;
  }
};

const rev: Command = function* (argv) {
  return yield* filterLines(argv, argv.slice(1), (line) => [...line].reverse().join(''));
};

/** nl -ba; without an option blank lines have no number. */
const nl: Command = function* (argv) {
  const { rest, values } = options(argv, 'b:');
  const every = values.get('b') === 'a';
  let number = 0;
  return yield* filterLines(argv, rest, (line) =>
    line === '' && !every ? '       ' : `${String(++number).padStart(6)}\t${line}`,
  );
};

export const filterCommands: Readonly<Record<string, Command>> = { cut, tr, uniq, rev, nl };
