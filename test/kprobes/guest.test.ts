/**
 * Probes that guest code registers itself, on a tiny kernel: handlers are guest functions, the structs are guest memory.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Tiny, tiny } from './tiny';

/** struct kprobe as tiny.ts lays it out. */
const kprobe = (name: string, symbol: string, offset: number, pre: string, post: string, flags = 0) => `
${name}:
  .quad 0
  .quad 0
  .quad ${name}_symbol
  .long ${offset}, 0
  .quad ${pre}
  .quad ${post}
  .quad 0
  .byte 0, 0, 0, 0
  .long ${flags}
${name}_symbol: .asciz "${symbol}"
.p2align 3
`;

const FUNCTIONS = `
.type subject, @function
subject:
  push %rbp
  mov %rsp, %rbp
  lea 1(%rdi), %eax
  pop %rbp
  ret
.size subject, .-subject
.type count_pre, @function
count_pre:
  incl pre_count(%rip)
  xor %eax, %eax
  ret
.size count_pre, .-count_pre
.type count_post, @function
count_post:
  incl post_count(%rip)
  ret
.size count_post, .-count_post
.type skip_function, @function
skip_function:
  movq $4242, 80(%rsi)
  mov 152(%rsi), %rax
  mov (%rax), %rcx
  mov %rcx, 128(%rsi)
  addq $8, 152(%rsi)
  mov $1, %eax
  ret
.size skip_function, .-skip_function
`;

const registering = (structs: readonly string[]) => `
.type entry, @function
entry:
${structs.map((name) => `  lea ${name}(%rip), %rdi\n  call register_kprobe\n  test %eax, %eax\n  jnz 9f`).join('\n')}
  mov $41, %edi
  call subject
9:
  ret
.size entry, .-entry
`;

const DATA = `
.section .data
pre_count: .long 0
post_count: .long 0
`;

const count = (machine: Tiny, name: string) => machine.kernel.guest.u32(machine.address(name));
const member = (machine: Tiny, struct: string, path: string) =>
  Number(machine.kernel.guest.get('kprobe', machine.address(struct), path));

test('a guest struct kprobe: registered by its own gate call, filled in, its handlers run by the CPU', () => {
  const machine = tiny(
    `${registering(['first'])}${FUNCTIONS}${DATA}${kprobe('first', 'subject', 1, 'count_pre', 'count_post', 0x18)}.text\n`,
  );
  assert.equal(machine.run(), 42n);
  assert.equal(count(machine, 'pre_count'), 1);
  assert.equal(count(machine, 'post_count'), 1);
  assert.equal(
    machine.kernel.guest.get('kprobe', machine.address('first'), 'addr'),
    machine.address('subject') + 1n,
  );
  assert.equal(member(machine, 'first', 'opcode'), 0x48);
  assert.equal(member(machine, 'first', 'flags'), 0, 'only DISABLED may be set by the caller');
});

test('a pre handler that returns non-zero redirects: no step, no post handler, no older handler', () => {
  const machine = tiny(
    `${registering(['older', 'newer'])}${FUNCTIONS}${DATA}` +
      kprobe('older', 'subject', 0, 'count_pre', 'count_post') +
      kprobe('newer', 'subject', 0, 'skip_function', 'count_post') +
      `.text\n`,
  );
  assert.equal(machine.run(), 4242n);
  assert.equal(count(machine, 'pre_count'), 0);
  assert.equal(count(machine, 'post_count'), 0);
});

test('a probe hit inside a handler is missed and counted', () => {
  const machine = tiny(
    `${registering(['inner', 'outer'])}${FUNCTIONS}${DATA}` +
      kprobe('inner', 'count_pre', 0, 'count_pre', '0') +
      kprobe('outer', 'subject', 0, 'count_pre', 'count_post') +
      `.text\n`,
  );
  const missed: string[] = [];
  machine.kprobes.onEvent((event) => {
    if (event.kind === 'missed') missed.push(event.reason);
  });
  assert.equal(machine.run(), 42n);
  assert.equal(count(machine, 'pre_count'), 1);
  assert.equal(count(machine, 'post_count'), 1);
  assert.equal(member(machine, 'inner', 'nmissed'), 1);
  assert.equal(member(machine, 'outer', 'nmissed'), 0);
  assert.deepEqual(missed, ['another kprobe was running on CPU 0']);
});

test('a disabled probe is registered, has no int3, and does not run', () => {
  const machine = tiny(
    `${registering(['off'])}${FUNCTIONS}${DATA}${kprobe('off', 'subject', 0, 'count_pre', '0', 2)}.text\n`,
  );
  assert.equal(machine.run(), 42n);
  assert.equal(count(machine, 'pre_count'), 0);
  assert.equal(machine.kernel.guest.peek(machine.address('subject'), 1)?.[0], 0x55);
  assert.equal(member(machine, 'off', 'flags'), 2 | 16);
});

test('an unknown symbol is refused with -ENOENT, and the console says which and what is near', () => {
  const machine = tiny(
    `${registering(['wrong'])}${FUNCTIONS}${DATA}${kprobe('wrong', 'subjekt', 0, 'count_pre', '0')}.text\n`,
  );
  assert.equal(BigInt.asIntN(32, machine.run()), -2n);
  const texts = machine.kernel.console.all().map((record) => record.text);
  assert.deepEqual(texts, [
    'kprobes: register_kprobe: no symbol subjekt in the kernel or its modules; nearest names: subject (-ENOENT)',
  ]);
});

test('a guest return probe: entry handler, per-call data, return value, nmissed beyond maxactive', () => {
  const machine = tiny(`
.type entry, @function
entry:
  lea rp(%rip), %rdi
  call register_kretprobe
  test %eax, %eax
  jnz 9f
  mov $6, %edi
  call recurse
9:
  ret
.size entry, .-entry
.type recurse, @function
recurse:
  push %rdi
  xor %eax, %eax
  test %edi, %edi
  jz 1f
  dec %edi
  call recurse
  inc %eax
1:
  pop %rdi
  ret
.size recurse, .-recurse
.type on_entry, @function
on_entry:
  mov 112(%rsi), %rax
  mov %rax, 48(%rdi)
  incl entries(%rip)
  xor %eax, %eax
  ret
.size on_entry, .-on_entry
.type on_return, @function
on_return:
  mov 80(%rsi), %rax
  add %eax, values(%rip)
  mov 48(%rdi), %rax
  add %eax, depths(%rip)
  ret
.size on_return, .-on_return
.section .data
entries: .long 0
values: .long 0
depths: .long 0
rp:
  .quad 0, 0, rp_symbol
  .long 0, 0
  .quad 0, 0, 0
  .long 0, 0
  .quad on_return, on_entry
  .long 4, 0
  .quad 8, 0
rp_symbol: .asciz "recurse"
.text
`);
  assert.equal(machine.run(), 6n);
  assert.equal(count(machine, 'entries'), 4, 'maxactive is 4, seven calls are in flight');
  assert.equal(count(machine, 'values'), 6 + 5 + 4 + 3);
  assert.equal(count(machine, 'depths'), 6 + 5 + 4 + 3);
  assert.equal(Number(machine.kernel.guest.get('kretprobe', machine.address('rp'), 'nmissed')), 3);
});
