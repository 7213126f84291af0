/* The switch from one kernel stack to another. */
#ifndef _ASM_SWITCH_TO_H
#define _ASM_SWITCH_TO_H

struct task_struct;

/* What __switch_to_asm leaves on the stack of a task that is not running. */
struct inactive_task_frame {
	unsigned long r15;
	unsigned long r14;
	unsigned long r13;
	unsigned long r12;
	unsigned long bx;
	unsigned long bp;
	unsigned long ret_addr;
};

extern struct task_struct *__switch_to_asm(struct task_struct *prev, struct task_struct *next, unsigned long *prev_sp,
					   unsigned long next_sp);
extern struct task_struct *__switch_to(struct task_struct *prev, struct task_struct *next);

#define switch_to(prev, next, last) \
	((last) = __switch_to_asm((prev), (next), &(prev)->thread.sp, (next)->thread.sp))

#endif
