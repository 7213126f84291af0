/* Walking kernel stacks by frame pointers. */
#ifndef _ASM_STACKTRACE_H
#define _ASM_STACKTRACE_H

#include <linux/types.h>

struct pt_regs;
struct task_struct;

/* A cursor on a stack: where we are, and, at an interrupted context, its registers. */
struct unwind_state {
	struct task_struct *task;
	unsigned long ip;
	unsigned long bp;
	unsigned long stack_start, stack_end;
	struct pt_regs *regs;
	bool reliable;	/* ip is a return address that the frame chain vouches for */
	bool done;
};

extern void unwind_start(struct unwind_state *state, struct task_struct *task, struct pt_regs *regs, unsigned long *frame);
extern bool unwind_next_frame(struct unwind_state *state);
#define unwind_done(state) ((state)->done)

extern void show_regs(struct pt_regs *regs);
extern void __show_regs(struct pt_regs *regs, const char *log_lvl);
extern void show_stack(struct task_struct *task, unsigned long *sp, const char *log_lvl);
extern void show_trace_log_lvl(struct task_struct *task, struct pt_regs *regs, unsigned long *stack, const char *log_lvl);
extern void show_iret_regs(struct pt_regs *regs, const char *log_lvl);
extern unsigned long oops_begin(void);
extern void oops_end(unsigned long flags, struct pt_regs *regs, int signr);
extern int __die(const char *str, struct pt_regs *regs, long err);
extern void die(const char *str, struct pt_regs *regs, long err, int trapnr);

#endif
