/*
 * C's side of the way in and out: dispatch of system calls, and what has to be done before user mode is resumed.
 */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/syscalls.h>
#include <asm/syscall.h>
#include <asm/traps.h>
#include <asm/unistd.h>

#define EXIT_TO_USER_MODE_WORK (_TIF_SIGPENDING | _TIF_NEED_RESCHED | _TIF_NOTIFY_RESUME)

/* Reschedule and deliver signals until there is nothing left to do. Called and left with interrupts off. */
static void exit_to_user_mode_loop(struct pt_regs *regs)
{
	unsigned long work;

	while ((work = READ_ONCE(current_thread_info()->flags)) & EXIT_TO_USER_MODE_WORK) {
		local_irq_enable();
		if (work & _TIF_NEED_RESCHED)
			schedule();
		if (work & (_TIF_SIGPENDING | _TIF_NOTIFY_RESUME)) {
			clear_thread_flag(TIF_NOTIFY_RESUME);
			arch_do_signal_or_restart(regs);
		}
		local_irq_disable();
	}
}
NOKPROBE_SYMBOL(exit_to_user_mode_loop);

/* From an exception or an interrupt. */
void irqentry_exit_to_user_mode(struct pt_regs *regs)
{
	local_irq_disable();
	exit_to_user_mode_loop(regs);
}
NOKPROBE_SYMBOL(irqentry_exit_to_user_mode);

/* From a system call; interrupts are off on return. */
void syscall_exit_to_user_mode(struct pt_regs *regs)
{
	local_irq_disable();
	exit_to_user_mode_loop(regs);
}
NOKPROBE_SYMBOL(syscall_exit_to_user_mode);

/*
 * True: sysret may be used, which takes ip and flags from cx and r11. It must not be when somebody has changed the
 * registers (a signal, exec), or with an address that sysret would fault on.
 */
static bool may_sysret(const struct pt_regs *regs)
{
	return regs->cx == regs->ip && regs->r11 == regs->flags && regs->cs == __USER_CS && regs->ss == __USER_DS &&
	       regs->ip < TASK_SIZE_MAX && !(regs->flags & (X86_EFLAGS_RF | X86_EFLAGS_TF));
}
NOKPROBE_SYMBOL(may_sysret);

bool do_syscall_64(struct pt_regs *regs, int nr)
{
	local_irq_enable();
	if (likely((unsigned int)nr < NR_syscalls))
		regs->ax = sys_call_table[nr](regs);
	local_irq_disable();
	exit_to_user_mode_loop(regs);
	return may_sysret(regs);
}
NOKPROBE_SYMBOL(do_syscall_64);
