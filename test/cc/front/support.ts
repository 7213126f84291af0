/**
 * What the front end's tests share: files in memory, running gcc, and errors as short lines.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FrontOptions, type FrontResult, parseUnit } from '../../../emulator/cc/front';
import { FrontCache } from '../../../emulator/cc/pp/cache';
import type { FileProvider } from '../../../emulator/cc/source';

/** Files that exist only in memory. */
export function memoryFiles(files: Readonly<Record<string, string>>): FileProvider {
  return { read: (path) => (Object.hasOwn(files, path) ? files[path] : undefined) };
}

/** Parses one text (named main.c) with a cache of its own. */
export function front(
  text: string,
  options: Partial<FrontOptions> = {},
  files: Readonly<Record<string, string>> = {},
): FrontResult {
  const provider = memoryFiles({ ...files, 'main.c': text });
  return parseUnit('main.c', provider, { includePaths: [], defines: {}, ...options }, new FrontCache());
}

/** Diagnostics as `line:column: severity: message`. */
export function messages(result: FrontResult): string[] {
  return result.diagnostics.map((d) => `${d.line}:${d.column}: ${d.severity}: ${d.message}`);
}

const gccWorks = spawnSync('gcc', ['--version']).status === 0;

/** A reason to skip tests that compare with gcc, or false. In CI gcc must be there. */
export const withoutGcc: string | false =
  gccWorks || process.env.CI === 'true' ? false : 'gcc is not installed: the comparison with it is not made';

/** Runs gcc with the arguments on a text in a scratch folder; `run` also executes the result. */
export function gcc(text: string, args: readonly string[], run = false): string {
  const folder = mkdtempSync(join(tmpdir(), 'kprobe-lab-cc-'));
  try {
    const source = join(folder, 'main.c');
    writeFileSync(source, text);
    const output = join(folder, 'main.out');
    const made = spawnSync('gcc', [...args, ...(run ? ['-o', output] : []), 'main.c'], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    if (made.status !== 0) throw new Error(`gcc refused the text:\n${made.stderr}\n${text}`);
    if (!run) return made.stdout;
    const result = spawnSync(output, { encoding: 'utf8', maxBuffer: 1 << 28 });
    if (result.status !== 0) throw new Error(`the program ended with ${result.status ?? result.signal}`);
    return result.stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A small deterministic generator (mulberry32). */
export function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** The seed of a random test: fixed, or from the environment. */
export function seedFrom(name: string, fallback: number): number {
  const given = process.env[name];
  const seed = given === undefined ? fallback : Number.parseInt(given, 10);
  console.log(`${name}=${seed}`);
  return seed;
}
