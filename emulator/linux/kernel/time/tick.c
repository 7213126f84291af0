/*
 * The tick: an interrupt on each CPU that is not idle, HZ times a second, which advances jiffies, charges the running
 * task and lets the scheduler and RCU look. An idle CPU is woken for its next timer only, or not at all.
 */
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/nmi.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/tick.h>
#include <linux/timer.h>
#include <lab/gates.h>
#include <asm/apic.h>
#include <asm/irq_regs.h>

struct tick_sched {
	u64 next_tick;	/* ns; 0 while the tick is stopped */
	u64 last_tick;
};

static DEFINE_PER_CPU(struct tick_sched, tick_cpu_sched);

DEFINE_PER_CPU(struct pt_regs *, irq_regs);

extern void tick_do_update_jiffies64(void);

/* Set the timer to whatever comes first: the tick, a timer in ns, or (without a tick) a timer in jiffies. */
void tick_program_event(void)
{
	struct tick_sched *ts = this_cpu_ptr(&tick_cpu_sched);
	u64 next = (u64)hrtimer_next_event(smp_processor_id());

	if (ts->next_tick) {
		next = min(next, ts->next_tick);
	} else {
		unsigned long wheel = get_next_timer_interrupt(smp_processor_id());

		/* One that is due already is about to be run by a softirq: an interrupt at once would only stop that. */
		if (rcu_needs_cpu() || time_before_eq(wheel, jiffies))
			wheel = jiffies + 1;
		if (time_before(wheel, jiffies + MAX_JIFFY_OFFSET / 2))
			next = min(next, (u64)(wheel - INITIAL_JIFFIES) * TICK_NSEC);
	}
	lapic_set_deadline(next == KTIME_MAX ? 0 : next);
}

/* Charge a task for a tick, or for what has passed since the last one. */
void update_process_times(int user_tick)
{
	struct task_struct *p = current;
	struct tick_sched *ts = this_cpu_ptr(&tick_cpu_sched);
	u64 now = sched_clock(), delta = now - ts->last_tick;

	ts->last_tick = now;
	if (!is_idle_task(p)) {
		if (user_tick)
			p->utime += delta;
		else
			p->stime += delta;
	}
	run_local_timers();
	rcu_sched_clock_irq(user_tick);
	scheduler_tick();
	watchdog_tick(user_tick);
}

/* The timer interrupt. */
void tick_handle(struct pt_regs *regs)
{
	struct tick_sched *ts = this_cpu_ptr(&tick_cpu_sched);
	struct pt_regs *old_regs = set_irq_regs(regs);
	u64 now = sched_clock();

	tick_do_update_jiffies64();
	if (ts->next_tick && now >= ts->next_tick) {
		ts->next_tick = now - now % TICK_NSEC + TICK_NSEC;
		update_process_times(user_mode(regs));
	} else if (!ts->next_tick) {
		run_local_timers();
		rcu_sched_clock_irq(0);
	}
	lab_tick();
	hrtimer_interrupt();
	tick_program_event();
	set_irq_regs(old_regs);
}

void tick_nohz_idle_stop_tick(void)
{
	this_cpu_ptr(&tick_cpu_sched)->next_tick = 0;
}

void tick_nohz_idle_restart_tick(void)
{
	struct tick_sched *ts = this_cpu_ptr(&tick_cpu_sched);
	unsigned long flags;
	u64 now;

	local_irq_save(flags);
	now = sched_clock();
	tick_do_update_jiffies64();
	ts->next_tick = now - now % TICK_NSEC + TICK_NSEC;
	ts->last_tick = now;
	tick_program_event();
	local_irq_restore(flags);
}

void tick_setup_cpu(void)
{
	tick_nohz_idle_restart_tick();
}

void __init tick_init(void)
{
	setup_APIC_timer();
	tick_setup_cpu();
}
