/**
 * Compiling what a user brings: modules against the kernel's headers, programs against the lab's libc.
 *
 * The user's files come first, the lab's own headers second, so that an include finds the file beside it.
 */
import { type CompileOptions, compile } from '../cc/compile';
import type { Diagnostic } from '../cc/diagnostic';
import { writeExecutable, writeObject } from '../cc/elf/write';
import { link } from '../cc/link';
import type { ObjectFile } from '../cc/object';
import { BuildCache, compileUnit, hasher, kernelCompileOptions } from '../kernel/build';
import type { KernelConfig } from '../kernel/config';
import { textHash } from '../kernel/hash';
import type { CompileResult } from './types';

const USER_BASE = 0x400000n;

/** Compiles one module of one C file. The module's name is the file's, with '-' as '_', as Kbuild makes it. */
export function compileModule(
  path: string,
  files: ReadonlyMap<string, string>,
  kernel: ReadonlyMap<string, string>,
  config: KernelConfig,
): CompileResult {
  const name = path
    .replace(/^.*[\\/]/, '')
    .replace(/\.c$/, '')
    .replace(/-/g, '_');
  const provider = { read: (file: string) => files.get(file) ?? kernel.get(file) };
  const { object, diagnostics } = compile(path, provider, kernelCompileOptions(config, 'module', name));
  return { name, object, bytes: object === undefined ? undefined : writeObject(object), diagnostics };
}

/** Compiler options for programs of user mode. */
export function userCompileOptions(): CompileOptions {
  return {
    includePaths: ['user/libc/include'],
    defines: {},
    target: 'user',
    ftraceNops: false,
    optimize: true,
  };
}

/** Compiles and links a program with the libc in emulator/linux/user/libc. */
export function compileUser(
  path: string,
  files: ReadonlyMap<string, string>,
  kernel: ReadonlyMap<string, string>,
  more: { includePaths?: string[]; defines?: Readonly<Record<string, string>>; cache?: BuildCache } = {},
): CompileResult {
  const name = path.replace(/^.*[\\/]/, '').replace(/\.c$/, '');
  const sources = { get: (file: string) => files.get(file) ?? kernel.get(file) };
  const base = userCompileOptions();
  const options = {
    ...base,
    includePaths: [...(more.includePaths ?? []), ...base.includePaths],
    defines: more.defines ?? {},
  };
  const diagnostics: Diagnostic[] = [];
  const objects: ObjectFile[] = [];
  const cache = more.cache ?? new BuildCache();
  const hash = hasher(sources);
  const key = files === kernel ? ownProgramKey(path, kernel, hash) : undefined;
  const ready = key === undefined ? undefined : cache.findImage(key);
  if (ready !== undefined) return { name, object: undefined, bytes: writeExecutable(ready), diagnostics };
  const units = [path, ...[...kernel.keys()].filter((file) => /^user\/libc\/.*\.[cS]$/.test(file))];
  for (const unit of units) {
    const result = compileUnit(unit, sources, options, cache, hash);
    diagnostics.push(...result.diagnostics);
    if (result.object === undefined) return { name, object: undefined, bytes: undefined, diagnostics };
    objects.push(result.object);
  }
  const { image, errors } = link(objects, { name, base: USER_BASE, entry: '_start' });
  diagnostics.push(
    ...errors.map(
      (message): Diagnostic => ({
        severity: 'error',
        message,
        file: path,
        line: 1,
        column: 1,
        endLine: 1,
        endColumn: 1,
        notes: [],
      }),
    ),
  );
  if (key !== undefined && image !== undefined) cache.keepImage(key, image);
  return {
    name,
    object: objects[0],
    bytes: image === undefined ? undefined : writeExecutable(image),
    diagnostics,
  };
}

/** What a program of the lab's own is made of: nothing outside user/. */
function ownProgramKey(
  path: string,
  kernel: ReadonlyMap<string, string>,
  hash: (path: string) => string | undefined,
): string {
  const files = [...kernel.keys()].filter((file) => file.startsWith('user/')).sort();
  return textHash(`program ${path} ${files.map((file) => `${file} ${hash(file)}`).join(' ')}`);
}
