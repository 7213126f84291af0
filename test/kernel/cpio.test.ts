/** The initial file system's archive, judged by the system's own cpio. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { packCpio } from '../../emulator/kernel/cpio';

const bytes = (text: string) => new TextEncoder().encode(text);

test('records are newc, with directories before their files and a trailer', () => {
  const archive = packCpio([
    { path: '/b/c/file', data: bytes('hello'), mode: 0o755 },
    { path: '/a', data: bytes('') },
  ]);
  const names: string[] = [];
  const text = new TextDecoder('latin1').decode(archive);
  for (let at = 0; at < text.length; ) {
    assert.equal(text.slice(at, at + 6), '070701');
    const field = (index: number) => Number.parseInt(text.slice(at + 6 + index * 8, at + 14 + index * 8), 16);
    const nameSize = field(11);
    names.push(`${text.slice(at + 110, at + 109 + nameSize)} ${field(1).toString(8)}`);
    const dataStart = (at + 110 + nameSize + 3) & ~3;
    at = (dataStart + field(6) + 3) & ~3;
  }
  assert.deepEqual(names, ['a 100644', 'b 40755', 'b/c 40755', 'b/c/file 100755', 'TRAILER!!! 0']);
});

const reason = hasCpio() ? false : 'no cpio on this machine';
if (reason && process.env.CI === 'true') throw new Error(`in CI nothing may skip: ${reason}`);

test('the system cpio lists it', { skip: reason }, () => {
  const archive = packCpio([{ path: '/x/y', data: bytes('12345') }]);
  const run = spawnSync('cpio', ['-t', '--quiet'], { input: archive, encoding: 'utf8' });
  assert.equal(run.stdout, 'x\nx/y\n');
});

function hasCpio(): boolean {
  return spawnSync('cpio', ['--version']).status === 0;
}
