/**
 * The preprocessor: a main file and its includes become one array of tokens (C11 5.1.1.2, phases 2 to 4).
 *
 * This file walks the files and keeps the state; directives.ts acts on # lines, expand.ts on macro names, includes.ts
 * finds headers. It never throws; whatever is wrong becomes a diagnostic and the walk goes on.
 */
import { BEGINS_LINE, Kind, SPACE_BEFORE } from '../lex/kinds';
import { TokenBuffer } from '../lex/tokens';
import { Reporter, type Span } from '../report';
import { type FileProvider, type SourceFile, Sources } from '../source';
import type { CachedFile, FrontCache } from './cache';
import { handleDirective, pragmaText } from './directives';
import { Expander, type ExpansionHost } from './expand';
import { Expansions } from './expansions';
import { featureValue } from './features';
import { IncludeResolver } from './includes';
import { type DynamicMacro, instantiate, type Macro, parseDefine } from './macro';
import { PREDEFINED } from './predefined';
import type { Words } from './words';

export interface PreprocessOptions {
  includePaths: readonly string[];
  /** NAME → value; an empty value defines the macro as empty. */
  defines: Readonly<Record<string, string>>;
  /** For .S files: unknown directives pass through, __ASSEMBLER__ is defined. */
  assembly?: boolean;
  /** -W names that stay silent. */
  disabledWarnings?: readonly string[];
  /** Keep every #pragma as a token (for printing), not only those the parser acts on. */
  keepPragmas?: boolean;
}

/** One #if … #endif that is open. */
export interface Conditional {
  /** A group of it has been, or is being, processed. */
  taken: boolean;
  sawElse: boolean;
  token: number;
}

/** A file that is being read. */
export interface Frame {
  file: SourceFile;
  cached: CachedFile;
  tokens: TokenBuffer;
  /** Next token to read. */
  at: number;
  conditionals: Conditional[];
  /** Index in the include path list where the file was found, -1 for the main file or beside its includer. */
  foundIn: number;
  depth: number;
}

/** Deepest #include nesting, as gcc's. */
const INCLUDE_DEPTH_LIMIT = 200;
/** Tokens a unit may have after preprocessing. */
const TOKEN_LIMIT = 24_000_000;
/** Pragmas that change what the parser does. */
const PARSER_PRAGMAS = /^(?:pack|weak)\b/;

const DYNAMIC: readonly (readonly [string, DynamicMacro, boolean])[] = [
  ['__FILE__', 'file', false],
  ['__FILE_NAME__', 'file', false],
  ['__LINE__', 'line', false],
  ['__COUNTER__', 'counter', false],
  ['__INCLUDE_LEVEL__', 'includeLevel', false],
  ['__BASE_FILE__', 'baseFile', false],
  ['__DATE__', 'date', false],
  ['__TIME__', 'time', false],
  ['__TIMESTAMP__', 'timestamp', false],
  ['_Pragma', 'pragma', true],
  ['__has_include', 'has', true],
  ['__has_include_next', 'has', true],
  ['__has_attribute', 'has', true],
  ['__has_c_attribute', 'has', true],
  ['__has_builtin', 'has', true],
  ['__has_feature', 'has', true],
  ['__has_extension', 'has', true],
];

/** The state of preprocessing one unit. */
export class Preprocessor implements ExpansionHost {
  readonly out: TokenBuffer;
  readonly sources = new Sources();
  readonly expansions = new Expansions();
  readonly reporter: Reporter;
  readonly expander: Expander;
  readonly includes: IncludeResolver;
  readonly words: Words;
  readonly macroStacks = new Map<number, (Macro | undefined)[]>();
  /** Every include that was performed: for the language server's document links. */
  readonly included: { span: Span; path: string }[] = [];
  /** Pragmas for the parser and the token they stand before. */
  readonly pragmas: { at: number; text: string; span: Span }[] = [];
  frame: Frame | undefined;
  /** A directive's own tokens are being expanded: the file must not be read on. */
  inDirective = false;
  private counter = 0;
  /** The unit's own file. */
  mainPath = '';
  private overflow = false;
  /** An endless #include was found: the rest of them would only repeat it. */
  private refuseIncludes = false;

  constructor(
    readonly cache: FrontCache,
    readonly provider: FileProvider,
    readonly options: PreprocessOptions,
  ) {
    this.out = new TokenBuffer(cache.expectedTokens);
    this.words = cache.words;
    this.reporter = new Reporter(
      this.sources,
      this.expansions,
      (id) => cache.interner.text(id),
      new Set(options.disabledWarnings ?? []),
    );
    this.expander = new Expander(cache.interner, cache.words, this.expansions, this.reporter, this);
    this.includes = new IncludeResolver(provider, options.includePaths);
  }

  /** Preprocesses the file; the result is in `out`, which ends with one Kind.End token. */
  run(path: string): void {
    this.mainPath = path;
    this.predefine();
    const text = this.provider.read(path);
    const file = this.sources.add(path, text ?? '', -1);
    if (text === undefined) {
      this.reporter.error({ pos: file.base, length: 1, expansion: 0 }, `${path}: no such file`);
      this.out.push(Kind.End, BEGINS_LINE, 0, file.base, 0);
      return;
    }
    this.processFile(file, this.cache.lex(path, text), -1);
    this.cache.expectedTokens = Math.min(1 << 20, this.out.length + 1024);
    this.out.push(Kind.End, BEGINS_LINE, 0, file.base + text.length, 0);
  }

  /** A span over one token of a file. */
  fileSpan(frame: Frame, token: number): Span {
    const { tokens } = frame;
    const value = tokens.value[token];
    const length = value === 0 ? 1 : this.cache.interner.text(value).length;
    return { pos: frame.file.base + tokens.pos[token], length, expansion: 0 };
  }

  /** Reads a file to its end into `out`. */
  processFile(file: SourceFile, cached: CachedFile, foundIn: number): void {
    const outer = this.frame;
    cached.base = file.base;
    const { tokens } = cached.lexed;
    const frame: Frame = {
      file,
      cached,
      tokens,
      at: 0,
      conditionals: [],
      foundIn,
      depth: outer ? outer.depth + 1 : 0,
    };
    this.frame = frame;
    this.walk(frame);
    for (const open of frame.conditionals)
      this.reporter.error(
        this.fileSpan(frame, open.token),
        'unterminated conditional directive (#endif is missing)',
      );
    if (cached.lexed.openComment >= 0)
      this.reporter.error(
        { pos: file.base + cached.lexed.openComment, length: 2, expansion: 0 },
        'unterminated comment',
      );
    this.frame = outer;
  }

  private walk(frame: Frame): void {
    const { kind, value, flags } = frame.tokens;
    const { base } = frame.file;
    const { out, expander } = this;
    const { macros } = expander;
    for (;;) {
      // The tokens up to the next macro name or directive are copied in one go.
      const start = frame.at;
      let at = start;
      for (;;) {
        const k: Kind = kind[at];
        if (k === Kind.Identifier) {
          if (macros.get(value[at]) !== undefined) break;
        } else if ((k === Kind.Hash && (flags[at] & BEGINS_LINE) !== 0) || k === Kind.End) break;
        at++;
      }
      if (at > start) out.append(frame.tokens, start, at, base);
      frame.at = at;
      if (out.length > TOKEN_LIMIT) {
        this.stopReading(frame);
        return;
      }
      const k: Kind = kind[at];
      if (k === Kind.End) return;
      if (k === Kind.Identifier) {
        frame.at = at + 1;
        expander.expandTop(expander.import(frame.tokens, at, base));
      } else handleDirective(this, frame);
    }
  }

  private stopReading(frame: Frame): void {
    if (!this.overflow)
      this.reporter.error(
        this.fileSpan(frame, frame.at),
        'the translation unit is too large after preprocessing',
      );
    this.overflow = true;
    frame.at = frame.tokens.length - 1;
    frame.conditionals = [];
  }

  /** Performs an include that was resolved to a file. */
  include(path: string, text: string, foundIn: number, span: Span): void {
    const frame = this.frame;
    if (this.expander.busy) {
      this.reporter.error(span, '#include is not possible inside the arguments of a macro');
      return;
    }
    this.included.push({ span, path });
    if (this.refuseIncludes) return;
    if (frame && frame.depth + 1 >= INCLUDE_DEPTH_LIMIT) {
      this.refuseIncludes = true;
      this.reporter.error(
        span,
        `#include nested depth ${INCLUDE_DEPTH_LIMIT} exceeds maximum: does the file include itself?`,
      );
      return;
    }
    if (this.includes.onceOnly.has(path)) return;
    const cached = this.cache.lex(path, text);
    if (cached.guard !== 0 && this.expander.macros.get(cached.guard) !== undefined) return;
    if (this.overflow) return;
    this.processFile(this.sources.add(path, text, span.pos), cached, foundIn);
  }

  // ------------------------------------------------------------ ExpansionHost

  nextFileToken(): number {
    const { frame } = this;
    if (this.inDirective || !frame) return -1;
    for (;;) {
      const at = frame.at;
      const kind: Kind = frame.tokens.kind[at];
      if (kind === Kind.End) return -1;
      if (kind === Kind.Hash && frame.tokens.flags[at] & BEGINS_LINE) {
        handleDirective(this, frame);
        continue;
      }
      frame.at = at + 1;
      return this.expander.import(frame.tokens, at, frame.file.base);
    }
  }

  fileHasParen(): boolean {
    const { frame } = this;
    if (this.inDirective || !frame) return false;
    for (;;) {
      const kind: Kind = frame.tokens.kind[frame.at];
      if (
        kind === Kind.Hash &&
        frame.tokens.flags[frame.at] & BEGINS_LINE &&
        this.parenAfterDirectives(frame)
      ) {
        handleDirective(this, frame);
        continue;
      }
      return kind === Kind.LeftParen;
    }
  }

  /** Directives between a macro's name and its `(` are obeyed early only if a `(` does follow them. */
  private parenAfterDirectives(frame: Frame): boolean {
    const { kind, flags } = frame.tokens;
    let at = frame.at;
    while (kind[at] === Kind.Hash && flags[at] & BEGINS_LINE) {
      do at++;
      while ((flags[at] & BEGINS_LINE) === 0);
    }
    return kind[at] === Kind.LeftParen;
  }

  emit(token: number): void {
    const { pool } = this.expander;
    this.out.push(
      pool.kind[token],
      pool.flags[token],
      pool.value[token],
      pool.pos[token],
      pool.expansion[token],
    );
  }

  dynamicValue(macro: Macro, name: number, argument: readonly number[]): number[] {
    const { pool } = this.expander;
    const { interner } = this.cache;
    const make = (kind: Kind, text: string): number[] => [
      pool.push(kind, 0, interner.intern(text), pool.pos[name], pool.expansion[name]),
    ];
    const quote = (text: string) => `"${text.replace(/[\\"]/g, '\\$&')}"`;
    const outermost = this.expansions.outermost(pool.pos[name], pool.expansion[name]);
    switch (macro.dynamic) {
      case 'file': {
        const { path } = this.sources.place(outermost);
        const short = interner.text(macro.name) === '__FILE_NAME__';
        return make(Kind.String, quote(short ? path.slice(path.lastIndexOf('/') + 1) : path));
      }
      case 'line':
        return make(Kind.Number, String(this.sources.place(outermost).line));
      case 'counter':
        return make(Kind.Number, String(this.counter++));
      case 'includeLevel':
        return make(Kind.Number, String(this.frame?.depth ?? 0));
      case 'baseFile':
        return make(Kind.String, quote(this.mainPath));
      // Fixed, so that the same text always gives the same image.
      case 'date':
        return make(Kind.String, '"Jan  1 1970"');
      case 'time':
        return make(Kind.String, '"00:00:00"');
      case 'timestamp':
        return make(Kind.String, '"Thu Jan  1 00:00:00 1970"');
      case 'has':
        return make(Kind.Number, featureValue(this, macro.name, argument));
      case 'pragma': {
        const text = argument.length === 1 ? interner.text(pool.value[argument[0]]) : '';
        if (!/^L?"/.test(text)) {
          this.reporter.error(this.expander.span(name), '_Pragma takes a parenthesized string literal');
          return [];
        }
        const content = text.replace(/^L?"|"$/g, '').replace(/\\(["\\])/g, '$1');
        return this.pragma(content.trim(), this.expander.span(name)) ? make(Kind.Pragma, content.trim()) : [];
      }
      case undefined:
        return [];
    }
  }

  /** Obeys what is the preprocessor's business in a pragma; true if it is to stay in the text as a token. */
  pragma(text: string, span: Span): boolean {
    pragmaText(this, text, span);
    if (PARSER_PRAGMAS.test(text)) this.pragmas.push({ at: this.out.length, text, span });
    return this.options.keepPragmas === true;
  }

  // ------------------------------------------------------------ definitions

  /** Defines the macros of a text of `NAME value` lines. */
  private defineLines(path: string, lines: string): void {
    const file = this.sources.add(path, lines, -1);
    const cached = this.cache.lex(path, lines);
    cached.base = file.base;
    const { tokens } = cached.lexed;
    let first = 0;
    while (tokens.kind[first] !== Kind.End) {
      let end = first + 1;
      while ((tokens.flags[end] & BEGINS_LINE) === 0) end++;
      if (tokens.kind[first] === Kind.Identifier) {
        let macro = cached.macros[first];
        if (!macro) {
          const result = parseDefine(tokens, first, end, this.words, true);
          if ('macro' in result) macro = instantiate(result.macro, cached, true);
          cached.macros[first] = macro;
        }
        if (macro) this.definePredefined(macro);
      }
      first = end;
    }
  }

  private definePredefined(macro: Macro): void {
    this.expander.macros.set(macro.name, macro);
  }

  private predefine(): void {
    const { interner } = this.cache;
    for (const [text, dynamic, functionLike] of DYNAMIC) {
      const name = interner.intern(text);
      this.definePredefined({
        name,
        functionLike,
        parameters: functionLike ? [this.words.vaArgs] : [],
        variadic: functionLike,
        vaOpt: false,
        body: new TokenBuffer(0),
        offset: 0,
        home: { base: 0 },
        dynamic,
        disabled: false,
        predefined: true,
      });
    }
    this.defineLines('<built-in>', PREDEFINED);
    if (this.options.assembly) this.defineLines('<assembler>', '__ASSEMBLER__ 1');
    const given = Object.entries(this.options.defines).map(
      ([name, value]) => `${name} ${value.replace(/\n/g, ' ')}`,
    );
    if (given.length > 0) this.defineLines('<command-line>', given.join('\n'));
  }

  /** Expands the tokens first..end-1 of a directive's line by themselves. */
  expandLine(frame: Frame, first: number, end: number): number[] {
    const list: number[] = [];
    for (let i = first; i < end; i++) {
      const token = this.expander.import(frame.tokens, i, frame.file.base);
      this.expander.pool.flags[token] &= ~BEGINS_LINE;
      if (i === first) this.expander.pool.flags[token] &= ~SPACE_BEFORE;
      list.push(token);
    }
    const saved = this.inDirective;
    this.inDirective = true;
    const result = this.expander.expandList(list);
    this.inDirective = saved;
    return result;
  }
}
