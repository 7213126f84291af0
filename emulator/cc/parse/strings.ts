/**
 * String literals: adjacent ones are joined (C11 5.1.1.2 phase 6), equal ones of a unit are one object.
 */
import type { StringLiteral } from '../ast';
import { Kind, UNTERMINATED } from '../lex/kinds';
import { type DecodedLiteral, decodeLiteral, type Encoding, encodingSize } from '../lex/literal';
import type { Parser } from './parser';

export interface ParsedString {
  bytes: Uint8Array;
  encoding: Encoding;
}

/** Joins the string tokens at the cursor; the bytes include the terminating zero. */
export function parseStringBytes(p: Parser): ParsedString {
  const parts: { units: DecodedLiteral['units']; at: number }[] = [];
  let encoding: Encoding = 'char';
  let length = 0;
  while (p.kind === Kind.String) {
    const token = p.next();
    if (p.tokens.flags[token] & UNTERMINATED) p.error(token, 'missing terminating " character');
    const decoded = decodeLiteral(p.interner.text(p.values[token]));
    for (const problem of decoded.problems) {
      if (problem.startsWith('unknown escape')) p.reporter.warning(p.span(token), 'escape', problem);
      else p.error(token, problem);
    }
    if (decoded.encoding !== 'char') {
      if (encoding !== 'char' && encoding !== decoded.encoding)
        p.error(token, 'unsupported non-standard concatenation of string literals');
      encoding = decoded.encoding;
    }
    parts.push({ units: decoded.units, at: token });
    length += decoded.units.length;
  }
  const size = encodingSize(encoding);
  const bytes = new Uint8Array((length + 1) * size);
  let at = 0;
  for (const part of parts) {
    const units = size > 1 ? widen(p, part.at, encoding) : part.units;
    if (at + units.length * size > bytes.length) break;
    if (size === 1) {
      bytes.set(units, at);
      at += units.length;
      continue;
    }
    for (const unit of units) {
      for (let i = 0; i < size; i++) bytes[at++] = (unit >>> (8 * i)) & 0xff;
    }
  }
  return { bytes: size > 1 ? bytes.slice(0, at + size) : bytes, encoding };
}

/** Units of a token in the wide encoding that its neighbours forced on it. */
function widen(p: Parser, token: number, encoding: Encoding): DecodedLiteral['units'] {
  const spelling = p.interner.text(p.values[token]).replace(/^(?:u8|[LuU])/, '');
  const prefix = encoding === 'wchar' ? 'L' : encoding === 'char16' ? 'u' : 'U';
  return decodeLiteral(prefix + spelling).units;
}

/** The unit's one literal with these bytes. */
export function internString(p: Parser, parsed: ParsedString): StringLiteral {
  const elementSize = encodingSize(parsed.encoding);
  let key = `${elementSize}:`;
  for (let i = 0; i < parsed.bytes.length; i += 4096)
    key += String.fromCharCode(...parsed.bytes.subarray(i, i + 4096));
  let literal = p.strings.get(key);
  if (!literal) {
    literal = { kind: 'string', bytes: parsed.bytes, elementSize };
    p.strings.set(key, literal);
  }
  return literal;
}
