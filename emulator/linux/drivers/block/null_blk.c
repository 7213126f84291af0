/*
 * /dev/nullb0: a disk in memory that takes requests, 4 MiB. What it is asked for is done in a softirq a little later, as
 * by a disk with an interrupt, so that requests are in flight for a while.
 */
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "page_store.h"

#define NULL_MAJOR	250

struct null_cmd {
	struct list_head list;
	struct request *rq;
};

static struct page_store null_pages;
static LIST_HEAD(null_queue);
static DEFINE_SPINLOCK(null_lock);

static noinline void null_handle_cmd(struct null_cmd *cmd)
{
	struct request *rq = cmd->rq;

	blk_mq_end_request(rq, page_store_bio(&null_pages, rq->bio) ? BLK_STS_IOERR : BLK_STS_OK);
	kfree(cmd);
}

static void null_complete(struct tasklet_struct *unused)
{
	struct null_cmd *cmd;
	unsigned long flags;

	do {
		spin_lock_irqsave(&null_lock, flags);
		cmd = list_first_entry_or_null(&null_queue, struct null_cmd, list);
		if (cmd)
			list_del(&cmd->list);
		spin_unlock_irqrestore(&null_lock, flags);
		if (cmd)
			null_handle_cmd(cmd);
	} while (cmd);
}
static DECLARE_TASKLET(null_tasklet, null_complete);

static noinline blk_status_t null_queue_rq(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd)
{
	struct null_cmd *cmd = kmalloc(sizeof(*cmd), GFP_ATOMIC);
	unsigned long flags;

	if (!cmd)
		return BLK_STS_RESOURCE;
	cmd->rq = bd->rq;
	blk_mq_start_request(bd->rq);
	spin_lock_irqsave(&null_lock, flags);
	list_add_tail(&cmd->list, &null_queue);
	spin_unlock_irqrestore(&null_lock, flags);
	tasklet_schedule(&null_tasklet);
	return BLK_STS_OK;
}

static const struct blk_mq_ops null_mq_ops = { .queue_rq = null_queue_rq };
static const struct block_device_operations null_ops = { .owner = NULL };

static int __init null_init(void)
{
	static struct blk_mq_tag_set set = { .ops = &null_mq_ops, .nr_hw_queues = 1, .queue_depth = 64 };
	struct gendisk *disk = blk_mq_alloc_disk(&set, NULL);

	if (IS_ERR(disk))
		return PTR_ERR(disk);
	spin_lock_init(&null_pages.lock);
	disk->major = NULL_MAJOR;
	disk->minors = 1;
	strscpy(disk->disk_name, "nullb0", DISK_NAME_LEN);
	disk->fops = &null_ops;
	set_capacity(disk, STORE_SECTORS);
	return add_disk(disk);
}
device_initcall(null_init);
