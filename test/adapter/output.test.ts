/** The debug console's queue: one event per line, bounded, nothing lost silently. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Output } from '../../adapter/output';
import { printed } from '../../adapter/printed';

function recorder() {
  const events: string[] = [];
  const clock = { now: 0 };
  const output = new Output(
    (body) => events.push(body.output),
    () => clock.now,
  );
  return { events, clock, output };
}

test('one event per line, in order, unfinished terminal lines wait', () => {
  const { events, output } = recorder();
  output.text('console', 'one\ntwo\n');
  output.terminal('thr');
  output.terminal('ee\r\nfou');
  output.drain();
  assert.deepEqual(events, ['one\n', 'two\n', 'three\n']);
  output.settle();
  output.drain();
  assert.deepEqual(events.at(-1), 'fou\n');
});

test('a prompt is no output', () => {
  for (const prompt of ['/root # ', '~$ ', 'root@lab:~# ']) {
    const { events, output } = recorder();
    output.terminal(prompt);
    output.settle();
    output.drain();
    assert.deepEqual(events, [], prompt);
  }
});

test('a flood is bounded, and says how many lines it cost', () => {
  const { events, clock, output } = recorder();
  let printedLines = 0;
  for (let slice = 0; slice < 100; slice++) {
    for (let line = 0; line < 1000; line++)
      output.line({ category: 'stdout', text: `line ${printedLines++}` });
    clock.now += 10;
    output.flush();
  }
  output.drain();
  const skipped = events.flatMap((text) =>
    [...text.matchAll(/… (\d+) lines skipped/g)].map((match) => Number(match[1])),
  );
  const shown = events.filter((text) => text.startsWith('line ')).length;
  assert.equal(shown + skipped.reduce((sum, one) => sum + one, 0), printedLines);
  assert.ok(shown < 30_000, `${shown} lines shown of ${printedLines}`);
  assert.equal(events.at(-1), `line ${printedLines - 1}\n`, 'the newest lines are kept');
});

test('log levels become categories, or colours where the client shows them', () => {
  const record = {
    seq: 1,
    time: 1_234_567_000,
    moment: 1,
    level: 3,
    text: 'bad',
    cpu: 0,
    pid: 1,
    comm: 'x',
    caller: 0n,
    source: undefined,
  };
  assert.deepEqual(printed(record, false), { category: 'stderr', text: '[    1.234567] bad' });
  assert.deepEqual(printed({ ...record, level: 6 }, false), {
    category: 'stdout',
    text: '[    1.234567] bad',
  });
  assert.equal(printed(record, true).text, '\x1b[2m[    1.234567] \x1b[0m\x1b[31mbad\x1b[0m');
});
