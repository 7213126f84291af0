/*
 * xarray: pointers (or small integers: xa_mk_value) by an unsigned long index, locked by itself. Each used index may
 * carry marks. What is behind it is a red-black tree of entries; Linux's multi-index entries and xa_state are left out.
 */
#ifndef _LINUX_XARRAY_H
#define _LINUX_XARRAY_H

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/limits.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/types.h>

typedef unsigned int xa_mark_t;
#define XA_MARK_0 0U
#define XA_MARK_1 1U
#define XA_MARK_2 2U
#define XA_PRESENT 8U

#define XA_FLAGS_ALLOC 1U	/* xa_alloc() may be used */
#define XA_FLAGS_ALLOC1 3U	/* ... and starts at 1 */
#define XA_FLAGS_LOCK_IRQ 4U

struct xarray {
	spinlock_t xa_lock;
	gfp_t xa_flags;
	struct rb_root xa_root;
	u32 xa_next;		/* for xa_alloc_cyclic */
};

struct xa_limit {
	u32 max;
	u32 min;
};

#define XA_LIMIT(_min, _max) (struct xa_limit) { .min = _min, .max = _max }
#define xa_limit_32b XA_LIMIT(0, UINT_MAX)
#define xa_limit_31b XA_LIMIT(0, INT_MAX)
#define xa_limit_16b XA_LIMIT(0, USHRT_MAX)

#define XARRAY_INIT(name, flags) { .xa_lock = __SPIN_LOCK_UNLOCKED((name).xa_lock), .xa_flags = flags }
#define DEFINE_XARRAY_FLAGS(name, flags) struct xarray name = XARRAY_INIT(name, flags)
#define DEFINE_XARRAY(name) DEFINE_XARRAY_FLAGS(name, 0)
#define DEFINE_XARRAY_ALLOC(name) DEFINE_XARRAY_FLAGS(name, XA_FLAGS_ALLOC)
#define DEFINE_XARRAY_ALLOC1(name) DEFINE_XARRAY_FLAGS(name, XA_FLAGS_ALLOC1)

#define xa_lock(xa) spin_lock(&(xa)->xa_lock)
#define xa_unlock(xa) spin_unlock(&(xa)->xa_lock)
#define xa_lock_irqsave(xa, flags) spin_lock_irqsave(&(xa)->xa_lock, flags)
#define xa_unlock_irqrestore(xa, flags) spin_unlock_irqrestore(&(xa)->xa_lock, flags)

extern void xa_init_flags(struct xarray *xa, gfp_t flags);
extern void *xa_load(struct xarray *xa, unsigned long index);
extern void *xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
extern void *xa_erase(struct xarray *xa, unsigned long index);
extern void *xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp);
extern void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max, xa_mark_t filter);
extern void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max, xa_mark_t filter);
extern bool xa_get_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
extern void xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
extern void xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
extern int xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, gfp_t gfp);
extern int xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, u32 *next, gfp_t gfp);
extern void xa_destroy(struct xarray *xa);

static inline void xa_init(struct xarray *xa)
{
	xa_init_flags(xa, 0);
}

static inline bool xa_empty(const struct xarray *xa)
{
	return RB_EMPTY_ROOT(&xa->xa_root);
}

static inline void *xa_mk_value(unsigned long v)
{
	return (void *)((v << 1) | 1);
}

static inline unsigned long xa_to_value(const void *entry)
{
	return (unsigned long)entry >> 1;
}

static inline bool xa_is_value(const void *entry)
{
	return (unsigned long)entry & 1;
}

static inline bool xa_is_err(const void *entry)
{
	return IS_ERR(entry);
}

static inline int xa_err(void *entry)
{
	return IS_ERR(entry) ? PTR_ERR(entry) : 0;
}

/* 0, -EBUSY when the index is taken, or -ENOMEM. */
static inline int xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	void *old = xa_cmpxchg(xa, index, NULL, entry, gfp);

	return IS_ERR(old) ? PTR_ERR(old) : old ? -EBUSY : 0;
}

#define xa_for_each_range(xa, index, entry, start, last)			\
	for (index = start, entry = xa_find(xa, &index, last, XA_PRESENT); entry;	\
	     entry = xa_find_after(xa, &index, last, XA_PRESENT))
#define xa_for_each_start(xa, index, entry, start) xa_for_each_range(xa, index, entry, start, ULONG_MAX)
#define xa_for_each(xa, index, entry) xa_for_each_start(xa, index, entry, 0)
#define xa_for_each_marked(xa, index, entry, filter)				\
	for (index = 0, entry = xa_find(xa, &index, ULONG_MAX, filter); entry;	\
	     entry = xa_find_after(xa, &index, ULONG_MAX, filter))

#endif
