/* Chains of functions that are called when something happens. */
#ifndef _LINUX_NOTIFIER_H
#define _LINUX_NOTIFIER_H

#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/types.h>

struct notifier_block;
typedef int (*notifier_fn_t)(struct notifier_block *nb, unsigned long action, void *data);

struct notifier_block {
	notifier_fn_t notifier_call;
	struct notifier_block *next;
	int priority;
};

struct atomic_notifier_head {
	spinlock_t lock;
	struct notifier_block *head;
};

/* The caller locks. */
struct raw_notifier_head {
	struct notifier_block *head;
};

struct blocking_notifier_head {
	struct rw_semaphore rwsem;
	struct notifier_block *head;
};

#define ATOMIC_NOTIFIER_HEAD(name) struct atomic_notifier_head name = { .lock = __SPIN_LOCK_UNLOCKED(name.lock) }
#define BLOCKING_NOTIFIER_HEAD(name) struct blocking_notifier_head name = { .rwsem = __RWSEM_INITIALIZER(name.rwsem) }
#define RAW_NOTIFIER_HEAD(name) struct raw_notifier_head name = { .head = NULL }
#define ATOMIC_INIT_NOTIFIER_HEAD(name) do { spin_lock_init(&(name)->lock); (name)->head = NULL; } while (0)
#define BLOCKING_INIT_NOTIFIER_HEAD(name) do { init_rwsem(&(name)->rwsem); (name)->head = NULL; } while (0)
#define RAW_INIT_NOTIFIER_HEAD(name) ((name)->head = NULL)
#define NOTIFY_DONE 0x0000
#define NOTIFY_OK 0x0001
#define NOTIFY_STOP_MASK 0x8000
#define NOTIFY_BAD (NOTIFY_STOP_MASK | 0x0002)
#define NOTIFY_STOP (NOTIFY_OK | NOTIFY_STOP_MASK)

extern int atomic_notifier_chain_register(struct atomic_notifier_head *nh, struct notifier_block *nb);
extern int atomic_notifier_chain_unregister(struct atomic_notifier_head *nh, struct notifier_block *nb);
extern int atomic_notifier_call_chain(struct atomic_notifier_head *nh, unsigned long val, void *v);
extern int blocking_notifier_chain_register(struct blocking_notifier_head *nh, struct notifier_block *nb);
extern int blocking_notifier_chain_unregister(struct blocking_notifier_head *nh, struct notifier_block *nb);
extern int blocking_notifier_call_chain(struct blocking_notifier_head *nh, unsigned long val, void *v);

extern int raw_notifier_chain_register(struct raw_notifier_head *nh, struct notifier_block *nb);
extern int raw_notifier_chain_unregister(struct raw_notifier_head *nh, struct notifier_block *nb);
extern int raw_notifier_call_chain(struct raw_notifier_head *nh, unsigned long val, void *v);

#define notifier_from_errno(err) ((err) ? NOTIFY_STOP_MASK | (NOTIFY_OK - (err)) : NOTIFY_OK)
#define notifier_to_errno(ret) (((ret) & ~NOTIFY_STOP_MASK) > NOTIFY_OK ? NOTIFY_OK - ((ret) & ~NOTIFY_STOP_MASK) : 0)

extern struct atomic_notifier_head panic_notifier_list;
extern int register_die_notifier(struct notifier_block *nb);
extern int unregister_die_notifier(struct notifier_block *nb);
extern int register_module_notifier(struct notifier_block *nb);
extern int unregister_module_notifier(struct notifier_block *nb);

#endif
