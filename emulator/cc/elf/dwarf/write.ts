/**
 * DWARF 5 export: one compilation unit with everything that the debug tables know.
 */
import type { GlobalDebug, UnitDebug } from '../../debug';
import { AT, LANG_C11, OP, TAG } from './constants';
import { type Entry, EntryWriter, entry, flag, text, unsigned, type Value } from './entries';
import { writeFrames } from './frames';
import { FunctionEntries } from './functions';
import { writeLines } from './lines';
import { writeMacros } from './macros';
import type { DwarfSection } from './output';
import { TypeEntries } from './types';

function globalLocation(global: GlobalDebug): Value {
  return {
    form: 'expression',
    write: (out) => {
      out.u8(OP.addr);
      if (global.imageOffset === undefined) out.symbolAddress(global.symbol, 0);
      else out.codeAddress(-1, global.imageOffset);
    },
  };
}

function globalEntry(global: GlobalDebug, types: TypeEntries): Entry {
  return entry(TAG.variable, [
    [AT.name, text(global.name)],
    [AT.decl_file, unsigned(global.file + 1)],
    [AT.decl_line, unsigned(global.line)],
    [AT.type, types.reference(global.type)],
    [AT.external, flag(global.symbol === global.name)],
    [AT.location, globalLocation(global)],
  ]);
}

/** All debug sections for a unit or image called `name`. Sections without content are left out. */
export function writeDwarf(name: string, debug: UnitDebug): DwarfSection[] {
  const types = new TypeEntries(debug);
  const functions = new FunctionEntries(debug, types);
  const bodies = debug.functions.filter((fn) => fn.size > 0).map((fn) => functions.function(fn));
  const root = entry(
    TAG.compile_unit,
    [
      [AT.producer, text('Kprobe Lab C')],
      [AT.language, unsigned(LANG_C11)],
      [AT.name, text(name)],
      [AT.comp_dir, text('.')],
      [AT.ranges, functions.unitRanges()],
      [AT.low_pc, { form: 'code', section: debug.functions[0]?.section ?? 0, offset: 0 }],
      [AT.stmt_list, { form: 'offset', section: '.debug_line', offset: 0 }],
      [
        AT.macros,
        debug.macros.length > 0 ? { form: 'offset', section: '.debug_macro', offset: 0 } : undefined,
      ],
    ],
    [
      ...types.list.filter((made): made is Entry => made !== undefined),
      ...functions.abstract.values(),
      ...debug.globals.map((global) => globalEntry(global, types)),
      ...bodies,
    ],
  );
  functions.finish();
  const entries = new EntryWriter();
  entries.write(root);
  const macros = writeMacros(debug, (value) => entries.string(value));
  const sections = [
    entries.info,
    entries.abbreviations,
    entries.strings,
    writeLines(name, debug),
    functions.locationLists,
    functions.rangeLists,
    writeFrames(debug),
    macros,
  ];
  return sections.filter((section) => section.length > 0);
}
