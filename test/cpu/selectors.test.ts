// Instructions about selectors, far transfers, int1, moffs beyond 53 bits, and what CPUID says is not there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Machine } from '../../emulator/cpu/machine';
import { boot, bytes, GATE, le, Place, runToGate, Selector } from './program';

const rax = 0;
const rcx = 1;
const ZERO = 0x40n;

function inRing3(machine: Machine): Machine {
  machine.cpus[0].cs = Selector.userCode | 3;
  machine.cpus[0].ss = Selector.userData | 3;
  return machine;
}

/** rax and ZF after `code` with `selector` in ecx. */
function ask(code: string, selector: number, ring3 = false): { value: bigint; zero: boolean } {
  const machine = boot(bytes(code, GATE));
  if (ring3) inRing3(machine);
  const [cpu] = machine.cpus;
  cpu.set(rcx, BigInt(selector));
  cpu.set(rax, 0x77n);
  runToGate(machine);
  return { value: cpu.get(rax), zero: (cpu.rflags & ZERO) !== 0n };
}

/** Runs until a handler halts: its vector and error code (the lowest word of the frame). */
function fault(machine: Machine): { vector: number; error: bigint } {
  assert.deepEqual(machine.run(1000), { kind: 'idle' });
  const [cpu] = machine.cpus;
  return { vector: (Number(cpu.rip) - 1 - Place.handlers) / 16, error: machine.readU64(cpu, cpu.rsp) ?? -1n };
}

test('lar and lsl give rights and limit of what the running level may see', () => {
  assert.deepEqual(ask('0f 02 c1', Selector.kernelCode), { value: 0xaf9a00n, zero: true });
  assert.deepEqual(ask('0f 02 c1', Selector.userData), { value: 0xcff200n, zero: true });
  assert.deepEqual(ask('66 0f 02 c1', Selector.userData), { value: 0xf200n, zero: true });
  assert.deepEqual(ask('0f 03 c1', Selector.kernelData), { value: 0xffffffffn, zero: true });
  const nothing = { value: 0x77n, zero: false };
  assert.deepEqual(ask('0f 02 c1', 0), nothing);
  assert.deepEqual(ask('0f 02 c1', 0x800), nothing, 'beyond the table');
  assert.deepEqual(ask('0f 03 c1', Selector.kernelData, true), nothing, 'ring 3 may not look');
  assert.deepEqual(ask('0f 03 c1', Selector.kernelData | 3), nothing, 'a requested level counts');
  assert.deepEqual(ask('0f 02 c1', Selector.task), nothing, 'a type that is none');
});

test('verr and verw say what may be read and written', () => {
  const verr = '0f 00 e1';
  const verw = '0f 00 e9';
  assert.equal(ask(verr, Selector.kernelCode).zero, true);
  assert.equal(ask(verw, Selector.kernelCode).zero, false);
  assert.equal(ask(verw, Selector.kernelData).zero, true);
  assert.equal(ask(verr, Selector.kernelData, true).zero, false);
  assert.equal(ask(verw, Selector.userData | 3, true).zero, true);
  assert.equal(ask(verr, 0).zero, false);
});

test('lfs, lgs and lss load a selector and a pointer, or neither', () => {
  // lfs rax, [data]
  const code = bytes('48 0f b4 04 25', le(Place.data, 4), GATE);
  const machine = boot(code);
  machine.ram.set(bytes(le(0x1122334455667788n, 8), le(Selector.userData | 3, 2)), Place.data);
  const [cpu] = runToGate(machine).cpus;
  assert.equal(cpu.get(rax), 0x1122334455667788n);
  assert.equal(cpu.selector(4), Selector.userData | 3);
  const bad = boot(bytes('0f b2 04 25', le(Place.data, 4)));
  bad.ram.set(bytes(le(5, 4), le(Selector.kernelCode, 2)), Place.data);
  assert.deepEqual(fault(bad), { vector: 13, error: BigInt(Selector.kernelCode) });
  assert.equal(bad.cpus[0].get(rax), 0n);
});

test('far jump and call reach code of the same level, and a far return comes back', () => {
  // lcall *[data]; vmcall — the target: inc eax; lret
  const machine = boot(bytes('ff 1c 25', le(Place.data, 4), GATE));
  machine.ram.set(bytes('ff c0 cb'), Place.code + 0x100);
  machine.ram.set(bytes(le(Place.code + 0x100, 4), le(Selector.kernelCode, 2)), Place.data);
  const [cpu] = runToGate(machine).cpus;
  assert.equal(cpu.get(rax), 1n);
  assert.equal(cpu.rsp, BigInt(Place.stack));
  const outward = boot(bytes('ff 2c 25', le(Place.data, 4)));
  outward.ram.set(bytes(le(Place.code, 4), le(Selector.userCode | 3, 2)), Place.data);
  assert.deepEqual(fault(outward), { vector: 13, error: BigInt(Selector.userCode) });
});

test('int1 is #DB after itself, from ring 3 too', () => {
  const machine = inRing3(boot(bytes('90 f1 90')));
  assert.deepEqual(fault(machine), { vector: 1, error: BigInt(Place.code + 2) });
});

test('an absolute address of 64 bits is exact, and refused where it is not canonical', () => {
  // movabs rax, [address]
  for (const address of [0x0020_0000_0000_0001n, 0x8000_0000_0000_0001n]) {
    const machine = boot(bytes('48 a1', le(address, 8)));
    assert.deepEqual(fault(machine), { vector: 13, error: 0n });
  }
  const address = 0xffff_9234_5678_9abdn;
  const mapped = boot(bytes('48 a1', le(address, 8)));
  assert.equal(fault(mapped).vector, 14);
  assert.equal(mapped.cpus[0].cr2, address);
});

test('an operand that leaves the canonical addresses is #GP, not a page fault of its first bytes', () => {
  // mov rax, [0x7ffffffffffc] and the same written
  for (const code of ['48 a1', '48 a3']) {
    assert.deepEqual(fault(boot(bytes(code, le(0x7fff_ffff_fffcn, 8)))), { vector: 13, error: 0n });
  }
});

test('what CPUID does not promise is undefined', () => {
  const codes = {
    rdrand: '0f c7 f0',
    rdseed: '0f c7 f8',
    rdpid: 'f3 0f c7 f8',
    stac: '0f 01 cb',
    clac: '0f 01 ca',
    monitor: '0f 01 c8',
    mwait: '0f 01 c9',
    sysenter: '0f 34',
    sysexit: '0f 35',
    xgetbv: '0f 01 d0',
    clwb: '66 0f ae 30',
    'sysret to 32 bits': '0f 07',
  };
  for (const [name, code] of Object.entries(codes)) {
    for (const ring3 of name.startsWith('sysret') ? [false] : [false, true]) {
      const machine = boot(bytes(code));
      if (ring3) inRing3(machine);
      machine.run(1000);
      assert.equal(machine.cpus[0].rip, BigInt(Place.handlers + 6 * 16 + 1), name);
    }
  }
});
