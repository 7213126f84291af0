/*
 * What a CPU does when there is nothing to do: halt until an interrupt comes, with the tick switched off.
 */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/tick.h>

#include "sched.h"

static void enqueue_task_idle(struct rq *rq, struct task_struct *p, int flags)
{
	pr_err("bad: enqueueing the idle thread!\n");
}

static void dequeue_task_idle(struct rq *rq, struct task_struct *p, int flags)
{
	pr_err("bad: scheduling from the idle thread!\n");
	dump_stack();
}

static void check_preempt_curr_idle(struct rq *rq, struct task_struct *p, int flags)
{
	resched_curr(rq);
}

static struct task_struct *pick_next_task_idle(struct rq *rq)
{
	return rq->idle;
}

static void put_prev_task_idle(struct rq *rq, struct task_struct *prev)
{
}

static void task_tick_idle(struct rq *rq, struct task_struct *curr)
{
}

static void task_fork_idle(struct task_struct *p)
{
}

static void yield_task_idle(struct rq *rq)
{
}

static int select_task_rq_idle(struct task_struct *p, int cpu, int flags)
{
	return task_cpu(p);
}

const struct sched_class idle_sched_class = {
	.enqueue_task = enqueue_task_idle,
	.dequeue_task = dequeue_task_idle,
	.check_preempt_curr = check_preempt_curr_idle,
	.pick_next_task = pick_next_task_idle,
	.put_prev_task = put_prev_task_idle,
	.task_tick = task_tick_idle,
	.task_fork = task_fork_idle,
	.yield_task = yield_task_idle,
	.select_task_rq = select_task_rq_idle,
};

/*
 * Halted, a CPU is outside of every RCU reader; the interrupt that ends it is told so by irq_enter. Nothing may come
 * between sti and hlt, no probe either: an interrupt taken there would not end the halt that follows.
 */
static noinstr void default_idle_call(void)
{
	rcu_idle_enter();
	native_safe_halt();
	local_irq_disable();
	rcu_idle_exit();
	local_irq_enable();
}

static void do_idle(void)
{
	u64 start = sched_clock();

	tick_nohz_idle_stop_tick();
	while (!need_resched()) {
		local_irq_disable();
		if (need_resched()) {
			local_irq_enable();
			break;
		}
		tick_program_event();
		default_idle_call();
	}
	tick_nohz_idle_restart_tick();
	this_rq()->idle_ns += sched_clock() - start;
	schedule_preempt_disabled();
}

/* Called with preemption disabled once, and so it stays: an idle task gives up the CPU only where it says so. */
void cpu_startup_entry(void)
{
	for (;;)
		do_idle();
}
