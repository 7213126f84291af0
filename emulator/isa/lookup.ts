/**
 * Finds the table row of an opcode: an index from map and opcode byte to the few rows that share them, narrowest first.
 */
import type { OpcodeMap } from './row';
import { type TableEntry, table } from './table';

/** A row that demands more of the bytes comes before one that demands less. */
function breadth(entry: TableEntry): number {
  return (
    (entry.prefix === 'any' ? 16 : 0) +
    (entry.rm < 0 ? 8 : 0) +
    (entry.digit < 0 ? 4 : 0) +
    (entry.w < 0 && !entry.withoutRexB ? 2 : 0) +
    (entry.alternative ? 1 : 0)
  );
}

const none: readonly TableEntry[] = [];
const index: TableEntry[][] = [];

function slot(map: OpcodeMap, opcode: number, vex: boolean): number {
  return ((vex ? 8 : 0) + map) * 256 + opcode;
}

for (const entry of table) {
  for (let low = 0; low < (entry.registerInOpcode ? 8 : 1); low++) {
    const key = slot(entry.map, entry.map === 4 ? 0 : entry.opcode + low, entry.vex);
    (index[key] ??= []).push(entry);
  }
}
for (const rows of index) rows?.sort((a, b) => breadth(a) - breadth(b));

/** All rows of an opcode byte in a map, narrowest first; empty for an undefined opcode. */
export function rowsOf(map: OpcodeMap, opcode: number, vex: boolean): readonly TableEntry[] {
  return index[slot(map, opcode, vex)] ?? none;
}
