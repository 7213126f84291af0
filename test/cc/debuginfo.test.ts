/**
 * Debug information, judged by Debian's tools: gdb must show the same frames, lines and values in our optimised code as in
 * gcc's unoptimised code; llvm-dwarfdump, readelf and objdump must accept what we write; and our own DebugIndex must say
 * what they say.
 */
import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeExecutable, writeObject } from '../../emulator/cc/elf/write';
import { link } from '../../emulator/cc/link';
import { DebugIndex } from '../../emulator/cc/lookup';
import { mustCompile, root, userOptions } from './native';
import { needs, run, scratch } from './toolchain';

const directory = join(root, 'test', 'cc', 'debug');
const source = join(directory, 'watch.c');

function stops(program: string): string[] {
  const output = run('gdb', ['-batch', '-nx', '-x', join(directory, 'watch.py'), program]);
  return output.split('\n').filter((line) => line.startsWith('STOP'));
}

test('gdb sees the same frames, lines and values as in code of gcc -O0', needs('gcc', 'gdb'), () => {
  const place = scratch();
  const [ours, theirs, object] = ['ours', 'theirs', 'ours.o'].map((name) => join(place, name));
  writeFileSync(object, writeObject(mustCompile(source, userOptions())));
  run('gcc', ['-no-pie', object, '-o', ours]);
  run('gcc', ['-g', '-O0', '-fno-pie', '-no-pie', source, '-o', theirs]);
  const expected = stops(theirs);
  assert.ok(expected.length > 80);
  assert.deepEqual(stops(ours), expected);
});

function linked(): { path: string; index: DebugIndex } {
  const start = `void _start(void) { int main(void); main(); for (;;) ; }`;
  const files = { read: (path: string) => (path === 'start.c' ? start : undefined) };
  const objects = [mustCompile('start.c', userOptions(), files), mustCompile(source, userOptions())];
  const { image, errors } = link(objects, { name: 'watch', base: 0x400000n, entry: '_start' });
  assert.deepEqual(errors, []);
  assert.ok(image);
  const path = join(scratch(), 'watch');
  writeFileSync(path, writeExecutable(image));
  chmodSync(path, 0o755);
  return { path, index: new DebugIndex(image) };
}

test(
  'llvm-dwarfdump and readelf accept objects and executables without a complaint',
  needs('llvm-dwarfdump', 'readelf'),
  () => {
    const { path } = linked();
    const features = join(root, 'test', 'cc', 'features');
    const objects = ['structs', 'control', 'inlining', 'bitfields', 'asm'].map((name) => {
      const object = join(scratch(), `${name}.o`);
      writeFileSync(object, writeObject(mustCompile(join(features, `${name}.c`), userOptions([features]))));
      return object;
    });
    for (const file of [path, ...objects]) {
      assert.match(run('llvm-dwarfdump', ['--verify', file]), /No errors/);
      const dump = run('sh', ['-c', `readelf -aw '${file}' 2>&1 >/dev/null`]);
      assert.equal(dump, '', `readelf on ${file}`);
    }
  },
);

test('addr2line agrees with our line table at every instruction', needs('addr2line', 'objdump'), () => {
  const { path, index } = linked();
  const code = run('objdump', ['-d', path]);
  const addresses = [...code.matchAll(/^\s*([0-9a-f]+):\t/gm)].map((match) => Number.parseInt(match[1], 16));
  const inside = addresses.filter((address) => index.functionAt(address - 0x400000));
  assert.ok(inside.length > 200);
  const told = run('addr2line', ['-e', path, ...inside.map((address) => address.toString(16))])
    .trim()
    .split('\n');
  inside.forEach((address, at) => {
    const line = index.lineAt(address - 0x400000);
    assert.equal(
      told[at].replace(/ \(.*/, '').replace(/^(\.\/)+/, ''),
      `${line?.file}:${line?.line}`,
      address.toString(16),
    );
  });
});

test('every inlined instance of a line has an address, and its inline stack leads back to the function', () => {
  const { index } = linked();
  const instances = index.inlineInstancesOf('square');
  assert.equal(instances.length, 2);
  const line = index.functionsNamed('nested').length === 0 ? index.inlineOnlyNamed('square')[0].line + 4 : 0;
  const places = index.addressesOf(source, line);
  assert.equal(places.length, 2);
  for (const place of places) {
    const names = index.inlineStackAt(place.offset).map((frame) => frame.name);
    assert.deepEqual(names, ['square', 'nested', 'choose']);
  }
});

test('types are found by name with their members', () => {
  const { index } = linked();
  const list = index.typeByName('struct', 'list');
  assert.ok(list !== undefined);
  assert.equal(index.sizeOf(list), 16);
  assert.equal(index.member(list, 'value')?.offset, 8);
  assert.equal(index.member(list, 'nothing'), undefined);
});

test(
  'gdb, readelf and llvm-dwarfdump know the macros, where they are defined and what includes that file',
  needs('gdb', 'readelf', 'llvm-dwarfdump'),
  () => {
    const place = scratch();
    const texts: Record<string, string> = {
      'main.c':
        '#define EARLY 1\n#include "limits.h"\n#define LATE (EARLY + LIMIT(2))\nint main(void)\n{\n\treturn LATE;\n}\n',
      'limits.h': '#include "inner.h"\n#define LIMIT(n) ((n) * INNER)\n#define GONE 1\n#undef GONE\n',
      'inner.h': '#define INNER 4\n',
    };
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(place, name), text);
    const files = { read: (path: string) => texts[path] };
    const object = join(place, 'main.o');
    writeFileSync(object, writeObject(mustCompile('main.c', userOptions(), files)));
    const program = join(place, 'main');
    run('gcc', ['-no-pie', object, '-o', program]);
    const ask = (...commands: string[]) =>
      run('gdb', ['-batch', '-nx', ...commands.flatMap((command) => ['-ex', command]), program], {
        cwd: place,
      });
    const limit = ask('list main', 'info macro LIMIT');
    assert.match(
      limit,
      /Defined at \S*limits\.h:2\n\s+included at \S*main\.c:2\n#define LIMIT\(n\) \(\(n\) \* INNER\)/,
    );
    assert.match(
      ask('list main', 'info macro INNER'),
      /inner\.h:1\n\s+included at \S*limits\.h:1\n\s+included at \S*main\.c:2/,
    );
    assert.match(ask('list main', 'info macro GONE'), /has no definition/);
    assert.match(ask('break main', 'run', 'print LATE'), /\$1 = 9/);
    assert.match(run('llvm-dwarfdump', ['--verify', object]), /No errors/);
    assert.equal(run('sh', ['-c', `readelf -aw '${object}' 2>&1 >/dev/null`]), '');
  },
);
