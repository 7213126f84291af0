/** Runs as, objcopy, objdump and gcc for the tests that are held against them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** True if `tool` runs. If not, the test is skipped with a reason, or fails where CI promises the tool. */
export function needTool(context: TestContext, tool: string): boolean {
  if (spawnSync(tool, ['--version'], { stdio: 'ignore' }).status === 0) return true;
  if (process.env.CI === 'true') throw new Error(`${tool} is missing on a machine that must have it`);
  context.skip(`${tool} IS MISSING: nothing was compared`);
  return false;
}

/** Calls `use` with a fresh directory that is gone afterwards. */
export function inScratch<T>(use: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'kprobe-lab-isa-'));
  try {
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Bytes of section .text of a text assembled by gas. */
export function textSectionOf(text: string): Uint8Array {
  return inScratch((directory) => {
    const source = join(directory, 'a.s');
    const object = join(directory, 'a.o');
    const binary = join(directory, 'a.bin');
    writeFileSync(source, text);
    execFileSync('as', ['--64', '-o', object, source]);
    execFileSync('objcopy', ['-O', 'binary', '-j', '.text', object, binary]);
    return new Uint8Array(readFileSync(binary));
  });
}
