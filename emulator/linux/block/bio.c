/*
 * bios: their memory, their pieces, and their end.
 */
#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/export.h>

noinline struct bio *bio_alloc(struct block_device *bdev, unsigned short nr_vecs, blk_opf_t opf, gfp_t gfp_mask)
{
	struct bio *bio = kzalloc(sizeof(*bio) + nr_vecs * sizeof(struct bio_vec), gfp_mask);

	if (!bio)
		return NULL;
	bio->bi_bdev = bdev;
	bio->bi_opf = opf;
	bio->bi_io_vec = bio->bi_inline_vecs;
	bio->bi_max_vecs = nr_vecs;
	atomic_set(&bio->__bi_cnt, 1);
	return bio;
}
EXPORT_SYMBOL(bio_alloc);

void bio_put(struct bio *bio)
{
	if (atomic_dec_and_test(&bio->__bi_cnt))
		kfree(bio);
}
EXPORT_SYMBOL(bio_put);

/* Adds a piece of a page. Returns len, or 0 if the bio has no room for it. */
noinline int bio_add_page(struct bio *bio, struct page *page, unsigned int len, unsigned int offset)
{
	struct bio_vec *bv;

	if (bio->bi_vcnt >= bio->bi_max_vecs)
		return 0;
	bv = &bio->bi_io_vec[bio->bi_vcnt++];
	bv->bv_page = page;
	bv->bv_offset = offset;
	bv->bv_len = len;
	bio->bi_iter.bi_size += len;
	return len;
}
EXPORT_SYMBOL(bio_add_page);

/* The driver is done with it, well or badly (bi_status). */
noinline void bio_endio(struct bio *bio)
{
	if (bio->bi_flags & BIO_IN_FLIGHT) {
		bio->bi_flags &= ~BIO_IN_FLIGHT;
		atomic_dec(&bio->bi_bdev->bd_in_flight[op_is_write(bio->bi_opf)]);
	}
	if (bio->bi_end_io)
		bio->bi_end_io(bio);
}
EXPORT_SYMBOL(bio_endio);

/* So many bytes of it are done: the rest begins behind them. */
void bio_advance(struct bio *bio, unsigned int bytes)
{
	struct bvec_iter *iter = &bio->bi_iter;

	iter->bi_sector += bytes >> SECTOR_SHIFT;
	iter->bi_size -= bytes;
	for (bytes += iter->bi_bvec_done; iter->bi_idx < bio->bi_vcnt && bytes >= bio->bi_io_vec[iter->bi_idx].bv_len;
	     iter->bi_idx++)
		bytes -= bio->bi_io_vec[iter->bi_idx].bv_len;
	iter->bi_bvec_done = bytes;
}
EXPORT_SYMBOL(bio_advance);

static void submit_bio_wait_endio(struct bio *bio)
{
	complete(bio->bi_private);
}

/* Sends a bio and waits for its end. Returns 0 or -EIO. */
noinline int submit_bio_wait(struct bio *bio)
{
	struct completion done;

	init_completion(&done);
	bio->bi_private = &done;
	bio->bi_end_io = submit_bio_wait_endio;
	bio->bi_opf |= REQ_SYNC;
	submit_bio(bio);
	wait_for_completion(&done);
	return bio->bi_status == BLK_STS_OK ? 0 : -EIO;
}
EXPORT_SYMBOL(submit_bio_wait);
