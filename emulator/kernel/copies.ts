/**
 * Copies of data that changes in place, for snapshots: objects, arrays, maps and sets as far as they reach each other.
 *
 * Restoring puts the contents back into the very same objects, so that whoever holds one still holds the right one.
 * What has not changed since the copy before is shared with it. Functions, typed arrays and instances of classes are
 * taken as they are: they must not change, or keep their own state.
 */

type Content =
  | { kind: 'list'; values: readonly unknown[] }
  | { kind: 'map'; keys: readonly unknown[]; values: readonly unknown[] }
  | { kind: 'members'; keys: readonly string[]; values: readonly unknown[] };

/** A copy; treat as read-only. */
export interface GraphCopy {
  readonly objects: readonly object[];
  readonly contents: readonly Content[];
}

export class Copies {
  private readonly last = new WeakMap<object, Content>();

  /** Copies everything that the roots reach. */
  take(roots: readonly object[]): GraphCopy {
    const seen = new Set<object>();
    const contents: Content[] = [];
    // A set is visited in the order of insertion, what is added on the way included.
    for (const root of roots) seen.add(root);
    for (const object of seen) {
      const content = this.contentOf(object);
      contents.push(content);
      for (const value of content.values) if (isData(value)) seen.add(value);
      if (content.kind === 'map') for (const key of content.keys) if (isData(key)) seen.add(key);
    }
    return { objects: [...seen], contents };
  }

  private contentOf(object: object): Content {
    const before = this.last.get(object);
    const now = read(object);
    if (before !== undefined && same(before, now)) return before;
    this.last.set(object, now);
    return now;
  }
}

/** Puts the contents of a copy back where they were. */
export function putBack({ objects, contents }: GraphCopy): void {
  for (const [index, object] of objects.entries()) write(object, contents[index]);
}

function isData(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value) || value instanceof Map || value instanceof Set) return true;
  return Object.getPrototypeOf(value) === Object.prototype;
}

function read(object: object): Content {
  if (Array.isArray(object)) return { kind: 'list', values: object.slice() };
  if (object instanceof Set) return { kind: 'list', values: [...object] };
  if (object instanceof Map) return { kind: 'map', keys: [...object.keys()], values: [...object.values()] };
  return { kind: 'members', keys: Object.keys(object), values: Object.values(object) };
}

function same(a: Content, b: Content): boolean {
  if (a.values.length !== b.values.length) return false;
  if (!a.values.every((value, index) => Object.is(value, b.values[index]))) return false;
  if (a.kind === 'list' || b.kind === 'list') return a.kind === b.kind;
  return a.keys.every((key, index) => Object.is(key, b.keys[index]));
}

function write(object: object, content: Content | undefined): void {
  switch (content?.kind) {
    case undefined:
      return;
    case 'list':
      if (Array.isArray(object)) object.length = 0;
      if (object instanceof Set) object.clear();
      for (const value of content.values) {
        if (Array.isArray(object)) object.push(value);
        else if (object instanceof Set) object.add(value);
      }
      return;
    case 'map':
      if (!(object instanceof Map)) return;
      object.clear();
      for (const [index, key] of content.keys.entries()) object.set(key, content.values[index]);
      return;
    case 'members':
      for (const key of Object.keys(object))
        if (!content.keys.includes(key)) Reflect.deleteProperty(object, key);
      for (const [index, key] of content.keys.entries()) Reflect.set(object, key, content.values[index]);
  }
}
