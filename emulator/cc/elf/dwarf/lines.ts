/**
 * .debug_line: the line rows of all functions as a DWARF 5 line number program, one sequence per function.
 */
import type { LineRow, UnitDebug } from '../../debug';
import { DwarfSection } from './output';

const OPCODE_BASE = 13;
const LINE_BASE = -5;
const LINE_RANGE = 14;
const STANDARD_LENGTHS = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1];
const LNS = {
  copy: 1,
  advance_pc: 2,
  advance_line: 3,
  set_file: 4,
  set_column: 5,
  negate_stmt: 6,
  prologue_end: 10,
};
const LNE = { end_sequence: 1, set_address: 2 };
const LNCT_PATH = 1;
const LNCT_DIRECTORY = 2;
const FORM_STRING = 0x08;
const FORM_UDATA = 0x0f;

function header(out: DwarfSection, unitName: string, files: readonly string[]): number {
  out.u32(0);
  out.u16(5);
  out.u8(8);
  out.u8(0);
  const lengthAt = out.length;
  out.u32(0);
  out.u8(1);
  out.u8(1);
  out.u8(1);
  out.u8(LINE_BASE & 0xff);
  out.u8(LINE_RANGE);
  out.u8(OPCODE_BASE);
  for (const length of STANDARD_LENGTHS) out.u8(length);
  out.u8(1);
  out.uleb(LNCT_PATH);
  out.uleb(FORM_STRING);
  out.uleb(1);
  out.string('.');
  out.u8(2);
  out.uleb(LNCT_PATH);
  out.uleb(FORM_STRING);
  out.uleb(LNCT_DIRECTORY);
  out.uleb(FORM_UDATA);
  out.uleb(files.length + 1);
  for (const file of [unitName, ...files]) {
    out.string(file);
    out.uleb(0);
  }
  out.patchU32(lengthAt, out.length - lengthAt - 4);
  return 0;
}

function sequence(
  out: DwarfSection,
  section: number,
  start: number,
  size: number,
  rows: readonly LineRow[],
): void {
  out.u8(0);
  out.uleb(9);
  out.u8(LNE.set_address);
  out.codeAddress(section, start);
  let [address, file, line, column, statement] = [0, -1, 1, 0, true];
  for (const row of rows) {
    if (row.file + 1 !== file) {
      file = row.file + 1;
      out.u8(LNS.set_file);
      out.uleb(file);
    }
    if (row.column !== column) {
      column = row.column;
      out.u8(LNS.set_column);
      out.uleb(column);
    }
    if (row.isStatement !== statement) {
      statement = row.isStatement;
      out.u8(LNS.negate_stmt);
    }
    if (row.prologueEnd) out.u8(LNS.prologue_end);
    let lineDelta = row.line - line;
    const addressDelta = row.offset - address;
    if (lineDelta < LINE_BASE || lineDelta >= LINE_BASE + LINE_RANGE) {
      out.u8(LNS.advance_line);
      out.sleb(lineDelta);
      lineDelta = 0;
    }
    const special = lineDelta - LINE_BASE + LINE_RANGE * addressDelta + OPCODE_BASE;
    if (special <= 255) out.u8(special);
    else {
      out.u8(LNS.advance_pc);
      out.uleb(addressDelta);
      out.u8(lineDelta - LINE_BASE + OPCODE_BASE);
    }
    address = row.offset;
    line = row.line;
  }
  out.u8(LNS.advance_pc);
  out.uleb(size - address);
  out.u8(0);
  out.uleb(1);
  out.u8(LNE.end_sequence);
}

/** Builds .debug_line. File numbers are indexes into debug.files plus one; file 0 is the unit itself. */
export function writeLines(unitName: string, debug: UnitDebug): DwarfSection {
  const out = new DwarfSection('.debug_line');
  header(out, unitName, debug.files);
  for (const fn of debug.functions) {
    if (fn.size > 0 && fn.lines.length > 0) sequence(out, fn.section, fn.start, fn.size, fn.lines);
  }
  out.patchU32(0, out.length - 4);
  return out;
}
