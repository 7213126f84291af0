/**
 * Debug information: the truth about every instruction and every variable, as plain data.
 *
 * Everything inside a function is an offset from the function's first byte, so linking only has to place functions.
 * This is what breakpoints, stack frames, the variables view, kprobe_events' fetch arguments, inlining refusals and the
 * DWARF export all read. It deliberately knows nothing of DWARF's encoding.
 */

/** Index into UnitDebug.types. Type 0 is always void. */
export type TypeId = number;

/** x86-64 register numbers as the instruction encoding has them: rax 0, rcx 1, rdx 2, rbx 3, rsp 4, rbp 5, rsi 6, rdi 7, r8…r15. */
export type RegisterNumber = number;

/** A C type. Names are as written in C, without `struct`/`union`/`enum`. */
export type DebugType =
  | { kind: 'void' }
  | {
      kind: 'base';
      name: string;
      size: number;
      encoding: 'signed' | 'unsigned' | 'signedChar' | 'unsignedChar' | 'boolean';
    }
  | { kind: 'pointer'; to: TypeId }
  | { kind: 'array'; of: TypeId; count: number | undefined }
  | {
      kind: 'struct' | 'union';
      name: string | undefined;
      size: number;
      complete: boolean;
      members: MemberDebug[];
    }
  | {
      kind: 'enum';
      name: string | undefined;
      size: number;
      signed: boolean;
      values: { name: string; value: bigint }[];
    }
  | { kind: 'function'; returns: TypeId; parameters: TypeId[]; variadic: boolean }
  | { kind: 'typedef'; name: string; to: TypeId }
  | { kind: 'qualified'; qualifier: 'const' | 'volatile'; of: TypeId };

/** A member; `name` is undefined for an anonymous struct or union. Bit-fields: `bitOffset` counts from bit 0 of byte `offset`. */
export interface MemberDebug {
  name: string | undefined;
  type: TypeId;
  offset: number;
  bitOffset?: number;
  bitSize?: number;
}

/** A half-open range of offsets from the function's first byte. */
export type CodeRange = [start: number, end: number];

/** One row of the line table. The row holds until the next one. `inlineSite` indexes FunctionDebug.inlines, -1 for the function itself. */
export interface LineRow {
  offset: number;
  file: number;
  line: number;
  column: number;
  isStatement: boolean;
  prologueEnd: boolean;
  inlineSite: number;
}

/** One inlined call: whose body, called from where, where its instructions are. `parent` is -1 or an earlier index. */
export interface InlineSite {
  callee: string;
  calleeFile: number;
  calleeLine: number;
  callFile: number;
  callLine: number;
  callColumn: number;
  parent: number;
  ranges: CodeRange[];
}

/** Where a value is. `frame` counts from the CFA (the value of rsp before the call pushed the return address). */
export type Location =
  | { kind: 'register'; register: RegisterNumber }
  | { kind: 'frame'; offset: number }
  | { kind: 'memory'; register: RegisterNumber; offset: number }
  /** `imageOffset`, after linking: where that symbol is, from the image's base (its name alone may be ambiguous). */
  | { kind: 'symbol'; symbol: string; offset: number; imageOffset?: number }
  | { kind: 'constant'; value: bigint }
  | { kind: 'entryValue'; register: RegisterNumber }
  | { kind: 'optimizedOut'; reason: string };

/** A parameter or local. `scope` is where the name is visible; `locations` say where the value is, in order, by range. */
export interface VariableDebug {
  name: string;
  type: TypeId;
  parameter: number | undefined;
  file: number;
  line: number;
  inlineSite: number;
  scope: CodeRange[];
  locations: { range: CodeRange; location: Location }[];
}

/** From `offset` on: CFA = register + cfaOffset; callee-saved registers were stored at CFA + offset (return address always at CFA-8). */
export interface FrameRow {
  offset: number;
  cfaRegister: RegisterNumber;
  cfaOffset: number;
  saved: { register: RegisterNumber; offset: number }[];
}

/** A function that has code. `start` is its offset in `section`; after linking, its offset from the image's base and `section` is -1. */
export interface FunctionDebug {
  name: string;
  section: number;
  start: number;
  size: number;
  file: number;
  line: number;
  column: number;
  /** Line of the closing brace: where a return probe is set in the editor. */
  endLine: number;
  type: TypeId;
  external: boolean;
  attributes: { noinline: boolean; notrace: boolean; nokprobe: boolean; init: boolean; weak: boolean };
  lines: LineRow[];
  inlines: InlineSite[];
  variables: VariableDebug[];
  frame: FrameRow[];
}

/** A function that exists in source but has no code of its own (inlined everywhere, or unused). */
export interface InlineOnlyFunction {
  name: string;
  file: number;
  line: number;
  endLine: number;
  type: TypeId;
}

/** A variable with static storage. `symbol` is its symbol's name (differs from `name` for statics inside functions). */
export interface GlobalDebug {
  name: string;
  type: TypeId;
  file: number;
  line: number;
  symbol: string;
  perCpu: boolean;
  /** After linking: where it is, from the image's base. */
  imageOffset?: number;
}

/** A macro definition that was live at the end of the unit. `parameters` is undefined for object-like macros. */
export interface MacroDebug {
  name: string;
  parameters: string[] | undefined;
  body: string;
  file: number;
  line: number;
}

/**
 * One inclusion of a file, in the order of reading: what decides where a macro is visible. `parent` is the index of the
 * inclusion whose line `line` names the file, -1 for a unit's own file.
 */
export interface IncludeDebug {
  file: number;
  parent: number;
  line: number;
}

/** The tables of one translation unit, or, after linking, of a whole image (then files and types are merged). */
export interface UnitDebug {
  files: string[];
  types: DebugType[];
  functions: FunctionDebug[];
  inlineOnly: InlineOnlyFunction[];
  globals: GlobalDebug[];
  macros: MacroDebug[];
  /** The inclusions of every unit that lists its macros. */
  includes: IncludeDebug[];
}
