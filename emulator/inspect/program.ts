/**
 * The names of one image as an expression asks for them: types, enumerators, macros, functions and globals by name.
 *
 * Built once per image over its debug tables; addresses are absolute (the image's base is added here).
 */
import type { FunctionDebug, GlobalDebug, MacroDebug, VariableDebug } from '../cc/debug';
import type { Image } from '../cc/image';
import { type EnumType, type RecordType, type Type, TypeGraph } from './types';

export class Program {
  readonly graph: TypeGraph;
  readonly #typedefs = new Map<string, Type>();
  readonly #records = new Map<string, Type>();
  readonly #enumerators = new Map<string, { type: EnumType; value: bigint }>();
  readonly #globals = new Map<string, GlobalDebug[]>();
  readonly #macros = new Map<string, MacroDebug>();
  readonly #functions = new Map<string, FunctionDebug[]>();
  readonly #symbols = new Map<string, number>();

  constructor(readonly image: Image) {
    const { debug } = image;
    this.graph = new TypeGraph(debug.types);
    for (const id of debug.types.keys()) this.#addType(this.graph.get(id));
    for (const one of debug.globals) {
      const same = this.#globals.get(one.name);
      if (same) same.push(one);
      else this.#globals.set(one.name, [one]);
    }
    for (const one of debug.macros) this.#macros.set(one.name, one);
    for (const one of debug.functions) {
      const same = this.#functions.get(one.name);
      if (same) same.push(one);
      else this.#functions.set(one.name, [one]);
    }
    for (const one of image.symbols)
      if (!this.#symbols.has(one.name)) this.#symbols.set(one.name, one.offset);
  }

  #addType(type: Type): void {
    if (type.kind === 'typedef' && !this.#typedefs.has(type.name)) this.#typedefs.set(type.name, type);
    if (type.kind === 'enum') {
      for (const { name, value } of type.values) {
        if (!this.#enumerators.has(name)) this.#enumerators.set(name, { type, value });
      }
      if (type.name !== undefined) this.#records.set(`enum ${type.name}`, type);
    }
    if ((type.kind === 'struct' || type.kind === 'union') && type.name !== undefined) {
      const key = `${type.kind} ${type.name}`;
      // A complete definition wins over a declaration of the same name.
      if (type.complete || !this.#records.has(key)) this.#records.set(key, type);
    }
  }

  typedef(name: string): Type | undefined {
    return this.#typedefs.get(name);
  }

  record(kind: 'struct' | 'union' | 'enum', name: string): Type | undefined {
    return this.#records.get(`${kind} ${name}`);
  }

  /** The whole type of a record that is only declared, when this image defines it. */
  complete(type: RecordType): RecordType | undefined {
    if (type.name === undefined) return undefined;
    const found = this.#records.get(`${type.kind} ${type.name}`);
    return (found?.kind === 'struct' || found?.kind === 'union') && found.complete ? found : undefined;
  }

  enumerator(name: string): { type: EnumType; value: bigint } | undefined {
    return this.#enumerators.get(name);
  }

  macro(name: string): MacroDebug | undefined {
    return this.#macros.get(name);
  }

  /** A variable with static storage; of several statics with one name, that of `file` when there is one. */
  global(name: string, file?: number): GlobalDebug | undefined {
    const same = this.#globals.get(name);
    return same?.find((one) => one.file === file) ?? same?.[0];
  }

  /** All functions of that name that have code (static ones may share a name). */
  functions(name: string): readonly FunctionDebug[] {
    return this.#functions.get(name) ?? [];
  }

  /** Address of a symbol of this image. */
  symbol(name: string): bigint | undefined {
    const offset = this.#symbols.get(name);
    return offset === undefined ? undefined : this.image.base + BigInt(offset);
  }

  /** The function whose code holds an address. */
  functionAt(address: bigint): FunctionDebug | undefined {
    const offset = Number(address - this.image.base);
    const functions = this.image.debug.functions;
    let low = 0;
    let high = functions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((functions[middle]?.start ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    const found = functions[low - 1];
    return found && offset < found.start + found.size ? found : undefined;
  }
}

/**
 * Indexes of the inlined calls that an offset of a function belongs to, innermost first, as its line row says. Frames
 * show them in this order, followed by the function itself.
 */
export function inlineChain(within: FunctionDebug, offset: number): number[] {
  const chain: number[] = [];
  let index = rowAt(within.lines, offset)?.inlineSite ?? -1;
  while (index >= 0 && chain.length < within.inlines.length) {
    chain.push(index);
    index = within.inlines[index]?.parent ?? -1;
  }
  return chain;
}

/** The row that is in force at an offset; rows are sorted by offset. */
export function rowAt<Row extends { offset: number }>(rows: readonly Row[], offset: number): Row | undefined {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.offset ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return rows[low - 1];
}

/** Parameters and locals that are visible at an offset in one (inlined) body, the innermost declaration of a name first. */
export function visibleVariables(within: FunctionDebug, offset: number, inlineSite: number): VariableDebug[] {
  const visible = within.variables.filter(
    (variable) =>
      variable.inlineSite === inlineSite &&
      (variable.parameter !== undefined ||
        variable.scope.some(([start, end]) => offset >= start && offset < end)),
  );
  // A parameter stays visible in the whole body; of locals, a smaller scope is an inner block.
  const extent = (variable: VariableDebug) =>
    variable.parameter !== undefined
      ? Number.POSITIVE_INFINITY
      : variable.scope.reduce((sum, [start, end]) => sum + end - start, 0);
  return visible
    .map((variable, order) => ({ variable, order }))
    .sort((a, b) => extent(a.variable) - extent(b.variable) || a.order - b.order)
    .map(({ variable }) => variable);
}

const programs = new WeakMap<Image, Program>();

/** The program of an image, made at first use. */
export function programOf(image: Image): Program {
  const known = programs.get(image);
  if (known) return known;
  const made = new Program(image);
  programs.set(image, made);
  return made;
}
