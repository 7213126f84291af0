/** Each miss, each skipped handler and each probe that does not become a jump has its reason, in Linux's words and in a sentence. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProbeInfo } from '../../emulator/kprobes/types';
import { fixture, runModule } from './module';

test('every probe says what it missed, skipped and why it is no jump', () => {
  let probes: ProbeInfo[] = [];
  const { log, failed, events } = runModule('reasons', fixture('reasons.c'), {
    cpus: 1,
    prepare: (lab) =>
      lab.onEvent((event) => {
        if (event.kind === 'console' && event.record.text === 'look') probes = lab.kprobes.list();
      }),
  });
  assert.equal(failed, undefined, log.join('\n'));
  const said = (symbol: string, kind: ProbeInfo['kind'] = 'kprobe') =>
    probes
      .filter((probe) => probe.symbol === symbol && probe.kind === kind)
      .flatMap((probe) =>
        probe.reasons
          .filter((reason) => reason.kind !== 'notOptimised')
          .map(({ linux, sentence, count }) => `${count} ${linux}: ${sentence}`),
      );
  assert.deepEqual(said('inner'), ['2 nmissed: missed: another kprobe was running on CPU 0']);
  assert.deepEqual(said('nested', 'kretprobe'), [
    '4 nmissed: missed: all 2 instances are in use (maxactive)',
  ]);
  assert.deepEqual(said('outer', 'kretprobe'), [
    "2 entry_handler != 0: skipped: its entry handler returned non-zero, so these calls' returns were not probed",
  ]);
  assert.deepEqual(said('answer'), [
    '1 pre_handler != 0: skipped: its pre handler returned non-zero, so the instruction, older probes and post handlers did not run',
    '1 nmissed: missed: probes were held off on CPU 0 (kprobe_busy_begin)',
  ]);
  const notOptimised = probes.flatMap((probe) =>
    probe.reasons
      .filter((reason) => reason.kind === 'notOptimised')
      .map((reason) => `${probe.symbol}: ${reason.sentence}`),
  );
  assert.ok(
    notOptimised.includes('answer: not optimised: a probe here has a post handler'),
    notOptimised.join('\n'),
  );
  const missed = events.filter((event) => event.kind === 'probe' && event.event.kind === 'missed');
  assert.equal(missed.length, 2 + 4 + 1);
});
