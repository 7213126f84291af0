// Runs the tests: bundles each *.test.ts below test/ with esbuild and hands the bundles to Node's own test runner.
//
//   node .ci/test.mjs                    all that `npm test` promises: tools, types, lint, build, unit tests, real editor
//   node .ci/test.mjs test/cc test/isa   only the test files below these paths, at once
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAll } from './build.mjs';
import { check } from './check.mjs';
import { ensureInstalled } from './setup.mjs';
import { ensureTools } from './tools.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
await ensureInstalled(root);
const { build } = await import('esbuild');
const { esbuildOptions } = await import('./bundle.mjs');

/** All test files below `path`, which is a file or a directory, sorted. */
function testFiles(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .flatMap((entry) => {
      const child = join(path, entry.name);
      if (entry.isDirectory()) return testFiles(child);
      return entry.name.endsWith('.test.ts') ? [child] : [];
    })
    .sort();
}

/** Bundles and runs `files`, `concurrency` at a time; returns true when all pass. */
async function runTests(files, name, concurrency) {
  if (files.length === 0) return true;
  const out = join(root, '.cache', name);
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
    [
      '--enable-source-maps',
      '--test',
      '--test-reporter=spec',
      `--test-concurrency=${concurrency}`,
      ...bundles,
    ],
    { stdio: 'inherit', env: { ...process.env, KPROBE_LAB_ROOT: root } },
  );
  return result.status === 0;
}

const only = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
if (only.length > 0) {
  for (const path of only) {
    if (!existsSync(path)) {
      console.error(`test: no such file or directory: ${path}`);
      process.exit(2);
    }
  }
  const name = `tests-${process.pid}`;
  const passed = await runTests(only.flatMap(testFiles), name, 2);
  rmSync(join(root, '.cache', name), { recursive: true, force: true });
  process.exit(passed ? 0 : 1);
}

ensureTools();
const all = testFiles('test');
const inEditor = all.filter((file) => file.startsWith(join('test', 'e2e')));
const plain = all.filter((file) => !inEditor.includes(file));
const steps = [
  ['types, lint and format', check],
  ['build', () => buildAll().then(() => true)],
  ['tests in Node', () => runTests(plain, 'tests', 2)],
  ['tests in a real editor', () => runTests(inEditor, 'tests-e2e', 1)],
];
const failed = [];
for (const [title, step] of steps) {
  console.log(`\n== ${title} ==`);
  if (!(await step())) failed.push(title);
}
if (failed.length > 0) {
  console.error(`\nFailed: ${failed.join(', ')}`);
  process.exit(1);
}
