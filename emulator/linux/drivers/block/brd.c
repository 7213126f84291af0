/*
 * The RAM disk: /dev/ram0, 4 MiB in pages that appear when they are first written.
 */
#include <linux/blkdev.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#define RAMDISK_MAJOR	1
#define BRD_PAGES	1024
#define PAGE_SECTORS	(PAGE_SIZE >> SECTOR_SHIFT)

struct brd_device {
	spinlock_t lock;
	struct page *pages[BRD_PAGES];
};

static struct brd_device brd;

/* The page of a sector, or NULL if nothing was ever written there. */
static struct page *brd_lookup_page(struct brd_device *device, sector_t sector)
{
	return device->pages[sector / PAGE_SECTORS];
}

static struct page *brd_insert_page(struct brd_device *device, sector_t sector)
{
	struct page **place = &device->pages[sector / PAGE_SECTORS];
	struct page *page = *place, *fresh;

	if (page)
		return page;
	fresh = alloc_page(GFP_KERNEL | __GFP_ZERO);
	spin_lock(&device->lock);
	if (!*place) {
		*place = fresh;
		fresh = NULL;
	}
	page = *place;
	spin_unlock(&device->lock);
	if (fresh)
		put_page(fresh);
	return page;
}

/* Moves one piece of a bio, a page of the disk at a time. */
static noinline int brd_do_bvec(struct brd_device *device, const struct bio_vec *bv, sector_t sector, bool write)
{
	char *memory = (char *)page_address(bv->bv_page) + bv->bv_offset;
	unsigned int left = bv->bv_len;

	while (left) {
		unsigned int offset = (sector % PAGE_SECTORS) << SECTOR_SHIFT;
		unsigned int bytes = min_t(unsigned int, left, PAGE_SIZE - offset);
		struct page *page = write ? brd_insert_page(device, sector) : brd_lookup_page(device, sector);

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

static noinline void brd_submit_bio(struct bio *bio)
{
	struct brd_device *device = bio->bi_bdev->bd_disk->private_data;
	sector_t sector = bio->bi_iter.bi_sector;
	struct bio_vec *bv;
	int i;

	bio_for_each_segment_all(bv, bio, i) {
		if (brd_do_bvec(device, bv, sector, bio_op(bio) == REQ_OP_WRITE)) {
			bio_io_error(bio);
			return;
		}
		sector += bv->bv_len >> SECTOR_SHIFT;
	}
	bio_endio(bio);
}

static const struct block_device_operations brd_fops = {
	.submit_bio = brd_submit_bio,
};

static int __init brd_init(void)
{
	struct gendisk *disk = blk_alloc_disk(-1);

	if (!disk)
		return -ENOMEM;
	spin_lock_init(&brd.lock);
	disk->major = RAMDISK_MAJOR;
	disk->minors = 1;
	strscpy(disk->disk_name, "ram0", DISK_NAME_LEN);
	disk->fops = &brd_fops;
	disk->private_data = &brd;
	set_capacity(disk, BRD_PAGES * PAGE_SECTORS);
	return add_disk(disk);
}
device_initcall(brd_init);
