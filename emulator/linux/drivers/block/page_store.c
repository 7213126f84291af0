/*
 * Disks in memory: sectors in pages.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>
#include "page_store.h"

#define PAGE_SECTORS	(PAGE_SIZE >> SECTOR_SHIFT)

/* The page of a sector, or NULL if nothing was ever written there. */
static struct page *lookup_page(struct page_store *store, sector_t sector)
{
	return store->pages[sector / PAGE_SECTORS];
}

static struct page *insert_page(struct page_store *store, sector_t sector)
{
	struct page **place = &store->pages[sector / PAGE_SECTORS];
	struct page *page = *place, *fresh;
	unsigned long flags;

	if (page)
		return page;
	fresh = alloc_page(GFP_ATOMIC | __GFP_ZERO);
	spin_lock_irqsave(&store->lock, flags);
	if (!*place) {
		*place = fresh;
		fresh = NULL;
	}
	page = *place;
	spin_unlock_irqrestore(&store->lock, flags);
	if (fresh)
		put_page(fresh);
	return page;
}

/* One piece of a bio, a page of the disk at a time. */
static int move_piece(struct page_store *store, const struct bio_vec *bv, sector_t sector, bool write)
{
	char *memory = (char *)page_address(bv->bv_page) + bv->bv_offset;
	unsigned int left = bv->bv_len;

	while (left) {
		unsigned int offset = (sector % PAGE_SECTORS) << SECTOR_SHIFT;
		unsigned int bytes = min_t(unsigned int, left, PAGE_SIZE - offset);
		struct page *page = write ? insert_page(store, sector) : lookup_page(store, sector);

		if (write && !page)
			return -ENOSPC;
		if (write)
			memcpy((char *)page_address(page) + offset, memory, bytes);
		else if (page)
			memcpy(memory, (char *)page_address(page) + offset, bytes);
		else
			memset(memory, 0, bytes);
		memory += bytes;
		left -= bytes;
		sector += bytes >> SECTOR_SHIFT;
	}
	return 0;
}

int page_store_bio(struct page_store *store, struct bio *bio)
{
	sector_t sector = bio->bi_iter.bi_sector;
	struct bio_vec *bv;
	int i, err;

	bio_for_each_segment_all(bv, bio, i) {
		err = move_piece(store, bv, sector, bio_op(bio) == REQ_OP_WRITE);
		if (err)
			return err;
		sector += bv->bv_len >> SECTOR_SHIFT;
	}
	return 0;
}
