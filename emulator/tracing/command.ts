/**
 * Parses one line of kprobe_events into words, kind, place, names and arguments.
 *
 * Two steps, because Linux has two: what the line's text alone decides (here), and what the running kernel decides
 * (symbols, other events, registration: definitions.ts). `Lookup` is the little that parsing needs to know of the
 * kernel: whether a place is a function's entry. Facts as in fetch/parse.ts.
 */
import { PROBE_ERRORS, type ProbeErrorName } from './errors';
import { FetchError, isIdentifier, parseArgument } from './fetch/parse';
import type { FetchArgument } from './fetch/program';
import { parseSigned, parseUnsigned } from './numbers';

const MAX_NAME = 64;
const MAX_ACTIVE = 4096n;
const MAX_ARGUMENTS = 128;

/** Where a probe goes. `symbol` may be MOD:SYM. */
export type Place = { kind: 'address'; address: bigint } | { kind: 'symbol'; symbol: string; offset: bigint };

/** A definition as written. Names are undefined when the kernel is to make them up. */
export interface Definition {
  kind: 'define';
  isReturn: boolean;
  maxactive: number | undefined;
  group: string | undefined;
  event: string | undefined;
  place: Place;
  arguments: FetchArgument[];
  words: readonly string[];
}

/** `-:[GRP/][EVENT] [PLACE [ARG…]]`. */
export interface Deletion {
  kind: 'delete';
  group: string | undefined;
  event: string | undefined;
  /** Place and arguments that must match, if given. */
  match: readonly string[];
}

/** A refused line. Without `error` nothing is logged. `caret` counts in the words re-joined with single spaces. */
export interface CommandError {
  kind: 'error';
  errno: string;
  error: ProbeErrorName | undefined;
  message: string;
  command: string;
  caret: number;
}

export type Command = Definition | Deletion | CommandError | { kind: 'empty' };

/** What the kernel says of a place: a unique function entry, inside code, nowhere, or in several places. */
export type PlaceKind = 'entry' | 'inside' | 'unknown' | 'ambiguous';

/** The parser's only question to the kernel. */
export type Lookup = (symbol: string, offset: bigint) => PlaceKind;

/** An error at `offset` in word number `index`; past the last word the caret stands after the command. */
export function commandError(
  words: readonly string[],
  error: ProbeErrorName,
  index: number,
  offset: number,
  errno = 'EINVAL',
): CommandError {
  const lengths = words.map((word) => word.length + 1);
  const sum = (count: number) => lengths.slice(0, count).reduce((total, length) => total + length, 0);
  const caret = index < words.length ? sum(index) + offset : sum(words.length);
  return { kind: 'error', errno, error, message: PROBE_ERRORS[error], command: words.join(' '), caret };
}

function silent(words: readonly string[], errno: string): CommandError {
  return { kind: 'error', errno, error: undefined, message: '', command: words.join(' '), caret: 0 };
}

/** Blanks as isspace() in the C locale has them, plus the no-break space that Linux's table counts. */
const BLANK = /[ \t\r\v\f\n\u00a0]+/;

/** Parses a line without its comment. Never throws. */
export function parseCommand(line: string, lookup: Lookup): Command {
  const words = line.split(BLANK).filter((word) => word.length > 0);
  if (line.startsWith('-')) return parseDeletion(words);
  const head = words[0];
  if (head === undefined) return { kind: 'empty' };
  if (!/^[pr]/.test(head) || words.length < 2) return silent(words, 'EINVAL');
  const colon = head.indexOf(':', 1);
  const isReturnHead = head.startsWith('r');
  let maxactive: number | undefined;
  if (/^\d/.test(head.slice(1))) {
    const parsed = parseMaxactive(words, head.slice(1, colon < 0 ? undefined : colon), isReturnHead);
    if (typeof parsed !== 'number') return parsed;
    maxactive = parsed;
  }
  const placed = parsePlace(words, isReturnHead, lookup);
  if ('kind' in placed) return placed;
  const named =
    colon < 0 ? { group: undefined, event: undefined } : parseNames(words, head.slice(colon + 1), colon + 1);
  if ('kind' in named) return named;
  const args: FetchArgument[] = [];
  for (const [index, word] of words.slice(2, 2 + MAX_ARGUMENTS).entries()) {
    const argument = parseArgument(word, index, args, placed);
    if (argument instanceof FetchError) {
      return argument.name === undefined
        ? silent(words, argument.errno)
        : commandError(words, argument.name, index + 2, argument.offset, argument.errno);
    }
    args.push(argument);
  }
  const { isReturn, place } = placed;
  return { kind: 'define', isReturn, maxactive, ...named, place, arguments: args, words };
}

function parseMaxactive(words: readonly string[], text: string, isReturn: boolean): number | CommandError {
  if (!isReturn) return commandError(words, 'MAXACT_NO_KPROBE', 0, 1);
  const parsed = parseUnsigned(text);
  if ('error' in parsed || parsed.value === 0n || parsed.value > 0xffffffffn) {
    return commandError(words, 'BAD_MAXACT', 0, 1);
  }
  if (parsed.value > MAX_ACTIVE) return commandError(words, 'MAXACT_TOO_BIG', 0, 1);
  return Number(parsed.value);
}

interface Placed {
  place: Place;
  isReturn: boolean;
  functionEntry: boolean;
}

/** The second word: ADDR, or [MOD:]SYM[+OFF][%return]. */
function parsePlace(words: readonly string[], isReturnHead: boolean, lookup: Lookup): Placed | CommandError {
  const word = words[1] ?? '';
  const address = parseUnsigned(word);
  if ('value' in address) {
    if (address.value === 0n) return commandError(words, 'FAIL_REG_PROBE', 1, 0);
    return {
      place: { kind: 'address', address: address.value },
      isReturn: isReturnHead,
      functionEntry: false,
    };
  }
  if (word.includes('/') && word.includes(':')) return silent(words, 'EINVAL');
  const percent = word.indexOf('%');
  if (percent >= 0 && word.slice(percent) !== '%return')
    return commandError(words, 'BAD_ADDR_SUFFIX', 1, percent);
  const isReturn = isReturnHead || percent >= 0;
  const text = percent >= 0 ? word.slice(0, percent) : word;
  const sign = text.search(/[+-]/);
  const symbol = sign < 0 ? text : text.slice(0, sign);
  const offset = sign < 0 ? { value: 0n } : parseSigned(text.slice(sign));
  if ('error' in offset || offset.value < 0n || offset.value > 0xffffffffn) {
    return commandError(words, 'BAD_PROBE_ADDR', 1, 0);
  }
  const kind = lookup(symbol, offset.value);
  if (kind === 'ambiguous') return commandError(words, 'NON_UNIQ_SYMBOL', 1, 0, 'EADDRNOTAVAIL');
  if (kind === 'unknown') return commandError(words, 'BAD_PROBE_ADDR', 1, 0, 'ENOENT');
  if (isReturn && kind === 'inside' && offset.value !== 0n) return commandError(words, 'BAD_RETPROBE', 1, 0);
  return {
    place: { kind: 'symbol', symbol, offset: offset.value },
    isReturn,
    functionEntry: kind === 'entry',
  };
}

/** [GRP/][EVENT] or [GRP.][EVENT] after the colon; `offset` is its column. */
function parseNames(
  words: readonly string[],
  text: string,
  offset: number,
): { group: string | undefined; event: string | undefined } | CommandError {
  const slash = text.includes('/') ? text.indexOf('/') : text.indexOf('.');
  let group: string | undefined;
  let event = text;
  if (slash >= 0) {
    if (slash === 0) return commandError(words, 'NO_GROUP_NAME', 0, offset);
    if (slash + 1 > MAX_NAME) return commandError(words, 'GROUP_TOO_LONG', 0, offset);
    group = text.slice(0, slash);
    if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(group)) return commandError(words, 'BAD_GROUP_NAME', 0, offset);
    offset += slash + 1;
    event = text.slice(slash + 1);
    if (event.length === 0) return { group, event: undefined };
  }
  if (event.length === 0) return commandError(words, 'NO_EVENT_NAME', 0, offset);
  if (event.length >= MAX_NAME) return commandError(words, 'EVENT_TOO_LONG', 0, offset);
  if (!isIdentifier(event)) return commandError(words, 'BAD_EVENT_NAME', 0, offset);
  return { group, event };
}

function parseDeletion(words: readonly string[]): Deletion | CommandError {
  const [head = '', ...match] = words;
  if (!head.startsWith('-:')) return silent(words, 'EINVAL');
  const text = head.slice(2);
  const slash = text.includes('/') ? text.indexOf('/') : text.indexOf('.');
  const group = slash >= 0 ? text.slice(0, slash) : undefined;
  const event = slash >= 0 ? text.slice(slash + 1) : text;
  if (group === undefined && event === '') return silent(words, 'EINVAL');
  return { kind: 'delete', group, event: event === '' ? undefined : event, match };
}
