/**
 * DebugIndex: questions about a linked image's debug tables, answered quickly. Offsets count from the image's base.
 *
 * Everything that maps addresses to source and back goes through here: breakpoints, frames, variables, type look-ups by
 * the host. It holds no state besides its indexes.
 */
import type {
  CodeRange,
  DebugType,
  FrameRow,
  FunctionDebug,
  GlobalDebug,
  InlineOnlyFunction,
  InlineSite,
  LineRow,
  Location,
  MemberDebug,
  TypeId,
  UnitDebug,
  VariableDebug,
} from './debug';
import type { Image } from './image';

/** A source position of an instruction. `file` is a path. */
export interface SourceLine {
  file: string;
  line: number;
  column: number;
  isStatement: boolean;
}

/** One level of the inline stack: where execution is inside `name`. Innermost first; the last is the real function. */
export interface InlineFrame {
  name: string;
  file: string;
  line: number;
  column: number;
  /** Index into FunctionDebug.inlines, or -1 for the function itself. */
  site: number;
}

/** An address that a source line's code starts at. */
export interface LineAddress {
  offset: number;
  function: FunctionDebug;
  /** -1, or the inline site whose instance this is. */
  inlineSite: number;
  line: number;
  column: number;
}

/** A member reached by a path, with everything needed to read it. */
export interface MemberLocation {
  offset: number;
  type: TypeId;
  size: number;
  bitOffset: number | undefined;
  bitSize: number | undefined;
}

/** Index of the last element whose key is not above `value`, or -1. */
function lastAtMost<T>(list: readonly T[], value: number, key: (item: T) => number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (key(list[middle]) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function contains(ranges: readonly CodeRange[], offset: number): boolean {
  return ranges.some(([start, end]) => offset >= start && offset < end);
}

export class DebugIndex {
  readonly debug: UnitDebug;
  private readonly functionsByName = new Map<string, FunctionDebug[]>();
  private readonly globalsByName = new Map<string, GlobalDebug>();
  private readonly typesByName = new Map<string, TypeId>();
  private readonly filesByName = new Map<string, number>();
  private readonly rowsByFile = new Map<number, Map<number, LineAddress[]>>();

  constructor(readonly image: Image) {
    this.debug = image.debug;
    for (const fn of this.debug.functions) {
      const list = this.functionsByName.get(fn.name);
      if (list) list.push(fn);
      else this.functionsByName.set(fn.name, [fn]);
    }
    for (const global of this.debug.globals) {
      if (!this.globalsByName.has(global.name)) this.globalsByName.set(global.name, global);
    }
    this.debug.files.forEach((file, index) => {
      this.filesByName.set(file, index);
    });
    this.debug.types.forEach((type, id) => {
      if (!('name' in type) || type.name === undefined) return;
      const complete = type.kind !== 'struct' && type.kind !== 'union' ? true : type.complete;
      const key = `${type.kind} ${type.name}`;
      if (complete || !this.typesByName.has(key)) {
        const earlier = this.typesByName.get(key);
        if (earlier === undefined || !this.isComplete(earlier)) this.typesByName.set(key, id);
      }
    });
  }

  private isComplete(id: TypeId): boolean {
    const type = this.debug.types[id];
    return type.kind !== 'struct' && type.kind !== 'union' ? true : type.complete;
  }

  // ---------------------------------------------------------------- functions and lines

  /** The function whose code holds this offset. */
  functionAt(offset: number): FunctionDebug | undefined {
    const list = this.debug.functions;
    const fn = list[lastAtMost(list, offset, (one) => one.start)];
    return fn && offset < fn.start + fn.size ? fn : undefined;
  }

  /** Functions of this name (static ones may share it), in order of address. */
  functionsNamed(name: string): readonly FunctionDebug[] {
    return this.functionsByName.get(name) ?? [];
  }

  /** Functions that exist only inlined (or not at all) under this name. */
  inlineOnlyNamed(name: string): InlineOnlyFunction[] {
    return this.debug.inlineOnly.filter((fn) => fn.name === name);
  }

  /** Every inlined instance of a function: the function it is in, and the site. */
  inlineInstancesOf(name: string): { function: FunctionDebug; site: InlineSite; index: number }[] {
    return this.debug.functions.flatMap((fn) =>
      fn.inlines.flatMap((site, index) =>
        site.callee === name && site.ranges.length > 0 ? [{ function: fn, site, index }] : [],
      ),
    );
  }

  /** The line row that covers an offset. */
  rowAt(offset: number): LineRow | undefined {
    const fn = this.functionAt(offset);
    return fn?.lines[lastAtMost(fn.lines, offset - fn.start, (row) => row.offset)];
  }

  /** Source position of the innermost (inlined) code at an offset. */
  lineAt(offset: number): SourceLine | undefined {
    const row = this.rowAt(offset);
    if (!row) return undefined;
    const { line, column, isStatement } = row;
    return { file: this.debug.files[row.file], line, column, isStatement };
  }

  /** The inline stack at an offset, innermost first. Empty outside known functions. */
  inlineStackAt(offset: number): InlineFrame[] {
    const fn = this.functionAt(offset);
    const row = this.rowAt(offset);
    if (!fn || !row) return [];
    const frames: InlineFrame[] = [];
    let file = this.debug.files[row.file];
    let { line, column, inlineSite: site } = row;
    while (site >= 0) {
      const inline: InlineSite = fn.inlines[site];
      frames.push({ name: inline.callee, file, line, column, site });
      file = this.debug.files[inline.callFile];
      line = inline.callLine;
      column = inline.callColumn;
      site = inline.parent;
    }
    frames.push({ name: fn.name, file, line, column, site: -1 });
    return frames;
  }

  private fileRows(file: number): Map<number, LineAddress[]> {
    let lines = this.rowsByFile.get(file);
    if (lines) return lines;
    lines = new Map();
    for (const fn of this.debug.functions) {
      for (const row of fn.lines) {
        if (row.file !== file || !row.isStatement) continue;
        const { line, column, inlineSite } = row;
        const list = lines.get(line) ?? [];
        lines.set(line, list);
        const known = list.some((one) => one.function === fn && one.inlineSite === inlineSite);
        if (!known) list.push({ offset: fn.start + row.offset, function: fn, inlineSite, line, column });
      }
    }
    this.rowsByFile.set(file, lines);
    return lines;
  }

  /** The file of the tables that `path` means: equal, or the only one that ends with it. */
  fileIndex(path: string): number | undefined {
    const exact = this.filesByName.get(path);
    if (exact !== undefined) return exact;
    const ending = this.debug.files.flatMap((file, index) =>
      file.endsWith(`/${path}`) || path.endsWith(`/${file}`) ? [index] : [],
    );
    return ending.length === 1 ? ending[0] : undefined;
  }

  /** Where the code of a line starts: one address in each function and inlined instance that has some. */
  addressesOf(path: string, line: number): LineAddress[] {
    const file = this.fileIndex(path);
    if (file === undefined) return [];
    return [...(this.fileRows(file).get(line) ?? [])].sort((a, b) => a.offset - b.offset);
  }

  /** Lines of a file that have code, ascending. */
  linesWithCode(path: string): number[] {
    const file = this.fileIndex(path);
    return file === undefined ? [] : [...this.fileRows(file).keys()].sort((a, b) => a - b);
  }

  /** Offset of the first instruction after a function's prologue. */
  prologueEnd(fn: FunctionDebug): number {
    const row = fn.lines.find((one) => one.prologueEnd);
    return fn.start + (row?.offset ?? 0);
  }

  // ---------------------------------------------------------------- variables

  /** Variables whose names are visible at an offset, innermost scope last; those of one inline level if `site` is given. */
  variablesAt(offset: number, site?: number): VariableDebug[] {
    const fn = this.functionAt(offset);
    if (!fn) return [];
    const at = offset - fn.start;
    return fn.variables.filter(
      (variable) => contains(variable.scope, at) && (site === undefined || variable.inlineSite === site),
    );
  }

  /** Where a variable of the function at `offset` is there. */
  locate(variable: VariableDebug, offset: number): Location {
    const fn = this.functionAt(offset);
    const at = fn ? offset - fn.start : -1;
    const found = variable.locations.find(({ range: [start, end] }) => at >= start && at < end);
    return found?.location ?? { kind: 'optimizedOut', reason: 'it has no place at this instruction' };
  }

  /** A variable with static storage by name. */
  global(name: string): GlobalDebug | undefined {
    return this.globalsByName.get(name);
  }

  /** How to find the CFA and the saved registers at an offset. */
  frameRowAt(offset: number): FrameRow | undefined {
    const fn = this.functionAt(offset);
    return fn?.frame[lastAtMost(fn.frame, offset - fn.start, (row) => row.offset)];
  }

  // ---------------------------------------------------------------- types

  /** A named type: kind 'struct', 'union', 'enum', 'typedef' or 'base'. */
  typeByName(kind: 'struct' | 'union' | 'enum' | 'typedef' | 'base', name: string): TypeId | undefined {
    return this.typesByName.get(`${kind} ${name}`);
  }

  /** A type without typedef names and qualifiers. */
  bare(id: TypeId): DebugType {
    let type = this.debug.types[id];
    for (let hops = 0; hops < 100; hops++) {
      if (type.kind === 'typedef') type = this.debug.types[type.to];
      else if (type.kind === 'qualified') type = this.debug.types[type.of];
      else return type;
    }
    return type;
  }

  /** Size in bytes; 0 for incomplete types and flexible arrays, 1 for void and functions as GNU C has it. */
  sizeOf(id: TypeId): number {
    const type = this.bare(id);
    switch (type.kind) {
      case 'void':
      case 'function':
        return 1;
      case 'base':
      case 'struct':
      case 'union':
      case 'enum':
        return type.size;
      case 'pointer':
        return 8;
      case 'array':
        return (type.count ?? 0) * this.sizeOf(type.of);
      case 'typedef':
      case 'qualified':
        return 0;
    }
  }

  /** A member by name, also through anonymous members. `offset` is from the start of the struct. */
  findMember(id: TypeId, name: string): { member: MemberDebug; offset: number } | undefined {
    const type = this.bare(id);
    if (type.kind !== 'struct' && type.kind !== 'union') return undefined;
    for (const member of type.members) {
      if (member.name === name) return { member, offset: member.offset };
      if (member.name !== undefined) continue;
      const inner = this.findMember(member.type, name);
      if (inner) return { member: inner.member, offset: member.offset + inner.offset };
    }
    return undefined;
  }

  /**
   * Follows a path such as `kp.addr` or `hlist.next` from a struct type, without dereferencing; `[n]` indexes arrays.
   * Returns undefined if a step does not exist.
   */
  member(id: TypeId, path: string): MemberLocation | undefined {
    let type = id;
    let offset = 0;
    let bits: { bitOffset: number | undefined; bitSize: number | undefined } = {
      bitOffset: undefined,
      bitSize: undefined,
    };
    for (const step of path.match(/[A-Za-z_]\w*|\[\d+\]/g) ?? []) {
      if (step.startsWith('[')) {
        const array = this.bare(type);
        if (array.kind !== 'array') return undefined;
        offset += Number(step.slice(1, -1)) * this.sizeOf(array.of);
        type = array.of;
        continue;
      }
      const found = this.findMember(type, step);
      if (!found) return undefined;
      offset += found.offset;
      type = found.member.type;
      bits = { bitOffset: found.member.bitOffset, bitSize: found.member.bitSize };
    }
    return { offset, type, size: this.sizeOf(type), ...bits };
  }
}
