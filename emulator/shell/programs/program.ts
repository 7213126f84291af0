/** What every console command shares: its signature, complaints, options. */
import { errnoText } from '../../kernel/errno';
import { decode, type Program, readAll, readFile, type Task, write } from '../syscalls';

/** A command: argv[0] is its name; returns the exit code. */
export type Command = (argv: readonly string[], environment: readonly string[]) => Program;

/** Prints `NAME: WHAT: error text` for a failed call; the result is 1, the usual exit code. */
export function* failed(argv: readonly string[], what: string, errno: number): Task<number> {
  yield* write(2, `${baseName(argv[0] ?? '')}: ${what}: ${errnoText(errno)}\n`);
  return 1;
}

/** Prints `NAME: message`; the result is 1. */
export function* complain(argv: readonly string[], message: string): Task<number> {
  yield* write(2, `${baseName(argv[0] ?? '')}: ${message}\n`);
  return 1;
}

/** Writes to standard output; a failure is reported as coreutils do and gives exit code 1. */
export function* print(argv: readonly string[], text: string | Uint8Array): Task<number> {
  const answer = yield* write(1, text);
  return answer < 0 ? yield* failed(argv, 'write error', answer) : 0;
}

export function baseName(path: string): string {
  return path.replace(/\/+$/, '').replace(/.*\//, '') || '/';
}

/** Parsed command line: letters of options, values of those that take one, the rest. */
export interface Options {
  flags: Set<string>;
  values: Map<string, string>;
  rest: string[];
  /** An option that the command does not have. */
  unknown: string | undefined;
}

/** Splits argv by getopt(3) rules: `letters` as in getopt's string, where a colon says that the letter takes a value. */
export function options(argv: readonly string[], letters: string): Options {
  const result: Options = { flags: new Set(), values: new Map(), rest: [], unknown: undefined };
  let i = 1;
  for (; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (word === '--') {
      i++;
      break;
    }
    if (!/^-./.test(word)) {
      result.rest.push(word);
      continue;
    }
    for (let at = 1; at < word.length; at++) {
      const letter = word[at] ?? '';
      const known = letters.indexOf(letter);
      if (known < 0 || letter === ':') {
        result.unknown ??= word.startsWith('--') ? word : letter;
        break;
      }
      result.flags.add(letter);
      if (letters[known + 1] !== ':') continue;
      result.values.set(letter, at + 1 < word.length ? word.slice(at + 1) : (argv[++i] ?? ''));
      break;
    }
  }
  result.rest.push(...argv.slice(i));
  return result;
}

/** Text of each file, or of standard input for none and '-'. Complains about those that cannot be read. */
export function* inputs(
  argv: readonly string[],
  files: readonly string[],
): Task<{ texts: { name: string; text: string }[]; status: number }> {
  const texts: { name: string; text: string }[] = [];
  let status = 0;
  for (const name of files.length > 0 ? files : ['-']) {
    const bytes = name === '-' ? yield* readAll(0) : yield* readFile(name);
    if (typeof bytes === 'number') status = yield* failed(argv, name, bytes);
    else texts.push({ name, text: decode(bytes) });
  }
  return { texts, status };
}

/** Lines without their newline; a missing last newline is not a line more. */
export function lines(text: string): string[] {
  const all = text.split('\n');
  if (all[all.length - 1] === '') all.pop();
  return all;
}
