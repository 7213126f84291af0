/**
 * The names that one frame of a stopped guest sees: its locals, its image's statics, the kernel's globals and functions,
 * `current`, and after `$` the registers, `$retval`, `$cpu`, `$pid`, `$comm`.
 *
 * Cheap to make: a condition is evaluated at every hit with a scope of its own. Nothing is read before it is asked for.
 */
import type { FunctionDebug } from '../cc/debug';
import type { Macro } from './expression/macro';
import type { Scope } from './expression/scope';
import { locate } from './locate';
import { type Program, visibleVariables } from './program';
import { type RegisterFile, registerValue } from './registers';
import {
  arrayOf,
  CHAR,
  type FunctionType,
  INT,
  LONG,
  plain,
  pointerTo,
  type RecordType,
  type Type,
  VOID,
} from './types';
import { constant, type GuestMemory, inMemory, type Value } from './value';

/** Names and addresses of all images together. */
export interface SymbolSource {
  address(name: string): bigint | undefined;
  /** Names like this one that do exist. */
  similar(name: string): string[];
}

/** The code that a frame stands in. */
export interface FrameCode {
  program: Program;
  within: FunctionDebug;
  /** From the function's first byte. For a caller, of the byte before its return address. */
  offset: number;
  /** Index of the inlined call whose body the frame shows, -1 for the function itself. */
  inlineSite: number;
}

/** Who runs. `address` is its task_struct. */
export interface ScopeTask {
  address: bigint;
  pid: number;
  comm: string;
  cpu: number;
}

export interface FrameContext {
  memory: GuestMemory;
  /** All images; the frame's own is looked in first. */
  programs: readonly Program[];
  symbols: SymbolSource;
  code: FrameCode | undefined;
  registers: RegisterFile | undefined;
  cfa: bigint | undefined;
  task: ScopeTask | undefined;
  /**
   * Set at a return probe: `$retval` is ax as the function's return type, and arguments are what they were at entry,
   * from the registers kept then.
   */
  returning: { entry: RegisterFile } | undefined;
  /** Where per-CPU variables of that CPU lie from their symbols. */
  perCpuOffset(cpu: number): bigint;
}

const UNKNOWN_REGISTERS: RegisterFile = { get: () => undefined, set: () => false };

const CODE_LABEL: FunctionType = { kind: 'function', returns: LONG, parameters: [], variadic: true };

export class FrameScope implements Scope {
  readonly #programs: readonly Program[];

  constructor(readonly context: FrameContext) {
    const own = context.code?.program;
    this.#programs = own ? [own, ...context.programs.filter((program) => program !== own)] : context.programs;
  }

  get memory(): GuestMemory {
    return this.context.memory;
  }

  variable(name: string): Value | undefined {
    return (
      this.#local(name) ?? this.#global(name) ?? (name === 'current' ? this.#current() : this.#symbol(name))
    );
  }

  /** Parameters and locals of the frame, by kind; hidden ones (an inner block has the same name) left out. */
  locals(): { name: string; value: Value; parameter: boolean; line: number; file: number }[] {
    const code = this.context.code;
    if (!code) return [];
    const seen = new Set<string>();
    const found = [];
    for (const variable of visibleVariables(code.within, code.offset, code.inlineSite)) {
      if (seen.has(variable.name) || (this.context.returning && variable.parameter === undefined)) continue;
      seen.add(variable.name);
      const value = this.#located(code, variable);
      const { name, parameter, line, file } = variable;
      found.push({ name, value, parameter: parameter !== undefined, order: parameter ?? 0, line, file });
    }
    return found.sort((a, b) => a.order - b.order || a.line - b.line);
  }

  register(name: string): Value | undefined {
    const { task } = this.context;
    switch (name) {
      case 'retval':
        return this.returnValue();
      case 'cpu':
        return task && constant(INT, BigInt(task.cpu));
      case 'pid':
        return task && constant(INT, BigInt(task.pid));
      case 'comm':
        return task && { type: arrayOf(CHAR, 16), place: { kind: 'bytes', bytes: textBytes(task.comm) } };
      case 'current':
        return this.#current();
      default:
        return this.context.registers && registerValue(this.context.registers, name);
    }
  }

  /** ax as the function's return type; undefined unless the frame is about to return, or returns nothing. */
  returnValue(): Value | undefined {
    const { registers, code, returning } = this.context;
    if (!returning || !registers) return undefined;
    const type: Type = code ? this.#returnType(code) : LONG;
    if (plain(type).kind === 'void') return undefined;
    return {
      type,
      place: {
        kind: 'register',
        name: 'ax',
        get: () => registers.get('ax'),
        set: (value) => registers.set('ax', value),
      },
    };
  }

  typedef(name: string): Type | undefined {
    return this.#first((program) => program.typedef(name));
  }

  record(kind: 'struct' | 'union' | 'enum', name: string): Type | undefined {
    return this.#first((program) => program.record(kind, name));
  }

  enumerator(name: string): Value | undefined {
    const found = this.#first((program) => program.enumerator(name));
    return found && constant(found.type, found.value);
  }

  macro(name: string): Macro | undefined {
    return this.#first((program) => program.macro(name));
  }

  complete(type: RecordType): RecordType | undefined {
    return type.complete ? type : this.#first((program) => program.complete(type));
  }

  similar(name: string): string[] {
    const lower = name.toLowerCase();
    const near = this.locals()
      .map((local) => local.name)
      .filter((local) => local.toLowerCase().startsWith(lower.slice(0, 3)));
    return near.length > 0 ? near : this.context.symbols.similar(name);
  }

  #local(name: string): Value | undefined {
    const code = this.context.code;
    if (!code) return undefined;
    const found = visibleVariables(code.within, code.offset, code.inlineSite).find(
      (one) => one.name === name,
    );
    return found && this.#located(code, found);
  }

  #located(code: FrameCode, variable: Parameters<typeof locate>[0]): Value {
    const type = code.program.graph.get(variable.type);
    const { registers, cfa, symbols, returning } = this.context;
    // A function that is returning has no locals any more, and its parameters' registers hold something else by now.
    const offset = returning ? 0 : code.offset;
    return locate(variable, type, offset, {
      registers: returning?.entry ?? registers ?? UNKNOWN_REGISTERS,
      cfa: returning ? undefined : cfa,
      atEntry: offset === 0,
      symbol: (name) => code.program.symbol(name) ?? symbols.address(name),
    });
  }

  #global(name: string): Value | undefined {
    for (const program of this.#programs) {
      const { code } = this.context;
      // Several files may have a static of that name: the frame's own file is meant first.
      const global = program.global(name, code?.program === program ? code.within.file : undefined);
      if (!global) continue;
      const address =
        global.imageOffset === undefined
          ? this.context.symbols.address(global.symbol)
          : program.image.base + BigInt(global.imageOffset);
      if (address === undefined) continue;
      const shift = global.perCpu ? this.context.perCpuOffset(this.context.task?.cpu ?? 0) : 0n;
      return inMemory(program.graph.get(global.type), address + shift);
    }
    return undefined;
  }

  #symbol(name: string): Value | undefined {
    for (const program of this.#programs) {
      const found = program.functions(name)[0];
      if (found) return inMemory(program.graph.get(found.type), program.image.base + BigInt(found.start));
    }
    const address = this.context.symbols.address(name);
    return address === undefined ? undefined : inMemory(CODE_LABEL, address);
  }

  #current(): Value | undefined {
    const { task } = this.context;
    if (!task) return undefined;
    return constant(pointerTo(this.record('struct', 'task_struct') ?? VOID), task.address);
  }

  #returnType(code: FrameCode): Type {
    const type = plain(code.program.graph.get(code.within.type));
    return type.kind === 'function' ? type.returns : LONG;
  }

  #first<T>(ask: (program: Program) => T | undefined): T | undefined {
    for (const program of this.#programs) {
      const found = ask(program);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** TASK_COMM_LEN bytes, NUL-padded. */
function textBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes.set(new TextEncoder().encode(text).subarray(0, 15));
  return bytes;
}
