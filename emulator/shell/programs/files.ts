/** Commands over files and directories: cat, ls, cp, mv, rm, mkdir, touch, stat, find, dd and their like. */
import { errnoText } from '../../kernel/errno';
import {
  chmod,
  close,
  decode,
  getcwd,
  link,
  list,
  lseek,
  mkdir,
  O_APPEND,
  O_CREAT,
  O_RDONLY,
  O_TRUNC,
  O_WRONLY,
  open,
  read,
  readlink,
  rename,
  rmdir,
  type Stat,
  stat,
  symlink,
  sync,
  type Task,
  unlink,
  write,
} from '../syscalls';
import { baseName, type Command, complain, failed, options, print } from './program';

const S_IFMT = 0o170000;
const S_IFDIR = 0o040000;
const S_IFLNK = 0o120000;
const S_IFCHR = 0o020000;
const S_IFBLK = 0o060000;

/** Copies a descriptor to standard output as data arrives. */
function* pour(argv: readonly string[], from: number, name: string): Task<number> {
  for (;;) {
    const chunk = yield* read(from);
    if (typeof chunk === 'number') return chunk === -4 ? 130 : yield* failed(argv, name, chunk);
    if (chunk.length === 0) return 0;
    const answer = yield* write(1, chunk);
    if (answer < 0) return yield* failed(argv, 'write error', answer);
  }
}

const cat: Command = function* (argv) {
  const { rest, flags } = options(argv, 'nu');
  let status = 0;
  let number = 1;
  for (const name of rest.length > 0 ? rest : ['-']) {
    const fd = name === '-' ? 0 : yield* open(name, O_RDONLY);
    if (fd < 0) {
      status = yield* failed(argv, name, fd);
      continue;
    }
    if (flags.has('n')) {
      const chunks: Uint8Array[] = [];
      for (
        let chunk = yield* read(fd);
        typeof chunk !== 'number' && chunk.length > 0;
        chunk = yield* read(fd)
      )
        chunks.push(chunk);
      const text = chunks.map(decode).join('');
      yield* write(
        1,
        text.replace(/^(?=[\s\S])/gm, () => `${String(number++).padStart(6)}\t`),
      );
    } else {
      status = (yield* pour(argv, fd, name)) || status;
    }
    if (fd !== 0) yield* close(fd);
  }
  return status;
};

const tee: Command = function* (argv) {
  const { rest, flags } = options(argv, 'ai');
  let status = 0;
  const fds: number[] = [];
  for (const name of rest) {
    const fd = yield* open(name, O_WRONLY | O_CREAT | (flags.has('a') ? O_APPEND : O_TRUNC));
    if (fd < 0) status = yield* failed(argv, name, fd);
    else fds.push(fd);
  }
  for (;;) {
    const chunk = yield* read(0);
    if (typeof chunk === 'number' || chunk.length === 0) return status;
    yield* write(1, chunk);
    for (const [index, fd] of fds.entries()) {
      const answer = yield* write(fd, chunk);
      if (answer < 0) status = yield* failed(argv, rest[index] ?? '', answer);
    }
  }
};

function modeText(mode: number): string {
  const types: Readonly<Record<number, string>> = {
    [S_IFDIR]: 'd',
    [S_IFLNK]: 'l',
    [S_IFCHR]: 'c',
    [S_IFBLK]: 'b',
    4096: 'p',
    49152: 's',
  };
  const bits = 'rwxrwxrwx'.replace(/./g, (letter, at: number) => (mode & (1 << (8 - at)) ? letter : '-'));
  return (types[mode & S_IFMT] ?? '-') + bits;
}

function timeText(seconds: number): string {
  return new Date(Math.floor(seconds) * 1000).toISOString().slice(0, 16).replace('T', ' ');
}

interface Entry {
  name: string;
  path: string;
  info: Stat | undefined;
}

function* showEntries(
  argv: readonly string[],
  entries: readonly Entry[],
  flags: ReadonlySet<string>,
): Task<void> {
  const out: string[] = [];
  for (const { name, path, info } of entries) {
    const kind = info ? info.mode & S_IFMT : 0;
    const mark = flags.has('F') || flags.has('p') ? (kind === S_IFDIR ? '/' : '') : '';
    const inode = flags.has('i') ? `${info?.ino ?? '?'} ` : '';
    if (!flags.has('l')) {
      out.push(inode + name + mark);
      continue;
    }
    if (!info) {
      out.push(`?????????? ${name}`);
      continue;
    }
    const size =
      kind === S_IFCHR || kind === S_IFBLK
        ? `${info.rdev >> 8}, ${info.rdev & 255}`.padStart(8)
        : String(info.size).padStart(8);
    const owner = info.uid === 0 ? 'root' : String(info.uid);
    const group = info.gid === 0 ? 'root' : String(info.gid);
    const target = kind === S_IFLNK ? ` -> ${yield* readlink(path)}` : '';
    out.push(
      `${inode}${modeText(info.mode)} ${String(info.nlink).padStart(3)} ${owner.padEnd(5)} ${group.padEnd(5)} ${size} ${timeText(info.mtime)} ${name}${mark}${target}`,
    );
  }
  if (out.length > 0) yield* print(argv, `${out.join('\n')}\n`);
}

const ls: Command = function* (argv) {
  const { rest, flags, unknown } = options(argv, 'laAdF1hRrtiSpn');
  if (unknown) return yield* complain(argv, `unknown option ${unknown}`);
  let status = 0;
  const files: Entry[] = [];
  const directories: string[] = [];
  for (const path of rest.length > 0 ? rest : ['.']) {
    const info = yield* stat(path, !flags.has('l') && !flags.has('d'));
    if (typeof info === 'number')
      status = (yield* complain(argv, `cannot access '${path}': ${errnoText(info)}`)) + 1;
    else if ((info.mode & S_IFMT) === S_IFDIR && !flags.has('d')) directories.push(path);
    else files.push({ name: path, path, info });
  }
  yield* showEntries(argv, files, flags);
  const many = directories.length + files.length > 1 || flags.has('R');
  let first = files.length === 0;
  while (directories.length > 0) {
    const directory = directories.shift() ?? '';
    const names = yield* list(directory);
    if (typeof names === 'number') {
      status = yield* complain(argv, `cannot open directory '${directory}': ${errnoText(names)}`);
      continue;
    }
    if (many) yield* print(argv, `${first ? '' : '\n'}${directory}:\n`);
    first = false;
    const entries: Entry[] = [];
    const shown = flags.has('a')
      ? ['.', '..', ...names]
      : names.filter((name) => flags.has('A') || !name.startsWith('.'));
    for (const name of shown) {
      const path = `${directory.replace(/\/$/, '')}/${name}`;
      const needed = ['l', 'F', 'i', 'R', 't', 'S', 'p'].some((letter) => flags.has(letter));
      const info = needed ? yield* stat(path, false) : -1;
      entries.push({ name, path, info: typeof info === 'number' ? undefined : info });
    }
    if (flags.has('t')) entries.sort((a, b) => (b.info?.mtime ?? 0) - (a.info?.mtime ?? 0));
    if (flags.has('S')) entries.sort((a, b) => (b.info?.size ?? 0) - (a.info?.size ?? 0));
    if (flags.has('r')) entries.reverse();
    if (flags.has('l')) yield* print(argv, 'total 0\n');
    yield* showEntries(argv, entries, flags);
    if (flags.has('R')) {
      const below = entries.filter(
        ({ info, name }) => info && (info.mode & S_IFMT) === S_IFDIR && !/^\.\.?$/.test(name),
      );
      directories.unshift(...below.map(({ path }) => path));
    }
  }
  return status;
};

function* isDirectory(path: string): Task<boolean> {
  const info = yield* stat(path);
  return typeof info !== 'number' && (info.mode & S_IFMT) === S_IFDIR;
}

function* copyFile(argv: readonly string[], from: string, to: string): Task<number> {
  const info = yield* stat(from);
  const input = yield* open(from, O_RDONLY);
  if (input < 0) return yield* failed(argv, from, input);
  const output = yield* open(
    to,
    O_WRONLY | O_CREAT | O_TRUNC,
    typeof info === 'number' ? 0o666 : info.mode & 0o777,
  );
  if (output < 0) {
    yield* close(input);
    return yield* failed(argv, to, output);
  }
  let status = 0;
  for (;;) {
    const chunk = yield* read(input);
    if (typeof chunk === 'number') {
      status = yield* failed(argv, from, chunk);
      break;
    }
    if (chunk.length === 0) break;
    const answer = yield* write(output, chunk);
    if (answer < 0) {
      status = yield* failed(argv, to, answer);
      break;
    }
  }
  yield* close(input);
  yield* close(output);
  return status;
}

function* copyTree(argv: readonly string[], from: string, to: string): Task<number> {
  if (!(yield* isDirectory(from))) return yield* copyFile(argv, from, to);
  yield* mkdir(to);
  const names = yield* list(from);
  if (typeof names === 'number') return yield* failed(argv, from, names);
  let status = 0;
  for (const name of names) status = (yield* copyTree(argv, `${from}/${name}`, `${to}/${name}`)) || status;
  return status;
}

/** cp and mv: the last word is the target; into a directory, names are kept. */
function transfer(
  each: (argv: readonly string[], from: string, to: string, flags: ReadonlySet<string>) => Task<number>,
): Command {
  return function* (argv) {
    const { rest, flags } = options(argv, 'rRfapinvs');
    const target = rest.pop();
    if (target === undefined || rest.length === 0) return yield* complain(argv, 'missing file operand');
    const into = yield* isDirectory(target);
    if (rest.length > 1 && !into) return yield* failed(argv, target, -20);
    let status = 0;
    for (const from of rest) {
      status = (yield* each(argv, from, into ? `${target}/${baseName(from)}` : target, flags)) || status;
    }
    return status;
  };
}

const cp = transfer(function* (argv, from, to, flags) {
  const deep = flags.has('r') || flags.has('R') || flags.has('a');
  if (!deep && (yield* isDirectory(from)))
    return yield* complain(argv, `-r not specified; omitting directory '${from}'`);
  return yield* copyTree(argv, from, to);
});

const mv = transfer(function* (argv, from, to) {
  const answer = yield* rename(from, to);
  return answer < 0 ? yield* complain(argv, `cannot move '${from}' to '${to}': ${errnoText(answer)}`) : 0;
});

const ln = transfer(function* (argv, from, to, flags) {
  if (flags.has('f')) yield* unlink(to);
  const answer = flags.has('s') ? yield* symlink(from, to) : yield* link(from, to);
  return answer < 0 ? yield* failed(argv, to, answer) : 0;
});

function* removeTree(argv: readonly string[], path: string, flags: ReadonlySet<string>): Task<number> {
  const info = yield* stat(path, false);
  if (typeof info === 'number') {
    return flags.has('f') ? 0 : yield* complain(argv, `cannot remove '${path}': ${errnoText(info)}`);
  }
  if ((info.mode & S_IFMT) !== S_IFDIR) {
    const answer = yield* unlink(path);
    return answer < 0 ? yield* complain(argv, `cannot remove '${path}': ${errnoText(answer)}`) : 0;
  }
  if (!flags.has('r') && !flags.has('R'))
    return yield* complain(argv, `cannot remove '${path}': ${errnoText(-21)}`);
  const names = yield* list(path);
  for (const name of typeof names === 'number' ? [] : names)
    yield* removeTree(argv, `${path}/${name}`, flags);
  const answer = yield* rmdir(path);
  return answer < 0 ? yield* complain(argv, `cannot remove '${path}': ${errnoText(answer)}`) : 0;
}

const rm: Command = function* (argv) {
  const { rest, flags } = options(argv, 'rRfiv');
  if (rest.length === 0 && !flags.has('f')) return yield* complain(argv, 'missing operand');
  let status = 0;
  for (const path of rest) status = (yield* removeTree(argv, path, flags)) || status;
  return status;
};

/** A command that does one call on each path. */
function onEach(letters: string, call: (path: string, flags: ReadonlySet<string>) => Task<number>): Command {
  return function* (argv) {
    const { rest, flags } = options(argv, letters);
    if (rest.length === 0) return yield* complain(argv, 'missing operand');
    let status = 0;
    for (const path of rest) {
      const answer = yield* call(path, flags);
      if (answer < 0) status = yield* failed(argv, path, answer);
    }
    return status;
  };
}

const mkdirCommand = onEach('pm:', function* (path, flags) {
  if (!flags.has('p')) return yield* mkdir(path);
  let answer = 0;
  const parts = path.split('/');
  for (let count = 1; count <= parts.length; count++) {
    const prefix = parts.slice(0, count).join('/');
    if (prefix !== '') answer = yield* mkdir(prefix);
  }
  return answer === -17 ? 0 : answer;
});

const touch = onEach('acm', function* (path) {
  const fd = yield* open(path, O_WRONLY | O_CREAT);
  if (fd < 0) return fd === -21 ? 0 : fd;
  return yield* close(fd);
});

const rmdirCommand = onEach('', (path) => rmdir(path));

const chmodCommand: Command = function* (argv) {
  const [, mode = '', ...paths] = argv;
  let status = 0;
  for (const path of paths) {
    const info = yield* stat(path);
    const bits = typeof info === 'number' ? undefined : parseMode(mode, info.mode & 0o7777);
    if (bits === undefined && typeof info !== 'number')
      return yield* complain(argv, `invalid mode: '${mode}'`);
    const answer = typeof info === 'number' ? info : yield* chmod(path, bits ?? 0);
    if (answer < 0) status = yield* failed(argv, path, answer);
  }
  return status;
};

function parseMode(text: string, current: number): number | undefined {
  if (/^[0-7]{1,4}$/.test(text)) return Number.parseInt(text, 8);
  let mode = current;
  for (const clause of text.split(',')) {
    const match = /^([ugoa]*)([-+=])([rwx]*)$/.exec(clause);
    if (!match) return undefined;
    const who = match[1] === '' || match[1]?.includes('a') ? 'ugo' : (match[1] ?? '');
    const bits = [...(match[3] ?? '')].reduce((sum, letter) => sum | ({ r: 4, w: 2, x: 1 }[letter] ?? 0), 0);
    for (const each of who) {
      const shift = { u: 6, g: 3, o: 0 }[each] ?? 0;
      if (match[2] === '+') mode |= bits << shift;
      else if (match[2] === '-') mode &= ~(bits << shift);
      else mode = (mode & ~(7 << shift)) | (bits << shift);
    }
  }
  return mode;
}

/** stat [-c FORMAT] FILE…; %n %s %a %A %i %h %u %g %Y %F in a format. */
const statCommand: Command = function* (argv) {
  const { rest, values } = options(argv, 'c:');
  const format = values.get('c');
  let status = 0;
  for (const path of rest) {
    const info = yield* stat(path, false);
    if (typeof info === 'number') {
      status = yield* complain(argv, `cannot stat '${path}': ${errnoText(info)}`);
      continue;
    }
    if (format !== undefined) {
      yield* print(
        argv,
        `${format.replace(/%(.)/g, (_, letter: string) => statField(letter, path, info))}\n`,
      );
      continue;
    }
    const octal = (info.mode & 0o7777).toString(8).padStart(4, '0');
    yield* print(
      argv,
      `  File: ${path}\n  Size: ${info.size}\t\tInode: ${info.ino}\tLinks: ${info.nlink}\nAccess: (${octal}/${modeText(info.mode)})  Uid: ${info.uid}  Gid: ${info.gid}\nModify: ${timeText(info.mtime)}\n`,
    );
  }
  return status;
};

function statField(letter: string, path: string, info: Stat): string {
  const kinds: Readonly<Record<number, string>> = {
    [S_IFDIR]: 'directory',
    [S_IFLNK]: 'symbolic link',
    [S_IFCHR]: 'character special file',
    [S_IFBLK]: 'block special file',
  };
  const fields: Readonly<Record<string, string | number>> = {
    n: path,
    s: info.size,
    a: (info.mode & 0o7777).toString(8),
    A: modeText(info.mode),
    i: info.ino,
    h: info.nlink,
    u: info.uid,
    g: info.gid,
    Y: Math.floor(info.mtime),
    F: kinds[info.mode & S_IFMT] ?? (info.size === 0 ? 'regular empty file' : 'regular file'),
    '%': '%',
  };
  return String(fields[letter] ?? `%${letter}`);
}

const pwd: Command = function* (argv) {
  return yield* print(argv, `${yield* getcwd()}\n`);
};

const readlinkCommand: Command = function* (argv) {
  const { rest } = options(argv, 'f');
  for (const path of rest) {
    const target = yield* readlink(path);
    if (typeof target === 'number') return 1;
    yield* print(argv, `${target}\n`);
  }
  return 0;
};

/** dd if= of= bs= count= skip= seek= */
const dd: Command = function* (argv) {
  const given = new Map(
    argv
      .slice(1)
      .map((word): [string, string] => [word.split('=')[0] ?? '', word.slice(word.indexOf('=') + 1)]),
  );
  const size = (text: string | undefined, fallback: number) => {
    const match = /^(\d+)([kKMG]?)/.exec(text ?? '');
    return match
      ? Number(match[1]) * ({ k: 1024, K: 1024, M: 1048576, G: 1073741824 }[match[2] ?? ''] ?? 1)
      : fallback;
  };
  const block = Math.min(size(given.get('bs'), 512), 32768);
  const count = size(given.get('count'), Number.POSITIVE_INFINITY);
  const input = given.has('if') ? yield* open(given.get('if') ?? '', O_RDONLY) : 0;
  if (input < 0) return yield* failed(argv, given.get('if') ?? '', input);
  const flags = O_WRONLY | O_CREAT | (given.get('conv') === 'notrunc' ? 0 : O_TRUNC);
  const output = given.has('of') ? yield* open(given.get('of') ?? '', flags) : 1;
  if (output < 0) return yield* failed(argv, given.get('of') ?? '', output);
  const skip = size(given.get('skip'), 0) * block;
  if (skip > 0) yield* lseek(input, skip, 0);
  const seek = size(given.get('seek'), 0) * block;
  if (seek > 0) yield* lseek(output, seek, 0);
  let blocks = 0;
  let bytes = 0;
  for (; blocks < count; blocks++) {
    const chunk = yield* read(input, block);
    if (typeof chunk === 'number') return yield* failed(argv, given.get('if') ?? 'read', chunk);
    if (chunk.length === 0) break;
    const answer = yield* write(output, chunk);
    if (answer < 0) return yield* failed(argv, given.get('of') ?? 'write', answer);
    bytes += chunk.length;
  }
  yield* write(2, `${blocks}+0 records in\n${blocks}+0 records out\n${bytes} bytes copied\n`);
  return 0;
};

const syncCommand: Command = function* () {
  yield* sync();
  return 0;
};

export const fileCommands: Readonly<Record<string, Command>> = {
  cat,
  tee,
  ls,
  cp,
  mv,
  ln,
  rm,
  mkdir: mkdirCommand,
  rmdir: rmdirCommand,
  touch,
  chmod: chmodCommand,
  stat: statCommand,
  pwd,
  readlink: readlinkCommand,
  dd,
  sync: syncCommand,
};
