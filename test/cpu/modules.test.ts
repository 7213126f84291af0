// However much code is translated, and dropped again, the number of live WebAssembly modules stays below its limit.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_MODULES, Modules } from '../../emulator/cpu/wasm/modules';
import { boot, bytes, le, Place } from './program';

const FIRST = 0x40000;
const PIECES = 900;
const STRIDE = 32;

test('a thousand regions share a limited number of modules and still run', () => {
  // Pieces that count in rbx and reach the next one by a jump through rax: each is a region of its own.
  const machine = boot(bytes('b8', le(FIRST, 4), 'ff e0'), { heat: 1 });
  for (let piece = 0; piece < PIECES; piece++) {
    const next = piece + 1 < PIECES ? FIRST + (piece + 1) * STRIDE : Place.code;
    machine.ram.set(bytes('48 ff c3 b8', le(next, 4), 'ff e0'), FIRST + piece * STRIDE);
  }
  machine.physicalWritten(FIRST, PIECES * STRIDE);
  const round = PIECES * 3 + 2;
  const check = (rounds: number): void => {
    for (let done = 0; done < rounds; done++) machine.run(round);
    const counts = machine.translation;
    assert.ok(counts !== undefined && counts.modules <= MAX_MODULES, `${counts?.modules} modules`);
  };
  check(3);
  assert.equal(machine.cpus[0].get(3), BigInt(3 * PIECES));
  assert.ok((machine.translation?.translated ?? 0) >= PIECES);
  for (let piece = 0; piece < PIECES; piece += 2) machine.physicalWritten(FIRST + piece * STRIDE, 4);
  assert.ok((machine.translation?.discarded ?? 0) >= PIECES / 2);
  check(3);
  assert.equal(machine.cpus[0].get(3), BigInt(6 * PIECES));
});

test('a module goes with its last function, and small modules are put together first', () => {
  const installed: number[][] = [];
  const modules = new Modules((functions) => installed.push(functions.map(({ slot }) => slot)));
  const all = Array.from({ length: MAX_MODULES + 1 }, (_, slot) => ({ slot, body: new Uint8Array() }));
  for (const each of all) modules.add(each);
  assert.ok(modules.live < MAX_MODULES);
  const folded = installed.find((slots) => slots.length > 1);
  assert.ok(folded !== undefined && folded[0] === 0, 'the oldest ones are put together');
  for (const each of all) modules.remove(each);
  assert.equal(modules.live, 0);
});
