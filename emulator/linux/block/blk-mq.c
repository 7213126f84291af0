/*
 * Requests: what a driver with a queue of its own gets instead of bios. One bio becomes one request here; nothing is
 * merged, sorted or delayed. The driver starts it, moves the bytes, and ends it, in one piece or several.
 */
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/slab.h>

struct gendisk *blk_mq_alloc_disk(struct blk_mq_tag_set *set, void *queuedata)
{
	struct gendisk *disk = blk_alloc_disk(-1);

	if (!disk)
		return ERR_PTR(-ENOMEM);
	disk->queue->mq_ops = set->ops;
	disk->queue->queuedata = queuedata;
	return disk;
}
EXPORT_SYMBOL(blk_mq_alloc_disk);

void blk_mq_start_request(struct request *rq)
{
	rq->io_start_time_ns = ktime_get_ns();
	rq->state = MQ_RQ_IN_FLIGHT;
}
EXPORT_SYMBOL(blk_mq_start_request);

/* The next nr_bytes have been moved, well or badly. True while some are left. */
noinline bool blk_update_request(struct request *rq, blk_status_t error, unsigned int nr_bytes)
{
	struct bio *bio = rq->bio;

	if (!bio)
		return false;
	if (error)
		bio->bi_status = error;
	nr_bytes = min(nr_bytes, rq->__data_len);
	rq->__data_len -= nr_bytes;
	rq->__sector += nr_bytes >> SECTOR_SHIFT;
	bio_advance(bio, nr_bytes);
	if (rq->__data_len)
		return true;
	rq->bio = NULL;
	bio_endio(bio);
	return false;
}
EXPORT_SYMBOL_GPL(blk_update_request);

noinline void __blk_mq_end_request(struct request *rq, blk_status_t error)
{
	kfree(rq);
}
EXPORT_SYMBOL(__blk_mq_end_request);

noinline void blk_mq_end_request(struct request *rq, blk_status_t error)
{
	if (WARN_ON(blk_update_request(rq, error, blk_rq_bytes(rq))))
		return;
	__blk_mq_end_request(rq, error);
}
EXPORT_SYMBOL(blk_mq_end_request);

/* A bio for a disk whose driver takes requests. */
noinline void blk_mq_submit_bio(struct bio *bio)
{
	struct request_queue *q = bio->bi_bdev->bd_disk->queue;
	struct request *rq = kzalloc(sizeof(*rq), GFP_NOIO);
	struct blk_mq_queue_data bd = { .rq = rq, .last = true };
	blk_status_t status;

	if (!rq) {
		bio->bi_status = BLK_STS_RESOURCE;
		bio_endio(bio);
		return;
	}
	rq->q = q;
	rq->part = bio->bi_bdev;
	rq->rq_disk = bio->bi_bdev->bd_disk;
	rq->cmd_flags = bio->bi_opf;
	rq->bio = bio;
	rq->__sector = bio->bi_iter.bi_sector;
	rq->__data_len = bio->bi_iter.bi_size;
	rq->start_time_ns = ktime_get_ns();
	status = q->mq_ops->queue_rq(NULL, &bd);
	if (status != BLK_STS_OK)
		blk_mq_end_request(rq, status);
}
