/** Whole texts against gas: sections, relocations, symbols and bytes of the same source are the same. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { assemble } from '../../../emulator/cc/asm/assemble';
import type { ObjectFile } from '../../../emulator/cc/object';
import { inScratch, needTool, textSectionOf } from '../../isa/binutils';

/** Assembles `text` by gas and returns .text with its relocations resolved as far as gas does. */
function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function assembled(text: string): ObjectFile {
  const { object, errors } = assemble(text, { file: 'test.S' });
  assert.deepEqual(errors, []);
  return object;
}

function errorsOf(text: string): string[] {
  return assemble(text, { file: 'test.S' }).errors.map(({ line, message }) => `${line} ${message}`);
}

/** Relocations of a section, as `offset kind symbol+addend`. */
function relocations(object: ObjectFile, name: string): string[] {
  const section = object.sections.find((candidate) => candidate.name === name);
  return (section?.relocations ?? []).map(({ offset, kind, symbol, addend }) => {
    const sign = addend < 0 ? '-' : '+';
    return `${offset} ${kind} ${object.symbols[symbol]?.name}${sign}${Math.abs(addend)}`;
  });
}

const relocationNames: Readonly<Record<string, string>> = {
  R_X86_64_64: 'abs64',
  R_X86_64_32: 'abs32',
  R_X86_64_32S: 'abs32s',
  R_X86_64_PC32: 'pc32',
  R_X86_64_PLT32: 'plt32',
  R_X86_64_PC64: 'pc64',
};

/** gas's relocations of `text` by section, in the same notation. */
function gasRelocations(text: string): Map<string, string[]> {
  return inScratch((directory) => {
    const source = join(directory, 'a.s');
    writeFileSync(source, text);
    execFileSync('as', ['--64', '-o', join(directory, 'a.o'), source]);
    const listing = execFileSync('readelf', ['-rW', join(directory, 'a.o')], { encoding: 'utf8' });
    const sections = new Map<string, string[]>();
    let current: string[] = [];
    for (const line of listing.split('\n')) {
      const head = /section '\.rela([^']*)'/.exec(line);
      if (head) sections.set(head[1] ?? '', (current = []));
      const entry = /^([0-9a-f]{16})\s+\S+\s+(R_\S+)\s+\S+\s+(\S+)(?: ([+-]) ([0-9a-f]+))?/.exec(line);
      if (!entry) continue;
      const [, offset = '', kind = '', symbol, sign = '+', addend = '0'] = entry;
      const name = relocationNames[kind] ?? kind;
      current.push(`${Number.parseInt(offset, 16)} ${name} ${symbol}${sign}${Number.parseInt(addend, 16)}`);
    }
    return sections;
  });
}

const program = `
# 1 "entry.S"
	.macro SAVE reg, more:vararg
	pushq %\\reg
	.ifnb \\more
	SAVE \\more
	.endif
	.endm
	.macro IDTENTRY vector name has_error=0
	.balign 8
	.globl asm_\\name
	.type asm_\\name, @function
asm_\\name:
	.if \\has_error == 0
	pushq $-1
	.endif
	pushq $\\vector
	jmp .Lcommon_\\@
.Lcommon_\\@:
	call exc_\\name
	.size asm_\\name, . - asm_\\name
	.endm
	.set ORIG_RAX, 15*8
	FRAME_SIZE = 21*8
	.text
	.globl start
start:
	SAVE rdi, rsi, rdx
	SAVE rax
	leaq message(%rip), %rdi
	movq $message, %rsi
	movq $message+4, %rdx
	movl $message, %ecx
	movabsq $message, %r8
	cmpq $ORIG_RAX, FRAME_SIZE-8(%rsp)	# comment
	movq %gs:current_task, %rax /* another */
	movq %gs:current_task(%rip), %rax
	jmp *table(,%rax,8)
	call *handlers+8(%rip)
1:	decl %ecx
	jnz 1b
	jmp 2f
	.skip 126
2:	jmp 3f; nop; jmp 2b
	.skip 200
3:	je start
	jne external
	call local
	call external@PLT
	movl $(2f - 1b), %eax
	addq $(. - start), %rax
2:	testb $'a', (%rsi); cmpb $'\\n', (%rdi)
	jmp . + 2
	IDTENTRY 14, page_fault has_error=1
	IDTENTRY 3 int3
	.p2align 4,,10
	.p2align 4
local:	ret
	.align 32, 0xcc
	.section .rodata
message:	.asciz "hello, \\"world\\"\\n\\x41\\101"
	.ascii "a", "b"
	.balign 8
table:	.quad local, external, start+4, 0x1122334455667788
	.long local - ., . - message, external - table, 5
	.word 1, 2; .byte 1, -1, 'x'
	.pushsection __ex_table, "a", @progbits
	.balign 4
	.long 1b - .
	.long 3b - .
	.quad 1b
	.popsection
	.quad 7
	.data
	.irp n, 1, 2, 3
	.long \\n * 2
	.endr
	.rept 3
	.byte 9
	.endr
	.ifdef FRAME_SIZE
	.long FRAME_SIZE
	.else
	.error "no frame size"
	.endif
	.bss
	.balign 16
	.globl buffer
	.type buffer, @object
	.size buffer, 64
buffer:	.zero 64
	.weak maybe
	.text
	call maybe
	lea buffer+8(%rip), %rax
`;

test('a program of everything gives the bytes and relocations of gas', (t) => {
  if (!needTool(t, 'as')) return;
  const object = assembled(program);
  assert.equal(hex(object.sections[0]?.data ?? new Uint8Array()), hex(textSectionOf(program)));
  const expected = gasRelocations(program);
  for (const [name, list] of expected) {
    // gas replaces every local symbol by its section; we only those without a name in the object.
    const ours = relocations(object, name).map((text) => withSection(object, text));
    assert.deepEqual(ours.sort(), list.sort(), name);
  }
});

/** Rewrites a reference to a local symbol as gas does: section plus offset. */
function withSection(object: ObjectFile, text: string): string {
  const match = /^(\d+ \S+ )(.*?)([+-]\d+)$/.exec(text);
  const symbol = object.symbols.find(({ name, type }) => name === match?.[2] && type !== 'section');
  if (!match || !symbol || symbol.binding !== 'local' || typeof symbol.place !== 'number') return text;
  const addend = Number(match[3]) + symbol.value;
  return `${match[1]}${object.sections[symbol.place]?.name}${addend < 0 ? '-' : '+'}${Math.abs(addend)}`;
}

test('symbols carry place, size, type and binding', () => {
  const object = assembled(program);
  const of = (name: string) => {
    const symbol = object.symbols.find((candidate) => candidate.name === name);
    if (!symbol) return undefined;
    const { place, size, binding, type } = symbol;
    return [typeof place === 'number' ? object.sections[place]?.name : place, size, binding, type];
  };
  assert.deepEqual(of('start'), ['.text', 0, 'global', 'none']);
  assert.deepEqual(of('asm_page_fault'), ['.text', 9, 'global', 'function']);
  assert.deepEqual(of('buffer'), ['.bss', 64, 'global', 'object']);
  assert.deepEqual(of('external'), ['undefined', 0, 'global', 'none']);
  assert.deepEqual(of('maybe'), ['undefined', 0, 'weak', 'none']);
  assert.deepEqual(of('FRAME_SIZE'), ['absolute', 0, 'local', 'none']);
  assert.equal(
    object.symbols.find(({ name }) => name.includes('@') || name.startsWith('.L')),
    undefined,
  );
  const bss = object.sections.find(({ name }) => name === '.bss');
  assert.deepEqual([bss?.nobits, bss?.size, bss?.align, bss?.data.length], [true, 64, 16, 0]);
});

test('inline asm keeps its side sections and the labels of the function around it', () => {
  const object = assembled(
    '1: mov (%rdi), %eax; jmp .Lout\n2:\n.pushsection __ex_table,"a"; .long 1b - ., 2b - .; .popsection\n',
  );
  assert.equal(hex(object.sections[0]?.data ?? new Uint8Array()), '8b07e900000000');
  assert.deepEqual(relocations(object, '.text'), ['3 plt32 .Lout-4']);
  assert.deepEqual(relocations(object, '__ex_table'), ['0 pc32 .text+0', '4 pc32 .text+7']);
});

test('alternatives: a skip by label distances settles after the jumps', (t) => {
  if (!needTool(t, 'as')) return;
  const text = `
old:	jmp far
end:	.skip -(((replacement_end - replacement) - (end - old)) > 0) * ((replacement_end - replacement) - (end - old)), 0x90
	ret
	.skip 300
far:	nop
replacement: jmp far
	lfence
	movabs $1, %rax
replacement_end:
`;
  assert.equal(hex(assembled(text).sections[0]?.data ?? new Uint8Array()), hex(textSectionOf(text)));
});

test('errors have lines and do not stop the rest', () => {
  assert.deepEqual(errorsOf('nop\n.frob 1\n.if 1\nnop\n'), [
    '2 unknown directive .frob',
    '4 .if without .endif at the end of the text',
  ]);
  assert.deepEqual(errorsOf('foo: nop\nfoo: nop\n'), ["2 symbol 'foo' is already defined"]);
  assert.deepEqual(errorsOf('.byte 300\n.byte a - b\n'), [
    '1 value 300 does not fit in 1 byte',
    '2 the difference a - b cannot be expressed by a relocation',
  ]);
  assert.deepEqual(errorsOf('jmp 1b\n'), ["1 no label 1: before '1b'"]);
  assert.deepEqual(errorsOf('.macro m\nm\n.endm\nm\n').length, 1);
  assert.deepEqual(errorsOf('.macro m a:req\nnop\n.endm\nm\n'), ['4 macro m needs a value for a']);
  assert.deepEqual(errorsOf('.rept 3\nnop\n'), ['1 .rept is not closed']);
  assert.deepEqual(errorsOf('.error "stop"\n# 40 "inc.h"\n.err\n'), ['1 stop', '40 .err encountered']);
  assert.deepEqual(errorsOf('a = b\nb = a\n.long a\n').length > 0, true);
});

test('any text is accepted without an exception', () => {
  for (const text of [
    '(',
    ')',
    '"',
    "'",
    '$',
    '%',
    'mov',
    'mov %',
    'mov $',
    '.long',
    '.long (',
    '.section',
    '.macro',
    ':',
    '1:',
    '.if',
    '.else',
    '/*',
    'mov (%rax,%rsp),%rax',
    '.set',
    '=',
    'a=',
    '.align 3',
    '.org -1',
    '.fill 1,2',
    '\\',
    'lock',
    '.popsection',
    '.size',
    '.type',
    '.skip x',
  ]) {
    assert.ok(Array.isArray(assemble(text, { file: 'x' }).errors), text);
    assert.ok(Array.isArray(assemble(`${text}\n${text} ${text};${text}`, { file: 'x' }).errors), text);
  }
});
