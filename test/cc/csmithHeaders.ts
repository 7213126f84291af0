/** csmith's headers for machines without floating point. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from './toolchain';

/** A directory with Debian's csmith headers without their floating-point half. */
export function integerHeaders(): string {
  const found = [
    '/usr/include/csmith',
    ...readdirSync('/usr/include')
      .filter((n) => n.startsWith('csmith-'))
      .map((n) => `/usr/include/${n}`),
  ].find((path) => existsSync(join(path, 'csmith.h')));
  assert.ok(found, 'the headers of libcsmith-dev are not installed');
  const directory = scratch();
  cpSync(found, directory, { recursive: true });
  const lines = readFileSync(join(directory, 'safe_math.h'), 'utf8').split('\n');
  const kept = lines.slice(
    0,
    lines.findIndex((line) => line.includes('STATIC float')),
  );
  const depth = kept.reduce(
    (open, line) => open + Number(/^\s*#\s*if/.test(line)) - Number(/^\s*#\s*endif/.test(line)),
    0,
  );
  writeFileSync(join(directory, 'safe_math.h'), `${kept.join('\n')}\n${'#endif\n'.repeat(depth)}`);
  const main = readFileSync(join(directory, 'csmith.h'), 'utf8');
  writeFileSync(join(directory, 'csmith.h'), main.replace(/#include <(float|math)\.h>/g, ''));
  return directory;
}
