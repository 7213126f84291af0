/** The command line's grammar: kernel choices, own options, and mistakes that are named. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCommandLine, UsageError, values } from '../../adapter/cli/arguments';

test('the kernel is chosen alike for every command, before or behind it', () => {
  for (const words of [
    ['--profile', 'distribution', 'run', 'm.c', '--cpus=4', '--config', 'CONFIG_OPTPROBES=n'],
    ['run', '--config=CONFIG_OPTPROBES=n', 'm.c', '--cpus', '4', '--profile=distribution'],
  ]) {
    const line = parseCommandLine(words);
    assert.deepEqual(line.words, ['m.c']);
    assert.deepEqual(line.kernel, { profile: 'distribution', config: { CONFIG_OPTPROBES: 'n' }, cpus: 4 });
  }
});

test('options of a command may repeat and be attached', () => {
  const line = parseCommandLine(['run', 'm.c', '--param', 'a=1', '--param=b=2', '--sh', 'cat /etc/motd']);
  assert.deepEqual(values(line, '--param'), ['a=1', 'b=2']);
  assert.deepEqual(values(line, '--sh'), ['cat /etc/motd']);
  assert.deepEqual(values(parseCommandLine(['cc', '-Iinclude', '-DX=1', 'a.c', '-S']), '-I'), ['include']);
});

test('what stands behind a program belongs to the program', () => {
  const line = parseCommandLine(['exec', '-D', 'N=3', 'p.c', '--cpus', '-x', '--']);
  assert.deepEqual(line.words, ['p.c', '--cpus', '-x', '--']);
  assert.equal(line.kernel.cpus, undefined);
});

test('mistakes are named', () => {
  const message = (words: string[]) => {
    try {
      parseCommandLine(words);
    } catch (error) {
      assert.ok(error instanceof UsageError);
      return error.message;
    }
    return 'accepted';
  };
  assert.equal(message([]), 'no command is given');
  assert.equal(message(['fly']), "unknown command 'fly'");
  assert.equal(message(['run', '--fast', 'm.c']), 'run has no option --fast');
  assert.equal(message(['run', '--cpus', 'two']), "--cpus needs a number, not 'two'");
  assert.equal(message(['run', '--profile', 'x']), "--profile is lab or distribution, not 'x'");
  assert.equal(message(['run', '--config', 'OPTPROBES']), "--config needs NAME=VALUE, not 'OPTPROBES'");
  assert.equal(message(['cc', '-o']), '-o needs a value');
});
