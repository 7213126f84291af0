/** Memory references: guest addresses written as `0x…`. Decimal digits are accepted too, as users type them. */
export function parseMemoryReference(text: string): bigint | undefined {
  const trimmed = text.trim();
  if (!/^(?:0[xX][0-9a-fA-F]{1,16}|\d{1,20})$/.test(trimmed)) return undefined;
  const value = BigInt(trimmed);
  return value >> 64n ? undefined : value;
}
