// Test helper: random numbers that a seed repeats.

/** A generator of 32-bit random numbers (xorshift with multiplication). */
export function randomFrom(start: number): () => number {
  let state = (start * 2654435761 + 1) | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.imul(state, 0x9e3779b1) >>> 0;
  };
}
