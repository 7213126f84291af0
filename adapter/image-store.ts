/**
 * Linked kernels on disk, so that the next process need not compile: one file per image, named by its content hash.
 *
 * The compiler's version is part of the name, because another compiler makes another kernel from the same source.
 * Anything wrong with a file means that it is not there.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Image } from '../emulator/cc/image';
import type { ImageStore } from '../emulator/kernel/build';

/** How many images are kept. */
const KEPT = 8;

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

/** A store in `directory`. `version` names the compiler (programVersion). */
export function diskImages(directory: string, version: string): ImageStore {
  const pathOf = (key: string) => join(directory, `${version}-${key}.image`);
  return {
    load(key) {
      try {
        return deserialize(readFileSync(pathOf(key))) as Image;
      } catch {
        return undefined;
      }
    },
    save(key, image) {
      try {
        mkdirSync(directory, { recursive: true });
        const temporary = `${pathOf(key)}.${process.pid}`;
        writeFileSync(temporary, serialize(image));
        renameSync(temporary, pathOf(key));
        prune(directory);
      } catch {
        // A cache that cannot be written is no cache; the kernel is there all the same.
      }
    },
  };
}

function prune(directory: string): void {
  const files = readdirSync(directory)
    .filter((name) => name.endsWith('.image'))
    .map((name) => ({ path: join(directory, name), time: statSync(join(directory, name)).mtimeMs }))
    .sort((a, b) => b.time - a.time);
  for (const { path } of files.slice(KEPT)) rmSync(path, { force: true });
}
