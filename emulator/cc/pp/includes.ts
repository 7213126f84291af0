/**
 * Finding headers: "name" beside the including file, then along the include paths; <name> along the paths only.
 */
import type { FileProvider } from '../source';

/** Joins and cleans a path: no `./`, no `dir/../`. The same file has one spelling, so guards and caches work. */
export function joinPath(directory: string, name: string): string {
  if (name.startsWith('/') || directory === '') return cleanPath(name);
  return cleanPath(directory.endsWith('/') ? directory + name : `${directory}/${name}`);
}

function cleanPath(path: string): string {
  if (!/(?:^|\/)\.\.?(?:\/|$)|\/\//.test(path)) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '.' || (part === '' && parts.length > 0)) continue;
    const last = parts[parts.length - 1];
    if (part === '..' && last !== undefined && last !== '' && last !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

/** The directory of a path, '' if it has none. */
function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : slash === 0 ? '/' : path.slice(0, slash);
}

export interface Resolved {
  path: string;
  text: string;
  /** Index of the include path it was found under, -1 beside the includer. */
  foundIn: number;
}

/** Looks names up and remembers what it read, so that a unit sees one version of each file. */
export class IncludeResolver {
  /** Paths of files that said #pragma once. */
  readonly onceOnly = new Set<string>();
  private readonly texts = new Map<string, string | undefined>();

  constructor(
    private readonly provider: FileProvider,
    private readonly paths: readonly string[],
  ) {}

  /**
   * Finds a header.
   * @param quoted "name" rather than <name>
   * @param from path of the including file
   * @param after for #include_next: search only behind this include path index
   */
  resolve(name: string, quoted: boolean, from: string, after: number | undefined): Resolved | undefined {
    if (name === '') return undefined;
    if (name.startsWith('/')) return this.read(cleanPath(name), -1);
    if (quoted && after === undefined) {
      const beside = this.read(joinPath(directoryOf(from), name), -1);
      if (beside) return beside;
    }
    for (let i = after === undefined ? 0 : after + 1; i < this.paths.length; i++) {
      const found = this.read(joinPath(this.paths[i], name), i);
      if (found) return found;
    }
    return undefined;
  }

  private read(path: string, foundIn: number): Resolved | undefined {
    let text = this.texts.get(path);
    if (text === undefined && !this.texts.has(path)) {
      text = this.provider.read(path);
      this.texts.set(path, text);
    }
    return text === undefined ? undefined : { path, text, foundIn };
  }
}
