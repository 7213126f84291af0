/**
 * Emulated instructions against the CPU: the same instruction, once executed and once applied to a pt_regs, must leave
 * the same registers, flags, stack and next instruction. KPROBE_LAB_SEED repeats a run.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from '../../emulator/isa/decode';
import { classify } from '../../emulator/isa/kprobe';
import { PT_REGS_SIZE, PtRegs } from '../../emulator/kernel/ptregs';
import { emulate } from '../../emulator/kprobes/emulate';
import { emulationOf } from '../../emulator/kprobes/emulation';
import { bareMachine, CODE, DATA, STACK } from './bare';

const seed = Number(process.env.KPROBE_LAB_SEED ?? 20261123);

/** Instructions of every emulated kind; `ret imm16` is left out: Linux's emulation skips its immediate. */
const INSTRUCTIONS: readonly (readonly [string, readonly number[]])[] = [
  ['cli', [0xfa]],
  ['sti', [0xfb]],
  ['pushf', [0x9c]],
  ['popf', [0x9d]],
  ['ret', [0xc3]],
  ['call', [0xe8, 0x10, 0x01, 0x00, 0x00]],
  ['jmp short', [0xeb, 0x20]],
  ['jmp near', [0xe9, 0x00, 0x02, 0x00, 0x00]],
  ...Array.from({ length: 16 }, (_, cc) => [`jcc ${cc}`, [0x70 + cc, 0x40]] as const),
  ...Array.from({ length: 16 }, (_, cc) => [`jcc near ${cc}`, [0x0f, 0x80 + cc, 0x40, 0, 0, 0]] as const),
  ['loopne', [0xe0, 0x30]],
  ['loope', [0xe1, 0x30]],
  ['loop', [0xe2, 0x30]],
  ['jrcxz', [0xe3, 0x30]],
  ['call *%rax', [0xff, 0xd0]],
  ['call *%r11', [0x41, 0xff, 0xd3]],
  ['jmp *%rdx', [0xff, 0xe2]],
  ['jmp *%r8', [0x41, 0xff, 0xe0]],
];

const ARITHMETIC = 0x8d5n;

test(`emulated instructions do what the CPU does (seed ${seed})`, () => {
  const { machine, guest } = bareMachine();
  const cpu = machine.cpus[0];
  const random = generator(seed);
  const regsAddress = DATA;
  for (const [name, code] of INSTRUCTIONS) {
    for (let round = 0; round < 24; round++) {
      const bytes = Uint8Array.from(code);
      guest.poke(CODE, bytes);
      const target = CODE + BigInt(random() % 0x1000);
      const flags = (BigInt(random()) & ARITHMETIC) | 2n;
      const general = Array.from({ length: 16 }, () => target + BigInt(random() % 16));
      general[1] = BigInt(random() % 3);
      general[4] = STACK - 64n;
      const stackWord = name === 'popf' ? (BigInt(random()) & ARITHMETIC) | 2n : target;
      guest.write(STACK - 64n, 8, stackWord);
      guest.write(STACK - 72n, 8, 0n);

      const regs = new PtRegs(guest, regsAddress);
      guest.poke(regsAddress, new Uint8Array(PT_REGS_SIZE));
      for (const [index, value] of general.entries()) regs.setRegister(index, value);
      regs.set('flags', flags);
      regs.set('cs', 0x10n);
      const decoded = decode(bytes, 0);
      assert.ok(decoded.ok, name);
      const emulation = emulationOf({ length: decoded.length, bytes, kind: classify(decoded) });
      assert.ok(emulation !== undefined, `${name} is emulated`);
      emulate(guest, regs, emulation, CODE, decoded.length);
      const emulated = snapshot(
        general.map((_, index) => regs.register(index)),
        regs.get('ip'),
        regs.get('flags'),
        guest.u64(STACK - 72n),
      );

      guest.write(STACK - 72n, 8, 0n);
      for (const [index, value] of general.entries()) cpu.set(index, value);
      cpu.rflags = flags;
      cpu.rip = CODE;
      assert.equal(machine.step(0).kind, 'stepped', name);
      const executed = snapshot(
        general.map((_, index) => cpu.get(index)),
        cpu.rip,
        cpu.rflags,
        guest.u64(STACK - 72n),
      );
      assert.deepEqual(emulated, executed, `${name}, round ${round}`);
    }
  }
});

function snapshot(registers: bigint[], ip: bigint, flags: bigint, pushed: bigint): Record<string, string> {
  const hex = (value: bigint) => value.toString(16);
  return { registers: registers.map(hex).join(' '), ip: hex(ip), flags: hex(flags), pushed: hex(pushed) };
}

/** A small seeded generator of 31-bit numbers (xorshift32). */
function generator(from: number): () => number {
  let state = from | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0x7fffffff;
  };
}
