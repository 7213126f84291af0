/**
 * Names and their visibility (C11 6.2.1): ordinary names and tags, found by interned id in O(1).
 *
 * Each id has a stack of bindings; leaving a scope pops what it bound. A function body that is parsed late (an inline
 * function of a header at its first use) sees file-scope names only as far as they were declared before it: `limit`.
 */
import type { EnumConstant, FunctionSymbol, TypedefSymbol, Variable } from '../ast';
import { IdTable } from '../lex/id-table';
import type { EnumType, RecordType } from '../types';

export type Named = Variable | FunctionSymbol | TypedefSymbol | EnumConstant;
export type Tagged = RecordType | EnumType;

interface Binding<T> {
  id: number;
  entity: T;
  depth: number;
  /** Token index of the declaration. */
  at: number;
  /** See Scopes.epoch. */
  epoch: number;
  outer: Binding<T> | undefined;
}

/** One name space. */
class NameSpace<T> {
  private readonly stacks: IdTable<Binding<T>>;
  private readonly log: Binding<T>[] = [];

  constructor(ids: number) {
    this.stacks = new IdTable(ids);
  }

  find(id: number, limit: number, epoch: number): Binding<T> | undefined {
    let binding = this.stacks.get(id);
    while (binding && (binding.depth === 0 ? binding.at > limit : binding.epoch !== epoch))
      binding = binding.outer;
    return binding;
  }

  findAt(id: number, depth: number, epoch: number): T | undefined {
    let binding = this.stacks.get(id);
    while (binding && binding.depth > 0 && binding.epoch !== epoch) binding = binding.outer;
    return binding && binding.depth === depth ? binding.entity : undefined;
  }

  bind(id: number, entity: T, depth: number, at: number, epoch: number): void {
    const binding: Binding<T> = { id, entity, depth, at, epoch, outer: this.stacks.get(id) };
    if (depth > 0) {
      this.stacks.set(id, binding);
      this.log.push(binding);
      return;
    }
    // A header's declaration parsed while blocks are open goes below what they bound.
    let above = this.stacks.get(id);
    if (!above || above.depth === 0) this.stacks.set(id, binding);
    else {
      while (above.outer && above.outer.depth > 0) above = above.outer;
      binding.outer = above.outer;
      above.outer = binding;
    }
  }

  get mark(): number {
    return this.log.length;
  }

  release(mark: number): void {
    while (this.log.length > mark) {
      const binding = this.log.pop();
      if (binding) this.stacks.set(binding.id, binding.outer);
    }
  }

  /** What each name means here, of what has been parsed. */
  *visible(limit: number, epoch: number): Iterable<[number, T]> {
    for (const top of this.stacks.values()) {
      const found = this.find(top.id, limit, epoch);
      if (found) yield [found.id, found.entity];
    }
  }
}

/** The scopes of a unit. */
export class Scopes {
  depth = 0;
  /** File-scope declarations behind this token are not visible. */
  limit = Number.POSITIVE_INFINITY;
  /** Parsing a waiting declaration is an epoch of its own: names of blocks that are open around it are not visible. */
  epoch = 0;
  /** Makes sure that what waits under a name is parsed. */
  onName: ((id: number) => boolean) | undefined;
  onTag: ((id: number, known: Tagged | undefined) => boolean) | undefined;
  private readonly names: NameSpace<Named>;
  private readonly tags: NameSpace<Tagged>;
  private readonly marks: number[] = [];

  /** `ids` is how many names are interned. */
  constructor(ids: number) {
    this.names = new NameSpace(ids);
    this.tags = new NameSpace(ids);
  }

  enter(): void {
    this.marks.push(this.names.mark, this.tags.mark);
    this.depth++;
  }

  leave(): void {
    this.tags.release(this.marks.pop() ?? 0);
    this.names.release(this.marks.pop() ?? 0);
    this.depth--;
  }

  name(id: number): Named | undefined {
    const found = this.names.find(id, this.limit, this.epoch);
    if (found && found.depth > 0) return found.entity;
    if (this.onName?.(id)) return this.names.find(id, this.limit, this.epoch)?.entity;
    return found?.entity;
  }

  /** The name's meaning if it was declared in the current scope itself. */
  nameHere(id: number): Named | undefined {
    if (this.depth === 0) this.onName?.(id);
    return this.names.findAt(id, this.depth, this.epoch);
  }

  bindName(id: number, entity: Named, at: number): void {
    this.names.bind(id, entity, this.depth, at, this.epoch);
  }

  tag(id: number): Tagged | undefined {
    const found = this.tags.find(id, this.limit, this.epoch);
    if (found && found.depth > 0) return found.entity;
    if (this.onTag?.(id, found?.entity)) return this.tags.find(id, this.limit, this.epoch)?.entity;
    return found?.entity;
  }

  tagHere(id: number): Tagged | undefined {
    if (this.depth === 0) this.onTag?.(id, this.tags.findAt(id, 0, this.epoch));
    return this.tags.findAt(id, this.depth, this.epoch);
  }

  bindTag(id: number, entity: Tagged, at: number): void {
    this.tags.bind(id, entity, this.depth, at, this.epoch);
  }

  /** Binds a tag at file scope whatever scope is open. */
  bindFileTag(id: number, entity: Tagged, at: number): void {
    this.tags.bind(id, entity, 0, at, this.epoch);
  }

  visibleNames(): Iterable<[number, Named]> {
    return this.names.visible(this.limit, this.epoch);
  }
}
