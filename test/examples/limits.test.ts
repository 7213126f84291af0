/** Each module of examples/limits does at the console what the comment at its top says. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Console } from '../lab/console';

const directory = join(process.env.KPROBE_LAB_ROOT ?? '.', 'examples', 'limits');
const modules = readdirSync(directory)
  .filter((name) => name.endsWith('.c'))
  .sort();

describe('the limits of kprobes', () => {
  const console = Console.boot({ modules: modules.map((name) => `examples/limits/${name}`) });

  /** Loads the module, types `lines`, removes it; what the log got, without the taint message of the first. */
  function session(name: string, ...lines: string[]): string[] {
    const typed = [`insmod ${name}.ko`, ...lines, `rmmod ${name}`].map((line) => console.type(line));
    assert.equal(typed[0]?.status, 0, `insmod ${name}\n${typed[0]?.log.join('\n')}`);
    assert.equal(typed.at(-1)?.status, 0, `rmmod ${name}\n${typed.at(-1)?.log.join('\n')}`);
    return typed.flatMap(({ log }) => log).filter((line) => !line.endsWith('taints kernel.'));
  }

  it('every module here is tested', () => {
    const tested = [
      'deferred_work.c',
      'inlined.c',
      'jprobe.c',
      'maxactive.c',
      'null_handler.c',
      'optimised.c',
      'refusals.c',
      'several.c',
      'skip_function.c',
      'sleeping_handler.c',
    ];
    assert.deepEqual(modules, tested);
  });

  it('refusals: the errno for each place, and a plain sentence beside it', () => {
    const log = session('refusals');
    const answers = log.filter((line) => !line.startsWith('kprobes: '));
    assert.deepEqual(answers, [
      'missing symbol: -2 (-ENOENT)',
      'mid-instruction: -84 (-EILSEQ)',
      'blacklisted: -22 (-EINVAL)',
      'symbol and address: -22 (-EINVAL)',
    ]);
    const sentences = log.filter((line) => line.startsWith('kprobes: register_kprobe: '));
    assert.equal(sentences.length, 4, log.join('\n'));
    assert.match(sentences[0] ?? '', /no symbol do_sys_opne .* do_sys_open \(-ENOENT\)$/);
    assert.match(sentences[1] ?? '', /do_sys_open\+0x2 is not the first byte of an instruction/);
    assert.match(sentences[2] ?? '', /exc_page_fault is on the kprobes blacklist/);
    assert.match(console.run('cat /sys/kernel/debug/kprobes/blacklist'), /\texc_page_fault$/m);
  });

  it('inlined: no symbol, no probe; one hit for two inlined calls', () => {
    const log = session('inlined');
    assert.deepEqual(
      log.filter((line) => !line.startsWith('kprobes: ')),
      ['probe on square: -2', 'probe on twice: 0', 'twice(3) = 25, 1 hit'],
    );
    assert.ok(
      log.some((line) => /square has no code of its own: it is inlined into .*twice/.test(line)),
      log.join('\n'),
    );
  });

  it('sleeping_handler: a BUG with the handler in its trace, and advice', () => {
    const log = session('sleeping_handler', 'cat /etc/hostname');
    const bug = log.findIndex((line) =>
      line.startsWith('BUG: sleeping function called from invalid context at kernel/locking/mutex.c:'),
    );
    assert.ok(bug >= 0, log.join('\n'));
    assert.match(log[bug + 1] ?? '', /^in_atomic\(\): 1, irqs_disabled\(\): 1, .* name: cat$/);
    assert.ok(log.some((line) => /^ handler_pre\+0x\S+ \[sleeping_handler\]$/.test(line)));
    assert.ok(log.some((line) => /tried to sleep \(sleeping_handler\.c:25\); .*schedule_work/.test(line)));
    assert.equal(log.filter((line) => line.startsWith('BUG: ')).length, 1);
  });

  it('deferred_work: a worker says it, without a complaint', () => {
    const log = session('deferred_work', 'cat /etc/hostname; sleep 0.01');
    assert.ok(log.length > 0);
    for (const line of log) assert.match(line, /^kworker\/\S+ saw \d+ calls$/);
  });

  it('maxactive: two returns seen, four missed', () => {
    assert.deepEqual(session('maxactive'), [
      'nested returns 5',
      'nested returns 6',
      '6 calls: 2 returns seen, 4 missed',
    ]);
  });

  it('several: the newest probe of an address runs first, a disabled one not at all', () => {
    assert.deepEqual(session('several'), [
      'second: pre',
      'first: pre',
      'first: post',
      'target(1) = 2',
      'third: pre',
      'second: pre',
      'first: pre',
      'first: post',
      'target(2) = 3',
    ]);
  });

  it('skip_function: answer 1 skips the instruction and the post handler', () => {
    assert.deepEqual(session('skip_function'), [
      'answer runs',
      'before: answer(1) = 1',
      'probed: answer(1) = 42',
    ]);
  });

  it('optimised: as a jump, the probe ignores what the handler answers', () => {
    const ask = 'echo 1 > /sys/module/optimised/parameters/ask';
    const list = 'sleep 1; grep answer /sys/kernel/debug/kprobes/list';
    const typed = ['insmod optimised.ko', ask, list, ask].map((line) => console.type(line));
    const address = console.lab.kernel.symbols.lookup('optimised:answer')?.address ?? 0n;
    const first = () => console.lab.kernel.guest.peek(address, 1, 0)?.[0];
    assert.match(typed[2]?.output ?? '', / answer\+0x0 .*\[OPTIMIZED\]$/m);
    assert.equal(first(), 0xe9, 'the text is a jump');
    typed.push(console.type('sysctl -w debug.kprobes-optimization=0'));
    assert.equal(first(), 0xcc, 'the text is a trap again');
    typed.push(console.type(ask), console.type('rmmod optimised'));
    const answers = typed.flatMap(({ log }) => log).filter((line) => line.startsWith('answer(1)'));
    assert.deepEqual(answers, ['answer(1) = 42', 'answer(1) = 1', 'answer(1) = 42']);
    console.run('sysctl -w debug.kprobes-optimization=1');
  });

  it('jprobe: sees the arguments; a second one is refused', () => {
    assert.deepEqual(
      session('jprobe').filter((line) => !line.startsWith('kprobes: ')),
      ['second jprobe: -17', 'jprobe sees a = 1, b = "one"', 'target runs', 'target(1) = 2'],
    );
  });

  it('null_handler: an oops in the handler kills the process, not the machine', () => {
    const inserted = console.type('insmod null_handler.ko');
    assert.equal(inserted.status, 0);
    const cat = console.type('cat /etc/hostname');
    assert.equal(cat.status, 137, 'cat was killed');
    const { log } = cat;
    assert.equal(log[0], 'BUG: kernel NULL pointer dereference, address: 0000000000000008');
    assert.ok(
      log.some((line) => /^RIP: 0010:handler_pre\+0x\S+ \[null_handler\]$/.test(line)),
      log.join('\n'),
    );
    const trace = log.slice(log.indexOf('Call Trace:'));
    assert.ok(
      trace.some((line) => line.startsWith(' do_sys_open+0x')),
      log.join('\n'),
    );
    assert.equal(console.run('echo alive; ls /etc/hostname'), 'alive\n/etc/hostname\n');
    assert.deepEqual(console.type('rmmod null_handler').log, ['null_handler removed']);
  });
});
