/*
 * Block devices as files: every read and write becomes bios of one page each, sent to the driver and waited for.
 */
#include <linux/blkdev.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/uio.h>
#include <linux/uaccess.h>
#include <linux/export.h>

static loff_t bdev_size(const struct block_device *bdev)
{
	return (loff_t)bdev->bd_nr_sectors << SECTOR_SHIFT;
}

/* Moves whole sectors between page and the device: those from sector on that size bytes cover. */
static int transfer(struct block_device *bdev, struct page *page, sector_t sector, unsigned int size, blk_opf_t opf)
{
	struct bio *bio = bio_alloc(bdev, 1, opf, GFP_KERNEL);
	int error;

	if (!bio)
		return -ENOMEM;
	bio->bi_iter.bi_sector = sector;
	bio_add_page(bio, page, size, 0);
	error = submit_bio_wait(bio);
	bio_put(bio);
	return error;
}

static noinline ssize_t blkdev_rw(struct kiocb *iocb, struct iov_iter *iter, bool write)
{
	struct block_device *bdev = iocb->ki_filp->private_data;
	struct page *page = alloc_page(GFP_KERNEL);
	ssize_t done = 0, error = 0;

	if (!page)
		return -ENOMEM;
	while (iov_iter_count(iter) && iocb->ki_pos < bdev_size(bdev)) {
		unsigned int offset = iocb->ki_pos & (PAGE_SIZE - 1);
		loff_t start = iocb->ki_pos - offset;
		unsigned int size = min_t(loff_t, PAGE_SIZE, bdev_size(bdev) - start);
		size_t bytes = min_t(size_t, size - offset, iov_iter_count(iter));
		char *data = page_address(page);
		size_t copied;

		/* A write of part of a page needs the rest of it. */
		if (!write || offset || bytes < size) {
			error = transfer(bdev, page, start >> SECTOR_SHIFT, size, REQ_OP_READ);
			if (error)
				break;
		}
		copied = write ? copy_from_iter(data + offset, bytes, iter) : copy_to_iter(data + offset, bytes, iter);
		if (write && copied) {
			error = transfer(bdev, page, start >> SECTOR_SHIFT, size, REQ_OP_WRITE);
			if (error)
				break;
		}
		iocb->ki_pos += copied;
		done += copied;
		error = -EFAULT;
		if (copied < bytes)
			break;
		error = 0;
	}
	put_page(page);
	if (!done && write && !error && iov_iter_count(iter))
		error = -ENOSPC;
	return done ? done : error;
}

static noinline ssize_t blkdev_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	return blkdev_rw(iocb, to, false);
}

static noinline ssize_t blkdev_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	return blkdev_rw(iocb, from, true);
}

static noinline int blkdev_open(struct inode *inode, struct file *filp)
{
	struct block_device *bdev = blkdev_get_no_open(inode->i_rdev);

	if (!bdev)
		return -ENXIO;
	filp->private_data = bdev;
	return 0;
}

static loff_t blkdev_llseek(struct file *file, loff_t offset, int whence)
{
	return fixed_size_llseek(file, offset, whence, bdev_size(file->private_data));
}

static int blkdev_fsync(struct file *filp, loff_t start, loff_t end, int datasync)
{
	return 0;	/* nothing is cached */
}

static long blkdev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct block_device *bdev = file->private_data;

	switch (cmd) {
	case BLKGETSIZE64:
		return put_user((u64)bdev_size(bdev), (u64 __user *)arg);
	case BLKGETSIZE:
		return put_user((unsigned long)bdev->bd_nr_sectors, (unsigned long __user *)arg);
	case BLKSSZGET:
		return put_user((int)SECTOR_SIZE, (int __user *)arg);
	case BLKFLSBUF:
		return 0;
	default:
		return -ENOTTY;
	}
}

const struct file_operations def_blk_fops = {
	.open = blkdev_open,
	.llseek = blkdev_llseek,
	.read_iter = blkdev_read_iter,
	.write_iter = blkdev_write_iter,
	.fsync = blkdev_fsync,
	.unlocked_ioctl = blkdev_ioctl,
};
