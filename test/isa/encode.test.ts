/** The encoder against the decoder: what is encoded decodes to the same operands, in the bytes that gas would choose. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from '../../emulator/isa/decode';
import { CodeBuffer, type EncodeOperand, encode } from '../../emulator/isa/encode';

const register = (number: number, size: number): EncodeOperand => ({
  kind: 'register',
  register: number,
  size,
});
const immediate = (value: number | bigint): EncodeOperand => ({ kind: 'immediate', value });

function bytesOf(mnemonic: string, size: number, ...operands: EncodeOperand[]): string {
  const buffer = new CodeBuffer(4);
  encode(buffer, mnemonic, size, operands);
  return Buffer.from(buffer.toBytes()).toString('hex');
}

test('the shortest encoding is chosen', () => {
  assert.equal(bytesOf('add', 0, register(0, 4), immediate(5)), '83c005');
  assert.equal(bytesOf('add', 0, register(0, 4), immediate(0xffffffff)), '83c0ff');
  assert.equal(bytesOf('add', 0, register(0, 8), immediate(500)), '4805f4010000');
  assert.equal(bytesOf('add', 0, register(1, 8), immediate(500)), '4881c1f4010000');
  assert.equal(bytesOf('mov', 0, register(0, 4), immediate(5)), 'b805000000');
  assert.equal(bytesOf('mov', 0, register(0, 8), immediate(5)), '48c7c005000000');
  assert.equal(bytesOf('mov', 0, register(9, 8), immediate(0x123456789an)), '49b99a78563412000000');
  assert.equal(bytesOf('shl', 0, register(3, 4), immediate(1)), 'd1e3');
  assert.equal(bytesOf('shl', 0, register(3, 4), immediate(2)), 'c1e302');
  assert.equal(bytesOf('push', 0, register(12, 8)), '4154');
  assert.equal(bytesOf('push', 0, immediate(-1)), '6aff');
  assert.equal(bytesOf('xchg', 0, register(0, 4), register(0, 4)), '87c0');
  assert.equal(bytesOf('mov', 0, register(5, 1), register(0, 1)), '4088c5');
  assert.equal(bytesOf('call', 0, register(0, 8)), 'ffd0');
  assert.equal(bytesOf('ret', 0), 'c3');
  assert.equal(bytesOf('cbw', 8), '4898');
  assert.equal(bytesOf('movs', 8), '48a5');
});

test('memory operands take the short forms that exist', () => {
  const memory = (rest: object): EncodeOperand => ({ kind: 'memory', ...rest });
  assert.equal(bytesOf('mov', 0, register(0, 4), memory({ base: 7 })), '8b07');
  assert.equal(bytesOf('mov', 0, register(0, 4), memory({ base: 5 })), '8b4500');
  assert.equal(bytesOf('mov', 0, register(0, 4), memory({ base: 13, displacement: 128 })), '418b8580000000');
  assert.equal(bytesOf('mov', 0, register(0, 4), memory({ base: 4, displacement: -8 })), '8b4424f8');
  assert.equal(bytesOf('lea', 8, register(0, 8), memory({ base: 7, index: 6, scale: 4 })), '488d04b7');
  assert.equal(
    bytesOf('mov', 4, memory({ segment: 'gs', displacement: 16 }), immediate(1)),
    '65c704251000000001000000',
  );
  assert.equal(bytesOf('movzx', 4, register(0, 4), memory({ base: 7, size: 2 })), '0fb707');
});

test('symbols become fixups that count from the end of the instruction', () => {
  const buffer = new CodeBuffer();
  encode(buffer, 'mov', 4, [{ kind: 'memory', ripRelative: true, symbol: 7, displacement: 2 }, immediate(1)]);
  encode(buffer, 'call', 0, [{ kind: 'target', symbol: 8 }]);
  encode(buffer, 'mov', 8, [register(7, 8), { kind: 'immediate', value: 3, symbol: 9 }]);
  assert.deepEqual(buffer.fixups, [
    { offset: 2, kind: 'pc32', symbol: 7, addend: -6 },
    { offset: 11, kind: 'plt32', symbol: 8, addend: -4 },
    { offset: 18, kind: 'abs32s', symbol: 9, addend: 3 },
  ]);
});

test('operands that cannot share an encoding are refused', () => {
  assert.throws(
    () => bytesOf('mov', 0, register(8, 1), { kind: 'register', register: 0, size: 1, high: true }),
    /high-byte/,
  );
  assert.throws(() => bytesOf('mov', 0, register(0, 4), register(0, 8)), /no encoding/);
  assert.throws(() => bytesOf('push', 0, register(0, 4)), /no encoding/);
});

test('every encoded instruction decodes to what was asked for', () => {
  const buffer = new CodeBuffer();
  for (const mnemonic of ['add', 'mov', 'xor', 'cmp', 'test', 'xchg', 'imul', 'cmovne', 'bt', 'andn']) {
    for (const size of [2, 4, 8]) {
      for (let a = 0; a < 16; a++) {
        const operands = [register(a, size), register(15 - a, size)];
        if (mnemonic === 'andn') {
          if (size === 2) continue;
          operands.push(register(a ^ 5, size));
        }
        buffer.length = 0;
        const length = encode(buffer, mnemonic, 0, operands);
        const decoded = decode(buffer.toBytes());
        assert.ok(decoded.ok && decoded.length === length);
        assert.equal(decoded.entry.mnemonic, mnemonic);
        assert.deepEqual(decoded.operands, operands);
      }
    }
  }
});
