/**
 * The user's files on disk, as the compiler wants them: read when asked, by path, and remembered.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';

/** A read-only map of file texts; only what is asked for is read. Missing files are undefined. */
export function diskFiles(): ReadonlyMap<string, string> {
  const known = new Map<string, string | undefined>();
  const read = (path: string) => {
    if (!known.has(path)) {
      const readable = existsSync(path) && statSync(path).isFile();
      known.set(path, readable ? readFileSync(path, 'utf8') : undefined);
    }
    return known.get(path);
  };
  const map = new Map<string, string>();
  map.get = read;
  map.has = (path) => read(path) !== undefined;
  return map;
}
