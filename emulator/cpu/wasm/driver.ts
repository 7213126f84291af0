// The small WebAssembly function that goes from one translated region to the next without coming back to JavaScript:
// call the region, look its exit's rip up in the jump cache, call again.
import { ACTIVE, Field, JUMP_CACHE, JUMP_ENTRIES } from '../layout';
import { ExpressionEmitter } from './expressions';
import { settleFlags } from './flags';
import { Op, Type, Writer, writeModule } from './writer';

/** Slots of the function table. */
export const TABLE_SIZE = 2048;

/** Bytes of the jump cache of one privilege level; ring 3 has the second half. */
const HALF = (JUMP_ENTRIES / 2) * 16;

/** Address of the jump cache entry for a rip. */
export function jumpSlot(low: number, user: boolean): number {
  return JUMP_CACHE + (user ? HALF : 0) + (((low ^ (low >>> 11)) & (JUMP_ENTRIES / 2 - 1)) << 4);
}

/** Module exporting `run(tableIndex, entry)`, which returns an Exit code; Exit.jump means the jump cache has no entry. */
export function driverModule(memoryPages: number): Uint8Array {
  const out = new Writer();
  const emit = new ExpressionEmitter(out);
  const [INDEX, ENTRY, CODE, SLOT, RIP, A, B] = [0, 1, 2, 3, 4, 5, 6];
  out.bytes([2, 2, Type.i32, 3, Type.i64]);
  out.bytes([Op.loop, Type.empty]);
  emit.get(ENTRY);
  emit.get(INDEX);
  out.bytes([Op.callIndirect, 0, 0]);
  emit.tee(CODE);
  out.bytes([Op.if, Type.empty]);
  settleFlags(emit, { kind: SLOT, a: A, b: B });
  emit.get(CODE);
  out.bytes([Op.return, Op.end]);
  // slot = (rip ^ rip >>> 11) & mask, 16 bytes each, second half in ring 3
  emit.i32(0);
  emit.loadWord(8, ACTIVE + Field.rip);
  emit.tee(RIP);
  out.byte(Op.i32WrapI64);
  emit.tee(SLOT);
  emit.get(SLOT);
  emit.i32(11);
  out.bytes([Op.i32ShrU, Op.i32Xor]);
  emit.i32(JUMP_ENTRIES / 2 - 1);
  out.byte(Op.i32And);
  emit.i32(4);
  out.byte(Op.i32Shl);
  emit.i32(0);
  emit.memory(Op.i32Load, ACTIVE + Field.cpl);
  emit.i32(1);
  out.byte(Op.i32And);
  emit.i32(Math.log2(HALF));
  out.bytes([Op.i32Shl, Op.i32Add]);
  emit.tee(SLOT);
  emit.loadWord(8, JUMP_CACHE);
  emit.get(RIP);
  out.byte(Op.i64Eq);
  out.bytes([Op.if, Type.empty]);
  emit.get(SLOT);
  emit.memory(Op.i32Load, JUMP_CACHE + 8);
  emit.set(INDEX);
  emit.get(SLOT);
  emit.memory(Op.i32Load, JUMP_CACHE + 12);
  emit.set(ENTRY);
  out.bytes([Op.br, 1, Op.end]);
  out.byte(Op.end);
  settleFlags(emit, { kind: SLOT, a: A, b: B });
  emit.i32(0);
  out.byte(Op.end);
  return writeModule({
    types: [
      { parameters: [Type.i32], results: [Type.i32] },
      { parameters: [Type.i32, Type.i32], results: [Type.i32] },
    ],
    imports: [],
    memoryPages,
    table: TABLE_SIZE,
    functions: [{ type: 1, body: out.result(), exportName: 'run' }],
  });
}
