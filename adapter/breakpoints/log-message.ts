/**
 * Log messages: `opened {filename:s} flags={flags:x}`. Text with expressions in braces, each with an optional format.
 *
 * `{{` and `}}` write braces. Formats: x hex, d signed decimal, u unsigned, o octal, b binary, c character, s or string
 * text, p or symbol pointer with its symbol; none: as the variables view shows it.
 */
import type { Expression } from '../../emulator/inspect/expression/ast';
import { type ExpressionFailure, withCaret } from '../../emulator/inspect/expression/error';
import { evaluateTree } from '../../emulator/inspect/expression/evaluate';
import { type NameScope, parse } from '../../emulator/inspect/expression/parse';
import type { Scope } from '../../emulator/inspect/expression/scope';
import { type Describer, formatValue } from '../../emulator/inspect/format';
import { isText, quoteCharacter, readText } from '../../emulator/inspect/text';
import { plain, sizeOf } from '../../emulator/inspect/types';
import { type Fault, hex, isFault, readScalar, type Value } from '../../emulator/inspect/value';

const FORMATS = ['x', 'd', 'u', 'o', 'b', 'c', 's', 'string', 'p', 'symbol'] as const;
export type LogFormat = (typeof FORMATS)[number];

export type LogPart =
  | { kind: 'text'; text: string }
  | { kind: 'expression'; expression: Expression; source: string; format: LogFormat | undefined };

export type LogMessage = { parts: LogPart[] } | { error: string };

function isFormat(text: string): text is LogFormat {
  return FORMATS.some((format) => format === text);
}

/** Parses a message; the error shows the caret in the whole message. */
export function parseLogMessage(message: string, scope: NameScope): LogMessage {
  const parts: LogPart[] = [];
  const fail = (failure: ExpressionFailure) => ({ error: withCaret(message, failure) });
  let text = '';
  let at = 0;
  while (at < message.length) {
    const character = message[at];
    if ((character === '{' || character === '}') && message[at + 1] === character) {
      text += character;
      at += 2;
    } else if (character !== '{') {
      text += character;
      at += 1;
    } else {
      const parsed = parse(message, scope, at + 1, true);
      if ('failure' in parsed) return fail(parsed.failure);
      const rest = /^\s*(?::\s*(\w*)\s*)?(\}?)/.exec(message.slice(parsed.end));
      const format = rest?.[1];
      if (!rest?.[2])
        return fail({ message: 'expected `}` after the expression', at: parsed.end, length: 1 });
      if (format !== undefined && !isFormat(format)) {
        return fail({
          message: `unknown format; known are ${FORMATS.join(', ')}`,
          at: parsed.end,
          length: rest[0].length,
        });
      }
      if (text !== '') parts.push({ kind: 'text', text });
      text = '';
      const source = message.slice(at + 1, parsed.end).trim();
      parts.push({ kind: 'expression', expression: parsed.expression, source, format });
      at = parsed.end + rest[0].length;
    }
  }
  if (text !== '') parts.push({ kind: 'text', text });
  return { parts };
}

/** The line that a hit writes. An expression that fails shows its error in angle brackets; the rest is still printed. */
export function renderLogMessage(parts: readonly LogPart[], scope: Scope, describer: Describer): string {
  return parts
    .map((part) => (part.kind === 'text' ? part.text : renderPart(part, scope, describer)))
    .join('');
}

function renderPart(part: LogPart & { kind: 'expression' }, scope: Scope, describer: Describer): string {
  const result = evaluateTree(part.expression, scope, { sideEffects: false });
  if ('failure' in result) return `<${result.failure.message}>`;
  const shown = renderFormatted(result.value, part, describer);
  return isFault(shown) ? `<${shown.fault}>` : shown;
}

function renderFormatted(
  value: Value,
  part: LogPart & { kind: 'expression' },
  describer: Describer,
): string | Fault {
  const { format } = part;
  if (format === undefined) return formatValue(value, describer, { name: lastName(part.source) });
  if (format === 's' || format === 'string') {
    return isText(value.type) ? readText(value, describer.memory) : formatValue(value, describer);
  }
  const number = readScalar(value, describer.memory);
  if (isFault(number)) return number;
  const bits = (sizeOf(plain(value.type)) ?? 8) * 8;
  const unsigned = BigInt.asUintN(bits, number);
  switch (format) {
    case 'x':
      return hex(unsigned);
    case 'd':
      return String(BigInt.asIntN(bits, number));
    case 'u':
      return String(unsigned);
    case 'o':
      return `0${unsigned.toString(8)}`;
    case 'b':
      return `0b${unsigned.toString(2)}`;
    case 'c':
      return quoteCharacter(Number(unsigned & 0xffn))?.slice(1, -1) ?? '.';
    case 'p':
    case 'symbol': {
      const symbol = describer.symbolAt(BigInt.asUintN(64, number));
      return symbol ? `${hex(number)} <${symbol}>` : hex(number);
    }
  }
}

/** The name a value goes by, which chooses its flag set: `flags`, `how->flags`. */
function lastName(source: string): string | undefined {
  return /([A-Za-z_]\w*)$/.exec(source)?.[1];
}
