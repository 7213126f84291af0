/** The int3 path on a tiny kernel: stepping, boosting, emulation, aggregates, missed hits, return values. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostProbe, HostProbeSpec, Refusal } from '../../emulator/kprobes/types';
import { type Tiny, tiny } from './tiny';

const BODY = `
.globl entry
.type entry, @function
entry:
  mov $5, %edi
  call subject
  ret
.size entry, .-entry
.globl subject
.type subject, @function
subject:
  push %rbp
  mov %rsp, %rbp
  lea 3(%rdi), %eax
  add counter(%rip), %eax
  incl counter(%rip)
  cmp $100, %eax
  jg 1f
  call helper
1:
  pop %rbp
  ret
.size subject, .-subject
.type helper, @function
helper:
  imul $2, %eax, %eax
  ret
.size helper, .-helper
.section .data
counter: .long 7
.text
`;

function place(machine: Tiny, spec: HostProbeSpec): HostProbe {
  const probe: HostProbe | Refusal = machine.kprobes.registerHost(spec);
  assert.ok(!('errno' in probe), 'errno' in probe ? probe.reason : '');
  return probe;
}

const ENTRY = { symbol: 'subject', offset: 0 };

test('a probe at entry sees the registers, ip one too far, and changes nothing', () => {
  const machine = tiny(BODY);
  const expected = tiny(BODY).run();
  const seen: string[] = [];
  const probe = place(machine, {
    at: ENTRY,
    kind: 'entry',
    owner: 'trace',
    pre: (hit) => {
      seen.push(`pre ${hit.regs.get('di')} ${hit.regs.get('ip') - hit.address}`);
      return undefined;
    },
    post: (hit) => {
      seen.push(`post ${hit.regs.get('ip') - hit.address}`);
      return undefined;
    },
  });
  assert.equal(machine.kernel.guest.peek(probe.address, 1)?.[0], 0xcc);
  assert.equal(machine.run(), expected);
  assert.deepEqual(seen, ['pre 5 1', 'post 1']);
  machine.kprobes.unregisterHost(probe);
  assert.equal(machine.kernel.guest.peek(probe.address, 1)?.[0], 0x55);
});

test('every instruction of the path can carry a probe, alone and all together, stepped and boosted', () => {
  const reference = tiny(BODY).run();
  const starts = (machine: Tiny, symbol: string) => {
    const hit = machine.kernel.symbols.at(machine.address(symbol));
    return [...(machine.kprobes.instructionStarts(hit?.address ?? 0n, hit?.size ?? 0) ?? [])];
  };
  for (const withPost of [true, false]) {
    const all = tiny(BODY);
    let hits = 0;
    const count = () => {
      hits++;
      return undefined;
    };
    for (const symbol of ['entry', 'subject', 'helper']) {
      for (const offset of starts(all, symbol)) {
        const spec: HostProbeSpec = {
          at: { symbol, offset },
          kind: 'entry',
          owner: 'trace',
          pre: count,
          ...(withPost ? { post: () => undefined } : {}),
        };
        const alone = tiny(BODY);
        place(alone, spec);
        assert.equal(alone.run(), reference, `${symbol}+${offset}, post ${withPost}`);
        place(all, spec);
      }
    }
    hits = 0;
    assert.equal(all.run(), reference);
    assert.equal(hits, 15);
  }
});

test('handlers of one address run newest first, and stop at a stop', () => {
  const machine = tiny(BODY);
  const order: string[] = [];
  for (const name of ['first', 'second', 'third']) {
    place(machine, {
      at: ENTRY,
      kind: 'entry',
      owner: 'debugger',
      pre: () => {
        order.push(name);
        return name === 'second' ? 'stop' : undefined;
      },
    });
  }
  machine.run();
  assert.deepEqual(order, ['third', 'second', 'first']);
  assert.deepEqual(
    machine.stops.map((hit) => hit.when),
    ['pre'],
  );
});

test('return probes: value, entry data, true caller, two in one frame', () => {
  const machine = tiny(BODY);
  const seen: string[] = [];
  const probe = (name: string) =>
    place(machine, {
      at: ENTRY,
      kind: 'return',
      owner: 'trace',
      entry: (hit) => Number(hit.regs.get('di')),
      onReturn: (hit) => {
        seen.push(
          `${name} ${hit.regs.get('ax')} ${hit.data} ${machine.kernel.symbols.format(hit.returnAddress ?? 0n)}`,
        );
        return undefined;
      },
    });
  probe('old');
  probe('new');
  assert.equal(machine.run(), 30n);
  assert.deepEqual(
    seen,
    ['old 30 5 entry+0xa/0xb', 'new 30 5 entry+0xa/0xb'],
    'the instance taken last answers first',
  );
});

test('refusals have the errno of Linux and say what to do', () => {
  const machine = tiny(BODY);
  const refused = (spec: Pick<HostProbeSpec, 'at' | 'kind'>) => {
    const probe = machine.kprobes.registerHost({ ...spec, owner: 'trace' });
    assert.ok('errno' in probe, 'it was accepted');
    return `${probe.name} ${probe.reason}`;
  };
  const at = (symbol: string, offset = 0) => ({ at: { symbol, offset }, kind: 'entry' }) as const;
  assert.match(refused(at('subjetc')), /^ENOENT .*nearest names: subject/);
  assert.match(refused(at('subject', 2)), /^EILSEQ .*not the first byte/);
  assert.match(refused(at('subject', 0x800000)), /^EILSEQ .*past the end/);
  assert.match(refused(at('kprobe_next')), /^EINVAL .*blacklist/);
  assert.match(refused(at('counter')), /^EINVAL .*not code/);
  assert.match(refused({ at: { address: 0x1000n }, kind: 'entry' }), /^ENOENT/);
  assert.match(
    refused({ at: { symbol: 'subject', offset: 1 }, kind: 'return' }),
    /^EINVAL .*first instruction/,
  );
});
