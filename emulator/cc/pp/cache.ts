/**
 * What is worth keeping between units: interned names and the tokens of files, so a header is lexed once.
 */
import { Interner } from '../lex/interner';
import { BEGINS_LINE, Kind } from '../lex/kinds';
import { type FileTokens, lexFile } from '../lex/lexer';
import type { Pos } from '../source';
import type { Macro } from './macro';
import { Words } from './words';

/** A lexed file, valid as long as its text is the same. */
export interface CachedFile {
  text: string;
  lexed: FileTokens;
  /** Interned name of the macro that guards the whole file, or 0. */
  guard: number;
  /** Parsed #define lines by the index of their name's token. */
  macros: (Macro | undefined)[];
  /** Base of the file in the unit that read it last. */
  base: Pos;
}

/** Interned spellings after which a long-lived process should start a new cache. */
const NAME_LIMIT = 2_000_000;
const FILE_LIMIT = 4000;

/** Shared by all units that are given the same one. Results never depend on what is in it. */
export class FrontCache {
  readonly interner = new Interner();
  /** Tokens of the last unit: how much room the next one may need. */
  expectedTokens = 16384;
  readonly words = new Words(this.interner);
  private readonly files = new Map<string, CachedFile>();
  private readonly ifndef = this.interner.intern('ifndef');
  private readonly if = this.interner.intern('if');
  private readonly ifdef = this.interner.intern('ifdef');
  private readonly endif = this.interner.intern('endif');
  private readonly alternatives = ['else', 'elif', 'elifdef', 'elifndef'].map((w) => this.interner.intern(w));

  /** True when it has grown so much that a fresh one is better. */
  get full(): boolean {
    return this.interner.size > NAME_LIMIT || this.files.size > FILE_LIMIT;
  }

  /** The file's tokens, lexed now or earlier. */
  lex(path: string, text: string): CachedFile {
    const known = this.files.get(path);
    if (known && known.text === text) return known;
    const lexed = lexFile(text, this.interner);
    const made = { text, lexed, guard: this.findGuard(lexed), macros: [], base: 0 };
    this.files.set(path, made);
    return made;
  }

  /** What is kept of a path now. */
  entry(path: string): CachedFile | undefined {
    return this.files.get(path);
  }

  /** The X of a file that is `#ifndef X … #endif` (or `#if !defined(X)`) and nothing else. */
  private findGuard({ tokens, hashes }: FileTokens): number {
    if (hashes.length < 2 || hashes[0] !== 0) return 0;
    const { kind, value, flags } = tokens;
    const lineEnds = (at: number) => (flags[at] & BEGINS_LINE) !== 0;
    let guard = 0;
    if (value[1] === this.ifndef && kind[2] === Kind.Identifier && lineEnds(3)) guard = value[2];
    else if (value[1] === this.if && kind[2] === Kind.Bang && value[3] === this.words.defined) {
      const paren = kind[4] === Kind.LeftParen;
      const name = paren ? 5 : 4;
      if (kind[name] === Kind.Identifier && lineEnds(name + (paren ? 2 : 1))) guard = value[name];
    }
    if (guard === 0) return 0;
    let depth = 0;
    for (let i = 0; i < hashes.length; i++) {
      const directive = kind[hashes[i] + 1] === Kind.Identifier ? value[hashes[i] + 1] : 0;
      if (directive === this.ifndef || directive === this.if || directive === this.ifdef) depth++;
      else if (directive === this.endif) {
        if (--depth === 0) return i === hashes.length - 1 && hashes[i] + 3 === tokens.length ? guard : 0;
      } else if (depth === 1 && this.alternatives.includes(directive)) return 0;
    }
    return 0;
  }
}
