/** The six cases of the kernel's own kprobes suite, as a module, in both profiles. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture, runModule } from './module';

const CASES = [
  'test_kprobe',
  'test_kprobes',
  'test_kretprobe',
  'test_kretprobes',
  'test_stacktrace_on_kretprobe',
  'test_stacktrace_on_nested_kretprobe',
];

for (const profile of ['lab', 'distribution'] as const) {
  test(`the kernel's own cases pass (${profile})`, () => {
    const { log, failed } = runModule('kprobes_cases', fixture('kprobes_cases.c'), { profile });
    assert.equal(failed, undefined, log.join('\n'));
    assert.deepEqual(
      log.filter((line) => /^(not )?ok /.test(line)),
      CASES.map((name) => `ok ${name}`),
    );
    assert.ok(log.includes('handlers ran without preemption'));
  });
}
