// The arithmetic flags between their two-word form (ir/flags.ts explains it) and the RFLAGS image, for host code.

const evenParity = new Uint8Array(256);
for (let value = 0; value < 256; value++) {
  let bits = value ^ (value >> 4);
  bits ^= bits >> 2;
  evenParity[value] = (bits ^ (bits >> 1)) & 1 ? 0 : 1;
}

/** CF PF AF ZF SF OF at their RFLAGS places, from the halves of the flag result and the carries word. */
export function imageOfFlagWords(low: number, high: number, carries: number): number {
  const carry = carries >>> 31;
  return (
    carry |
    (evenParity[(low & 0xff) ^ ((carries >> 8) & 0xff)] << 2) |
    ((carries & 8) << 1) |
    ((low | high) === 0 ? 0x40 : 0) |
    (((high >>> 31) ^ (carries & 1)) << 7) |
    ((carry ^ ((carries >> 30) & 1)) << 11)
  );
}

/** The flag result (its high half is zero) and the carries word that stand for an RFLAGS image. */
export function flagWordsOfImage(image: number): { result: number; carries: number } {
  const zero = (image >> 6) & 1;
  const carry = image & 1;
  const parityFix = ((image >> 2) & 1) ^ zero;
  const carries =
    (carry << 31) |
    ((carry ^ ((image >> 11) & 1)) << 30) |
    ((image & 0x10) >> 1) |
    ((image >> 7) & 1) |
    (parityFix << 8);
  return { result: zero ^ 1, carries };
}
