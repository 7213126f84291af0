/**
 * Random programs: what csmith generates, compiled by us, must print the checksum that gcc's build prints.
 *
 * CSMITH_SEED is the first seed (printed; a fixed one by default, 'fresh' takes the clock's: the long mode),
 * CSMITH_COUNT how many. csmith's own headers are used from where Debian puts them, cut down to their integer part in a
 * scratch directory.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeObject } from '../../emulator/cc/elf/write';
import { integerHeaders } from './csmithHeaders';
import { mustCompile, root, userOptions } from './native';
import { execute, needs, run, scratch } from './toolchain';

/** The first seed of every run without CSMITH_SEED: a landing must not depend on the hour. */
const USUAL_SEED = 477_003;

const wanted = process.env.CSMITH_SEED ?? String(USUAL_SEED);
const first = wanted === 'fresh' ? Math.floor(Date.now() / 1000) % 1_000_000 : Number(wanted);
const count = Number(process.env.CSMITH_COUNT ?? (process.env.CI === 'true' ? 200 : 12));
const flags = ['--no-float', '--no-argc', '--max-funcs', '6', '--max-block-depth', '3'];

test(`csmith programs from seed ${first} give gcc's checksums`, needs('gcc', 'csmith'), (context) => {
  context.diagnostic(`CSMITH_SEED=${first} CSMITH_COUNT=${count}`);
  const headers = integerHeaders();
  const system = join(root, 'test', 'cc', 'csmith');
  let compared = 0;
  for (let seed = first; seed < first + count; seed++) {
    const directory = scratch();
    const source = join(directory, 'program.c');
    writeFileSync(source, run('csmith', [...flags, '--seed', String(seed)], { cwd: directory }));
    const theirs = join(directory, 'theirs');
    run('gcc', ['-w', '-O1', '-mgeneral-regs-only', `-I${headers}`, source, '-o', theirs]);
    const expected = execute(theirs, [], 5000);
    if (expected.code !== 0) continue;
    const object = join(directory, 'ours.o');
    writeFileSync(object, writeObject(mustCompile(source, userOptions([headers, system]))));
    const ours = join(directory, 'ours');
    run('gcc', ['-no-pie', object, '-o', ours]);
    assert.deepEqual(execute(ours, [], 60000), expected, `seed ${seed}`);
    compared++;
  }
  context.diagnostic(`${compared} of ${count} programs ended in time and were compared`);
  assert.ok(compared > 0);
});
