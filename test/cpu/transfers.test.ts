// System calls, returns from interrupts, popfq and int3 in the kernel: their statements for the usual cases must do what
// their procedures do in every case. Random descriptors, gates, frames and flags, mostly valid. Seed: KPROBE_LAB_SEED,
// number of cases for each instruction: KPROBE_LAB_CASES.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GuestFault } from '../../emulator/cpu/fault';
import { Field } from '../../emulator/cpu/layout';
import type { Machine } from '../../emulator/cpu/machine';
import { deliverFault, TripleFault } from '../../emulator/cpu/system/deliver';
import { procedureOf } from '../../emulator/cpu/system/procedures';
import { decode } from '../../emulator/isa/decode';
import { boot, bytes, le, Place, Selector, setGate } from './program';
import { randomFrom } from './random';

const seed = Number(process.env.KPROBE_LAB_SEED ?? 20261124);
const cases = Number(process.env.KPROBE_LAB_CASES ?? 60);

/** A machine whose tables, stack and registers are right, but for about one random mistake. */
function prepare(code: Uint8Array, number: number, options: { translate?: boolean; heat?: number }): Machine {
  const next = randomFrom(seed + number);
  const random = (below: number): number => next() % below;
  const machine = boot(code, options);
  const [cpu] = machine.cpus;
  const put = (at: number, value: bigint | number, size = 8): void => {
    machine.ram.set(le(value, size), at);
    machine.physicalWritten(at, size);
  };
  const flags = [2, 0x202, 0x246, 0x8d7, 0x297, 0x10a02, 0x3202, 0x40202, 0x4002, 0x302, 0xffffffff];
  const pick = <T>(values: readonly T[]): T => values[random(values.length)];
  const toUser = random(2) === 0;
  cpu.efer |= 1n;
  cpu.writeMsr(0xc0000081, (0x10n << 48n) | (0x08n << 32n));
  cpu.writeMsr(0xc0000082, BigInt(Place.code + 0x200));
  cpu.writeMsr(0xc0000084, BigInt(pick([0x200, 0x47700, 0, 0x257fd5])));
  cpu.rflags = BigInt(pick(flags.slice(0, 9)) & ~0x100);
  cpu.rsp = BigInt(Place.stack - 0x100 - 8 * random(4) - (random(5) === 0 ? 3 : 0));
  cpu.set(1, BigInt(Place.code + 0x200));
  cpu.set(11, BigInt(pick(flags)));
  const stack = Number(cpu.rsp);
  put(stack, code[0] === 0x9d ? pick(flags) : Place.code + 0x200);
  put(stack + 8, toUser ? Selector.userCode | 3 : Selector.kernelCode);
  put(stack + 16, pick(flags));
  put(stack + 24, Place.stack - 0x400);
  put(stack + 32, toUser ? Selector.userData | 3 : pick([0, Selector.kernelData]));
  setGate(machine, 3, Place.handlers + 48, { trap: random(2) === 0, dpl: random(4) });
  for (const segment of [0, 3, 4, 5]) if (random(6) === 0) cpu.setSelector(segment, Selector.kernelData);
  if (random(4) === 0) cpu.interrupt(0x50);
  switch (random(12)) {
    case 0:
      put(Place.gdt + 8 * (1 + random(4)) + 5, random(256), 1);
      break;
    case 1:
      put(Place.gdt + 8 * (1 + random(4)) + 6, random(256), 1);
      break;
    case 2:
      put(stack + 8 + (random(2) === 0 ? 0 : 24), random(0x48), 2);
      break;
    case 3:
      put(Place.idt + 48 + 4, random(0x10000), 2);
      break;
    case 4:
      put(Place.idt + 48 + 2, random(0x48), 2);
      break;
    case 5:
      cpu.set(1, 1n << 60n);
      put(stack, 1n << 60n);
      break;
    case 6:
      cpu.setTable('gdtr', BigInt(Place.gdt), random(0x38));
      break;
    case 7:
      cpu.setTable('idtr', BigInt(Place.idt), random(0x50));
      break;
    case 8:
      cpu.rsp = BigInt(pick([0x30_0000_0008, 0xf000_0000_0000, Place.stack + 4096 - 16, Place.stack + 20]));
      break;
    case 9:
      cpu.efer &= ~1n;
      break;
  }
  return machine;
}

/** Everything that the instruction can change, but for the count. */
function outcome(machine: Machine): unknown {
  const [cpu] = machine.cpus;
  return {
    registers: Array.from({ length: 16 }, (_, register) => cpu.get(register).toString(16)),
    rip: cpu.rip.toString(16),
    flags: cpu.rflags.toString(16),
    level: cpu.cpl,
    selectors: [0, 1, 2, 3, 4, 5].map((segment) => cpu.selector(segment)),
    cr2: cpu.word(Field.cr2).toString(16),
    memory: Buffer.from(machine.ram.subarray(Place.stack - 0x800, Place.istStack)).toString('base64'),
  };
}

/** The state after delivery of a fault; nothing is left of a machine that shuts down. */
function delivered(machine: Machine, fault: GuestFault): unknown {
  try {
    deliverFault(machine.core, fault);
  } catch (error) {
    if (!(error instanceof TripleFault)) throw error;
    return 'shutdown';
  }
  return outcome(machine);
}

/** The instruction as its procedure does it. */
function byProcedure(machine: Machine, code: Uint8Array): unknown {
  const decoded = decode(code);
  assert.ok(decoded.ok);
  const [cpu] = machine.cpus;
  cpu.rip = BigInt(Place.code + decoded.length);
  try {
    procedureOf(decoded.op)(machine, decoded, BigInt(Place.code));
  } catch (error) {
    if (!(error instanceof GuestFault)) throw error;
    cpu.rip = BigInt(Place.code);
    return delivered(machine, error);
  }
  return outcome(machine);
}

for (const [name, code] of [
  ['int3', bytes('cc')],
  ['iretq', bytes('48 cf')],
  ['syscall', bytes('0f 05')],
  ['sysretq', bytes('48 0f 07')],
  ['popfq', bytes('9d')],
] as const) {
  test(`${name}: statements and procedure agree (seed ${seed}, ${cases} cases)`, () => {
    for (let number = 0; number < cases; number++) {
      // A pending interrupt would be taken before the instruction if IF were set.
      const masked = (options: { translate?: boolean; heat?: number }): Machine => {
        const machine = prepare(code, number, options);
        machine.cpus[0].rflags &= ~0x200n;
        return machine;
      };
      const expected = byProcedure(masked({ translate: false }), code);
      for (const options of [{ translate: false }, { heat: 1 }]) {
        const machine = masked(options);
        const after = machine.run(1).kind === 'shutdown' ? 'shutdown' : outcome(machine);
        assert.deepEqual(after, expected, `case ${number} of seed ${seed}, ${JSON.stringify(options)}`);
      }
    }
  });
}

test('a kernel that traps, returns and serves ring 3 leaves the same state in every engine and slice', () => {
  const userCode = Place.code + 0x100;
  const entry = Place.code + 0x200;
  // Ring 3: dec rbx; jz the end; syscall; jmp back. Ring 0: int3; pushfq; popfq; mov rax, cr2; sysretq.
  const run = (options: { translate?: boolean; heat?: number }, slice: number): string => {
    const machine = boot(
      bytes('6a 1b 68', le(Place.stack - 0x800, 4), '68 02 02 00 00 6a 23 68', le(userCode, 4), '48 cf'),
      options,
    );
    const [cpu] = machine.cpus;
    cpu.efer |= 1n;
    cpu.writeMsr(0xc0000081, (0x10n << 48n) | (0x08n << 32n));
    cpu.writeMsr(0xc0000082, BigInt(entry));
    cpu.writeMsr(0xc0000084, 0x200n);
    cpu.set(3, 300n);
    machine.ram.set(bytes('48 ff cb 74 04 0f 05 eb f7 0f 0b'), userCode);
    machine.ram.set(bytes('cc 9c 9d 0f 20 d0 48 0f 07'), entry);
    machine.ram.set(bytes('48 cf'), Place.handlers + 48);
    machine.physicalWritten(0, machine.ram.length);
    for (let done = 0; done < 6000; done += slice) machine.run(slice);
    return `${machine.retired} ${machine.stateHash()}`;
  };
  const expected = run({ translate: false }, 6000);
  for (const heat of [1, 3, 24]) {
    for (const slice of [6000, 1000, 60, 12]) {
      assert.equal(run({ heat }, slice), expected, `heat ${heat}, slices of ${slice}`);
    }
  }
});
