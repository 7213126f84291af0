/** A module that does not stay leaves no page behind: refused, failed in init, or loaded and unloaded many times. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Session, transcripts } from './transcript';

const ROUNDS = 20;

describe('pages after modules that came and went', () => {
  const all = transcripts('test/linux/modules/loader');
  const session = Session.boot(all, 2);
  const { console } = session;

  /** Free memory in KiB, by the kernel's own count. */
  const free = () => Number(/MemFree: +(\d+) kB/.exec(console.run('cat /proc/meminfo'))?.[1]);
  const repeat = (line: string) =>
    console.run(`i=0; while [ $i -lt ${ROUNDS} ]; do ${line}; i=$((i+1)); done > /dev/null 2>&1; true`);

  for (const [what, line] of [
    ['an unresolved symbol', 'insmod /root/importer.ko'],
    ['a bad parameter', 'insmod /root/params.ko number=many'],
    ['an init function that fails', 'insmod /root/states.ko fail=19'],
    ['loading and unloading, with per-CPU variables', 'insmod /root/exporter.ko; rmmod exporter'],
    ['a dependency', 'modprobe importer; modprobe -r importer'],
  ] as const) {
    it(what, () => {
      repeat(line); // the caches of the slab fill
      const before = free();
      repeat(line);
      const lost = before - free();
      assert.ok(lost < 4 * ROUNDS, `${lost} KiB are gone after ${ROUNDS} rounds of: ${line}`);
    });
  }
});
