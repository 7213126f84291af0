/*
 * struct bio: one transfer between memory and a block device, in pieces of pages.
 */
#ifndef _LINUX_BLK_TYPES_H
#define _LINUX_BLK_TYPES_H

#include <linux/types.h>
#include <linux/atomic.h>

struct bio;
struct block_device;
struct gendisk;
struct page;

typedef u64 sector_t;
typedef u8 blk_status_t;
typedef u32 blk_opf_t;
typedef void (bio_end_io_t)(struct bio *);

#define SECTOR_SHIFT	9
#define SECTOR_SIZE	(1 << SECTOR_SHIFT)

#define BLK_STS_OK	0
#define BLK_STS_NOTSUPP	1
#define BLK_STS_RESOURCE 9
#define BLK_STS_IOERR	10

enum req_op {
	REQ_OP_READ = 0,
	REQ_OP_WRITE = 1,
	REQ_OP_FLUSH = 2,
	REQ_OP_DISCARD = 3,
};

#define REQ_OP_MASK	0xff
#define REQ_SYNC	(1U << 11)
#define REQ_META	(1U << 12)
#define REQ_FUA		(1U << 17)
#define REQ_PREFLUSH	(1U << 18)
#define REQ_RAHEAD	(1U << 19)

#define BIO_IN_FLIGHT	1	/* bi_flags: submitted and not ended */

/* A piece of memory within one page. */
struct bio_vec {
	struct page *bv_page;
	unsigned int bv_len;
	unsigned int bv_offset;
};

/* Where on the device, how much is left, and how far it has come. */
struct bvec_iter {
	sector_t bi_sector;
	unsigned int bi_size;
	unsigned int bi_idx;
	unsigned int bi_bvec_done;
};

struct bio {
	struct bio *bi_next;
	struct block_device *bi_bdev;
	blk_opf_t bi_opf;
	unsigned short bi_flags;
	blk_status_t bi_status;
	struct bvec_iter bi_iter;
	bio_end_io_t *bi_end_io;
	void *bi_private;
	unsigned short bi_vcnt;
	unsigned short bi_max_vecs;
	atomic_t __bi_cnt;
	struct bio_vec *bi_io_vec;
	struct bio_vec bi_inline_vecs[];
};

/* A disk, or a part of one, as files and file systems use it. */
struct block_device {
	dev_t bd_dev;
	sector_t bd_start_sect;
	sector_t bd_nr_sectors;
	struct gendisk *bd_disk;
	unsigned long bd_reads, bd_writes;		/* transfers */
	unsigned long bd_sectors_read, bd_sectors_written;
	atomic_t bd_in_flight[2];			/* bios under way: reads, writes */
};

static inline enum req_op bio_op(const struct bio *bio)
{
	return bio->bi_opf & REQ_OP_MASK;
}

static inline bool op_is_write(blk_opf_t op)
{
	return op & 1;
}

#endif
