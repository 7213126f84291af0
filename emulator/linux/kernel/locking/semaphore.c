/*
 * Counting semaphores: down takes one unit or sleeps until up gives it one.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/semaphore.h>

struct semaphore_waiter {
	struct list_head list;
	struct task_struct *task;
	bool up;
};

/* The semaphore is locked, and is so again on return. */
static int __down_common(struct semaphore *sem, unsigned int state, long timeout)
{
	struct semaphore_waiter waiter = { .task = current };

	list_add_tail(&waiter.list, &sem->wait_list);
	for (;;) {
		if (signal_pending_state(state, current)) {
			list_del(&waiter.list);
			return -EINTR;
		}
		if (timeout <= 0) {
			list_del(&waiter.list);
			return -ETIME;
		}
		__set_current_state(state);
		raw_spin_unlock_irq(&sem->lock);
		timeout = schedule_timeout(timeout);
		raw_spin_lock_irq(&sem->lock);
		if (waiter.up)
			return 0;
	}
}

static int down_common(struct semaphore *sem, unsigned int state, long timeout)
{
	unsigned long flags;
	int result = 0;

	might_sleep();
	raw_spin_lock_irqsave(&sem->lock, flags);
	if (likely(sem->count > 0))
		sem->count--;
	else
		result = __down_common(sem, state, timeout);
	raw_spin_unlock_irqrestore(&sem->lock, flags);
	return result;
}

noinline void down(struct semaphore *sem)
{
	down_common(sem, TASK_UNINTERRUPTIBLE, LONG_MAX);
}
EXPORT_SYMBOL(down);

noinline int down_interruptible(struct semaphore *sem)
{
	return down_common(sem, TASK_INTERRUPTIBLE, LONG_MAX);
}
EXPORT_SYMBOL(down_interruptible);

noinline int down_killable(struct semaphore *sem)
{
	return down_common(sem, TASK_KILLABLE, LONG_MAX);
}
EXPORT_SYMBOL(down_killable);

noinline int down_timeout(struct semaphore *sem, long timeout)
{
	return down_common(sem, TASK_UNINTERRUPTIBLE, timeout);
}
EXPORT_SYMBOL(down_timeout);

/* 0 when it was taken, 1 when not. */
int down_trylock(struct semaphore *sem)
{
	unsigned long flags;
	int taken;

	raw_spin_lock_irqsave(&sem->lock, flags);
	taken = sem->count > 0;
	if (taken)
		sem->count--;
	raw_spin_unlock_irqrestore(&sem->lock, flags);
	return !taken;
}
EXPORT_SYMBOL(down_trylock);

noinline void up(struct semaphore *sem)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&sem->lock, flags);
	if (likely(list_empty(&sem->wait_list))) {
		sem->count++;
	} else {
		struct semaphore_waiter *waiter = list_first_entry(&sem->wait_list, struct semaphore_waiter, list);

		list_del(&waiter->list);
		waiter->up = true;
		wake_up_process(waiter->task);
	}
	raw_spin_unlock_irqrestore(&sem->lock, flags);
}
EXPORT_SYMBOL(up);
