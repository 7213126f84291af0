// npm run test:electron: the extension host suite in a desktop VS Code, on machines that can download one.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAll } from './build.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
await buildAll();
const { build } = await import('esbuild');
const { runTests } = await import('@vscode/test-electron');
const suite = join(root, '.cache', 'electron', 'index.cjs');
await build({
  absWorkingDir: root,
  entryPoints: ['test/e2e/host/index.ts'],
  outfile: suite,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  external: ['vscode'],
});
const work = mkdtempSync(join(tmpdir(), 'kprobe-lab-'));
cpSync(join(root, 'examples'), join(work, 'examples'), { recursive: true });
try {
  await runTests({
    version: process.env.VSCODE_VERSION ?? 'stable',
    extensionDevelopmentPath: root,
    extensionTestsPath: suite,
    launchArgs: [join(work, 'examples'), '--disable-extensions', '--disable-workspace-trust'],
  });
} catch (error) {
  console.error(
    `The suite failed, or VS Code could not be downloaded: ${error instanceof Error ? error.message : error}`,
  );
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
