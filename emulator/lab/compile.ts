/**
 * Compiling what a user brings: modules against the kernel's headers, programs against the lab's libc.
 *
 * The user's files come first, the lab's own headers second, so that an include finds the file beside it.
 */
import type { CompileOptions } from '../cc/compile';
import type { UnitDebug } from '../cc/debug';
import type { Diagnostic } from '../cc/diagnostic';
import { writeExecutable, writeObject } from '../cc/elf/write';
import type { Image } from '../cc/image';
import { link } from '../cc/link';
import type { ObjectFile } from '../cc/object';
import { BuildCache, compileUnit, hasher, kernelCompileOptions } from '../kernel/build';
import type { KernelConfig } from '../kernel/config';
import { textHash } from '../kernel/hash';
import type { CompileResult } from './types';

const USER_BASE = 0x400000n;

/**
 * Compiles one module of one C file, unless it is in the cache. The module's name is the file's, with '-' as '_', as
 * Kbuild makes it.
 */
export function compileModule(
  path: string,
  files: ReadonlyMap<string, string>,
  kernel: ReadonlyMap<string, string>,
  config: KernelConfig,
  cache = new BuildCache(),
): CompileResult {
  const name = path
    .replace(/^.*[\\/]/, '')
    .replace(/\.c$/, '')
    .replace(/-/g, '_');
  const sources = { get: (file: string) => files.get(file) ?? kernel.get(file) };
  const options = kernelCompileOptions(config, 'module', name);
  const { object, diagnostics } = compileUnit(path, sources, options, cache, hasher(sources));
  return {
    name,
    object,
    bytes: object === undefined ? undefined : writeObject(forGuest(object)),
    diagnostics,
  };
}

/** An object or image for the guest: without macro definitions (gcc's -g, not -g3), which would be most of its file. */
export function forGuest<T extends { debug?: UnitDebug }>(made: T): T {
  const { debug } = made;
  return debug === undefined ? made : { ...made, debug: { ...debug, macros: [], includes: [] } };
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

/** How a user's program is compiled beyond its files. */
export interface UserBuild {
  includePaths?: readonly string[];
  defines?: Readonly<Record<string, string>>;
  cache?: BuildCache;
}

/** Compiles one C or assembly file of a user's program. */
export function compileUserUnit(
  path: string,
  files: { get(path: string): string | undefined },
  kernel: ReadonlyMap<string, string>,
  { includePaths = [], defines = {}, cache = new BuildCache() }: UserBuild = {},
): { object: ObjectFile | undefined; diagnostics: Diagnostic[] } {
  const sources = { get: (file: string) => files.get(file) ?? kernel.get(file) };
  const base = userCompileOptions();
  const options = { ...base, includePaths: [...includePaths, ...base.includePaths], defines };
  return compileUnit(path, sources, options, cache, hasher(sources));
}

/** Links objects with the libc in emulator/linux/user/libc into a static executable. `place`: the file that errors name. */
export function linkUser(
  name: string,
  objects: readonly ObjectFile[],
  place: string,
  kernel: ReadonlyMap<string, string>,
  cache = new BuildCache(),
): { image: Image | undefined; diagnostics: Diagnostic[] } {
  const all = [...objects];
  for (const unit of [...kernel.keys()].filter((file) => /^user\/libc\/.*\.[cS]$/.test(file))) {
    const { object, diagnostics } = compileUserUnit(unit, kernel, kernel, { cache });
    if (object === undefined) return { image: undefined, diagnostics };
    all.push(object);
  }
  const { image, errors } = link(all, { name, base: USER_BASE, entry: '_start' });
  const here = { severity: 'error', file: place, line: 1, column: 1, endLine: 1, endColumn: 1 } as const;
  return { image, diagnostics: errors.map((message) => ({ ...here, message, notes: [] })) };
}

/** Compiles and links a program of one file. */
export function compileUser(
  path: string,
  files: ReadonlyMap<string, string>,
  kernel: ReadonlyMap<string, string>,
  more: UserBuild = {},
): CompileResult {
  const name = path.replace(/^.*[\\/]/, '').replace(/\.c$/, '');
  const cache = more.cache ?? new BuildCache();
  const key = files === kernel ? ownProgramKey(path, kernel, hasher(kernel)) : undefined;
  const ready = key === undefined ? undefined : cache.findImage(key);
  if (ready !== undefined)
    return { name, object: undefined, bytes: writeExecutable(forGuest(ready)), diagnostics: [] };
  const { object, diagnostics } = compileUserUnit(path, files, kernel, { ...more, cache });
  if (object === undefined) return { name, object, bytes: undefined, diagnostics };
  const linked = linkUser(name, [object], path, kernel, cache);
  if (key !== undefined && linked.image !== undefined) cache.keepImage(key, linked.image);
  return {
    name,
    object,
    image: linked.image,
    bytes: linked.image && writeExecutable(forGuest(linked.image)),
    diagnostics: [...diagnostics, ...linked.diagnostics],
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
