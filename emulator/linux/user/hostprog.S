/*
 * The program behind every command of the console: /bin/sh, /bin/cat, /bin/ls
 * and the others are this one file.
 *
 * It asks the host for its next system call and makes it, for ever. What the
 * command does is decided by the host (emulator/shell); that it opens, reads,
 * forks and exits is decided by the kernel, which sees an ordinary process.
 *
 * Registers at the vmcall, as the host knows them:
 *   rax  result of the last system call          (in)
 *   rbx  stack pointer at the program's start: argc, argv, envp
 *   r12  the buffer that arguments and data go through
 *   r13  0 at the first vmcall of a program, 1 from then on (set by the host)
 *   rax, rdi, rsi, rdx, r10, r8, r9  the next system call   (out)
 */
#define BUFFER_PAGES	16
#define PAGE_SIZE	4096

	.text
	.globl	_start
_start:
	xorl	%ebp, %ebp
	xorl	%r13d, %r13d
	movq	%rsp, %rbx
	leaq	buffer(%rip), %r12

next:
	/*
	 * Write to each page of the buffer without changing it: the pages are
	 * there, and this process's own, before the host looks at them (they
	 * may not be allocated yet, or be shared with the parent after fork).
	 */
	movq	%r12, %rcx
	movl	$BUFFER_PAGES, %edx
touch:
	orb	$0, (%rcx)
	addq	$PAGE_SIZE, %rcx
	decl	%edx
	jnz	touch

	vmcall
	syscall
	jmp	next

	.bss
	.balign	PAGE_SIZE
buffer:
	.skip	BUFFER_PAGES * PAGE_SIZE
