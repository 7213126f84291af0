// Faults, exceptions and privilege: error codes, CR2, frames, stack switches, single step, double and triple faults.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Machine } from '../../emulator/cpu/machine';
import { boot, bytes, GATE, le, Place, Pte, pteOf, Selector, setGate, setPage } from './program';

const rax = 0;

/** The interrupt frame on the stack, lowest address first. */
function frame(machine: Machine, words: number): bigint[] {
  const [cpu] = machine.cpus;
  return Array.from({ length: words }, (_, at) => machine.readU64(cpu, cpu.rsp + BigInt(at * 8)) ?? -1n);
}

/** Runs until the handler of `vector` halts; fails if another one does. */
function expectHandler(machine: Machine, vector: number): void {
  assert.deepEqual(machine.run(10_000), { kind: 'idle' });
  assert.equal(machine.cpus[0].rip, BigInt(Place.handlers + vector * 16 + 1), 'the wrong handler ran');
}

/** Puts CPU 0 into ring 3 at Place.code. */
function userMode(machine: Machine): Machine {
  machine.cpus[0].cs = Selector.userCode | 3;
  machine.cpus[0].ss = Selector.userData | 3;
  return machine;
}

// mov eax, [data]
const readData = bytes('8b 04 25', le(Place.data, 4), GATE);
// mov [data], eax
const writeData = bytes('89 04 25', le(Place.data, 4), GATE);
// add [data], eax
const changeData = bytes('01 04 25', le(Place.data, 4), GATE);

const { present, write, user, noExecute } = Pte;
const pageFaults: [name: string, code: Uint8Array, flags: bigint, user: boolean, error: bigint][] = [
  ['kernel read, not present', readData, write | user, false, 0n],
  ['kernel write, not present', writeData, 0n, false, 2n],
  ['kernel write, read-only', writeData, present, false, 3n],
  ['user read, supervisor page', readData, present | write, true, 5n],
  ['user write, read-only', writeData, present | user, true, 7n],
  ['user read-modify-write, read-only', changeData, present | user, true, 7n],
  ['user read, not present', readData, 0n, true, 4n],
  ['reserved bit', readData, present | write | (1n << 45n), false, 9n],
];

for (const [name, code, flags, inUser, error] of pageFaults) {
  test(`page fault: ${name}`, () => {
    const machine = boot(code);
    if (inUser) userMode(machine);
    setPage(machine, Place.data, flags);
    machine.cpus[0].set(rax, 0x1234n);
    expectHandler(machine, 14);
    const [code_, rip, cs] = frame(machine, 3);
    assert.equal(code_, error);
    assert.equal(rip, BigInt(Place.code));
    assert.equal(cs, BigInt(inUser ? Selector.userCode | 3 : Selector.kernelCode));
    assert.equal(machine.cpus[0].cr2, BigInt(Place.data));
    assert.equal(machine.cpus[0].get(rax), 0x1234n);
    assert.equal(machine.retired, 1, 'only the handler retired an instruction');
  });
}

test('a fetch from a no-execute page faults with the fetch bit, also on the second page of an instruction', () => {
  const machine = boot(bytes('b8', le(Place.data, 4), 'ff e0'));
  setPage(machine, Place.data, present | write | noExecute);
  expectHandler(machine, 14);
  assert.deepEqual(frame(machine, 2), [0x11n, BigInt(Place.data)]);
  const crossing = boot(bytes('b8', le(Place.data + 0xffe, 4), 'ff e0'));
  crossing.ram.set(bytes('48 8b 04 25 00 00 02 00'), Place.data + 0xffe);
  setPage(crossing, Place.data + 0x1000, present | noExecute);
  expectHandler(crossing, 14);
  assert.deepEqual(frame(crossing, 2), [0x11n, BigInt(Place.data + 0xffe)]);
  assert.equal(crossing.cpus[0].cr2, BigInt(Place.data + 0x1000));
});

test('a store that crosses into a bad page writes nothing', () => {
  // mov [data + 0xffc], rax
  const machine = boot(bytes('48 89 04 25', le(Place.data + 0xffc, 4)));
  setPage(machine, Place.data + 0x1000, present);
  machine.cpus[0].set(rax, -1n & 0xffffffffffffffffn);
  expectHandler(machine, 14);
  assert.equal(machine.cpus[0].cr2, BigInt(Place.data + 0x1000));
  assert.equal(machine.readU32(machine.cpus[0], BigInt(Place.data + 0xffc)), 0);
});

test('accessed and dirty bits', () => {
  const machine = boot(bytes(readData.subarray(0, 7), GATE, writeData.subarray(0, 7), GATE));
  machine.hooks = { gate: () => machine.requestStop() };
  const entry = (): number => (machine.readU32(machine.cpus[0], BigInt(pteOf(Place.data))) ?? 0) & 0x60;
  assert.equal(entry(), 0);
  machine.run(10);
  assert.equal(entry(), 0x20);
  machine.run(10);
  assert.equal(entry(), 0x60);
});

test('non-canonical addresses: #GP for data, #SS for the stack', () => {
  // mov rax, 0x8000000000000000; mov rcx, [rax]
  const bad = bytes('48 b8', le(1n << 63n, 8));
  const data = boot(bytes(bad, '48 8b 08'));
  expectHandler(data, 13);
  assert.deepEqual(frame(data, 2), [0n, BigInt(Place.code + 10)]);
  // mov rsp, rax; push rax: the exception needs a good stack, from the IST
  const stack = boot(bytes(bad, '48 89 c4 50'));
  setGate(stack, 12, Place.handlers + 12 * 16, { ist: 1 });
  expectHandler(stack, 12);
  assert.deepEqual(frame(stack, 2), [0n, BigInt(Place.code + 13)]);
});

test('#UD, #DE, #GP of privileged instructions in ring 3, with frames', () => {
  const cases: [string, number, bigint[]][] = [
    ['0f 0b', 6, []],
    ['31 c9 f7 f1', 0, []],
    ['f4', 13, [0n]],
    ['fa', 13, [0n]],
    ['0f 01 f8', 13, [0n]],
    ['0f 20 c0', 13, [0n]],
    ['cd 40', 13, [0x40n * 8n + 2n]],
    ['0f 57 c0', 6, []],
    ['f0 48 01 c8', 6, []],
  ];
  for (const [code, vector, error] of cases) {
    const machine = userMode(boot(bytes(code)));
    expectHandler(machine, vector);
    assert.deepEqual(frame(machine, error.length), error, code);
    const [rip, cs, , rsp, ss] = frame(machine, 5 + error.length).slice(error.length);
    assert.equal(rip, BigInt(Place.code + (vector === 0 ? 2 : 0)));
    assert.equal(cs, BigInt(Selector.userCode | 3));
    assert.equal(rsp, BigInt(Place.stack));
    assert.equal(ss, BigInt(Selector.userData | 3));
    assert.equal(machine.cpus[0].rsp, BigInt(Place.interruptStack - (5 + error.length) * 8));
  }
});

test('int3 from ring 3 saves the address after it; the interrupt stack is aligned', () => {
  const machine = userMode(boot(bytes('90 cc')));
  expectHandler(machine, 3);
  assert.equal(frame(machine, 1)[0], BigInt(Place.code + 2));
  const kernel = boot(bytes('90 cc'));
  kernel.cpus[0].rsp = BigInt(Place.stack - 5);
  expectHandler(kernel, 3);
  assert.equal(kernel.cpus[0].rsp, BigInt(Place.stack - 16 - 40));
  assert.equal(frame(kernel, 4)[3], BigInt(Place.stack - 5));
});

test('an interrupt gate clears IF, a trap gate leaves it', () => {
  for (const trap of [false, true]) {
    const machine = boot(bytes('cc'));
    setGate(machine, 3, Place.handlers + 48, { trap });
    machine.cpus[0].rflags = 0x202n;
    machine.run(2);
    assert.equal(machine.cpus[0].interruptsEnabled, trap);
  }
});

test('iretq returns to ring 3, syscall enters ring 0 and sysret leaves it', () => {
  // ring 0: push ss, rsp, flags, cs, rip; iretq
  const userCode = Place.code + 0x100;
  const machine = boot(
    bytes('6a 1b 68', le(Place.stack - 0x800, 4), '68 02 02 00 00 6a 23 68', le(userCode, 4), '48 cf'),
  );
  const [cpu] = machine.cpus;
  cpu.efer |= 1n;
  cpu.writeMsr(0xc0000081, (0x10n << 48n) | (0x08n << 32n));
  cpu.writeMsr(0xc0000082, BigInt(Place.code + 0x200));
  cpu.writeMsr(0xc0000084, 0x200n);
  machine.ram.set(bytes('0f 05', GATE), userCode);
  machine.ram.set(bytes('48 0f 07'), Place.code + 0x200);
  machine.physicalWritten(Place.code, 0x300);
  machine.run(6);
  assert.equal(cpu.rip, BigInt(userCode));
  assert.equal(cpu.cpl, 3);
  assert.equal(cpu.rsp, BigInt(Place.stack - 0x800));
  machine.run(1);
  assert.equal(cpu.cpl, 0);
  assert.equal(cpu.cs, Selector.kernelCode);
  assert.equal(cpu.ss, Selector.kernelData);
  assert.equal(cpu.get(1), BigInt(userCode + 2));
  assert.equal(cpu.get(11), 0x202n);
  assert.equal(cpu.rflags, 2n);
  machine.run(1);
  assert.equal(cpu.cpl, 3);
  assert.equal(cpu.rip, BigInt(userCode + 2));
  assert.equal(cpu.cs, Selector.userCode | 3);
  assert.equal(cpu.ss, Selector.userData | 3);
  assert.equal(cpu.rflags, 0x202n);
});

test('the trap flag raises #DB after one instruction, also through popf', () => {
  // pushf; or qword [rsp], 0x100; popf; nop; nop
  const machine = boot(bytes('9c 48 81 0c 24 00 01 00 00 9d 90 90'));
  expectHandler(machine, 1);
  const [rip, , flags] = frame(machine, 3);
  assert.equal(rip, BigInt(Place.code + 11));
  assert.equal(flags & 0x100n, 0x100n);
  assert.equal(machine.cpus[0].rflags & 0x100n, 0n);
});

test('interrupts come between instructions, wait for IF, and sti has a shadow', () => {
  const machine = boot(bytes('90 fb 90 90 f4'));
  machine.cpus[0].interrupt(0x50);
  machine.run(3);
  assert.equal(machine.cpus[0].rip, BigInt(Place.code + 3), 'the instruction after sti runs first');
  expectHandler(machine, 0x50);
  assert.equal(frame(machine, 1)[0], BigInt(Place.code + 3));
});

test('a fault in delivery becomes a double fault, a fault in that shuts the machine down', () => {
  const machine = boot(bytes('0f 0b'));
  const [cpu] = machine.cpus;
  cpu.rsp = 0x7fff_0000n;
  setGate(machine, 8, Place.handlers + 8 * 16, { ist: 1 });
  // #UD is benign: the page fault of its frame is delivered instead, and that one's page fault doubles.
  expectHandler(machine, 8);
  assert.equal(cpu.rsp, BigInt(Place.istStack - 48));
  const dead = boot(bytes('0f 0b'));
  dead.cpus[0].setTable('idtr', BigInt(Place.idt), 0);
  const stop = dead.run(100);
  assert.equal(stop.kind, 'shutdown');
  assert.deepEqual(dead.run(100), stop);
});
