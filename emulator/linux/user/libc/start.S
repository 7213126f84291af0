/*
 * Where a program begins: the kernel leaves argc, argv and envp on the stack; __libc_start() calls main() with them.
 * And the two other things that C cannot say: a system call, and the return from a signal handler.
 */
	.text
	.globl	_start
	.type	_start, @function
_start:
	xorl	%ebp, %ebp
	movq	%rsp, %rdi
	andq	$-16, %rsp
	call	__libc_start
	hlt
	.size	_start, . - _start

/* long __syscall(number, a1, ..., a6): the seventh argument is on the stack. */
	.globl	__syscall
	.type	__syscall, @function
__syscall:
	movq	%rdi, %rax
	movq	%rsi, %rdi
	movq	%rdx, %rsi
	movq	%rcx, %rdx
	movq	%r8, %r10
	movq	%r9, %r8
	movq	8(%rsp), %r9
	syscall
	ret
	.size	__syscall, . - __syscall

	.globl	__restore_rt
	.type	__restore_rt, @function
__restore_rt:
	movl	$15, %eax
	syscall
	.size	__restore_rt, . - __restore_rt

/* pid_t vfork(void): the child uses our stack until it is gone, so the return address waits in a register. */
	.globl	vfork
	.type	vfork, @function
vfork:
	popq	%rdx
	movl	$58, %eax
	syscall
	pushq	%rdx
	movq	%rax, %rdi
	jmp	__result
	.size	vfork, . - vfork

/*
 * int __clone(function, stack, flags, argument, parent_tid, child_tid, tls): the child starts on its own stack, so
 * function and argument wait there for it. The seventh argument is on the stack.
 */
	.globl	__clone
	.type	__clone, @function
__clone:
	andq	$-16, %rsi
	subq	$16, %rsi
	movq	%rcx, 8(%rsi)
	movq	%rdi, 0(%rsi)
	movl	%edx, %edi
	movq	%r8, %rdx
	movq	%r9, %r10
	movq	8(%rsp), %r8
	movl	$56, %eax
	syscall
	testl	%eax, %eax
	jnz	1f
	xorl	%ebp, %ebp
	popq	%rax
	popq	%rdi
	call	*%rax
	movl	%eax, %edi
	movl	$60, %eax
	syscall
1:	ret
	.size	__clone, . - __clone

/* jmp_buf: rbx rbp r12 r13 r14 r15 rsp rip */
	.globl	setjmp
	.type	setjmp, @function
setjmp:
	movq	%rbx, 0(%rdi)
	movq	%rbp, 8(%rdi)
	movq	%r12, 16(%rdi)
	movq	%r13, 24(%rdi)
	movq	%r14, 32(%rdi)
	movq	%r15, 40(%rdi)
	leaq	8(%rsp), %rdx
	movq	%rdx, 48(%rdi)
	movq	(%rsp), %rdx
	movq	%rdx, 56(%rdi)
	xorl	%eax, %eax
	ret
	.size	setjmp, . - setjmp

	.globl	longjmp
	.type	longjmp, @function
longjmp:
	movl	%esi, %eax
	testl	%eax, %eax
	jnz	1f
	incl	%eax
1:	movq	0(%rdi), %rbx
	movq	8(%rdi), %rbp
	movq	16(%rdi), %r12
	movq	24(%rdi), %r13
	movq	32(%rdi), %r14
	movq	40(%rdi), %r15
	movq	48(%rdi), %rsp
	jmp	*56(%rdi)
	.size	longjmp, . - longjmp

	.section .note.GNU-stack, "", @progbits
