// Runs the test suites: bundles each test/**/*.test.ts with esbuild and hands the bundles to Node's own test runner.
//
//   node .ci/test.mjs                    everything that `npm test` promises
//   node .ci/test.mjs test/cc test/isa   only the test files below these paths (no set-up, no lint)
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './setup.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
await ensureInstalled(root);
const { build } = await import('esbuild');
const { esbuildOptions } = await import('./bundle.mjs');

/** All test files below `path`, which is a file or a directory. */
function testFiles(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const child = join(path, entry.name);
    if (entry.isDirectory()) return entry.name === 'e2e' && path === 'test' ? [] : testFiles(child);
    return entry.name.endsWith('.test.ts') ? [child] : [];
  });
}

const only = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
for (const path of only) {
  if (!existsSync(path)) {
    console.error(`test: no such file or directory: ${path}`);
    process.exit(2);
  }
}
const files = (only.length > 0 ? only : ['test']).flatMap(testFiles);
const out = join(root, '.cache', only.length > 0 ? `tests-${process.pid}` : 'tests');
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
await build({
  ...esbuildOptions(root),
  entryPoints: files,
  outdir: out,
  outbase: root,
  outExtension: { '.js': '.cjs' },
  sourcemap: 'inline',
  logLevel: 'warning',
});
const bundles = files.map((file) => join(out, relative(root, join(root, file)).replace(/\.ts$/, '.cjs')));
const result = spawnSync(
  process.execPath,
  ['--enable-source-maps', '--test', '--test-concurrency=2', ...bundles],
  { stdio: 'inherit', env: { ...process.env, KPROBE_LAB_ROOT: root } },
);
if (only.length > 0) rmSync(out, { recursive: true, force: true });
process.exit(result.status ?? 1);
