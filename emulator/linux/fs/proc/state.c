/*
 * /proc/PID/stack, wchan, syscall and limits: what a process is doing in the kernel, and what it may use.
 */
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/ptrace.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/seq_file.h>
#include <linux/stacktrace.h>
#include "internal.h"

#define MAX_DEPTH 64

int proc_pid_stack(struct seq_file *m, struct task_struct *task)
{
	unsigned long entries[MAX_DEPTH];
	unsigned int nr, i;

	if (!capable(CAP_SYS_ADMIN))
		return -EACCES;
	nr = stack_trace_save_tsk(task, entries, MAX_DEPTH, 0);
	for (i = 0; i < nr; i++)
		seq_printf(m, "[<0>] %pB\n", (void *)entries[i]);
	return 0;
}

/* The function that a sleeping task waits in: the first that is not the scheduler's own. */
int proc_pid_wchan(struct seq_file *m, struct task_struct *task)
{
	static const char *const scheduler[] = {
		"__switch_to_asm", "context_switch", "__schedule", "schedule", "schedule_timeout",
		"schedule_timeout_interruptible", "schedule_timeout_killable", "schedule_timeout_uninterruptible",
	};
	unsigned long entries[16];
	char symbol[KSYM_SYMBOL_LEN];
	unsigned int nr = 0, i, j;

	if (READ_ONCE(task->__state) != TASK_RUNNING && task != current)
		nr = stack_trace_save_tsk(task, entries, ARRAY_SIZE(entries), 0);
	for (i = 0; i < nr; i++) {
		snprintf(symbol, sizeof(symbol), "%ps", (void *)entries[i]);
		for (j = 0; j < ARRAY_SIZE(scheduler); j++)
			if (!strcmp(symbol, scheduler[j]))
				break;
		if (j == ARRAY_SIZE(scheduler)) {
			seq_puts(m, symbol);
			return 0;
		}
	}
	seq_putc(m, '0');
	return 0;
}

/* The system call that a task sleeps in: number, six arguments, stack and instruction pointers. */
int proc_pid_syscall(struct seq_file *m, struct task_struct *task)
{
	const struct pt_regs *regs = task_pt_regs(task);

	if (task->flags & PF_KTHREAD || task->exit_state) {
		seq_puts(m, "0 0x0 0x0\n");
	} else if (task == current || READ_ONCE(task->__state) != TASK_RUNNING) {
		seq_printf(m, "%ld 0x%lx 0x%lx 0x%lx 0x%lx 0x%lx 0x%lx 0x%lx 0x%lx\n", (long)regs->orig_ax, regs->di, regs->si,
			   regs->dx, regs->r10, regs->r8, regs->r9, regs->sp, regs->ip);
	} else {
		seq_puts(m, "running\n");
	}
	return 0;
}

int proc_pid_limits(struct seq_file *m, struct task_struct *task)
{
	static const struct {
		const char *name, *unit;
	} limits[RLIM_NLIMITS] = {
		{ "Max cpu time", "seconds" }, { "Max file size", "bytes" }, { "Max data size", "bytes" },
		{ "Max stack size", "bytes" }, { "Max core file size", "bytes" }, { "Max resident set", "bytes" },
		{ "Max processes", "processes" }, { "Max open files", "files" }, { "Max locked memory", "bytes" },
		{ "Max address space", "bytes" }, { "Max file locks", "locks" }, { "Max pending signals", "signals" },
		{ "Max msgqueue size", "bytes" }, { "Max nice priority", "" }, { "Max realtime priority", "" },
		{ "Max realtime timeout", "us" },
	};
	char text[2][24];
	int i, j;

	seq_puts(m, "Limit                     Soft Limit           Hard Limit           Units     \n");
	for (i = 0; i < RLIM_NLIMITS; i++) {
		for (j = 0; j < 2; j++) {
			if (task->signal->rlim[i][j] == RLIM_INFINITY)
				snprintf(text[j], sizeof(text[j]), "unlimited");
			else
				snprintf(text[j], sizeof(text[j]), "%lu", task->signal->rlim[i][j]);
		}
		seq_printf(m, "%-25s %-20s %-20s %-10s\n", limits[i].name, text[0], text[1], limits[i].unit);
	}
	return 0;
}
