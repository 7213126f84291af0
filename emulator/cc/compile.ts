/**
 * The compiler's door: a C or .S file in, an object file and diagnostics out. Pure over a file provider; never throws on
 * bad source.
 */

import { assemble } from './asm/assemble';
import type { Loc, TranslationUnit } from './ast';
import { UnitGenerator } from './codegen/unit';
import type { Diagnostic } from './diagnostic';
import { type FileProvider, type FrontOptions, parseUnit, sharedCache } from './front';
import type { ObjectFile } from './object';
import { preprocessToText } from './pp/text';

/** How to compile. `target` picks nothing but intent today: all targets are freestanding x86-64 without SSE. */
export interface CompileOptions extends FrontOptions {
  target: 'kernel' | 'module' | 'user';
  /** Begin traceable functions with a 5-byte nop, as CONFIG_DYNAMIC_FTRACE does. */
  ftraceNops: boolean;
  /** Inline functions that do not insist on it, and do all else that makes code short. */
  optimize: boolean;
  /** List macro definitions in the debug tables; by default for everything but kernel units, which share their headers. */
  macros?: boolean;
}

/** The object, or undefined if there was an error. */
export interface CompileResult {
  object: ObjectFile | undefined;
  diagnostics: Diagnostic[];
}

function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}

function diagnosticAt(
  unit: TranslationUnit,
  loc: Loc,
  message: string,
  severity: 'error' | 'warning',
): Diagnostic {
  const { file, line, column } = unit.source.position(loc);
  return {
    severity,
    message,
    file: unit.source.files[file],
    line,
    column,
    endLine: line,
    endColumn: column + 1,
    notes: [],
  };
}

/** Compiles one C file. */
export function compile(path: string, files: FileProvider, options: CompileOptions): CompileResult {
  const { unit, diagnostics } = parseUnit(path, files, options);
  if (hasErrors(diagnostics)) return { object: undefined, diagnostics };
  const all = [...diagnostics];
  const macros = options.macros ?? options.target !== 'kernel';
  const generator = new UnitGenerator(unit, { ...options, macros }, (loc, message, severity) => {
    all.push(diagnosticAt(unit, loc, message, severity));
  });
  const object = generator.run();
  return { object: hasErrors(all) ? undefined : object, diagnostics: all };
}

/** Assembles one .S file: preprocessed with __ASSEMBLER__ and __ASSEMBLY__ defined, as the kernel's build does. */
export function assembleFile(path: string, files: FileProvider, options: CompileOptions): CompileResult {
  const defines = { ...options.defines, __ASSEMBLY__: '1' };
  const read = preprocessToText(path, files, { ...options, defines, assembly: true }, sharedCache());
  const diagnostics = [...read.diagnostics];
  const { object, errors } = assemble(read.text, { file: path });
  for (const { line: row, message } of errors) {
    const { file, line } = read.lines[row - 1] ?? { file: path, line: row };
    diagnostics.push({
      severity: 'error',
      message,
      file,
      line,
      column: 1,
      endLine: line,
      endColumn: 1,
      notes: [],
    });
  }
  return { object: hasErrors(diagnostics) ? undefined : object, diagnostics };
}
