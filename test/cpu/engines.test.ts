// The engines against each other: random instructions in a loop must leave the same machine, bit for bit, whether the
// reference evaluator ran them or translated code, and whatever the slices were. Seeds: KPROBE_LAB_SEED, number of
// programs: KPROBE_LAB_CASES.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Machine } from '../../emulator/cpu/machine';
import { decode } from '../../emulator/isa/decode';
import { boot, bytes, le, Place } from './program';
import { randomFrom } from './random';

const seed = Number(process.env.KPROBE_LAB_SEED ?? 20261123);
const cases = Number(process.env.KPROBE_LAB_CASES ?? 60);
const COUNTER = 0x2f000;

const avoided = new Set(['unsupported', 'vmcall', 'hlt', 'ud']);

/** Random bytes that decode to an instruction; most memory operands are bent towards the data page. */
function randomInstruction(random: () => number): Uint8Array {
  for (;;) {
    const raw = Uint8Array.from({ length: 15 }, () => random() & 0xff);
    if (random() % 3 === 0) raw[0] = 0x48 | (random() & 7);
    if (random() % 4 === 0) raw[random() & 1] = 0x0f;
    const decoded = decode(raw);
    if (!decoded.ok || avoided.has(decoded.op) || decoded.prefixes.length > 3) continue;
    const relative = decoded.operands.some((operand) => operand.kind === 'relative');
    if (relative && random() % 8 !== 0) continue;
    if (relative && decoded.displacementSize === 1) raw[decoded.displacementOffset] &= 0x1f;
    if (decoded.displacementSize === 4) raw.set(le(random() & 0x7ff, 4), decoded.displacementOffset);
    return raw.slice(0, decoded.length);
  }
}

/** A loop of random instructions; ends with hlt, or in an exception handler's hlt. */
function randomProgram(random: () => number): Uint8Array {
  const body = Array.from({ length: 3 + (random() % 12) }, () => randomInstruction(random));
  const code = bytes(...body, 'ff 0c 25', le(COUNTER, 4));
  return bytes(code, '0f 85', le(-(code.length + 6), 4), 'f4');
}

function prepare(
  code: Uint8Array,
  random: () => number,
  options: { translate?: boolean; heat?: number },
): Machine {
  const machine = boot(code, { memoryBytes: 2 << 20, ...options });
  const [cpu] = machine.cpus;
  // hlt all around, so that what runs off the code ends soon.
  machine.ram.fill(0xf4, Place.code + code.length, Place.code + 0x1000);
  for (let register = 0; register < 16; register++) {
    const wide = BigInt(random()) | (BigInt(random()) << 32n);
    const choice = random() % 4;
    if (register === 4) continue;
    cpu.set(
      register,
      choice === 0 ? wide : choice === 1 ? BigInt(random() & 15) : BigInt(Place.data + (random() & 0xffc)),
    );
  }
  for (let at = 0; at < 0x2000; at += 4) machine.ram.set(le(random(), 4), Place.data + at);
  machine.ram.set(le(40, 4), COUNTER);
  machine.physicalWritten(Place.data, 0x10000);
  return machine;
}

function finish(machine: Machine, slice: () => number): string {
  for (let left = 3000; left > 0; ) {
    const budget = Math.min(left, slice());
    const stop = machine.run(budget);
    if (stop.kind !== 'budget') return `${stop.kind} ${machine.stateHash()} ${machine.retired}`;
    left -= budget;
  }
  return `budget ${machine.stateHash()} ${machine.retired}`;
}

test(`random programs leave the same state in every engine (seed ${seed}, ${cases} programs)`, () => {
  for (let number = 0; number < cases; number++) {
    const random = randomFrom(seed + number);
    const code = randomProgram(random);
    const dataSeed = random();
    const run = (options: { translate?: boolean; heat?: number }, slice: () => number): string =>
      finish(prepare(code, randomFrom(dataSeed), options), slice);
    const expected = run({ translate: false }, () => 3000);
    const what = `program ${number} of seed ${seed}: ${dataSeed} ${Buffer.from(code).toString('hex')}`;
    assert.equal(
      run({ heat: 1 }, () => 3000),
      expected,
      `${what}, translated`,
    );
    const slices = randomFrom(number + 1);
    assert.equal(
      run({ heat: 2 }, () => 1 + (slices() % 97)),
      expected,
      `${what}, in slices`,
    );
  }
});

test(`random bytes as code end in an exception or a stop, never in a host exception (seed ${seed})`, () => {
  for (let number = 0; number < cases; number++) {
    const random = randomFrom(seed ^ (number * 7919 + 1));
    const code = Uint8Array.from({ length: 64 }, () => random() & 0xff);
    const dataSeed = random();
    const expected = finish(prepare(code, randomFrom(dataSeed), { translate: false }), () => 3000);
    const actual = finish(prepare(code, randomFrom(dataSeed), { heat: 1 }), () => 500);
    assert.equal(actual, expected, `data ${dataSeed}, bytes ${Buffer.from(code).toString('hex')}`);
  }
});

test('repeated string instructions, with and without anything to do, leave the same state in every engine', () => {
  // again: mov edi, data; mov ecx, ebx; and ecx, 3; rep stosb; rep scasw; rep movsq; dec ebx; jnz again; hlt
  const code = bytes('bf', le(Place.data, 4), '89 d9 83 e1 03 f3 aa f3 66 af f3 48 a5 ff cb 75 eb f4');
  const run = (options: { translate?: boolean; heat?: number }, slice: number): string => {
    const machine = boot(code, options);
    const [cpu] = machine.cpus;
    cpu.set(3, 200n);
    cpu.set(6, BigInt(Place.data + 64));
    return finish(machine, () => slice);
  };
  const expected = run({ translate: false }, 3000);
  assert.match(expected, /^idle /);
  for (const slice of [3000, 100, 7]) assert.equal(run({ heat: 1 }, slice), expected, `slices of ${slice}`);
});
