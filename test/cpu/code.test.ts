// Code that changes while it runs: by itself, by the host, by another CPU, in translated loops; and breakpoints and
// watchpoints in translated code. Everything is checked with the reference evaluator and with early translation.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boot, bytes, GATE, le, Place, runToGate, setGate } from './program';

const rax = 0;
const rcx = 1;
const engines = [
  ['evaluator', { translate: false }],
  ['translated', { heat: 1 }],
] as const;

for (const [name, options] of engines) {
  test(`${name}: a store into the running block takes effect at the next instruction`, () => {
    // loop: the mov patches the immediate of the add behind it in the same block; eax sums the loop counter
    // mov ecx, 100; 1: mov [imm], ecx; add eax, 0; dec ecx; jnz 1b; vmcall
    const loop = bytes('89 0c 25', le(Place.code + 5 + 7 + 1, 4), '05 00 00 00 00', 'ff c9', '75 f0');
    const machine = runToGate(boot(bytes('b9 64 00 00 00', loop, GATE), options));
    assert.equal(machine.cpus[0].get(rax), 5050n);
  });

  test(`${name}: an int3 written by the host into a hot loop is hit at its next fetch`, () => {
    // 1: inc eax; nop; jmp 1b
    const machine = boot(bytes('ff c0 90 eb fb'), options);
    machine.run(10_001);
    assert.equal(machine.cpus[0].get(rax), 3334n);
    machine.write(machine.cpus[0], BigInt(Place.code + 2), bytes('cc'));
    // The jmp and the inc before it still run.
    assert.deepEqual(machine.run(100), { kind: 'idle' });
    assert.equal(machine.cpus[0].get(rax), 3335n);
    assert.equal(machine.cpus[0].rip, BigInt(Place.handlers + 3 * 16 + 1));
  });

  test(`${name}: an int3 written by another CPU stops a loop that the first one runs`, () => {
    // CPU 0: 1: inc eax; nop; jmp 1b.  CPU 1: mov ecx, 50000; 1: dec ecx; jnz 1b; mov byte [target], 0xcc; hlt
    const machine = boot(bytes('ff c0 90 eb fb'), { ...options, cpus: 2 });
    const other = bytes('b9 50 c3 00 00 ff c9 75 fc c6 04 25', le(Place.code + 2, 4), 'cc f4');
    machine.ram.set(other, Place.code + 0x1000);
    machine.physicalWritten(Place.code + 0x1000, other.length);
    machine.cpus[1].rip = BigInt(Place.code + 0x1000);
    machine.cpus[1].rsp -= 0x1000n;
    machine.cpus[1].started = true;
    assert.deepEqual(machine.run(1_000_000), { kind: 'idle' });
    assert.equal(machine.cpus[0].rip, BigInt(Place.handlers + 3 * 16 + 1));
    assert.ok(
      machine.cpus[0].retired > 100_000 && machine.cpus[0].retired < 160_000,
      `${machine.cpus[0].retired}`,
    );
  });

  test(`${name}: a guest write through another mapping of the page counts, too`, () => {
    // The page after the data page maps the code page. mov ecx, 5; 1: inc eax; dec ecx; jnz 1b; then patch and rerun
    const alias = Place.data + 0x1000;
    const body = bytes('b9 05 00 00 00 ff c0 ff c9 75 fa');
    const patch = bytes('c6 04 25', le(alias + 6, 4), 'c8', '85 d2 75 04 ff c2 eb e5', GATE);
    const machine = boot(bytes(body, patch), options);
    machine.ram.set(le(Place.code | 7, 4), 0x4000 + (alias >> 12) * 8);
    machine.physicalWritten(0x4000, 4096);
    runToGate(machine);
    // Five times inc eax, then (the byte is now the c8 of `dec eax`) five times dec eax.
    assert.equal(machine.cpus[0].get(rax), 0n);
  });

  test(`${name}: a host breakpoint in a translated loop stops each time, in slices and single steps`, () => {
    const machine = boot(bytes('ff c0 ff c1 eb fa'), options);
    machine.run(50_000);
    const before = machine.cpus[0].get(rcx);
    const address = BigInt(Place.code + 2);
    machine.addBreakpoint(address);
    for (let hit = 1n; hit <= 3n; hit++) {
      assert.deepEqual(machine.run(1000), { kind: 'breakpoint', cpu: 0, address });
      assert.equal(machine.cpus[0].get(rcx), before + hit - 1n);
    }
    machine.step(0);
    assert.equal(machine.cpus[0].get(rcx), before + 3n);
    machine.removeBreakpoint(address);
    assert.deepEqual(machine.run(1000), { kind: 'budget' });
  });

  test(`${name}: a watchpoint stops in a translated loop exactly after the access`, () => {
    // mov esi, data; 1: inc dword [rsi]; add esi, 4; jmp 1b
    const machine = boot(bytes('be', le(Place.data, 4), 'ff 06 83 c6 04 eb f9'), options);
    machine.run(601);
    const address = BigInt(Place.data + 4 * 300);
    const id = machine.addWatchpoint({ address, length: 4, access: 'write' });
    assert.deepEqual(machine.run(10_000), {
      kind: 'watchpoint',
      cpu: 0,
      id,
      address,
      length: 4,
      access: 'write',
    });
    assert.equal(machine.retired, 1 + 300 * 3 + 1);
    assert.equal(machine.readU32(machine.cpus[0], address), 1);
  });

  test(`${name}: a page fault in a translated loop is precise`, () => {
    // mov esi, data; 1: mov eax, [rsi]; add esi, 64; jmp 1b — runs off mapped memory at 2 MiB
    const machine = boot(bytes('be', le(Place.data, 4), '8b 06 83 c6 40 eb f9'), options);
    assert.deepEqual(machine.run(1_000_000), { kind: 'idle' });
    const [cpu] = machine.cpus;
    assert.equal(cpu.rip, BigInt(Place.handlers + 14 * 16 + 1));
    assert.equal(cpu.cr2, 0x200000n);
    assert.equal(machine.readU64(cpu, cpu.rsp + 8n), BigInt(Place.code + 5));
    assert.equal(machine.retired, 1 + ((0x200000 - Place.data) / 64) * 3 + 1);
  });

  test(`${name}: timer interrupts land on exact counts, whatever the slices`, () => {
    // Handler of vector 0x40: inc ebx; push rax, rcx, rdx; rdtsc; add eax, 1000; re-arm; EOI; pop; iretq
    const handler = bytes(
      'ff c3 50 51 52 0f 31 05 e8 03 00 00 b9 e0 06 00 00 0f 30',
      'b9 0b 08 00 00 31 c0 31 d2 0f 30 5a 59 58 48 cf',
    );
    const start = bytes('b9 32 08 00 00 b8 40 00 00 00 31 d2 0f 30 b9 e0 06 00 00 b8 e8 03 00 00 0f 30 fb');
    const loop = bytes('ff c6 01 f7 eb fa');
    const run = (slice: number): string => {
      const machine = boot(bytes(start, loop), options);
      machine.ram.set(handler, Place.handlers + 0x1000);
      setGate(machine, 0x40, Place.handlers + 0x1000);
      machine.physicalWritten(0, machine.ram.length);
      for (let left = 60_000; left > 0; left -= slice) machine.run(Math.min(left, slice));
      assert.ok(machine.cpus[0].get(3) > 50n, 'the timer ran');
      return `${machine.stateHash()} ${machine.retired}`;
    };
    const expected = run(60_000);
    assert.equal(run(1000), expected);
    assert.equal(run(77), expected);
  });
}

test('two CPUs interleave alike in both engines and in any slices', () => {
  // Both: mov ecx, 40000; 1: lock inc dword [data]; xadd [data+8], eax; dec ecx; jnz 1b; hlt
  const code = bytes(
    'b9 40 9c 00 00 f0 ff 04 25',
    le(Place.data, 4),
    'f0 0f c1 04 25',
    le(Place.data + 8, 4),
    'ff c9 75 eb f4',
  );
  const run = (options: { translate?: boolean; heat?: number }, slice: number): string => {
    const machine = boot(code, { ...options, cpus: 2 });
    machine.cpus[1].rsp -= 0x1000n;
    machine.cpus[1].started = true;
    machine.cpus[1].set(rax, 3n);
    let stop = machine.run(slice);
    while (stop.kind === 'budget') stop = machine.run(slice);
    assert.deepEqual(stop, { kind: 'idle' });
    assert.equal(machine.readU32(machine.cpus[0], BigInt(Place.data)), 80_000);
    return `${machine.stateHash()} ${machine.retired}`;
  };
  const expected = run({ translate: false }, 1_000_000);
  assert.equal(run({ heat: 1 }, 1_000_000), expected);
  assert.equal(run({ heat: 3 }, 3331), expected);
});

test('string instructions restart after a fault in the middle and stop at exact counts', () => {
  // mov ecx, 0x2000; mov edi, data; mov al, 7; rep stosb — the second page is not writable
  const machine = boot(bytes('b9 00 20 00 00 bf', le(Place.data, 4), 'b0 07 f3 aa', GATE));
  machine.ram.set(le((Place.data + 0x1000) | 5, 4), 0x4000 + ((Place.data >> 12) + 1) * 8);
  machine.physicalWritten(0x4000, 4096);
  assert.deepEqual(machine.run(100), { kind: 'idle' });
  const [cpu] = machine.cpus;
  assert.equal(cpu.cr2, BigInt(Place.data + 0x1000));
  assert.equal(cpu.get(rcx), 0x1000n);
  assert.equal(cpu.get(7), BigInt(Place.data + 0x1000));
  assert.equal(machine.readU64(cpu, cpu.rsp + 8n), BigInt(Place.code + 12));
  assert.equal(machine.ram[Place.data + 0xfff], 7);
  // Overlapping rep movsb repeats the first byte; rep movsq of 64 KiB needs several portions.
  const copy = boot(
    bytes('b9 ff 0f 00 00 be', le(Place.data, 4), 'bf', le(Place.data + 1, 4), 'f3 a4', GATE),
  );
  copy.ram[Place.data] = 9;
  runToGate(copy);
  assert.ok(copy.ram.subarray(Place.data, Place.data + 0x1000).every((byte) => byte === 9));
});
