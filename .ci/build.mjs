// Builds dist/: one bundle per process and per moment of loading.
//
//   extension.js       loaded at activation: providers only
//   languageClient.js  loaded with the first kprobe document (the client library is the costly part)
//   languageServer.js  the language server's process
//   adapter.js         the debug adapter's process, with the emulator and the simulated kernel's sources
//   cli.js             kprobe-lab, the same machine without an editor
//   kernels/           the simulated kernel, compiled, so that F5 need not
//   kernel-*.json      the simulated kernel's sources and symbols, for the editor
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './setup.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const entryPoints = {
  extension: 'extension/desktop.ts',
  languageClient: 'extension/language/client.ts',
  languageServer: 'extension/language/server/main.ts',
  adapter: 'adapter/main.ts',
  cli: 'adapter/cli.ts',
};

/** The newest modification time (ms) of a file below `path`; dist/ older than that is stale. */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** True when dist/ holds the result of the sources as they are. */
function upToDate() {
  const stamp = join(root, 'dist', '.built');
  if (!existsSync(stamp)) return false;
  const sources = ['extension', 'adapter', 'emulator', '.ci', 'package-lock.json'];
  return statSync(stamp).mtimeMs > Math.max(...sources.map((path) => newest(join(root, path))));
}

/** Compiles the simulated kernel with our compiler; its functions and symbols as JSON, for the language server. */
async function kernelSymbols(build, options) {
  const outfile = join(root, '.cache', 'kernelSymbols.cjs');
  await build({ ...options, entryPoints: ['.ci/kernelSymbols.ts'], outfile, logLevel: 'warning' });
  const run = spawnSync(process.execPath, [outfile, join(root, 'dist')], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  if (run.status !== 0) throw new Error(`the simulated kernel does not compile:\n${run.stderr}`);
  return run.stdout;
}

/** Builds dist/ unless it is up to date. Throws esbuild's error when a source does not compile. */
export async function buildAll({ force = false } = {}) {
  await ensureInstalled(root);
  if (!force && upToDate()) return;
  const { build } = await import('esbuild');
  const { esbuildOptions, sourceTree } = await import('./bundle.mjs');
  const dist = join(root, 'dist');
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  await build({
    ...esbuildOptions(root),
    entryPoints,
    outdir: 'dist',
    minify: true,
    keepNames: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  const bundles = Object.keys(entryPoints).map((name) => readFileSync(join(dist, `${name}.js`)));
  const identity = createHash('sha256');
  for (const bundle of bundles) identity.update(bundle);
  writeFileSync(join(dist, 'build-id'), identity.digest('hex'));
  writeFileSync(join(dist, 'kernel-symbols.json'), await kernelSymbols(build, esbuildOptions(root)));
  writeFileSync(
    join(dist, 'kernel-sources.json'),
    JSON.stringify(sourceTree(join(root, 'emulator', 'linux'))),
  );
  chmodSync(join(dist, 'cli.js'), 0o755);
  writeFileSync(join(dist, '.built'), '');
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await buildAll({ force: process.argv.includes('--force') });
