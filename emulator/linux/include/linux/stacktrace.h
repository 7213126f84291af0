/* Call traces as arrays of addresses. */
#ifndef _LINUX_STACKTRACE_H
#define _LINUX_STACKTRACE_H

#include <linux/types.h>

struct pt_regs;
struct task_struct;

struct stack_trace {
	unsigned int nr_entries, max_entries;
	unsigned long *entries;
	unsigned int skip;
};

typedef bool (*stack_trace_consume_fn)(void *cookie, unsigned long addr);
extern void arch_stack_walk(stack_trace_consume_fn consume_entry, void *cookie, struct task_struct *task,
			    struct pt_regs *regs);
extern unsigned int stack_trace_save(unsigned long *store, unsigned int size, unsigned int skipnr);
extern unsigned int stack_trace_save_tsk(struct task_struct *task, unsigned long *store, unsigned int size,
					 unsigned int skipnr);
extern unsigned int stack_trace_save_regs(struct pt_regs *regs, unsigned long *store, unsigned int size,
					  unsigned int skipnr);
extern unsigned int stack_trace_save_user(unsigned long *store, unsigned int size);
extern void stack_trace_print(const unsigned long *trace, unsigned int nr_entries, int spaces);
extern int stack_trace_snprint(char *buf, size_t size, const unsigned long *entries, unsigned int nr_entries, int spaces);

#endif
