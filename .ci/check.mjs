// Types, lint and format in one go: what CI refuses. `node .ci/check.mjs` prints nothing of its own when all is well.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './setup.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Runs the type checker and Biome; returns true when both are content. */
export async function check() {
  await ensureInstalled(root);
  const run = (script, ...words) =>
    spawnSync(process.execPath, [join(root, 'node_modules', script), ...words], {
      cwd: root,
      stdio: 'inherit',
    }).status === 0;
  const types = run('typescript/bin/tsc', '--project', '.');
  const style = run('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.');
  return types && style;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit((await check()) ? 0 : 1);
