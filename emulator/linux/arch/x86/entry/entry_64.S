/*
 * The ways into the kernel and out of it: system calls, exceptions, interrupts, the switch from task to task, and the
 * trampolines of probes. Each builds a struct pt_regs and calls C.
 */
#include <linux/linkage.h>
#include <asm/segment.h>
#include <asm/calling.h>

	.section ".entry.text", "ax"

/*
 * syscall: the CPU has put the return address into rcx and the flags into r11, has turned interrupts off, and has left
 * the user's stack pointer where it was.
 */
SYM_CODE_START(entry_SYSCALL_64)
	swapgs
	movq %rsp, %gs:entry_user_sp
	movq %gs:cpu_current_top_of_stack, %rsp
	pushq $__USER_DS		/* ss */
	pushq %gs:entry_user_sp		/* sp */
	pushq %r11			/* flags */
	pushq $__USER_CS		/* cs */
	pushq %rcx			/* ip */
	pushq %rax			/* orig_ax: the system call's number */
	PUSH_REGS
	movq $-38, RAX(%rsp)		/* -ENOSYS, until something better is known */
	movq %rsp, %rdi
	movslq %eax, %rsi
	call do_syscall_64
	testb %al, %al
	jz swapgs_restore_regs_and_return_to_usermode
	POP_REGS
	movq 32(%rsp), %rsp		/* the user's; from here on no interrupt may come, and none can */
	swapgs
	sysretq
SYM_CODE_END(entry_SYSCALL_64)

/* The way back to user mode that restores everything. Interrupts are off. */
SYM_CODE_START(swapgs_restore_regs_and_return_to_usermode)
	POP_REGS
	addq $8, %rsp			/* orig_ax */
	swapgs
	iretq
SYM_CODE_END(swapgs_restore_regs_and_return_to_usermode)

/* The end of every exception and interrupt. */
SYM_CODE_START(error_return)
	testb $3, CS(%rsp)
	jz 1f
	movq %rsp, %rdi
	call irqentry_exit_to_user_mode
	jmp swapgs_restore_regs_and_return_to_usermode
1:	POP_REGS
	addq $8, %rsp
	iretq
SYM_CODE_END(error_return)

/*
 * One exception: \cfunc(regs) or, when the CPU pushes an error code, \cfunc(regs, error_code).
 *
 * A breakpoint in kernel mode gets a gap of six words between the interrupted stack and its frame: the handler may have
 * to emulate a call or a push, which writes below the interrupted stack pointer.
 */
.macro idtentry vector asmsym cfunc has_error_code
SYM_CODE_START(\asmsym)
	.if \has_error_code == 0
	pushq $-1
	.endif
	.if \vector == 3
	testb $3, 16(%rsp)
	jnz 3f
	.rept 6
	pushq 40(%rsp)
	.endr
3:
	.endif
	PUSH_REGS
	testb $3, CS(%rsp)
	jz 4f
	swapgs
4:	cld
	movq %rsp, %rdi
	.if \has_error_code == 1
	movq ORIG_RAX(%rsp), %rsi
	movq $-1, ORIG_RAX(%rsp)
	.endif
	call \cfunc
	jmp error_return
SYM_CODE_END(\asmsym)
.endm

idtentry 0 asm_exc_divide_error exc_divide_error 0
idtentry 1 asm_exc_debug exc_debug 0
idtentry 2 asm_exc_nmi exc_nmi 0
idtentry 3 asm_exc_int3 exc_int3 0
idtentry 4 asm_exc_overflow exc_overflow 0
idtentry 5 asm_exc_bounds exc_bounds 0
idtentry 6 asm_exc_invalid_op exc_invalid_op 0
idtentry 7 asm_exc_device_not_available exc_device_not_available 0
idtentry 8 asm_exc_double_fault exc_double_fault 1
idtentry 10 asm_exc_invalid_tss exc_invalid_tss 1
idtentry 11 asm_exc_segment_not_present exc_segment_not_present 1
idtentry 12 asm_exc_stack_segment exc_stack_segment 1
idtentry 13 asm_exc_general_protection exc_general_protection 1
idtentry 14 asm_exc_page_fault exc_page_fault 1
idtentry 16 asm_exc_coprocessor_error exc_coprocessor_error 0
idtentry 17 asm_exc_alignment_check exc_alignment_check 1
idtentry 19 asm_exc_simd_coprocessor_error exc_simd_coprocessor_error 0
idtentry 0xec asm_sysvec_apic_timer_interrupt sysvec_apic_timer_interrupt 0
idtentry 0xfc asm_sysvec_call_function sysvec_call_function 0
idtentry 0xfd asm_sysvec_reschedule_ipi sysvec_reschedule_ipi 0
idtentry 0xff asm_sysvec_spurious_apic_interrupt sysvec_spurious_apic_interrupt 0

/* Device interrupts: 16 stubs of 16 bytes, for the vectors from 0x30 on; each pushes its vector as the error code. */
	.p2align 4
	.globl irq_entries_start
irq_entries_start:
	.set vector, 0x30
	.rept 16
	pushq $vector
	jmp asm_common_interrupt
	.balign 16
	.set vector, vector + 1
	.endr

idtentry 0x30 asm_common_interrupt common_interrupt 1

/*
 * struct task_struct *__switch_to_asm(prev, next, unsigned long *prev_sp, unsigned long next_sp)
 * Leave one kernel stack and continue on another. What is pushed here is struct inactive_task_frame.
 */
SYM_CODE_START(__switch_to_asm)
	pushq %rbp
	pushq %rbx
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	movq %rsp, (%rdx)
	movq %rcx, %rsp
	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %rbx
	popq %rbp
	jmp __switch_to
SYM_CODE_END(__switch_to_asm)

/* A new task's first step. rax: the task before it; rbx, r12: a kernel thread's function and argument, or 0. */
SYM_CODE_START(ret_from_fork_asm)
	movq %rax, %rdi
	movq %rsp, %rsi
	movq %rbx, %rdx
	movq %r12, %rcx
	call ret_from_fork
	jmp swapgs_restore_regs_and_return_to_usermode
SYM_CODE_END(ret_from_fork_asm)

/* void rewind_stack_and_make_dead(int signr): leave a stack that may be useless, and let the task end on its top. */
SYM_CODE_START(rewind_stack_and_make_dead)
	xorl %ebp, %ebp
	movq %gs:cpu_current_top_of_stack, %rax
	leaq -SIZEOF_PTREGS(%rax), %rsp
	call make_task_dead
1:	jmp 1b
SYM_CODE_END(rewind_stack_and_make_dead)

/* void load_gdt_and_segments(const struct desc_ptr *gdt): an iret to the next instruction reloads cs and ss. */
SYM_CODE_START(load_gdt_and_segments)
	lgdt (%rdi)
	movq %rsp, %rax
	pushq $__KERNEL_DS
	pushq %rax
	pushfq
	pushq $__KERNEL_CS
	leaq 1f(%rip), %rax
	pushq %rax
	iretq
1:	movl $__KERNEL_DS, %eax
	movl %eax, %ds
	movl %eax, %es
	xorl %eax, %eax
	movl %eax, %fs
	movl %eax, %gs
	movl $0x40, %eax
	ltr %ax
	ret
SYM_CODE_END(load_gdt_and_segments)

	.section ".kprobes.text", "ax"

/*
 * Where a function with a return probe returns to. The word pushed first becomes the true return address, which the
 * handler finds out; the final ret takes it.
 */
SYM_CODE_START(__kretprobe_trampoline)
	pushq $0
	pushq $__KERNEL_DS
	pushq $0
	pushfq
	pushq $__KERNEL_CS
	pushq $__kretprobe_trampoline
	pushq $-1
	PUSH_REGS
	leaq (SIZEOF_PTREGS + 8)(%rsp), %rax
	movq %rax, RSP(%rsp)
	movq %rsp, %rdi
	call kretprobe_trampoline_handler
	movq RIP(%rsp), %rax
	movq %rax, SIZEOF_PTREGS(%rsp)
	POP_REGS
	leaq 24(%rsp), %rsp		/* orig_ax, ip, cs */
	popfq
	leaq 16(%rsp), %rsp		/* sp, ss; lea leaves the flags alone */
	ret
SYM_CODE_END(__kretprobe_trampoline)

/*
 * Where a patched function entry calls to. The return address on the stack is the function's second instruction; the
 * handlers see the registers as they were at the first one.
 */
SYM_CODE_START(lab_ftrace_caller)
	leaq -48(%rsp), %rsp
	pushfq
	popq 24(%rsp)
	movq $-1, 0(%rsp)
	movq $__KERNEL_CS, 16(%rsp)
	movq $__KERNEL_DS, 40(%rsp)
	PUSH_REGS
	movq SIZEOF_PTREGS(%rsp), %rax
	movq %rax, RIP(%rsp)
	leaq (SIZEOF_PTREGS + 8)(%rsp), %rax
	movq %rax, RSP(%rsp)
	movq %rsp, %rdi
	call lab_ftrace_callback
	movq RIP(%rsp), %rax		/* a handler may have changed ip and sp: ret takes both */
	movq RSP(%rsp), %rcx
	movq %rax, -8(%rcx)
	POP_REGS
	pushq 24(%rsp)
	popfq
	movq 32(%rsp), %rsp		/* mov and lea leave the flags alone */
	leaq -8(%rsp), %rsp
	ret
SYM_CODE_END(lab_ftrace_caller)
