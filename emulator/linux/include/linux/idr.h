/* Small integers for pointers (idr), and small integers alone (ida): the lowest free one is taken. */
#ifndef _LINUX_IDR_H
#define _LINUX_IDR_H

#include <linux/gfp.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct idr {
	void **slots;
	unsigned int size;
	unsigned int next; /* for idr_alloc_cyclic */
};

struct ida {
	struct idr idr;
	spinlock_t lock;
};

#define IDR_INIT(name) { NULL, 0, 0 }
#define DEFINE_IDR(name) struct idr name = IDR_INIT(name)
#define IDA_INIT(name) { .lock = __SPIN_LOCK_UNLOCKED((name).lock) }
#define DEFINE_IDA(name) struct ida name = IDA_INIT(name)

extern int idr_alloc(struct idr *idr, void *ptr, int start, int end, gfp_t gfp);
extern int idr_alloc_cyclic(struct idr *idr, void *ptr, int start, int end, gfp_t gfp);
extern void *idr_find(const struct idr *idr, unsigned long id);
extern void *idr_replace(struct idr *idr, void *ptr, unsigned long id);
extern void *idr_remove(struct idr *idr, unsigned long id);
extern void *idr_get_next(struct idr *idr, int *nextid);
extern int idr_for_each(const struct idr *idr, int (*fn)(int id, void *p, void *data), void *data);
extern void idr_destroy(struct idr *idr);
extern int ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max, gfp_t gfp);
extern void ida_free(struct ida *ida, unsigned int id);
extern void ida_destroy(struct ida *ida);

static inline void idr_init(struct idr *idr)
{
	*idr = (struct idr)IDR_INIT(*idr);
}

static inline bool idr_is_empty(struct idr *idr)
{
	int id = 0;

	return !idr_get_next(idr, &id);
}

static inline void ida_init(struct ida *ida)
{
	*ida = (struct ida)IDA_INIT(*ida);
}

#define idr_for_each_entry(idr, entry, id) for (id = 0; ((entry) = idr_get_next(idr, &(id))) != NULL; id++)
#define idr_preload(gfp) preempt_disable()
#define idr_preload_end() preempt_enable()
#define ida_alloc(ida, gfp) ida_alloc_range(ida, 0, ~0U, gfp)
#define ida_simple_get(ida, start, end, gfp) ida_alloc_range(ida, start, (end) ? (end) - 1 : ~0U, gfp)
#define ida_simple_remove(ida, id) ida_free(ida, id)

#endif
