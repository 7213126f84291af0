/**
 * What a build compiles again: a unit whose own text, headers or options changed, and nothing else; and that a kernel of
 * remembered units is, byte for byte, the kernel that one would compile from nothing.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { diskCache } from '../../adapter/image-store';
import type { Image } from '../../emulator/cc/image';
import { BuildCache, buildKernel } from '../../emulator/kernel/build';
import { kernelConfig } from '../../emulator/kernel/config';

const directory = mkdtempSync(join(tmpdir(), 'kprobe-lab-build-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const { config } = kernelConfig('lab', {});

/** A kernel of three units; two of them read a header, the third one looks for one beside itself first. */
function sources(changes: Readonly<Record<string, string>> = {}): Map<string, string> {
  return new Map(
    Object.entries({
      'include/linux/count.h': 'struct count { int value; };\nextern struct count total;\n',
      'include/local.h': '#define STEP 1\n',
      'init/main.c':
        '#include <linux/count.h>\nstruct count total = { 3 };\nint main(void) { return total.value; }\n',
      'kernel/add.c': '#include <linux/count.h>\nvoid add(int by) { total.value += by; }\n',
      'lib/step.c': '#include "local.h"\nvoid add(int);\nvoid step(void) { add(STEP); }\n',
      ...changes,
    }),
  );
}

function build(
  cache: BuildCache,
  changes?: Readonly<Record<string, string>>,
): { compiled: number; image: Image } {
  const { image, compiled, diagnostics, linkErrors } = buildKernel(sources(changes), config, cache);
  assert.deepEqual([...diagnostics, ...linkErrors], []);
  assert.ok(image);
  return { compiled, image };
}

test('a change in a unit costs that unit, a change in a header the units that read it', () => {
  const cache = new BuildCache();
  assert.equal(build(cache).compiled, 3);
  assert.equal(build(cache).compiled, 0);
  assert.equal(build(cache, { 'kernel/add.c': 'void add(int by) { (void)by; }\n' }).compiled, 1);
  const header = 'struct count { long value; };\nextern struct count total;\n';
  assert.equal(build(cache, { 'include/linux/count.h': header }).compiled, 2);
});

test('a header that appears where it is looked for first makes its units stale', () => {
  const cache = new BuildCache();
  build(cache);
  const { compiled, image } = build(cache, { 'lib/local.h': '#define STEP 2\n' });
  assert.equal(compiled, 1);
  assert.deepEqual(image, build(new BuildCache(), { 'lib/local.h': '#define STEP 2\n' }).image);
});

test('another configuration compiles everything', () => {
  const cache = new BuildCache();
  build(cache);
  const other = kernelConfig('lab', { HZ: '1000' });
  assert.deepEqual(other.problems, []);
  assert.equal(buildKernel(sources(), other.config, cache).compiled, 3);
});

test('units of another process are found on disk and make the same kernel', () => {
  const changed = {
    'lib/step.c': '#include "local.h"\nvoid add(int);\nvoid step(void) { add(STEP + 1); }\n',
  };
  build(diskCache(directory, 'v1'));
  const later = build(diskCache(directory, 'v1'), changed);
  assert.equal(later.compiled, 1);
  assert.deepEqual(later.image, build(new BuildCache(), changed).image);
  assert.equal(
    build(diskCache(directory, 'v2'), changed).compiled,
    3,
    'another compiler trusts none of them',
  );
});

test('a damaged file is as good as none', () => {
  const units = join(directory, 'units');
  for (const name of readdirSync(units)) writeFileSync(join(units, name), 'x');
  for (const name of readdirSync(directory).filter((each) => each.endsWith('.image')))
    writeFileSync(join(directory, name), 'x');
  const { compiled, image } = build(diskCache(directory, 'v1'));
  assert.equal(compiled, 3);
  assert.deepEqual(image, build(new BuildCache()).image);
});
