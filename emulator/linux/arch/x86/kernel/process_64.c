/*
 * The architecture's part of a task's life: its first stack frame, the switch to it, the start of its program.
 */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <asm/msr.h>
#include <asm/switch_to.h>
#include <asm/traps.h>

extern void ret_from_fork_asm(void);
extern void schedule_tail(struct task_struct *prev);

/* The first frame of a new task: __switch_to_asm pops it and "returns" to ret_from_fork_asm. */
struct fork_frame {
	struct inactive_task_frame frame;
	struct pt_regs regs;
};

int copy_thread(struct task_struct *p, const struct kernel_clone_args *args)
{
	struct pt_regs *childregs = task_pt_regs(p);
	struct fork_frame *fork_frame = container_of(childregs, struct fork_frame, regs);
	struct inactive_task_frame *frame = &fork_frame->frame;

	memset(frame, 0, sizeof(*frame));
	frame->bp = (unsigned long)childregs | 1;
	frame->ret_addr = (unsigned long)ret_from_fork_asm;
	p->thread.sp = (unsigned long)frame;
	p->thread.fsbase = current->thread.fsbase;
	p->thread.gsbase = current->thread.gsbase;
	if (args->fn) {
		memset(childregs, 0, sizeof(*childregs));
		frame->bp = 0; /* nothing above a kernel thread's function */
		frame->bx = (unsigned long)args->fn;
		frame->r12 = (unsigned long)args->fn_arg;
		return 0;
	}
	*childregs = *current_pt_regs();
	childregs->ax = 0;
	if (args->stack)
		childregs->sp = args->stack;
	if (args->flags & CLONE_SETTLS)
		p->thread.fsbase = args->tls;
	return 0;
}

/* C's side of ret_from_fork_asm. A kernel thread's function returns only after it has executed a program. */
void ret_from_fork(struct task_struct *prev, struct pt_regs *regs, int (*fn)(void *), void *fn_arg)
{
	schedule_tail(prev);
	if (fn) {
		fn(fn_arg);
		regs->ax = 0;
	}
	local_irq_disable();
	syscall_exit_to_user_mode(regs);
}

/* Runs on the new task's stack, with the registers that belong to a CPU and not to a stack still the old task's. */
struct task_struct *__switch_to(struct task_struct *prev, struct task_struct *next)
{
	if (prev->thread.fsbase != next->thread.fsbase)
		wrmsrl(MSR_FS_BASE, next->thread.fsbase);
	if (prev->thread.gsbase != next->thread.gsbase)
		wrmsrl(MSR_KERNEL_GS_BASE, next->thread.gsbase);
	this_cpu_write(current_task, next);
	load_sp0(task_top_of_stack(next));
	return prev;
}
NOKPROBE_SYMBOL(__switch_to);

void start_thread(struct pt_regs *regs, unsigned long new_ip, unsigned long new_sp)
{
	memset(regs, 0, sizeof(*regs));
	regs->ip = new_ip;
	regs->sp = new_sp;
	regs->cs = __USER_CS;
	regs->ss = __USER_DS;
	regs->flags = X86_EFLAGS_IF | X86_EFLAGS_FIXED;
}

/* Forget what the old program set up: execve(2). */
void flush_thread(void)
{
	current->thread.fsbase = 0;
	current->thread.gsbase = 0;
	wrmsrl(MSR_FS_BASE, 0);
	wrmsrl(MSR_KERNEL_GS_BASE, 0);
}

#define ARCH_SET_GS 0x1001
#define ARCH_SET_FS 0x1002
#define ARCH_GET_FS 0x1003
#define ARCH_GET_GS 0x1004

SYSCALL_DEFINE2(arch_prctl, int, option, unsigned long, arg2)
{
	switch (option) {
	case ARCH_SET_FS:
		if (arg2 >= TASK_SIZE_MAX)
			return -EPERM;
		current->thread.fsbase = arg2;
		wrmsrl(MSR_FS_BASE, arg2);
		return 0;
	case ARCH_SET_GS:
		if (arg2 >= TASK_SIZE_MAX)
			return -EPERM;
		current->thread.gsbase = arg2;
		wrmsrl(MSR_KERNEL_GS_BASE, arg2);
		return 0;
	case ARCH_GET_FS:
		return put_user(current->thread.fsbase, (unsigned long __user *)arg2);
	case ARCH_GET_GS:
		return put_user(current->thread.gsbase, (unsigned long __user *)arg2);
	default:
		return -EINVAL;
	}
}
