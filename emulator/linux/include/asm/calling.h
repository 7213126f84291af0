/*
 * Macros of entry code: struct pt_regs on the stack (asm/ptrace.h has its C shape), saved and restored.
 */
#ifndef _ASM_CALLING_H
#define _ASM_CALLING_H

#define R15 0
#define R14 8
#define R13 16
#define R12 24
#define RBP 32
#define RBX 40
#define R11 48
#define R10 56
#define R9 64
#define R8 72
#define RAX 80
#define RCX 88
#define RDX 96
#define RSI 104
#define RDI 112
#define ORIG_RAX 120
#define RIP 128
#define CS 136
#define EFLAGS 144
#define RSP 152
#define SS 160
#define SIZEOF_PTREGS 168

/*
 * Push the general registers under orig_ax. Then the frame pointer marks the place: an odd value says that a struct
 * pt_regs lies at rbp - 1, so that stack walks go through it to the interrupted function.
 */
.macro PUSH_REGS
	pushq %rdi
	pushq %rsi
	pushq %rdx
	pushq %rcx
	pushq %rax
	pushq %r8
	pushq %r9
	pushq %r10
	pushq %r11
	pushq %rbx
	pushq %rbp
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	leaq 1(%rsp), %rbp
.endm

/* The reverse; leaves rsp at orig_ax. */
.macro POP_REGS
	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %rbp
	popq %rbx
	popq %r11
	popq %r10
	popq %r9
	popq %r8
	popq %rax
	popq %rcx
	popq %rdx
	popq %rsi
	popq %rdi
.endm

#endif
