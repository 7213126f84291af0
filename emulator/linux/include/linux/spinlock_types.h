/* The shapes of spin locks and read-write locks. */
#ifndef _LINUX_SPINLOCK_TYPES_H
#define _LINUX_SPINLOCK_TYPES_H

#include <linux/types.h>

/* A ticket lock: whoever takes ticket n waits until owner is n. First come, first served. */
typedef struct {
	volatile u32 next;
	volatile u32 owner;
} arch_spinlock_t;

typedef struct raw_spinlock {
	arch_spinlock_t raw_lock;
	int owner_cpu;	/* of the holder, -1 if free; for reports only */
	const void *caller; /* where it was taken */
} raw_spinlock_t;

typedef struct spinlock {
	union {
		struct raw_spinlock rlock;
	};
} spinlock_t;

/* cnts: readers inside, or -1 for a writer. */
typedef struct {
	atomic_t cnts;
} rwlock_t;

#define __RAW_SPIN_LOCK_UNLOCKED(lockname) { .raw_lock = { 0, 0 }, .owner_cpu = -1 }
#define __SPIN_LOCK_UNLOCKED(lockname) { { .rlock = __RAW_SPIN_LOCK_UNLOCKED(lockname) } }
#define DEFINE_RAW_SPINLOCK(x) raw_spinlock_t x = __RAW_SPIN_LOCK_UNLOCKED(x)
#define DEFINE_SPINLOCK(x) spinlock_t x = __SPIN_LOCK_UNLOCKED(x)
#define __RW_LOCK_UNLOCKED(lockname) { .cnts = { 0 } }
#define DEFINE_RWLOCK(x) rwlock_t x = __RW_LOCK_UNLOCKED(x)

#endif
