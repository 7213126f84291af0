/**
 * Handlers that sleep, take a lock that may sleep, schedule, allocate with GFP_KERNEL or read user memory with faults: the
 * kernel reports it, the machine names the handler's line and says what to do instead (once), and everything goes on.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lab } from '../../emulator/lab';
import { fixture, runModule } from './module';

const REPORT = /^BUG: (sleeping function called from invalid context|scheduling while atomic)/;
const ADVICE = /^kprobes: the handler of the probe at do_sys_open tried to sleep.*work queue/;

for (const how of ['mutex', 'semaphore', 'kmalloc', 'copy']) {
  test(`a handler may not ${how}: reported with advice, and the machine goes on`, () => {
    const { log, failed } = runModule('sleepers', fixture('sleepers.c'), { parameters: [`how=${how}`] });
    assert.equal(failed, undefined, log.slice(-30).join('\n'));
    assert.ok(
      log.some((line) => REPORT.test(line)),
      log.join('\n'),
    );
    const advice = log.filter((line) => ADVICE.test(line));
    assert.equal(advice.length, 1, log.join('\n'));
    assert.match(advice[0], /sleepers\.c:\d+/);
    assert.ok(log.includes('3 done, 0 missed'), log.slice(-5).join('\n'));
  });
}

test('what does not sleep is not reported', () => {
  const { log, failed } = runModule('sleepers', fixture('sleepers.c'), { parameters: ['how=atomic'] });
  assert.equal(failed, undefined, log.slice(-30).join('\n'));
  assert.ok(!log.some((line) => REPORT.test(line) || ADVICE.test(line)), log.join('\n'));
  assert.ok(log.includes('3 done, 0 missed'), log.slice(-5).join('\n'));
});

for (const how of ['msleep', 'schedule'])
  test(`a handler that really goes to sleep (${how}) is reported with advice; then the preemption count is wrong`, () => {
    const log: string[] = [];
    const prepare = (lab: Lab) =>
      lab.onEvent((event) => {
        if (event.kind === 'console') log.push(event.record.text);
      });
    const run = () => runModule('sleepers', fixture('sleepers.c'), { parameters: [`how=${how}`], prepare });
    assert.throws(run, /Aiee, killing interrupt handler/);
    assert.ok(log.some((line) => line.startsWith('BUG: scheduling while atomic')));
    const advice = log.filter((line) => ADVICE.test(line));
    assert.equal(advice.length, 1, log.join('\n'));
    assert.match(advice[0], /sleepers\.c:\d+/);
  });
