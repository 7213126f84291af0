// Repeated string instructions under interrupts, faults and slices; descriptor tables that cannot be used; instructions
// that end where memory ends. With the reference evaluator and with early translation.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Machine } from '../../emulator/cpu/machine';
import { boot, bytes, GATE, le, Place, Pte, pteOf, runToGate, setGate, setPage } from './program';

const rcx = 1;
const rsi = 6;
const rdi = 7;
const FROM = 0x40000;
const TO = 0x80000;
const BYTES = 0x20000;
const engines = [
  ['evaluator', { translate: false }],
  ['translated', { heat: 1 }],
] as const;

/** Counts in ebx, re-arms the timer, so that one or two instructions of the program run in between, ends the interrupt, returns. */
const timerHandler = bytes(
  'ff c3 50 51 52 0f 31 83 c0 0e b9 e0 06 00 00 0f 30',
  'b9 0b 08 00 00 31 c0 31 d2 0f 30 5a 59 58 48 cf',
);
/** LVT vector 0x40, a deadline, sti. */
const startTimer = bytes('b9 32 08 00 00 b8 40 00 00 00 31 d2 0f 30 0f 31 83 c0 0e b9 e0 06 00 00 0f 30 fb');

function withPattern(machine: Machine): Machine {
  for (let at = 0; at < BYTES; at++) machine.ram[FROM + at] = (at * 7 + (at >> 8)) & 255;
  machine.physicalWritten(FROM, BYTES);
  return machine;
}

/** lea/mov of the registers, then a repeated instruction again and again. */
function copies(instruction: string, down: boolean): Uint8Array {
  const last = down ? BYTES - 1 : 0;
  const once = bytes(
    ...['be', le(FROM + last, 4), 'bf', le(TO + last, 4), 'b9', le(BYTES, 4), '31 c0'],
    down ? 'fd' : 'fc',
    instruction,
  );
  // mov ebp, 3; 1: …; dec ebp; jnz 1b; vmcall
  return bytes('bd 03 00 00 00', once, 'ff cd', '0f 85', le(-(once.length + 8), 4), GATE);
}

for (const [name, instruction, down] of [
  ['rep movsb', 'f3 a4', false],
  ['rep movsb downwards', 'f3 a4', true],
  ['rep stosb', 'f3 aa', false],
  ['repe cmpsb', 'f3 a6', false],
  ['repne scasb', 'f2 ae', false],
] as const) {
  test(`${name} with timer interrupts in the middle: one state in all engines and slices`, () => {
    const run = (options: { translate?: boolean; heat?: number }, slice: number): string => {
      const machine = withPattern(boot(bytes(startTimer, copies(instruction, down)), options));
      machine.ram.set(timerHandler, Place.handlers + 0x1000);
      setGate(machine, 0x40, Place.handlers + 0x1000);
      machine.physicalWritten(0, 0x10000);
      let gate = false;
      machine.hooks = {
        gate: () => {
          gate = true;
          machine.requestStop();
        },
      };
      for (let left = 100_000; !gate && left > 0; left -= slice) machine.run(Math.min(left, slice));
      const [cpu] = machine.cpus;
      assert.ok(gate, 'the copies came to their end');
      assert.ok(cpu.get(3) > 3n, `interrupts came: ${cpu.get(3)}`);
      if (instruction === 'f3 a4')
        assert.deepEqual(machine.ram.slice(TO, TO + BYTES), machine.ram.slice(FROM, FROM + BYTES));
      return `${machine.stateHash()} ${machine.retired}`;
    };
    const expected = run({ translate: false }, 1_000_000);
    for (const slice of [1, 3, 1000])
      assert.equal(run({ translate: false }, slice), expected, `slice ${slice}`);
    for (const slice of [1, 1000, 1_000_000])
      assert.equal(run({ heat: 1 }, slice), expected, `heat 1, ${slice}`);
  });
}

for (const [name, options] of engines) {
  test(`${name}: rep movs faults at the element, on either side, and goes on once the page is there`, () => {
    for (const hole of [FROM + 0x3000, TO + 0x2000]) {
      const machine = withPattern(boot(copies('f3 a4', false), options));
      setPage(machine, hole, 0n);
      assert.deepEqual(machine.run(1000), { kind: 'idle' });
      const [cpu] = machine.cpus;
      assert.equal(cpu.rip, BigInt(Place.handlers + 14 * 16 + 1));
      assert.equal(cpu.cr2, BigInt(hole));
      const done = BigInt(hole & 0xffff);
      assert.equal(cpu.get(rsi), BigInt(FROM) + done);
      assert.equal(cpu.get(rdi), BigInt(TO) + done);
      assert.equal(cpu.get(rcx), BigInt(BYTES) - done);
      assert.equal(machine.readU64(cpu, cpu.rsp), hole < TO ? 0n : 2n);
      // The handler of a kernel: maps the page, drops the error code, returns.
      setPage(machine, hole, Pte.present | Pte.write);
      machine.ram.set(bytes('48 83 c4 08 48 cf'), Place.handlers + 14 * 16 + 1);
      machine.physicalWritten(Place.handlers, 0x1000);
      cpu.halted = false;
      runToGate(machine);
      assert.deepEqual(machine.ram.slice(TO, TO + BYTES), machine.ram.slice(FROM, FROM + BYTES));
    }
  });

  test(`${name}: an instruction that ends beyond its page faults with the address of the next one`, () => {
    // The first bytes of mov rax, [data] at the end of the code page; the next page is missing, or not to be executed.
    for (const [flags, error] of [
      [0n, 0x10n],
      [Pte.present | Pte.noExecute, 0x11n],
    ] as const) {
      const machine = boot(bytes('e9', le(0xffd - 5, 4)), options);
      machine.ram.set(bytes('48 8b 04'), Place.code + 0xffd);
      setPage(machine, Place.code + 0x1000, flags);
      assert.deepEqual(machine.run(100), { kind: 'idle' });
      const [cpu] = machine.cpus;
      assert.equal(cpu.rip, BigInt(Place.handlers + 14 * 16 + 1));
      assert.equal(cpu.cr2, BigInt(Place.code + 0x1000));
      assert.equal(machine.readU64(cpu, cpu.rsp), error);
      assert.equal(machine.readU64(cpu, cpu.rsp + 8n), BigInt(Place.code + 0xffd));
    }
  });

  const ruins: [what: string, ruin: (machine: Machine) => void][] = [
    ['a limit of zero', (machine) => machine.cpus[0].setTable('idtr', BigInt(Place.idt), 0)],
    ['a base that is not mapped', (machine) => machine.cpus[0].setTable('idtr', 0x7f00_0000n, 0xfff)],
    ['a base that is not canonical', (machine) => machine.cpus[0].setTable('idtr', 1n << 63n, 0xfff)],
    ['zeros', (machine) => machine.ram.fill(0, Place.idt, Place.idt + 0x1000)],
    ['noise', (machine) => machine.ram.fill(0x5a, Place.idt, Place.idt + 0x1000)],
    ['a lost table page', (machine) => setPage(machine, Place.idt, 0n)],
    ['a code segment beyond the GDT', (machine) => machine.cpus[0].setTable('gdtr', BigInt(Place.gdt), 7)],
  ];
  for (const [what, ruin] of ruins) {
    test(`${name}: an IDT with ${what} ends in a shutdown that says why, and stays there`, () => {
      const machine = boot(bytes('31 c0 0f 0b'), options);
      ruin(machine);
      machine.physicalWritten(pteOf(0), 4096);
      machine.physicalWritten(Place.idt, 4096);
      const stop = machine.run(1000);
      assert.equal(stop.kind, 'shutdown');
      assert.match(stop.kind === 'shutdown' ? stop.reason : '', /^triple fault: exception \d+ could not be/);
      assert.deepEqual(machine.run(1000), stop);
      assert.deepEqual(machine.step(0), stop);
      assert.equal(machine.cpus[0].rip, BigInt(Place.code + 2), 'the state is that of the first fault');
      assert.equal(machine.retired, 1);
    });
  }
}
