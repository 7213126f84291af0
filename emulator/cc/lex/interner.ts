/**
 * Interned spellings: one small number per distinct text, so that names compare as numbers and index arrays.
 *
 * The hash is computed from the character codes in place: finding a known name allocates nothing.
 */
import { KEYWORD_SPELLINGS } from './keywords';

/** Id 0 is the empty text; then the keywords in the order of KEYWORD_SPELLINGS. */
export class Interner {
  private readonly texts: string[] = [''];
  private hashes = new Int32Array(4096);
  private table = new Int32Array(8192);
  private mask = 8191;

  constructor() {
    for (const text of KEYWORD_SPELLINGS) this.intern(text);
  }

  get size(): number {
    return this.texts.length;
  }

  text(id: number): string {
    return this.texts[id];
  }

  intern(text: string): number {
    return text === '' ? 0 : this.internRange(text, 0, text.length);
  }

  /** The id of text.slice(start, end); start < end. */
  internRange(text: string, start: number, end: number): number {
    let hash = 0x811c9dc5 | 0;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    return this.internHashed(text, start, end, hash);
  }

  /** As internRange, with the FNV-1a hash of the range already computed. */
  internHashed(text: string, start: number, end: number, hash: number): number {
    const length = end - start;
    let slot = (hash ^ (hash >>> 15)) & this.mask;
    for (;;) {
      const id = this.table[slot];
      if (id === 0) break;
      if (this.hashes[id] === hash) {
        const known = this.texts[id];
        if (known.length === length && text.startsWith(known, start)) return id;
      }
      slot = (slot + 1) & this.mask;
    }
    const id = this.texts.length;
    // A slice of a big text would keep it alive for ever; short ones are copied by the engine.
    this.texts.push(text.slice(start, end));
    if (id >= this.hashes.length) {
      const grown = new Int32Array(this.hashes.length * 2);
      grown.set(this.hashes);
      this.hashes = grown;
    }
    this.hashes[id] = hash;
    this.table[slot] = id;
    if (id * 2 > this.mask) this.grow();
    return id;
  }

  private grow(): void {
    const mask = this.mask * 2 + 1;
    const table = new Int32Array(mask + 1);
    for (let id = 1; id < this.texts.length; id++) {
      const hash = this.hashes[id];
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (table[slot] !== 0) slot = (slot + 1) & mask;
      table[slot] = id;
    }
    this.table = table;
    this.mask = mask;
  }
}
