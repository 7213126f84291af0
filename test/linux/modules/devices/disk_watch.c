/* Transfers of disks: a bio that is submitted, the request that is made of it, its end, counted in sysfs attributes. */
#include <linux/bio.h>
#include <linux/blk_types.h>
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/ctype.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/genhd.h>
#include <linux/hash.h>
#include <linux/kallsyms.h>
#include <linux/kobject.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sysfs.h>

static struct kobject *kobj;
static int submitted, updated, ended, bytes;

static int on_submit(struct kprobe *p, struct pt_regs *regs)
{
	struct bio *bio = (struct bio *)regs->di;
	struct block_device *part = bio->bi_bdev;
	unsigned int inflight[2];

	part_in_flight(bdev_get_queue(part), part, inflight);
	pr_info("submit_bio: %s %u sectors at %llu of %s (%u:%u), %u in flight, by %s\n", bio_data_dir(bio) ? "write" : "read",
		bio_sectors(bio), (u64)bio->bi_iter.bi_sector, part->bd_disk->disk_name, MAJOR(part_devt(part)),
		MINOR(part_devt(part)), inflight[0], current->comm);
	submitted++;
	return 0;
}

static int on_update(struct kprobe *p, struct pt_regs *regs)
{
	struct request *rq = (struct request *)regs->di;
	unsigned int inflight[2];

	part_in_flight(rq->q, rq->part, inflight);
	pr_info("blk_update_request: dir %d, %u bytes of %u at %llu, error %ld, %u in flight, in softirq %d\n",
		(int)rq_data_dir(rq), (unsigned int)regs->dx, blk_rq_bytes(rq), (u64)blk_rq_pos(rq), regs->si, inflight[0],
		in_serving_softirq() != 0);
	updated++;
	bytes += regs->dx;
	return 0;
}

static int on_end(struct kprobe *p, struct pt_regs *regs)
{
	struct bio *bio = (struct bio *)regs->di;

	pr_info("bio_endio: status %d\n", bio->bi_status);
	ended++;
	return 0;
}

static struct kprobe probes[] = {
	{ .symbol_name = "submit_bio", .pre_handler = on_submit },
	{ .symbol_name = "blk_update_request", .pre_handler = on_update },
	{ .symbol_name = "bio_endio", .pre_handler = on_end },
};
static struct kprobe *list[] = { &probes[0], &probes[1], &probes[2] };

static ssize_t show(struct kobject *k, struct kobj_attribute *attr, char *buf)
{
	return snprintf(buf, PAGE_SIZE, "%d %d %d %d\n", submitted, updated, ended, bytes);
}
static struct kobj_attribute counts = __ATTR(counts, 0444, show, NULL);
static struct attribute *attributes[] = { &counts.attr, NULL };
static struct attribute_group group = { .attrs = attributes };

static int __init disk_watch_init(void)
{
	kobj = kobject_create_and_add("disk_watch", kernel_kobj);
	if (!kobj || sysfs_create_group(kobj, &group))
		return -ENOMEM;
	return register_kprobes(list, 3);
}

static void __exit disk_watch_exit(void)
{
	unregister_kprobes(list, 3);
	sysfs_remove_group(kobj, &group);
	kobject_put(kobj);
}

module_init(disk_watch_init);
module_exit(disk_watch_exit);
MODULE_LICENSE("GPL");

/* console
 * $ insmod /root/disk_watch.ko; dd if=/dev/zero of=/dev/nullb0 bs=4096 count=1 conv=notrunc seek=2
 * submit_bio: write 8 sectors at 16 of nullb0 (250:0), 0 in flight, by dd
 * blk_update_request: dir 1, 4096 bytes of 4096 at 16, error 0, 1 in flight, in softirq 1
 * bio_endio: status 0
 * 1+0 records in
 * 1+0 records out
 * 4096 bytes copied
 * $ dd if=/dev/ram0 of=/dev/null bs=512 count=1
 * submit_bio: read 8 sectors at 0 of ram0 (1:0), 0 in flight, by dd
 * bio_endio: status 0
 * 1+0 records in
 * 1+0 records out
 * 512 bytes copied
 * $ cat /sys/kernel/disk_watch/counts; rmmod disk_watch
 * 2 1 2 4096
 */
