/**
 * Tokens as a struct of arrays: nothing is allocated per token.
 */
import type { Kind } from './kinds';

/** Growable parallel arrays of tokens. Read the arrays directly; add with push(). */
export class TokenBuffer {
  length = 0;
  kind: Uint8Array;
  flags: Uint8Array;
  /** Interned spelling (identifiers, numbers, literals, other characters); 0 for punctuators. */
  value: Int32Array;
  /** Pos of the spelling (a plain offset in a file's own token list). */
  pos: Uint32Array;
  /** Expansion that made it, or 0: see pp/expansions.ts. */
  expansion: Int32Array;

  constructor(capacity = 1024) {
    this.kind = new Uint8Array(capacity);
    this.flags = new Uint8Array(capacity);
    this.value = new Int32Array(capacity);
    this.pos = new Uint32Array(capacity);
    this.expansion = new Int32Array(capacity);
  }

  /** Adds a token and returns its index. */
  push(kind: Kind, flags: number, value: number, pos: number, expansion: number): number {
    const at = this.length;
    if (at === this.kind.length) this.grow(at * 2);
    this.kind[at] = kind;
    this.flags[at] = flags;
    this.value[at] = value;
    this.pos[at] = pos;
    this.expansion[at] = expansion;
    this.length = at + 1;
    return at;
  }

  /** Adds the tokens [start, end) of another list, their positions moved by `base`. */
  append(from: TokenBuffer, start: number, end: number, base: number): void {
    const count = end - start;
    let at = this.length;
    this.reserve(at + count);
    this.length = at + count;
    const { kind, flags, value, pos, expansion } = this;
    for (let i = start; i < end; i++, at++) {
      kind[at] = from.kind[i];
      flags[at] = from.flags[i];
      value[at] = from.value[i];
      pos[at] = from.pos[i] + base;
      expansion[at] = 0;
    }
  }

  /** Makes room for at least `capacity` tokens. */
  reserve(capacity: number): void {
    if (capacity > this.kind.length) this.grow(Math.max(capacity, this.kind.length * 2));
  }

  private grow(capacity: number): void {
    const size = Math.max(capacity, 64);
    const copy = <T extends Uint8Array | Int32Array | Uint32Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.kind = copy(this.kind, new Uint8Array(size));
    this.flags = copy(this.flags, new Uint8Array(size));
    this.value = copy(this.value, new Int32Array(size));
    this.pos = copy(this.pos, new Uint32Array(size));
    this.expansion = copy(this.expansion, new Int32Array(size));
  }
}
