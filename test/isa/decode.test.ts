/** The decoder on bytes that nobody meant: it never throws, its lengths are objdump's, and it keeps the 15-byte limit. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decode } from '../../emulator/isa/decode';
import { disassemble } from '../../emulator/isa/disassemble';
import { table } from '../../emulator/isa/table';
import { encoding } from '../cpu/native/generate';
import { Random } from '../cpu/native/random';
import { inScratch, needTool } from './binutils';

const seed = Number(process.env.KPROBE_LAB_SEED ?? 20261123);

test(`random bytes decode or fail, and never throw (seed ${seed})`, () => {
  const random = new Random(seed);
  const bytes = new Uint8Array(18);
  const outcomes = { ok: 0, undefined: 0, truncated: 0, tooLong: 0 };
  for (let turn = 0; turn < 200_000; turn++) {
    for (let at = 0; at < bytes.length; at++) bytes[at] = random.bits() & 255;
    if (random.chance(3))
      bytes[random.below(3)] = random.pick([0x0f, 0x66, 0xf2, 0xf3, 0x48, 0xc4, 0x62, 0x67]);
    const window = bytes.subarray(0, 1 + random.below(18));
    const decoded = decode(window);
    outcomes[decoded.ok ? 'ok' : decoded.reason]++;
    assert.ok(
      decoded.length >= 0 && decoded.length <= Math.min(15, window.length),
      Buffer.from(window).toString('hex'),
    );
    if (!decoded.ok) continue;
    assert.equal(decode(window.subarray(0, decoded.length)).ok, true, Buffer.from(window).toString('hex'));
    if (decoded.length > 1)
      assert.equal(
        decode(window.subarray(0, decoded.length - 1)).ok,
        false,
        Buffer.from(window).toString('hex'),
      );
    assert.ok(disassemble(decoded, 0x1000n, 'att').length > 0);
    assert.ok(disassemble(decoded, 0x1000n, 'intel').length > 0);
  }
  assert.ok(outcomes.ok > 50_000 && outcomes.undefined > 1000 && outcomes.truncated > 1000);
});

test('fifteen bytes are an instruction, sixteen are #GP', () => {
  const nop = (prefixes: number) => Uint8Array.from([...Array(prefixes).fill(0x66), 0x90, 0x90]);
  assert.deepEqual(decode(nop(14)).ok, true);
  const tooLong = decode(nop(15));
  assert.deepEqual(tooLong, { ok: false, length: 15, reason: 'tooLong' });
  assert.deepEqual(decode(nop(14).subarray(0, 14)), { ok: false, length: 14, reason: 'truncated' });
});

test('LOCK is legal on memory destinations of the instructions that have it, and nowhere else', () => {
  const reason = (hex: string) => {
    const decoded = decode(Uint8Array.from(Buffer.from(hex, 'hex')));
    return decoded.ok ? decoded.entry.mnemonic : decoded.reason;
  };
  assert.equal(reason('f00107'), 'add');
  assert.equal(reason('f001c7'), 'undefined');
  assert.equal(reason('f00307'), 'undefined');
  assert.equal(reason('f08707'), 'xchg');
  assert.equal(reason('f03907'), 'undefined');
  assert.equal(reason('f00fa307'), 'undefined');
  assert.equal(reason('f00fab07'), 'bts');
  assert.equal(reason('f090'), 'undefined');
  assert.equal(reason('8ec8'), 'undefined');
  assert.equal(reason('0f20c8'), 'undefined');
  assert.equal(reason('66c4e278f2c0'), 'undefined');
});

test(`lengths of random encodings of every row are objdump's (seed ${seed})`, (t) => {
  if (!needTool(t, 'objdump')) return;
  const random = new Random(seed);
  const codes: Uint8Array[] = [];
  // objdump joins fwait with what follows it.
  for (const entry of table.filter(({ mnemonic }) => mnemonic !== 'fwait')) {
    for (let attempt = 0, made = 0; attempt < 20 && made < 5; attempt++) {
      const encoded = encoding(entry, random);
      if (!encoded) continue;
      codes.push(encoded.code);
      made++;
    }
  }
  inScratch((directory) => {
    const file = join(directory, 'a.bin');
    const image = new Uint8Array(codes.length * 32).fill(0x90);
    for (const [index, code] of codes.entries()) image.set(code, index * 32);
    writeFileSync(file, image);
    const flags = ['-D', '-w', '-z', '-b', 'binary', '-m', 'i386:x86-64', file];
    const listing = execFileSync('objdump', flags, { encoding: 'utf8', maxBuffer: 1 << 28 });
    const differences: string[] = [];
    let compared = 0;
    for (const line of listing.split('\n')) {
      const match = /^\s*([0-9a-f]+):\t((?:[0-9a-f]{2} )+)\s*\t?(.*)$/.exec(line);
      const address = Number.parseInt(match?.[1] ?? '1', 16);
      const code = codes[address / 32];
      if (!match || !code || (match[3] ?? '').includes('(bad)')) continue;
      compared++;
      const length = (match[2] ?? '').trim().split(' ').length;
      if (length !== code.length)
        differences.push(
          `${Buffer.from(code).toString('hex')}: ${code.length}; objdump ${length} ${match[3]}`,
        );
    }
    assert.ok(compared > codes.length * 0.9, `${compared} of ${codes.length}`);
    assert.deepEqual(differences, []);
  });
});
