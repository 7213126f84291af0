/**
 * The article's second listing, unchanged: it counts do_sys_open and prints regs->di with %s, which is really the
 * directory descriptor: the machine must print (efault) and go on.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listing, runModule } from './module';

test('listing 2: counts the opens, and an unreadable string does not stop the machine', () => {
  const { log, failed } = runModule('article2', listing(2));
  assert.equal(failed, undefined, log.join('\n'));
  const opens = log.filter((line) => line.startsWith('do_sys_open called with filename='));
  assert.ok(opens.length >= 4, log.join('\n'));
  for (const line of opens)
    assert.match(line, /^do_sys_open called with filename=\(efault\), flags=[0-9a-f]+$/);
  assert.deepEqual(
    log.filter((line) => /^kprobe (un)?registered$/.test(line)),
    ['kprobe registered', 'kprobe unregistered'],
  );
  assert.ok(log.includes(`do_sys_open called ${opens.length} times`), log.join('\n'));
});
