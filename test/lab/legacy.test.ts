/** jprobes and fault handlers, which texts about older kernels use. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture, runModule } from './module';

test('a jprobe sees the arguments, is alone at its address, and a fault handler mends a fault', () => {
  const { log, failed } = runModule('legacy', fixture('legacy.c'));
  assert.equal(failed, undefined, log.join('\n'));
  const from = log.findIndex((line) => line.includes('there is a jprobe on target already'));
  assert.match(log[from], /\(-EEXIST\)$/);
  assert.deepEqual(log.slice(from + 1), [
    'first 0 second -17',
    'jprobe a=5 s=A',
    'result 70',
    'result 72',
    'kprobe 0',
    'fault_handler trap 14',
    'handler went on',
    'result 74 nmissed 1',
  ]);
});
