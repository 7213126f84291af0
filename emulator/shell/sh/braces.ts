/**
 * Brace expansion: {a,b} and {1..3}, nested and several in one word, as bash does it before every other expansion.
 *
 * Words with quotes or dollars beside braces are left as they are.
 */
import type { Word } from 'unbash';

const MOST = 100_000;

/** The alternatives of a word, as patterns; [undefined] for a word that has none. */
export function braces(word: Word): (string | undefined)[] {
  if (!word.text.includes('{') || /["'$`\\]/.test(word.text)) return [undefined];
  const all = expand(word.text);
  return all.length === 1 && all[0] === word.text ? [undefined] : all;
}

function expand(text: string): string[] {
  for (let open = text.indexOf('{'); open >= 0; open = text.indexOf('{', open + 1)) {
    const close = closing(text, open);
    if (close < 0) continue;
    const choices = alternatives(text.slice(open + 1, close));
    if (choices === undefined) continue;
    const before = text.slice(0, open);
    const after = expand(text.slice(close + 1));
    return choices.flatMap((choice) => after.map((rest) => before + choice + rest));
  }
  return [text];
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) return at;
  }
  return -1;
}

/** What stands between two braces; undefined when they mean nothing. */
function alternatives(body: string): string[] | undefined {
  const range = /^(-?\d+|[a-zA-Z])\.\.(-?\d+|[a-zA-Z])$/.exec(body);
  if (range) return sequence(range[1] ?? '', range[2] ?? '');
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < body.length; at++) {
    if (body[at] === '{') depth++;
    else if (body[at] === '}') depth--;
    else if (body[at] === ',' && depth === 0) {
      parts.push(body.slice(start, at));
      start = at + 1;
    }
  }
  if (parts.length === 0) return undefined;
  return [...parts, body.slice(start)].flatMap(expand);
}

function sequence(first: string, last: string): string[] | undefined {
  const letters = /[a-zA-Z]/.test(first);
  if (letters !== /[a-zA-Z]/.test(last)) return undefined;
  const from = letters ? first.charCodeAt(0) : Number(first);
  const to = letters ? last.charCodeAt(0) : Number(last);
  const count = Math.min(Math.abs(to - from) + 1, MOST);
  const width = /^-?0\d/.test(first) || /^-?0\d/.test(last) ? Math.max(first.length, last.length) : 0;
  return Array.from({ length: count }, (_, i) => {
    const value = from < to ? from + i : from - i;
    return letters ? String.fromCharCode(value) : String(value).padStart(width, '0');
  });
}
