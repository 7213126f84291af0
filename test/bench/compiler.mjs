// Bundles and runs compiler.ts: node test/bench/compiler.mjs
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { esbuildOptions } from '../../.ci/bundle.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const outfile = join(root, '.cache', 'bench', 'compiler.cjs');
await build({
  ...esbuildOptions(root),
  entryPoints: ['test/bench/compiler.ts'],
  outfile,
  logLevel: 'warning',
});
const env = { ...process.env, KPROBE_LAB_ROOT: root };
process.exit(spawnSync(process.execPath, [outfile], { stdio: 'inherit', env }).status ?? 1);
