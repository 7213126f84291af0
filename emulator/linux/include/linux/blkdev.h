/*
 * Disks: their drivers' operations, and the way of a bio to them.
 */
#ifndef _LINUX_BLKDEV_H
#define _LINUX_BLKDEV_H

#include <linux/bio.h>
#include <linux/blk_types.h>
#include <linux/kdev_t.h>
#include <linux/list.h>

#define DISK_NAME_LEN	32
#define BDEVNAME_SIZE	32
#define BLKGETSIZE	0x1260
#define BLKFLSBUF	0x1261
#define BLKSSZGET	0x1268
#define BLKGETSIZE64	0x80081272

struct module;

struct block_device_operations {
	void (*submit_bio)(struct bio *bio);
	struct module *owner;
};

struct blk_mq_ops;

/* How a disk is asked: by bios (block_device_operations.submit_bio), or by requests when it has mq_ops. */
struct request_queue {
	const struct blk_mq_ops *mq_ops;
	void *queuedata;
	struct gendisk *disk;
};

struct gendisk {
	int major;
	int first_minor;
	int minors;
	char disk_name[DISK_NAME_LEN];
	struct block_device *part0;
	const struct block_device_operations *fops;
	struct request_queue *queue;
	void *private_data;
	struct list_head list;
};

struct gendisk *blk_alloc_disk(int node);
int add_disk(struct gendisk *disk);
void del_gendisk(struct gendisk *disk);
void put_disk(struct gendisk *disk);
int register_blkdev(unsigned int major, const char *name);
void unregister_blkdev(unsigned int major, const char *name);
struct block_device *blkdev_get_no_open(dev_t dev);
void submit_bio(struct bio *bio);
void submit_bio_noacct(struct bio *bio);

static inline void set_capacity(struct gendisk *disk, sector_t sectors)
{
	disk->part0->bd_nr_sectors = sectors;
}

#define bdev_get_queue(bdev) ((bdev)->bd_disk->queue)
#define disk_devt(disk) MKDEV((disk)->major, (disk)->first_minor)
#define bdev_nr_sectors(bdev) ((bdev)->bd_nr_sectors)

static inline sector_t get_capacity(struct gendisk *disk)
{
	return disk->part0->bd_nr_sectors;
}

#endif
