/**
 * The linker and the ELF reader and writer, held against gcc's objects: linked by us, they run on this machine.
 */
import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readExecutable, readObject } from '../../emulator/cc/elf/read';
import { writeExecutable, writeObject } from '../../emulator/cc/elf/write';
import { link } from '../../emulator/cc/link';
import type { ObjectFile } from '../../emulator/cc/object';
import { execute, gccObject, needs, run, scratch } from './toolchain';

const START = `
extern int main(void);
void _start(void) {
  __asm__ volatile("andq $-16, %rsp\\n call main\\n mov %eax, %edi\\n mov $60, %eax\\n syscall");
}`;

function objects(...sources: string[]): ObjectFile[] {
  return sources.map((source, index) => readObject(gccObject(source), `unit${index}.o`));
}

function runLinked(inputs: ObjectFile[]): number {
  const { image, errors } = link(inputs, { name: 'a.out', base: 0x400000n, entry: '_start' });
  assert.deepEqual(errors, []);
  assert.ok(image);
  const path = join(scratch(), 'a.out');
  writeFileSync(path, writeExecutable(image));
  chmodSync(path, 0o755);
  return execute(path).code;
}

test(
  'objects of gcc linked by us run: data, bss, common, weak, local and absolute references',
  needs('gcc'),
  () => {
    const a = `
    extern int table[]; extern int add(int, int); extern int maybe(void) __attribute__((weak));
    __attribute__((weak)) int which(void) { return 1; }
    static int local = 5; int zeroed[100]; int *pointer = &table[2];
    int main(void) {
      if (maybe) return 1;
      if (which() != 2) return 2;
      if (*pointer != 30) return 3;
      for (int i = 0; i < 100; i++) if (zeroed[i]) return 4;
      return add(local, table[1]);
    }`;
    const b = `
    int table[3] = {10, 20, 30}; static int local = 7;
    int which(void) { return 2; }
    int add(int x, int y) { return x + y + local; }`;
    assert.equal(runLinked(objects(START, a, b)), 32);
  },
);

test('__start_ and __stop_ symbols bound a section collected from several objects', needs('gcc'), () => {
  const entry = (value: number): string =>
    `static const int entry __attribute__((section("entries"), used)) = ${value};`;
  const main = `extern const int __start_entries[], __stop_entries[];
    int main(void) { int sum = 0; for (const int *p = __start_entries; p < __stop_entries; p++) sum += *p; return sum; }`;
  assert.equal(runLinked(objects(START, main, entry(3), entry(4), entry(10))), 17);
});

test('every unresolved name and every double definition is reported at once', needs('gcc'), () => {
  const inputs = objects(
    'extern int one(void), two(void); int both; int f(void) { return one() + two(); }',
    'int both = 1; int f(void) { return 0; }',
  );
  const { image, errors } = link(inputs, { name: 'x', base: 0x400000n });
  assert.equal(image, undefined);
  assert.ok(errors.some((error) => error.startsWith('multiple definition of "f"')));
  assert.ok(errors.includes('Unknown symbol one'));
  assert.ok(errors.includes('Unknown symbol two'));
});

test('a reference that does not fit its field is an error, not a wrong value', needs('gcc'), () => {
  const inputs = objects('extern char far_away[]; char *f(void) { return far_away; }');
  const { errors } = link(inputs, {
    name: 'm',
    base: 0x400000n,
    externals: (name) => (name === 'far_away' ? 0x123456789abcn : undefined),
  });
  assert.equal(errors.length, 1);
  assert.match(errors[0], /relocation .* against "far_away" overflows/);
});

test(
  'an object written back is what it was: gcc links it, readelf finds no fault',
  needs('gcc', 'readelf'),
  () => {
    const directory = scratch();
    const source =
      'int data[2] = {40, 2}; int zero; int *p = &data[1]; int main(void) { return data[0] + *p + zero; }';
    const path = join(directory, 'again.o');
    writeFileSync(path, writeObject(readObject(gccObject(source), 'a.o')));
    assert.doesNotMatch(run('readelf', ['-a', '-W', path]), /[Ww]arning|[Ee]rror/);
    run('gcc', ['-no-pie', path, '-o', join(directory, 'program')]);
    assert.equal(execute(join(directory, 'program')).code, 42);
  },
);

test('a static executable is read back with its symbols and entry', needs('gcc'), () => {
  const { image } = link(objects(START, 'int counter = 9; int main(void) { return counter; }'), {
    name: 'a.out',
    base: 0x400000n,
    entry: '_start',
  });
  assert.ok(image);
  const again = readExecutable(writeExecutable(image), 'a.out');
  assert.equal(again.base, image.base);
  assert.equal(again.entry, image.entry);
  assert.equal(
    again.symbols.find((symbol) => symbol.name === 'counter')?.offset,
    image.symbols.find((symbol) => symbol.name === 'counter')?.offset,
  );
  assert.deepEqual(again.bytes.subarray(0, image.bytes.length), image.bytes);
});

test('malformed files are refused with a reason', () => {
  assert.throws(() => readObject(new Uint8Array(10), 'x'), /not an ELF file/);
  const bytes = new Uint8Array(64);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  assert.throws(() => readObject(bytes, 'x'), /not an x86-64 ELF file/);
});
