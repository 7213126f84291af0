/**
 * Built-in commands: those that must change the shell itself. Everything else is a program in /bin.
 */
import { errnoText } from '../../kernel/errno';
import {
  chdir,
  decode,
  getcwd,
  kill,
  read,
  readFile,
  SIGINT,
  SIGTERM,
  setIgnored,
  stat,
  type Task,
  umask,
  wait,
  write,
} from '../syscalls';
import { Jump, type Shell } from './interpreter';
import { assignVariable, environmentOf } from './state';

/** argv[0] is the built-in's name; the result is its status. */
export type Builtin = (shell: Shell, argv: readonly string[]) => Task<number>;

/** Signal names for kill and trap. */
export const SIGNALS: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: SIGINT,
  QUIT: 3,
  ABRT: 6,
  KILL: 9,
  USR1: 10,
  SEGV: 11,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: SIGTERM,
  CHLD: 17,
  CONT: 18,
  STOP: 19,
};

/** Number of a signal given as 9, KILL or SIGKILL; undefined when there is none. */
export function signalNumber(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : SIGNALS[text.replace(/^SIG/, '').toUpperCase()];
}

/** set -o NAME: the letters of the options that this shell heeds. */
const OPTION_NAMES: Readonly<Record<string, string>> = {
  errexit: 'e',
  noclobber: 'C',
  nounset: 'u',
  pipefail: 'pipefail',
  xtrace: 'x',
};

const count = (text: string | undefined, fallback: number): number =>
  text !== undefined && /^-?\d+$/.test(text) ? Number(text) : fallback;

function jump(kind: Jump['kind']): Builtin {
  return function* (shell, [, first]) {
    const fallback = kind === 'return' || kind === 'exit' ? shell.state.status : 1;
    throw new Jump(kind, count(first, fallback));
  };
}

function* nothing(): Task<number> {
  return 0;
}

function* cd(shell: Shell, [, target]: readonly string[]): Task<number> {
  const { variables } = shell.state;
  const to = target === '-' ? variables.get('OLDPWD') : (target ?? variables.get('HOME') ?? '/');
  const before = yield* getcwd();
  const answer = yield* chdir(to ?? '/');
  if (answer < 0) {
    yield* shell.complain(`cd: ${to}: ${errnoText(answer)}`);
    return 1;
  }
  variables.set('OLDPWD', before);
  variables.set('PWD', yield* getcwd());
  if (target === '-') yield* write(1, `${to}\n`);
  return 0;
}

function* exportVariables(shell: Shell, argv: readonly string[]): Task<number> {
  const { variables, exported } = shell.state;
  const words = argv.slice(1).filter((word) => word !== '-p');
  if (words.length === 0) {
    for (const entry of environmentOf(shell.state, new Map())) yield* write(1, `export ${entry}\n`);
  }
  for (const word of words) {
    const [, name = '', , value] = /^([^=]*)(=([\s\S]*))?$/.exec(word) ?? [];
    if (value !== undefined) variables.set(name, value);
    exported.add(name);
  }
  return 0;
}

/** NAME=VALUE words of local, readonly and declare. */
function assignments(argv: readonly string[]): { name: string; value: string | undefined }[] {
  return argv
    .slice(1)
    .filter((word) => !word.startsWith('-'))
    .map((word) => {
      const equals = word.indexOf('=');
      return equals > 0
        ? { name: word.slice(0, equals), value: word.slice(equals + 1) }
        : { name: word, value: undefined };
    });
}

function* local(shell: Shell, argv: readonly string[]): Task<number> {
  const { state } = shell;
  const hidden = state.hidden.at(-1);
  if (hidden === undefined && argv[0] === 'local') {
    yield* shell.complain('local: can only be used in a function');
    return 1;
  }
  for (const { name, value } of assignments(argv)) {
    if (hidden && !hidden.has(name)) hidden.set(name, state.variables.get(name));
    if (value !== undefined) assignVariable(state, name, value);
    else if (hidden) state.variables.delete(name);
  }
  return 0;
}

function* readOnly(shell: Shell, argv: readonly string[]): Task<number> {
  for (const { name, value } of assignments(argv)) {
    if (value !== undefined) assignVariable(shell.state, name, value);
    shell.state.readOnly.add(name);
  }
  return 0;
}

/** let EXPRESSION…: false when the last is 0. */
function* letBuiltin(shell: Shell, argv: readonly string[]): Task<number> {
  return yield* shell.run(
    argv
      .slice(1)
      .map((text) => `((${text}))`)
      .join('\n'),
  );
}

/** getopts OPTSTRING NAME: one option letter of the parameters a call. */
function* getopts(shell: Shell, [, letters = '', name = '']: readonly string[]): Task<number> {
  const { state } = shell;
  const index = Number(state.variables.get('OPTIND') ?? 1) || 1;
  const at = Math.max(state.optionAt, 1);
  const word = state.parameters[index] ?? '';
  if (!/^-./.test(word) || word === '--') {
    state.variables.set('OPTIND', String(word === '--' ? index + 1 : index));
    state.variables.set(name, '?');
    return 1;
  }
  const letter = word[at] ?? '';
  const known = letter === ':' ? -1 : letters.indexOf(letter, letters.startsWith(':') ? 1 : 0);
  const takesValue = known >= 0 && letters[known + 1] === ':';
  const inWord = takesValue ? word.slice(at + 1) : '';
  const ends = takesValue || at + 1 >= word.length;
  const value = takesValue && inWord === '' ? state.parameters[index + 1] : inWord;
  state.optionAt = ends ? 1 : at + 1;
  state.variables.set('OPTIND', String(ends ? index + (takesValue && inWord === '' ? 2 : 1) : index));
  state.variables.delete('OPTARG');
  state.variables.set(name, known < 0 || (takesValue && value === undefined) ? '?' : letter);
  if (known < 0) yield* shell.complain(`illegal option -- ${letter}`);
  else if (takesValue && value === undefined) {
    yield* shell.complain(`option requires an argument -- ${letter}`);
  } else if (takesValue) state.variables.set('OPTARG', value ?? '');
  return 0;
}

/** command NAME…: not the function of that name; -v says what NAME is. */
function* commandBuiltin(shell: Shell, argv: readonly string[]): Task<number> {
  if (argv[1] !== '-v') return yield* shell.withoutFunctions(argv.slice(1));
  const [, , name = ''] = argv;
  if (shell.state.functions.has(name) || builtins.has(name)) {
    yield* write(1, `${name}\n`);
    return 0;
  }
  const file = yield* shell.find(name);
  if (file === undefined) return 1;
  yield* write(1, `${file}\n`);
  return 0;
}

function* set(shell: Shell, argv: readonly string[]): Task<number> {
  const { state } = shell;
  if (argv.length === 1) {
    for (const [name, value] of [...state.variables].sort()) yield* write(1, `${name}='${value}'\n`);
    return 0;
  }
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (word === '--' || !/^[-+]/.test(word)) {
      state.parameters = [state.parameters[0] ?? '', ...argv.slice(word === '--' ? i + 1 : i)];
      return 0;
    }
    if (word.slice(1) === 'o') {
      const option = OPTION_NAMES[argv[++i] ?? ''];
      if (option === undefined) {
        yield* shell.complain(`set: ${argv[i] ?? ''}: invalid option name`);
        return 2;
      }
      if (word.startsWith('-')) state.options.add(option);
      else state.options.delete(option);
      continue;
    }
    for (const option of word.slice(1)) {
      if (word.startsWith('-')) state.options.add(option);
      else state.options.delete(option);
    }
  }
  return 0;
}

function* shift(shell: Shell, [, first]: readonly string[]): Task<number> {
  const by = count(first, 1);
  if (by > shell.state.parameters.length - 1) return 1;
  shell.state.parameters.splice(1, by);
  return 0;
}

function* unset(shell: Shell, argv: readonly string[]): Task<number> {
  for (const name of argv.slice(1)) {
    shell.state.variables.delete(name);
    shell.state.exported.delete(name);
    if (argv[1] === '-f') shell.state.functions.delete(name);
  }
  return 0;
}

function* evaluate(shell: Shell, argv: readonly string[]): Task<number> {
  return yield* shell.run(argv.slice(1).join(' '));
}

function* source(shell: Shell, [name, file, ...rest]: readonly string[]): Task<number> {
  const bytes = file === undefined ? -2 : yield* readFile(file);
  if (typeof bytes === 'number') {
    yield* shell.complain(`${name}: ${file ?? ''}: ${errnoText(bytes)}`);
    return 1;
  }
  const saved = shell.state.parameters;
  if (rest.length > 0) shell.state.parameters = [saved[0] ?? '', ...rest];
  try {
    return yield* shell.run(decode(bytes));
  } catch (error) {
    if (error instanceof Jump && error.kind === 'return') return error.count;
    throw error;
  } finally {
    shell.state.parameters = saved;
  }
}

function* exec(shell: Shell, argv: readonly string[]): Task<number> {
  if (argv.length === 1) return 0;
  yield* setIgnored(SIGINT, false);
  const status = yield* shell.exec(argv.slice(1), environmentOf(shell.state, new Map()));
  throw new Jump('exit', status);
}

/** The fields of a line for `count` variables; the last takes the rest. Without variables the whole line. */
function assignFields(line: string, count: number, separators: string): string[] {
  if (count === 0 || separators === '') return [line];
  const set = `[${separators.replace(/[\]\\^-]/g, '\\$&')}]`;
  const blank = /\s/.test(separators) ? `[${separators.replace(/\S/g, '')}]` : '(?!)';
  const trim = new RegExp(`^${blank}+|${blank}+$`, 'g');
  const values: string[] = [];
  let rest = line.replace(trim, '');
  while (values.length < count - 1) {
    const end = rest.search(new RegExp(set));
    values.push(end < 0 ? rest : rest.slice(0, end));
    rest = end < 0 ? '' : rest.slice(end).replace(new RegExp(`^${blank}*${set}?${blank}*`), '');
  }
  return [...values, rest.replace(trim, '')];
}

/** Reads one line byte by byte, so that the next command finds the rest. */
function* readLine(shell: Shell, argv: readonly string[]): Task<number> {
  const names = argv.slice(1).filter((word) => !word.startsWith('-'));
  const raw = argv.includes('-r');
  const bytes: number[] = [];
  let ended = false;
  for (;;) {
    const next = yield* read(0, 1);
    if (typeof next === 'number' || next.length === 0) {
      ended = true;
      break;
    }
    if (next[0] === 10) {
      if (!raw && bytes[bytes.length - 1] === 92) {
        bytes.pop();
        continue;
      }
      break;
    }
    bytes.push(next[0] ?? 0);
  }
  let text = decode(Uint8Array.from(bytes));
  if (!raw) text = text.replace(/\\([\s\S])/g, '$1');
  const values = assignFields(text, names.length, shell.state.variables.get('IFS') ?? ' \t\n');
  const targets = names.length > 0 ? names : ['REPLY'];
  for (const [index, name] of targets.entries()) assignVariable(shell.state, name, values[index] ?? '');
  return ended ? 1 : 0;
}

function* waitBuiltin(shell: Shell, argv: readonly string[]): Task<number> {
  const pids = argv.slice(1).map((word) => jobPid(shell, word));
  if (pids.length === 0) {
    for (const job of [...shell.state.jobs]) yield* shell.waitFor(job.pid);
    shell.state.jobs = [];
    return 0;
  }
  let status = 0;
  for (const pid of pids) status = pid === undefined ? 127 : yield* shell.waitFor(pid);
  return status;
}

function jobPid(shell: Shell, word: string): number | undefined {
  if (!word.startsWith('%')) return Number(word);
  const number = word.slice(1);
  const { jobs } = shell.state;
  return (
    number === '' || number === '%' || number === '+'
      ? jobs[jobs.length - 1]
      : jobs.find((job) => job.number === Number(number))
  )?.pid;
}

function* jobs(shell: Shell): Task<number> {
  yield* reapJobs(shell);
  for (const job of shell.state.jobs)
    yield* write(1, `[${job.number}]+  Running                 ${job.command} &\n`);
  return 0;
}

/** Takes note of background jobs that ended; tells the user in an interactive shell. */
export function* reapJobs(shell: Shell): Task<void> {
  for (const job of [...shell.state.jobs]) {
    const ended = yield* wait(job.pid, true);
    if (ended === undefined) continue;
    shell.state.jobs = shell.state.jobs.filter((each) => each !== job);
    if (shell.state.interactive && typeof ended === 'object') {
      const what = ended.signal !== 0 ? 'Terminated' : ended.code === 0 ? 'Done' : `Exit ${ended.code}`;
      yield* write(2, `[${job.number}]+  ${what.padEnd(24)}${job.command}\n`);
    }
  }
}

function* foreground(shell: Shell, [, word]: readonly string[]): Task<number> {
  const pid = jobPid(shell, word ?? '%');
  if (pid === undefined) {
    yield* shell.complain('fg: no such job');
    return 1;
  }
  return yield* shell.waitFor(pid);
}

function* killBuiltin(shell: Shell, argv: readonly string[]): Task<number> {
  let signal: number | undefined = SIGTERM;
  let words = argv.slice(1);
  if (words[0] === '-l') {
    yield* write(1, `${Object.keys(SIGNALS).join(' ')}\n`);
    return 0;
  }
  if (words[0]?.startsWith('-') && words[0] !== '--') {
    const name = words[0] === '-s' ? (words[1] ?? '') : words[0].slice(1);
    signal = signalNumber(name);
    words = words.slice(words[0] === '-s' ? 2 : 1);
    if (signal === undefined) {
      yield* shell.complain(`kill: ${name}: invalid signal`);
      return 1;
    }
  }
  let status = 0;
  for (const word of words) {
    const pid = jobPid(shell, word);
    const answer = pid === undefined || Number.isNaN(pid) ? -3 : yield* kill(pid, signal);
    if (answer < 0) {
      yield* shell.complain(`kill: (${word}) - ${errnoText(answer)}`);
      status = 1;
    }
  }
  return status;
}

/** trap '' SIG ignores, trap - SIG restores; trap COMMAND EXIT runs it at the end. Other actions are refused. */
function* trap(shell: Shell, [, action, ...signals]: readonly string[]): Task<number> {
  if (action === undefined) return 0;
  for (const name of signals) {
    if (name === 'EXIT' || name === '0') {
      if (action === '-') shell.state.traps.delete('EXIT');
      else shell.state.traps.set('EXIT', action);
      continue;
    }
    const signal = signalNumber(name);
    if (signal === undefined || (action !== '' && action !== '-')) {
      yield* shell.complain(`trap: ${name}: only '' and - are supported, and commands for EXIT`);
      return 1;
    }
    yield* setIgnored(signal, action === '');
  }
  return 0;
}

function* type(shell: Shell, argv: readonly string[]): Task<number> {
  let status = 0;
  for (const name of argv.slice(1)) {
    const kind = shell.state.functions.has(name)
      ? 'a function'
      : builtins.has(name)
        ? 'a shell builtin'
        : undefined;
    if (kind) yield* write(1, `${name} is ${kind}\n`);
    else if (typeof (yield* stat(`/bin/${name}`)) !== 'number') yield* write(1, `${name} is /bin/${name}\n`);
    else {
      yield* shell.complain(`type: ${name}: not found`);
      status = 1;
    }
  }
  return status;
}

function* umaskBuiltin(_shell: Shell, [, mask]: readonly string[]): Task<number> {
  if (mask !== undefined) {
    yield* umask(Number.parseInt(mask, 8));
    return 0;
  }
  const current = yield* umask(0);
  yield* umask(current);
  yield* write(1, `${current.toString(8).padStart(4, '0')}\n`);
  return 0;
}

export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  [':', nothing],
  ['.', source],
  ['source', source],
  ['break', jump('break')],
  ['continue', jump('continue')],
  ['return', jump('return')],
  ['exit', jump('exit')],
  ['cd', cd],
  ['eval', evaluate],
  ['exec', exec],
  ['export', exportVariables],
  ['readonly', readOnly],
  ['local', local],
  ['declare', local],
  ['let', letBuiltin],
  ['getopts', getopts],
  ['command', commandBuiltin],
  ['set', set],
  ['shift', shift],
  ['unset', unset],
  ['read', readLine],
  ['wait', waitBuiltin],
  ['jobs', jobs],
  ['fg', foreground],
  ['kill', killBuiltin],
  ['trap', trap],
  ['type', type],
  ['umask', umaskBuiltin],
]);
