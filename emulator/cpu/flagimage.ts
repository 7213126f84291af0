// The arithmetic flags between their two-word form (ir/flags.ts explains it) and the RFLAGS image, for host code.

const evenParity = new Uint8Array(256);
for (let value = 0; value < 256; value++) {
  let bits = value ^ (value >> 4);
  bits ^= bits >> 2;
  evenParity[value] = (bits ^ (bits >> 1)) & 1 ? 0 : 1;
}

/** CF PF AF ZF SF OF at their RFLAGS places. `result` is the unsigned 64-bit flag result. */
export function imageOfFlagWords(result: bigint, carries: number): number {
  const low = Number(result & 0xffn);
  const carry = carries >>> 31;
  return (
    carry |
    (evenParity[low ^ ((carries >> 8) & 0xff)] << 2) |
    ((carries & 8) << 1) |
    (result === 0n ? 0x40 : 0) |
    ((Number(result >> 63n) ^ (carries & 1)) << 7) |
    ((carry ^ ((carries >> 30) & 1)) << 11)
  );
}

/** The two flag words of an RFLAGS image. */
export function conditionWords(image: number): { result: bigint; carries: number } {
  const zero = (image >> 6) & 1;
  const carry = image & 1;
  const parityFix = ((image >> 2) & 1) ^ zero;
  const carries =
    (carry << 31) |
    ((carry ^ ((image >> 11) & 1)) << 30) |
    ((image & 0x10) >> 1) |
    ((image >> 7) & 1) |
    (parityFix << 8);
  return { result: zero ? 0n : 1n, carries };
}
