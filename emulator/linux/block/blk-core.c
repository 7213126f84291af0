/*
 * The way of a bio to its driver: checked against the device's size, counted, handed over.
 */
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/export.h>

static bool bio_check_eod(const struct bio *bio)
{
	sector_t maxsector = bio->bi_bdev->bd_nr_sectors;
	unsigned int nr_sectors = bio_sectors(bio);

	if (nr_sectors && (nr_sectors > maxsector || bio->bi_iter.bi_sector > maxsector - nr_sectors)) {
		pr_info("%s: attempt to access beyond end of device\n", current->comm);
		return false;
	}
	return true;
}

/* For drivers that pass bios on: no accounting. */
noinline void submit_bio_noacct(struct bio *bio)
{
	if (!bio_check_eod(bio)) {
		bio_io_error(bio);
		return;
	}
	if (!(bio->bi_flags & BIO_IN_FLIGHT)) {
		bio->bi_flags |= BIO_IN_FLIGHT;
		atomic_inc(&bio->bi_bdev->bd_in_flight[op_is_write(bio->bi_opf)]);
	}
	if (bdev_get_queue(bio->bi_bdev)->mq_ops)
		blk_mq_submit_bio(bio);
	else
		bio->bi_bdev->bd_disk->fops->submit_bio(bio);
}
EXPORT_SYMBOL(submit_bio_noacct);

/* Starts a transfer. Its end is told by bi_end_io(), maybe before this returns. */
noinline void submit_bio(struct bio *bio)
{
	struct block_device *bdev = bio->bi_bdev;

	if (bio_op(bio) == REQ_OP_READ) {
		bdev->bd_reads++;
		bdev->bd_sectors_read += bio_sectors(bio);
	} else {
		bdev->bd_writes++;
		bdev->bd_sectors_written += bio_sectors(bio);
	}
	submit_bio_noacct(bio);
}
EXPORT_SYMBOL(submit_bio);
