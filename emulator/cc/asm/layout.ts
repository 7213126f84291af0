/**
 * Sections while they are being written: fragments whose sizes may depend on where things end up (jumps that can be short,
 * alignment, skips by label distances), and the relaxation that settles them. Sizes of jumps only ever grow, so it ends.
 */
import type { RelaxableJump } from '../../isa/assemble';
import { CodeBuffer } from '../../isa/encode';

/** A place in a section: `offset` bytes into fragment `fragment`. */
export interface Label {
  section: OpenSection;
  fragment: number;
  offset: number;
}

/** A piece of a section. `size` is its current size in bytes, `start` its current offset in the section. */
export type Fragment = { start: number; size: number; line: number } & (
  | { kind: 'bytes'; code: CodeBuffer }
  | { kind: 'jump'; jump: RelaxableJump; long: boolean; expression: number }
  | { kind: 'align'; to: number; fill: number | undefined; most: number }
  | { kind: 'skip'; expression: number; fill: number; origin: boolean }
);

/** A section under construction. */
export class OpenSection {
  readonly name: string;
  readonly flags: { alloc: boolean; write: boolean; exec: boolean };
  readonly nobits: boolean;
  align = 1;
  fragments: Fragment[] = [];
  size = 0;

  constructor(name: string, flags: OpenSection['flags'], nobits: boolean) {
    this.name = name;
    this.flags = flags;
    this.nobits = nobits;
  }

  /** The buffer that bytes are appended to now. */
  code(line: number): CodeBuffer {
    const last = this.fragments.at(-1);
    if (last?.kind === 'bytes') return last.code;
    const code = new CodeBuffer(64);
    this.fragments.push({ kind: 'bytes', start: 0, size: 0, line, code });
    return code;
  }

  /** The place where the next byte will be. */
  here(): Label {
    const last = this.fragments.length - 1;
    const fragment = this.fragments[last];
    if (fragment?.kind === 'bytes') return { section: this, fragment: last, offset: fragment.code.length };
    return { section: this, fragment: last + 1, offset: 0 };
  }

  /** Current offset of a place in this section. */
  offsetOf(label: Label): number {
    return (this.fragments[label.fragment]?.start ?? this.size) + label.offset;
  }

  /** Gives every fragment its start; sizes must be up to date. */
  place(): void {
    let start = 0;
    for (const fragment of this.fragments) {
      fragment.start = start;
      if (fragment.kind === 'bytes') fragment.size = fragment.code.length;
      else if (fragment.kind === 'align') fragment.size = padding(start, fragment.to, fragment.most);
      start += fragment.size;
    }
    this.size = start;
  }
}

function padding(start: number, to: number, most: number): number {
  const size = (to - (start % to)) % to;
  return size <= most ? size : 0;
}

/** True if the bytes between two places of a section are known before layout: nothing of variable size lies between them. */
export function fixedDistance(from: Label, to: Label): bigint | undefined {
  if (from.section !== to.section) return undefined;
  if (from.fragment === to.fragment) return BigInt(to.offset - from.offset);
  if (from.fragment > to.fragment) {
    const back = fixedDistance(to, from);
    return back === undefined ? undefined : -back;
  }
  let distance = to.offset - from.offset;
  for (let at = from.fragment; at < to.fragment; at++) {
    const fragment = from.section.fragments[at];
    if (fragment?.kind !== 'bytes') return undefined;
    distance += fragment.code.length;
  }
  return BigInt(distance);
}

/** What relaxation asks: where a jump at the end of a fragment leads, and what a skip's expression is now. */
export interface LayoutQuestions {
  /** Offset of the target in the same section, or undefined if it is elsewhere or not local. */
  target(section: OpenSection, expression: number, line: number): number | undefined;
  /** Bytes to skip, or the offset to reach. */
  amount(section: OpenSection, expression: number, line: number): number;
}

/** Bytes of a jump fragment. */
function jumpSize(jump: RelaxableJump, long: boolean): number {
  return long ? jump.near.length + 4 : jump.short.length + 1;
}

/** One pass over a section's jumps and skips; true if a size changed. */
function relaxOnce(section: OpenSection, questions: LayoutQuestions): boolean {
  let changed = false;
  for (const fragment of section.fragments) {
    let { size } = fragment;
    if (fragment.kind === 'jump') {
      if (!fragment.long) {
        const target = questions.target(section, fragment.expression, fragment.line);
        const end = fragment.start + jumpSize(fragment.jump, false);
        if (target === undefined || target - end < -128 || target - end > 127) fragment.long = true;
      }
      size = jumpSize(fragment.jump, fragment.long);
    } else if (fragment.kind === 'skip') {
      const amount = questions.amount(section, fragment.expression, fragment.line);
      size = Math.max(0, fragment.origin ? amount - fragment.start : amount);
    }
    if (size !== fragment.size) {
      fragment.size = size;
      changed = true;
    }
  }
  return changed;
}

/** Settles all sizes. Skips may swing with the jumps around them; after 100 passes the last sizes stand. */
export function layOut(sections: readonly OpenSection[], questions: LayoutQuestions): void {
  for (const section of sections) section.place();
  for (let pass = 0; pass < 100; pass++) {
    let changed = false;
    for (const section of sections) {
      if (relaxOnce(section, questions)) changed = true;
      section.place();
    }
    if (!changed) return;
  }
}

/** Nops of 1 to 11 bytes, as gas fills with them; up to 9 both vendors' manuals recommend them. */
const nops: readonly (readonly number[])[] = [
  [0x90],
  [0x66, 0x90],
  [0x0f, 0x1f, 0x00],
  [0x0f, 0x1f, 0x40, 0x00],
  [0x0f, 0x1f, 0x44, 0x00, 0x00],
  [0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00],
  [0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00],
  [0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
  [0x66, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
  [0x66, 0x2e, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
  [0x66, 0x66, 0x2e, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
];

/** Fills `bytes` with as few nops as possible. */
export function fillWithNops(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    const nop = nops[Math.min(bytes.length - at, nops.length) - 1] ?? [0x90];
    bytes.set(nop, at);
    at += nop.length;
  }
}
