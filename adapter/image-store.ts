/**
 * Linked kernels and compiled units on disk, so that the next process need not compile: one file for each, named by its
 * content hash.
 *
 * The compiler's version is part of the name, because another compiler makes another kernel from the same source.
 * Anything wrong with a file means that it is not there.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Image } from '../emulator/cc/image';
import { packDebug, unpackDebug } from '../emulator/cc/packed';
import { BuildCache, type CachedUnit, type Store } from '../emulator/kernel/build';

/** How many files are kept: kernels of a few configurations, and the units of about as many. */
const KEPT_IMAGES = 8;
const KEPT_UNITS = 1200;

/**
 * Names the compiler in the running bundle: by the build's own id, which all programs of one build share, or else by
 * the program file's content.
 */
export function programVersion(program: string): string {
  for (const file of [join(dirname(program), 'build-id'), program]) {
    try {
      return createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 12);
    } catch {
      // The next one names it.
    }
  }
  return 'unknown';
}

/** Compiled kernels in `directory`, and in its folder `units` the objects they were linked from. */
export function diskCache(directory: string, version: string): BuildCache {
  return new BuildCache(diskImages(directory, version), diskUnits(join(directory, 'units'), version));
}

/** Linked images in `directory`. `version` names the compiler (programVersion). */
export function diskImages(directory: string, version: string): Store<Image> {
  return diskStore(directory, version, 'image', KEPT_IMAGES, {
    pack: (image: Image) => ({ ...image, debug: packDebug(image.debug) }),
    unpack: (packed) => ({ ...packed, debug: unpackDebug(packed.debug) }),
  });
}

/** Compiled units in `directory`. */
export function diskUnits(directory: string, version: string): Store<CachedUnit> {
  return diskStore(directory, version, 'unit', KEPT_UNITS, {
    pack: ({ inputs, object: { debug, ...object } }: CachedUnit) => ({
      inputs,
      object,
      debug: debug && packDebug(debug),
    }),
    unpack: ({ inputs, object, debug }) => ({
      inputs,
      object: debug === undefined ? object : { ...object, debug: unpackDebug(debug) },
    }),
  });
}

/** How a value becomes plain data and back. */
interface Form<T, P> {
  pack(value: T): P;
  unpack(packed: P): T;
}

function diskStore<T, P>(
  directory: string,
  version: string,
  kind: string,
  kept: number,
  form: Form<T, P>,
): Store<T> {
  const pathOf = (key: string) => join(directory, `${version}-${key}.${kind}`);
  let saved = 0;
  return {
    load(key) {
      try {
        return form.unpack(deserialize(readFileSync(pathOf(key))) as P);
      } catch {
        return undefined;
      }
    },
    save(key, value) {
      try {
        if (saved === 0) mkdirSync(directory, { recursive: true });
        const temporary = `${pathOf(key)}.${process.pid}`;
        writeFileSync(temporary, serialize(form.pack(value)));
        renameSync(temporary, pathOf(key));
        // Units come by the hundred: the directory need not be read for each.
        if (saved++ % Math.ceil(kept / 8) === 0) prune(directory, kind, kept);
      } catch {
        // A cache that cannot be written is no cache; the kernel is there all the same.
      }
    },
  };
}

/** Removes all but the newest files of a kind; other processes may do the same. */
function prune(directory: string, kind: string, kept: number): void {
  const files = readdirSync(directory)
    .filter((name) => name.endsWith(`.${kind}`))
    .map((name) => ({ path: join(directory, name), time: statSync(join(directory, name)).mtimeMs }))
    .sort((a, b) => b.time - a.time);
  for (const { path } of files.slice(kept)) rmSync(path, { force: true });
}
