/** Commands that run another command: env, time, timeout, nohup, xargs. */
import { errnoText } from '../../kernel/errno';
import {
  decode,
  execve,
  fork,
  kill,
  nanosleep,
  type Program,
  readAll,
  readFile,
  SIGKILL,
  SIGTERM,
  type Task,
  wait,
  write,
} from '../syscalls';
import { baseName, type Command, complain, print } from './program';

const DEFAULT_PATH = '/bin:/sbin:/usr/bin:/usr/sbin:/root';
const NOT_FOUND = 127;
const TIMED_OUT = 124;

/** Replaces this process by a command; 127 with a complaint when that fails. */
export function* become(argv: readonly string[], environment: readonly string[]): Program {
  const [name = ''] = argv;
  const path = environment.find((entry) => entry.startsWith('PATH='))?.slice(5) ?? DEFAULT_PATH;
  const files = name.includes('/') ? [name] : path.split(':').map((directory) => `${directory}/${name}`);
  let answer = -2;
  for (const file of files) {
    answer = yield* execve(file, argv, environment);
    if (answer !== -2) break;
  }
  yield* write(2, `${baseName(name)}: ${errnoText(answer)}\n`);
  return NOT_FOUND;
}

/** Runs a command in a child and waits for it; its status as a shell counts it. */
export function* runCommand(argv: readonly string[], environment: readonly string[]): Task<number> {
  const pid = yield* fork(() => become(argv, environment));
  if (pid < 0) return 1;
  const ended = yield* wait(pid);
  if (typeof ended !== 'object') return 1;
  return ended.signal === 0 ? ended.code : 128 + ended.signal;
}

/** env [NAME=VALUE]… [COMMAND…] */
const env: Command = function* (argv, environment) {
  const words = argv.slice(1);
  const values = new Map(
    environment.map((entry): [string, string] => {
      const equals = entry.indexOf('=');
      return [entry.slice(0, equals), entry.slice(equals + 1)];
    }),
  );
  if (words[0] === '-i') {
    words.shift();
    values.clear();
  }
  while (/^[A-Za-z_]\w*=/.test(words[0] ?? '')) {
    const [word = ''] = words.splice(0, 1);
    const equals = word.indexOf('=');
    values.set(word.slice(0, equals), word.slice(equals + 1));
  }
  const entries = [...values].map(([name, value]) => `${name}=${value}`);
  if (words.length > 0) return yield* become(words, entries);
  return yield* print(argv, entries.map((entry) => `${entry}\n`).join(''));
};

/** Says how long a command ran, in the machine's own time. */
const time: Command = function* (argv, environment) {
  const start = yield* uptime();
  const status = yield* runCommand(argv.slice(1), environment);
  yield* write(2, `real ${((yield* uptime()) - start).toFixed(2)}\n`);
  return status;
};

function* uptime(): Task<number> {
  const bytes = yield* readFile('/proc/uptime');
  return typeof bytes === 'number' ? 0 : Number(decode(bytes).split(' ')[0]);
}

/** timeout [-s KILL] SECONDS COMMAND…: ends the command when its time is over; 124 then. */
const timeout: Command = function* (argv, environment) {
  const words = argv.slice(1);
  const signal = words[0] === '-s' || words[0] === '-k' ? words.splice(0, 2)[1] : undefined;
  const seconds = Number(/^\d*\.?\d+/.exec(words.shift() ?? '')?.[0] ?? Number.NaN);
  if (Number.isNaN(seconds) || words.length === 0) {
    return yield* complain(argv, 'usage: timeout [-s SIGNAL] SECONDS COMMAND…');
  }
  const command = yield* fork(() => become(words, environment));
  const clock = yield* fork(function* (): Program {
    yield* nanosleep(seconds);
    return 0;
  });
  for (;;) {
    const ended = yield* wait(-1);
    if (typeof ended !== 'object') return 1;
    if (ended.pid === command) {
      yield* kill(clock, SIGKILL);
      return ended.signal === 0 ? ended.code : 128 + ended.signal;
    }
    yield* kill(command, signal === 'KILL' || signal === '9' ? SIGKILL : SIGTERM);
    yield* wait(command);
    return TIMED_OUT;
  }
};

const nohup: Command = function* (argv, environment) {
  return yield* become(argv.slice(1), environment);
};

/** xargs [-n COUNT] [-I WORD] COMMAND…: words (with -I: lines) of standard input become arguments. */
const xargs: Command = function* (argv, environment) {
  const command = argv.slice(1);
  let most = Number.POSITIVE_INFINITY;
  let replaced: string | undefined;
  while (command[0] === '-n' || command[0] === '-I') {
    const [option, value = ''] = command.splice(0, 2);
    if (option === '-n') most = Math.max(1, Number(value) || 1);
    else replaced = value;
  }
  if (command.length === 0) command.push('echo');
  const bytes = yield* readAll(0);
  const text = typeof bytes === 'number' ? '' : decode(bytes);
  const words = text.split(replaced === undefined ? /\s+/ : '\n').filter((word) => word !== '');
  let status = 0;
  if (replaced !== undefined) {
    for (const word of words) {
      const filled = command.map((each) => each.replaceAll(replaced, word));
      status = (yield* runCommand(filled, environment)) === 0 ? status : 123;
    }
    return status;
  }
  do {
    const some = words.splice(0, Number.isFinite(most) ? most : words.length);
    status = (yield* runCommand([...command, ...some], environment)) === 0 ? status : 123;
  } while (words.length > 0);
  return status;
};

export const runnerCommands: Readonly<Record<string, Command>> = { env, time, timeout, nohup, xargs };
