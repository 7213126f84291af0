/**
 * The instruction table: the one description of x86-64 in 64-bit mode. Decoder, encoder, assembler, disassembler,
 * kprobe classification and the processor's dispatch all derive from these rows; see row.ts for their notation.
 *
 * It holds every integer and system instruction, and, as `unsupported`, the names and shapes of x87, MMX, SSE and AVX.
 */
import type { Row, TableEntry } from './row';
import { arithmetic } from './table/arithmetic';
import { avx } from './table/avx';
import { bits } from './table/bits';
import { control } from './table/control';
import { moves } from './table/moves';
import { sse } from './table/sse';
import { system } from './table/system';
import { x87 } from './table/x87';

export { conditions, type Op, ops } from './op';
export type { OperandForm, TableEntry } from './row';
export { flagBits } from './row';

const rows: readonly Row[] = [
  ...arithmetic,
  ...bits,
  ...moves,
  ...control,
  ...system,
  ...x87,
  ...sse,
  ...avx,
];

/** All rows; `id` is the index. Where two rows could decode the same bytes, the earlier one with the narrower prefix wins. */
export const table: readonly TableEntry[] = rows.map((entry, id) => ({ ...entry, id }));
