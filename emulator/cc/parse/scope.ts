/**
 * Names and their visibility (C11 6.2.1): ordinary names and tags, found by interned id in O(1).
 *
 * Each id has a stack of bindings; leaving a scope pops what it bound. A function body that is parsed late (an inline
 * function of a header at its first use) sees file-scope names only as far as they were declared before it: `limit`.
 */
import type { EnumConstant, FunctionSymbol, TypedefSymbol, Variable } from '../ast';
import type { EnumType, RecordType } from '../types';

export type Named = Variable | FunctionSymbol | TypedefSymbol | EnumConstant;
export type Tagged = RecordType | EnumType;

interface Binding<T> {
  id: number;
  entity: T;
  depth: number;
  /** Token index of the declaration. */
  at: number;
  outer: Binding<T> | undefined;
}

/** One name space. */
class NameSpace<T> {
  private readonly stacks: (Binding<T> | undefined)[] = [];
  private readonly log: Binding<T>[] = [];

  find(id: number, limit: number): T | undefined {
    let binding = this.stacks[id];
    while (binding && binding.depth === 0 && binding.at > limit) binding = binding.outer;
    return binding?.entity;
  }

  findAt(id: number, depth: number): T | undefined {
    const binding = this.stacks[id];
    return binding && binding.depth === depth ? binding.entity : undefined;
  }

  bind(id: number, entity: T, depth: number, at: number): void {
    const binding = { id, entity, depth, at, outer: this.stacks[id] };
    this.stacks[id] = binding;
    if (depth > 0) this.log.push(binding);
  }

  get mark(): number {
    return this.log.length;
  }

  release(mark: number): void {
    while (this.log.length > mark) {
      const binding = this.log.pop();
      if (binding) this.stacks[binding.id] = binding.outer;
    }
  }

  /** Ids that are bound now. */
  *ids(): Iterable<number> {
    for (const binding of this.stacks) if (binding) yield binding.id;
  }
}

/** The scopes of a unit. */
export class Scopes {
  depth = 0;
  /** File-scope declarations behind this token are not visible. */
  limit = Number.POSITIVE_INFINITY;
  private readonly names = new NameSpace<Named>();
  private readonly tags = new NameSpace<Tagged>();
  private readonly marks: number[] = [];

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
    return this.names.find(id, this.limit);
  }

  /** The name's meaning if it was declared in the current scope itself. */
  nameHere(id: number): Named | undefined {
    return this.names.findAt(id, this.depth);
  }

  bindName(id: number, entity: Named, at: number): void {
    this.names.bind(id, entity, this.depth, at);
  }

  tag(id: number): Tagged | undefined {
    return this.tags.find(id, this.limit);
  }

  tagHere(id: number): Tagged | undefined {
    return this.tags.findAt(id, this.depth);
  }

  bindTag(id: number, entity: Tagged, at: number): void {
    this.tags.bind(id, entity, this.depth, at);
  }

  nameIds(): Iterable<number> {
    return this.names.ids();
  }

  tagIds(): Iterable<number> {
    return this.tags.ids();
  }
}
