/**
 * Source text to statements: comments go, `;` separates, `# 12 "file"` line markers of the preprocessor set the position.
 * Labels stay on the statement; nothing is interpreted.
 */

/** One statement and where it came from. */
export interface Statement {
  text: string;
  line: number;
  file: string;
}

const lineMarker = /^#\s*(?:line\s+)?(\d+)(?:\s+"((?:[^"\\]|\\.)*)")?/;

/** The end of a string literal that opens at `from`, one past its closing quote. */
function stringEnd(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return Math.min(at + 1, text.length);
}

/** True if the quote at `at` opens a character constant: `'a'`, `'\n'`, `'a`. */
function characterEnd(text: string, at: number): number {
  let end = at + 1;
  end += text[end] === '\\' ? 2 : 1;
  return text[end] === "'" ? end + 1 : end;
}

/** Splits `text` into statements. `file` and line 1 hold until a line marker says otherwise. */
export function statementsOf(text: string, file: string): Statement[] {
  const statements: Statement[] = [];
  let line = 1;
  let inComment = false;
  for (const raw of text.split('\n')) {
    const marker = inComment ? null : lineMarker.exec(raw);
    if (marker) {
      line = Number(marker[1]);
      if (marker[2] !== undefined) file = marker[2];
      continue;
    }
    let current = '';
    const push = () => {
      const trimmed = current.trim();
      if (trimmed !== '') statements.push({ text: trimmed, line, file });
      current = '';
    };
    for (let at = 0; at < raw.length; ) {
      const character = raw[at] ?? '';
      if (inComment) {
        const end = raw.indexOf('*/', at);
        inComment = end < 0;
        at = end < 0 ? raw.length : end + 2;
      } else if (character === '"') {
        const end = stringEnd(raw, at);
        current += raw.slice(at, end);
        at = end;
      } else if (character === "'") {
        const end = characterEnd(raw, at);
        current += raw.slice(at, end);
        at = end;
      } else if (raw.startsWith('/*', at)) {
        inComment = true;
        current += ' ';
        at += 2;
      } else if (character === '#' || raw.startsWith('//', at)) at = raw.length;
      else if (character === ';') {
        push();
        at++;
      } else {
        current += character;
        at++;
      }
    }
    push();
    line++;
  }
  return statements;
}

/** Splits at commas outside of quotes and parentheses. */
export function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let current = '';
  for (let at = 0; at < text.length; ) {
    const character = text[at] ?? '';
    if (character === '"') {
      const end = stringEnd(text, at);
      current += text.slice(at, end);
      at = end;
      continue;
    }
    if (character === '(') depth++;
    if (character === ')') depth--;
    if (character === ',' && depth === 0) {
      parts.push(current.trim());
      current = '';
    } else current += character;
    at++;
  }
  if (current.trim() !== '' || parts.length > 0) parts.push(current.trim());
  return parts;
}

const escapeLetters: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, b: 8, f: 12 };
const encoder = new TextEncoder();

/** The bytes of a string literal's inside, with gas's escapes (\n, \t, \ooo, \xhh, \\, \"). */
export function stringBytes(literal: string): number[] {
  const bytes: number[] = [];
  for (let at = 0; at < literal.length; ) {
    const character = literal[at] ?? '';
    if (character !== '\\') {
      const code = literal.codePointAt(at) ?? 0;
      const text = String.fromCodePoint(code);
      bytes.push(...encoder.encode(text));
      at += text.length;
      continue;
    }
    const octal = /^[0-7]{1,3}/.exec(literal.slice(at + 1))?.[0];
    const hex = /^[xX]([0-9a-fA-F]+)/.exec(literal.slice(at + 1))?.[1];
    if (octal !== undefined) {
      bytes.push(Number.parseInt(octal, 8) & 0xff);
      at += 1 + octal.length;
    } else if (hex !== undefined) {
      bytes.push(Number.parseInt(hex, 16) & 0xff);
      at += 2 + hex.length;
    } else {
      const letter = literal[at + 1] ?? '\\';
      bytes.push(escapeLetters[letter] ?? letter.charCodeAt(0));
      at += 2;
    }
  }
  return bytes;
}
