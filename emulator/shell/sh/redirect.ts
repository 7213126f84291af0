/**
 * Redirections: opens what they name and puts it on the descriptors, in this process.
 *
 * Called in a command's own process after fork; around built-ins and compound commands the caller saves and restores.
 */
import type { HereDoc, HereString, Redirection } from 'unbash';
import { errnoText } from '../../kernel/errno';
import {
  close,
  dup2,
  O_APPEND,
  O_CREAT,
  O_RDONLY,
  O_RDWR,
  O_TRUNC,
  O_WRONLY,
  open,
  pipe,
  stat,
  type Task,
  write,
} from '../syscalls';
import type { Expander } from './expand';

/** A redirection that failed; the message names the file. */
export class RedirectError extends Error {}

const S_IFMT = 0o170000;
const S_IFREG = 0o100000;
/** Descriptors above every one that scripts use: where originals wait. */
const SAVED_BASE = 100;
/** A pipe holds this much without a reader; longer here-documents are cut with an error. */
const PIPE_BYTES = 65536;

/** Carries out the redirections in order; with `noClobber` (set -C) > does not replace files. Throws RedirectError. */
export function* redirect(
  redirections: readonly Redirection[],
  expander: Expander,
  noClobber: boolean,
): Task<void> {
  for (const redirection of redirections) {
    const descriptor =
      redirection.descriptor?.type === 'FileDescriptor' ? redirection.descriptor.value : undefined;
    if (redirection.type !== 'Redirect') {
      yield* hereDocument(redirection, descriptor ?? 0, expander);
      continue;
    }
    const target = redirection.target ? yield* expander.text(redirection.target) : '';
    yield* file(redirection.operator, descriptor, target, noClobber);
  }
}

function* file(
  operator: string,
  descriptor: number | undefined,
  target: string,
  noClobber: boolean,
): Task<void> {
  switch (operator) {
    case '<':
      return yield* place(target, O_RDONLY, descriptor ?? 0);
    case '>':
    case '>|':
      if (noClobber && operator === '>' && (yield* isRegular(target))) {
        throw new RedirectError(`${target}: cannot overwrite existing file`);
      }
      return yield* place(target, O_WRONLY | O_CREAT | O_TRUNC, descriptor ?? 1);
    case '>>':
      return yield* place(target, O_WRONLY | O_CREAT | O_APPEND, descriptor ?? 1);
    case '<>':
      return yield* place(target, O_RDWR | O_CREAT, descriptor ?? 0);
    case '&>':
    case '&>>':
      yield* place(target, O_WRONLY | O_CREAT | (operator === '&>' ? O_TRUNC : O_APPEND), 1);
      yield* dup2(1, 2);
      return;
    case '>&':
    case '<&': {
      const to = descriptor ?? (operator === '>&' ? 1 : 0);
      if (target === '-') {
        yield* close(to);
        return;
      }
      if (!/^\d+$/.test(target)) return yield* file('&>', undefined, target, noClobber);
      const answer = yield* dup2(Number(target), to);
      if (answer < 0) throw new RedirectError(`${target}: ${errnoText(answer)}`);
      return;
    }
    default:
      throw new RedirectError(`${operator}: unknown redirection`);
  }
}

function* isRegular(path: string): Task<boolean> {
  const info = yield* stat(path);
  return typeof info !== 'number' && (info.mode & S_IFMT) === S_IFREG;
}

function* place(path: string, flags: number, descriptor: number): Task<void> {
  const opened = yield* open(path, flags);
  if (opened < 0) throw new RedirectError(`${path}: ${errnoText(opened)}`);
  if (opened === descriptor) return;
  yield* dup2(opened, descriptor);
  yield* close(opened);
}

/** Here-documents and here-strings go through a pipe that holds them whole. */
function* hereDocument(
  redirection: HereDoc | HereString,
  descriptor: number,
  expander: Expander,
): Task<void> {
  let text: string;
  if (redirection.type === 'HereString') {
    text = `${redirection.target ? yield* expander.text(redirection.target) : ''}\n`;
  } else {
    const { body } = redirection;
    text = body.parts ? yield* expander.parts(body.parts) : body.text;
    if (redirection.operator === '<<-') text = text.replace(/^\t+/gm, '');
  }
  const ends = yield* pipe();
  if (typeof ends === 'number') throw new RedirectError(`here-document: ${errnoText(ends)}`);
  if (text.length > PIPE_BYTES - 4096)
    throw new RedirectError('here-document: longer than a pipe holds (60 KiB)');
  yield* write(ends[1], text);
  yield* close(ends[1]);
  if (ends[0] !== descriptor) {
    yield* dup2(ends[0], descriptor);
    yield* close(ends[0]);
  }
}

/** Runs `body` under redirections in this very process, then puts the descriptors back. */
export function* withRedirections<T>(
  redirections: readonly Redirection[],
  expander: Expander,
  noClobber: boolean,
  body: () => Task<T>,
): Task<T> {
  if (redirections.length === 0) return yield* body();
  const saved: [number, boolean][] = [];
  for (const descriptor of touched(redirections)) {
    saved.push([descriptor, (yield* dup2(descriptor, SAVED_BASE + descriptor)) >= 0]);
  }
  try {
    yield* redirect(redirections, expander, noClobber);
    return yield* body();
  } finally {
    for (const [descriptor, wasOpen] of saved) {
      if (wasOpen) {
        yield* dup2(SAVED_BASE + descriptor, descriptor);
        yield* close(SAVED_BASE + descriptor);
      } else {
        yield* close(descriptor);
      }
    }
  }
}

function touched(redirections: readonly Redirection[]): Set<number> {
  const descriptors = new Set<number>();
  for (const { descriptor, operator } of redirections) {
    if (descriptor?.type === 'FileDescriptor') descriptors.add(descriptor.value);
    else if (operator.startsWith('&')) descriptors.add(1).add(2);
    else descriptors.add(operator.startsWith('<') ? 0 : 1);
    if (operator === '>&') descriptors.add(2);
  }
  return descriptors;
}
