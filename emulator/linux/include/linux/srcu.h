/* RCU whose readers may sleep: they are counted, in two sets, and a writer waits for the older one to empty. */
#ifndef _LINUX_SRCU_H
#define _LINUX_SRCU_H

#include <linux/atomic.h>
#include <linux/mutex.h>

struct srcu_struct {
	atomic_t readers[2];
	unsigned int idx;
	struct mutex mutex;
};

#define DEFINE_SRCU(name) struct srcu_struct name = { .mutex = __MUTEX_INITIALIZER(name.mutex) }
#define DEFINE_STATIC_SRCU(name) static DEFINE_SRCU(name)

extern int init_srcu_struct(struct srcu_struct *ssp);
extern void cleanup_srcu_struct(struct srcu_struct *ssp);
extern void synchronize_srcu(struct srcu_struct *ssp);
#define srcu_dereference(p, ssp) READ_ONCE(p)

static inline int srcu_read_lock(struct srcu_struct *ssp)
{
	int idx = (int)(READ_ONCE(ssp->idx) & 1);

	atomic_inc(&ssp->readers[idx]);
	smp_mb();
	return idx;
}

static inline void srcu_read_unlock(struct srcu_struct *ssp, int idx)
{
	smp_mb();
	atomic_dec(&ssp->readers[idx]);
}

#endif
