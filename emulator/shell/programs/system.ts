/** Commands about the system: processes, modules, mounts, the kernel's log and switches. */
import { errnoText } from '../../kernel/errno';
import { signalNumber } from '../sh/builtins';
import {
  close,
  decode,
  getpid,
  kill,
  list,
  mount,
  nanosleep,
  O_RDONLY,
  O_WRONLY,
  open,
  readFile,
  readlink,
  reboot,
  SIGTERM,
  type Task,
  umount,
  write,
} from '../syscalls';
import { type Command, complain, failed, lines, options, print } from './program';

function* textOf(path: string): Task<string | number> {
  const bytes = yield* readFile(path);
  return typeof bytes === 'number' ? bytes : decode(bytes);
}

interface ProcessLine {
  pid: number;
  ppid: number;
  state: string;
  comm: string;
  command: string;
}

function* processes(): Task<ProcessLine[]> {
  const names = yield* list('/proc');
  const found: ProcessLine[] = [];
  for (const name of typeof names === 'number' ? [] : names) {
    if (!/^\d+$/.test(name)) continue;
    const text = yield* textOf(`/proc/${name}/stat`);
    const match = typeof text === 'string' ? /^(\d+) \((.*)\) (\S) (\d+)/s.exec(text) : null;
    if (!match) continue;
    const line = yield* textOf(`/proc/${name}/cmdline`);
    const comm = match[2] ?? '';
    const command =
      typeof line === 'string' && line !== '' ? line.replace(/\0+$/, '').replace(/\0/g, ' ') : `[${comm}]`;
    found.push({ pid: Number(match[1]), ppid: Number(match[4]), state: match[3] ?? '?', comm, command });
  }
  return found.sort((a, b) => a.pid - b.pid);
}

const ps: Command = function* (argv) {
  const rows = (yield* processes()).map(
    ({ pid, ppid, state, command }) =>
      `${String(pid).padStart(5)} ${String(ppid).padStart(5)} ${state}    ${command}\n`,
  );
  return yield* print(argv, `  PID  PPID STAT COMMAND\n${rows.join('')}`);
};

const pidof: Command = function* (argv) {
  const wanted = argv.slice(1);
  const pids = (yield* processes()).filter(({ comm }) => wanted.includes(comm)).map(({ pid }) => pid);
  if (pids.length === 0) return 1;
  return yield* print(argv, `${pids.reverse().join(' ')}\n`);
};

function* signalAll(argv: readonly string[], pids: readonly number[], signal: number): Task<number> {
  let status = 0;
  for (const pid of pids) {
    const answer = yield* kill(pid, signal);
    if (answer < 0) status = yield* complain(argv, `(${pid}) - ${errnoText(answer)}`);
  }
  return status;
}

const killCommand: Command = function* (argv) {
  const words = argv.slice(1);
  const first = words[0] ?? '';
  const named = first.startsWith('-') ? first.slice(1) : undefined;
  const signal = named === undefined ? SIGTERM : signalNumber(named);
  if (signal === undefined) return yield* complain(argv, `invalid signal ${named}`);
  return yield* signalAll(argv, (named === undefined ? words : words.slice(1)).map(Number), signal);
};

const killall: Command = function* (argv) {
  const words = argv.slice(1);
  const named = words[0]?.startsWith('-') ? (words.shift() ?? '').slice(1) : 'TERM';
  const self = yield* getpid();
  const pids = (yield* processes())
    .filter(({ comm, pid }) => words.includes(comm) && pid !== self)
    .map(({ pid }) => pid);
  if (pids.length === 0) return yield* complain(argv, `${words.join(' ')}: no process found`);
  return yield* signalAll(argv, pids, signalNumber(named) ?? SIGTERM);
};

const sleep: Command = function* (argv) {
  let seconds = 0;
  for (const word of argv.slice(1)) {
    const match = /^(\d*\.?\d+)([smhd]?)$/.exec(word);
    if (!match) return yield* complain(argv, `invalid time interval '${word}'`);
    seconds += Number(match[1]) * ({ m: 60, h: 3600, d: 86400 }[match[2] ?? ''] ?? 1);
  }
  return (yield* nanosleep(seconds)) < 0 ? 130 : 0;
};

const usleep: Command = function* (argv) {
  return (yield* nanosleep(Number(argv[1] ?? 0) / 1e6)) < 0 ? 130 : 0;
};

const LEVELS = ['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'debug'];

/** dmesg [-t] [-r] [-x] [-l LEVEL,…]: the kernel log, from /proc/kmsg. */
const dmesg: Command = function* (argv) {
  const { flags, values, unknown } = options(argv, 'trTl:xH');
  if (unknown) return yield* complain(argv, `unknown option ${unknown}`);
  const text = yield* textOf('/proc/kmsg');
  if (typeof text === 'number') return yield* failed(argv, 'read kernel buffer failed', text);
  const wanted = values.get('l')?.split(',');
  const shown = lines(text).flatMap((line) => {
    const [, level = '6', stamp = '', message = ''] = /^<(\d)>(\[ *\d+\.\d+\] )([\s\S]*)$/.exec(line) ?? [];
    const name = LEVELS[Number(level)] ?? '';
    if (wanted && !wanted.includes(name)) return [];
    const decoded = flags.has('x') ? `kern  :${name.padEnd(6)}: ` : '';
    return [`${flags.has('r') ? `<${level}>` : decoded}${flags.has('t') ? '' : stamp}${message}\n`];
  });
  return yield* print(argv, shown.join(''));
};

/** sysctl NAME, NAME=VALUE or -w NAME=VALUE: files of /proc/sys. */
const sysctl: Command = function* (argv) {
  const { rest, flags } = options(argv, 'wnae');
  let status = 0;
  for (const word of rest) {
    const equals = word.indexOf('=');
    const name = (equals < 0 ? word : word.slice(0, equals)).trim();
    const path = `/proc/sys/${name.replace(/\./g, '/')}`;
    if (equals >= 0) {
      const fd = yield* open(path, O_WRONLY);
      const answer = fd < 0 ? fd : yield* write(fd, `${word.slice(equals + 1).trim()}\n`);
      if (fd >= 0) yield* close(fd);
      if (answer < 0) {
        status = yield* failed(argv, path, answer);
        continue;
      }
    }
    const text = yield* textOf(path);
    if (typeof text === 'number') status = yield* failed(argv, path, text);
    else yield* print(argv, flags.has('n') ? text : `${name} = ${text}`);
  }
  return status;
};

const mountCommand: Command = function* (argv) {
  const { rest, values } = options(argv, 't:o:r');
  if (rest.length === 0) {
    const text = yield* textOf('/proc/mounts');
    if (typeof text === 'number') return yield* failed(argv, '/proc/mounts', text);
    const rows = lines(text).map((line) => {
      const [source, target, type, how] = line.split(' ');
      return `${source} on ${target} type ${type} (${how})\n`;
    });
    return yield* print(argv, rows.join(''));
  }
  const [source = '', target = ''] = rest.length === 1 ? ['none', rest[0] ?? ''] : rest;
  const answer = yield* mount(source, target, values.get('t') ?? '');
  return answer < 0
    ? yield* complain(argv, `mounting ${source} on ${target} failed: ${errnoText(answer)}`)
    : 0;
};

const umountCommand: Command = function* (argv) {
  let status = 0;
  for (const target of options(argv, 'lf').rest) {
    const answer = yield* umount(target);
    if (answer < 0) status = yield* complain(argv, `can't unmount ${target}: ${errnoText(answer)}`);
  }
  return status;
};

const which: Command = function* (argv) {
  let status = 0;
  for (const name of argv.slice(1)) {
    const fd = yield* open(`/bin/${name}`, O_RDONLY);
    if (fd < 0) status = 1;
    else {
      yield* close(fd);
      yield* print(argv, `/bin/${name}\n`);
    }
  }
  return status;
};

/** LINUX_REBOOT_CMD_POWER_OFF and _RESTART (reboot(2)). */
const POWER_OFF = 0x4321fedc;
const RESTART = 0x01234567;

const powerOff: Command = function* () {
  yield* reboot(POWER_OFF);
  return 0;
};

const rebootCommand: Command = function* () {
  yield* reboot(RESTART);
  return 0;
};

const ttyName: Command = function* (argv) {
  const name = yield* readlink('/proc/self/fd/0');
  return yield* print(argv, `${typeof name === 'string' ? name : 'not a tty'}\n`);
};

export const systemCommands: Readonly<Record<string, Command>> = {
  ps,
  pidof,
  kill: killCommand,
  killall,
  sleep,
  usleep,
  dmesg,
  sysctl,
  mount: mountCommand,
  umount: umountCommand,
  which,
  poweroff: powerOff,
  halt: powerOff,
  reboot: rebootCommand,
  tty: ttyName,
};
