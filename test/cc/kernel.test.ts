/**
 * The whole kernel through the compiler and the linker: it builds without an error, Debian's tools accept the image with
 * its DWARF, and addr2line finds every function where our own tables have it.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { kernelSources } from 'kernel-sources';
import { formatDiagnostic } from '../../emulator/cc/diagnostic';
import { writeExecutable } from '../../emulator/cc/elf/write';
import type { Image } from '../../emulator/cc/image';
import { DebugIndex } from '../../emulator/cc/lookup';
import { BuildCache, buildKernel } from '../../emulator/kernel/build';
import { kernelConfig } from '../../emulator/kernel/config';
import { needs, run, scratch } from './toolchain';

let built: Image | undefined;

function kernel(): Image {
  if (!built) {
    const { image, diagnostics, linkErrors } = buildKernel(
      kernelSources,
      kernelConfig('lab', {}).config,
      new BuildCache(),
    );
    const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
    assert.deepEqual(
      errors.map((error) => formatDiagnostic(error)),
      [],
    );
    assert.deepEqual(linkErrors, []);
    assert.ok(image);
    built = image;
  }
  return built;
}

function vmlinux(): string {
  const path = join(scratch(), 'vmlinux');
  writeFileSync(path, writeExecutable(kernel()));
  return path;
}

test('the kernel compiles and links', () => {
  const image = kernel();
  assert.ok(image.debug.functions.length > 1000);
  assert.ok(image.symbols.some((symbol) => symbol.name === 'do_sys_open' && symbol.letter === 'T'));
});

test('llvm-dwarfdump and readelf accept vmlinux', needs('llvm-dwarfdump', 'readelf'), () => {
  const path = vmlinux();
  assert.match(run('llvm-dwarfdump', ['--verify', path]), /No errors/);
  assert.equal(run('sh', ['-c', `readelf -SslW '${path}' 2>&1 >/dev/null`]), '');
});

test('addr2line finds every function of vmlinux where our tables have it', needs('addr2line'), () => {
  const image = kernel();
  const index = new DebugIndex(image);
  const functions = image.debug.functions.filter((fn) => fn.size > 0);
  const addresses = functions.map((fn) => (image.base + BigInt(fn.start)).toString(16));
  const told = run('addr2line', ['-f', '-e', vmlinux()], { input: `${addresses.join('\n')}\n` })
    .trim()
    .split('\n');
  functions.forEach((fn, at) => {
    assert.equal(told[at * 2], fn.name);
    const line = index.lineAt(fn.start);
    const place = told[at * 2 + 1].replace(/ \(.*/, '').replace(/^(\.\/)+/, '');
    assert.equal(place, `${line?.file}:${line?.line}`, fn.name);
  });
});

test('every stack frame of the kernel is small', () => {
  const image = kernel();
  for (const fn of image.debug.functions) {
    const deepest = Math.max(
      0,
      ...fn.variables.flatMap((variable) =>
        variable.locations.map(({ location }) => (location.kind === 'frame' ? -location.offset : 0)),
      ),
    );
    assert.ok(deepest < 2048, `${fn.name} has a variable ${deepest} bytes below its frame's top`);
  }
});
