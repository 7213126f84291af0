/** Base64 by what every JavaScript platform has: the adapter also runs where there is no Buffer. */

/** `length` is the sum of the parts'. */
export function toBase64(parts: readonly Uint8Array[], length: number): string {
  const pieces: string[] = [];
  let rest = new Uint8Array(0);
  // btoa takes whole triples without padding, so parts are cut at multiples of three.
  for (const part of parts) {
    const joined = new Uint8Array(rest.length + part.length);
    joined.set(rest);
    joined.set(part, rest.length);
    const whole = joined.length - (joined.length % 3);
    pieces.push(encode(joined.subarray(0, whole)));
    rest = joined.slice(whole);
  }
  pieces.push(encode(rest));
  return length === 0 ? '' : pieces.join('');
}

function encode(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 4096)
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return btoa(text);
}

/** Undefined when the text is not base64. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 === 1) return undefined;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
