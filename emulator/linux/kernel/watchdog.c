/*
 * The soft lockup detector: a CPU whose kernel code has not come to the scheduler for twice kernel.watchdog_thresh
 * seconds is stuck in a loop. Linux's threshold is 10 s; here a second is a thousand million instructions, so it is 1.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/nmi.h>
#include <linux/panic.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/sysctl.h>
#include <asm/irq_regs.h>

static int watchdog_thresh = 1;
static int softlockup_panic;
static DEFINE_PER_CPU(u64, watchdog_touch_ts);
static DEFINE_PER_CPU(bool, watchdog_warned);

extern void print_modules(void);
extern void show_regs(struct pt_regs *regs);

void watchdog_note_switch(void)
{
	this_cpu_write(watchdog_touch_ts, sched_clock());
	this_cpu_write(watchdog_warned, false);
}
NOKPROBE_SYMBOL(watchdog_note_switch);

void touch_softlockup_watchdog(void)
{
	preempt_disable();
	watchdog_note_switch();
	preempt_enable();
}
EXPORT_SYMBOL(touch_softlockup_watchdog);

/* Half-way it asks for the scheduler, so that whoever goes there when asked (cond_resched, user mode) is not suspected. */
void watchdog_tick(bool user)
{
	u64 thresh = (u64)watchdog_thresh * 2 * NSEC_PER_SEC, since = sched_clock() - this_cpu_read(watchdog_touch_ts);
	struct pt_regs *regs = get_irq_regs();

	if (!thresh)
		return;
	if (user || is_idle_task(current)) {
		watchdog_note_switch();
		return;
	}
	if (since > thresh / 2)
		set_tsk_need_resched(current);
	if (since < thresh || this_cpu_read(watchdog_warned))
		return;
	this_cpu_write(watchdog_warned, true);
	pr_emerg("watchdog: BUG: soft lockup - CPU#%d stuck for %llus! [%s:%d]\n", smp_processor_id(), since / NSEC_PER_SEC,
		 current->comm, current->pid);
	print_modules();
	if (regs)
		show_regs(regs);
	else
		dump_stack();
	add_taint(TAINT_SOFTLOCKUP, LOCKDEP_STILL_OK);
	if (softlockup_panic)
		panic("softlockup: hung tasks");
}

static int zero, one = 1, sixty = 60;

static struct ctl_table watchdog_table[] = {
	{
		.procname = "watchdog_thresh",
		.data = &watchdog_thresh,
		.maxlen = sizeof(int),
		.mode = 0644,
		.proc_handler = proc_dointvec_minmax,
		.extra1 = &zero,
		.extra2 = &sixty,
	},
	{
		.procname = "softlockup_panic",
		.data = &softlockup_panic,
		.maxlen = sizeof(int),
		.mode = 0644,
		.proc_handler = proc_dointvec_minmax,
		.extra1 = &zero,
		.extra2 = &one,
	},
	{ }
};

static int __init watchdog_init(void)
{
	register_sysctl("kernel", watchdog_table);
	return 0;
}
late_initcall(watchdog_init);
