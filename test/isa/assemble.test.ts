/** The assembler of one instruction against gas: the same text gives the same bytes. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { assemble } from '../../emulator/cc/asm/assemble';
import { needTool, textSectionOf } from './binutils';

const root = process.env.KPROBE_LAB_ROOT ?? '.';

function ours(text: string): { bytes: string; errors: string } {
  const { object, errors } = assemble(text, { file: 'test.s' });
  const bytes = Buffer.from(object.sections[0]?.data ?? []).toString('hex');
  return { bytes, errors: errors.map(({ line, message }) => `${line}: ${message}`).join('; ') };
}

test('instructions are assembled as gas assembles them', (t) => {
  if (!needTool(t, 'as')) return;
  const lines = readFileSync(join(root, 'test/isa/instructions.txt'), 'utf8').trim().split('\n');
  const marked = lines.map((line, index) => `.balign 32, 0xcc\nstart${index}: ${line}\n`).join('');
  const theirs = Buffer.from(textSectionOf(marked));
  const differences: string[] = [];
  let at = 0;
  for (const line of lines) {
    const { bytes, errors } = ours(line);
    const expected = theirs.subarray(at, at + bytes.length / 2).toString('hex');
    const rest = theirs.subarray(at + bytes.length / 2, at + 32);
    if (errors !== '' || bytes !== expected || !rest.every((byte) => byte === 0xcc)) {
      differences.push(`${line}: ${bytes} ${errors}; gas: ${theirs.subarray(at, at + 15).toString('hex')}`);
    }
    at += 32;
  }
  assert.deepEqual(differences, []);
});

test('what is no instruction is an error with its line, and the rest is assembled', () => {
  const { object, errors } = assemble('nop\nfrobnicate %eax\nmovl %rax, %ebx\nmov $5, (%rdi)\nret\n', {
    file: 'x.s',
  });
  assert.deepEqual(
    errors.map(({ line, message }) => `${line} ${message}`),
    [
      "2 no such instruction: 'frobnicate %eax'",
      "3 operands do not fit 'movl %rax, %ebx'",
      "4 operands do not fit 'mov $5, (%rdi)'; an operand size suffix (b, w, l, q) may be missing",
    ],
  );
  assert.deepEqual([...(object.sections[0]?.data ?? [])], [0x90, 0xc3]);
});
