/**
 * awk's files and pipes by name: opened at their first use, kept until close() or the end.
 *
 * Output is held back until somebody could wait for it: before a read that may block, before a command starts, at the
 * end, or when it grows large. So `cat trace_pipe | awk …` shows each line when it comes, in few system calls.
 */
import { LineReader } from '../programs/reader';
import { become } from '../programs/runners';
import {
  close,
  dup2,
  fork,
  O_APPEND,
  O_CREAT,
  O_RDONLY,
  O_TRUNC,
  O_WRONLY,
  open,
  type Program,
  pipe,
  type Task,
  wait,
  write,
} from '../syscalls';
import type { Redirection } from './ast';

const HELD_BACK = 16384;

interface Output {
  fd: number;
  /** The command at the pipe's other end. */
  pid: number | undefined;
  held: string[];
  size: number;
}

interface Input {
  reader: LineReader;
  pid: number | undefined;
}

export class Streams {
  private readonly outputs = new Map<string, Output>();
  private readonly inputs = new Map<string, Input>();
  private readonly standard: Output = { fd: 1, pid: undefined, held: [], size: 0 };

  constructor(private readonly environment: readonly string[]) {}

  /** Writes to standard output. -errno when that failed. */
  *print(text: string): Task<number> {
    return yield* this.put(this.standard, text);
  }

  /** Writes to a file or a command. -errno when it cannot be opened or written. */
  *printTo(kind: Redirection['kind'], name: string, text: string): Task<number> {
    let output = this.outputs.get(name);
    if (output === undefined) {
      const opened = kind === 'pipe' ? yield* this.command(name, 1) : yield* openOutput(kind, name);
      if (typeof opened === 'number') return opened;
      output = { ...opened, held: [], size: 0 };
      this.outputs.set(name, output);
    }
    return yield* this.put(output, text);
  }

  /** The next record of a file or of a command's output: text, undefined at the end, -errno when it cannot be read. */
  *read(
    from: 'file' | 'command',
    name: string,
    separator: string | RegExp,
  ): Task<string | number | undefined> {
    let input = this.inputs.get(name);
    if (input === undefined) {
      const opened = from === 'command' ? yield* this.command(name, 0) : yield* openInput(name);
      if (typeof opened === 'number') return opened;
      input = { reader: new LineReader(opened.fd, () => this.flush()), pid: opened.pid };
      this.inputs.set(name, input);
    }
    return yield* input.reader.next(separator);
  }

  /** Closes what print or getline opened under this name: a command's exit code, 0, or -1 when there is none. */
  *close(name: string): Task<number> {
    const output = this.outputs.get(name);
    const input = this.inputs.get(name);
    let status = -1;
    if (output !== undefined) {
      this.outputs.delete(name);
      yield* flushOutput(output);
      status = yield* end(output.fd, output.pid);
    }
    if (input !== undefined) {
      this.inputs.delete(name);
      status = yield* end(input.reader.fd, input.pid);
    }
    return status;
  }

  *closeAll(): Task<void> {
    yield* this.flush();
    for (const name of [...this.outputs.keys(), ...this.inputs.keys()]) yield* this.close(name);
  }

  /** Hands all held output to the kernel. -errno of the first failure. */
  *flush(): Task<number> {
    let status = 0;
    for (const output of [this.standard, ...this.outputs.values()]) {
      status = (yield* flushOutput(output)) || status;
    }
    return status;
  }

  private *put(output: Output, text: string): Task<number> {
    output.held.push(text);
    output.size += text.length;
    // What goes to standard error is not held back, as with stdio.
    return output.size >= HELD_BACK || output.fd === 2 ? yield* flushOutput(output) : 0;
  }

  /** Starts `sh -c command` with a pipe on its standard output (0: we read) or input (1: we write). */
  private *command(command: string, ours: 0 | 1): Task<{ fd: number; pid: number } | number> {
    yield* this.flush();
    const ends = yield* pipe();
    if (typeof ends === 'number') return ends;
    const [fd, theirs] = ours === 0 ? ends : [ends[1], ends[0]];
    const { environment } = this;
    const pid = yield* fork(function* (): Program {
      yield* close(fd);
      yield* dup2(theirs, 1 - ours);
      yield* close(theirs);
      return yield* become(['/bin/sh', '-c', command], environment);
    });
    yield* close(theirs);
    return pid < 0 ? pid : { fd, pid };
  }
}

function* openOutput(
  kind: 'truncate' | 'append',
  name: string,
): Task<{ fd: number; pid: undefined } | number> {
  const standard = { '/dev/stdout': 1, '/dev/stderr': 2 }[name];
  if (standard !== undefined) return { fd: standard, pid: undefined };
  const fd = yield* open(name, O_WRONLY | O_CREAT | (kind === 'append' ? O_APPEND : O_TRUNC));
  return fd < 0 ? fd : { fd, pid: undefined };
}

function* openInput(name: string): Task<{ fd: number; pid: undefined } | number> {
  const fd = name === '-' || name === '/dev/stdin' ? 0 : yield* open(name, O_RDONLY);
  return fd < 0 ? fd : { fd, pid: undefined };
}

function* flushOutput(output: Output): Task<number> {
  if (output.held.length === 0) return 0;
  const text = output.held.join('');
  output.held = [];
  output.size = 0;
  return yield* write(output.fd, text);
}

function* end(fd: number, pid: number | undefined): Task<number> {
  if (fd > 2) yield* close(fd);
  if (pid === undefined) return 0;
  const ended = yield* wait(pid);
  if (typeof ended !== 'object') return -1;
  return ended.signal === 0 ? ended.code : 256 + ended.signal;
}
