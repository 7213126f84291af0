/** All commands of the console by name, and the files that make them appear in the guest's /bin. */
import { awk } from './awk/awk';
import type { FindProgram } from './processes';
import { compareCommands } from './programs/compare';
import { fileCommands } from './programs/files';
import { filterCommands } from './programs/filters';
import { find } from './programs/find';
import { grepCommands } from './programs/grep';
import { moduleCommands } from './programs/modules';
import { outputCommands } from './programs/output';
import { baseName, type Command } from './programs/program';
import { runnerCommands } from './programs/runners';
import { sedCommands } from './programs/sed';
import { systemCommands } from './programs/system';
import { textCommands } from './programs/text';
import { builtins } from './sh/builtins';
import { sh } from './sh/sh';
import { evaluateTest } from './sh/test';
import { chdir, execve, fork, type Program, wait, write } from './syscalls';

const test: Command = function* (argv) {
  const words = argv.slice(1);
  if (baseName(argv[0] ?? '') === '[' && words.pop() !== ']') {
    yield* write(2, '[: missing ]\n');
    return 2;
  }
  return yield* evaluateTest(words);
};

/** The first process: keeps a shell on the console, and takes in the orphans. */
const init: Command = function* (_argv, environment) {
  yield* chdir('/root');
  const variables = ['HOME=/root', 'PWD=/root', 'PATH=/bin:/sbin:/usr/bin:/usr/sbin:/root', ...environment];
  for (;;) {
    const shell = yield* fork(function* (): Program {
      yield* execve('/bin/sh', ['sh'], variables);
      return 127;
    });
    for (;;) {
      const ended = yield* wait(-1);
      if (typeof ended === 'object' && ended.pid === shell) break;
      if (typeof ended === 'number' && shell < 0) return 1;
    }
  }
};

/** Command name -> command. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map(
  Object.entries({
    ...compareCommands,
    ...fileCommands,
    ...filterCommands,
    ...grepCommands,
    ...outputCommands,
    ...runnerCommands,
    ...sedCommands,
    ...moduleCommands,
    ...systemCommands,
    ...textCommands,
    '[': test,
    awk,
    bash: sh,
    find,
    init,
    sh,
    test,
  }),
);

/** Every word that the shell runs as a command of its own, without looking for a file. */
export function commandNames(): string[] {
  return [...new Set([...COMMANDS.keys(), ...builtins.keys()])];
}

/** Finds the program for a process that was started with these arguments, among `commands`. */
export function findProgram(commands: ReadonlyMap<string, Command>): FindProgram {
  return (argv, environment) => commands.get(baseName(argv[0] ?? ''))?.(argv, environment);
}
