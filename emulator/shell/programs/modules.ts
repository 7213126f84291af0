/** Commands about kernel modules: insmod, modprobe, rmmod, lsmod, modinfo. */
import { errnoText } from '../../kernel/errno';
import { type ModuleInterface, moduleInterface } from '../../kernel/moduleinfo';
import {
  close,
  decode,
  deleteModule,
  finitModule,
  list,
  O_RDONLY,
  open,
  readFile,
  type Task,
} from '../syscalls';
import { baseName, type Command, complain, failed, lines, options, print } from './program';

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

/** One word of a module's parameters: a value with blanks is quoted, as the kernel's parser wants it. */
function parameterWord(word: string): string {
  const equals = word.indexOf('=');
  return equals >= 0 && /\s/.test(word) ? `${word.slice(0, equals + 1)}"${word.slice(equals + 1)}"` : word;
}

const insmod: Command = function* (argv) {
  const [, path, ...parameters] = argv;
  if (path === undefined) return yield* complain(argv, 'usage: insmod FILE.ko [PARAMETER=VALUE…]');
  return yield* insertModule(argv, path, parameters.map(parameterWord).join(' '));
};

/** A module file that was found, with what it needs and exports. */
interface Found extends ModuleInterface {
  name: string;
  path: string;
}

/** All module files where modprobe looks; the first of a name counts. */
function* availableModules(): Task<Map<string, Found>> {
  const found = new Map<string, Found>();
  for (const directory of MODULE_PATHS) {
    const names = yield* list(directory);
    for (const file of typeof names === 'number' ? [] : names.filter((name) => name.endsWith('.ko')).sort()) {
      const name = moduleName(file);
      const path = `${directory}/${file}`;
      const bytes = found.has(name) ? -1 : yield* readFile(path);
      const known = typeof bytes === 'number' ? undefined : moduleInterface(bytes);
      if (known !== undefined) found.set(name, { name, path, ...known });
    }
  }
  return found;
}

/** The modules that `wanted` needs, those that others need first, `wanted` itself last (depmod and modprobe). */
function inOrder(wanted: Found, all: ReadonlyMap<string, Found>): Found[] {
  const order: Found[] = [];
  const visit = (module: Found, above: readonly Found[]) => {
    if (order.includes(module) || above.includes(module)) return;
    for (const other of all.values()) {
      const needed = [...other.exports].some((symbol) => module.needs.has(symbol));
      if (needed) visit(other, [...above, module]);
    }
    order.push(module);
  };
  visit(wanted, []);
  return order;
}

/** /proc/modules: names, and how many use each. */
function* loadedModules(): Task<Map<string, number>> {
  const text = yield* readFile('/proc/modules');
  const rows = typeof text === 'number' ? [] : lines(decode(text)).map((line) => line.split(' '));
  return new Map(rows.map(([name = '', , users = '0']) => [name, Number(users)]));
}

const modprobe: Command = function* (argv) {
  const { rest, flags } = options(argv, 'rqv');
  const [word, ...parameters] = rest;
  if (word === undefined) return yield* complain(argv, 'usage: modprobe [-r] NAME [PARAMETER=VALUE…]');
  const name = moduleName(word);
  const all = yield* availableModules();
  const wanted = all.get(name);
  if (wanted === undefined) {
    if (flags.has('r')) return yield* removeModule(argv, name);
    return yield* complain(argv, `module ${name} not found in ${MODULE_PATHS.join(', ')}`);
  }
  const order = inOrder(wanted, all);
  if (flags.has('r')) return yield* removeWithUnused(argv, order.reverse());
  for (const module of order) {
    if ((yield* loadedModules()).has(module.name)) continue;
    const text = module === wanted ? parameters.map(parameterWord).join(' ') : '';
    if (flags.has('v')) yield* print(argv, `insmod ${[module.path, text].join(' ').trimEnd()}\n`);
    const status = yield* insertModule(argv, module.path, text);
    if (status !== 0) return status;
  }
  return 0;
};

/** modprobe -r: the module, then those that it needed and nobody uses any more. */
function* removeWithUnused(argv: readonly string[], order: readonly Found[]): Task<number> {
  for (const [index, module] of order.entries()) {
    const users = (yield* loadedModules()).get(module.name);
    if (index > 0 && users !== 0) continue;
    const status = yield* removeModule(argv, module.name);
    if (status !== 0) return status;
  }
  return 0;
}

function moduleName(file: string): string {
  return baseName(file).replace(/\.ko$/, '').replace(/-/g, '_');
}

const RMMOD_HINTS: Readonly<Record<number, string>> = {
  [-2]: 'no such module',
  [-11]: 'Resource temporarily unavailable',
};

function* removeModule(argv: readonly string[], file: string): Task<number> {
  const name = moduleName(file);
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
  const text = yield* readFile('/proc/modules');
  if (typeof text === 'number') return yield* failed(argv, '/proc/modules', text);
  const rows = lines(decode(text)).map((line) => {
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

export const moduleCommands: Readonly<Record<string, Command>> = { insmod, modprobe, rmmod, lsmod, modinfo };
