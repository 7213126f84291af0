/*
 * Reading and writing host files: each call is one gate, through a buffer in kernel memory.
 *
 * A read that has to wait (trace_pipe) is answered LAB_EAGAIN_BLOCK: the task sleeps one tick and asks again, so that
 * a signal can end the wait and other tasks run meanwhile.
 */
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <lab/gates.h>
#include "hostfs.h"

#define HOSTFS_MAX_TRANSFER	(16 * PAGE_SIZE)

static long handle_of(const struct file *file)
{
	return (long)file->private_data;
}

int hostfs_open_path(struct file *file, const char *path)
{
	long handle = lab_fs_open(path, file->f_flags);

	if (handle < 0)
		return (int)handle;
	file->private_data = (void *)handle;
	return 0;
}

noinline ssize_t hostfs_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	ssize_t ret;
	char *data;

	if (count > HOSTFS_MAX_TRANSFER)
		count = HOSTFS_MAX_TRANSFER;
	data = kvmalloc(count, GFP_KERNEL);
	if (!data)
		return -ENOMEM;
	for (;;) {
		ret = lab_fs_read(handle_of(file), data, count, *ppos);
		if (ret != LAB_EAGAIN_BLOCK)
			break;
		ret = -EAGAIN;
		if (file->f_flags & O_NONBLOCK)
			break;
		ret = -ERESTARTSYS;
		if (signal_pending(current))
			break;
		schedule_timeout_interruptible(1);
	}
	if (ret > 0) {
		if (copy_to_user(buf, data, ret))
			ret = -EFAULT;
		else
			*ppos += ret;
	}
	kvfree(data);
	return ret;
}

noinline ssize_t hostfs_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	ssize_t ret = -EFAULT;
	char *data;

	if (count > HOSTFS_MAX_TRANSFER)
		count = HOSTFS_MAX_TRANSFER;
	data = kvmalloc(count + 1, GFP_KERNEL);
	if (!data)
		return -ENOMEM;
	if (!copy_from_user(data, buf, count)) {
		ret = lab_fs_write(handle_of(file), data, count, *ppos);
		if (ret > 0)
			*ppos += ret;
	}
	kvfree(data);
	return ret;
}

int hostfs_release(struct inode *inode, struct file *file)
{
	lab_fs_release(handle_of(file));
	return 0;
}
