// The live WebAssembly modules: which functions are in which, and never more modules than a limit, because each costs
// the JavaScript engine memory. New code gets a module of its own; when there are too many, small ones become one.

/** What a module has for one slot of the function table. */
export interface ModuleFunction {
  readonly slot: number;
  readonly body: Uint8Array;
}

/** Live modules, at most. */
export const MAX_MODULES = 256;
/** How many modules become one when there are too many. */
const FOLD = 32;

/** Groups functions into modules. */
export class Modules<F extends ModuleFunction> {
  private readonly install: (functions: readonly F[]) => void;
  /** The functions that are still wanted of each module, in the order in which the modules were made. */
  private readonly groups = new Set<Set<F>>();
  private readonly groupOf = new Map<F, Set<F>>();

  /** `install` makes one module of the functions and puts them into their slots. */
  constructor(install: (functions: readonly F[]) => void) {
    this.install = install;
  }

  /** Modules that hold a function which is still wanted. */
  get live(): number {
    return this.groups.size;
  }

  /** Makes a module of one function. */
  add(each: F): void {
    if (this.groups.size >= MAX_MODULES) this.fold();
    this.make([each]);
  }

  /** A function is no longer wanted; its module goes with the last one. */
  remove(each: F): void {
    const group = this.groupOf.get(each);
    this.groupOf.delete(each);
    group?.delete(each);
    if (group?.size === 0) this.groups.delete(group);
  }

  private make(functions: readonly F[]): void {
    this.install(functions);
    const group = new Set(functions);
    this.groups.add(group);
    for (const each of functions) this.groupOf.set(each, group);
  }

  /** The modules with the fewest functions, older ones first, become one. */
  private fold(): void {
    const small = [...this.groups].sort((a, b) => a.size - b.size).slice(0, FOLD);
    for (const group of small) this.groups.delete(group);
    this.make(small.flatMap((group) => [...group]));
  }
}
