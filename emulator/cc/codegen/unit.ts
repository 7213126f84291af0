/**
 * A translation unit's object: decides which functions and variables are needed, generates them, places data.
 *
 * Needed is what other units can see or attributes demand, and what those refer to. Static functions and variables that
 * nothing refers to (any more, after inlining) leave no code, as with gcc.
 */

import { type AssembleResult, assemble } from '../asm/assemble';
import type {
  FunctionSymbol,
  Label,
  Loc,
  StaticInitializer,
  StaticRelocation,
  StringLiteral,
  TranslationUnit,
  Variable,
} from '../ast';
import type { GlobalDebug, InlineOnlyFunction } from '../debug';
import type { Asm, BlockId, IrFunction } from '../ir/ir';
import { lowerFunction } from '../lower/function';
import type { RelocationKind } from '../object';
import { finalize, optimize } from '../opt/optimize';
import { bare, CONST, qualifiersOf, sizeOf } from '../types';
import { describeFunction } from './debug-function';
import { DebugTypes } from './debug-types';
import { type FunctionCode, generate } from './function';
import type { AsmAssembler } from './inline-asm';
import type { Machine } from './machine';
import { ObjectBuilder } from './object';

/** How code is generated. */
export interface UnitOptions {
  ftraceNops: boolean;
  optimize: boolean;
  /** List macro definitions in the debug tables. */
  macros: boolean;
}

/** Problems that only code generation sees: impossible asm constraints, faults in assembly text. */
export type Report = (loc: Loc, message: string, severity: 'error' | 'warning') => void;

const FUNCTION_ALIGN = 16;
const INT3 = 0xcc;
const FIELD_KINDS: Readonly<Record<number, RelocationKind>> = {
  1: 'abs8',
  2: 'abs16',
  4: 'abs32s',
  8: 'abs64',
};

/** Assembled text whose other sections refer to the code of a function that is not placed yet. */
interface PendingAsm {
  mark: number;
  result: AssembleResult;
}

export class UnitGenerator {
  private readonly object: ObjectBuilder;
  private readonly types = new DebugTypes();
  private readonly functions = new Map<string, FunctionSymbol>();
  private readonly variables = new Map<string, Variable>();
  private readonly lowered = new Map<FunctionSymbol, IrFunction | undefined>();
  private readonly optimized = new Map<FunctionSymbol, IrFunction | undefined>();
  private readonly optimizing = new Set<FunctionSymbol>();
  private readonly labelBlocks = new Map<Label, { fn: IrFunction; block: BlockId }>();
  private readonly strings = new Map<StringLiteral, string>();
  private readonly stringsByContent = new Map<string, string>();
  private readonly wanted: string[] = [];
  private readonly emitted = new Set<string>();
  private readonly codes = new Map<FunctionSymbol, FunctionCode>();
  private readonly asmCache = new Map<string, AssembleResult>();
  private readonly asmMacros: NonNullable<Parameters<typeof assemble>[1]['macros']> = new Map();
  private readonly debug = {
    functions: [] as ReturnType<typeof describeFunction>[],
    globals: [] as GlobalDebug[],
  };
  private readonly labelFields: { section: number; offset: number; relocation: StaticRelocation }[] = [];
  private uniqueNumber = 0;

  constructor(
    private readonly unit: TranslationUnit,
    private readonly options: UnitOptions,
    private readonly report: Report,
  ) {
    this.object = new ObjectBuilder(unit.path);
    for (const fn of unit.functions) this.functions.set(fn.symbolName, fn);
    for (const variable of unit.variables) this.variables.set(variable.symbolName, variable);
  }

  /** Generates everything that is needed. */
  run(): ReturnType<ObjectBuilder['finish']> {
    this.object.section('.text', { write: false, exec: true });
    this.fileAsm();
    for (const fn of this.unit.functions) {
      const { attributes } = fn;
      if (fn.emission === 'external' || (fn.emission === 'internal' && attributes.used))
        this.want(fn.symbolName);
      if (attributes.alias !== undefined) this.want(attributes.alias);
      this.listConstructor(fn);
    }
    for (const variable of this.unit.variables) {
      if (variable.attributes.alias !== undefined) this.want(variable.attributes.alias);
      if (variable.defined && (variable.linkage === 'external' || variable.attributes.used)) {
        this.want(variable.symbolName);
      }
    }
    for (let name = this.wanted.shift(); name !== undefined; name = this.wanted.shift()) this.emit(name);
    this.settleLabels();
    this.aliases();
    for (const fn of this.unit.functions) if (fn.attributes.weak) this.object.declareWeak(fn.symbolName);
    for (const variable of this.unit.variables) {
      if (variable.attributes.weak) this.object.declareWeak(variable.symbolName);
    }
    const object = this.object.finish();
    const { source } = this.unit;
    for (const typedef of this.unit.typedefs) this.types.id(typedef.type);
    for (const record of this.unit.records) this.types.id(record);
    for (const type of this.unit.enums) this.types.id(type);
    // These mention files that nothing else does: the list of files is complete only behind them.
    const inlineOnly = this.inlineOnly();
    const macros = this.options.macros ? this.unit.macros : [];
    const includes = this.options.macros ? this.unit.includes : [];
    object.debug = {
      files: [...source.files],
      functions: this.debug.functions,
      globals: this.debug.globals,
      inlineOnly,
      macros,
      includes,
      types: this.types.types,
    };
    return object;
  }

  /** Functions with a constructor or destructor attribute are listed where a C library's start and exit look. */
  private listConstructor(fn: FunctionSymbol): void {
    for (const [attribute, name] of [
      ['constructorPriority', '.init_array'],
      ['destructorPriority', '.fini_array'],
    ] as const) {
      if (fn.attributes[attribute] === undefined || !fn.body) continue;
      const section = this.object.section(name, { write: true, exec: false });
      const offset = this.object.append(section, new Uint8Array(0), 8, 8);
      this.refer(section, offset, 'abs64', fn.symbolName, 0);
    }
  }

  private want(name: string): void {
    if (this.emitted.has(name)) return;
    this.emitted.add(name);
    this.wanted.push(name);
  }

  private emit(name: string): void {
    const fn = this.functions.get(name);
    if (fn) {
      if (fn.body && (fn.emission === 'external' || fn.emission === 'internal')) this.emitFunction(fn);
      return;
    }
    const variable = this.variables.get(name);
    if (variable?.defined) this.emitVariable(variable);
  }

  // ---------------------------------------------------------------- functions

  private lower(fn: FunctionSymbol): IrFunction | undefined {
    if (this.lowered.has(fn)) return this.lowered.get(fn);
    const ir = lowerFunction(
      {
        stringSymbol: (literal) => this.stringSymbol(literal),
        report: (loc, message) => this.report(loc, message, 'error'),
        labels: this.labelBlocks,
      },
      fn,
    );
    this.lowered.set(fn, ir);
    return ir;
  }

  /** The function's IR, optimised; undefined without a body or while it is being optimised (recursion). */
  private optimizedIr(fn: FunctionSymbol): IrFunction | undefined {
    if (this.optimized.has(fn)) return this.optimized.get(fn);
    if (this.optimizing.has(fn)) return undefined;
    this.optimizing.add(fn);
    const ir = this.lower(fn);
    if (ir) {
      optimize(ir, {
        enabled: this.options.optimize,
        callee: (name) => {
          const callee = this.functions.get(name);
          if (!callee || callee === fn) return undefined;
          const body = this.optimizedIr(callee);
          return body && { symbol: callee, ir: body };
        },
        caller: fn,
      });
    }
    this.optimizing.delete(fn);
    this.optimized.set(fn, ir);
    return ir;
  }

  private sectionOf(fn: FunctionSymbol): number {
    const name = fn.attributes.section ?? '.text';
    return this.object.section(name, { write: false, exec: true });
  }

  private emitFunction(fn: FunctionSymbol): void {
    const shared = this.optimizedIr(fn);
    if (!shared) return;
    const ir = finalize(shared);
    this.checkForbiddenCalls(ir);
    const pending: PendingAsm[] = [];
    const traced = this.options.ftraceNops && !fn.attributes.noInstrument && !fn.attributes.naked;
    const code = generate(ir, this.asmAssembler(pending), { entryNop: traced });
    this.codes.set(fn, code);
    const section = this.sectionOf(fn);
    const { bytes, relocations } = code.closed;
    const align = Math.max(FUNCTION_ALIGN, fn.attributes.aligned ?? 0);
    const start = this.object.append(section, bytes, bytes.length, align, INT3);
    const external = fn.linkage === 'external';
    this.object.define(fn.symbolName, {
      section,
      value: start,
      size: bytes.length,
      binding: fn.attributes.weak ? 'weak' : external ? 'global' : 'local',
      type: 'function',
    });
    for (const { offset, kind, symbol, addend } of relocations) {
      this.refer(section, start + offset, kind, symbol, addend);
    }
    for (const { mark, result } of pending) {
      this.placeAsm(result, section, start, start + code.closed.final(mark), code);
    }
    const sectionName = this.object.sectionName(section);
    this.debug.functions.push(
      describeFunction(ir, code, this.unit.source, this.types, {
        name: fn.symbolName,
        section,
        start,
        type: this.types.id(fn.type),
        external,
        attributes: {
          noinline: fn.attributes.noinline === true,
          notrace: fn.attributes.noInstrument === true,
          nokprobe: /^\.(kprobes|noinstr|entry)\.text/.test(sectionName),
          init: sectionName.startsWith('.init'),
          weak: fn.attributes.weak === true,
        },
      }),
    );
  }

  /** Calls of functions with an error or warning attribute must have been optimised away. */
  private checkForbiddenCalls(ir: IrFunction): void {
    for (const id of ir.order) {
      for (const instruction of ir.blocks[id].instructions) {
        if (instruction.op !== 'call' || typeof instruction.target !== 'string') continue;
        const attributes = this.functions.get(instruction.target)?.attributes;
        const name = instruction.functionName ?? instruction.target;
        for (const severity of ['error', 'warning'] as const) {
          const reason = attributes?.[severity];
          if (reason === undefined) continue;
          const message = `call to '${name}' declared with attribute ${severity}: ${reason}`;
          this.report(instruction.loc, message, severity);
        }
      }
    }
  }

  private inlineOnly(): InlineOnlyFunction[] {
    const list: InlineOnlyFunction[] = [];
    for (const fn of this.unit.functions) {
      if (!fn.body || this.codes.has(fn)) continue;
      const { file, line } = this.unit.source.position(fn.loc);
      const endLine = this.unit.source.position(fn.body.end).line;
      list.push({ name: fn.symbolName, file, line, endLine, type: this.types.id(fn.type) });
    }
    return list;
  }

  private refer(section: number, offset: number, kind: RelocationKind, symbol: string, addend: number): void {
    this.object.relocate(section, offset, kind, symbol, addend);
    this.want(symbol);
  }

  // ---------------------------------------------------------------- inline assembly

  private assembleText(text: string): AssembleResult {
    let result = this.asmCache.get(text);
    if (!result) {
      result = assemble(text, { file: this.unit.path, macros: this.asmMacros });
      this.asmCache.set(text, result);
    }
    return result;
  }

  private asmAssembler(pending: PendingAsm[]): AsmAssembler {
    return {
      blockLabel: (block) => `__block_${block}`,
      unique: () => this.uniqueNumber++,
      report: (instruction, message) => this.report(instruction.loc, message, 'error'),
      assemble: (m: Machine, text: string, instruction: Asm) => {
        const result = this.assembleText(text);
        for (const error of result.errors) this.report(instruction.loc, `in asm: ${error.message}`, 'error');
        pending.push({ mark: m.emit.mark, result });
        const [code] = result.object.sections;
        const start = m.emit.offset;
        m.emit.buffer.append(code.data);
        for (const { offset, kind, symbol, addend } of code.relocations) {
          const target = result.object.symbols[symbol];
          const block = /^__block_(\d+)$/.exec(target.name);
          if (block) m.emit.blockField(start + offset, Number(block[1]), addend);
          else if (target.type === 'section' && target.place === 0) {
            m.emit.ownField(start + offset, kind, start + addend);
          } else if (target.type === 'section' || typeof target.place === 'number') {
            this.report(instruction.loc, 'asm code may not refer to labels of its other sections', 'error');
          } else {
            m.emit.buffer.fixups.push({
              offset: start + offset,
              kind,
              symbol: m.emit.symbol(target.name),
              addend,
            });
          }
        }
      },
    };
  }

  /** Adds the other sections of an inline asm whose code begins at `codeStart` of `section`. */
  private placeAsm(
    { object }: AssembleResult,
    section: number,
    functionStart: number,
    codeStart: number,
    code: FunctionCode,
  ): void {
    const starts = object.sections.map((part, index) => {
      if (index === 0) return { section, start: codeStart };
      const own = this.object.section(part.name, part.flags, part.nobits);
      return { section: own, start: this.object.append(own, part.data, part.size, part.align) };
    });
    for (const symbol of object.symbols) {
      if (symbol.type === 'section' || typeof symbol.place !== 'number') continue;
      const { section: own, start } = starts[symbol.place];
      const { size, binding, type } = symbol;
      this.object.define(symbol.name, { section: own, value: start + symbol.value, size, binding, type });
    }
    object.sections.forEach((part, index) => {
      if (index === 0) return;
      const { section: own, start } = starts[index];
      for (const { offset, kind, symbol, addend } of part.relocations) {
        const target = object.symbols[symbol];
        const block = /^__block_(\d+)$/.exec(target.name);
        if (block) {
          const at = functionStart + code.closed.blockOffset(Number(block[1]));
          this.object.relocate(own, start + offset, kind, this.object.sectionLabel(section), at + addend);
        } else if (target.type === 'section' && typeof target.place === 'number') {
          const place = starts[target.place];
          const label = this.object.sectionLabel(place.section);
          this.object.relocate(own, start + offset, kind, label, place.start + addend);
        } else this.refer(own, start + offset, kind, target.name, addend);
      }
    });
  }

  private fileAsm(): void {
    for (const { text, loc } of this.unit.fileAsm) {
      const result = assemble(text, { file: this.unit.path, macros: this.asmMacros });
      for (const error of result.errors) this.report(loc, `in asm: ${error.message}`, 'error');
      this.object.merge(result.object);
      for (const symbol of result.object.symbols) if (symbol.type !== 'section') this.want(symbol.name);
    }
  }

  // ---------------------------------------------------------------- data

  private stringSymbol(literal: StringLiteral): string {
    const known = this.strings.get(literal);
    if (known !== undefined) return known;
    const key = `${literal.elementSize}:${literal.bytes.join()}`;
    let name = this.stringsByContent.get(key);
    if (name === undefined) {
      name = `.LC${this.stringsByContent.size}`;
      this.stringsByContent.set(key, name);
      const section = this.object.section('.rodata.str', { write: false, exec: false });
      const value = this.object.append(section, literal.bytes, literal.bytes.length, literal.elementSize);
      this.object.define(name, {
        section,
        value,
        size: literal.bytes.length,
        binding: 'local',
        type: 'object',
      });
    }
    this.strings.set(literal, name);
    return name;
  }

  private emitVariable(variable: Variable): void {
    const { initializer, attributes } = variable;
    const size = initializer ? initializer.size : sizeOf(variable.type);
    const type = bare(variable.type);
    const element = type.kind === 'array' ? type.of : variable.type;
    const constant = (qualifiersOf(element) & CONST) !== 0;
    const binding = attributes.weak ? 'weak' : variable.linkage === 'external' ? 'global' : 'local';
    const empty =
      !initializer || (initializer.relocations.length === 0 && initializer.bytes.every((b) => b === 0));
    let section: number;
    if (attributes.section !== undefined) {
      const nobits = attributes.section.startsWith('.bss');
      section = this.object.section(attributes.section, { write: !constant, exec: false }, nobits);
    } else if (variable.tentative && attributes.common && !attributes.nocommon) {
      this.object.defineCommon(variable.symbolName, size, variable.align);
      this.describeGlobal(variable);
      return;
    } else if (constant) section = this.object.section('.rodata', { write: false, exec: false });
    else if (empty) section = this.object.section('.bss', { write: true, exec: false }, true);
    else section = this.object.section('.data', { write: true, exec: false });
    const bytes = initializer?.bytes ?? new Uint8Array(0);
    const value = this.object.append(section, bytes, size, Math.max(1, variable.align));
    this.object.define(variable.symbolName, { section, value, size, binding, type: 'object' });
    if (initializer) this.relocateData(initializer, section, value);
    this.describeGlobal(variable);
  }

  private relocateData(initializer: StaticInitializer, section: number, start: number): void {
    for (const relocation of initializer.relocations) {
      const offset = start + relocation.offset;
      const { target } = relocation;
      if (target.kind === 'label') {
        this.want(target.function.symbolName);
        this.labelFields.push({ section, offset, relocation });
        continue;
      }
      const symbol = target.kind === 'string' ? this.stringSymbol(target) : target.symbolName;
      this.refer(section, offset, FIELD_KINDS[relocation.size], symbol, Number(relocation.addend));
    }
  }

  /** Label addresses in static data: known once their functions are generated. */
  private settleLabels(): void {
    const offsetOf = (label: Label): number => {
      const found = this.labelBlocks.get(label);
      if (!found) return 0;
      const owner = [...this.codes].find(([symbol]) => this.lowered.get(symbol) === found.fn);
      return owner ? owner[1].closed.blockOffset(found.block) : 0;
    };
    for (const { section, offset, relocation } of this.labelFields) {
      const { target, minus, size, addend } = relocation;
      if (target.kind !== 'label') continue;
      if (minus) {
        const distance = BigInt(offsetOf(target.label) - offsetOf(minus.label)) + addend;
        this.object.patch(section, offset, size, distance);
      } else {
        const at = offsetOf(target.label) + Number(addend);
        this.object.relocate(section, offset, FIELD_KINDS[size], target.function.symbolName, at);
      }
    }
  }

  private describeGlobal(variable: Variable): void {
    const { file, line } = this.unit.source.position(variable.loc);
    this.debug.globals.push({
      name: variable.name,
      type: this.types.id(variable.type),
      file,
      line,
      symbol: variable.symbolName,
      perCpu: variable.attributes.section?.startsWith('.data..percpu') === true,
    });
  }

  private aliases(): void {
    for (const symbol of [...this.unit.functions, ...this.unit.variables]) {
      const { alias, weak } = symbol.attributes;
      if (alias === undefined) continue;
      const binding = weak ? 'weak' : symbol.linkage === 'external' ? 'global' : 'local';
      this.object.alias(symbol.symbolName, alias, binding);
    }
  }
}
