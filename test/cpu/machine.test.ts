// The machine's faces: running, stepping, stopping, gates, snapshots; on tiny programs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boot, bytes, GATE, le, Place, runToGate } from './program';

const rax = 0;
const rcx = 1;

/** mov ecx, n; 1: add rax, rcx; dec ecx; jnz 1b; vmcall */
function sumLoop(n: number): Uint8Array {
  return bytes('b9', le(n, 4), '48 01 c8 ff c9 75 f9', GATE);
}

test('a loop runs, counts its instructions exactly and stops at the gate', () => {
  const machine = runToGate(boot(sumLoop(1000)));
  assert.equal(machine.cpus[0].get(rax), 500500n);
  assert.equal(machine.retired, 1 + 3 * 1000 + 1);
  assert.equal(machine.clock, machine.retired);
  assert.equal(machine.cpus[0].rip, BigInt(Place.code + 12 + 3));
});

test('the budget is exact at any count', () => {
  for (const budget of [1, 2, 3, 4, 17, 100]) {
    const machine = boot(sumLoop(1000));
    assert.deepEqual(machine.run(budget), { kind: 'budget' });
    assert.equal(machine.retired, budget);
  }
});

test('the same state after the same number of instructions, whatever the slices', () => {
  const whole = boot(sumLoop(100_000));
  whole.run(100_003);
  const sliced = boot(sumLoop(100_000));
  for (let left = 100_003, size = 1; left > 0; size = (size * 7 + 3) % 1013) {
    const budget = Math.min(left, size + 1);
    sliced.run(budget);
    left -= budget;
  }
  assert.equal(sliced.stateHash(), whole.stateHash());
});

test('step does one instruction', () => {
  const machine = boot(sumLoop(10));
  for (const expected of [5, 8, 10, 5]) {
    assert.deepEqual(machine.step(0), { kind: 'stepped', cpu: 0 });
    assert.equal(machine.cpus[0].rip, BigInt(Place.code + expected));
  }
  assert.equal(machine.retired, 4);
});

test('a gate hook sees rip at the vmcall and may redirect, write registers and raise #UD', () => {
  const machine = boot(bytes(GATE, '48 ff c0', GATE, '90'));
  const seen: bigint[] = [];
  machine.hooks = {
    gate: (cpu) => {
      seen.push(cpu.rip);
      if (seen.length === 1) cpu.set(rax, 41n);
      if (seen.length === 2) cpu.raiseException(6);
    },
  };
  assert.deepEqual(machine.run(100), { kind: 'idle' });
  assert.deepEqual(seen, [BigInt(Place.code), BigInt(Place.code + 6)]);
  assert.equal(machine.cpus[0].get(rax), 42n);
  assert.equal(machine.cpus[0].rip, BigInt(Place.handlers + 6 * 16 + 1));
});

test('breakpoints stop before the instruction and resuming passes them', () => {
  const machine = boot(sumLoop(3));
  const address = BigInt(Place.code + 5);
  machine.addBreakpoint(address);
  machine.hooks = { gate: () => machine.requestStop() };
  for (let hit = 0; hit < 3; hit++) {
    assert.deepEqual(machine.run(1000), { kind: 'breakpoint', cpu: 0, address });
    assert.equal(machine.cpus[0].rip, address);
    assert.equal(machine.cpus[0].get(rcx), BigInt(3 - hit));
  }
  assert.equal(machine.readU8(machine.cpus[0], address), 0x48);
  machine.removeBreakpoint(address);
  assert.deepEqual(machine.run(1000), { kind: 'requested', cpu: 0 });
  assert.equal(machine.retired, 1 + 9 + 1);
});

test('watchpoints stop after the access and name it', () => {
  // mov [data], ecx; mov eax, [data+4]; mov eax, [data]; vmcall
  const data = le(Place.data, 4);
  const code = bytes('89 0c 25', data, '8b 04 25', le(Place.data + 4, 4), '8b 04 25', data, GATE);
  const machine = boot(code);
  const address = BigInt(Place.data);
  const write = machine.addWatchpoint({ address, length: 4, access: 'write' });
  const read = machine.addWatchpoint({ address: address + 2n, length: 1, access: 'read' });
  assert.deepEqual(machine.run(100), {
    kind: 'watchpoint',
    cpu: 0,
    id: write,
    address,
    length: 4,
    access: 'write',
  });
  assert.equal(machine.retired, 1);
  assert.deepEqual(machine.run(100), {
    kind: 'watchpoint',
    cpu: 0,
    id: read,
    address,
    length: 4,
    access: 'read',
  });
  assert.equal(machine.retired, 3);
  machine.removeWatchpoint(write);
  machine.removeWatchpoint(read);
  runToGate(machine);
});

test('restoring a snapshot repeats the run bit for bit', () => {
  const machine = boot(sumLoop(50_000));
  machine.run(1234);
  const before = machine.snapshot();
  const hashBefore = machine.stateHash();
  machine.run(40_000);
  const hashAfter = machine.stateHash();
  const after = machine.snapshot();
  machine.restore(before);
  assert.equal(machine.stateHash(), hashBefore);
  machine.run(40_000);
  assert.equal(machine.stateHash(), hashAfter);
  machine.restore(after);
  assert.equal(machine.stateHash(), hashAfter);
  const other = boot(new Uint8Array(1));
  other.restore(before);
  assert.equal(other.stateHash(), hashBefore);
});

test('host reads and writes go through the page tables and drop decoded code', () => {
  const machine = boot(sumLoop(1_000_000));
  const [cpu] = machine.cpus;
  machine.run(1000);
  // The loop's jnz becomes a vmcall.
  assert.equal(machine.write(cpu, BigInt(Place.code + 10), bytes(GATE)), true);
  runToGate(machine, 10);
  assert.equal(machine.read(cpu, 0x7fff_0000n, 4), undefined);
  assert.equal(machine.write(cpu, 0x1ffffen, bytes('01 02 03')), false);
  assert.equal(machine.readU16(cpu, 0x1ffffen), 0);
});

test('the machine is idle when halted without a timer, and time skips to a timer', () => {
  const machine = boot(bytes('f4 90', GATE));
  assert.deepEqual(machine.run(100), { kind: 'idle' });
  // ecx = 0x832, eax = 0x40: LVT vector; ecx = 0x6e0: deadline 5000; sti; hlt
  const code = bytes('b9 32 08 00 00 b8 40 00 00 00 31 d2 0f 30 b9 e0 06 00 00 b8 88 13 00 00 0f 30 fb f4');
  const timed = boot(code);
  timed.ram.set(bytes(GATE, 'f4'), Place.handlers + 0x40 * 16);
  timed.physicalWritten(0, timed.ram.length);
  runToGate(timed);
  assert.ok(timed.clock >= 5000 && timed.clock < 5010, `clock ${timed.clock}`);
  assert.ok(timed.retired < 20);
});
