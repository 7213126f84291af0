/** Commands that only print: echo, printf, seq, yes, true, false, uname, id, date and their like. */
import { getpid, getuid, open, read, type Task, uname, write } from '../syscalls';
import { baseName, type Command, complain, options, print } from './program';

/** What stands for a character that is hard to type, behind a backslash. */
export const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  e: '\x1b',
  '\\': '\\',
};

/** Replaces backslash escapes as echo -e and printf know them. */
function unescapeText(text: string): string {
  return text.replace(/\\(x[0-9a-fA-F]{1,2}|0?[0-7]{1,3}|[\s\S])/g, (whole, code: string) => {
    if (code.startsWith('x') && code.length > 1)
      return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 255);
    return ESCAPES[code] ?? whole;
  });
}

const echo: Command = function* (argv) {
  let at = 1;
  let newline = true;
  let escapes = false;
  for (; /^-[neE]+$/.test(argv[at] ?? ''); at++) {
    const word = argv[at] ?? '';
    if (word.includes('n')) newline = false;
    if (word.includes('e')) escapes = true;
    if (word.includes('E')) escapes = false;
  }
  const text = argv.slice(at).join(' ');
  return yield* print(argv, (escapes ? unescapeText(text) : text) + (newline ? '\n' : ''));
};

/** The number that printf's conversions read: 0x, octal, 'c for a character's code. */
function numeric(text: string): bigint {
  if (/^['"]/.test(text)) return BigInt(text.codePointAt(1) ?? 0);
  const match = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|\d+)/.exec(text);
  if (match === null) return 0n;
  const digits = match[2] ?? '0';
  const value = /^0[0-7]+$/.test(digits) ? BigInt(`0o${digits.slice(1)}`) : BigInt(digits);
  return match[1] === '-' ? -value : value;
}

function convert(
  flags: string,
  width: string,
  precision: string | undefined,
  conversion: string,
  argument: string,
): string {
  let text: string;
  switch (conversion) {
    case 'd':
    case 'i':
    case 'u': {
      const value = numeric(argument);
      text = (conversion === 'u' ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value)).toString();
      break;
    }
    case 'x':
    case 'X':
    case 'o': {
      const digits = BigInt.asUintN(64, numeric(argument)).toString(conversion === 'o' ? 8 : 16);
      const prefix = flags.includes('#') ? (conversion === 'o' ? '0' : '0x') : '';
      text = conversion === 'X' ? (prefix + digits).toUpperCase() : prefix + digits;
      break;
    }
    case 'c':
      text = argument.slice(0, 1);
      break;
    case 'b':
      text = unescapeText(argument);
      break;
    default:
      text = precision === undefined ? argument : argument.slice(0, Number(precision));
  }
  const size = Number(width || 0);
  if (flags.includes('-')) return text.padEnd(size);
  const zero = flags.includes('0') && 'diuxXo'.includes(conversion);
  return zero ? text.replace(/^(-?)/, (sign) => sign).padStart(size, '0') : text.padStart(size);
}

const printf: Command = function* (argv) {
  const [, format, ...rest] = argv;
  if (format === undefined) return yield* complain(argv, 'missing format');
  let output = '';
  let used = 0;
  do {
    const before = used;
    output += format.replace(
      /%%|%([-#0 +]*)(\d*|\*)(?:\.(\d+))?(?:l|ll|h)?([diuxXocsb])|\\(?:x[0-9a-fA-F]{1,2}|0?[0-7]{1,3}|[\s\S])/g,
      (
        whole,
        flags: string,
        width: string,
        precision: string | undefined,
        conversion: string | undefined,
      ) => {
        if (whole === '%%') return '%';
        if (conversion === undefined) return unescapeText(whole);
        const size = width === '*' ? (rest[used++] ?? '0') : width;
        return convert(flags, size, precision, conversion, rest[used++] ?? '');
      },
    );
    if (used === before) break;
  } while (used < rest.length);
  // Escapes above 127 stand for bytes, not for characters.
  return yield* print(
    argv,
    /[\x80-\xff]/.test(output) ? Uint8Array.from(output, (char) => char.charCodeAt(0)) : output,
  );
};

const seq: Command = function* (argv) {
  const negative = argv.findIndex((word, index) => index > 0 && /^-\d/.test(word));
  // A negative number is no option.
  const marked = negative < 0 ? argv : [...argv.slice(0, negative), '--', ...argv.slice(negative)];
  const { rest, values, flags } = options(marked, 'ws:');
  const numbers = rest.map(Number);
  if (numbers.length === 0 || numbers.some(Number.isNaN))
    return yield* complain(argv, 'expects numbers: [FIRST [STEP]] LAST');
  const first = numbers.length > 1 ? (numbers[0] ?? 1) : 1;
  const step = numbers.length > 2 ? (numbers[1] ?? 1) : 1;
  const last = numbers[numbers.length - 1] ?? 0;
  if (step === 0) return yield* complain(argv, 'the step must not be 0');
  const width = flags.has('w') ? Math.max(String(first).length, String(last).length) : 0;
  const separator = values.get('s') ?? '\n';
  let chunk: string[] = [];
  for (let value = first; step > 0 ? value <= last : value >= last; value += step) {
    chunk.push(String(value).padStart(width, '0'));
    if (chunk.length < 2000) continue;
    const status = yield* print(argv, chunk.join(separator) + separator);
    if (status !== 0) return status;
    chunk = [];
  }
  return chunk.length > 0 ? yield* print(argv, `${chunk.join(separator)}\n`) : 0;
};

const yes: Command = function* (argv) {
  const line = `${argv.slice(1).join(' ') || 'y'}\n`;
  const block = line.repeat(Math.max(1, Math.floor(4096 / line.length)));
  for (;;) if ((yield* write(1, block)) < 0) return 1;
};

const succeed: Command = function* () {
  return 0;
};

const fail: Command = function* () {
  return 1;
};

const unameCommand: Command = function* (argv) {
  const { flags } = options(argv, 'asnrvmo');
  const [sysname = '', nodename = '', release = '', version = '', machine = ''] = yield* uname();
  const fields: [string, string][] = [
    ['s', sysname],
    ['n', nodename],
    ['r', release],
    ['v', version],
    ['m', machine],
    ['o', 'GNU/Linux'],
  ];
  const wanted = flags.size === 0 ? new Set(['s']) : flags;
  const shown = fields.filter(([letter]) => wanted.has('a') || wanted.has(letter)).map(([, value]) => value);
  return yield* print(argv, `${shown.join(' ')}\n`);
};

const id: Command = function* (argv) {
  const { flags } = options(argv, 'ugnG');
  const uid = yield* getuid();
  const name = uid === 0 ? 'root' : `uid${uid}`;
  if (flags.has('u') || flags.has('g') || flags.has('G')) {
    return yield* print(argv, `${flags.has('n') ? name : uid}\n`);
  }
  return yield* print(argv, `uid=${uid}(${name}) gid=${uid}(${name}) groups=${uid}(${name})\n`);
};

const whoami: Command = function* (argv) {
  const uid = yield* getuid();
  return yield* print(argv, uid === 0 ? 'root\n' : `${uid}\n`);
};

const hostname: Command = function* (argv) {
  const [, nodename = ''] = yield* uname();
  return yield* print(argv, `${nodename}\n`);
};

const basename: Command = function* (argv) {
  const [, path = '', suffix = ''] = argv;
  const name = baseName(path);
  return yield* print(
    argv,
    `${suffix !== '' && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`,
  );
};

const dirname: Command = function* (argv) {
  const path = (argv[1] ?? '').replace(/\/+$/, '');
  const slash = path.lastIndexOf('/');
  return yield* print(argv, `${slash < 0 ? '.' : slash === 0 ? '/' : path.slice(0, slash)}\n`);
};

const clear: Command = function* (argv) {
  return yield* print(argv, '\x1b[2J\x1b[H');
};

/** nproc: counts the processors that /proc/cpuinfo names. */
const nproc: Command = function* (argv) {
  const text = yield* firstBytes('/proc/cpuinfo');
  return yield* print(argv, `${Math.max(1, text.split(/^processor\b/m).length - 1)}\n`);
};

const uptime: Command = function* (argv) {
  const [seconds = '0'] = (yield* firstBytes('/proc/uptime')).split(' ');
  const whole = Math.floor(Number(seconds));
  const pad = (value: number) => String(value).padStart(2, '0');
  return yield* print(
    argv,
    ` up ${Math.floor(whole / 3600)}:${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}\n`,
  );
};

function* firstBytes(path: string): Task<string> {
  const fd = yield* open(path, 0);
  const bytes = fd < 0 ? new Uint8Array() : yield* read(fd);
  return typeof bytes === 'number' ? '' : String.fromCharCode(...bytes);
}

const showPid: Command = function* (argv) {
  return yield* print(argv, `${yield* getpid()}\n`);
};

export const outputCommands: Readonly<Record<string, Command>> = {
  echo,
  printf,
  seq,
  yes,
  true: succeed,
  false: fail,
  uname: unameCommand,
  id,
  whoami,
  hostname,
  basename,
  dirname,
  clear,
  nproc,
  uptime,
  getpid: showPid,
};
