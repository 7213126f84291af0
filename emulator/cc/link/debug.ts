/**
 * Merging the debug tables of all units into one: files and types are interned, functions move to image offsets.
 *
 * A named struct that one unit completes stands for the incomplete ones of other units. Structs of one name and shape
 * are one type; member types are not compared, as two different types with the same tag, size and members at the same
 * offsets differ in nothing a debugger shows. It deliberately changes nothing inside functions.
 */
import type { DebugType, FunctionDebug, MemberDebug, TypeId, UnitDebug } from '../debug';

type Aggregate = Extract<DebugType, { kind: 'struct' | 'union' }>;

/** A short spelling of a type, deep enough to tell anonymous aggregates apart, shallow enough to end on cycles. */
function spell(types: readonly DebugType[], id: TypeId, depth: number): string {
  const type = types[id];
  switch (type.kind) {
    case 'void':
      return 'v';
    case 'base':
      return type.name;
    case 'pointer':
      return depth > 3 ? '*' : `*${spell(types, type.to, depth + 1)}`;
    case 'array':
      return `[${type.count ?? ''}]${depth > 3 ? '' : spell(types, type.of, depth + 1)}`;
    case 'struct':
    case 'union':
      if (type.name !== undefined) return `${type.kind} ${type.name}`;
      return depth > 3 ? `${type.kind}${type.size}` : `${type.kind}{${shape(types, type, depth + 1)}}`;
    case 'enum':
      return `enum ${type.name ?? ''}${type.values[0]?.name ?? ''}`;
    case 'function':
      return depth > 3
        ? 'f'
        : `f(${type.parameters.map((p) => spell(types, p, depth + 1)).join()})${type.variadic}${spell(types, type.returns, depth + 1)}`;
    case 'typedef':
      return type.name;
    case 'qualified':
      return `${type.qualifier} ${spell(types, type.of, depth + 1)}`;
  }
}

function shape(types: readonly DebugType[], type: Aggregate, depth: number): string {
  const member = (m: MemberDebug): string =>
    `${m.name ?? ''}@${m.offset}.${m.bitOffset ?? ''}.${m.bitSize ?? ''}:${type.name === undefined ? spell(types, m.type, depth) : ''}`;
  return `${type.size};${type.members.map(member).join(';')}`;
}

/** The merged tables while units are added. */
export class DebugMerger {
  readonly debug: UnitDebug = {
    files: [],
    types: [{ kind: 'void' }],
    functions: [],
    inlineOnly: [],
    globals: [],
    macros: [],
    includes: [],
  };
  private readonly files = new Map<string, number>();
  private readonly byKey = new Map<string, TypeId>([['void', 0]]);
  private readonly complete = new Map<string, TypeId>();
  private readonly inlineOnlySeen = new Set<string>();
  private readonly macroSeen = new Set<string>();

  /**
   * Adds one unit. `moved` gives a function's offset from the image's base, or undefined if its code was dropped;
   * `symbolOffset` that of a symbol as this unit sees it.
   */
  add(
    unit: UnitDebug,
    moved: (fn: FunctionDebug) => number | undefined,
    symbolOffset: (name: string) => number | undefined,
  ): void {
    const fileMap = unit.files.map((file) => this.file(file));
    const typeMap = new TypeMap(unit.types, this.debug.types, this.byKey, this.complete);
    for (let id = 0; id < unit.types.length; id++) typeMap.map(id);
    for (const fn of unit.functions) {
      const start = moved(fn);
      if (start === undefined) continue;
      this.debug.functions.push({
        ...fn,
        section: -1,
        start,
        file: fileMap[fn.file],
        type: typeMap.map(fn.type),
        frame: fn.frame,
        lines: fn.lines.map((row) => ({ ...row, file: fileMap[row.file] })),
        inlines: fn.inlines.map((site) => ({
          ...site,
          calleeFile: fileMap[site.calleeFile],
          callFile: fileMap[site.callFile],
        })),
        variables: fn.variables.map((variable) => ({
          ...variable,
          type: typeMap.map(variable.type),
          file: fileMap[variable.file],
          locations: variable.locations.map(({ range, location }) => ({
            range,
            location:
              location.kind === 'symbol'
                ? { ...location, imageOffset: symbolOffset(location.symbol) }
                : location,
          })),
        })),
      });
    }
    for (const fn of unit.inlineOnly) {
      const file = fileMap[fn.file];
      const key = `${fn.name}@${file}:${fn.line}`;
      if (this.inlineOnlySeen.has(key)) continue;
      this.inlineOnlySeen.add(key);
      this.debug.inlineOnly.push({ ...fn, file, type: typeMap.map(fn.type) });
    }
    for (const global of unit.globals) {
      this.debug.globals.push({
        ...global,
        file: fileMap[global.file],
        type: typeMap.map(global.type),
        imageOffset: symbolOffset(global.symbol),
      });
    }
    const included = this.debug.includes.length;
    for (const { file, parent, line } of unit.includes) {
      this.debug.includes.push({
        file: fileMap[file],
        parent: parent < 0 ? parent : parent + included,
        line,
      });
    }
    for (const macro of unit.macros) {
      const file = fileMap[macro.file];
      const key = `${macro.name}@${file}:${macro.line}`;
      if (this.macroSeen.has(key)) continue;
      this.macroSeen.add(key);
      this.debug.macros.push({ ...macro, file });
    }
  }

  /** Ends the merge: incomplete structs take their complete definition, functions are sorted by address. */
  finish(): UnitDebug {
    const types = this.debug.types;
    for (let id = 0; id < types.length; id++) {
      const type = types[id];
      if ((type.kind !== 'struct' && type.kind !== 'union') || type.complete || type.name === undefined)
        continue;
      const whole = this.complete.get(`${type.kind} ${type.name}`);
      if (whole !== undefined) types[id] = types[whole];
    }
    this.debug.functions.sort((a, b) => a.start - b.start);
    return this.debug;
  }

  private file(name: string): number {
    let index = this.files.get(name);
    if (index === undefined) {
      index = this.debug.files.push(name) - 1;
      this.files.set(name, index);
    }
    return index;
  }
}

/** Maps one unit's types into the merged table. */
class TypeMap {
  private readonly mapped: (TypeId | undefined)[];

  constructor(
    private readonly from: readonly DebugType[],
    private readonly to: DebugType[],
    private readonly byKey: Map<string, TypeId>,
    private readonly complete: Map<string, TypeId>,
  ) {
    this.mapped = new Array(from.length);
  }

  map(id: TypeId): TypeId {
    const known = this.mapped[id];
    if (known !== undefined) return known;
    const type = this.from[id];
    switch (type.kind) {
      case 'struct':
      case 'union':
        return this.aggregate(id, type);
      case 'pointer':
        return this.derived(id, type, `*${this.map(type.to)}`, () => ({
          kind: 'pointer',
          to: this.map(type.to),
        }));
      case 'array':
        return this.derived(id, type, `[${type.count ?? ''}]${this.map(type.of)}`, () => ({
          ...type,
          of: this.map(type.of),
        }));
      case 'qualified':
        return this.derived(id, type, `${type.qualifier} ${this.map(type.of)}`, () => ({
          ...type,
          of: this.map(type.of),
        }));
      case 'typedef':
        return this.derived(id, type, `typedef ${type.name} ${this.map(type.to)}`, () => ({
          ...type,
          to: this.map(type.to),
        }));
      case 'function': {
        const parts = [type.returns, ...type.parameters].map((part) => this.map(part));
        return this.derived(id, type, `f${type.variadic}(${parts.join()})`, () => ({
          ...type,
          returns: parts[0],
          parameters: parts.slice(1),
        }));
      }
      case 'base':
        return this.derived(id, type, `b${type.name}:${type.size}:${type.encoding}`, () => type);
      case 'enum': {
        const values = type.values.map((value) => `${value.name}=${value.value}`).join();
        return this.derived(id, type, `e${type.name ?? ''}:${type.size}:${values}`, () => type);
      }
      case 'void':
        return this.derived(id, type, 'void', () => type);
    }
  }

  private derived(id: TypeId, _type: DebugType, key: string, make: () => DebugType): TypeId {
    const raced = this.mapped[id];
    if (raced !== undefined) return raced;
    let merged = this.byKey.get(key);
    if (merged === undefined) {
      merged = this.to.push(make()) - 1;
      this.byKey.set(key, merged);
    }
    this.mapped[id] = merged;
    return merged;
  }

  private aggregate(id: TypeId, type: Aggregate): TypeId {
    const name = type.name === undefined ? '' : `${type.kind} ${type.name}`;
    const key = type.complete ? `${type.kind} ${type.name ?? ''}{${shape(this.from, type, 0)}}` : `${name};`;
    const known = this.byKey.get(key);
    if (known !== undefined) {
      this.mapped[id] = known;
      return known;
    }
    const merged: Aggregate = { ...type, members: [] };
    const mergedId = this.to.push(merged) - 1;
    this.byKey.set(key, mergedId);
    this.mapped[id] = mergedId;
    if (type.complete && name !== '' && !this.complete.has(name)) this.complete.set(name, mergedId);
    merged.members = type.members.map((member) => ({ ...member, type: this.map(member.type) }));
    return mergedId;
  }
}
