/**
 * The record of every macro expansion of a unit: which macro, called where, inside which other expansion.
 *
 * A token that an expansion made carries the expansion's number. From it diagnostics tell the chain of macros, the line
 * table finds the outermost call, and the editor shows what a macro became. Numbers, in arrays; number 0 is "none".
 */
import type { Pos } from '../source';
import type { Macro } from './macro';

/** The expansions of one unit. */
export class Expansions {
  private count = 1;
  private callPos = new Uint32Array(256);
  private parents = new Int32Array(256);
  private inners = new Int32Array(256);
  private macroIndex = new Int32Array(256);
  private readonly macros: Macro[] = [];
  private readonly macroNumbers = new Map<Macro, number>();

  get length(): number {
    return this.count;
  }

  /** A new expansion of `macro`, whose name stood at `pos` and itself came from expansion `parent`. */
  add(macro: Macro, pos: Pos, parent: number): number {
    let number = this.macroNumbers.get(macro);
    if (number === undefined) {
      number = this.macros.length;
      this.macros.push(macro);
      this.macroNumbers.set(macro, number);
    }
    return this.record(pos, parent, -1, number);
  }

  /** The mark for tokens that reached `expansion` as part of an argument; `inner` is what they carried before. */
  addArgument(expansion: number, inner: number): number {
    return this.record(this.callPos[expansion], this.parents[expansion], inner, this.macroIndex[expansion]);
  }

  macroOf(expansion: number): Macro {
    return this.macros[this.macroIndex[expansion]];
  }

  /** Where the outermost macro call stands in a file: the place a line table names. */
  outermost(pos: Pos, expansion: number): Pos {
    while (expansion !== 0) {
      pos = this.callPos[expansion];
      expansion = this.parents[expansion];
    }
    return pos;
  }

  /** Where a person wrote the token: an argument's own place, else the call that made it. */
  written(pos: Pos, expansion: number): Pos {
    while (expansion !== 0) {
      const inner = this.inners[expansion];
      if (inner >= 0) expansion = inner;
      else {
        pos = this.callPos[expansion];
        expansion = this.parents[expansion];
      }
    }
    return pos;
  }

  /** The chain of macros around a token, innermost first: each macro and where its definition spells the token. */
  chain(pos: Pos, expansion: number): { macro: Macro; spelling: Pos; call: Pos }[] {
    const links: { macro: Macro; spelling: Pos; call: Pos }[] = [];
    while (expansion !== 0) {
      const inner = this.inners[expansion];
      if (inner >= 0) {
        expansion = inner;
        continue;
      }
      links.push({ macro: this.macroOf(expansion), spelling: pos, call: this.callPos[expansion] });
      pos = this.callPos[expansion];
      expansion = this.parents[expansion];
    }
    return links;
  }

  /** Macro uses that are written in files (not made by other macros): where the name stands. */
  *topLevelCalls(): Iterable<{ pos: Pos; macro: Macro }> {
    for (let i = 1; i < this.count; i++)
      if (this.parents[i] === 0 && this.inners[i] < 0) yield { pos: this.callPos[i], macro: this.macroOf(i) };
  }

  private record(pos: Pos, parent: number, inner: number, macro: number): number {
    const at = this.count++;
    if (at === this.callPos.length) this.grow();
    this.callPos[at] = pos;
    this.parents[at] = parent;
    this.inners[at] = inner;
    this.macroIndex[at] = macro;
    return at;
  }

  private grow(): void {
    const size = this.callPos.length * 2;
    const callPos = new Uint32Array(size);
    callPos.set(this.callPos);
    this.callPos = callPos;
    const copy = (from: Int32Array) => {
      const to = new Int32Array(size);
      to.set(from);
      return to;
    };
    this.parents = copy(this.parents);
    this.inners = copy(this.inners);
    this.macroIndex = copy(this.macroIndex);
  }
}
