/* Requests, and the drivers that take them. */
#ifndef BLK_MQ_H
#define BLK_MQ_H

#include <linux/blkdev.h>
#include <linux/types.h>

enum mq_rq_state {
	MQ_RQ_IDLE = 0,
	MQ_RQ_IN_FLIGHT = 1,
	MQ_RQ_COMPLETE = 2,
};

/* A transfer that a driver has been asked for. */
struct request {
	struct request_queue *q;
	blk_opf_t cmd_flags;
	unsigned int __data_len;	/* bytes left */
	sector_t __sector;		/* where they go on */
	struct bio *bio;
	struct block_device *part;
	struct gendisk *rq_disk;
	u64 start_time_ns;
	u64 io_start_time_ns;
	enum mq_rq_state state;
};

struct blk_mq_hw_ctx;

struct blk_mq_queue_data {
	struct request *rq;
	bool last;
};

struct blk_mq_ops {
	blk_status_t (*queue_rq)(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd);
};

struct blk_mq_tag_set {
	const struct blk_mq_ops *ops;
	unsigned int nr_hw_queues;
	unsigned int queue_depth;
	int numa_node;
	unsigned int flags;
	void *driver_data;
};

extern struct gendisk *blk_mq_alloc_disk(struct blk_mq_tag_set *set, void *queuedata);
extern void blk_mq_submit_bio(struct bio *bio);
extern void blk_mq_start_request(struct request *rq);
extern bool blk_update_request(struct request *rq, blk_status_t error, unsigned int nr_bytes);
extern void blk_mq_end_request(struct request *rq, blk_status_t error);
extern void __blk_mq_end_request(struct request *rq, blk_status_t error);

static inline sector_t blk_rq_pos(const struct request *rq)
{
	return rq->__sector;
}

static inline unsigned int blk_rq_bytes(const struct request *rq)
{
	return rq->__data_len;
}

static inline unsigned int blk_rq_sectors(const struct request *rq)
{
	return rq->__data_len >> SECTOR_SHIFT;
}

#define req_op(req) ((enum req_op)((req)->cmd_flags & REQ_OP_MASK))
#define rq_data_dir(rq) (req_op(rq) == REQ_OP_WRITE ? 1 : 0)
#define blk_rq_is_passthrough(rq) ((void)(rq), false)
#define rq_for_each_bio(_bio, rq) for (_bio = (rq)->bio; _bio; _bio = _bio->bi_next)

#endif
