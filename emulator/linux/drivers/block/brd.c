/*
 * The RAM disk: /dev/ram0, 4 MiB. It takes bios as they come and is done with them at once.
 */
#include <linux/blkdev.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "page_store.h"

#define RAMDISK_MAJOR	1

static struct page_store brd_pages;

static noinline void brd_submit_bio(struct bio *bio)
{
	if (page_store_bio(&brd_pages, bio))
		bio_io_error(bio);
	else
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
	spin_lock_init(&brd_pages.lock);
	disk->major = RAMDISK_MAJOR;
	disk->minors = 1;
	strscpy(disk->disk_name, "ram0", DISK_NAME_LEN);
	disk->fops = &brd_fops;
	set_capacity(disk, STORE_SECTORS);
	return add_disk(disk);
}
device_initcall(brd_init);
