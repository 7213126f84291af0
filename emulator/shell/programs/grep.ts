/** grep, egrep, fgrep. Standard input is searched as it comes, so that a match in trace_pipe shows at once. */
import { decode, list, read, readAll, readFile, stat, type Task } from '../syscalls';
import { type Command, complain, failed, lines, options, print } from './program';
import { escapeRegExp, posixSource } from './regexp';

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

export const grepCommands: Readonly<Record<string, Command>> = { grep, egrep: grep, fgrep: grep };
