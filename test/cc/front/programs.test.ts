/**
 * Whole programs: what they print when our compiler made them is what they print when gcc did.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { mustCompile, root, runWithGcc, userOptions } from '../native';
import { gcc, withoutGcc } from './support';

const folder = join(root, 'test/cc/front/programs');

for (const name of readdirSync(folder)) {
  for (const optimize of [true, false]) {
    test(`${name}, ${optimize ? 'optimised' : 'plain'}`, { skip: withoutGcc }, () => {
      const path = join(folder, name);
      const expected = gcc(readFileSync(path, 'utf8'), ['-w', '-O1'], true);
      const result = runWithGcc(mustCompile(path, userOptions([], optimize)));
      assert.equal(result.output, expected);
    });
  }
}
