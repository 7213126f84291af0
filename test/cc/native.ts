/**
 * Compiling C with our compiler and running it on this machine: our objects are linked by gcc with its C library.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CompileOptions, compile } from '../../emulator/cc/compile';
import { formatDiagnostic } from '../../emulator/cc/diagnostic';
import { writeObject } from '../../emulator/cc/elf/write';
import type { ObjectFile } from '../../emulator/cc/object';
import { execute, run, scratch } from './toolchain';

/** The repository's root. */
export const root = process.env.KPROBE_LAB_ROOT ?? '.';

/** Files of the disk. */
export const diskFiles = {
  read: (path: string): string | undefined => (existsSync(path) ? readFileSync(path, 'utf8') : undefined),
};

/** Options for freestanding user code. */
export function userOptions(includePaths: string[] = [], optimize = true): CompileOptions {
  return { includePaths, defines: {}, target: 'user', ftraceNops: false, optimize };
}

/** Compiles a file; fails the test with the compiler's messages if that does not work. */
export function mustCompile(path: string, options: CompileOptions, files = diskFiles): ObjectFile {
  const { object, diagnostics } = compile(path, files, options);
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  assert.equal(errors.map((error) => formatDiagnostic(error, files)).join('\n'), '');
  assert.ok(object);
  return object;
}

/** Compiles a text as file `input.c`. */
export function compileText(text: string, optimize = true): ObjectFile {
  const files = { read: (path: string) => (path === 'input.c' ? text : undefined) };
  return mustCompile('input.c', userOptions([], optimize), files);
}

/** Links our object with further inputs by gcc and runs the program. */
export function runWithGcc(object: ObjectFile, inputs: string[] = []): { code: number; output: string } {
  const directory = scratch();
  const path = join(directory, 'ours.o');
  writeFileSync(path, writeObject(object));
  run('gcc', ['-no-pie', '-o', join(directory, 'program'), path, ...inputs]);
  return execute(join(directory, 'program'));
}
