/** Commands about the system: processes, modules, mounts, the kernel's log and switches. */
import { errnoText } from '../../kernel/errno';
import { signalNumber } from '../sh/builtins';
import {
  close,
  decode,
  deleteModule,
  finitModule,
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
import { baseName, type Command, complain, failed, lines, options, print } from './program';

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

/** Where modules are looked for when no path is given. */
const MODULE_PATHS = ['/root', '/lib/modules', '.'];

const INSMOD_HINTS: Readonly<Record<number, string>> = {
  [-2]: 'Unknown symbol in module',
  [-8]: 'Invalid module format',
  [-17]: 'File exists',
  [-22]: 'Invalid parameters',
};

function* insertModule(argv: readonly string[], path: string, parameters: string): Task<number> {
  const fd = yield* open(path, O_RDONLY);
  if (fd < 0) return yield* complain(argv, `can't open '${path}': ${errnoText(fd)}`);
  const answer = yield* finitModule(fd, parameters);
  yield* close(fd);
  if (answer === 0) return 0;
  return yield* complain(argv, `can't insert '${path}': ${INSMOD_HINTS[answer] ?? errnoText(answer)}`);
}

const insmod: Command = function* (argv) {
  const [, path, ...parameters] = argv;
  if (path === undefined) return yield* complain(argv, 'usage: insmod FILE.ko [PARAMETER=VALUE…]');
  return yield* insertModule(argv, path, parameters.join(' '));
};

const modprobe: Command = function* (argv) {
  const { rest, flags } = options(argv, 'rqv');
  const [name, ...parameters] = rest;
  if (name === undefined) return yield* complain(argv, 'usage: modprobe [-r] NAME [PARAMETER=VALUE…]');
  if (flags.has('r')) return yield* removeModule(argv, name);
  for (const directory of MODULE_PATHS) {
    const path = `${directory}/${name}.ko`;
    const fd = yield* open(path, O_RDONLY);
    if (fd < 0) continue;
    yield* close(fd);
    return yield* insertModule(argv, path, parameters.join(' '));
  }
  return yield* complain(argv, `module ${name} not found in ${MODULE_PATHS.join(', ')}`);
};

const RMMOD_HINTS: Readonly<Record<number, string>> = {
  [-2]: 'no such module',
  [-11]: 'Resource temporarily unavailable',
};

function* removeModule(argv: readonly string[], file: string): Task<number> {
  const name = baseName(file).replace(/\.ko$/, '').replace(/-/g, '_');
  const answer = yield* deleteModule(name, 0o4000);
  if (answer === 0) return 0;
  return yield* complain(argv, `can't unload module '${name}': ${RMMOD_HINTS[answer] ?? errnoText(answer)}`);
}

const rmmod: Command = function* (argv) {
  const { rest } = options(argv, 'fvw');
  let status = 0;
  for (const name of rest) status = (yield* removeModule(argv, name)) || status;
  return status;
};

const lsmod: Command = function* (argv) {
  const text = yield* textOf('/proc/modules');
  if (typeof text === 'number') return yield* failed(argv, '/proc/modules', text);
  const rows = lines(text).map((line) => {
    const [name = '', size = '', users = '', by = '-'] = line.split(' ');
    return `${name.padEnd(24)}${size.padStart(8)}  ${users} ${by === '-' ? '' : by.replace(/,$/, '')}\n`;
  });
  return yield* print(argv, `${'Module'.padEnd(24)}${'Size'.padStart(8)}  Used by\n${rows.join('')}`);
};

/** modinfo: the .modinfo strings of a .ko file, which are NUL-separated NAME=VALUE texts. */
const modinfo: Command = function* (argv) {
  const [, file = ''] = argv;
  const path = file.includes('/') || file.endsWith('.ko') ? file : `/root/${file}.ko`;
  const bytes = yield* readFile(path);
  if (typeof bytes === 'number') return yield* failed(argv, path, bytes);
  let out = `${'filename:'.padEnd(16)}${path}\n`;
  for (const text of String.fromCharCode(...bytes.filter((byte) => byte < 128)).split('\0')) {
    const match =
      /^(license|author|description|version|alias|depends|parm|parmtype|vermagic|name)=([\s\S]*)$/.exec(text);
    if (match) out += `${`${match[1]}:`.padEnd(16)}${match[2]}\n`;
  }
  return yield* print(argv, out);
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
  insmod,
  modprobe,
  rmmod,
  lsmod,
  modinfo,
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
