// Lazy flags of translated code: instead of computing the carries word after each operation, code keeps the operands of
// the last one and what kind it was, and computes when somebody asks. Regions pass the three words on through the state
// block; before JavaScript sees the block, the driver settles them into the two flag words that everybody else knows.
import type { FlagRule, Size } from '../ir/nodes';
import { ACTIVE, Field } from '../layout';
import type { ExpressionEmitter } from './expressions';
import { Op, Type } from './writer';

/** Kinds: 0 the flag words are current; 1 the carries word is in `a`; else as `kindOf` makes them. */
export const KIND_CURRENT = 0;
export const KIND_WORDS = 1;
const ADD = 2;
const SUB = 3;
const LOGIC = 4;
const ROTATE_SHIFT = 8;

/** The kind of an operation: its rule, and how far the carry vector is rotated left to put CF into bit 31. */
export function kindOf(rule: FlagRule, size: Size): number {
  if (rule === 'logic') return LOGIC;
  const rotate = size === 8 ? 32 : 32 - size * 8;
  return (rule === 'add' || rule === 'adc' ? ADD : SUB) | (rotate << ROTATE_SHIFT);
}

/** Emits `a` = carries word of the operation in (kind, a, b, result), for kinds above KIND_WORDS. */
export function computeCarries(
  emit: ExpressionEmitter,
  locals: { kind: number; a: number; b: number },
  result: () => void,
): void {
  const { out } = emit;
  const { kind, a, b } = locals;
  emit.get(kind);
  emit.i32(LOGIC);
  out.bytes([Op.i32Eq, Op.if, Type.empty]);
  emit.i64(0n);
  emit.set(a);
  out.byte(Op.else);
  // With x = ~a for subtractions and y = ~result for additions: vector = (x & b) | ((x | b) & y)
  const isSubtraction = (): void => {
    emit.get(kind);
    out.byte(Op.i64ExtendI32U);
    emit.i64(1n);
    out.byte(Op.i64And);
  };
  emit.get(a);
  emit.i64(0n);
  isSubtraction();
  out.bytes([Op.i64Sub, Op.i64Xor]);
  emit.set(a);
  emit.get(a);
  emit.get(b);
  out.byte(Op.i64And);
  emit.get(a);
  emit.get(b);
  out.byte(Op.i64Or);
  result();
  isSubtraction();
  emit.i64(1n);
  out.bytes([Op.i64Sub, Op.i64Xor, Op.i64And, Op.i64Or]);
  // CF and CF^OF from the top of the rotated vector, AF from bit 3 of the vector itself
  emit.set(a);
  emit.get(a);
  emit.get(kind);
  emit.i32(ROTATE_SHIFT);
  out.bytes([Op.i32ShrU, Op.i64ExtendI32U, Op.i64Rotl]);
  emit.i64(0xc0000000n);
  out.byte(Op.i64And);
  emit.get(a);
  emit.i64(8n);
  out.bytes([Op.i64And, Op.i64Or]);
  emit.set(a);
  out.byte(Op.end);
}

/** Emits code that brings the flag words in the state block up to date. Uses the given locals. */
export function settleFlags(emit: ExpressionEmitter, locals: { kind: number; a: number; b: number }): void {
  const { out } = emit;
  emit.i32(0);
  emit.memory(Op.i32Load, ACTIVE + Field.flagKind);
  emit.tee(locals.kind);
  out.bytes([Op.if, Type.empty]);
  emit.i32(0);
  emit.loadWord(8, ACTIVE + Field.flagA);
  emit.set(locals.a);
  emit.get(locals.kind);
  emit.i32(KIND_WORDS);
  out.bytes([Op.i32Ne, Op.if, Type.empty]);
  emit.i32(0);
  emit.loadWord(8, ACTIVE + Field.flagB);
  emit.set(locals.b);
  computeCarries(emit, locals, () => {
    emit.i32(0);
    emit.loadWord(8, ACTIVE + Field.flagResult);
  });
  out.byte(Op.end);
  emit.i32(0);
  emit.get(locals.a);
  emit.storeWord(4, ACTIVE + Field.flagCarries);
  emit.i32(0);
  emit.i32(KIND_CURRENT);
  emit.memory(Op.i32Store, ACTIVE + Field.flagKind);
  out.byte(Op.end);
}
