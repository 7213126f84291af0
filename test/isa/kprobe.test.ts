/** Kprobe classification: what Linux refuses, emulates and boosts, instruction by instruction. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assemble } from '../../emulator/cc/asm/assemble';
import { type Decoded, decode } from '../../emulator/isa/decode';
import { branchTarget, classify, isIndirectJump } from '../../emulator/isa/kprobe';

function instruction(text: string): Decoded {
  const { object, errors } = assemble(text, { file: 'x.s' });
  assert.deepEqual(errors, [], text);
  const decoded = decode(object.sections[0]?.data ?? new Uint8Array());
  assert.ok(decoded.ok, text);
  return decoded;
}

test('traps, privileged transfers and stack segment loads are refused with their errno', () => {
  const refused: Readonly<Record<string, string[]>> = {
    EILSEQ: ['int3', 'int $0x80', 'int1', 'ud2', 'ud1 %eax,%eax'],
    EINVAL: ['mov %eax,%ss'],
    EOPNOTSUPP: [
      'lcall *(%rdi)',
      'ljmp *(%rdi)',
      'iretq',
      'vmcall',
      'call *(%rdi)',
      'jmp *8(,%rax,8)',
      'addr32 call *%rax',
    ],
  };
  for (const [errno, list] of Object.entries(refused)) {
    for (const text of list) {
      assert.deepEqual(
        classify(instruction(text)),
        { boostable: false, emulate: undefined, refuse: errno },
        text,
      );
    }
  }
  assert.equal(classify(instruction('mov %eax,%ds')).refuse, undefined);
  assert.equal(classify(instruction('swapgs')).refuse, undefined);
});

test('changes of IP and IF are emulated', () => {
  const emulated: Readonly<Record<string, string>> = {
    cli: 'cli',
    sti: 'sti',
    pushfq: 'pushf',
    popfq: 'popf',
    ret: 'ret',
    'ret $8': 'ret',
    lret: 'retFar',
    'call .': 'call',
    'jmp .': 'jmp',
    'jmp .+300': 'jmp',
    'jne .': 'jcc',
    'jg .+300': 'jcc',
    'loop .': 'loop',
    'loopne .': 'loop',
    'jrcxz .': 'loop',
    'call *%r11': 'callRegister',
    'jmp *%rax': 'jmpRegister',
  };
  for (const [text, kind] of Object.entries(emulated))
    assert.equal(classify(instruction(text)).emulate, kind, text);
  for (const text of ['push %rbp', 'mov (%rdi),%rax', 'rep movsb', 'leave']) {
    assert.equal(classify(instruction(text)).emulate, undefined, text);
  }
});

test('boosting follows the opcode tables of Linux 6.1', () => {
  const boosted = [
    ...[
      'push %rbp',
      'mov %rsp,%rbp',
      'sub $8,%rsp',
      'lea (%rdi),%rax',
      'test %eax,%eax',
      'leave',
      'shl $3,%eax',
    ],
    ...[
      'notl %eax',
      'divl %ecx',
      'incl %eax',
      'decb (%rdi)',
      'movzbl (%rdi),%eax',
      'cmovne %eax,%ebx',
      'sete %al',
    ],
    ...['bswap %eax', 'nopl (%rax)', 'ret', 'cli', 'jmp *%rax', 'rdtsc'],
  ];
  for (const text of boosted) assert.equal(classify(instruction(text)).boostable, true, text);
  const never = [
    ...['jne .', 'jmp .', 'call .', 'loop .', 'hlt', 'call *%rax', 'pushq (%rdi)'],
    ...[
      'mov (%edi),%eax',
      'fninit',
      'cpuid',
      'bt $3,%eax',
      'jne .+300',
      'movbe (%rdi),%eax',
      'syscall',
      'rdmsr',
    ],
    'movl $0x12345678,%gs:0x12345678(%rax,%rbx,4)',
  ];
  for (const text of never) assert.equal(classify(instruction(text)).boostable, false, text);
});

test('branch targets and indirect jumps are found', () => {
  assert.equal(branchTarget(instruction('jmp .+0x10'), 0x1000n), 0x1010n);
  assert.equal(branchTarget(instruction('call .-0x10'), 0xffffffff81000000n), 0xffffffff80fffff0n);
  assert.equal(branchTarget(instruction('jmp *%rax'), 0n), undefined);
  assert.equal(isIndirectJump(instruction('jmp *%rax')), true);
  assert.equal(isIndirectJump(instruction('jmp .')), false);
});
