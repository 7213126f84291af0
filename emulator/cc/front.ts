/**
 * The front end's door: a source file in, a typed tree and diagnostics out. Pure; never throws; always gives a tree.
 */
import type { Inclusion, Loc, MacroDefinition, Position, SourceMap, TranslationUnit } from './ast';
import type { Diagnostic } from './diagnostic';
import { Kind } from './lex/kinds';
import { finishVariables, parseExternalDeclaration } from './parse/declaration';
import { finishFunctions, parseWantedBodies } from './parse/function';
import { waitForUses } from './parse/late';
import { packTable } from './parse/pack';
import { Parser } from './parse/parser';
import { UseRecorder } from './parse/uses';
import { type CachedFile, FrontCache } from './pp/cache';
import { macroBodyText } from './pp/macro';
import { Preprocessor } from './pp/preprocess';
import type { FileProvider, SourceFile } from './source';

export type { FileProvider } from './source';

export interface FrontOptions {
  /** Directories for <…> (and for "…" after the includer's own). */
  includePaths: readonly string[];
  /** NAME → value. */
  defines: Readonly<Record<string, string>>;
  /** -W names to silence, e.g. 'unused-label'. */
  disabledWarnings?: readonly string[];
  /** Record definitions and uses for the language server, and parse every body. */
  recordUses?: boolean;
}

/** What one run of the front end knows. */
export interface FrontResult {
  unit: TranslationUnit;
  diagnostics: Diagnostic[];
  /** Present if asked for. */
  uses: UseRecorder | undefined;
  /** The preprocessor's state: tokens, macros, files. */
  preprocessor: Preprocessor;
}

let shared: FrontCache | undefined;

/** The cache used when none is given: lexed headers stay warm between units. */
export function sharedCache(): FrontCache {
  if (!shared || shared.full) shared = new FrontCache();
  return shared;
}

/** Positions of preprocessed tokens. */
class UnitSourceMap implements SourceMap {
  private readonly names: string[] = [];
  private readonly numbers = new Map<string, number>();

  constructor(private readonly pp: Preprocessor) {}

  get files(): readonly string[] {
    return this.names;
  }

  position(loc: Loc): Position {
    const { out, expansions, sources } = this.pp;
    const place = sources.place(Math.max(1, expansions.outermost(out.pos[loc], out.expansion[loc])));
    return { file: this.fileNumber(place.path), line: place.line, column: place.column };
  }

  /** The number of a path, given at its first mention. */
  fileNumber(path: string): number {
    let number = this.numbers.get(path);
    if (number === undefined) {
      number = this.names.length;
      this.names.push(path);
      this.numbers.set(path, number);
    }
    return number;
  }
}

function* macroNames(pp: Preprocessor): Iterable<string> {
  for (const macro of pp.expander.macros.values()) yield pp.cache.interner.text(macro.name);
}

function collectMacros(pp: Preprocessor, source: UnitSourceMap): MacroDefinition[] {
  const { interner } = pp.cache;
  // Other units may have read the same files since: this unit's own bases count.
  const bases = new Map(pp.sources.files.map((file) => [pp.cache.entry(file.path), file.base]));
  const result: MacroDefinition[] = [];
  for (const macro of pp.expander.macros.values()) {
    if (macro.predefined) continue;
    const base = bases.get(macro.home as CachedFile);
    if (base === undefined) continue;
    const place = pp.sources.place(base + macro.offset);
    const parameters = macro.functionLike
      ? macro.parameters.map((id, i) => {
          const name = interner.text(id);
          if (!macro.variadic || i < macro.parameters.length - 1) return name;
          return name === '__VA_ARGS__' ? '...' : `${name}...`;
        })
      : undefined;
    result.push({
      name: interner.text(macro.name),
      parameters,
      body: macroBodyText(macro, interner),
      file: source.fileNumber(place.path),
      line: place.line,
    });
  }
  return result;
}

/** The unit's own file and all that it includes; macros of the compiler and the command line come from none of them. */
function collectIncludes(pp: Preprocessor, source: UnitSourceMap): Inclusion[] {
  const { sources } = pp;
  const numbers = new Map<SourceFile, number>();
  const result: Inclusion[] = [];
  for (const file of sources.files) {
    if (file.includedFrom < 0 && file.path !== pp.mainPath) continue;
    const place = file.includedFrom < 0 ? undefined : sources.place(file.includedFrom);
    const parent = place === undefined ? -1 : (numbers.get(place.file) ?? -1);
    numbers.set(file, result.length);
    result.push({ file: source.fileNumber(file.path), parent, line: place?.line ?? 0 });
  }
  return result;
}

/**
 * Preprocesses, parses and checks one C file.
 * @param cache kept between calls, it makes headers cheap; by default one is shared
 */
export function parseUnit(
  path: string,
  files: FileProvider,
  options: FrontOptions,
  cache: FrontCache = sharedCache(),
): FrontResult {
  const pp = new Preprocessor(cache, files, options);
  pp.run(path);
  const uses = options.recordUses ? new UseRecorder() : undefined;
  const main = pp.sources.files.find((file) => file.path === path && file.includedFrom < 0);
  const first = main?.base ?? 0;
  const end = first + (main?.text.length ?? 0);
  const inMainFile = (token: number) => {
    const pos = pp.expansions.outermost(pp.out.pos[token], pp.out.expansion[token]);
    return pos >= first && pos <= end;
  };
  const parser = new Parser(
    pp.out,
    cache.interner,
    pp.reporter,
    uses,
    packTable(pp.pragmas),
    () => macroNames(pp),
    inMainFile,
  );
  parseAll(parser);
  const source = new UnitSourceMap(pp);
  let macros: MacroDefinition[] | undefined;
  const unit: TranslationUnit = {
    path,
    source,
    functions: parser.functions,
    variables: parser.variables,
    typedefs: parser.typedefs,
    records: parser.records,
    enums: parser.enums,
    fileAsm: parser.fileAsm,
    // Only debug information wants them, so they are put together when asked for.
    get macros() {
      macros ??= collectMacros(pp, source);
      return macros;
    },
    get includes() {
      return collectIncludes(pp, source);
    },
  };
  return { unit, diagnostics: pp.reporter.diagnostics, uses, preprocessor: pp };
}

function parseAll(parser: Parser): void {
  const lazy = waitForUses(parser);
  while (parser.kind !== Kind.End) {
    const before = parser.at;
    const skipped = parser.inMainFile(before) ? -1 : lazy.scan(before);
    if (skipped > 0) {
      parser.at = skipped;
      continue;
    }
    parseExternalDeclaration(parser);
    if (parser.panicking) parser.sync();
    if (parser.at === before) parser.next();
  }
  applyAliases(parser);
  parseWantedBodies(parser);
  finishVariables(parser);
  finishFunctions(parser);
}

/** The target of an alias is used. */
function applyAliases(parser: Parser): void {
  for (const symbol of [...parser.functions, ...parser.variables]) {
    const { alias } = symbol.attributes;
    if (alias === undefined) continue;
    const target = parser.linkedName(parser.interner.intern(alias));
    if (!target) continue;
    target.referenced = true;
    if (target.kind === 'function') parser.want(target);
  }
}
