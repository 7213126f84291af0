// The small WebAssembly function that goes from one translated region to the next without coming back to JavaScript:
// call the region, look its exit's rip up in the jump cache, call again.
import { ACTIVE, Field, JUMP_CACHE, KERNEL_JUMPS, USER_JUMPS } from '../layout';
import { ExpressionEmitter } from './expressions';
import { settleFlags } from './flags';
import { Op, Type, Writer, writeModule } from './writer';

/** Slots of the function table. */
export const TABLE_SIZE = 2048;

/** Address of the jump cache entry for a rip. */
export function jumpSlot(low: number, user: boolean): number {
  const hash = low ^ (low >>> 11);
  const entry = user ? KERNEL_JUMPS + (hash & (USER_JUMPS - 1)) : hash & (KERNEL_JUMPS - 1);
  return JUMP_CACHE + entry * 16;
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
  // The slot as `jumpSlot` computes it.
  const byLevel = (user: number, kernel: number): void => {
    emit.i32(user);
    emit.i32(kernel);
    emit.i32(0);
    emit.memory(Op.i32Load, ACTIVE + Field.cpl);
    out.byte(Op.select);
  };
  emit.i32(0);
  emit.loadWord(8, ACTIVE + Field.rip);
  emit.tee(RIP);
  out.byte(Op.i32WrapI64);
  emit.tee(SLOT);
  emit.get(SLOT);
  emit.i32(11);
  out.bytes([Op.i32ShrU, Op.i32Xor]);
  byLevel(USER_JUMPS - 1, KERNEL_JUMPS - 1);
  out.byte(Op.i32And);
  byLevel(KERNEL_JUMPS, 0);
  out.byte(Op.i32Add);
  emit.i32(4);
  out.byte(Op.i32Shl);
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
