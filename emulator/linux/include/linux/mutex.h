/* Sleeping locks with one owner, who alone may unlock. */
#ifndef _LINUX_MUTEX_H
#define _LINUX_MUTEX_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/spinlock.h>

/* owner: the task that holds it, with bit 0 set when someone waits. */
struct mutex {
	atomic_long_t owner;
	raw_spinlock_t wait_lock;
	struct list_head wait_list;
};

#define MUTEX_FLAG_WAITERS 1

#define __MUTEX_INITIALIZER(lockname) {					\
	.owner = ATOMIC_LONG_INIT(0),					\
	.wait_lock = __RAW_SPIN_LOCK_UNLOCKED(lockname.wait_lock),	\
	.wait_list = LIST_HEAD_INIT(lockname.wait_list) }
#define DEFINE_MUTEX(mutexname) struct mutex mutexname = __MUTEX_INITIALIZER(mutexname)

extern void __mutex_init(struct mutex *lock, const char *name, void *key);
#define mutex_init(mutex) __mutex_init(mutex, #mutex, NULL)
extern void mutex_destroy(struct mutex *lock);
extern bool mutex_is_locked(struct mutex *lock);
/*
 * Kernels with lock debugging have the _nested functions, and make mutex_lock a macro of the first; others have only the
 * plain ones. Modules probe both: here mutex_lock() passes through mutex_lock_nested(), so that both see every lock.
 */
extern void mutex_lock(struct mutex *lock);
extern int mutex_lock_interruptible(struct mutex *lock);
extern int mutex_lock_killable(struct mutex *lock);
extern void mutex_lock_nested(struct mutex *lock, unsigned int subclass);
extern int mutex_lock_interruptible_nested(struct mutex *lock, unsigned int subclass);
extern int mutex_lock_killable_nested(struct mutex *lock, unsigned int subclass);
extern int mutex_trylock(struct mutex *lock);
extern void mutex_unlock(struct mutex *lock);
extern int atomic_dec_and_mutex_lock(atomic_t *cnt, struct mutex *lock);
#define mutex_lock_io(lock) mutex_lock(lock)
#define mutex_lock_nest_lock(lock, nest_lock) mutex_lock(lock)

#endif
