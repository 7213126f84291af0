/*
 * Timers in nanoseconds: a tree by expiry for each CPU. The timer interrupt runs what has expired, with interrupts off,
 * and is programmed to the next.
 */
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/tick.h>
#include <linux/time.h>

struct hrtimer_cpu_base {
	raw_spinlock_t lock;
	struct rb_root_cached active;
	struct hrtimer *running;
};

static DEFINE_PER_CPU(struct hrtimer_cpu_base, hrtimer_bases);

void hrtimer_init(struct hrtimer *timer, clockid_t clock_id, enum hrtimer_mode mode)
{
	*timer = (struct hrtimer) { .clockid = clock_id, .cpu = raw_smp_processor_id() };
	RB_CLEAR_NODE(&timer->node);
}
EXPORT_SYMBOL_GPL(hrtimer_init);

static bool hrtimer_less(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct hrtimer, node)->expires < rb_entry(b, struct hrtimer, node)->expires;
}

static void __remove_hrtimer(struct hrtimer *timer, struct hrtimer_cpu_base *base)
{
	if (!timer->is_queued)
		return;
	rb_erase_cached(&timer->node, &base->active);
	timer->is_queued = false;
}

static struct hrtimer_cpu_base *lock_hrtimer_base(struct hrtimer *timer, unsigned long *flags)
{
	for (;;) {
		int cpu = READ_ONCE(timer->cpu);
		struct hrtimer_cpu_base *base = &per_cpu(hrtimer_bases, cpu);

		raw_spin_lock_irqsave(&base->lock, *flags);
		if (timer->cpu == cpu)
			return base;
		raw_spin_unlock_irqrestore(&base->lock, *flags);
	}
}

void hrtimer_start(struct hrtimer *timer, ktime_t tim, enum hrtimer_mode mode)
{
	unsigned long flags;
	struct hrtimer_cpu_base *base = lock_hrtimer_base(timer, &flags);

	__remove_hrtimer(timer, base);
	if (!timer->running) {
		raw_spin_unlock(&base->lock);
		timer->cpu = raw_smp_processor_id();
		base = this_cpu_ptr(&hrtimer_bases);
		raw_spin_lock(&base->lock);
	}
	if (mode & HRTIMER_MODE_REL)
		tim += ktime_get();
	else if (timer->clockid == CLOCK_REALTIME)
		tim -= ktime_get_real() - ktime_get();
	timer->expires = tim;
	timer->is_queued = true;
	rb_add_cached(&timer->node, &base->active, hrtimer_less);
	if (timer->cpu == raw_smp_processor_id())
		tick_program_event();
	raw_spin_unlock_irqrestore(&base->lock, flags);
}
EXPORT_SYMBOL_GPL(hrtimer_start);

/* 1: it was queued and is no more; 0: it was not; -1: its function is running. */
int hrtimer_try_to_cancel(struct hrtimer *timer)
{
	unsigned long flags;
	struct hrtimer_cpu_base *base = lock_hrtimer_base(timer, &flags);
	int ret = timer->running ? -1 : timer->is_queued;

	if (!timer->running)
		__remove_hrtimer(timer, base);
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return ret;
}
EXPORT_SYMBOL_GPL(hrtimer_try_to_cancel);

int hrtimer_cancel(struct hrtimer *timer)
{
	int ret;

	while ((ret = hrtimer_try_to_cancel(timer)) < 0)
		cpu_relax();
	return ret;
}
EXPORT_SYMBOL_GPL(hrtimer_cancel);

/* Move the expiry past now by whole intervals; returns how many. */
u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval)
{
	u64 orun;

	if (now < timer->expires || interval <= 0)
		return 0;
	orun = (u64)((now - timer->expires) / interval) + 1;
	timer->expires += (s64)orun * interval;
	return orun;
}
EXPORT_SYMBOL_GPL(hrtimer_forward);

ktime_t hrtimer_get_remaining(const struct hrtimer *timer)
{
	return timer->expires - ktime_get();
}
EXPORT_SYMBOL_GPL(hrtimer_get_remaining);

static void __run_hrtimer(struct hrtimer_cpu_base *base, struct hrtimer *timer)
{
	enum hrtimer_restart restart;

	__remove_hrtimer(timer, base);
	timer->running = true;
	raw_spin_unlock(&base->lock);
	restart = timer->function(timer);
	raw_spin_lock(&base->lock);
	timer->running = false;
	if (restart == HRTIMER_RESTART && !timer->is_queued) {
		timer->is_queued = true;
		rb_add_cached(&timer->node, &base->active, hrtimer_less);
	}
}

/* From the timer interrupt. */
void hrtimer_interrupt(void)
{
	struct hrtimer_cpu_base *base = this_cpu_ptr(&hrtimer_bases);
	struct rb_node *first;

	raw_spin_lock(&base->lock);
	while ((first = rb_first_cached(&base->active))) {
		struct hrtimer *timer = rb_entry(first, struct hrtimer, node);

		if (timer->expires > ktime_get())
			break;
		__run_hrtimer(base, timer);
	}
	raw_spin_unlock(&base->lock);
}

ktime_t hrtimer_next_event(int cpu)
{
	struct rb_node *first = rb_first_cached(&per_cpu(hrtimer_bases, cpu).active);

	return first ? rb_entry(first, struct hrtimer, node)->expires : KTIME_MAX;
}

void __init hrtimers_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		raw_spin_lock_init(&per_cpu(hrtimer_bases, cpu).lock);
		per_cpu(hrtimer_bases, cpu).active = RB_ROOT_CACHED;
	}
}

struct hrtimer_sleeper {
	struct hrtimer timer;
	struct task_struct *task;
};

static enum hrtimer_restart hrtimer_wakeup(struct hrtimer *timer)
{
	struct hrtimer_sleeper *t = container_of(timer, struct hrtimer_sleeper, timer);
	struct task_struct *task = t->task;

	t->task = NULL;
	if (task)
		wake_up_process(task);
	return HRTIMER_NORESTART;
}

static int do_nanosleep(u64 until, unsigned int state)
{
	struct hrtimer_sleeper t = { .task = current };

	hrtimer_init(&t.timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	t.timer.function = hrtimer_wakeup;
	do {
		set_current_state(state);
		hrtimer_start(&t.timer, (ktime_t)until, HRTIMER_MODE_ABS);
		if (t.task)
			schedule();
		hrtimer_cancel(&t.timer);
	} while (t.task && !signal_pending_state(state, current));
	__set_current_state(TASK_RUNNING);
	return t.task ? -EINTR : 0;
}

/* Sleep until a monotonic time; -EINTR when a signal came first. */
int do_nanosleep_ns(u64 until)
{
	return do_nanosleep(until, TASK_INTERRUPTIBLE);
}

void usleep_range(unsigned long min, unsigned long max)
{
	do_nanosleep((u64)ktime_get() + min * NSEC_PER_USEC, TASK_UNINTERRUPTIBLE);
}
EXPORT_SYMBOL(usleep_range);
