/*
 * struct pt_regs: the registers of an interrupted context as entry.S leaves them on the kernel stack, lowest address
 * first. Probe handlers get a pointer to it; the names are those that handlers use (regs->di, regs->ip).
 */
#ifndef _ASM_PTRACE_H
#define _ASM_PTRACE_H

#include <asm/segment.h>
#include <asm/processor-flags.h>

#ifndef __ASSEMBLY__
#include <linux/compiler.h>
#include <linux/types.h>

struct pt_regs {
	/* Saved by entry code on every entry. */
	unsigned long r15;
	unsigned long r14;
	unsigned long r13;
	unsigned long r12;
	unsigned long bp __former_name("rbp");
	unsigned long bx __former_name("rbx");
	unsigned long r11;
	unsigned long r10;
	unsigned long r9;
	unsigned long r8;
	unsigned long ax __former_name("rax");
	unsigned long cx __former_name("rcx");
	unsigned long dx __former_name("rdx");
	unsigned long si __former_name("rsi");
	unsigned long di __former_name("rdi");
	unsigned long orig_ax __former_name("orig_rax"); /* system call number, or an exception's error code, or -1 */
	/* The frame that the CPU itself pushes. */
	unsigned long ip __former_name("rip");
	unsigned long cs;
	unsigned long flags __former_name("eflags");
	unsigned long sp __former_name("rsp");
	unsigned long ss;
};

static inline unsigned long regs_return_value(struct pt_regs *regs)
{
	return regs->ax;
}

static inline void regs_set_return_value(struct pt_regs *regs, unsigned long rc)
{
	regs->ax = rc;
}

static inline unsigned long instruction_pointer(struct pt_regs *regs)
{
	return regs->ip;
}

static inline void instruction_pointer_set(struct pt_regs *regs, unsigned long val)
{
	regs->ip = val;
}

static inline unsigned long frame_pointer(struct pt_regs *regs)
{
	return regs->bp;
}

static inline unsigned long kernel_stack_pointer(struct pt_regs *regs)
{
	return regs->sp;
}

static inline unsigned long user_stack_pointer(struct pt_regs *regs)
{
	return regs->sp;
}

static inline int user_mode(struct pt_regs *regs)
{
	return !!(regs->cs & 3);
}

static inline bool user_64bit_mode(struct pt_regs *regs)
{
	return regs->cs == __USER_CS;
}

static inline bool regs_irqs_disabled(struct pt_regs *regs)
{
	return !(regs->flags & X86_EFLAGS_IF);
}

/* The n-th argument of a function whose first instruction is about to run; System V AMD64 ABI, section 3.2.3. */
static inline unsigned long regs_get_kernel_argument(struct pt_regs *regs, unsigned int n)
{
	switch (n) {
	case 0:
		return regs->di;
	case 1:
		return regs->si;
	case 2:
		return regs->dx;
	case 3:
		return regs->cx;
	case 4:
		return regs->r8;
	case 5:
		return regs->r9;
	default:
		return ((unsigned long *)regs->sp)[n - 5]; /* word 0 is the return address */
	}
}

extern int regs_query_register_offset(const char *name);
extern const char *regs_query_register_name(unsigned int offset);
extern unsigned long regs_get_kernel_stack_nth(struct pt_regs *regs, unsigned int n);

static inline unsigned long regs_get_register(struct pt_regs *regs, unsigned int offset)
{
	return *(unsigned long *)((char *)regs + offset);
}

#endif
#endif
