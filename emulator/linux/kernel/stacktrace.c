/*
 * Call traces into arrays.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/stacktrace.h>
#include <linux/uaccess.h>

struct stacktrace_cookie {
	unsigned long *store;
	unsigned int size;
	unsigned int skip;
	unsigned int len;
};

static bool stack_trace_consume_entry(void *cookie, unsigned long addr)
{
	struct stacktrace_cookie *c = cookie;

	if (c->len >= c->size)
		return false;
	if (c->skip > 0) {
		c->skip--;
		return true;
	}
	c->store[c->len++] = addr;
	return c->len < c->size;
}

/* The caller is entry 0. */
noinline unsigned int stack_trace_save(unsigned long *store, unsigned int size, unsigned int skipnr)
{
	struct stacktrace_cookie c = { .store = store, .size = size, .skip = skipnr + 1 };

	arch_stack_walk(stack_trace_consume_entry, &c, current, NULL);
	return c.len;
}
EXPORT_SYMBOL_GPL(stack_trace_save);

unsigned int stack_trace_save_tsk(struct task_struct *tsk, unsigned long *store, unsigned int size, unsigned int skipnr)
{
	struct stacktrace_cookie c = { .store = store, .size = size, .skip = skipnr + (current == tsk) };

	arch_stack_walk(stack_trace_consume_entry, &c, tsk, NULL);
	return c.len;
}
EXPORT_SYMBOL_GPL(stack_trace_save_tsk);

unsigned int stack_trace_save_regs(struct pt_regs *regs, unsigned long *store, unsigned int size, unsigned int skipnr)
{
	struct stacktrace_cookie c = { .store = store, .size = size, .skip = skipnr };

	arch_stack_walk(stack_trace_consume_entry, &c, current, regs);
	return c.len;
}

/* A user program's stack, as far as it keeps frame pointers. */
noinline unsigned int stack_trace_save_user(unsigned long *store, unsigned int size)
{
	const struct pt_regs *regs = task_pt_regs(current);
	unsigned long fp = regs->bp, frame[2];
	unsigned int len = 0;

	if ((current->flags & PF_KTHREAD) || !size)
		return 0;
	store[len++] = regs->ip;
	while (len < size && fp && !(fp & 7)) {
		if (copy_from_user_nofault(frame, (void __user *)fp, sizeof(frame)) || !frame[1])
			break;
		store[len++] = frame[1];
		if (frame[0] <= fp)
			break;
		fp = frame[0];
	}
	return len;
}
EXPORT_SYMBOL_GPL(stack_trace_save_user);

void stack_trace_print(const unsigned long *entries, unsigned int nr_entries, int spaces)
{
	unsigned int i;

	for (i = 0; i < nr_entries; i++)
		printk("%*c%pS\n", 1 + spaces, ' ', (void *)entries[i]);
}
EXPORT_SYMBOL_GPL(stack_trace_print);

int stack_trace_snprint(char *buf, size_t size, const unsigned long *entries, unsigned int nr_entries, int spaces)
{
	unsigned int i, total = 0;

	for (i = 0; i < nr_entries && size; i++) {
		unsigned int generated = snprintf(buf, size, "%*c%pS\n", 1 + spaces, ' ', (void *)entries[i]);

		total += generated;
		if (generated >= size)
			break;
		buf += generated;
		size -= generated;
	}
	return (int)total;
}
EXPORT_SYMBOL_GPL(stack_trace_snprint);
