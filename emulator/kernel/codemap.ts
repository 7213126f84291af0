/**
 * From a code offset in an image to its function, source place, inlined calls and frame row: what a call stack needs.
 *
 * Reads the linked image's debug tables directly; variables and breakpoints on lines are the debugger's business
 * (cc/lookup.ts).
 */
import type { FrameRow, FunctionDebug, LineRow } from '../cc/debug';
import type { Image } from '../cc/image';
import type { SourcePlace } from './types';

/** One function of a source stack: the innermost inlined callee first, the function that has the code last. */
export interface SourceFrame {
  name: string;
  source: SourcePlace | undefined;
  inlined: boolean;
}

export class CodeMap {
  private readonly starts: number[];

  constructor(private readonly image: Image) {
    this.starts = image.debug.functions.map((fn) => fn.start);
  }

  /** The function whose code holds an offset. */
  functionAt(offset: number): FunctionDebug | undefined {
    const index = lastAtOrBelow(this.starts, offset);
    const fn = this.image.debug.functions[index];
    return fn !== undefined && offset < fn.start + fn.size ? fn : undefined;
  }

  /** Name of the symbol at or before an offset, for code without debug information. */
  symbolAt(offset: number): string | undefined {
    let name: string | undefined;
    for (const symbol of this.image.symbols) {
      if (symbol.offset > offset) break;
      name = symbol.name;
    }
    return name;
  }

  /** The frame row in force at `at` bytes into the function. */
  frameRow(fn: FunctionDebug, at: number): FrameRow | undefined {
    return lastRow(fn.frame, at);
  }

  /** Source place of `at` bytes into the function, without inlined calls. */
  lineRow(fn: FunctionDebug, at: number): LineRow | undefined {
    return lastRow(fn.lines, at);
  }

  /** Source place of an offset: the innermost inlined function's own line. */
  placeAt(offset: number): SourcePlace | undefined {
    const fn = this.functionAt(offset);
    const row = fn === undefined ? undefined : this.lineRow(fn, offset - fn.start);
    return row === undefined ? undefined : this.place(row.file, row.line, row.column);
  }

  /** The function and the calls inlined into it at `at` bytes, innermost first. */
  sourceStack(fn: FunctionDebug, at: number): SourceFrame[] {
    const row = this.lineRow(fn, at);
    let source = row === undefined ? undefined : this.place(row.file, row.line, row.column);
    const frames: SourceFrame[] = [];
    for (let site = fn.inlines[row?.inlineSite ?? -1]; site !== undefined; site = fn.inlines[site.parent]) {
      frames.push({ name: site.callee, source, inlined: true });
      source = this.place(site.callFile, site.callLine, site.callColumn);
    }
    frames.push({ name: fn.name, source, inlined: false });
    return frames;
  }

  private place(file: number, line: number, column: number): SourcePlace | undefined {
    const name = this.image.debug.files[file];
    return name === undefined || line === 0 ? undefined : { file: name, line, column };
  }
}

/** The last row whose offset is not beyond `at`; rows are sorted by offset. */
function lastRow<T extends { offset: number }>(rows: readonly T[], at: number): T | undefined {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].offset <= at) low = middle + 1;
    else high = middle;
  }
  return rows[low - 1];
}

function lastAtOrBelow(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
