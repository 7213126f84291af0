/**
 * Instructions that this processor does not have: the kernel log names them with their source line and says what to do,
 * for a module and for a user program, before the oops or the signal that Linux has for them.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseCommandLine } from '../../adapter/cli/arguments';
import { execCommand } from '../../adapter/cli/exec';
import { run, scratch } from '../cc/toolchain';
import { needTool } from '../isa/binutils';
import { runModule } from './module';

const module = (statement: string): string => `#include <linux/module.h>
static int __init start(void)
{
	${statement}
	return 0;
}
module_init(start);
MODULE_LICENSE("GPL");
`;

test('SSE in a module: a line with instruction and source, then the oops', () => {
  const { log } = runModule('vector', module('asm volatile("addsd %xmm1, %xmm0");'));
  const at = log.findIndex((line) => line.startsWith('invalid opcode: 0000 [#1]'));
  assert.ok(at > 0, log.join('\n'));
  assert.match(
    log[at - 1] ?? '',
    /^\w+\[\d+\]: 'addsd {2}%xmm1,%xmm0' is an SSE instruction that this processor does not have; compile with -mgeneral-regs-only \(.*\[vector\], vector\.c:4\)$/,
  );
});

test('BUG() is a ud2 on purpose, of which nothing is said', () => {
  const { log } = runModule('bug', module('BUG();'));
  assert.ok(
    log.some((line) => line.startsWith('kernel BUG at bug.c:4!')),
    log.join('\n'),
  );
  assert.ok(!log.some((line) => line.includes('this processor')));
});

/** Runs `kprobe-lab exec` here; its exit code and what it wrote to standard error. */
function exec(path: string): { code: number; errors: string } {
  const write = process.stderr.write;
  let errors = '';
  process.stderr.write = (text: string | Uint8Array): boolean => {
    errors += String(text);
    return true;
  };
  try {
    return { code: execCommand(parseCommandLine(['exec', path])), errors };
  } finally {
    process.stderr.write = write;
  }
}

test('x87 in a user program: SIGILL, and the line in the error output', () => {
  const path = join(scratch(), 'float.c');
  writeFileSync(
    path,
    'static int pi(void)\n{\n\tasm volatile("fldpi");\n\treturn 0;\n}\nint main(void) { return pi(); }\n',
  );
  const { code, errors } = exec(path);
  assert.equal(code, 128 + 4);
  assert.match(errors, /'fldpi' is an x87 instruction that .* \((pi|main)\+0x[0-9a-f]+, .*float\.c:3\)/);
});

test("SSE that gcc chose in a program of the user's own: the function is named", (t) => {
  if (!needTool(t, 'gcc')) return;
  const directory = scratch();
  const source = join(directory, 'half.c');
  const program = join(directory, 'half');
  writeFileSync(source, 'volatile double x = 3;\nvoid _start(void) { x = x / 2; for (;;); }\n');
  run('gcc', ['-O1', '-static', '-nostdlib', '-ffreestanding', '-o', program, source]);
  const { code, errors } = exec(program);
  assert.equal(code, 128 + 4);
  assert.match(errors, /'movsd .*' is an SSE instruction that .*-mgeneral-regs-only \(_start\+0x[0-9a-f]+\)/);
});
