/** What a stop shows, over the lab's own kernel: every kind of value, lists as what they hold, per-CPU variables. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { fixtures, LabSession, markerLine } from './lab-session';

const session = new LabSession();
const module = join(fixtures, 'showcase.c');
let frames: P.StackFrame[] = [];

before(async () => {
  await session.begin({ module });
  await session.breakpoints(module, { line: markerLine('showcase.c', 'stop') });
  await session.request('configurationDone');
  const { threadId } = await session.event('stopped');
  frames = await session.stack(threadId);
});

after(() => session.dispose());

function open(
  reference: number | undefined,
  more: Partial<P.VariablesArguments> = {},
): Promise<P.Variable[]> {
  return session
    .request<P.VariablesResponse['body']>('variables', { variablesReference: reference, ...more })
    .then((body) => body.variables);
}

async function named(scope: string, name: string): Promise<P.Variable> {
  const found = (await session.scope(frames[0], scope)).find((one) => one.name === name);
  assert.ok(found, `${scope}: ${name}`);
  return found;
}

const STATICS = 'Statics of the file';

test('arguments: flags by name, functions by symbol, pointers to void, text', async () => {
  const args = await session.scope(frames[0], 'Arguments');
  const text = (name: string) => args.find((one) => one.name === name)?.value ?? '';
  assert.match(text('gfp'), /^0xdc0 \(GFP_KERNEL\|__GFP_ZERO\)$/);
  assert.match(text('callback'), /^0x\w+ <weigh \[showcase\]>$/);
  assert.match(text('anything'), /^0x\w+ <queue \[showcase\]>$/);
  assert.match(text('text'), /^0x\w+ "shown"$/);
  const callback = args.find((one) => one.name === 'callback');
  const place = await session.request<NonNullable<P.LocationsResponse['body']>>('locations', {
    locationReference: callback?.valueLocationReference,
  });
  assert.equal(place.source.path, module);
});

test('members: enumerators, booleans, characters, bit-fields', async () => {
  const first = await named('Arguments', 'first');
  const members = await open(first.variablesReference);
  const text = (name: string) => members.find((one) => one.name === name)?.value ?? '';
  assert.equal(text('mood'), 'CROSS (7)');
  assert.equal(text('ready'), 'true');
  assert.equal(text('letter'), "122 'z'");
  assert.equal(text('low'), '5');
  assert.equal(text('high'), '17');
  for (const one of members) {
    if (one.evaluateName === undefined) continue;
    assert.equal(await session.evaluate(one.evaluateName), one.value, one.evaluateName);
  }
});

test('a union shows every way to read it', async () => {
  const number = await named('Locals', 'number');
  const [whole, parts] = await open(number.variablesReference);
  assert.equal(whole?.value, String(0x01020304));
  assert.equal(parts?.value, '[4] {4, 3, 2, 1}');
});

test('a list shows its elements, with the head itself beside them', async () => {
  const queue = await named(STATICS, 'queue');
  assert.equal(queue.value, 'list of 3 struct item');
  const rows = await open(queue.variablesReference);
  assert.deepEqual(
    rows.map((one) => one.name),
    ['[0]', '[1]', '[2]', 'raw'],
  );
  const weights = [];
  for (const row of rows.slice(0, 3)) {
    const [weight] = await open(row.variablesReference);
    weights.push(weight?.value);
    assert.equal(await session.evaluate(`(${row.evaluateName}).weight`), weight?.value);
  }
  assert.deepEqual(weights, ['30', '10', '20']);
  const raw = await open(rows[3]?.variablesReference);
  assert.deepEqual(
    raw.map((one) => one.name),
    ['next', 'prev'],
  );
  assert.match((await named(STATICS, 'nobody')).value, /^\{next = NULL/);
});

test('a tree shows its elements in order, a hash table its buckets', async () => {
  const tree = await named(STATICS, 'tree');
  assert.equal(tree.value, 'tree of 3 struct item');
  const weights = [];
  for (const row of (await open(tree.variablesReference)).slice(0, 3)) {
    weights.push((await open(row.variablesReference))[0]?.value);
  }
  assert.deepEqual(weights, ['10', '20', '30']);
  const buckets = await named(STATICS, 'buckets');
  const rows = await open(buckets.variablesReference);
  assert.deepEqual(
    rows.map((one) => one.value),
    [
      'empty list of struct item',
      'list of 1 struct item',
      'empty list of struct item',
      'empty list of struct item',
    ],
  );
});

test('a broken list says where it breaks', async () => {
  const before = await session.evaluate('items[1].node.next', 'repl');
  await session.evaluate('= items[1].node.next = (struct list_head *)0x10', 'repl');
  const queue = await named(STATICS, 'queue');
  assert.match(queue.value, /^list of 2 struct item <the link at 0x\w+ is wild: 0x10>$/);
  assert.equal((await open(queue.variablesReference)).length, 3);
  await session.evaluate(`= items[1].node.next = (struct list_head *)${before.split(' ')[0]}`, 'repl');
  assert.equal((await named(STATICS, 'queue')).value, 'list of 3 struct item');
});

test('kernel lists are typed too: tasks, modules', async () => {
  assert.match(await session.evaluate('init_task.children'), /^list of \d+ struct task_struct$/);
  assert.match(await session.evaluate('init_task.tasks'), /^list of \d+ struct task_struct$/);
  assert.match(await session.evaluate('modules'), /^list of 1 struct module$/);
  assert.match(await session.evaluate('current->mm->mm_rb'), /^tree of \d+ struct vm_area_struct$/);
});

test('task states and flags are read by name', async () => {
  assert.match(await session.evaluate('init_task.flags'), /PF_KTHREAD|PF_IDLE/);
  assert.match(await session.evaluate('current->__state'), /^0x0 \(TASK_RUNNING\)$/);
});

test('long arrays are fetched in pages', async () => {
  const history = await named(STATICS, 'history');
  assert.equal(history.indexedVariables, 250);
  const page = await open(history.variablesReference, { filter: 'indexed', start: 200, count: 3 });
  assert.deepEqual(
    page.map((one) => `${one.name} ${one.value}`),
    ['[200] 40000', '[201] 40401', '[202] 40804'],
  );
  assert.deepEqual(await open(history.variablesReference, { filter: 'named' }), []);
});

test('integers in hexadecimal, for one request or for all', async () => {
  const number = await named('Locals', 'number');
  const [once] = await open(number.variablesReference, { format: { hex: true } });
  assert.equal(once?.value, '0x1020304');
  const { result } = await session.request<P.EvaluateResponse['body']>('evaluate', {
    expression: '255',
    frameId: frames[0]?.id,
    context: 'watch',
    format: { hex: true },
  });
  assert.equal(result, '0xff');
  await session.request('kprobe/toggleHex');
  assert.equal((await open(number.variablesReference))[0]?.value, '0x1020304');
  await session.request('kprobe/toggleHex');
  assert.equal((await open(number.variablesReference))[0]?.value, String(0x01020304));
});

test('frames are named as the client’s format asks', async () => {
  const { stackFrames } = await session.request<P.StackTraceResponse['body']>('stackTrace', {
    threadId: (await session.request<P.ThreadsResponse['body']>('threads')).threads.find((one) =>
      one.name.startsWith('insmod'),
    )?.id,
    levels: 1,
    format: { module: true, parameters: true, parameterNames: true, parameterValues: true, line: true },
  });
  const line = markerLine('showcase.c', 'stop');
  assert.match(
    stackFrames[0]?.name ?? '',
    new RegExp(`^showcase!show_case\\(first = 0x.*, gfp = 0xdc0 \\(GFP_KERNEL.*\\) line ${line}$`),
  );
});

test('per-CPU variables: this CPU’s, and every other’s in its own group', async () => {
  const { scopes } = await session.request<P.ScopesResponse['body']>('scopes', { frameId: frames[0]?.id });
  const scope = scopes.find((one) => one.name.startsWith('Per-CPU'));
  assert.equal(scope?.expensive, true);
  const rows = await open(scope?.variablesReference);
  const task = rows.find((one) => one.name === 'current_task');
  assert.match(task?.value ?? '', /comm = "insmod"/);
  const groups = rows.filter((one) => one.name.startsWith('CPU '));
  assert.equal(groups.length, 1);
  const other = (await open(groups[0]?.variablesReference)).find((one) => one.name === 'current_task');
  assert.match(other?.value ?? '', /comm = "swapper\/\d"/);
  assert.equal(await session.evaluate(other?.evaluateName ?? ''), other?.value);
  assert.equal(rows.find((one) => one.name === 'visits')?.value, '1');
});

test('registers: those that the trap saved, and the CPU’s own', async () => {
  const registers = await session.scope(frames[0], 'Registers (pt_regs)');
  assert.match(registers.find((one) => one.name === 'flags')?.value ?? '', /\(.*IF.*\)$/);
  const system = registers.find((one) => one.name === 'system registers');
  const rows = await open(system?.variablesReference);
  const text = (name: string) => rows.find((one) => one.name === name)?.value ?? '';
  assert.match(text('cr0'), /^0x\w+ \(PE\|.*PG\)$/);
  assert.match(text('cr3'), /^0x\w+$/);
  assert.match(text('efer'), /\(SCE\|LME\|LMA/);
  assert.match(text('cpl'), /^0$/);
});

test('anything can be set: a local, a member, an element, a register, memory', async () => {
  const set = (variablesReference: number | undefined, name: string, value: string) =>
    session.request<P.SetVariableResponse['body']>('setVariable', { variablesReference, name, value });
  const { scopes } = await session.request<P.ScopesResponse['body']>('scopes', { frameId: frames[0]?.id });
  const scope = (name: string) => scopes.find((one) => one.name === name)?.variablesReference;
  assert.equal((await set(scope('Locals'), 'sum', '7 * 6')).value, '42');
  const first = await named('Arguments', 'first');
  assert.equal((await set(first.variablesReference, 'mood', 'CALM')).value, 'CALM (1)');
  assert.equal((await set(first.variablesReference, 'low', '12')).value, '4');
  assert.equal((await set(first.variablesReference, 'letter', "'q'")).value, "113 'q'");
  const history = await named(STATICS, 'history');
  assert.equal((await set(history.variablesReference, '[249]', '-1')).value, '-1');
  assert.equal(await session.evaluate('history[249]'), '-1');
  await set(scope('Registers (pt_regs)'), 'r15', '0x1234');
  assert.equal(await session.evaluate('$r15'), String(0x1234));
  const refused = await session.refusal('setVariable', {
    variablesReference: scope('Locals'),
    name: 'number',
    value: '1',
  });
  assert.match(refused, /^Cannot set number: /);
});

test('completions: members, locals, registers, commands', async () => {
  const complete = async (text: string) =>
    (
      await session.request<P.CompletionsResponse['body']>('completions', {
        text,
        column: text.length + 1,
        frameId: frames[0]?.id,
      })
    ).targets.map((one) => one.label);
  assert.deepEqual(await complete('first->l'), ['letter', 'low']);
  assert.ok((await complete('su')).includes('sum'));
  assert.ok((await complete('$re')).includes('retval'));
  assert.ok((await complete('show_c')).includes('show_case'));
  assert.deepEqual(await complete('cat /etc/hostn'), ['hostname']);
  assert.deepEqual(await complete('cat /sys/kernel/debug/kprobes/bl'), ['blacklist']);
  assert.ok((await complete('! dme')).includes('dmesg'));
});

const call = (expression: string) => session.evaluate(`call ${expression}`, 'repl');

test('functions of the guest are called on request, and nothing but their effects is left', async () => {
  const registers = await session.scope(frames[0], 'Registers (pt_regs)');
  assert.equal(await call('weigh(first)'), '30');
  assert.equal(await call('weigh(&items[2]) * 2 + 1'), '41');
  assert.equal(await call('strlen("seven!!")'), '7');
  assert.match(
    await session.refusal('evaluate', { expression: 'weigh(first)', context: 'watch' }),
    /on request only/,
  );
  assert.match(
    await session.refusal('evaluate', { expression: 'weigh(first)', context: 'hover' }),
    /on request only/,
  );
  assert.match(
    await session.refusal('evaluate', { expression: 'call weigh()', context: 'repl' }),
    /takes 1 arguments, not 0/,
  );
  assert.match(
    await session.refusal('evaluate', { expression: 'call first(1)', context: 'repl' }),
    /is not a function/,
  );
  assert.deepEqual(
    (await session.scope(frames[0], 'Registers (pt_regs)')).map((one) => `${one.name} ${one.value}`),
    registers.map((one) => `${one.name} ${one.value}`),
  );
});

test('a called function that faults or never returns is told of and undone', async () => {
  const weight = await session.evaluate('items[1].weight');
  const faulted = await session.refusal('evaluate', {
    expression: 'call wild((int *)0x10)',
    context: 'repl',
  });
  assert.match(faulted, /the function faulted at wild\+0x\w+ \[showcase\] \(cr2 0x10\)/);
  await session.evaluate('= history[0] = 0', 'repl');
  const endless = await session.refusal('evaluate', { expression: 'call forever(1)', context: 'repl' });
  assert.match(endless, /did not return within 10 million instructions/);
  assert.equal(await session.evaluate('items[1].weight'), weight);
  assert.equal(await call('weigh(first)'), '30');
});

test('step-in targets: the calls of the line, and only the chosen one is entered', async () => {
  const inner = new LabSession();
  await inner.begin({ module });
  await inner.breakpoints(module, { line: markerLine('showcase.c', 'targets') });
  await inner.request('configurationDone');
  const { threadId } = await inner.event('stopped');
  const [frame] = await inner.stack(threadId);
  const { targets } = await inner.request<P.StepInTargetsResponse['body']>('stepInTargets', {
    frameId: frame?.id,
  });
  assert.deepEqual(
    targets.map((one) => one.label),
    ['weigh [showcase]', 'forever [showcase]'],
  );
  await inner.request('stepIn', { threadId, targetId: targets[1]?.id });
  await inner.event('stopped');
  assert.equal((await inner.stack(threadId))[0]?.name, 'forever');
  assert.match(await inner.refusal('stepIn', { threadId, targetId: 99 }), /no step-in target 99/);
  await inner.request('disconnect');
  inner.dispose();
});

test('the machine goes on from where it was', async () => {
  const { threads } = await session.request<P.ThreadsResponse['body']>('threads');
  await session.request('continue', { threadId: threads[0]?.id });
  await session.event('kprobe/idle');
  assert.match(session.output(), /shown: 45, /);
  await session.evaluate('echo alive', 'repl');
  await session.event('output', (body) => body.output === 'alive\n');
});
