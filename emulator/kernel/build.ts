/**
 * Building the kernel: every C and assembler file of emulator/linux compiled with our compiler and linked.
 *
 * A unit is compiled again only when its own text, a header it read, or the configuration changed: the cache is keyed by
 * content, not by time. user/ (programs and their libc) and samples/ are not part of the kernel.
 */
import { assembleFile, type CompileOptions, compile } from '../cc/compile';
import type { Diagnostic } from '../cc/diagnostic';
import type { Image } from '../cc/image';
import { link } from '../cc/link';
import type { ObjectFile } from '../cc/object';
import { KERNEL_BASE } from './addresses';
import type { KernelConfig } from './config';
import { textHash } from './hash';

/** A compiled unit and what it was made from. */
interface CachedUnit {
  object: ObjectFile;
  inputs: readonly (readonly [path: string, hash: string])[];
}

/** Compiled units of earlier builds. Share one between boots. */
export class BuildCache {
  private readonly units = new Map<string, CachedUnit>();

  find(key: string, hash: (path: string) => string | undefined): ObjectFile | undefined {
    const unit = this.units.get(key);
    return unit?.inputs.every(([path, known]) => hash(path) === known) === true ? unit.object : undefined;
  }

  store(key: string, object: ObjectFile, inputs: readonly (readonly [string, string])[]): void {
    this.units.set(key, { object, inputs });
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
  return [...sources.keys()].filter((path) => /\.[cS]$/.test(path) && !/^(user|samples)\//.test(path)).sort();
}

/** Compiles and links the kernel. Never throws on bad source: what is wrong is in the result. */
export function buildKernel(
  sources: ReadonlyMap<string, string>,
  config: KernelConfig,
  cache: BuildCache,
): KernelBuild {
  const hashes = new Map<string, string | undefined>();
  const hash = (path: string) => {
    if (!hashes.has(path)) {
      const text = sources.get(path);
      hashes.set(path, text === undefined ? undefined : textHash(text));
    }
    return hashes.get(path);
  };
  const configuration = textHash(config.text());
  const diagnostics: Diagnostic[] = [];
  const objects: ObjectFile[] = [];
  const units = kernelUnits(sources);
  let compiled = 0;
  for (const path of units) {
    const key = `${path} ${configuration}`;
    const known = cache.find(key, hash);
    if (known !== undefined) {
      objects.push(known);
      continue;
    }
    compiled++;
    const inputs = new Map<string, string>();
    const files = {
      read(file: string) {
        const text = sources.get(file);
        const of = hash(file);
        if (of !== undefined) inputs.set(file, of);
        return text;
      },
    };
    const name = path.replace(/^.*\//, '').replace(/\.[cS]$/, '');
    const options = kernelCompileOptions(config, 'kernel', name);
    const result = path.endsWith('.S')
      ? assembleFile(path, files, assemblyOptions(options))
      : compile(path, files, options);
    diagnostics.push(...result.diagnostics);
    if (result.object === undefined) continue;
    objects.push(result.object);
    cache.store(key, result.object, [...inputs]);
  }
  const failed = objects.length < units.length;
  const linked = failed
    ? { image: undefined, errors: [] }
    : link(objects, { name: 'vmlinux', base: KERNEL_BASE });
  return { image: linked.image, diagnostics, linkErrors: linked.errors, compiled, units: units.length };
}
