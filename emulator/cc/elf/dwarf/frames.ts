/**
 * .debug_frame: call-frame rows as DWARF call frame information, one FDE per function.
 */
import type { FrameRow, UnitDebug } from '../../debug';
import { DWARF_REGISTERS, RETURN_ADDRESS_COLUMN } from './constants';
import { DwarfSection } from './output';

const CFA = { advance_loc1: 0x02, advance_loc2: 0x03, advance_loc4: 0x04, same_value: 0x08, def_cfa: 0x0c };
const CFA_ADVANCE = 0x40;
const CFA_OFFSET = 0x80;
const DATA_ALIGN = -8;
const RSP = 4;

function pad(out: DwarfSection, start: number): void {
  while ((out.length - start) % 8 !== 0) out.u8(0);
  out.patchU32(start, out.length - start - 4);
}

function commonEntry(out: DwarfSection): void {
  const start = out.length;
  out.u32(0);
  out.u32(0xffffffff);
  out.u8(4);
  out.string('');
  out.u8(8);
  out.u8(0);
  out.uleb(1);
  out.sleb(DATA_ALIGN);
  out.uleb(RETURN_ADDRESS_COLUMN);
  out.u8(CFA.def_cfa);
  out.uleb(DWARF_REGISTERS[RSP]);
  out.uleb(8);
  out.u8(CFA_OFFSET | RETURN_ADDRESS_COLUMN);
  out.uleb(1);
  pad(out, start);
}

function advance(out: DwarfSection, delta: number): void {
  if (delta === 0) return;
  if (delta < 64) out.u8(CFA_ADVANCE | delta);
  else if (delta < 256) {
    out.u8(CFA.advance_loc1);
    out.u8(delta);
  } else if (delta < 65536) {
    out.u8(CFA.advance_loc2);
    out.u16(delta);
  } else {
    out.u8(CFA.advance_loc4);
    out.u32(delta);
  }
}

function rows(out: DwarfSection, list: readonly FrameRow[]): void {
  let at = 0;
  let saved = new Map<number, number>();
  let cfa = `${RSP}:8`;
  for (const row of list) {
    advance(out, row.offset - at);
    at = row.offset;
    const next = `${row.cfaRegister}:${row.cfaOffset}`;
    if (next !== cfa) {
      out.u8(CFA.def_cfa);
      out.uleb(DWARF_REGISTERS[row.cfaRegister]);
      out.uleb(row.cfaOffset);
      cfa = next;
    }
    const now = new Map(row.saved.map(({ register, offset }) => [register, offset]));
    for (const [register, offset] of now) {
      if (saved.get(register) === offset) continue;
      out.u8(CFA_OFFSET | DWARF_REGISTERS[register]);
      out.uleb(offset / DATA_ALIGN);
    }
    for (const register of saved.keys()) {
      if (now.has(register)) continue;
      out.u8(CFA.same_value);
      out.uleb(DWARF_REGISTERS[register]);
    }
    saved = now;
  }
}

/** Builds .debug_frame. */
export function writeFrames(debug: UnitDebug): DwarfSection {
  const out = new DwarfSection('.debug_frame');
  commonEntry(out);
  for (const fn of debug.functions) {
    if (fn.size === 0) continue;
    const start = out.length;
    out.u32(0);
    out.sectionOffset('.debug_frame', 0);
    out.codeAddress(fn.section, fn.start);
    out.u64(fn.size);
    rows(out, fn.frame);
    pad(out, start);
  }
  return out;
}
