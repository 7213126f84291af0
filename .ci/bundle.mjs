// What every esbuild bundle of this project shares: the simulated kernel's C files become a module, `kernel-sources`.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Every file below `directory` whose name ends in .c, .h, .S or .lds, as [path below it with '/', text], sorted by path. */
export function sourceTree(directory) {
  const entries = [];
  const walk = (path) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const child = join(path, entry.name);
      if (entry.isDirectory()) walk(child);
      else if (/\.(c|h|S|lds)$/.test(entry.name)) {
        entries.push([relative(directory, child).split(sep).join('/'), readFileSync(child, 'utf8')]);
      }
    }
  };
  walk(directory);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** esbuild plugin: `import { kernelSources } from 'kernel-sources'` is a ReadonlyMap<path, text> of emulator/linux. */
function kernelSources(root) {
  return {
    name: 'kernel-sources',
    setup(build) {
      build.onResolve({ filter: /^kernel-sources$/ }, () => ({
        path: 'kernel-sources',
        namespace: 'kernel-sources',
      }));
      build.onLoad({ filter: /.*/, namespace: 'kernel-sources' }, () => ({
        contents: `export const kernelSources = new Map(${JSON.stringify(sourceTree(join(root, 'emulator', 'linux')))});`,
        loader: 'js',
      }));
    },
  };
}

/** Options common to all bundles; callers add entry points, outputs and minification. */
export function esbuildOptions(root) {
  return {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'es2022',
    external: ['vscode', 'playwright-core', 'esbuild'],
    plugins: [kernelSources(root)],
  };
}

/** Options for the debug adapter in a web worker (adapter/worker/main.ts): no Node at all. */
export function workerOptions(root) {
  return {
    ...esbuildOptions(root),
    platform: 'browser',
    format: 'iife',
    entryPoints: ['adapter/worker/main.ts'],
    alias: { events: join(root, 'adapter', 'worker', 'events.ts') },
  };
}
