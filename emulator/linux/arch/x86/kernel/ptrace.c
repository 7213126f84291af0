/*
 * The registers of struct pt_regs by name, and the words of the stack they point to: what probe events fetch.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/string.h>

struct pt_regs_offset {
	const char *name;
	unsigned int offset;
};

#define REG_OFFSET_NAME(r) { #r, offsetof(struct pt_regs, r) }

static const struct pt_regs_offset regoffset_table[] = {
	REG_OFFSET_NAME(r15), REG_OFFSET_NAME(r14), REG_OFFSET_NAME(r13), REG_OFFSET_NAME(r12),
	REG_OFFSET_NAME(r11), REG_OFFSET_NAME(r10), REG_OFFSET_NAME(r9), REG_OFFSET_NAME(r8),
	REG_OFFSET_NAME(bx), REG_OFFSET_NAME(cx), REG_OFFSET_NAME(dx), REG_OFFSET_NAME(si),
	REG_OFFSET_NAME(di), REG_OFFSET_NAME(bp), REG_OFFSET_NAME(ax), REG_OFFSET_NAME(orig_ax),
	REG_OFFSET_NAME(ip), REG_OFFSET_NAME(cs), REG_OFFSET_NAME(flags), REG_OFFSET_NAME(sp),
	REG_OFFSET_NAME(ss),
};

int regs_query_register_offset(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(regoffset_table); i++)
		if (strcmp(regoffset_table[i].name, name) == 0)
			return (int)regoffset_table[i].offset;
	return -EINVAL;
}
EXPORT_SYMBOL_GPL(regs_query_register_offset);

const char *regs_query_register_name(unsigned int offset)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(regoffset_table); i++)
		if (regoffset_table[i].offset == offset)
			return regoffset_table[i].name;
	return NULL;
}

/* Word n of the kernel stack, 0 if that is not on the stack. */
unsigned long regs_get_kernel_stack_nth(struct pt_regs *regs, unsigned int n)
{
	unsigned long address = regs->sp + n * sizeof(unsigned long);

	if ((address & ~(THREAD_SIZE - 1)) != (regs->sp & ~(THREAD_SIZE - 1)))
		return 0;
	return *(unsigned long *)address;
}
EXPORT_SYMBOL_GPL(regs_get_kernel_stack_nth);
