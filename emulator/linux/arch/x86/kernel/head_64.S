/*
 * The first instructions. The host has already done what a boot loader and a decompressor do: long mode is on, the
 * page tables map the kernel, and the stack pointer is at the top of the first task's stack.
 */
#include <linux/linkage.h>

	.section ".text.head", "ax"

/* CPU 0. rdi: physical address of struct boot_params. */
SYM_CODE_START(startup_64)
	xorl %ebp, %ebp		/* stack walks end here */
	call x86_64_start_kernel
1:	hlt
	jmp 1b
SYM_CODE_END(startup_64)

/* The other CPUs. The CPU's number is the top word of the stack it was given. */
SYM_CODE_START(secondary_startup_64)
	xorl %ebp, %ebp
	popq %rdi
	call start_secondary
1:	hlt
	jmp 1b
SYM_CODE_END(secondary_startup_64)
