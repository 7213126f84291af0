/** find: walks directories. */
import { list, stat } from '../syscalls';
import { baseName, type Command, complain, failed, print } from './program';
import { runCommand } from './runners';

const S_IFMT = 0o170000;
const S_IFDIR = 0o040000;
const S_IFLNK = 0o120000;
const S_IFCHR = 0o020000;
const S_IFBLK = 0o060000;

/** find PATH… [-name GLOB] [-type f|d|l] [-maxdepth N] [-print] [-exec COMMAND {} ;] */
export const find: Command = function* (argv, environment) {
  const words = argv.slice(1);
  const paths: string[] = [];
  while (words.length > 0 && !words[0]?.startsWith('-')) paths.push(words.shift() ?? '');
  const tests = new Map<string, string>();
  let command: string[] | undefined;
  while (words.length > 0) {
    const test = words.shift() ?? '';
    if (test === '-print') continue;
    if (test === '-exec') {
      const end = words.indexOf(';');
      if (end < 0) return yield* complain(argv, 'missing argument to -exec');
      command = words.splice(0, end + 1).slice(0, -1);
      continue;
    }
    if (!['-name', '-type', '-maxdepth'].includes(test))
      return yield* complain(argv, `unknown predicate ${test}`);
    tests.set(test, words.shift() ?? '');
  }
  const name = tests.get('-name');
  const pattern = name === undefined ? undefined : globExpression(name);
  const deepest = Number(tests.get('-maxdepth') ?? Number.POSITIVE_INFINITY);
  let status = 0;
  const queue: { path: string; depth: number }[] = (paths.length > 0 ? paths : ['.']).map((path) => ({
    path,
    depth: 0,
  }));
  while (queue.length > 0) {
    const { path, depth } = queue.shift() ?? { path: '', depth: 0 };
    const info = yield* stat(path, false);
    if (typeof info === 'number') {
      status = yield* failed(argv, `'${path}'`, info);
      continue;
    }
    const kind =
      { [S_IFDIR]: 'd', [S_IFLNK]: 'l', [S_IFCHR]: 'c', [S_IFBLK]: 'b' }[info.mode & S_IFMT] ?? 'f';
    const wanted = tests.get('-type');
    if ((!pattern || pattern.test(baseName(path))) && (!wanted || wanted === kind)) {
      if (command === undefined) yield* print(argv, `${path}\n`);
      else
        yield* runCommand(
          command.map((word) => word.replaceAll('{}', path)),
          environment,
        );
    }
    if (kind !== 'd' || depth >= deepest) continue;
    const names = yield* list(path);
    if (typeof names === 'number') status = yield* failed(argv, `'${path}'`, names);
    else
      queue.unshift(
        ...names.map((entry) => ({ path: `${path.replace(/\/$/, '')}/${entry}`, depth: depth + 1 })),
      );
  }
  return status;
};

function globExpression(glob: string): RegExp {
  return new RegExp(
    `^${glob
      .replace(/[.+^${}()|\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')}$`,
  );
}
