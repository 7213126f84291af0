/**
 * The files of one translation unit and the arithmetic of places in them.
 *
 * Every file gets a base so that `base + offset` (a Pos) names a character of the whole unit in one number, as clang's
 * SourceLocation does. This module knows text offsets, lines and columns; macro expansions are pp/expansions.ts's.
 */

/** A character of the unit: the base of its file plus the UTF-16 offset in it. */
export type Pos = number;

/** Where files come from. The compiler never touches a disk itself. */
export interface FileProvider {
  /** The file's text, or undefined if there is none. Paths are joined with `/` as they are written. */
  read(path: string): string | undefined;
}

/** One file of the unit. */
export interface SourceFile {
  path: string;
  text: string;
  index: number;
  base: Pos;
  /** Where the first #include of this file stood; -1 for the main file. */
  includedFrom: Pos;
  /** Offsets of line starts; filled at the first question about a line. */
  lineStarts: number[] | undefined;
  /** #line directives: from this offset's next line on, lines count from `line` and the file is called `path`. */
  renames: { offset: number; line: number; path: string | undefined }[];
}

/** A place as people say it; line and column count from 1. `path` honours #line. */
export interface FilePlace {
  file: SourceFile;
  path: string;
  line: number;
  column: number;
}

/** Offsets at which lines start. */
export function computeLineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Index of the last element that is <= value in an ascending list whose first element is. */
export function lastAtMost(list: readonly number[], value: number): number {
  let low = 0;
  let high = list.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (list[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The unit's files. */
export class Sources {
  readonly files: SourceFile[] = [];
  private readonly bases: number[] = [];
  private next = 1;

  /** Adds a file; its base is behind all earlier ones. */
  add(path: string, text: string, includedFrom: Pos): SourceFile {
    const file: SourceFile = {
      path,
      text,
      index: this.files.length,
      base: this.next,
      includedFrom,
      lineStarts: undefined,
      renames: [],
    };
    this.next += text.length + 1;
    this.files.push(file);
    this.bases.push(file.base);
    return file;
  }

  fileAt(pos: Pos): SourceFile {
    return this.files[lastAtMost(this.bases, pos)];
  }

  /** Physical line (from 0) of an offset in a file. */
  lineOf(file: SourceFile, offset: number): number {
    file.lineStarts ??= computeLineStarts(file.text);
    return lastAtMost(file.lineStarts, offset);
  }

  /** File, line and column of a character. */
  place(pos: Pos): FilePlace {
    const file = this.fileAt(pos);
    const offset = pos - file.base;
    const physical = this.lineOf(file, offset);
    const column = offset - (file.lineStarts?.[physical] ?? 0) + 1;
    let line = physical + 1;
    let path = file.path;
    for (const rename of file.renames) {
      if (rename.offset > offset) break;
      line = rename.line + physical - this.lineOf(file, rename.offset) - 1;
      path = rename.path ?? path;
    }
    return { file, path, line, column };
  }
}
