/* Where disks in memory keep their sectors: pages that appear when they are first written. */
#ifndef _PAGE_STORE_H
#define _PAGE_STORE_H

#include <linux/blkdev.h>
#include <linux/spinlock.h>

#define STORE_PAGES	1024
#define STORE_SECTORS	(STORE_PAGES * (PAGE_SIZE >> SECTOR_SHIFT))

struct page_store {
	spinlock_t lock;
	struct page *pages[STORE_PAGES];
};

/* Moves the pieces of a bio that are still to be moved to or from `store`. May be called in softirqs. 0 or -ENOSPC. */
int page_store_bio(struct page_store *store, struct bio *bio);

#endif
