/**
 * What the compiler's tests need of the machine they run on: a scratch directory and Debian's own tools.
 *
 * A missing tool skips a test with its reason, except in CI, where nothing may be skipped.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const scratchRoot = mkdtempSync(join(tmpdir(), 'kprobe-lab-cc-'));
let scratchCount = 0;
process.on('exit', () => rmSync(scratchRoot, { recursive: true, force: true }));

/** A fresh directory for one test. */
export function scratch(): string {
  const directory = join(scratchRoot, `${scratchCount++}`);
  mkdirSync(directory);
  return directory;
}

/** Options for node:test: skips (outside CI) when one of `tools` is not installed. */
export function needs(...tools: string[]): { skip: string | false } {
  if (process.env.CI === 'true') return { skip: false };
  // csmith leaves a file where it is started, even when it only says its version.
  const started = (tool: string) => spawnSync(tool, ['--version'], { cwd: tmpdir() });
  const missing = tools.filter((tool) => started(tool).error !== undefined);
  return { skip: missing.length > 0 ? `NOT TESTED: ${missing.join(', ')} not installed` : false };
}

/** Runs a tool; throws with everything it printed if it fails. */
export function run(command: string, args: string[], options: { input?: string; cwd?: string } = {}): string {
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
  if (result.error) throw result.error;
  if (result.status !== 0) {
    throw new Error(
      `${command} ${args.join(' ')}: exit ${result.status ?? result.signal}\n${result.stdout}${result.stderr}`,
    );
  }
  return result.stdout;
}

/** Runs a program; its exit code (or 128 + signal) and output. */
export function execute(
  path: string,
  args: string[] = [],
  timeout = 20000,
): { code: number; output: string } {
  const result = spawnSync(path, args, { encoding: 'utf8', maxBuffer: 1 << 28, timeout });
  if (result.error && result.status === null && result.signal === null) throw result.error;
  return { code: result.status ?? 128, output: `${result.stdout}${result.stderr}` };
}

/** Compiles C text with gcc to an object file and returns the object's bytes. */
export function gccObject(source: string, flags: string[] = []): Uint8Array {
  const directory = scratch();
  const path = join(directory, 'in.c');
  writeFileSync(path, source);
  run('gcc', [
    '-c',
    '-O1',
    '-fno-pie',
    '-fno-stack-protector',
    '-ffreestanding',
    ...flags,
    path,
    '-o',
    join(directory, 'out.o'),
  ]);
  return new Uint8Array(readFileSync(join(directory, 'out.o')));
}
