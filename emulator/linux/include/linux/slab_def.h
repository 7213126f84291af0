/* What a cache of objects keeps; /proc/slabinfo shows it. */
#ifndef _LINUX_SLAB_DEF_H
#define _LINUX_SLAB_DEF_H

#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct kmem_cache {
	const char *name;
	unsigned int size;		/* with alignment and the link to the next free object */
	unsigned int object_size;
	unsigned int offset;		/* of that link */
	unsigned int align;
	unsigned int order;		/* of a slab, in pages */
	unsigned int objects;		/* in a slab */
	int refcount;
	slab_flags_t flags;
	void (*ctor)(void *);
	spinlock_t list_lock;
	struct page *cpu_slab[CONFIG_NR_CPUS];
	struct list_head partial;	/* slabs with free objects that no CPU uses */
	unsigned long nr_partial;
	unsigned long nr_slabs;
	unsigned long active_objects;
	struct list_head list;
};

extern struct list_head slab_caches;
extern struct mutex slab_mutex;

#endif
