// The programs that tests are held against: gcc, binutils, gdb, cpio, csmith, Chromium. Installed from Debian when that is possible.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Program -> the Debian packages that bring it. */
const programs = {
  '/usr/bin/gcc': ['gcc', 'libc6-dev'],
  '/usr/bin/objdump': ['binutils'],
  '/usr/bin/gdb': ['gdb'],
  '/usr/bin/cpio': ['cpio'],
  '/usr/bin/csmith': ['csmith', 'libcsmith-dev'],
  '/usr/bin/llvm-dwarfdump': ['llvm'],
  '/usr/bin/chromium': ['chromium', 'fonts-dejavu-core'],
};

/** Installs what is missing if this is Debian and we are root; otherwise the tests that need it say so when they skip. */
export function ensureTools() {
  const missing = Object.keys(programs).filter((path) => !existsSync(path));
  if (missing.length === 0 || process.platform !== 'linux') return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.log(
      `Tests that need ${missing.join(', ')} will be skipped: not installed, and no right to install here.`,
    );
    return;
  }
  const packages = missing.flatMap((path) => programs[path]);
  console.log(`Installing ${packages.join(' ')} (apt-get) …`);
  const apt = (...words) =>
    spawnSync('apt-get', words, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  apt('update', '-qq');
  const installed = apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
  if (installed.status !== 0)
    console.log('apt-get could not install them; the tests that need them will say so.');
}
