/*
 * Timers in jiffies. Each CPU has a wheel of 256 buckets; a timer sits in the bucket of its expiry time modulo 256, and
 * each tick looks at one bucket. The functions run in the timer softirq.
 */
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

#define WHEEL_SIZE 256

struct timer_base {
	raw_spinlock_t lock;
	struct timer_list *running_timer;
	unsigned long clk;	/* all timers before this have been run */
	unsigned int pending;
	struct hlist_head vectors[WHEEL_SIZE];
};

static DEFINE_PER_CPU(struct timer_base, timer_bases);

void init_timer_key(struct timer_list *timer, void (*func)(struct timer_list *), unsigned int flags)
{
	timer->entry.pprev = NULL;
	timer->function = func;
	timer->flags = flags;
	timer->cpu = raw_smp_processor_id();
}
EXPORT_SYMBOL(init_timer_key);

static struct timer_base *lock_timer_base(struct timer_list *timer, unsigned long *flags)
{
	for (;;) {
		u32 cpu = READ_ONCE(timer->cpu);
		struct timer_base *base = &per_cpu(timer_bases, cpu);

		raw_spin_lock_irqsave(&base->lock, *flags);
		if (timer->cpu == cpu)
			return base;
		raw_spin_unlock_irqrestore(&base->lock, *flags);
	}
}

static int detach_if_pending(struct timer_list *timer, struct timer_base *base)
{
	if (!timer_pending(timer))
		return 0;
	__hlist_del(&timer->entry);
	timer->entry.pprev = NULL;
	base->pending--;
	return 1;
}

static void enqueue_timer(struct timer_base *base, struct timer_list *timer)
{
	unsigned long expires = timer->expires;

	if (time_before(expires, base->clk))
		expires = base->clk; /* overdue: the very next run takes it */
	hlist_add_head(&timer->entry, &base->vectors[expires % WHEEL_SIZE]);
	base->pending++;
}

/* Returns whether the timer was pending before. */
int mod_timer(struct timer_list *timer, unsigned long expires)
{
	unsigned long flags;
	struct timer_base *base = lock_timer_base(timer, &flags), *new_base;
	int ret = detach_if_pending(timer, base);

	new_base = (timer->flags & TIMER_PINNED) || base->running_timer == timer ? base : this_cpu_ptr(&timer_bases);
	if (new_base != base) {
		raw_spin_unlock(&base->lock);
		raw_spin_lock(&new_base->lock);
		timer->cpu = raw_smp_processor_id();
	}
	timer->expires = expires;
	enqueue_timer(new_base, timer);
	raw_spin_unlock_irqrestore(&new_base->lock, flags);
	return ret;
}
EXPORT_SYMBOL(mod_timer);

void add_timer(struct timer_list *timer)
{
	BUG_ON(timer_pending(timer));
	mod_timer(timer, timer->expires);
}
EXPORT_SYMBOL(add_timer);

void add_timer_on(struct timer_list *timer, int cpu)
{
	struct timer_base *base = &per_cpu(timer_bases, cpu);
	unsigned long flags;

	BUG_ON(timer_pending(timer));
	raw_spin_lock_irqsave(&base->lock, flags);
	timer->cpu = cpu;
	enqueue_timer(base, timer);
	raw_spin_unlock_irqrestore(&base->lock, flags);
	smp_send_reschedule(cpu); /* it may be idle with a later wake-up */
}
EXPORT_SYMBOL_GPL(add_timer_on);

int del_timer(struct timer_list *timer)
{
	unsigned long flags;
	struct timer_base *base;
	int ret;

	if (!timer_pending(timer))
		return 0;
	base = lock_timer_base(timer, &flags);
	ret = detach_if_pending(timer, base);
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return ret;
}
EXPORT_SYMBOL(del_timer);

/* Also wait until the function is not running on another CPU. */
int del_timer_sync(struct timer_list *timer)
{
	int ret = 0;

	for (;;) {
		unsigned long flags;
		struct timer_base *base = lock_timer_base(timer, &flags);
		bool running = base->running_timer == timer;

		if (!running)
			ret |= detach_if_pending(timer, base);
		raw_spin_unlock_irqrestore(&base->lock, flags);
		if (!running)
			return ret;
		cpu_relax();
	}
}
EXPORT_SYMBOL(del_timer_sync);

static void call_timer_fn(struct timer_list *timer, void (*fn)(struct timer_list *))
{
	int count = preempt_count();

	fn(timer);
	if (count != preempt_count()) {
		WARN_ONCE(1, "timer: %pS preempt leak: %08x -> %08x\n", fn, count, preempt_count());
		preempt_count_set(count);
	}
}

/* Run what has expired in one bucket. Functions may re-arm, so look again from the start after each. */
static void expire_timers(struct timer_base *base, struct hlist_head *head)
{
	struct timer_list *timer;

again:
	hlist_for_each_entry(timer, head, entry) {
		if (time_after(timer->expires, base->clk - 1))
			continue;
		detach_if_pending(timer, base);
		base->running_timer = timer;
		raw_spin_unlock_irq(&base->lock);
		call_timer_fn(timer, timer->function);
		raw_spin_lock_irq(&base->lock);
		base->running_timer = NULL;
		goto again;
	}
}

static void run_timer_softirq(struct softirq_action *h)
{
	struct timer_base *base = this_cpu_ptr(&timer_bases);

	raw_spin_lock_irq(&base->lock);
	while (time_after_eq(jiffies, base->clk)) {
		unsigned long clk = base->clk++;

		if (!base->pending) {
			base->clk = jiffies + 1;
			break;
		}
		expire_timers(base, &base->vectors[clk % WHEEL_SIZE]);
	}
	raw_spin_unlock_irq(&base->lock);
}

void run_local_timers(void)
{
	struct timer_base *base = this_cpu_ptr(&timer_bases);

	if (base->pending && time_after_eq(jiffies, base->clk))
		raise_softirq_irqoff(TIMER_SOFTIRQ);
}

/* The jiffy of the next timer of a CPU; far in the future if there is none. */
unsigned long get_next_timer_interrupt(int cpu)
{
	struct timer_base *base = &per_cpu(timer_bases, cpu);
	unsigned long next = jiffies + MAX_JIFFY_OFFSET;
	struct timer_list *timer;
	int i;

	if (!base->pending)
		return next;
	for (i = 0; i < WHEEL_SIZE; i++)
		hlist_for_each_entry(timer, &base->vectors[i], entry)
			if (time_before(timer->expires, next))
				next = timer->expires;
	return next;
}

void __init timers_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		raw_spin_lock_init(&per_cpu(timer_bases, cpu).lock);
		per_cpu(timer_bases, cpu).clk = jiffies;
	}
	open_softirq(TIMER_SOFTIRQ, run_timer_softirq);
}

struct process_timer {
	struct timer_list timer;
	struct task_struct *task;
};

static void process_timeout(struct timer_list *t)
{
	struct process_timer *timeout = from_timer(timeout, t, timer);

	wake_up_process(timeout->task);
}

/* Sleep in the state that the caller has set, at most so long; returns what is left. */
long schedule_timeout(long timeout)
{
	struct process_timer timer;
	unsigned long expire;

	if (timeout == LONG_MAX) {
		schedule();
		return timeout;
	}
	if (timeout < 0) {
		pr_err("schedule_timeout: wrong timeout value %lx\n", timeout);
		dump_stack();
		__set_current_state(TASK_RUNNING);
		return 0;
	}
	expire = timeout + jiffies;
	timer.task = current;
	timer_setup_on_stack(&timer.timer, process_timeout, 0);
	mod_timer(&timer.timer, expire);
	schedule();
	del_timer_sync(&timer.timer);
	timeout = (long)(expire - jiffies);
	return timeout < 0 ? 0 : timeout;
}
EXPORT_SYMBOL(schedule_timeout);

long schedule_timeout_interruptible(long timeout)
{
	__set_current_state(TASK_INTERRUPTIBLE);
	return schedule_timeout(timeout);
}
EXPORT_SYMBOL(schedule_timeout_interruptible);

long schedule_timeout_killable(long timeout)
{
	__set_current_state(TASK_KILLABLE);
	return schedule_timeout(timeout);
}
EXPORT_SYMBOL(schedule_timeout_killable);

long schedule_timeout_uninterruptible(long timeout)
{
	__set_current_state(TASK_UNINTERRUPTIBLE);
	return schedule_timeout(timeout);
}
EXPORT_SYMBOL(schedule_timeout_uninterruptible);

long schedule_timeout_idle(long timeout)
{
	__set_current_state(TASK_IDLE);
	return schedule_timeout(timeout);
}
EXPORT_SYMBOL(schedule_timeout_idle);

void msleep(unsigned int msecs)
{
	unsigned long timeout = msecs_to_jiffies(msecs) + 1;

	while (timeout)
		timeout = schedule_timeout_uninterruptible(timeout);
}
EXPORT_SYMBOL(msleep);

unsigned long msleep_interruptible(unsigned int msecs)
{
	unsigned long timeout = msecs_to_jiffies(msecs) + 1;

	while (timeout && !signal_pending(current))
		timeout = schedule_timeout_interruptible(timeout);
	return jiffies_to_msecs(timeout);
}
EXPORT_SYMBOL(msleep_interruptible);

/* Spin: for waits too short to sleep. */
void __ndelay(unsigned long nsecs)
{
	u64 end = sched_clock() + nsecs;

	while (sched_clock() < end)
		cpu_relax();
}
EXPORT_SYMBOL(__ndelay);
