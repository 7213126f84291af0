/**
 * Instruction slots: the copied instruction in guest memory, and what follows it there.
 *
 * A stepping slot is [copy][int3]; a boosting slot is [copy][jmp back]. rip-relative displacements are adjusted to the
 * new place (Linux: __copy_instruction, prepare_singlestep). 16 bytes each.
 */
import { decode } from '../isa/decode';
import { SLOT_SIZE } from './arena';
import type { Core } from './core';
import { refuse } from './refusal';
import type { Refusal } from './types';

const INT3 = 0xcc;
const JMP32 = 0xe9;
export const JMP32_SIZE = 5;

/** Copies an instruction from `from` to `to`; undefined when its rip-relative operand does not reach from there. */
export function relocate(bytes: Uint8Array, from: bigint, to: bigint): Uint8Array | undefined {
  const decoded = decode(bytes, 0);
  const copy = bytes.slice();
  if (!decoded.ok || !decoded.operands.some((operand) => operand.kind === 'memory' && operand.ripRelative))
    return copy;
  const at = decoded.displacementOffset;
  const view = new DataView(copy.buffer);
  const moved = BigInt(view.getInt32(at, true)) + from - to;
  if (moved !== BigInt.asIntN(32, moved)) return undefined;
  view.setInt32(at, Number(moved), true);
  return copy;
}

/** `jmp rel32` from an address to another; undefined when it does not reach. */
export function jump(from: bigint, to: bigint): Uint8Array | undefined {
  const displacement = to - from - BigInt(JMP32_SIZE);
  if (displacement !== BigInt.asIntN(32, displacement)) return undefined;
  const bytes = new Uint8Array(JMP32_SIZE);
  bytes[0] = JMP32;
  new DataView(bytes.buffer).setInt32(1, Number(displacement), true);
  return bytes;
}

/** Makes a stepping slot. -ENOMEM without memory, -EINVAL when a displacement does not reach, -ENOSPC when too long. */
export function steppingSlot(core: Core, address: bigint, bytes: Uint8Array): bigint | Refusal {
  if (bytes.length + 1 > SLOT_SIZE)
    return refuse('ENOSPC', 'the instruction leaves no room for the int3 behind its copy');
  return fill(core, address, bytes, () => Uint8Array.of(INT3));
}

/** Makes a boosting slot; the caller has checked that the instruction may be boosted and is short enough. */
export function boostingSlot(core: Core, address: bigint, bytes: Uint8Array): bigint | Refusal {
  const length = BigInt(bytes.length);
  return fill(core, address, bytes, (slot) => jump(slot + length, address + length));
}

function fill(
  core: Core,
  address: bigint,
  bytes: Uint8Array,
  tail: (slot: bigint) => Uint8Array | undefined,
): bigint | Refusal {
  const slot = core.arena.takeSlot(core.now);
  if (slot === undefined)
    return refuse('ENOMEM', 'no instruction slot is free: the host area is full of probes');
  const copy = relocate(bytes, address, slot);
  const end = tail(slot);
  if (copy === undefined || end === undefined) {
    core.arena.freeSlot(slot, core.now);
    return refuse(
      'EINVAL',
      'the instruction addresses memory relative to itself and its copy would not reach it',
    );
  }
  const content = new Uint8Array(SLOT_SIZE).fill(INT3);
  content.set(copy);
  content.set(end, copy.length);
  core.writeText(slot, content);
  return slot;
}
