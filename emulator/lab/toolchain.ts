/**
 * cc and gcc as commands of the console: the lab's compiler on the files of the guest.
 *
 * The process reads sources and headers, and writes the program, by its own system calls; compiling is a pure function
 * in between. Which headers a source needs is known only by compiling it, so it is compiled again whenever a file that
 * was asked for has been found. The libc's headers are the lab's own and not in the guest's file system.
 */
import { type Diagnostic, formatDiagnostic, hasErrors } from '../cc/diagnostic';
import { ElfError, readObject } from '../cc/elf/read';
import { writeExecutable, writeObject } from '../cc/elf/write';
import type { ObjectFile } from '../cc/object';
import type { BuildCache } from '../kernel/build';
import { errnoText } from '../kernel/errno';
import { type Command, complain, failed } from '../shell/programs/program';
import {
  close,
  decode,
  O_CREAT,
  O_TRUNC,
  O_WRONLY,
  open,
  readFile,
  type Task,
  write,
} from '../shell/syscalls';
import { compileUserUnit, forGuest, linkUser } from './compile';

/** What the compiler needs of the lab. */
export interface Toolchain {
  sources: ReadonlyMap<string, string>;
  cache: BuildCache;
}

interface Arguments {
  inputs: string[];
  output: string | undefined;
  objectOnly: boolean;
  includePaths: string[];
  defines: Record<string, string>;
  problem: string | undefined;
}

function readArguments(argv: readonly string[]): Arguments {
  const result: Arguments = {
    inputs: [],
    output: undefined,
    objectOnly: false,
    includePaths: [],
    defines: {},
    problem: undefined,
  };
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at] ?? '';
    const value = (): string => (word.length > 2 ? word.slice(2) : (argv[++at] ?? ''));
    if (!word.startsWith('-')) result.inputs.push(word);
    else if (word === '-c') result.objectOnly = true;
    else if (word.startsWith('-o')) result.output = value();
    else if (word.startsWith('-I')) result.includePaths.push(value());
    else if (word.startsWith('-D')) {
      const [name = '', text = '1'] = value().split(/=(.*)/s);
      result.defines[name] = text;
    } else if (!/^-(?:W|O|g|f|m|std=|static$|l|pipe$|pedantic$|ansi$)/.test(word))
      result.problem ??= `unrecognized command-line option '${word}'`;
  }
  if (result.inputs.length === 0) result.problem ??= 'no input files';
  if (result.objectOnly && result.output !== undefined && result.inputs.length > 1)
    result.problem ??= 'cannot specify -o with -c and several files';
  return result;
}

/** Runs `attempt` on the guest's files until it asks for none that exists and was not read. */
function* withGuestFiles<T>(
  given: ReadonlyMap<string, string>,
  attempt: (files: { get(path: string): string | undefined }) => T,
): Task<T> {
  const known = new Map<string, string>();
  const absent = new Set<string>();
  for (;;) {
    const asked = new Set<string>();
    const result = attempt({
      get(path) {
        if (!known.has(path) && !absent.has(path) && !given.has(path)) asked.add(path);
        return known.get(path);
      },
    });
    let found = false;
    for (const path of asked) {
      const bytes = yield* readFile(path);
      if (typeof bytes === 'number') absent.add(path);
      else {
        known.set(path, decode(bytes));
        found = true;
      }
    }
    if (!found) return result;
  }
}

function* report(diagnostics: readonly Diagnostic[], source: ReadonlyMap<string, string>): Task<boolean> {
  const texts = new Map(source);
  for (const { file } of diagnostics) {
    if (texts.has(file)) continue;
    const bytes = yield* readFile(file);
    if (typeof bytes !== 'number') texts.set(file, decode(bytes));
  }
  const files = { read: (path: string) => texts.get(path) };
  for (const diagnostic of diagnostics) yield* write(2, `${formatDiagnostic(diagnostic, files)}\n`);
  return hasErrors(diagnostics);
}

function* save(argv: readonly string[], path: string, bytes: Uint8Array, mode: number): Task<number> {
  const fd = yield* open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
  if (fd < 0) return yield* failed(argv, path, fd);
  const answer = yield* write(fd, bytes);
  yield* close(fd);
  return answer < 0 ? yield* failed(argv, path, answer) : 0;
}

const baseName = (path: string): string => path.replace(/^.*\//, '');

/** The commands, for the lab's kernel tree. */
export function toolchainCommands({ sources, cache }: Toolchain): Readonly<Record<string, Command>> {
  /** One input as an object; undefined when it was refused (which has been said). */
  function* objectOf(argv: readonly string[], path: string, given: Arguments): Task<ObjectFile | undefined> {
    if (/\.[cS]$/.test(path)) {
      const { includePaths, defines } = given;
      const { object, diagnostics } = yield* withGuestFiles(sources, (files) =>
        compileUserUnit(path, files, sources, { includePaths, defines, cache }),
      );
      return (yield* report(diagnostics, sources)) ? undefined : object;
    }
    const bytes = yield* readFile(path);
    if (typeof bytes === 'number') {
      yield* complain(argv, `${path}: ${errnoText(bytes)}`);
      return undefined;
    }
    try {
      return readObject(bytes, path);
    } catch (error) {
      if (!(error instanceof ElfError)) throw error;
      yield* complain(argv, `${path}: ${error.message}`);
      return undefined;
    }
  }

  const cc: Command = function* (argv) {
    const given = readArguments(argv);
    if (given.problem !== undefined) return yield* complain(argv, given.problem);
    const objects: ObjectFile[] = [];
    let status = 0;
    for (const path of given.inputs) {
      const object = yield* objectOf(argv, path, given);
      if (object === undefined) status = 1;
      else if (given.objectOnly) {
        const output = given.output ?? `${baseName(path).replace(/\.\w+$/, '')}.o`;
        status = (yield* save(argv, output, writeObject(forGuest(object)), 0o666)) || status;
      } else objects.push(object);
    }
    if (given.objectOnly || status !== 0) return status;
    const output = given.output ?? 'a.out';
    const linked = linkUser(baseName(output), objects, given.inputs[0] ?? '', sources, cache);
    for (const { message } of linked.diagnostics) yield* complain(argv, message);
    if (linked.image === undefined) return 1;
    return yield* save(argv, output, writeExecutable(forGuest(linked.image)), 0o777);
  };

  return { cc, gcc: cc };
}
