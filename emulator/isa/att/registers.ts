/** Register names, both ways. */

const legacy = ['ax', 'cx', 'dx', 'bx', 'sp', 'bp', 'si', 'di'];
const low = ['al', 'cl', 'dl', 'bl', 'spl', 'bpl', 'sil', 'dil'];
const high = ['ah', 'ch', 'dh', 'bh'];
const segments = ['es', 'cs', 'ss', 'ds', 'fs', 'gs'] as const;

/** Name of a segment register by its number. */
export type SegmentName = (typeof segments)[number];

/** Name of a general register of 1, 2, 4 or 8 bytes. */
export function generalName(register: number, size: number, isHigh = false): string {
  if (isHigh) return high[register] ?? '?';
  if (register >= 8) return `r${register}${size === 8 ? '' : size === 4 ? 'd' : size === 2 ? 'w' : 'b'}`;
  if (size === 1) return low[register] ?? '?';
  return `${size === 8 ? 'r' : size === 4 ? 'e' : ''}${legacy[register] ?? '?'}`;
}

/** Name of a segment register by its number 0…5. */
export function segmentName(register: number): string {
  return segments[register] ?? '?';
}

/** What a register name stands for. `rip` and `eip` are only a base; `riz`/`eiz` only an index that is none. */
export type NamedRegister =
  | { kind: 'register'; register: number; size: number; high?: boolean }
  | { kind: 'segment' | 'control' | 'debug' | 'vector' | 'mmx' | 'x87'; register: number; size: number }
  | { kind: 'rip'; size: number }
  | { kind: 'none'; size: number };

const names = new Map<string, NamedRegister>();
for (let register = 0; register < 16; register++) {
  for (const size of [1, 2, 4, 8])
    names.set(generalName(register, size), { kind: 'register', register, size });
  names.set(`cr${register}`, { kind: 'control', register, size: 8 });
  names.set(`dr${register}`, { kind: 'debug', register, size: 8 });
  names.set(`db${register}`, { kind: 'debug', register, size: 8 });
  names.set(`xmm${register}`, { kind: 'vector', register, size: 16 });
  names.set(`ymm${register}`, { kind: 'vector', register, size: 32 });
  if (register < 4) names.set(high[register] ?? '', { kind: 'register', register, size: 1, high: true });
  if (register < 8) names.set(`mm${register}`, { kind: 'mmx', register, size: 8 });
  if (register < 8) names.set(`st(${register})`, { kind: 'x87', register, size: 0 });
}
names.set('st', { kind: 'x87', register: 0, size: 0 });
names.set('rip', { kind: 'rip', size: 8 });
names.set('eip', { kind: 'rip', size: 4 });
names.set('riz', { kind: 'none', size: 8 });
names.set('eiz', { kind: 'none', size: 4 });
for (const [register, name] of segments.entries()) names.set(name, { kind: 'segment', register, size: 2 });

/** Looks up a register name without its `%`, in lower case. */
export function registerNamed(name: string): NamedRegister | undefined {
  return names.get(name);
}
