/** The same machine gives the same run, however its owner slices time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listing, type ModuleRun, runModule } from './module';

test('two runs are equal to the instruction, whatever the slices', () => {
  const run = (slice: number) => runModule('article2', listing(2), { cpus: 3, slice });
  const first = run(500_000);
  const second = run(7919);
  assert.deepEqual(times(second), times(first));
  assert.equal(second.lab.machine.retired, first.lab.machine.retired);
  assert.equal(second.lab.machine.stateHash(), first.lab.machine.stateHash());
});

function times(run: ModuleRun): string[] {
  return run.lab.kernel.console
    .all()
    .map((record) => `${record.time} cpu ${record.cpu} pid ${record.pid} ${record.text}`);
}
