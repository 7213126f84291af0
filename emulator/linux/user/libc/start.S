/*
 * Where a program begins: argc, argv and envp lie on the stack. And the one instruction that enters the kernel.
 */
	.text
	.globl _start
	.type _start, @function
_start:
	xorl %ebp, %ebp
	movq (%rsp), %rdi
	leaq 8(%rsp), %rsi
	leaq 16(%rsp,%rdi,8), %rdx
	andq $-16, %rsp
	call __libc_start
	hlt
	.size _start, .-_start

/* long __syscall(long number, long a, long b, long c, long d, long e, long f): the raw result, -errno on failure. */
	.globl __syscall
	.type __syscall, @function
__syscall:
	movq %rdi, %rax
	movq %rsi, %rdi
	movq %rdx, %rsi
	movq %rcx, %rdx
	movq %r8, %r10
	movq %r9, %r8
	movq 8(%rsp), %r9
	syscall
	ret
	.size __syscall, .-__syscall

/* What a signal handler returns to. */
	.globl __restore_rt
	.type __restore_rt, @function
__restore_rt:
	movl $15, %eax
	syscall
	.size __restore_rt, .-__restore_rt

/* int setjmp(jmp_buf env), void longjmp(jmp_buf env, int value). */
	.globl setjmp
	.type setjmp, @function
setjmp:
	movq %rbx, (%rdi)
	movq %rbp, 8(%rdi)
	movq %r12, 16(%rdi)
	movq %r13, 24(%rdi)
	movq %r14, 32(%rdi)
	movq %r15, 40(%rdi)
	leaq 8(%rsp), %rax
	movq %rax, 48(%rdi)
	movq (%rsp), %rax
	movq %rax, 56(%rdi)
	xorl %eax, %eax
	ret
	.size setjmp, .-setjmp

	.globl longjmp
	.type longjmp, @function
longjmp:
	movl %esi, %eax
	testl %eax, %eax
	jnz 1f
	incl %eax
1:	movq (%rdi), %rbx
	movq 8(%rdi), %rbp
	movq 16(%rdi), %r12
	movq 24(%rdi), %r13
	movq 32(%rdi), %r14
	movq 40(%rdi), %r15
	movq 48(%rdi), %rsp
	jmp *56(%rdi)
	.size longjmp, .-longjmp

	.section .note.GNU-stack, "", @progbits
