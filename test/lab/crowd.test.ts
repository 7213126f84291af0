/**
 * 100,000 probes at once: armed, a fifth of them hit, removed; one by one and by one call, with post handlers and without.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernelSources } from 'kernel-sources';
import { runModule } from './module';

const SOURCE = kernelSources.get('samples/kprobes/probe_crowd.c') ?? '';

for (const parameters of [['batch=1'], ['batch=0', 'post=1']]) {
  test(`100,000 probes are armed at once (${parameters.join(' ')})`, () => {
    const { log, failed } = runModule('probe_crowd', SOURCE, {
      parameters: ['count=100000', ...parameters],
      limit: 3_000_000_000,
    });
    assert.equal(failed, undefined, log.slice(-5).join('\n'));
    assert.deepEqual(
      log.filter((line) => /registering|registered|hits/.test(line)),
      ['registering', 'registered: 0', 'hits: 20000', 'unregistered', 'hits: 0'],
    );
  });
}
