/**
 * 100,000 probes at once: armed by one call, a fifth of them hit, removed; and 20,000 with post handlers, one by one.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernelSources } from 'kernel-sources';
import { runModule } from './module';

const SOURCE = kernelSources.get('samples/kprobes/probe_crowd.c') ?? '';

for (const parameters of [
  ['count=100000', 'batch=1'],
  ['count=20000', 'post=1'],
]) {
  test(`very many probes are armed at once (${parameters.join(' ')})`, () => {
    const { log, failed } = runModule('probe_crowd', SOURCE, {
      parameters,
      limit: 3_000_000_000,
    });
    assert.equal(failed, undefined, log.slice(-5).join('\n'));
    assert.deepEqual(
      log.filter((line) => /registering|registered|hits/.test(line)),
      ['registering', 'registered: 0', 'hits: 20000', 'unregistered', 'hits: 0'],
    );
  });
}
