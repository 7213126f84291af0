/** Jump optimisation on a tiny kernel: conditions, the real jump and detour, un-optimising. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostProbe } from '../../emulator/kprobes/types';
import { type Tiny, tiny } from './tiny';

const BODY = `
.type entry, @function
entry:
  mov $5, %edi
  call subject
  mov $6, %edi
  call looping
  ret
.size entry, .-entry
.type subject, @function
subject:
  lea 3(%rdi), %eax
  add counter(%rip), %eax
  imul $3, %eax, %eax
  xor %edx, %edx
  add %edi, %edx
  add %edx, %eax
  ret
.size subject, .-subject
.type looping, @function
looping:
  mov %edi, %ecx
1:
  inc %eax
  nop
  nop
  dec %ecx
  jnz 1b
  ret
.size looping, .-looping
.section .data
counter: .long 7
.text
`;

const JIFFIES = 200_000_000;

/** Lets the optimiser's delay pass. */
function wait(machine: Tiny): void {
  machine.machine.clock += JIFFIES;
  machine.kprobes.tick();
}

function place(
  machine: Tiny,
  symbol: string,
  offset: number,
  withPost = false,
): { probe: HostProbe; hits: () => number } {
  let hits = 0;
  const probe = machine.kprobes.registerHost({
    at: { symbol, offset },
    kind: 'entry',
    owner: 'trace',
    pre: () => {
      hits++;
      return undefined;
    },
    ...(withPost ? { post: () => undefined } : {}),
  });
  assert.ok(!('errno' in probe), 'errno' in probe ? probe.reason : '');
  return { probe, hits: () => hits };
}

const byte = (machine: Tiny, address: bigint) => machine.kernel.guest.peek(address, 1)?.[0];

test('an int3 becomes a jump after the delay, works, and goes without a trace', () => {
  const reference = tiny(BODY).run();
  const machine = tiny(BODY);
  const { probe, hits } = place(machine, 'subject', 0);
  const before = machine.kprobes.originalText(probe.address, 16);
  assert.equal(byte(machine, probe.address), 0xcc);
  machine.kprobes.tick();
  assert.equal(byte(machine, probe.address), 0xcc, 'the delay is not over');
  wait(machine);
  assert.equal(byte(machine, probe.address), 0xe9);
  assert.equal(machine.kprobes.list()[0].path.path, 'optimised');
  assert.equal(machine.run(), reference);
  assert.equal(hits(), 1);
  machine.kprobes.unregisterHost(probe);
  assert.deepEqual(machine.kernel.guest.peek(probe.address, 16), before);
  assert.equal(machine.run(), reference);
  assert.equal(hits(), 1);
});

test('a post handler, a second probe inside, or the global switch take the jump back', () => {
  const machine = tiny(BODY);
  const { probe } = place(machine, 'subject', 0);
  wait(machine);
  assert.equal(byte(machine, probe.address), 0xe9);
  const inner = place(machine, 'subject', 3);
  assert.equal(byte(machine, probe.address), 0xcc);
  assert.equal(byte(machine, inner.probe.address), 0xcc);
  const reasons = machine.kprobes.list().map((info) => info.path.why);
  assert.match(reasons[0], /another probe was registered inside the bytes/);
  machine.run();
  assert.equal(inner.hits(), 1);
  machine.kprobes.unregisterHost(inner.probe);
  wait(machine);
  assert.equal(byte(machine, probe.address), 0xe9, 'optimised again once alone');
  const post = place(machine, 'subject', 0, true);
  assert.equal(byte(machine, probe.address), 0xcc);
  machine.kprobes.unregisterHost(post.probe);
});

test('a jump into the covered bytes, a call or too little room forbid it, with the reason', () => {
  const machine = tiny(BODY);
  const why = (symbol: string, offset: number) => {
    const { probe } = place(machine, symbol, offset);
    wait(machine);
    assert.notEqual(byte(machine, probe.address), 0xe9);
    const info = machine.kprobes.list().find((each) => each.hostId === probe.id);
    machine.kprobes.unregisterHost(probe);
    return info?.path.why ?? '';
  };
  assert.match(why('looping', 0), /a jump targets the covered bytes at \+0x2/);
  assert.match(why('entry', 5), /cannot run elsewhere \(call\)/);
  assert.match(why('looping', 8), /cannot run elsewhere|fewer than five bytes/);
});

test('CONFIG_OPTPROBES=n leaves int3 in place', () => {
  const machine = tiny(BODY, { OPTPROBES: 'n' });
  const { probe } = place(machine, 'subject', 0);
  wait(machine);
  assert.equal(byte(machine, probe.address), 0xcc);
  assert.match(machine.kprobes.list()[0].path.why, /CONFIG_OPTPROBES=n/);
});
