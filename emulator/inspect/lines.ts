/**
 * From source lines to instructions: where a breakpoint on a line goes, and which lines can have one.
 *
 * A line may have code in several places: inlined bodies, several functions on one line. For each such instance the
 * first statement start counts. A line without code slides down to the next line of the same function that has some.
 */
import type { FunctionDebug } from '../cc/debug';
import type { Program } from './program';

/** One place a line's code begins. */
export interface LineSite {
  within: FunctionDebug;
  address: bigint;
  /** -1, or the inlined call it is part of. */
  inlineSite: number;
  column: number;
}

/** What a line comes to: instruction addresses, or the return of the function whose closing brace it is. */
export type LinePlace =
  | { kind: 'code'; line: number; sites: LineSite[] }
  | { kind: 'return'; line: number; functions: FunctionDebug[] };

/** All places of one file of one image, by line. */
class FileLines {
  readonly byLine = new Map<number, LineSite[]>();
  readonly functions: { line: number; endLine: number; code: FunctionDebug | undefined; name: string }[] = [];
}

export class LineIndex {
  readonly #files = new Map<string, FileLines>();

  constructor(readonly program: Program) {
    const { debug, base } = program.image;
    for (const one of debug.functions) {
      this.#file(debug.files[one.file]).functions.push({
        line: one.line,
        endLine: one.endLine,
        code: one,
        name: one.name,
      });
      const seen = new Set<string>();
      for (const row of one.lines) {
        const key = `${row.inlineSite} ${row.file} ${row.line}`;
        if (!row.isStatement || row.line === 0 || seen.has(key)) continue;
        seen.add(key);
        const lines = this.#file(debug.files[row.file]).byLine;
        const site = {
          within: one,
          address: base + BigInt(one.start + row.offset),
          inlineSite: row.inlineSite,
          column: row.column,
        };
        const same = lines.get(row.line);
        if (same) same.push(site);
        else lines.set(row.line, [site]);
      }
    }
    for (const one of debug.inlineOnly) {
      const { line, endLine, name } = one;
      this.#file(debug.files[one.file]).functions.push({ line, endLine, name, code: undefined });
    }
  }

  #file(name = ''): FileLines {
    const known = this.#files.get(name);
    if (known) return known;
    const made = new FileLines();
    this.#files.set(name, made);
    return made;
  }

  /** Source files that have code in this image. */
  files(): string[] {
    return [...this.#files.keys()];
  }

  has(file: string): boolean {
    return this.#files.has(file);
  }

  /** Where a breakpoint on a line goes; undefined when no code is on it or, inside the same function, below it. */
  place(file: string, line: number): LinePlace | undefined {
    const lines = this.#files.get(file);
    if (!lines) return undefined;
    const closing = lines.functions.filter(
      (one) => one.endLine === line && one.endLine !== one.line && one.code,
    );
    if (closing.length > 0) {
      return { kind: 'return', line, functions: closing.flatMap(({ code }) => (code ? [code] : [])) };
    }
    const around = lines.functions.find((one) => line >= one.line && line <= one.endLine);
    for (let at = line; at <= (around?.endLine ?? line); at++) {
      const sites = lines.byLine.get(at);
      if (sites) return { kind: 'code', line: at, sites };
    }
    return undefined;
  }

  /** Lines of [first, last] that can have a breakpoint without sliding, with the columns of their code. */
  locations(file: string, first: number, last: number): { line: number; column: number }[] {
    const lines = this.#files.get(file);
    if (!lines) return [];
    const found: { line: number; column: number }[] = [];
    for (const [line, sites] of lines.byLine) {
      if (line < first || line > last) continue;
      const columns = new Set(sites.map((site) => Math.max(1, site.column)));
      for (const column of columns) found.push({ line, column });
    }
    for (const { endLine, code } of lines.functions) {
      if (code && endLine >= first && endLine <= last && !lines.byLine.has(endLine))
        found.push({ line: endLine, column: 1 });
    }
    return found.sort((a, b) => a.line - b.line || a.column - b.column);
  }
}

const indexes = new WeakMap<Program, LineIndex>();

/** The line index of a program, made at first use. */
export function linesOf(program: Program): LineIndex {
  const known = indexes.get(program);
  if (known) return known;
  const made = new LineIndex(program);
  indexes.set(program, made);
  return made;
}
