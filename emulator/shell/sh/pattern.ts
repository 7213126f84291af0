/** Shell patterns (* ? [set]) as regular expressions, and pathname expansion over the guest's directories. */
import { list, stat, type Task } from '../syscalls';

/** The pattern as a regular expression source. Characters in `quoted` positions must be escaped with a backslash. */
export function patternSource(pattern: string, greedy = true): string {
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] ?? '';
    if (char === '\\' && i + 1 < pattern.length) source += escapeRegExp(pattern[++i] ?? '');
    else if (char === '*') source += greedy ? '[\\s\\S]*' : '[\\s\\S]*?';
    else if (char === '?') source += '[\\s\\S]';
    else if (char === '[') {
      const end = pattern.indexOf(']', pattern[i + 1] === '!' || pattern[i + 1] === '^' ? i + 3 : i + 2);
      if (end < 0) source += '\\[';
      else {
        const body = pattern.slice(i + 1, end).replace(/^[!^]/, '');
        const negated = /^[!^]/.test(pattern.slice(i + 1, end));
        source += `[${negated ? '^' : ''}${characterClass(body)}]`;
        i = end;
      }
    } else source += escapeRegExp(char);
  }
  return source;
}

/** True when the whole text matches the pattern. */
export function matchesPattern(pattern: string, text: string): boolean {
  return new RegExp(`^${patternSource(pattern)}$`).test(text);
}

/** True when the pattern has something to expand. */
export function hasPattern(text: string): boolean {
  return /(^|[^\\])[*?[]/.test(text);
}

/** The pattern's text with its escapes taken out. */
export function unquotePattern(pattern: string): string {
  return pattern.replace(/\\([\s\S])/g, '$1');
}

/** Escapes what a pattern would take as special. */
export function quotePattern(text: string): string {
  return text.replace(/[\\*?[\]]/g, '\\$&');
}

/** Names that the pattern stands for, sorted; the pattern itself (unescaped) when there is none. */
export function* expandPath(pattern: string): Task<string[]> {
  const parts = pattern.split('/');
  let found = [pattern.startsWith('/') ? '/' : ''];
  for (const part of parts) {
    if (part === '') continue;
    const next: string[] = [];
    for (const base of found) {
      const join = (name: string) => (base === '' || base.endsWith('/') ? base + name : `${base}/${name}`);
      if (!hasPattern(part)) {
        next.push(join(unquotePattern(part)));
        continue;
      }
      const names = yield* list(base === '' ? '.' : base);
      if (typeof names === 'number') continue;
      for (const name of names) {
        if (name.startsWith('.') && !part.startsWith('.')) continue;
        if (matchesPattern(part, name)) next.push(join(name));
      }
    }
    found = next;
    if (found.length === 0) return [unquotePattern(pattern)];
  }
  if (pattern.endsWith('/')) found = yield* directories(found);
  return found.length === 0 ? [unquotePattern(pattern)] : found;
}

/** Of these paths the directories, each with the slash that the pattern ended with. */
function* directories(paths: readonly string[]): Task<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const info = yield* stat(path);
    if (typeof info !== 'number' && (info.mode & 0o170000) === 0o040000) found.push(`${path}/`);
  }
  return found;
}

function escapeRegExp(char: string): string {
  return /[\\^$.|?*+()[\]{}/-]/.test(char) ? `\\${char}` : char;
}

const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
};

function characterClass(body: string): string {
  return body
    .replace(/\[:(\w+):\]/g, (_, name: string) => CLASSES[name] ?? '')
    .replace(/[\\\]^]/g, (char, at: number, all: string) =>
      char === '\\' && /[sdw\][\\/t]/.test(all[at + 1] ?? '') ? char : `\\${char}`,
    );
}
