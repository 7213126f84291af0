/** Error names and numbers against the C library of the machine the tests run on. */
import assert from 'node:assert/strict';
import { constants } from 'node:os';
import { test } from 'node:test';
import { errno, errnoName, errnoTable, errnoText } from '../../emulator/kernel/errno';

test('numbers are those of this Linux', { skip: process.platform === 'linux' ? false : 'not Linux' }, () => {
  let compared = 0;
  for (const [number, name] of errnoTable()) {
    const known = (constants.errno as Readonly<Record<string, number | undefined>>)[name];
    if (known === undefined) continue;
    assert.equal(number, known, name);
    compared++;
  }
  assert.ok(compared > 60, `only ${compared} names compared`);
});

test('names and texts of either sign', () => {
  assert.equal(errnoName(-84), 'EILSEQ');
  assert.equal(errnoText(-84), 'Invalid or incomplete multibyte or wide character');
  assert.equal(errnoText(2), 'No such file or directory');
  assert.equal(errno('EOPNOTSUPP'), 95);
  assert.equal(errnoName(9999), '9999');
  assert.throws(() => errno('ENOPE'));
});
