/**
 * sh: the command. Interactive at a terminal, or `sh -c LINE`, or `sh FILE`.
 *
 * An interactive shell reads a line, and more lines while the text is unfinished (an open quote, a loop without done).
 * It says through its requests when it waits for a line, so that the host knows that the command before has ended.
 */
import { parse } from 'unbash';
import { errnoText } from '../../kernel/errno';
import type { Command } from '../programs/program';
import {
  decode,
  EINTR,
  getpid,
  getppid,
  ioctl,
  type Program,
  type Request,
  type Response,
  readFile,
  SIGINT,
  setIgnored,
  type Task,
  write,
} from '../syscalls';
import { reapJobs } from './builtins';
import { Jump, Shell } from './interpreter';
import { newState } from './state';

/** ioctl that only terminals answer (TCGETS). */
const TCGETS = 0x5401;
/** read(2). */
const READ = 0;
const LINE = 4096;

export const sh: Command = function* (argv, environment): Program {
  const words = [...argv];
  const options: string[] = [];
  while (/^-[a-zA-Z]+$/.test(words[1] ?? '') && words[1] !== '-c') options.push(words.splice(1, 1)[0] ?? '');
  const script = words[1] === '-c' ? words[2] : undefined;
  const file = script === undefined ? words[1] : undefined;
  const parameters =
    script === undefined ? words.slice(file === undefined ? 0 : 1) : [words[3] ?? 'sh', ...words.slice(4)];
  const state = newState(parameters.length > 0 ? parameters : ['sh'], environment);
  if (!state.variables.has('PATH')) state.variables.set('PATH', '/bin:/sbin:/usr/bin:/usr/sbin:/root');
  for (const option of options) for (const letter of option.slice(1)) state.options.add(letter);
  state.pid = yield* getpid();
  state.variables.set('PPID', String(yield* getppid()));
  const shell = new Shell(state, file ?? 'sh');
  if (script !== undefined) return yield* shell.asProcess(() => shell.run(script));
  if (file !== undefined) {
    const bytes = yield* readFile(file);
    if (typeof bytes === 'number') {
      yield* write(2, `sh: ${file}: ${errnoText(bytes)}\n`);
      return 127;
    }
    return yield* shell.asProcess(() => shell.run(decode(bytes)));
  }
  state.interactive = (yield* ioctl(0, TCGETS)) === 0;
  if (state.interactive) yield* setIgnored(SIGINT, true);
  return yield* interactive(shell);
};

function* interactive(shell: Shell): Task<number> {
  const { state } = shell;
  for (;;) {
    yield* reapJobs(shell);
    const text = yield* readCommand(shell);
    if (text === undefined) return state.status;
    try {
      yield* shell.run(text);
    } catch (error) {
      // A stray break or return at the prompt does nothing.
      if (!(error instanceof Jump)) throw error;
      if (error.kind === 'exit') return error.count;
    }
  }
}

/** One complete command text; undefined at the end of input. */
function* readCommand(shell: Shell): Task<string | undefined> {
  let text = '';
  for (;;) {
    const line = yield* readLine(shell.state.status, text === '');
    if (line === undefined) return text === '' ? undefined : text;
    text += line;
    if (!unfinished(text)) return text;
  }
}

/** A line with its newline, from the terminal. */
function* readLine(status: number, first: boolean): Task<string | undefined> {
  let bytes: number[] = [];
  for (;;) {
    const request: Request = {
      number: READ,
      arguments: [
        { kind: 'number', value: 0n },
        { kind: 'room', length: LINE },
        { kind: 'number', value: BigInt(LINE) },
      ],
      ...(first && bytes.length === 0 ? { prompt: status } : {}),
    };
    const response: Response = yield request;
    if (response.result === EINTR) continue;
    if (response.result <= 0) return bytes.length > 0 ? decode(Uint8Array.from(bytes)) : undefined;
    bytes = [...bytes, ...(response.rooms[0] ?? new Uint8Array()).slice(0, response.result)];
    if (bytes[bytes.length - 1] === 10) return decode(Uint8Array.from(bytes));
  }
}

/** True when more lines must follow: the parser complains, and only at the very end. */
function unfinished(text: string): boolean {
  if (/\\\n$/.test(text)) return true;
  const { errors } = parse(text);
  if (errors === undefined || errors.length === 0) return openHereDocument(text);
  return errors.every((error) => error.pos >= text.trimEnd().length) || opensMore(text);
}

/** A here-document whose closing word has not come. */
function openHereDocument(text: string): boolean {
  const match = /<<-?\s*(['"]?)(\w+)\1/.exec(text);
  return (
    match !== null && !new RegExp(`^\\t*${match[2]}$`, 'm').test(text.slice(match.index + match[0].length))
  );
}

/** Keywords or quotes that are opened more often than closed. */
function opensMore(text: string): boolean {
  const count = (expression: RegExp) => (text.match(expression) ?? []).length;
  const quotes = count(/(?<!\\)"/g) % 2 === 1 || count(/'/g) % 2 === 1;
  const opened = count(/\b(?:do|then|case)\b/g) + count(/(?:^|[\s;])\{(?=\s)/g);
  const closed = count(/\b(?:done|fi|esac)\b/g) + count(/(?:^|[\s;])\}/g);
  return quotes || opened > closed;
}
