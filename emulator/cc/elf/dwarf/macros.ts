/**
 * .debug_macro (DWARF 5, section 6.3): the tree of inclusions, with each file's macro definitions at their lines.
 *
 * What is listed is what was live at the end of a unit: a macro that was undefined or redefined before is not, so a
 * debugger knows at every place what the last line of the unit knew. A file that is read several times has its macros
 * where it was read first.
 */
import type { MacroDebug, UnitDebug } from '../../debug';
import { MACRO } from './constants';
import { DwarfSection } from './output';

const OFFSETS_OF_4_AND_LINE_TABLE = 2;

/** As a #define line goes on: `NAME VALUE`, `NAME(a,b) VALUE`. */
function definition({ name, parameters, body }: MacroDebug): string {
  const head = parameters === undefined ? name : `${name}(${parameters.join(',')})`;
  return `${head} ${body}`;
}

function grouped<T>(items: readonly T[], key: (item: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

/** Builds .debug_macro, empty when there are no macros. `string` gives a text's place in .debug_str. */
export function writeMacros(debug: UnitDebug, string: (text: string) => number): DwarfSection {
  const out = new DwarfSection('.debug_macro');
  if (debug.macros.length === 0) return out;
  out.u16(5);
  out.u8(OFFSETS_OF_4_AND_LINE_TABLE);
  out.sectionOffset('.debug_line', 0);
  const macrosOf = grouped(debug.macros, (macro) => macro.file);
  const partsOf = grouped([...debug.includes.keys()], (index) => debug.includes[index].parent);

  /** Writes one inclusion; `seen` are the files of the tree that were written already. */
  const include = (index: number, line: number, seen: Set<number>): void => {
    const { file } = debug.includes[index];
    out.u8(MACRO.start_file);
    out.uleb(line);
    out.uleb(file + 1);
    const own = seen.has(file) ? [] : (macrosOf.get(file) ?? []);
    seen.add(file);
    const lines = [
      ...own.map((macro) => ({ line: macro.line, macro, index: -1 })),
      ...(partsOf.get(index) ?? []).map((part) => ({
        line: debug.includes[part].line,
        macro: undefined,
        index: part,
      })),
    ].sort((a, b) => a.line - b.line);
    for (const each of lines) {
      if (each.macro === undefined) {
        include(each.index, each.line, seen);
        continue;
      }
      out.u8(MACRO.define_strp);
      out.uleb(each.line);
      out.sectionOffset('.debug_str', string(definition(each.macro)));
    }
    out.u8(MACRO.end_file);
  };

  const roots = partsOf.get(-1) ?? [];
  if (roots.length === 1) include(roots[0], 0, new Set());
  else {
    // An image is one unit of several files: they appear as included by it, one after the other.
    out.u8(MACRO.start_file);
    out.uleb(0);
    out.uleb(0);
    roots.forEach((root, at) => {
      include(root, at + 1, new Set());
    });
    out.u8(MACRO.end_file);
  }
  out.u8(0);
  return out;
}
