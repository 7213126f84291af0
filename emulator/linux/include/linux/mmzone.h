/* The buddy allocator's one zone: a free list for each power of two. */
#ifndef _LINUX_MMZONE_H
#define _LINUX_MMZONE_H

#include <linux/spinlock.h>
#include <linux/list.h>

#define MAX_ORDER 11

struct free_area {
	struct list_head free_list;
	unsigned long nr_free;
};

struct zone {
	spinlock_t lock;
	struct free_area free_area[MAX_ORDER];
	unsigned long managed_pages;
	unsigned long free_pages;
	unsigned long watermark_min; /* kept back for callers that cannot wait */
	const char *name;
};

extern struct zone zone_normal;

#endif
