/**
 * The system calls a console program makes, as generators: `yield*` one and get its result.
 *
 * A program's only inputs are these results, which are logged; so a program can be rebuilt from its log after a
 * snapshot was restored. Numbers and structure layouts: Linux's x86-64 user ABI.
 */

/** An argument of a request: a number, bytes to hand over, room for bytes to get back, or a table of strings. */
export type Argument =
  | { kind: 'number'; value: bigint }
  | { kind: 'bytes'; bytes: Uint8Array }
  | { kind: 'room'; length: number }
  | { kind: 'strings'; strings: readonly string[] };

/** What a program asks for. `child` is the program that a fork's child runs. */
export interface Request {
  number: number;
  arguments: Argument[];
  child?: () => Program;
  /** Set when an interactive shell waits for a command: the status of the one before. */
  prompt?: number;
}

/** What came back: the result (negative: -errno) and the bytes of each 'room'. */
export interface Response {
  result: number;
  rooms: Uint8Array[];
}

/** A console program: yields requests, returns its exit code. */
export type Program = Generator<Request, number, Response>;
/** A part of a program with a result. */
export type Task<T> = Generator<Request, T, Response>;

/** Most bytes that one read or write moves: what fits the buffer beside short strings. */
export const CHUNK = 32768;

export const O_RDONLY = 0;
export const O_WRONLY = 1;
export const O_RDWR = 2;
export const O_CREAT = 0o100;
export const O_EXCL = 0o200;
export const O_TRUNC = 0o1000;
export const O_APPEND = 0o2000;
export const AT_FDCWD = -100;
export const SIGINT = 2;
export const SIGKILL = 9;
export const SIGPIPE = 13;
export const SIGTERM = 15;
export const SIGCHLD = 17;
export const EINTR = -4;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** UTF-8 bytes of a text. */
export const encode = (text: string): Uint8Array => encoder.encode(text);
/** Text of UTF-8 bytes; malformed ones become U+FFFD. */
export const decode = (bytes: Uint8Array): string => decoder.decode(bytes);

const number = (value: number | bigint): Argument => ({ kind: 'number', value: BigInt(value) });
const path = (text: string): Argument => ({ kind: 'bytes', bytes: encode(`${text}\0`) });
const room = (length: number): Argument => ({ kind: 'room', length });

function* call(nr: number, ...args: Argument[]): Task<Response> {
  return yield { number: nr, arguments: args };
}

function* simple(nr: number, ...args: Argument[]): Task<number> {
  return (yield* call(nr, ...args)).result;
}

/** A plain call with numbers and paths only; results are -errno on failure. */
export const read = function* (fd: number, length = CHUNK): Task<Uint8Array | number> {
  const { result, rooms } = yield* call(0, number(fd), room(length), number(length));
  return result < 0 ? result : (rooms[0] ?? new Uint8Array()).slice(0, result);
};

/** Writes everything; the errno (negative) of the first failure, else 0. */
export const write = function* (fd: number, data: string | Uint8Array): Task<number> {
  const bytes = typeof data === 'string' ? encode(data) : data;
  for (let at = 0; at < bytes.length; ) {
    const chunk = bytes.subarray(at, at + CHUNK);
    const result = yield* simple(1, number(fd), { kind: 'bytes', bytes: chunk }, number(chunk.length));
    if (result < 0) return result;
    at += result;
  }
  return 0;
};

export const open = (file: string, flags: number, mode = 0o666): Task<number> =>
  simple(257, number(AT_FDCWD), path(file), number(flags), number(mode));
export const close = (fd: number): Task<number> => simple(3, number(fd));
export const lseek = (fd: number, offset: number, whence: number): Task<number> =>
  simple(8, number(fd), number(offset), number(whence));
export const ioctl = (fd: number, request: number): Task<number> =>
  simple(16, number(fd), number(request), room(64));
export const dup2 = (from: number, to: number): Task<number> => simple(33, number(from), number(to));
export const getpid = (): Task<number> => simple(39);
export const getppid = (): Task<number> => simple(110);
export const getuid = (): Task<number> => simple(102);
export const exit = (code: number): Task<number> => simple(231, number(code & 255));
export const kill = (pid: number, signal: number): Task<number> => simple(62, number(pid), number(signal));
export const rename = (from: string, to: string): Task<number> => simple(82, path(from), path(to));
export const mkdir = (name: string, mode = 0o777): Task<number> => simple(83, path(name), number(mode));
export const rmdir = (name: string): Task<number> => simple(84, path(name));
export const link = (from: string, to: string): Task<number> => simple(86, path(from), path(to));
export const unlink = (name: string): Task<number> => simple(87, path(name));
export const symlink = (target: string, name: string): Task<number> => simple(88, path(target), path(name));
export const chmod = (name: string, mode: number): Task<number> => simple(90, path(name), number(mode));
export const chdir = (name: string): Task<number> => simple(80, path(name));
export const umask = (mask: number): Task<number> => simple(95, number(mask));
/** Seconds since 1970, by the machine's clock. */
export const time = (): Task<number> => simple(201, number(0));
export const sync = (): Task<number> => simple(162);
export const mount = (source: string, target: string, type: string, flags = 0): Task<number> =>
  simple(165, path(source), path(target), path(type), number(flags), number(0));
export const umount = (target: string): Task<number> => simple(166, path(target), number(0));
export const reboot = (command: number): Task<number> =>
  simple(169, number(0xfee1dead), number(672274793), number(command), number(0));
export const deleteModule = (name: string, flags: number): Task<number> =>
  simple(176, path(name), number(flags));
export const finitModule = (fd: number, parameters: string): Task<number> =>
  simple(313, number(fd), path(parameters), number(0));
export const execve = (file: string, argv: readonly string[], environment: readonly string[]): Task<number> =>
  simple(59, path(file), { kind: 'strings', strings: argv }, { kind: 'strings', strings: environment });

/** Ends this process when it fails to start, as shells do: 126 or 127. */
export const pipe = function* (): Task<[number, number] | number> {
  const { result, rooms } = yield* call(22, room(8));
  if (result < 0) return result;
  const fds = view(rooms[0]);
  return [fds.getInt32(0, true), fds.getInt32(4, true)];
};

/** Forks; the child runs `child`. The child's pid, or -errno. */
export const fork = function* (child: () => Program): Task<number> {
  return (yield { number: 57, arguments: [], child }).result;
};

/** A child that ended: its pid, exit code and the signal that ended it. */
export interface Ended {
  pid: number;
  code: number;
  signal: number;
}

/** Waits for a child (-1: any). undefined with `noHang` when none has ended; -errno as a number. */
export const wait = function* (pid: number, noHang = false): Task<Ended | number | undefined> {
  const { result, rooms } = yield* call(61, number(pid), room(4), number(noHang ? 1 : 0), number(0));
  if (result === 0) return undefined;
  if (result < 0) return result;
  const status = view(rooms[0]).getInt32(0, true);
  return { pid: result, code: (status >> 8) & 255, signal: status & 127 };
};

/** Ignores a signal, or gives it back its default action. */
export const setIgnored = function* (signal: number, ignored: boolean): Task<number> {
  const action = new Uint8Array(32);
  action[0] = ignored ? 1 : 0;
  return yield* simple(13, number(signal), { kind: 'bytes', bytes: action }, number(0), number(8));
};

/** Sleeps; EINTR when a signal came. */
export const nanosleep = function* (seconds: number): Task<number> {
  const time = new Uint8Array(16);
  const fields = view(time);
  fields.setBigInt64(0, BigInt(Math.floor(seconds)), true);
  fields.setBigInt64(8, BigInt(Math.round((seconds % 1) * 1e9)), true);
  return yield* simple(35, { kind: 'bytes', bytes: time }, number(0));
};

export const getcwd = function* (): Task<string> {
  const { result, rooms } = yield* call(79, room(4096), number(4096));
  return result < 0 ? '/' : decode((rooms[0] ?? new Uint8Array()).slice(0, Math.max(0, result - 1)));
};

export const readlink = function* (name: string): Task<string | number> {
  const { result, rooms } = yield* call(89, path(name), room(4096), number(4096));
  return result < 0 ? result : decode((rooms[0] ?? new Uint8Array()).slice(0, result));
};

/** struct utsname: sysname, nodename, release, version, machine. */
export const uname = function* (): Task<string[]> {
  const { rooms } = yield* call(63, room(390));
  const bytes = rooms[0] ?? new Uint8Array();
  return [0, 1, 2, 3, 4].map((field) => cString(bytes.subarray(field * 65, field * 65 + 65)));
};

/** The parts of struct stat that programs show. */
export interface Stat {
  ino: number;
  mode: number;
  nlink: number;
  uid: number;
  gid: number;
  rdev: number;
  size: number;
  /** Seconds, with their fraction. */
  mtime: number;
}

/** stat(2), or lstat(2) with `follow` false. -errno as a number. */
export const stat = function* (name: string, follow = true): Task<Stat | number> {
  const { result, rooms } = yield* call(follow ? 4 : 6, path(name), room(144));
  if (result < 0) return result;
  const fields = view(rooms[0]);
  return {
    ino: Number(fields.getBigUint64(8, true)),
    nlink: Number(fields.getBigUint64(16, true)),
    mode: fields.getUint32(24, true),
    uid: fields.getUint32(28, true),
    gid: fields.getUint32(32, true),
    rdev: Number(fields.getBigUint64(40, true)),
    size: Number(fields.getBigInt64(48, true)),
    mtime: Number(fields.getBigInt64(88, true)) + Number(fields.getBigInt64(96, true)) / 1e9,
  };
};

/** Names in a directory, sorted, without . and ..; -errno as a number. */
export const list = function* (name: string): Task<string[] | number> {
  const fd = yield* open(name, O_RDONLY | 0o200000);
  if (fd < 0) return fd;
  const names: string[] = [];
  for (;;) {
    const { result, rooms } = yield* call(217, number(fd), room(CHUNK), number(CHUNK));
    if (result <= 0) {
      yield* close(fd);
      if (result < 0) return result;
      return names.filter((entry) => entry !== '.' && entry !== '..').sort();
    }
    const bytes = (rooms[0] ?? new Uint8Array()).slice(0, result);
    for (let at = 0; at + 19 < bytes.length; ) {
      const length = view(bytes).getUint16(at + 16, true);
      names.push(cString(bytes.subarray(at + 19, at + length)));
      at += Math.max(length, 20);
    }
  }
};

/** All of a file's bytes; -errno as a number. */
export const readFile = function* (name: string): Task<Uint8Array | number> {
  const fd = yield* open(name, O_RDONLY);
  if (fd < 0) return fd;
  const bytes = yield* readAll(fd);
  yield* close(fd);
  return bytes;
};

/** Reads a descriptor to its end; -errno as a number. */
export const readAll = function* (fd: number): Task<Uint8Array | number> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const chunk = yield* read(fd);
    if (typeof chunk === 'number') return chunk;
    if (chunk.length === 0) break;
    chunks.push(chunk);
  }
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
};

function view(bytes: Uint8Array | undefined): DataView {
  const whole = bytes ?? new Uint8Array(256);
  return new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
}

function cString(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decode(end < 0 ? bytes : bytes.subarray(0, end));
}
