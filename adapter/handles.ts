/**
 * Numbers that stand for objects in the protocol: variables references, frame ids, source references.
 *
 * Numbers start at `first` and are never reused within one table's life, so that a stale reference is known as stale.
 */
export class Handles<T> {
  readonly #objects = new Map<number, T>();
  #next: number;

  constructor(first: number) {
    this.#next = first;
  }

  add(object: T): number {
    const id = this.#next++;
    this.#objects.set(id, object);
    return id;
  }

  get(id: number): T | undefined {
    return this.#objects.get(id);
  }

  /** Forgets all objects; their numbers stay used. */
  clear(): void {
    this.#objects.clear();
  }
}
