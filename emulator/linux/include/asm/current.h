/* current: the task that runs on this CPU. */
#ifndef _ASM_CURRENT_H
#define _ASM_CURRENT_H

#include <asm/percpu.h>

struct task_struct;
DECLARE_PER_CPU(struct task_struct *, current_task);

static __always_inline struct task_struct *get_current(void)
{
	struct task_struct *task;

	asm volatile("movq %%gs:%1, %0" : "=r"(task) : "m"(current_task));
	return task;
}

#define current get_current()

#endif
