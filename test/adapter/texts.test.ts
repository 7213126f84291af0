/** The small languages of breakpoints: hit counts, log messages, conditions, argument shapes. No machine. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromBase64, toBase64 } from '../../adapter/base64';
import { Breakpoint } from '../../adapter/breakpoints/breakpoint';
import { parseHitCondition } from '../../adapter/breakpoints/hit-condition';
import { parseLogMessage, renderLogMessage } from '../../adapter/breakpoints/log-message';
import { parseMemoryReference } from '../../adapter/memory-reference';
import { requestShapes } from '../../adapter/protocol/requests';
import { nameScope } from '../../emulator/inspect/expression/evaluate';
import { world } from '../inspect/world';

test('hit conditions', () => {
  const hits = (text: string) => {
    const condition = parseHitCondition(text);
    assert.ok('test' in condition, text);
    return [1, 2, 3, 4, 5, 6].filter((count) => condition.test(count));
  };
  assert.deepEqual(hits('3'), [3, 4, 5, 6]);
  assert.deepEqual(hits('>= 5'), [5, 6]);
  assert.deepEqual(hits('> 5'), [6]);
  assert.deepEqual(hits('== 2'), [2]);
  assert.deepEqual(hits('=2'), [2]);
  assert.deepEqual(hits('!= 2'), [1, 3, 4, 5, 6]);
  assert.deepEqual(hits(' <3 '), [1, 2]);
  assert.deepEqual(hits('<= 3'), [1, 2, 3]);
  assert.deepEqual(hits('% 3'), [3, 6]);
  for (const wrong of ['', 'x', '>', '% 0', '1.5', '>= -1', '99999999999999999999']) {
    assert.ok('error' in parseHitCondition(wrong), wrong);
  }
});

test('log messages', () => {
  const { scope, describer } = world();
  const render = (message: string) => {
    const parsed = parseLogMessage(message, nameScope(scope));
    return 'error' in parsed ? parsed.error : renderLogMessage(parsed.parts, scope, describer);
  };
  assert.equal(render('plain {{text}}'), 'plain {text}');
  assert.equal(render('opened {filename:s} by {$comm:s}[{task.pid}]'), 'opened /etc/hostname by cat[7]');
  assert.equal(
    render('{flags:x} {flags:o} {flags:b} {negative:u} {negative:x}'),
    '0x241 01101 0b1001000001 4294967295 0xffffffff',
  );
  assert.equal(render('{task.pid > 3 ? 1 : 2}'), '1');
  assert.equal(render('{task.pid > 3 ? 1 : 2:x}'), '0x1');
  assert.equal(render('{$rip:symbol}'), '0xffffffff81000010 <do_sys_open+0x10>');
  assert.equal(render("{'A':c}{ 1 + 1 : d }"), 'A2');
  assert.equal(render('{*wild + 1} still printed'), '<cannot read memory at 0x10> still printed');
  assert.equal(render('{task.pid'), 'expected `}` after the expression\n{task.pid\n         ^');
  assert.equal(render('a {1 +}'), 'expected an expression\na {1 +}\n      ^');
  assert.match(render('{task.pid:zz}'), /^unknown format; known are x, d,/);
});

test('a breakpoint judges condition, then hit count, then logs or stops', () => {
  const { scope, describer } = world();
  const wanted = { kind: 'function', name: 'f' } as const;
  const judge = (
    extras: { condition?: string; hitCondition?: string; logMessage?: string },
    times: number,
  ) => {
    const breakpoint = new Breakpoint(1, wanted, { ...extras, mode: 'kprobe' });
    assert.equal(breakpoint.prepare(scope), undefined);
    return Array.from(
      { length: times },
      () =>
        breakpoint.judge(
          () => scope,
          () => describer,
        ).kind,
    );
  };
  assert.deepEqual(judge({}, 2), ['stop', 'stop']);
  assert.deepEqual(judge({ condition: 'task.pid == 8' }, 2), ['go', 'go']);
  assert.deepEqual(judge({ condition: 'task.pid == 7', hitCondition: '% 2' }, 4), [
    'go',
    'stop',
    'go',
    'stop',
  ]);
  assert.deepEqual(judge({ logMessage: 'x', hitCondition: '>= 2' }, 3), ['go', 'log', 'log']);
  // A condition that faults stops once and is told; it does not stop for ever.
  assert.deepEqual(judge({ condition: '*wild + 1' }, 3), ['stop', 'go', 'go']);
});

test('a condition is checked before it is needed', () => {
  const { scope } = world();
  const wanted = { kind: 'function', name: 'f' } as const;
  const problem = (condition: string) =>
    new Breakpoint(1, wanted, { condition, mode: 'kprobe' }).prepare(scope);
  assert.equal(
    problem('filenam == 0'),
    'Condition: `filenam` is not known at this place\nfilenam == 0\n^~~~~~~',
  );
  assert.equal(
    problem('task.pid == '),
    'Condition: expected an expression, found the end\ntask.pid == \n            ^',
  );
  assert.equal(
    problem('task.pid == $nope'),
    'Condition: `$nope` is not known at this place\ntask.pid == $nope\n            ^~~~~',
  );
  assert.equal(problem('task.comm[0] == 99 && $ax'), undefined);
});

test('arguments are held to their shape, and the place is named', () => {
  const wrong = (command: keyof typeof requestShapes, args: unknown) => requestShapes[command](args, '');
  assert.equal(
    wrong('setBreakpoints', { source: {}, breakpoints: [{ line: 1 }, { line: 'x' }] }),
    '`breakpoints[1].line` must be an integer',
  );
  assert.equal(wrong('setBreakpoints', {}), '`source` must be an object');
  assert.equal(wrong('stackTrace', { threadId: 1.5 }), '`threadId` must be an integer');
  assert.equal(
    wrong('variables', { variablesReference: -1 }),
    '`variablesReference` must be a whole number, 0 or more',
  );
  assert.equal(
    wrong('next', { threadId: 1, granularity: 'page' }),
    '`granularity` must be one of statement, line, instruction',
  );
  assert.equal(wrong('next', { threadId: 1, granularity: null }), undefined);
  assert.equal(wrong('next', 'x'), 'the arguments must be an object');
});

test('base64 and memory references', () => {
  for (const length of [0, 1, 2, 3, 100, 10_000]) {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 7) & 255);
    const text = toBase64([bytes.subarray(0, length >> 1), bytes.subarray(length >> 1)], length);
    assert.equal(text, Buffer.from(bytes).toString('base64'));
    assert.deepEqual(fromBase64(text), bytes);
  }
  assert.equal(fromBase64('a*b'), undefined);
  assert.equal(parseMemoryReference('0xffffffff81000000'), 0xffffffff81000000n);
  assert.equal(parseMemoryReference(' 4096 '), 4096n);
  for (const text of ['', 'x', '0x', '-1', '0x10000000000000000', '99999999999999999999']) {
    assert.equal(parseMemoryReference(text), undefined, text);
  }
});
