/*
 * Read-write semaphores: many readers or one writer, waiters served in order, readers next to each other together.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/rwsem.h>
#include <linux/sched.h>

struct rwsem_waiter {
	struct list_head list;
	struct task_struct *task; /* NULL: the lock is yours */
	bool write;
};

/* Give the lock to as many waiters from the front as can have it. The wait lock is held. */
static void rwsem_grant(struct rw_semaphore *sem)
{
	while (!list_empty(&sem->wait_list)) {
		struct rwsem_waiter *waiter = list_first_entry(&sem->wait_list, struct rwsem_waiter, list);
		struct task_struct *task = waiter->task;

		if (waiter->write ? sem->count != 0 : sem->count < 0)
			return;
		sem->count = waiter->write ? -1 : sem->count + 1;
		if (waiter->write)
			sem->owner = task;
		list_del(&waiter->list);
		get_task_struct(task);
		smp_store_release(&waiter->task, NULL);
		wake_up_process(task);
		put_task_struct(task);
	}
}

static int rwsem_wait(struct rw_semaphore *sem, bool write, unsigned int state, unsigned long flags)
{
	struct rwsem_waiter waiter = { .task = current, .write = write };

	list_add_tail(&waiter.list, &sem->wait_list);
	for (;;) {
		set_current_state(state);
		raw_spin_unlock_irqrestore(&sem->wait_lock, flags);
		if (READ_ONCE(waiter.task))
			schedule();
		flags = _raw_spin_lock_irqsave(&sem->wait_lock);
		if (!waiter.task)
			break;
		if (signal_pending_state(state, current)) {
			list_del(&waiter.list);
			rwsem_grant(sem);
			raw_spin_unlock_irqrestore(&sem->wait_lock, flags);
			__set_current_state(TASK_RUNNING);
			return -EINTR;
		}
	}
	raw_spin_unlock_irqrestore(&sem->wait_lock, flags);
	__set_current_state(TASK_RUNNING);
	return 0;
}

static int rwsem_down(struct rw_semaphore *sem, bool write, unsigned int state)
{
	unsigned long flags;

	might_sleep();
	raw_spin_lock_irqsave(&sem->wait_lock, flags);
	if (list_empty(&sem->wait_list) && (write ? sem->count == 0 : sem->count >= 0)) {
		sem->count = write ? -1 : sem->count + 1;
		if (write)
			sem->owner = current;
		raw_spin_unlock_irqrestore(&sem->wait_lock, flags);
		return 0;
	}
	return rwsem_wait(sem, write, state, flags);
}

static int rwsem_trylock(struct rw_semaphore *sem, bool write)
{
	unsigned long flags;
	int taken;

	raw_spin_lock_irqsave(&sem->wait_lock, flags);
	taken = write ? sem->count == 0 : sem->count >= 0 && list_empty(&sem->wait_list);
	if (taken) {
		sem->count = write ? -1 : sem->count + 1;
		if (write)
			sem->owner = current;
	}
	raw_spin_unlock_irqrestore(&sem->wait_lock, flags);
	return taken;
}

void down_read(struct rw_semaphore *sem)
{
	rwsem_down(sem, false, TASK_UNINTERRUPTIBLE);
}
EXPORT_SYMBOL(down_read);

int down_read_interruptible(struct rw_semaphore *sem)
{
	return rwsem_down(sem, false, TASK_INTERRUPTIBLE);
}
EXPORT_SYMBOL(down_read_interruptible);

int down_read_killable(struct rw_semaphore *sem)
{
	return rwsem_down(sem, false, TASK_KILLABLE);
}
EXPORT_SYMBOL(down_read_killable);

int down_read_trylock(struct rw_semaphore *sem)
{
	return rwsem_trylock(sem, false);
}
EXPORT_SYMBOL(down_read_trylock);

void down_write(struct rw_semaphore *sem)
{
	rwsem_down(sem, true, TASK_UNINTERRUPTIBLE);
}
EXPORT_SYMBOL(down_write);

int down_write_killable(struct rw_semaphore *sem)
{
	return rwsem_down(sem, true, TASK_KILLABLE);
}
EXPORT_SYMBOL(down_write_killable);

int down_write_trylock(struct rw_semaphore *sem)
{
	return rwsem_trylock(sem, true);
}
EXPORT_SYMBOL(down_write_trylock);

void up_read(struct rw_semaphore *sem)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&sem->wait_lock, flags);
	sem->count--;
	rwsem_grant(sem);
	raw_spin_unlock_irqrestore(&sem->wait_lock, flags);
}
EXPORT_SYMBOL(up_read);

void up_write(struct rw_semaphore *sem)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&sem->wait_lock, flags);
	sem->count = 0;
	sem->owner = NULL;
	rwsem_grant(sem);
	raw_spin_unlock_irqrestore(&sem->wait_lock, flags);
}
EXPORT_SYMBOL(up_write);

void downgrade_write(struct rw_semaphore *sem)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&sem->wait_lock, flags);
	sem->count = 1;
	sem->owner = NULL;
	rwsem_grant(sem);
	raw_spin_unlock_irqrestore(&sem->wait_lock, flags);
}
EXPORT_SYMBOL(downgrade_write);
