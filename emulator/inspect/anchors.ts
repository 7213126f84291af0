/**
 * What the elements of a list are: `struct list_head` says nothing of it, but the source does, wherever it walks the
 * list or adds to it. `list_for_each_entry(p, &tsk->children, sibling)` makes `task_struct.children` a list of
 * `struct task_struct` by `sibling`.
 *
 * Read from text, not from trees: half-written modules have lists too. A head that the text gives two meanings has none.
 */

/** An element type and the member by which it is in the list. */
export interface Anchor {
  struct: string;
  member: string;
}

/** How far above a use its variables' declarations are looked for, in characters. */
const REACH = 6000;

/** A macro's argument, parentheses inside it balanced to two levels. */
const ARGUMENT = String.raw`\s*((?:[^(),;{}]|\((?:[^();{}]|\([^();{}]*\))*\))+?)\s*`;
const POSITION = String.raw`\(\s*\(?\s*(\w+)\s*\)?\s*,`;
const WALK = new RegExp(
  String.raw`\bh?list_for_each_entry(?!_continue|_from)(_safe)?\w*${POSITION}${ARGUMENT},${ARGUMENT}(?:,${ARGUMENT})?\)`,
  'g',
);
const FIRST = new RegExp(
  String.raw`\bh?l?list_(?:first_|last_)entry\w*\(${ARGUMENT},\s*struct\s+(\w+)\s*,\s*([\w.]+)\s*\)`,
  'g',
);
const NEXT = /\blist_entry\(\s*([\w>.()-]+?)(?:\.|->)(?:next|prev)\s*,\s*struct\s+(\w+)\s*,\s*([\w.]+)\s*\)/g;
const ADD = new RegExp(
  String.raw`\b(?:h?list_(?:add|move)\w*|llist_add|rb_add\w*|rb_insert_color\w*)\(\s*&\(?\s*(\w+)\s*\)?->([\w.]+)\s*,${ARGUMENT}[,)]`,
  'g',
);

export class Anchors {
  readonly #found = new Map<string, Anchor[]>();

  /** Learns from one file's text. */
  learn(text: string): void {
    if (!/\b(?:h?l?list_|rb_)/.test(text)) return;
    for (const match of text.matchAll(WALK)) {
      const [, safe, position = '', second = '', third = '', fourth] = match;
      const [head, member] = safe && fourth !== undefined ? [third, fourth] : [second, third];
      const struct = declared(text, match.index, position);
      if (struct !== undefined) this.#note(text, match.index, head, { struct, member });
    }
    for (const pattern of [FIRST, NEXT]) {
      for (const { index, 1: head = '', 2: struct = '', 3: member = '' } of text.matchAll(pattern))
        this.#note(text, index, head, { struct, member });
    }
    for (const { index, 1: element = '', 2: member = '', 3: head = '' } of text.matchAll(ADD)) {
      const struct = declared(text, index, element);
      if (struct !== undefined) this.#note(text, index, head, { struct, member });
    }
  }

  /** What a head called `name` may be a list of; `holder` is the struct that it is a member of. */
  of(holder: string | undefined, name: string): readonly Anchor[] {
    return (
      this.#found.get(`${holder}.${name}`) ?? this.#found.get(name) ?? this.#found.get(`?.${name}`) ?? []
    );
  }

  #note(text: string, at: number, head: string, anchor: Anchor): void {
    if (!/^\w+$/.test(anchor.member.replaceAll('.', ''))) return;
    const bare = head.replace(/(?:\[[^\]]*\])+$/, '').replace(/^[&(\s]+|[)\s]+$/g, '');
    const name = /(\w+)$/.exec(bare)?.[1];
    if (name === undefined) return;
    const holder = /(\w+)(?:->|\.)\w+$/.exec(bare)?.[1];
    const known = holder === undefined ? undefined : declared(text, at, holder);
    const key = holder === undefined && bare === name ? name : `${known ?? '?'}.${name}`;
    const list = this.#found.get(key) ?? [];
    if (!list.some((one) => one.struct === anchor.struct && one.member === anchor.member)) list.push(anchor);
    this.#found.set(key, list);
  }
}

/** The struct that a variable is of (or points to), by its nearest declaration above a place. */
function declared(text: string, at: number, name: string): string | undefined {
  const above = text.slice(Math.max(0, at - REACH), at);
  const pattern = new RegExp(
    String.raw`\bstruct\s+(\w+)\s+(?:\**\s*\w+(?:\s*=\s*[^,;]+)?\s*,\s*)*\**\s*${name}\b`,
    'g',
  );
  let found: string | undefined;
  for (const match of above.matchAll(pattern)) found = match[1];
  return found;
}

const known = new WeakMap<ReadonlyMap<string, string>, Anchors>();

/** The anchors of a set of files, read once. */
export function anchorsOf(files: ReadonlyMap<string, string>): Anchors {
  const ready = known.get(files);
  if (ready) return ready;
  const anchors = new Anchors();
  for (const text of files.values()) anchors.learn(text);
  known.set(files, anchors);
  return anchors;
}
