/**
 * What an editor asks of a parsed file: the outline, what the name under the cursor is, where it is defined and used.
 *
 * Built from a FrontResult that was made with recordUses. Only the main file's text is indexed; definitions may lie in any
 * file of the unit.
 */
import type { FunctionSymbol } from './ast';
import type { FrontResult } from './front';
import type { Entity, Use } from './parse/uses';
import { definitionPos, type Macro, macroBodyText } from './pp/macro';
import { signatureText, typeText } from './sema/type-text';
import type { FilePlace, Pos } from './source';
import { type Member, type RecordType, sizeOf } from './types';

/** A stretch of a file; lines and columns count from 1, the end is exclusive. */
export interface SourceRange {
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

export type OutlineKind =
  | 'function'
  | 'variable'
  | 'struct'
  | 'union'
  | 'enum'
  | 'typedef'
  | 'macro'
  | 'member'
  | 'constant';

/** One entry of the outline. */
export interface OutlineItem {
  name: string;
  kind: OutlineKind;
  detail: string;
  /** The name itself. */
  selection: SourceRange;
  /** The whole declaration as far as it is known: a function reaches to its closing brace. */
  range: SourceRange;
  children: OutlineItem[];
}

/** A name at a place. */
export interface NameAt {
  name: string;
  range: SourceRange;
  /** C text that says what it is, for a hover. */
  text: string;
  definition: SourceRange | undefined;
}

interface Occurrence {
  pos: Pos;
  length: number;
  what: Entity | Macro;
  role: Use['role'];
}

/** The index of one unit's main file. */
export class SymbolIndex {
  private readonly occurrences: Occurrence[] = [];

  constructor(
    private readonly result: FrontResult,
    private readonly path: string,
  ) {
    this.collect();
  }

  /** Functions, objects, types and macros that the main file defines, in order. */
  outline(): OutlineItem[] {
    const { unit, preprocessor } = this.result;
    const items: OutlineItem[] = [];
    const add = (item: OutlineItem | undefined) => {
      if (item) items.push(item);
    };
    for (const symbol of unit.functions) if (symbol.body) add(this.functionItem(symbol));
    for (const variable of unit.variables)
      if (variable.defined && variable.owner === undefined && !variable.name.startsWith('.'))
        add(this.item(variable.name, 'variable', typeText(variable.type, variable.name), variable.loc));
    for (const record of unit.records)
      if (record.complete && record.tag !== undefined) add(this.recordItem(record));
    for (const type of unit.enums) {
      const item = this.item(type.tag ?? 'enum', 'enum', '', type.loc);
      for (const { name, value, loc } of type.enumerators) {
        const child = this.item(name, 'constant', String(value), loc);
        if (item && child) item.children.push(child);
      }
      add(item);
    }
    for (const typedef of unit.typedefs) {
      const to = typedef.type.kind === 'typedef' ? typedef.type.to : typedef.type;
      add(this.item(typedef.name, 'typedef', typeText(to), typedef.loc));
    }
    for (const macro of preprocessor.expander.macros.values()) {
      if (macro.predefined) continue;
      const range = this.rangeAt(definitionPos(macro), this.nameOf(macro).length);
      if (range.file !== this.path) continue;
      items.push({
        name: this.nameOf(macro),
        kind: 'macro',
        detail: '',
        selection: range,
        range,
        children: [],
      });
    }
    return items.sort(
      (a, b) => a.selection.line - b.selection.line || a.selection.column - b.selection.column,
    );
  }

  /** The name at a place of the main file. */
  at(line: number, column: number): NameAt | undefined {
    const found = this.occurrenceAt(line, column);
    if (!found) return undefined;
    return {
      name: this.nameOf(found.what),
      range: this.rangeAt(found.pos, found.length),
      text: this.describe(found.what),
      definition: this.definitionOf(found.what),
    };
  }

  /** All places of the main file that mean the same as the name at a place. */
  references(line: number, column: number): SourceRange[] {
    const found = this.occurrenceAt(line, column);
    if (!found) return [];
    return this.occurrences.filter((o) => o.what === found.what).map((o) => this.rangeAt(o.pos, o.length));
  }

  private collect(): void {
    const { preprocessor: pp, uses } = this.result;
    const { out, expansions, sources } = pp;
    const main = sources.files.find((file) => file.path === this.path && file.includedFrom < 0);
    if (!main) return;
    const inMain = (pos: Pos) => pos >= main.base && pos < main.base + main.text.length;
    for (const use of uses?.uses ?? []) {
      const expansion = out.expansion[use.loc];
      const pos = expansions.written(out.pos[use.loc], expansion);
      const name = this.nameOf(use.entity);
      // A name that a macro made is not written here; the macro's own name is indexed below.
      if (!inMain(pos) || !main.text.startsWith(name, pos - main.base)) continue;
      this.occurrences.push({ pos, length: name.length, what: use.entity, role: use.role });
    }
    for (const { pos, macro } of expansions.topLevelCalls())
      if (inMain(pos))
        this.occurrences.push({ pos, length: this.nameOf(macro).length, what: macro, role: 'use' });
    this.occurrences.sort((a, b) => a.pos - b.pos);
  }

  private occurrenceAt(line: number, column: number): Occurrence | undefined {
    const { sources } = this.result.preprocessor;
    return this.occurrences.find((o) => {
      const place = sources.place(o.pos);
      return place.line === line && column >= place.column && column <= place.column + o.length;
    });
  }

  private nameOf(what: Entity | Macro): string {
    if ('home' in what) return this.result.preprocessor.cache.interner.text(what.name);
    if ('kind' in what && (what.kind === 'record' || what.kind === 'enum')) return what.tag ?? '';
    return what.name ?? '';
  }

  private describe(what: Entity | Macro): string {
    if ('home' in what) return this.macroText(what);
    if (!('kind' in what)) return this.memberText(what);
    switch (what.kind) {
      case 'variable':
        return typeText(what.type, what.name);
      case 'function':
        return signatureText(what.functionType, what.name);
      case 'typedef':
        return `typedef ${typeText(what.type.kind === 'typedef' ? what.type.to : what.type, what.name)}`;
      case 'enumConstant':
        return `${what.name} = ${what.value}`;
      case 'record':
        return recordText(what);
      case 'enum':
        return `enum ${what.tag ?? ''} { ${what.enumerators.map((e) => `${e.name} = ${e.value}`).join(', ')} }`;
    }
  }

  private macroText(macro: Macro): string {
    const { interner } = this.result.preprocessor.cache;
    const names = macro.parameters.map((id) => interner.text(id));
    if (macro.variadic)
      names[names.length - 1] = `${names[names.length - 1].replace(/^__VA_ARGS__$/, '')}...`;
    const list = macro.functionLike ? `(${names.join(', ')})` : '';
    return `#define ${interner.text(macro.name)}${list} ${macroBodyText(macro, interner)}`.trimEnd();
  }

  private memberText(member: Member): string {
    const owner = this.result.uses?.owners.get(member);
    const field = member.bitField;
    const where = field
      ? `bits ${field.unitOffset * 8 + field.bitOffset}…${field.unitOffset * 8 + field.bitOffset + field.width - 1}`
      : `offset ${member.offset}`;
    const width = field ? ` : ${field.width}` : '';
    return `${typeText(member.type, member.name ?? '')}${width}; /* ${where}${owner ? ` of ${typeText(owner)}` : ''} */`;
  }

  private definitionOf(what: Entity | Macro): SourceRange | undefined {
    if ('home' in what)
      return what.predefined ? undefined : this.rangeAt(definitionPos(what), this.nameOf(what).length);
    if (what.loc === 0) return undefined;
    const { out, expansions } = this.result.preprocessor;
    const pos = expansions.written(out.pos[what.loc], out.expansion[what.loc]);
    return this.rangeAt(pos, pos === out.pos[what.loc] ? this.nameOf(what).length : 1);
  }

  private rangeAt(pos: Pos, length: number): SourceRange {
    const place: FilePlace = this.result.preprocessor.sources.place(Math.max(1, pos));
    return {
      file: place.path,
      line: place.line,
      column: place.column,
      endLine: place.line,
      endColumn: place.column + length,
    };
  }

  private locRange(loc: number, length: number): SourceRange {
    const { out, expansions } = this.result.preprocessor;
    return this.rangeAt(expansions.written(out.pos[loc], out.expansion[loc]), length);
  }

  private item(name: string, kind: OutlineKind, detail: string, loc: number): OutlineItem | undefined {
    const selection = this.locRange(loc, name.length);
    if (selection.file !== this.path) return undefined;
    return { name, kind, detail, selection, range: selection, children: [] };
  }

  private functionItem(symbol: FunctionSymbol): OutlineItem | undefined {
    const item = this.item(
      symbol.name,
      'function',
      signatureText(symbol.functionType, symbol.name),
      symbol.loc,
    );
    if (!item || !symbol.body) return item;
    const end = this.locRange(symbol.body.end, 1);
    if (end.file === this.path && end.line >= item.selection.line)
      item.range = { ...item.selection, endLine: end.line, endColumn: end.endColumn };
    return item;
  }

  private recordItem(record: RecordType): OutlineItem | undefined {
    const item = this.item(
      record.tag ?? '',
      record.union ? 'union' : 'struct',
      `${record.size} bytes`,
      record.loc,
    );
    for (const member of record.members) {
      if (member.name === undefined) continue;
      const child = this.item(member.name, 'member', typeText(member.type), member.loc);
      if (item && child) item.children.push(child);
    }
    return item;
  }
}

function recordText(record: RecordType): string {
  const head = typeText(record);
  if (!record.complete) return `${head};`;
  const shown = record.members.slice(0, 40).map((m) => `  ${typeText(m.type, m.name ?? '')};`);
  const more = record.members.length > 40 ? ['  …'] : [];
  return `${head} { /* ${sizeOf(record)} bytes */\n${[...shown, ...more].join('\n')}\n}`;
}

/** Indexes the main file of a unit that was parsed with recordUses. */
export function indexSymbols(result: FrontResult, path: string): SymbolIndex {
  return new SymbolIndex(result, path);
}
