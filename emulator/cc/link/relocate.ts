/**
 * Applying relocations: writes the value of a symbol into the field that refers to it, or says why it does not fit.
 *
 * Formulas and ranges: System V x86-64 ABI, table 4.9. It knows nothing of how symbols were resolved.
 */
import type { RelocationKind } from '../object';

/** Width of the field in bytes, whether it is relative to its own place, and how its range is checked. */
const FIELDS: Readonly<
  Record<
    RelocationKind,
    { bytes: 1 | 2 | 4 | 8; relative: boolean; range: 'signed' | 'unsigned' | 'either' | 'any' }
  >
> = {
  abs64: { bytes: 8, relative: false, range: 'any' },
  pc64: { bytes: 8, relative: true, range: 'any' },
  abs32: { bytes: 4, relative: false, range: 'unsigned' },
  abs32s: { bytes: 4, relative: false, range: 'signed' },
  pc32: { bytes: 4, relative: true, range: 'signed' },
  plt32: { bytes: 4, relative: true, range: 'signed' },
  abs16: { bytes: 2, relative: false, range: 'either' },
  pc16: { bytes: 2, relative: true, range: 'signed' },
  abs8: { bytes: 1, relative: false, range: 'either' },
  pc8: { bytes: 1, relative: true, range: 'signed' },
};

function fits(value: bigint, bits: bigint, range: 'signed' | 'unsigned' | 'either' | 'any'): boolean {
  const signed = BigInt.asIntN(Number(bits), value) === BigInt.asIntN(64, value);
  const unsigned = BigInt.asUintN(Number(bits), value) === BigInt.asUintN(64, value);
  switch (range) {
    case 'signed':
      return signed;
    case 'unsigned':
      return unsigned;
    case 'either':
      return signed || unsigned;
    case 'any':
      return true;
  }
}

/**
 * Writes one field at `offset` of `view`. `target` is S, `place` is P (absolute addresses).
 * Returns false if the value does not fit the field.
 */
export function applyRelocation(
  view: DataView,
  offset: number,
  kind: RelocationKind,
  target: bigint,
  addend: number,
  place: bigint,
): boolean {
  const field = FIELDS[kind];
  const value = target + BigInt(addend) - (field.relative ? place : 0n);
  switch (field.bytes) {
    case 8:
      view.setBigUint64(offset, BigInt.asUintN(64, value), true);
      break;
    case 4:
      view.setUint32(offset, Number(BigInt.asUintN(32, value)), true);
      break;
    case 2:
      view.setUint16(offset, Number(BigInt.asUintN(16, value)), true);
      break;
    case 1:
      view.setUint8(offset, Number(BigInt.asUintN(8, value)));
      break;
  }
  return fits(value, BigInt(field.bytes * 8), field.range);
}

/** Whether `kind` is relative and `delta` (S + A - P, both inside one image) fits 32 bits: the common, quick case. */
export function applyNear(view: DataView, offset: number, kind: RelocationKind, delta: number): boolean {
  if (kind !== 'pc32' && kind !== 'plt32') return false;
  if (delta < -0x80000000 || delta > 0x7fffffff) return false;
  view.setInt32(offset, delta, true);
  return true;
}
