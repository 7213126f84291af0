/**
 * The # lines (C11 6.10): conditionals, #include, #define, #line, #error, #pragma.
 *
 * Each handler gets the range of its line's tokens. Skipping a group jumps from directive to directive, never looking at
 * the tokens between.
 */
import { BEGINS_LINE, Kind, NO_EXPAND } from '../lex/kinds';
import { decodeLiteral } from '../lex/literal';
import { parseNumber } from '../lex/number';
import type { Span } from '../report';
import { nearest } from '../suggest';
import { evaluateCondition } from './condition';
import { definitionPos, instantiate, parseDefine, sameMacro } from './macro';
import { spellingOf } from './operators';
import type { Frame, Preprocessor } from './preprocess';

/** A directive's line: tokens first..end-1 behind its name, which is token `name`. */
interface Line {
  hash: number;
  name: number;
  first: number;
  end: number;
}

type Handler = (pp: Preprocessor, frame: Frame, line: Line) => void;

const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['define', define],
  ['undef', undef],
  ['include', (pp, frame, line) => include(pp, frame, line, false)],
  ['include_next', (pp, frame, line) => include(pp, frame, line, true)],
  [
    'import',
    (pp, frame, line) => {
      const path = include(pp, frame, line, false);
      if (path !== undefined) pp.includes.onceOnly.add(path);
    },
  ],
  ['if', (pp, frame, line) => open(pp, frame, line, condition(pp, frame, line))],
  ['ifdef', (pp, frame, line) => open(pp, frame, line, isDefined(pp, frame, line) === true)],
  ['ifndef', (pp, frame, line) => open(pp, frame, line, isDefined(pp, frame, line) === false)],
  ['elif', otherwise],
  ['elifdef', otherwise],
  ['elifndef', otherwise],
  ['else', otherwise],
  ['endif', endif],
  ['line', lineDirective],
  ['error', (pp, frame, line) => message(pp, frame, line, 'error')],
  ['warning', (pp, frame, line) => message(pp, frame, line, 'warning')],
  [
    'pragma',
    (pp, frame, line) => {
      const text = restOfLine(frame, line).trim();
      const span = pp.fileSpan(frame, line.name);
      if (pp.pragma(text, span))
        pp.out.push(Kind.Pragma, BEGINS_LINE, pp.cache.interner.intern(text), span.pos, 0);
    },
  ],
  ['ident', () => undefined],
  ['sccs', () => undefined],
  ['assert', () => undefined],
  ['unassert', () => undefined],
]);

/** Acts on the directive whose # is the frame's next token, and moves behind its line (or its skipped group). */
export function handleDirective(pp: Preprocessor, frame: Frame): void {
  const { kind, flags, value } = frame.tokens;
  const hash = frame.at;
  const name = hash + 1;
  let end = name;
  while ((flags[end] & BEGINS_LINE) === 0) end++;
  frame.at = end;
  if (name === end) return;
  const line = { hash, name, first: name + 1, end };
  if (kind[name] === Kind.Number) {
    // `# 33 "file.c"`: gcc's line marker.
    if (!pp.options.assembly) lineDirective(pp, frame, { ...line, first: name });
    return;
  }
  const text = kind[name] === Kind.Identifier ? pp.cache.interner.text(value[name]) : '';
  const handler = HANDLERS.get(text);
  if (handler) {
    handler(pp, frame, line);
    return;
  }
  if (pp.options.assembly) return;
  const guess = nearest(text, HANDLERS.keys());
  pp.reporter.error(
    pp.fileSpan(frame, name),
    `invalid preprocessing directive #${text}${guess ? `; did you mean #${guess}?` : ''}`,
    undefined,
    guess,
  );
}

/** The raw text behind a directive's name, comments and splices taken out. */
function restOfLine(frame: Frame, line: Line): string {
  if (line.first >= line.end) return '';
  const { text } = frame.file;
  let at = frame.tokens.pos[line.first];
  // The next token is on the next line: everything before its line's start belongs to this one.
  let end = line.end < frame.tokens.length ? frame.tokens.pos[line.end] : text.length;
  const last = frame.tokens.pos[line.end - 1];
  const newline = text.indexOf('\n', last);
  if (newline >= 0 && newline < end) end = newline;
  at = Math.min(at, end);
  return text
    .slice(at, end)
    .replace(/\\[ \t\r]*\n/g, '')
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/(^|[^:])\/\/.*$/, '$1')
    .trimEnd();
}

function extraTokens(pp: Preprocessor, frame: Frame, line: Line, at: number): void {
  if (at < line.end)
    pp.reporter.warning(
      pp.fileSpan(frame, at),
      'endif-labels',
      `extra tokens at end of #${pp.cache.interner.text(frame.tokens.value[line.name])} directive`,
    );
}

// ---------------------------------------------------------------- macros

/** The macro name of a #define, #undef, #ifdef line, or -1 after an error. */
function macroName(pp: Preprocessor, frame: Frame, line: Line): number {
  const { kind, value } = frame.tokens;
  const directive = pp.cache.interner.text(value[line.name]);
  if (line.first >= line.end) {
    pp.reporter.error(pp.fileSpan(frame, line.name), `no macro name given in #${directive} directive`);
    return -1;
  }
  if (kind[line.first] !== Kind.Identifier) {
    pp.reporter.error(pp.fileSpan(frame, line.first), 'macro names must be identifiers');
    return -1;
  }
  return value[line.first];
}

function define(pp: Preprocessor, frame: Frame, line: Line): void {
  const name = macroName(pp, frame, line);
  if (name < 0) return;
  if (name === pp.words.defined) {
    pp.reporter.error(pp.fileSpan(frame, line.first), '"defined" cannot be used as a macro name');
    return;
  }
  const assembly = pp.options.assembly === true;
  let macro = assembly ? undefined : frame.cached.macros[line.first];
  if (!macro) {
    const result = parseDefine(frame.tokens, line.first, line.end, pp.words, assembly);
    if ('error' in result) {
      pp.reporter.error(pp.fileSpan(frame, result.token), result.error);
      return;
    }
    macro = instantiate(result.macro, frame.cached, false);
    if (!assembly) frame.cached.macros[line.first] = macro;
  }
  const { macros } = pp.expander;
  const old = macros.get(name);
  if (old && old !== macro && !sameMacro(old, macro)) {
    const text = pp.cache.interner.text(name);
    const notes = !old.predefined
      ? [
          {
            span: { pos: definitionPos(old), length: text.length, expansion: 0 },
            message: 'this is the location of the previous definition',
          },
        ]
      : [];
    pp.reporter.warning(pp.fileSpan(frame, line.first), 'macro-redefined', `"${text}" redefined`, notes);
  }
  macros.set(name, macro);
}

function undef(pp: Preprocessor, frame: Frame, line: Line): void {
  const name = macroName(pp, frame, line);
  if (name < 0) return;
  extraTokens(pp, frame, line, line.first + 1);
  pp.expander.macros.set(name, undefined);
}

// ---------------------------------------------------------------- conditionals

function isDefined(pp: Preprocessor, frame: Frame, line: Line): boolean | undefined {
  const name = macroName(pp, frame, line);
  if (name < 0) return undefined;
  extraTokens(pp, frame, line, line.first + 1);
  return pp.expander.macros.get(name) !== undefined;
}

/** Value of an #if or #elif line; false after an error. */
function condition(pp: Preprocessor, frame: Frame, line: Line): boolean {
  const { expander } = pp;
  const { pool } = expander;
  const mark = pool.length;
  const one = pp.cache.interner.intern('1');
  const zero = pp.cache.interner.intern('0');
  const saved = expander.onDefined;
  expander.onDefined = (operator) => {
    let token = expander.nextRaw();
    const paren = token >= 0 && pool.kind[token] === Kind.LeftParen;
    if (paren) token = expander.nextRaw();
    let known = false;
    if (token < 0 || pool.kind[token] !== Kind.Identifier)
      pp.reporter.error(expander.span(operator), 'operator "defined" requires an identifier');
    else {
      known = expander.macros.get(pool.value[token]) !== undefined;
      if (paren) {
        const close = expander.nextRaw();
        if (close < 0 || pool.kind[close] !== Kind.RightParen)
          pp.reporter.error(expander.span(operator), 'missing \')\' after "defined"');
      }
    }
    return pool.push(
      Kind.Number,
      NO_EXPAND,
      known ? one : zero,
      pool.pos[operator],
      pool.expansion[operator],
    );
  };
  const list = pp.expandLine(frame, line.first, line.end);
  expander.onDefined = saved;
  const result = evaluateCondition(pool, list, pp.cache.interner);
  if ('error' in result) {
    const token = list[Math.min(result.at, list.length - 1)];
    const span = token === undefined ? pp.fileSpan(frame, line.name) : expander.span(token);
    pp.reporter.error(span, result.error);
  }
  // Only tokens of this line were added; an expansion that waits for its arguments keeps the earlier ones.
  pool.length = mark;
  return 'value' in result && result.value !== 0n;
}

function open(pp: Preprocessor, frame: Frame, line: Line, value: boolean): void {
  frame.conditionals.push({ taken: value, sawElse: false, token: line.hash });
  if (!value) skipGroup(pp, frame);
}

/** #elif, #else after a group that was processed: skip to the #endif. */
function otherwise(pp: Preprocessor, frame: Frame, line: Line): void {
  const current = frame.conditionals[frame.conditionals.length - 1];
  const text = pp.cache.interner.text(frame.tokens.value[line.name]);
  if (!current) {
    pp.reporter.error(pp.fileSpan(frame, line.name), `#${text} without #if`);
    return;
  }
  if (current.sawElse) pp.reporter.error(pp.fileSpan(frame, line.name), `#${text} after #else`);
  if (text === 'else') current.sawElse = true;
  skipGroup(pp, frame);
}

function endif(pp: Preprocessor, frame: Frame, line: Line): void {
  if (!frame.conditionals.pop()) pp.reporter.error(pp.fileSpan(frame, line.name), '#endif without #if');
  else extraTokens(pp, frame, line, line.first);
}

/** Moves to the directive that ends the current group: behind a #endif, or into the first group that is wanted. */
function skipGroup(pp: Preprocessor, frame: Frame): void {
  const { kind, value, flags } = frame.tokens;
  const { hashes } = frame.cached.lexed;
  const current = frame.conditionals[frame.conditionals.length - 1];
  let depth = 0;
  for (let index = firstFrom(hashes, frame.at); index < hashes.length; index++) {
    const hash = hashes[index];
    const name = hash + 1;
    if (kind[name] !== Kind.Identifier || flags[name] & BEGINS_LINE) continue;
    const text = pp.cache.interner.text(value[name]);
    if (text === 'if' || text === 'ifdef' || text === 'ifndef') depth++;
    else if (text === 'endif') {
      if (depth-- > 0) continue;
      frame.at = hash;
      // The main path closes the conditional and checks the rest of the line.
      handleDirective(pp, frame);
      return;
    } else if (depth === 0 && (text === 'else' || text.startsWith('eli'))) {
      if (text !== 'else' && text !== 'elif' && text !== 'elifdef' && text !== 'elifndef') continue;
      let end = name;
      while ((flags[end] & BEGINS_LINE) === 0) end++;
      const line = { hash, name, first: name + 1, end };
      frame.at = end;
      if (current.sawElse) {
        pp.reporter.error(pp.fileSpan(frame, name), `#${text} after #else`);
        continue;
      }
      if (text === 'else') {
        current.sawElse = true;
        extraTokens(pp, frame, line, line.first);
      }
      if (current.taken) continue;
      const wanted =
        text === 'else' ||
        (text === 'elif' ? condition(pp, frame, line) : isDefined(pp, frame, line) === (text === 'elifdef'));
      if (wanted) {
        current.taken = true;
        return;
      }
    }
  }
  frame.at = frame.tokens.length - 1;
}

function firstFrom(list: readonly number[], value: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

// ---------------------------------------------------------------- #include

/** Takes "name" or <name> apart. */
export function headerName(text: string): { name: string; quoted: boolean } | undefined {
  const match = /^\s*(?:"([^"\n]+)"|<([^>\n]+)>)/.exec(text);
  if (!match) return undefined;
  return match[1] !== undefined ? { name: match[1], quoted: true } : { name: match[2].trim(), quoted: false };
}

/** Returns the path that was included, if one was found. */
function include(pp: Preprocessor, frame: Frame, line: Line, next: boolean): string | undefined {
  const { kind, pos } = frame.tokens;
  const directive = pp.cache.interner.text(frame.tokens.value[line.name]);
  const written = line.first < line.end ? restOfLine(frame, line) : '';
  let header = headerName(written);
  let length = /^(?:"[^"]*"|<[^>]*>)/.exec(written)?.[0].length ?? 1;
  if (!header && line.first < line.end && kind[line.first] === Kind.Identifier) {
    const { pool } = pp.expander;
    const list = pp.expandLine(frame, line.first, line.end);
    const text = list.map((token) => spellingOf(pool, pp.cache.interner, token)).join('');
    header = headerName(text);
    length = pp.fileSpan(frame, line.first).length;
  }
  const at = Math.min(line.first, line.end - 1);
  const span = { pos: frame.file.base + pos[at], length, expansion: 0 };
  if (!header) {
    pp.reporter.error(span, `#${directive} expects "FILENAME" or <FILENAME>`);
    return undefined;
  }
  const found = pp.includes.resolve(
    header.name,
    header.quoted,
    frame.file.path,
    next ? frame.foundIn : undefined,
  );
  if (!found) {
    pp.reporter.error(span, `${header.name}: no such file or directory`);
    return undefined;
  }
  pp.include(found.path, found.text, found.foundIn, span);
  return found.path;
}

// ---------------------------------------------------------------- the rest

function lineDirective(pp: Preprocessor, frame: Frame, line: Line): void {
  const { interner } = pp.cache;
  const { pool } = pp.expander;
  const list = pp.expandLine(frame, line.first, line.end);
  const digits = list.length > 0 ? interner.text(pool.value[list[0]]) : '';
  const number = parseNumber(digits);
  if (
    list.length === 0 ||
    pool.kind[list[0]] !== Kind.Number ||
    !/^[0-9]+$/.test(digits) ||
    number.kind === 'floating'
  ) {
    pp.reporter.error(pp.fileSpan(frame, line.name), `"${digits}" after #line is not a positive integer`);
    return;
  }
  let path: string | undefined;
  if (list.length > 1) {
    if (pool.kind[list[1]] !== Kind.String) {
      pp.reporter.error(pp.fileSpan(frame, line.name), 'the file name after #line must be a string');
      return;
    }
    const decoded = decodeLiteral(interner.text(pool.value[list[1]]));
    path = String.fromCharCode(...decoded.units.slice(0, 4096));
  }
  const earlier = frame.file.renames[frame.file.renames.length - 1];
  frame.file.renames.push({
    offset: frame.tokens.pos[line.hash],
    line: Number.parseInt(digits, 10),
    path: path ?? earlier?.path,
  });
}

function message(pp: Preprocessor, frame: Frame, line: Line, severity: 'error' | 'warning'): void {
  const span = pp.fileSpan(frame, line.name);
  const text = `#${severity} ${restOfLine(frame, line)}`.trimEnd();
  if (severity === 'error') pp.reporter.error(span, text);
  else pp.reporter.warning(span, 'cpp', text);
}

/** Pragmas that are the preprocessor's own: once, push_macro, pop_macro, message, poison is left to people. */
export function pragmaText(pp: Preprocessor, text: string, span: Span): void {
  if (/^once\b/.test(text)) {
    if (pp.frame) pp.includes.onceOnly.add(pp.frame.file.path);
    return;
  }
  const stack = /^(push|pop)_macro\s*\(\s*"([^"]*)"\s*\)/.exec(text);
  if (stack) {
    const name = pp.cache.interner.intern(stack[2]);
    const saved = pp.macroStacks.get(name) ?? [];
    if (stack[1] === 'push') saved.push(pp.expander.macros.get(name));
    else if (saved.length > 0) pp.expander.macros.set(name, saved.pop());
    pp.macroStacks.set(name, saved);
    return;
  }
  const said = /^(?:GCC\s+)?(message|warning|error)\s*\(?\s*"((?:[^"\\]|\\.)*)"/.exec(text);
  if (said) {
    if (said[1] === 'error') pp.reporter.error(span, said[2]);
    else if (said[1] === 'warning') pp.reporter.warning(span, 'cpp', said[2]);
    else pp.reporter.note(span, `#pragma message: ${said[2]}`);
  }
}
