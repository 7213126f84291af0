/**
 * Language features, one self-checking C file each: compiled by us (with and without optimisation) and by gcc, run on this
 * machine. A file that gcc fails would be a wrong test.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { mustCompile, root, runWithGcc, userOptions } from './native';
import { execute, needs, run, scratch } from './toolchain';

const directory = join(root, 'test', 'cc', 'features');
const files = readdirSync(directory).filter((name) => name.endsWith('.c'));

for (const name of files) {
  const path = join(directory, name);
  test(`${name} holds with gcc`, needs('gcc'), () => {
    const program = join(scratch(), 'program');
    run('gcc', ['-w', '-std=gnu11', '-O1', '-no-pie', '-mgeneral-regs-only', path, '-o', program]);
    assert.deepEqual(execute(program), { code: 0, output: '' });
  });
  for (const optimize of [true, false]) {
    test(`${name} holds with our compiler, ${optimize ? 'optimised' : 'plain'}`, needs('gcc'), () => {
      const object = mustCompile(path, userOptions([directory], optimize));
      assert.deepEqual(runWithGcc(object), { code: 0, output: '' });
    });
  }
}
