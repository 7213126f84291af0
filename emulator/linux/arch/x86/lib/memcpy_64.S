/*
 * memcpy, memmove and memset by string instructions: on this machine one of them moves a whole block. They are not
 * traced, because the handling of a probe uses them itself.
 */
#include <linux/linkage.h>

	.section ".noinstr.text", "ax"

SYM_FUNC_START(memcpy)
	movq %rdi, %rax
	movq %rdx, %rcx
	shrq $3, %rcx
	rep movsq
	movl %edx, %ecx
	andl $7, %ecx
	rep movsb
	ret
SYM_FUNC_END(memcpy)

/* Copies backwards when the destination starts inside the source. */
SYM_FUNC_START(memmove)
	movq %rdi, %rax
	movq %rdx, %rcx
	movq %rdi, %r8
	subq %rsi, %r8
	cmpq %rdx, %r8
	jb 1f
	rep movsb
	ret
1:	leaq -1(%rdi, %rdx), %rdi
	leaq -1(%rsi, %rdx), %rsi
	std
	rep movsb
	cld
	ret
SYM_FUNC_END(memmove)

SYM_FUNC_START(memset)
	movq %rdi, %r9
	movzbl %sil, %esi
	movabsq $0x0101010101010101, %rax
	imulq %rsi, %rax
	movq %rdx, %rcx
	shrq $3, %rcx
	rep stosq
	movl %edx, %ecx
	andl $7, %ecx
	rep stosb
	movq %r9, %rax
	ret
SYM_FUNC_END(memset)
