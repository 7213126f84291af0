/** _Static_assert(condition, "message") (C11 6.7.10; C23's form without a message too). */
import { Kind } from '../lex/kinds';
import { constantInteger } from './constant';
import type { Parser } from './parser';
import { parseStringBytes } from './strings';

/** Parses one, its semicolon included. */
export function parseStaticAssert(p: Parser): void {
  const token = p.next();
  if (!p.expect(Kind.LeftParen)) return;
  const value = constantInteger(p, 'expression in static assertion');
  let message = '';
  if (p.accept(Kind.Comma)) {
    if (p.kind === Kind.String) {
      const { bytes } = parseStringBytes(p);
      message = `: "${new TextDecoder().decode(bytes.subarray(0, -1))}"`;
    } else p.syntaxError(`expected a string before ${p.found}`);
  }
  p.expect(Kind.RightParen);
  p.expect(Kind.Semicolon);
  if (value === 0n) p.error(token, `static assertion failed${message}`);
}
