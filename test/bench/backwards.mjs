// Bundles and runs backwards.ts: node test/bench/backwards.mjs
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { esbuildOptions } from '../../.ci/bundle.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const outfile = join(root, '.cache', 'bench', 'backwards.cjs');
await build({
  ...esbuildOptions(root),
  entryPoints: ['test/bench/backwards.ts'],
  outfile,
  logLevel: 'warning',
});
const env = { ...process.env, KPROBE_LAB_ROOT: root };
process.exit(spawnSync(process.execPath, [outfile], { stdio: 'inherit', env }).status ?? 1);
