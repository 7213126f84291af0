/*
 * Disks, under the header's name before 5.18 and with what block drivers' friends called things before 5.11, when a
 * partition was a struct hd_struct.
 */
#ifndef _LINUX_GENHD_H
#define _LINUX_GENHD_H

#include <linux/blkdev.h>

#define hd_struct block_device
#define part_devt(part) ((part)->bd_dev)

/* The partition that holds a sector: disks are not divided here. */
static inline struct block_device *disk_map_sector_rcu(struct gendisk *disk, sector_t sector)
{
	return disk->part0;
}

static inline void part_in_flight(struct request_queue *q, struct block_device *part, unsigned int inflight[2])
{
	inflight[0] = atomic_read(&part->bd_in_flight[0]) + atomic_read(&part->bd_in_flight[1]);
	inflight[1] = 0;
}

#endif
