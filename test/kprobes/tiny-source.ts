/**
 * A kernel of a hundred lines of assembly for tests of kprobes: traps, the ask-the-gate loops, gates; nothing else.
 *
 * It stands in for emulator/linux where a test wants one instruction sequence under probes and no other code.
 */
const GATES = [
  'kprobe_next',
  'kretprobe_next',
  'optprobe_next',
  'kprobe_fault_next',
  'register_kprobe',
  'unregister_kprobe',
  'register_kretprobe',
  'unregister_kretprobe',
  'lab_finished',
  'lab_fault',
];

/** The loop: ask `gate`, call what it says, ask again. rdi = pt_regs; answers the gate's last answer in rax. */
function loop(name: string, gate: string): string {
  return `
${name}:
  push %rbp
  mov %rsp, %rbp
  push %rbx
  sub $88, %rsp
  mov %rdi, %rbx
  lea (%rsp), %rdi
  xor %eax, %eax
  mov $10, %ecx
  rep stosq
1:
  mov %rbx, %rdi
  mov %rsp, %rsi
  call ${gate}
  test %rax, %rax
  jle 2f
  mov (%rsp), %rax
  test %rax, %rax
  jz 1b
  mov 8(%rsp), %rdi
  mov 16(%rsp), %rsi
  mov 24(%rsp), %rdx
  mov 32(%rsp), %rcx
  call *%rax
  mov %rax, 40(%rsp)
  jmp 1b
2:
  add $88, %rsp
  pop %rbx
  pop %rbp
  ret
`;
}

const PUSH = [
  'rdi',
  'rsi',
  'rdx',
  'rcx',
  'rax',
  'r8',
  'r9',
  'r10',
  'r11',
  'rbx',
  'rbp',
  'r12',
  'r13',
  'r14',
  'r15',
];
const push = PUSH.map((register) => `  push %${register}`).join('\n');
const pop = [...PUSH]
  .reverse()
  .map((register) => `  pop %${register}`)
  .join('\n');

/** The kernel's text; `body` is the test's own functions and handlers. */
export function tinyKernel(body: string): string {
  return `
.text
startup_64:
  call entry
  call lab_finished
  hlt
${body}
.section .data
.globl init_stack
.type init_stack, @object
.p2align 12
init_stack: .skip 16384
.size init_stack, 16384
init_task: .skip 256
current_task: .quad init_task
current_kprobe: .quad 0
kprobe_ctlblk: .skip 64
lab_running_site: .quad 0
lab_running_probe: .quad 0
__per_cpu_offset: .skip 64
.section .kprobes.text, "ax"
asm_exc_int3:
  push $-1
  .rept 6
  pushq 40(%rsp)
  .endr
${push}
  lea 1(%rsp), %rbp
  cld
  mov %rsp, %rdi
  call int3_loop
  test %rax, %rax
  jns 3f
  call lab_fault
3:
${pop}
  add $8, %rsp
  iretq
__kretprobe_trampoline:
  pushq $0
  pushq $0x18
  pushq $0
  pushfq
  pushq $0x10
  pushq $0
  pushq $-1
${push}
  lea 1(%rsp), %rbp
  mov %rsp, %rdi
  call return_loop
  mov 128(%rsp), %rax
  mov %rax, 168(%rsp)
${pop}
  lea 24(%rsp), %rsp
  popfq
  lea 16(%rsp), %rsp
  ret
lab_optprobe_callback:
  push %rbp
  mov %rsp, %rbp
  push %rbx
  sub $88, %rsp
  mov %rdi, %r10
  mov %rsi, %rbx
  lea (%rsp), %rdi
  xor %eax, %eax
  mov $10, %ecx
  rep stosq
  mov %r10, 64(%rsp)
1:
  mov %rbx, %rdi
  mov %rsp, %rsi
  call optprobe_next
  test %rax, %rax
  jle 2f
  mov (%rsp), %rax
  test %rax, %rax
  jz 1b
  mov 8(%rsp), %rdi
  mov 16(%rsp), %rsi
  call *%rax
  mov %rax, 40(%rsp)
  jmp 1b
2:
  add $88, %rsp
  pop %rbx
  pop %rbp
  ret
${loop('int3_loop', 'kprobe_next')}
${loop('return_loop', 'kretprobe_next')}
${GATES.map((name) => `.globl ${name}\n.type ${name}, @function\n${name}: vmcall\n  ret\n.size ${name}, .-${name}`).join('\n')}
`;
}
