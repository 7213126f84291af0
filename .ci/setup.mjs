// Makes a fresh clone ready, with nothing but Node: installs the locked packages when they are missing or stale.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Runs `npm ci` unless node_modules already holds what package-lock.json asks for. Exits with npm's code on failure. */
export async function ensureInstalled(root) {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) {
    console.error(`Kprobe Lab needs Node 20 or later; this is ${process.version}.`);
    process.exit(1);
  }
  const stamp = join(root, '.cache', 'installed');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const have = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
  if (have === wanted && existsSync(join(root, 'node_modules', 'esbuild'))) return;
  console.log('Installing the locked packages (npm ci) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const run = spawnSync(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (run.status !== 0) {
    console.error('npm ci failed: is the npm registry reachable?');
    process.exit(run.status ?? 1);
  }
  mkdirSync(join(root, '.cache'), { recursive: true });
  writeFileSync(stamp, wanted);
}
