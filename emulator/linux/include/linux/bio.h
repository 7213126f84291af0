/*
 * Making bios and waiting for them.
 */
#ifndef _LINUX_BIO_H
#define _LINUX_BIO_H

#include <linux/blk_types.h>
#include <linux/gfp.h>

struct bio *bio_alloc(struct block_device *bdev, unsigned short nr_vecs, blk_opf_t opf, gfp_t gfp_mask);
void bio_put(struct bio *bio);
int bio_add_page(struct bio *bio, struct page *page, unsigned int len, unsigned int offset);
void bio_endio(struct bio *bio);
int submit_bio_wait(struct bio *bio);
void bio_advance(struct bio *bio, unsigned int bytes);

#define bio_sectors(bio)	((bio)->bi_iter.bi_size >> SECTOR_SHIFT)
#define bio_end_sector(bio)	((bio)->bi_iter.bi_sector + bio_sectors(bio))
#define bio_data_dir(bio)	(bio_op(bio) == REQ_OP_WRITE ? 1 : 0)
#define bio_dev(bio)		((bio)->bi_bdev->bd_dev)

static inline void bio_io_error(struct bio *bio)
{
	bio->bi_status = BLK_STS_IOERR;
	bio_endio(bio);
}

#define bio_for_each_segment_all(bvec, bio, i) \
	for (i = 0, bvec = (bio)->bi_io_vec; i < (bio)->bi_vcnt; i++, bvec++)

#endif
