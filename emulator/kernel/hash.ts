/**
 * Content hashes for caches: fast, 64 bits, not cryptographic.
 */

/** Two independent 32-bit FNV-style hashes over UTF-16 units, and the length, as text. */
export function textHash(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x85ebca6b);
    b ^= b >>> 13;
  }
  return finish(a, b, text.length);
}

/** The same over bytes. */
export function bytesHash(bytes: Uint8Array): string {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b ^ byte, 0x85ebca6b);
    b ^= b >>> 13;
  }
  return finish(a, b, bytes.length);
}

function finish(a: number, b: number, length: number): string {
  return `${(a >>> 0).toString(16)}${(b >>> 0).toString(16)}${length.toString(16)}`;
}
