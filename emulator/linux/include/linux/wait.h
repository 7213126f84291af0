/* Wait queues: tasks that sleep until a condition holds, and the wake-ups that make them look again. */
#ifndef _LINUX_WAIT_H
#define _LINUX_WAIT_H

#include <linux/errno.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <asm/current.h>

typedef struct wait_queue_entry wait_queue_entry_t;
typedef int (*wait_queue_func_t)(struct wait_queue_entry *wq_entry, unsigned int mode, int flags, void *key);

#define WQ_FLAG_EXCLUSIVE 0x01
#define WQ_FLAG_WOKEN 0x02
#define WQ_FLAG_CUSTOM 0x04

struct wait_queue_entry {
	unsigned int flags;
	void *private;
	wait_queue_func_t func;
	struct list_head entry;
};

struct wait_queue_head {
	spinlock_t lock;
	struct list_head head;
};
typedef struct wait_queue_head wait_queue_head_t;

extern int default_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int flags, void *key);
extern int autoremove_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int sync, void *key);

#define __WAITQUEUE_INITIALIZER(name, tsk) { .private = tsk, .func = default_wake_function, .entry = { NULL, NULL } }
#define DECLARE_WAITQUEUE(name, tsk) struct wait_queue_entry name = __WAITQUEUE_INITIALIZER(name, tsk)
#define __WAIT_QUEUE_HEAD_INITIALIZER(name) \
	{ .lock = __SPIN_LOCK_UNLOCKED(name.lock), .head = LIST_HEAD_INIT(name.head) }
#define DECLARE_WAIT_QUEUE_HEAD(name) struct wait_queue_head name = __WAIT_QUEUE_HEAD_INITIALIZER(name)
#define DECLARE_WAIT_QUEUE_HEAD_ONSTACK(name) DECLARE_WAIT_QUEUE_HEAD(name)
#define DEFINE_WAIT_FUNC(name, function) \
	struct wait_queue_entry name = { .private = current, .func = function, .entry = LIST_HEAD_INIT((name).entry) }
#define DEFINE_WAIT(name) DEFINE_WAIT_FUNC(name, autoremove_wake_function)

static inline void init_waitqueue_head(struct wait_queue_head *wq_head)
{
	spin_lock_init(&wq_head->lock);
	INIT_LIST_HEAD(&wq_head->head);
}

static inline void init_waitqueue_entry(struct wait_queue_entry *wq_entry, struct task_struct *p)
{
	wq_entry->flags = 0;
	wq_entry->private = p;
	wq_entry->func = default_wake_function;
}

static inline void init_waitqueue_func_entry(struct wait_queue_entry *wq_entry, wait_queue_func_t func)
{
	wq_entry->flags = 0;
	wq_entry->private = NULL;
	wq_entry->func = func;
}

static inline int waitqueue_active(struct wait_queue_head *wq_head)
{
	return !list_empty(&wq_head->head);
}

#define wq_has_sleeper(wq) waitqueue_active(wq)

static inline void __add_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	list_add(&wq_entry->entry, &wq_head->head);
}

static inline void __add_wait_queue_entry_tail(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	list_add_tail(&wq_entry->entry, &wq_head->head);
}

static inline void __remove_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	list_del(&wq_entry->entry);
}

extern void add_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
extern void add_wait_queue_exclusive(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
extern void remove_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
extern void prepare_to_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry, int state);
extern bool prepare_to_wait_exclusive(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry, int state);
extern long prepare_to_wait_event(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry, int state);
extern void finish_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
extern void init_wait_entry(struct wait_queue_entry *wq_entry, int flags);
extern void __wake_up(struct wait_queue_head *wq_head, unsigned int mode, int nr, void *key);
extern void __wake_up_locked(struct wait_queue_head *wq_head, unsigned int mode, int nr);
extern void __wake_up_sync(struct wait_queue_head *wq_head, unsigned int mode);

#define wake_up(x) __wake_up(x, TASK_NORMAL, 1, NULL)
#define wake_up_nr(x, nr) __wake_up(x, TASK_NORMAL, nr, NULL)
#define wake_up_all(x) __wake_up(x, TASK_NORMAL, 0, NULL)
#define wake_up_interruptible(x) __wake_up(x, TASK_INTERRUPTIBLE, 1, NULL)
#define wake_up_interruptible_all(x) __wake_up(x, TASK_INTERRUPTIBLE, 0, NULL)
#define wake_up_interruptible_sync(x) __wake_up_sync(x, TASK_INTERRUPTIBLE)
#define wake_up_poll(x, m) __wake_up(x, TASK_NORMAL, 1, (void *)(uintptr_t)(m))
#define wake_up_interruptible_poll(x, m) __wake_up(x, TASK_INTERRUPTIBLE, 1, (void *)(uintptr_t)(m))
#define wake_up_interruptible_sync_poll(x, m) __wake_up(x, TASK_INTERRUPTIBLE, 1, (void *)(uintptr_t)(m))

/* Sleep until condition holds; `cmd` is how one sleeps. The result is 0, -ERESTARTSYS, or what `cmd` left in __ret. */
#define ___wait_event(wq_head, condition, state, exclusive, ret, cmd)			\
({											\
	struct wait_queue_entry __wq_entry;						\
	long __ret = ret;								\
	init_wait_entry(&__wq_entry, exclusive ? WQ_FLAG_EXCLUSIVE : 0);		\
	for (;;) {									\
		long __int = prepare_to_wait_event(&wq_head, &__wq_entry, state);	\
		if (condition)								\
			break;								\
		if (___wait_is_interruptible(state) && __int) {				\
			__ret = __int;							\
			break;								\
		}									\
		cmd;									\
	}										\
	finish_wait(&wq_head, &__wq_entry);						\
	__ret;										\
})
#define ___wait_is_interruptible(state) ((state) != TASK_UNINTERRUPTIBLE)

#define wait_event(wq_head, condition) do {						\
	might_sleep();									\
	if (!(condition))								\
		(void)___wait_event(wq_head, condition, TASK_UNINTERRUPTIBLE, 0, 0, schedule());	\
} while (0)

#define wait_event_interruptible(wq_head, condition) ({					\
	long __wret = 0;								\
	might_sleep();									\
	if (!(condition))								\
		__wret = ___wait_event(wq_head, condition, TASK_INTERRUPTIBLE, 0, 0, schedule());	\
	(int)__wret;									\
})

#define wait_event_killable(wq_head, condition) ({					\
	long __wret = 0;								\
	might_sleep();									\
	if (!(condition))								\
		__wret = ___wait_event(wq_head, condition, TASK_KILLABLE, 0, 0, schedule());	\
	(int)__wret;									\
})

#define ___wait_cond_timeout(condition) ({						\
	bool __cond = (condition);							\
	if (__cond && !__ret)								\
		__ret = 1;								\
	__cond || !__ret;								\
})

#define __wait_event_timeout(wq_head, condition, state, timeout)			\
	___wait_event(wq_head, ___wait_cond_timeout(condition), state, 0, timeout, __ret = schedule_timeout(__ret))

/* 0: timed out; >0: jiffies left, at least 1. */
#define wait_event_timeout(wq_head, condition, timeout) ({				\
	long __ret = timeout;								\
	might_sleep();									\
	if (!___wait_cond_timeout(condition))						\
		__ret = __wait_event_timeout(wq_head, condition, TASK_UNINTERRUPTIBLE, timeout);	\
	__ret;										\
})

#define wait_event_interruptible_timeout(wq_head, condition, timeout) ({		\
	long __ret = timeout;								\
	might_sleep();									\
	if (!___wait_cond_timeout(condition))						\
		__ret = __wait_event_timeout(wq_head, condition, TASK_INTERRUPTIBLE, timeout);	\
	__ret;										\
})

#include <linux/sched.h>

#endif
