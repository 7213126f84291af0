/**
 * Names the compiler by its sources, for caches of what it made that outlive a bundle: tests and builds share them.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Hash of everything that decides what the compiler makes of a source. `root` is the repository. */
export function compilerVersion(root: string): string {
  const hash = createHash('sha256');
  for (const directory of ['emulator/cc', 'emulator/isa']) {
    const files = readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.endsWith('.ts')).sort()) {
      hash.update(file).update(readFileSync(join(root, directory, file)));
    }
  }
  return hash.digest('hex').slice(0, 12);
}
