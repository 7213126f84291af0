/**
 * Random requests in any order against a live machine: always an answer or a refusal in words, and it still runs.
 * STORMS=10000 is the long mode; SEED is that of the first storm.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { RequestFailure } from '../../adapter/protocol/failure';
import { isRequestName, requestShapes } from '../../adapter/protocol/requests';
import { TinyMachine } from './tiny-machine';

const PROGRAM = `struct box { int width; char name[8]; struct box *next; int cells[200]; };
struct box second = { 4, "second", 0 };
struct box first = { 3, "first", &second };
int total;
__attribute__((noinline)) int measure(struct box *b, int scale) /* #measure */
{
	int sum = b->width * scale; /* #body */
	total += sum; /* #total */
	return sum; /* #return */
} /* #brace */
void entry(void)
{
	for (;;) /* #loop */
		total += measure(&first, total & 7);
}
`;

test('storms of requests', async () => {
  const seed = Number(process.env.SEED ?? Math.floor(performance.timeOrigin) % 1_000_000);
  const storms = Number(process.env.STORMS ?? 12);
  console.log(`SEED=${seed} STORMS=${storms}`);
  for (let index = 0; index < storms; index++) await storm(seed + index);
});

/** Requests of one storm. */
const ROUNDS = 200;

async function storm(seed: number): Promise<void> {
  let state = seed >>> 0;
  const random = (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  const pick = <T>(of: readonly T[]): T => of[random(of.length)] as T;
  const tiny = new TinyMachine(PROGRAM);
  const references: number[] = [0, 1, 99999];
  const frames: number[] = [0, 99999];
  const markers = ['measure', 'body', 'total', 'return', 'brace', 'loop'];
  const address = `0x${tiny.kernel.rawSymbol('measure').toString(16)}`;
  const expressions = [
    'b',
    '*b',
    'b->next->name',
    'total',
    'first.cells',
    '$rip',
    '$retval',
    'total = 3',
    '1 +',
    'nope',
    'ls -l',
    'call measure(b, 2)',
    'call measure((struct box *)8, 2)',
    'call 5(1)',
    '(struct box *)0',
    '*(int *)0',
  ];
  const make: Record<string, () => unknown> = {
    setBreakpoints: () => ({
      source: { path: pick(['tiny.c', 'other.c']) },
      breakpoints: Array.from({ length: random(3) }, () => ({
        line: tiny.line(pick(markers)),
        ...(random(3) === 0 ? { condition: pick(expressions) } : {}),
        ...(random(4) === 0 ? { hitCondition: pick(['2', '% 3', 'x']) } : {}),
        ...(random(5) === 0 ? { logMessage: pick(['x {total}', '{', '{b->name:s}']) } : {}),
        ...(random(3) === 0
          ? { mode: pick(['kprobe', 'kprobePost', 'kretprobe', 'hardware', 'nonsense']) }
          : {}),
      })),
    }),
    setFunctionBreakpoints: () => ({
      breakpoints: [{ name: pick(['measure', 'measure%return', 'measure+3', 'm*', 'nope', '*']) }],
    }),
    setInstructionBreakpoints: () => ({
      breakpoints: [{ instructionReference: pick([address, 'zz', '0x10']), offset: random(6) }],
    }),
    setDataBreakpoints: () => ({
      breakpoints: random(2) === 0 ? [] : [{ dataId: pick([`${address}/4`, 'x']), accessType: 'write' }],
    }),
    dataBreakpointInfo: () => ({ name: pick(['total', 'b', '0x1000', 'nope']), asAddress: random(3) === 0 }),
    stepInTargets: () => ({ frameId: pick(frames) }),
    stackTrace: () => ({ threadId: pick([1_000_000_000, 1, 5]), startFrame: random(3), levels: random(4) }),
    scopes: () => ({ frameId: pick(frames) }),
    variables: () => ({ variablesReference: pick(references), start: random(5), count: random(20) }),
    setVariable: () => ({
      variablesReference: pick(references),
      name: pick(['scale', 'orig_ax', 'addr', 'nope']),
      value: pick(['1', 'total', 'x y']),
    }),
    setExpression: () => ({
      expression: pick(['total', 'first.cells', 'first.cells[3]', 'scale', '$r12d', '1 +', 'nope']),
      value: pick(['1', 'total', '']),
    }),
    evaluate: () => ({
      expression: pick(expressions),
      frameId: pick(frames),
      context: pick(['repl', 'hover', 'watch', 'clipboard']),
    }),
    completions: () => ({ text: pick(['b->', '$r', 'me', '', 'first.']), column: random(8) }),
    continue: () => ({ threadId: 1 }),
    pause: () => ({ threadId: 1 }),
    next: () => ({ threadId: 1_000_000_000, granularity: pick(['line', 'instruction', 'statement']) }),
    stepIn: () => ({ threadId: 1_000_000_000, granularity: pick(['line', 'instruction']) }),
    stepOut: () => ({ threadId: 1_000_000_000 }),
    disassemble: () => ({
      memoryReference: pick([address, '0x0', 'x']),
      instructionOffset: random(100) - 50,
      instructionCount: random(80),
      offset: random(4),
    }),
    readMemory: () => ({
      memoryReference: pick([address, '0xffffffffffffffff', 'x']),
      offset: random(9000) - 4500,
      count: random(9000),
    }),
    breakpointLocations: () => ({ source: { path: 'tiny.c' }, line: random(40), endLine: random(60) }),
    exceptionInfo: () => ({ threadId: 1_000_000_000 }),
    locations: () => ({ locationReference: pick(references) }),
    'kprobe/toggleHex': () => ({}),
    'kprobe/probes': () => ({}),
    threads: () => ({}),
    modules: () => ({}),
  };
  const commands = Object.keys(make);
  tiny.target.resume();
  for (let round = 0; round < ROUNDS; round++) {
    const command = pick(commands);
    const args = make[command]?.();
    assert.ok(isRequestName(command));
    assert.equal(requestShapes[command](args, ''), undefined, command);
    try {
      const body = (await tiny.request<Record<string, unknown>>(command, args)) ?? {};
      for (const frame of (body.stackFrames as P.StackFrame[] | undefined) ?? []) frames.push(frame.id);
      const nested = [
        ...((body.scopes as P.Scope[] | undefined) ?? []),
        ...((body.variables as P.Variable[] | undefined) ?? []),
      ];
      for (const { variablesReference } of nested) references.push(variablesReference);
      if (frames.length > 40) frames.splice(2, 20);
      if (references.length > 60) references.splice(3, 30);
    } catch (error) {
      assert.ok(
        error instanceof RequestFailure,
        `${command} ${JSON.stringify(args)}: ${error instanceof Error ? error.stack : error}`,
      );
    }
    if (random(8) === 0) await new Promise((resolve) => setImmediate(resolve));
    assert.ok(
      !tiny.events.some((event) => event.event === 'terminated'),
      tiny.events.map((event) => JSON.stringify(event.body)).join('\n'),
    );
    tiny.events.length = 0;
  }
  // The machine still obeys.
  await tiny.request('setBreakpoints', { source: { path: 'tiny.c' }, breakpoints: [] });
  await tiny.request('setFunctionBreakpoints', { breakpoints: [] });
  await tiny.request('setInstructionBreakpoints', { breakpoints: [] });
  await tiny.request('setDataBreakpoints', { breakpoints: [] });
  if (!tiny.target.stop) {
    await tiny.request('pause', { threadId: 1 });
    await tiny.event('stopped');
  }
  tiny.target.end();
}
