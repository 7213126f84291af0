/**
 * A table by interned id: what a name means to somebody, found by one array access.
 *
 * Dense on purpose: an array that is written far behind its end becomes a hash table inside the engine, ten times as slow.
 */
export class IdTable<T> {
  private readonly list: (T | undefined)[];

  /** `size` is how many ids there are now (Interner.size); ids that come later make it grow. */
  constructor(size: number) {
    this.list = new Array<T | undefined>(size).fill(undefined);
  }

  get(id: number): T | undefined {
    return id < this.list.length ? this.list[id] : undefined;
  }

  set(id: number, value: T | undefined): void {
    while (id >= this.list.length) this.list.push(undefined);
    this.list[id] = value;
  }

  /** What is in it, by ascending id. */
  *values(): Iterable<T> {
    for (const value of this.list) if (value !== undefined) yield value;
  }
}
