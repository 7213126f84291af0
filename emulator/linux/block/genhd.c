/*
 * The disks there are, their nodes in /dev, /proc/partitions and /proc/diskstats.
 */
#include <linux/blkdev.h>
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/string.h>
#include <linux/export.h>

static LIST_HEAD(disks);
static DEFINE_MUTEX(disks_lock);

void put_disk(struct gendisk *disk)
{
	kfree(disk->queue);
	kfree(disk->part0);
	kfree(disk);
}
EXPORT_SYMBOL(put_disk);

struct gendisk *blk_alloc_disk(int node)
{
	struct gendisk *disk = kzalloc(sizeof(*disk), GFP_KERNEL);

	if (!disk)
		return NULL;
	disk->part0 = kzalloc(sizeof(*disk->part0), GFP_KERNEL);
	disk->queue = kzalloc(sizeof(*disk->queue), GFP_KERNEL);
	if (!disk->part0 || !disk->queue) {
		put_disk(disk);
		return NULL;
	}
	disk->part0->bd_disk = disk;
	disk->queue->disk = disk;
	INIT_LIST_HEAD(&disk->list);
	return disk;
}
EXPORT_SYMBOL(blk_alloc_disk);

int add_disk(struct gendisk *disk)
{
	disk->part0->bd_dev = MKDEV(disk->major, disk->first_minor);
	mutex_lock(&disks_lock);
	list_add_tail(&disk->list, &disks);
	mutex_unlock(&disks_lock);
	return devtmpfs_create_node(disk->disk_name, S_IFBLK | 0660, disk->part0->bd_dev);
}
EXPORT_SYMBOL(add_disk);

void del_gendisk(struct gendisk *disk)
{
	mutex_lock(&disks_lock);
	list_del_init(&disk->list);
	mutex_unlock(&disks_lock);
	devtmpfs_delete_node(disk->disk_name);
}
EXPORT_SYMBOL(del_gendisk);

/* Block majors are given by the driver here: nothing is kept but the promise that 0 is not one. */
int register_blkdev(unsigned int major, const char *name)
{
	return major ? 0 : -EINVAL;
}
EXPORT_SYMBOL(register_blkdev);

void unregister_blkdev(unsigned int major, const char *name)
{
	(void)major;
	(void)name;
}
EXPORT_SYMBOL(unregister_blkdev);

struct block_device *blkdev_get_no_open(dev_t dev)
{
	struct block_device *found = NULL;
	struct gendisk *disk;

	mutex_lock(&disks_lock);
	list_for_each_entry(disk, &disks, list)
		if (disk->part0->bd_dev == dev)
			found = disk->part0;
	mutex_unlock(&disks_lock);
	return found;
}

static int partitions_show(struct seq_file *m, void *v)
{
	struct gendisk *disk;

	seq_puts(m, "major minor  #blocks  name\n\n");
	mutex_lock(&disks_lock);
	list_for_each_entry(disk, &disks, list)
		seq_printf(m, "%4d  %7d %10llu %s\n", disk->major, disk->first_minor,
			   (unsigned long long)get_capacity(disk) / 2, disk->disk_name);
	mutex_unlock(&disks_lock);
	return 0;
}

static int diskstats_show(struct seq_file *m, void *v)
{
	struct gendisk *disk;

	mutex_lock(&disks_lock);
	list_for_each_entry(disk, &disks, list) {
		struct block_device *bd = disk->part0;

		seq_printf(m, "%4d %7d %s %lu 0 %lu 0 %lu 0 %lu 0 %d 0 0\n", disk->major, disk->first_minor,
			   disk->disk_name, bd->bd_reads, bd->bd_sectors_read, bd->bd_writes,
			   bd->bd_sectors_written, atomic_read(&bd->bd_in_flight[0]) + atomic_read(&bd->bd_in_flight[1]));
	}
	mutex_unlock(&disks_lock);
	return 0;
}

static int __init proc_genhd_init(void)
{
	proc_create_single("partitions", 0, NULL, partitions_show);
	proc_create_single("diskstats", 0, NULL, diskstats_show);
	return 0;
}
fs_initcall(proc_genhd_init);
