/**
 * Building the kernel: every C and assembler file of emulator/linux compiled with our compiler and linked.
 *
 * A unit is compiled again only when its own text, a header it read or looked for, its options or the compiler changed:
 * the caches, in memory and in a store, are keyed by content, not by time. user/ (programs and their libc) and samples/ are not part of the kernel.
 */
import { assembleFile, type CompileOptions, compile } from '../cc/compile';
import type { Diagnostic } from '../cc/diagnostic';
import type { Image } from '../cc/image';
import { link } from '../cc/link';
import type { ObjectFile } from '../cc/object';
import { KERNEL_BASE } from './addresses';
import type { KernelConfig } from './config';
import { textHash } from './hash';

/** Part of every image's key; the host of the cache adds the compiler's own version (see Store). */
const VERSION = 'image 1';

/** Units whose macros stay in the debug tables, for expressions (O_CREAT, GFP_KERNEL); all would be much too many. */
const MACRO_UNITS: ReadonlySet<string> = new Set(['init/main.c', 'fs/open.c']);

/**
 * A compiled unit and what it was made from: every path that was asked for, with the hash of its text; undefined for one
 * that was looked for and is not there (a header found further down the search path).
 */
export interface CachedUnit {
  object: ObjectFile;
  inputs: readonly (readonly [path: string, hash: string | undefined])[];
}

/** Where results are kept between processes: a directory, for example. Keys are content hashes. */
export interface Store<T> {
  load(key: string): T | undefined;
  save(key: string, value: T): void;
}

/** Compiled units and linked images of earlier builds. Share one between boots. */
export class BuildCache {
  private readonly units = new Map<string, CachedUnit>();
  private readonly images = new Map<string, Image>();

  /** Both stores outlive the process; each may be missing. */
  constructor(
    private readonly storedImages?: Store<Image>,
    private readonly storedUnits?: Store<CachedUnit>,
  ) {}

  /** The unit, if nothing that it was made from has changed. */
  find(key: string, hash: (path: string) => string | undefined): ObjectFile | undefined {
    const fresh = (unit: CachedUnit | undefined): unit is CachedUnit =>
      unit?.inputs.every(([path, known]) => hash(path) === known) === true;
    const known = this.units.get(key);
    if (fresh(known)) return known.object;
    const stored = this.storedUnits?.load(key);
    if (!fresh(stored)) return undefined;
    this.units.set(key, stored);
    return stored.object;
  }

  keep(key: string, unit: CachedUnit): void {
    this.units.set(key, unit);
    this.storedUnits?.save(key, unit);
  }

  findImage(key: string): Image | undefined {
    const image = this.images.get(key) ?? this.storedImages?.load(key);
    if (image !== undefined) this.images.set(key, image);
    return image;
  }

  keepImage(key: string, image: Image): void {
    this.images.set(key, image);
    this.storedImages?.save(key, image);
  }
}

/** What a build came to. `image` is undefined when there were errors; `compiled` counts units that were not cached. */
export interface KernelBuild {
  image: Image | undefined;
  diagnostics: Diagnostic[];
  linkErrors: string[];
  compiled: number;
  units: number;
}

/** Compiler options for kernel and module code in this configuration. */
export function kernelCompileOptions(
  config: KernelConfig,
  target: 'kernel' | 'module',
  name: string,
): CompileOptions {
  const defines: Record<string, string> = {
    ...config.defines(),
    __KERNEL__: '1',
    KBUILD_MODNAME: `"${name}"`,
    KBUILD_BASENAME: `"${name}"`,
  };
  if (target === 'module') defines.MODULE = '1';
  return {
    includePaths: ['include'],
    defines,
    target,
    ftraceNops: config.on('DYNAMIC_FTRACE'),
    optimize: true,
  };
}

/** The same for a .S file: headers show what assembly can use. */
export function assemblyOptions(options: CompileOptions): CompileOptions {
  return { ...options, defines: { ...options.defines, __ASSEMBLY__: '1', __ASSEMBLER__: '1' } };
}

/** The units of the kernel, in link order. */
export function kernelUnits(sources: ReadonlyMap<string, string>): string[] {
  return [...sources.keys()].filter((path) => /\.[cS]$/.test(path) && !isUserFile(path)).sort();
}

function isUserFile(path: string): boolean {
  return /^(user|samples)\//.test(path);
}

/** Content hashes of texts by path, computed once each. */
export function hasher(sources: {
  get(path: string): string | undefined;
}): (path: string) => string | undefined {
  const hashes = new Map<string, string | undefined>();
  return (path) => {
    if (!hashes.has(path)) {
      const text = sources.get(path);
      hashes.set(path, text === undefined ? undefined : textHash(text));
    }
    return hashes.get(path);
  };
}

/** Compiles a C or assembler file, or finds it in the cache when nothing that it was made from has changed. */
export function compileUnit(
  path: string,
  sources: { get(path: string): string | undefined },
  options: CompileOptions,
  cache: BuildCache,
  hash: (path: string) => string | undefined,
): { object: ObjectFile | undefined; diagnostics: Diagnostic[]; cached: boolean } {
  const key = textHash(`${path} ${JSON.stringify(options)}`);
  const known = cache.find(key, hash);
  if (known !== undefined) return { object: known, diagnostics: [], cached: true };
  const inputs = new Map<string, string | undefined>();
  const files = {
    read(file: string) {
      inputs.set(file, hash(file));
      return sources.get(file);
    },
  };
  const { object, diagnostics } = path.endsWith('.S')
    ? assembleFile(path, files, assemblyOptions(options))
    : compile(path, files, options);
  if (object !== undefined && diagnostics.length === 0) cache.keep(key, { object, inputs: [...inputs] });
  return { object, diagnostics, cached: false };
}

/** Compiles and links the kernel. Never throws on bad source: what is wrong is in the result. */
export function buildKernel(
  sources: ReadonlyMap<string, string>,
  config: KernelConfig,
  cache: BuildCache,
): KernelBuild {
  const hash = hasher(sources);
  const configuration = textHash(config.text());
  const units = kernelUnits(sources);
  const all = [...sources.keys()].filter((path) => !isUserFile(path)).sort();
  const imageKey = textHash(
    `${VERSION} ${configuration} ${all.map((path) => `${path} ${hash(path)}`).join(' ')}`,
  );
  const ready = cache.findImage(imageKey);
  if (ready !== undefined) {
    return { image: ready, diagnostics: [], linkErrors: [], compiled: 0, units: units.length };
  }
  const diagnostics: Diagnostic[] = [];
  const objects: ObjectFile[] = [];
  let compiled = 0;
  for (const path of units) {
    const name = path.replace(/^.*\//, '').replace(/\.[cS]$/, '');
    const options = { ...kernelCompileOptions(config, 'kernel', name), macros: MACRO_UNITS.has(path) };
    const unit = compileUnit(path, sources, options, cache, hash);
    diagnostics.push(...unit.diagnostics);
    if (!unit.cached) compiled++;
    if (unit.object !== undefined) objects.push(unit.object);
  }
  const failed = objects.length < units.length;
  const linked = failed
    ? { image: undefined, errors: [] }
    : link(objects, { name: 'vmlinux', base: KERNEL_BASE });
  if (linked.image !== undefined && diagnostics.length === 0) cache.keepImage(imageKey, linked.image);
  return { image: linked.image, diagnostics, linkErrors: linked.errors, compiled, units: units.length };
}
