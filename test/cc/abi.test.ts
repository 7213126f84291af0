/**
 * The calling convention and structure layout, in both directions: functions compiled by one compiler are called by code
 * compiled by the other. One C text holds callees and callers; a macro picks which half is compiled.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeObject } from '../../emulator/cc/elf/write';
import { mustCompile, root, userOptions } from './native';
import { execute, needs, run, scratch } from './toolchain';

const source = join(root, 'test', 'cc', 'abi', 'both.c');

function ours(half: string, output: string): void {
  const options = { ...userOptions(), defines: { [half]: '1' } };
  writeFileSync(output, writeObject(mustCompile(source, options)));
}

function theirs(half: string, output: string): void {
  run('gcc', ['-w', '-c', '-O1', '-fno-pie', '-mgeneral-regs-only', `-D${half}`, source, '-o', output]);
}

const sides = { ours, gcc: theirs };

for (const callees of ['ours', 'gcc'] as const) {
  for (const callers of ['ours', 'gcc'] as const) {
    test(`callers by ${callers}, callees by ${callees}`, needs('gcc'), () => {
      const directory = scratch();
      const inputs = [join(directory, 'callees.o'), join(directory, 'callers.o')];
      sides[callees]('CALLEES', inputs[0]);
      sides[callers]('CALLERS', inputs[1]);
      run('gcc', ['-no-pie', ...inputs, '-o', join(directory, 'program')]);
      assert.deepEqual(execute(join(directory, 'program')), { code: 0, output: '' });
    });
  }
}
