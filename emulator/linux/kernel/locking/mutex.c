/*
 * Mutexes. Free or taken is decided by one compare-and-exchange of the owner; who finds it taken queues up and sleeps,
 * and is handed the lock by the one who unlocks, in order.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>

struct mutex_waiter {
	struct list_head list;
	struct task_struct *task;
};

void __mutex_init(struct mutex *lock, const char *name, void *key)
{
	atomic_long_set(&lock->owner, 0);
	raw_spin_lock_init(&lock->wait_lock);
	INIT_LIST_HEAD(&lock->wait_list);
}
EXPORT_SYMBOL(__mutex_init);

void mutex_destroy(struct mutex *lock)
{
	WARN_ON(mutex_is_locked(lock));
}
EXPORT_SYMBOL(mutex_destroy);

static struct task_struct *mutex_owner(struct mutex *lock)
{
	return (struct task_struct *)(atomic_long_read(&lock->owner) & ~(long)MUTEX_FLAG_WAITERS);
}

bool mutex_is_locked(struct mutex *lock)
{
	return mutex_owner(lock) != NULL;
}
EXPORT_SYMBOL(mutex_is_locked);

static bool __mutex_trylock_fast(struct mutex *lock)
{
	return atomic_long_cmpxchg(&lock->owner, 0, (long)current) == 0;
}

/* Sleep until the lock is handed over. */
static noinline int __mutex_lock(struct mutex *lock, unsigned int state)
{
	struct mutex_waiter waiter = { .task = current };

	raw_spin_lock(&lock->wait_lock);
	for (;;) {
		long owner = atomic_long_read(&lock->owner);

		if (!(owner & ~(long)MUTEX_FLAG_WAITERS)) {
			/* Freed in the meantime. */
			if (atomic_long_cmpxchg(&lock->owner, owner, (long)current | (owner & MUTEX_FLAG_WAITERS)) == owner) {
				raw_spin_unlock(&lock->wait_lock);
				return 0;
			}
		} else if (atomic_long_cmpxchg(&lock->owner, owner, owner | MUTEX_FLAG_WAITERS) == owner) {
			break;
		}
	}
	if (unlikely(mutex_owner(lock) == current))
		pr_err("BUG: %s/%d takes a mutex that it holds: deadlock\n", current->comm, current->pid);
	list_add_tail(&waiter.list, &lock->wait_list);
	for (;;) {
		set_current_state(state);
		if (mutex_owner(lock) == current)
			break;
		if (signal_pending_state(state, current)) {
			list_del(&waiter.list);
			__set_current_state(TASK_RUNNING);
			if (list_empty(&lock->wait_list))
				atomic64_cmpxchg(&lock->owner, (long)mutex_owner(lock) | MUTEX_FLAG_WAITERS, (long)mutex_owner(lock));
			raw_spin_unlock(&lock->wait_lock);
			return -EINTR;
		}
		raw_spin_unlock(&lock->wait_lock);
		schedule();
		raw_spin_lock(&lock->wait_lock);
	}
	__set_current_state(TASK_RUNNING);
	raw_spin_unlock(&lock->wait_lock);
	return 0;
}

noinline void mutex_lock_nested(struct mutex *lock, unsigned int subclass)
{
	might_sleep();
	if (!__mutex_trylock_fast(lock))
		__mutex_lock(lock, TASK_UNINTERRUPTIBLE);
}
EXPORT_SYMBOL_GPL(mutex_lock_nested);

noinline void mutex_lock(struct mutex *lock)
{
	mutex_lock_nested(lock, 0);
}
EXPORT_SYMBOL(mutex_lock);

noinline int mutex_lock_interruptible_nested(struct mutex *lock, unsigned int subclass)
{
	might_sleep();
	return __mutex_trylock_fast(lock) ? 0 : __mutex_lock(lock, TASK_INTERRUPTIBLE);
}
EXPORT_SYMBOL_GPL(mutex_lock_interruptible_nested);

noinline int mutex_lock_interruptible(struct mutex *lock)
{
	return mutex_lock_interruptible_nested(lock, 0);
}
EXPORT_SYMBOL(mutex_lock_interruptible);

noinline int mutex_lock_killable_nested(struct mutex *lock, unsigned int subclass)
{
	might_sleep();
	return __mutex_trylock_fast(lock) ? 0 : __mutex_lock(lock, TASK_KILLABLE);
}
EXPORT_SYMBOL_GPL(mutex_lock_killable_nested);

noinline int mutex_lock_killable(struct mutex *lock)
{
	return mutex_lock_killable_nested(lock, 0);
}
EXPORT_SYMBOL(mutex_lock_killable);

int mutex_trylock(struct mutex *lock)
{
	return __mutex_trylock_fast(lock);
}
EXPORT_SYMBOL(mutex_trylock);

/* Hand the lock to the first waiter. */
static noinline void __mutex_unlock_slowpath(struct mutex *lock)
{
	struct task_struct *next = NULL;

	raw_spin_lock(&lock->wait_lock);
	if (!list_empty(&lock->wait_list)) {
		struct mutex_waiter *waiter = list_first_entry(&lock->wait_list, struct mutex_waiter, list);

		next = waiter->task;
		list_del(&waiter->list);
	}
	atomic_long_set(&lock->owner, (long)next | (list_empty(&lock->wait_list) ? 0 : MUTEX_FLAG_WAITERS));
	if (next)
		wake_up_process(next);
	raw_spin_unlock(&lock->wait_lock);
}

void mutex_unlock(struct mutex *lock)
{
	if (atomic_long_cmpxchg(&lock->owner, (long)current, 0) == (long)current)
		return;
	if (unlikely(mutex_owner(lock) != current)) {
		WARN(1, "mutex_unlock by %s/%d, which is not the owner\n", current->comm, current->pid);
		return;
	}
	__mutex_unlock_slowpath(lock);
}
EXPORT_SYMBOL(mutex_unlock);

int atomic_dec_and_mutex_lock(atomic_t *cnt, struct mutex *lock)
{
	if (atomic_add_unless(cnt, -1, 1))
		return 0;
	mutex_lock(lock);
	if (atomic_dec_and_test(cnt))
		return 1;
	mutex_unlock(lock);
	return 0;
}
EXPORT_SYMBOL(atomic_dec_and_mutex_lock);
