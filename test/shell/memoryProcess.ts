/**
 * Runs one console program without a kernel: its system calls on files are answered from a map, everything else is
 * ENOSYS. Enough for filters; what forks is tested in the guest.
 */
import { COMMANDS, findProgram } from '../../emulator/shell/commands';
import type { Argument, Request, Response } from '../../emulator/shell/syscalls';

export interface Run {
  status: number;
  output: string;
  errors: string;
  files: Map<string, string>;
}

const ENOENT = -2;
const EBADF = -9;
const ENOSYS = -38;
const READ = 0;
const WRITE = 1;
const CLOSE = 3;
const STAT = 4;
const RENAME = 82;
const OPENAT = 257;
const EXIT = 231;

const latin = new TextDecoder();
const encoder = new TextEncoder();

function value(argument: Argument | undefined): number {
  return argument?.kind === 'number' ? Number(argument.value) : 0;
}

function bytes(argument: Argument | undefined): Uint8Array {
  return argument?.kind === 'bytes' ? argument.bytes : new Uint8Array();
}

function path(argument: Argument | undefined): string {
  return latin.decode(bytes(argument)).replace(/\0$/, '');
}

/** Runs `argv` with standard input and files; all texts are UTF-8. */
export function runProgram(
  argv: readonly string[],
  input: string,
  given: Readonly<Record<string, string>> = {},
): Run {
  const files = new Map(Object.entries(given));
  const open = new Map<number, { name: string; at: number }>([[0, { name: '<stdin>', at: 0 }]]);
  const contents = new Map([...files].map(([name, text]) => [name, encoder.encode(text)]));
  contents.set('<stdin>', encoder.encode(input));
  let output = '';
  let errors = '';
  let exit: number | undefined;

  function answer({ number, arguments: args }: Request): Response {
    const [first, second, third] = args;
    const plain = (result: number): Response => ({ result, rooms: [] });
    switch (number) {
      case READ: {
        const file = open.get(value(first));
        if (!file) return plain(EBADF);
        const data = contents.get(file.name) ?? new Uint8Array();
        const piece = data.subarray(file.at, file.at + value(third));
        file.at += piece.length;
        return { result: piece.length, rooms: [piece] };
      }
      case WRITE: {
        const fd = value(first);
        const data = bytes(second);
        if (fd === 1) output += latin.decode(data);
        else if (fd === 2) errors += latin.decode(data);
        else {
          const file = open.get(fd);
          if (!file) return plain(EBADF);
          files.set(file.name, (files.get(file.name) ?? '') + latin.decode(data));
        }
        return plain(data.length);
      }
      case RENAME: {
        const text = files.get(path(first));
        if (text === undefined) return plain(ENOENT);
        files.delete(path(first));
        files.set(path(second), text);
        return plain(0);
      }
      case OPENAT: {
        const name = path(second);
        const writing = (value(third) & 3) !== 0;
        if (!writing && !contents.has(name)) return plain(ENOENT);
        if (writing) files.set(name, '');
        const fd = Math.max(2, ...open.keys()) + 1;
        open.set(fd, { name, at: 0 });
        return plain(fd);
      }
      case CLOSE:
        return plain(open.delete(value(first)) ? 0 : EBADF);
      case STAT: {
        const data = contents.get(path(first));
        if (!data) return plain(ENOENT);
        const room = new Uint8Array(144);
        new DataView(room.buffer).setUint32(24, 0o100644, true);
        new DataView(room.buffer).setBigInt64(48, BigInt(data.length), true);
        return { result: 0, rooms: [room] };
      }
      case EXIT:
        exit = value(first);
        return plain(0);
      default:
        return plain(ENOSYS);
    }
  }

  const program = findProgram(COMMANDS)(argv, []);
  if (!program) throw new Error(`no such command: ${argv[0]}`);
  let next = program.next();
  while (next.done !== true && exit === undefined) next = program.next(answer(next.value));
  return { status: exit ?? (next.done === true ? next.value : 0), output, errors, files };
}
