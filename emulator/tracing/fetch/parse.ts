/**
 * Parses one argument of a kprobe_events definition: NAME=FETCHARG:TYPE[COUNT].
 *
 * The order of the checks and the column of each complaint are those of Linux 6.1 (kernel/trace/trace_probe.c as
 * described in Documentation/trace/kprobetrace.rst and recorded in test/conformance), odd columns included: after
 * `+u` the kernel counts one character too few. Pure: nothing is looked up here.
 */
import type { ProbeErrorName } from '../errors';
import { parseSigned, parseUnsigned, toU64 } from '../numbers';
import {
  type BitField,
  type Dereference,
  type FetchArgument,
  type FetchSource,
  REGISTER_NAMES,
  type RegisterName,
} from './program';
import { type FetchType, fetchType, isText } from './types';

/** Longest argument name and argument text. */
const MAX_ARGUMENT_NAME = 32;
const MAX_ARGUMENT_TEXT = 63;
const MAX_ARRAY = 64;
/** Thread size in words: the last stack slot that may be named. */
const MAX_STACK_INDEX = 2048n;
/** Slots in the kernel's fetch program, the final store included. */
const MAX_OPERATIONS = 16;

/** Field names that every event has already. */
const RESERVED = new Set([
  ...['common_type', 'common_flags', 'common_preempt_count', 'common_pid', 'common_tgid'],
  ...['__probe_ip', '__probe_ret_ip', '__probe_func'],
]);

/** A complaint: `offset` counts from the start of the argument. Without a name the kernel answers -EINVAL in silence. */
export class FetchError {
  constructor(
    readonly name: ProbeErrorName | undefined,
    readonly offset: number,
    readonly errno: 'EINVAL' | 'ERANGE' = 'EINVAL',
  ) {}
}

/** What the place of the probe allows. */
export interface FetchContext {
  isReturn: boolean;
  /** The probe sits on a function's first instruction, named by symbol. */
  functionEntry: boolean;
}

/** True for a C identifier. */
export function isIdentifier(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text);
}

/** Parses argument number `index` (from 0); `before` are the arguments in front of it. */
export function parseArgument(
  text: string,
  index: number,
  before: readonly FetchArgument[],
  context: FetchContext,
): FetchArgument | FetchError {
  const equals = text.indexOf('=');
  if (equals > MAX_ARGUMENT_NAME) return new FetchError('ARG_NAME_TOO_LONG', 0);
  if (equals === 0) return new FetchError('NO_ARG_NAME', 0);
  const name = equals > 0 ? text.slice(0, equals) : `arg${index + 1}`;
  if (!isIdentifier(name)) return new FetchError('BAD_ARG_NAME', 0);
  if (RESERVED.has(name) || before.some((argument) => argument.name === name))
    return new FetchError('USED_ARG_NAME', 0);
  return parseBody(name, text.slice(equals + 1), equals + 1, context);
}

function parseBody(
  name: string,
  body: string,
  offset: number,
  context: FetchContext,
): FetchArgument | FetchError {
  if (body.length > MAX_ARGUMENT_TEXT) return new FetchError('ARG_TOO_LONG', offset);
  if (body.length === 0) return new FetchError('NO_ARG_BODY', offset);
  const colon = body.indexOf(':');
  const expression = colon < 0 ? body : body.slice(0, colon);
  const typeOffset = colon < 0 ? offset : offset + colon + 1;
  const split =
    colon < 0 ? { typeName: undefined, count: undefined } : splitArray(body.slice(colon + 1), typeOffset);
  if (split instanceof FetchError) return split;
  const { typeName, count } = split;
  let type: FetchType | undefined;
  if (
    body === '$comm' ||
    body === '$COMM' ||
    expression === '$comm' ||
    expression === '$COMM' ||
    body.startsWith('\\"')
  ) {
    // Linux knows these by their text: their only type is string, and a wrong one is refused without a word.
    if (count !== undefined || (typeName !== undefined && typeName !== 'string'))
      return new FetchError(undefined, offset);
    type = fetchType('string');
  } else {
    type = fetchType(typeName);
  }
  if (type === undefined) return new FetchError('BAD_TYPE', typeOffset);
  const program = parseExpression(expression, offset, context);
  if (program instanceof FetchError) return program;
  const { source, dereferences } = program;
  const refused = checkStore(type, count, program, typeOffset);
  if (refused) return refused;
  const bitField = typeName?.startsWith('b') ? parseBitField(typeName, type) : undefined;
  if (bitField === null) return new FetchError('BAD_BITFIELD', typeOffset);
  if (count !== undefined) {
    const last = dereferences[dereferences.length - 1];
    const fromMemory = last !== undefined && (isText(type) ? type.kind !== 'symstr' : !last.user);
    if (!fromMemory) return new FetchError('BAD_STRING', typeOffset);
  }
  return { name, body, source, dereferences, type, count, bitField };
}

/** TYPE[COUNT] -> its two halves. */
function splitArray(
  text: string,
  offset: number,
): { typeName: string; count: number | undefined } | FetchError {
  const open = text.indexOf('[');
  if (open < 0) return { typeName: text, count: undefined };
  const close = text.indexOf(']', open);
  if (close < 0) return new FetchError('ARRAY_NO_CLOSE', offset + text.length);
  if (close + 1 < text.length) return new FetchError('BAD_ARRAY_SUFFIX', offset + close + 1);
  const count = parseUnsigned(text.slice(open + 1, close));
  if ('error' in count || count.value === 0n || count.value > 0xffffffffn) {
    return new FetchError('BAD_ARRAY_NUM', offset + open + 1);
  }
  if (count.value > BigInt(MAX_ARRAY)) return new FetchError('ARRAY_TOO_BIG', offset + open + 1);
  return { typeName: text.slice(0, open), count: Number(count.value) };
}

interface Program {
  source: FetchSource;
  dereferences: Dereference[];
}

/** Text types need something that points to text; symstr needs a value. */
function checkStore(
  type: FetchType,
  count: number | undefined,
  { source, dereferences }: Program,
  typeOffset: number,
): FetchError | undefined {
  const fromMemory = dereferences.length > 0;
  if (type.kind === 'symstr') {
    if (fromMemory) return undefined;
    const isValue = ['register', 'stack', 'stackPointer', 'argument', 'returnValue'].includes(source.kind);
    return isValue ? undefined : new FetchError('BAD_SYMSTRING', typeOffset);
  }
  if (!isText(type)) return undefined;
  if (fromMemory) {
    const operations = dereferences.length + 1 + (count === undefined ? 0 : 1);
    return operations > MAX_OPERATIONS ? new FetchError('TOO_MANY_OPS', typeOffset) : undefined;
  }
  const pointsToText = source.kind === 'comm' || source.kind === 'text' || source.kind === 'immediate';
  return pointsToText ? undefined : new FetchError('BAD_STRING', typeOffset);
}

/** bWIDTH@OFFSET/SIZE -> the field; null when it does not fit its container or is malformed. */
function parseBitField(text: string, container: FetchType): BitField | null {
  const match = /^b(0[xX][0-9a-fA-F]+|\d*)@(0[xX][0-9a-fA-F]+|\d+)\//.exec(text);
  if (match === null) return null;
  const width = Number(match[1] || 0);
  const offset = Number(match[2]);
  return width === 0 || width + offset > container.size * 8 ? null : { width, offset };
}

/** FETCHARG without its type; `offset` is its column. */
function parseExpression(text: string, offset: number, context: FetchContext): Program | FetchError {
  switch (text[0]) {
    case '$': {
      const source = parseVariable(text.slice(1), offset, context);
      return source instanceof FetchError ? source : { source, dereferences: [] };
    }
    case '%': {
      const name = text.slice(1);
      const known = REGISTER_NAMES.find((register): register is RegisterName => register === name);
      return known
        ? { source: { kind: 'register', name: known }, dereferences: [] }
        : new FetchError('BAD_REG_NAME', offset);
    }
    case '@':
      return parseMemory(text.slice(1), offset);
    case '+':
    case '-':
      return parseDereference(text, offset, context);
    case '\\': {
      const source = parseImmediate(text.slice(1), offset);
      return source instanceof FetchError ? source : { source, dereferences: [] };
    }
    default:
      return new FetchError('BAD_FETCH_ARG', offset);
  }
}

function parseVariable(name: string, offset: number, context: FetchContext): FetchSource | FetchError {
  if (name === 'retval')
    return context.isReturn ? { kind: 'returnValue' } : new FetchError('RETVAL_ON_PROBE', offset);
  if (name === 'comm' || name === 'COMM') return { kind: 'comm' };
  if (name === 'stack') return { kind: 'stackPointer' };
  if (/^stack\d/.test(name)) {
    const index = parseUnsigned(name.slice('stack'.length), 10);
    if ('error' in index) return new FetchError('BAD_VAR', offset);
    if (index.value > MAX_STACK_INDEX) return new FetchError('BAD_STACK_NUM', offset);
    return { kind: 'stack', index: Number(index.value) };
  }
  if (name.startsWith('arg') && context.functionEntry && !context.isReturn) {
    const index = parseUnsigned(name.slice('arg'.length), 10);
    if ('error' in index) return new FetchError('BAD_VAR', offset);
    if (index.value === 0n || index.value > MAX_STACK_INDEX) return new FetchError('BAD_ARG_NUM', offset);
    return { kind: 'argument', index: Number(index.value) };
  }
  return new FetchError('BAD_VAR', offset);
}

/** @ADDR or @SYM[+-OFF]: both read the memory there. */
function parseMemory(text: string, offset: number): Program | FetchError {
  const here: Dereference[] = [{ offset: 0n, user: false }];
  if (/^\d/.test(text)) {
    const address = parseUnsigned(text);
    if ('error' in address) return new FetchError('BAD_MEM_ADDR', offset);
    return { source: { kind: 'immediate', value: address.value }, dereferences: here };
  }
  if (text.startsWith('+')) return new FetchError('FILE_ON_KPROBE', offset);
  return { source: { kind: 'symbol', expression: text }, dereferences: here };
}

/** +OFF(FETCHARG) and its relatives. Text after the last closing brace is ignored, as Linux does. */
function parseDereference(text: string, offset: number, context: FetchContext): Program | FetchError {
  const user = text[1] === 'u';
  // From here on Linux has forgotten the u: columns inside the braces are one too small.
  let rest = user ? text[0] + text.slice(2) : text;
  if (rest.startsWith('+')) rest = rest.slice(1);
  const open = rest.indexOf('(');
  if (open < 0) return new FetchError('DEREF_NEED_BRACE', offset);
  const distance = parseSigned(rest.slice(0, open));
  if (rest.startsWith('+') || 'error' in distance) {
    return new FetchError('BAD_DEREF_OFFS', offset, 'error' in distance ? distance.error : 'EINVAL');
  }
  const innerOffset = offset + open + 1 + (rest.startsWith('-') ? 0 : 1);
  const inner = rest.slice(open + 1);
  const close = inner.lastIndexOf(')');
  if (close < 0) return new FetchError('DEREF_OPEN_BRACE', innerOffset + inner.length);
  const program = parseExpression(inner.slice(0, close), innerOffset, context);
  if (program instanceof FetchError) return program;
  if (program.source.kind === 'comm' || program.source.kind === 'text') {
    return new FetchError('COMM_CANT_DEREF', innerOffset);
  }
  if (program.dereferences.length + 2 >= MAX_OPERATIONS) return new FetchError('TOO_MANY_OPS', innerOffset);
  return {
    source: program.source,
    dereferences: [...program.dereferences, { offset: distance.value, user }],
  };
}

function parseImmediate(text: string, offset: number): FetchSource | FetchError {
  if (text.startsWith('"')) {
    const content = text.slice(1);
    return content.endsWith('"')
      ? { kind: 'text', value: content.slice(0, -1) }
      : new FetchError('IMMSTR_NO_CLOSE', offset + 2 + content.length);
  }
  const number = /^\d/.test(text)
    ? parseUnsigned(text)
    : text.startsWith('-')
      ? parseSigned(text)
      : text.startsWith('+')
        ? parseSigned(text.slice(1))
        : { error: 'EINVAL' as const };
  if ('error' in number) return new FetchError('BAD_IMM', offset + 1, number.error);
  return { kind: 'immediate', value: toU64(number.value) };
}
