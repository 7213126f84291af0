/*
 * The memory devices: /dev/null, zero, full, random, urandom and kmsg, all of major 1.
 */
#include <linux/mm.h>
#include <linux/shmem_fs.h>
#include <linux/fs.h>
#include <linux/device.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uio.h>
#include <linux/uaccess.h>
#include <linux/random.h>

#define MEM_MAJOR	1

static ssize_t read_null(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	return 0;
}

static ssize_t write_null(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	return count;
}

static ssize_t read_zero(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	size_t done = 0;

	while (done < count) {
		size_t chunk = min_t(size_t, count - done, PAGE_SIZE);
		size_t missed = clear_user(buf + done, chunk);

		done += chunk - missed;
		if (missed)
			return done ? (ssize_t)done : -EFAULT;
		if (signal_pending(current))
			return done;
		cond_resched();
	}
	return done;
}

static ssize_t write_full(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	return -ENOSPC;
}

static ssize_t random_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	u8 block[64];
	size_t done = 0;

	while (done < count) {
		size_t chunk = min_t(size_t, count - done, sizeof(block));

		get_random_bytes(block, chunk);
		if (copy_to_user(buf + done, block, chunk))
			return done ? (ssize_t)done : -EFAULT;
		done += chunk;
		if (signal_pending(current))
			break;
		cond_resched();
	}
	return done;
}

/* A line written to /dev/kmsg is a message of the kernel's log; <N> in front sets its level. */
static ssize_t kmsg_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	char line[512], *text = line;
	size_t size = min_t(size_t, count, sizeof(line) - 1);
	unsigned int level = 4;

	if (copy_from_user(line, buf, size))
		return -EFAULT;
	line[size] = '\0';
	if (line[0] == '<' && line[1] >= '0' && line[1] <= '7' && line[2] == '>') {
		level = line[1] - '0';
		text = line + 3;
	}
	printk("\001%c%s%s", '0' + level, text, size && line[size - 1] == '\n' ? "" : "\n");
	return count;
}

static const struct file_operations null_fops = {
	.llseek = noop_llseek,
	.read = read_null,
	.write = write_null,
};

/* A private mapping of /dev/zero is anonymous memory, a shared one an object of its own. */
static int mmap_zero(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_flags & VM_SHARED)
		return shmem_zero_setup(vma);
	vma->vm_ops = NULL;
	return 0;
}

static const struct file_operations zero_fops = {
	.mmap = mmap_zero,
	.llseek = noop_llseek,
	.read = read_zero,
	.write = write_null,
};

static const struct file_operations full_fops = {
	.llseek = noop_llseek,
	.read = read_zero,
	.write = write_full,
};

static const struct file_operations random_fops = {
	.llseek = noop_llseek,
	.read = random_read,
	.write = write_null,
};

static const struct file_operations kmsg_fops = {
	.llseek = noop_llseek,
	.write = kmsg_write,
};

static const struct memdev {
	const char *name;
	umode_t mode;
	const struct file_operations *fops;
} devlist[] = {
	[3] = { "null", 0666, &null_fops },
	[5] = { "zero", 0666, &zero_fops },
	[7] = { "full", 0666, &full_fops },
	[8] = { "random", 0666, &random_fops },
	[9] = { "urandom", 0666, &random_fops },
	[11] = { "kmsg", 0644, &kmsg_fops },
};

static int memory_open(struct inode *inode, struct file *filp)
{
	unsigned int minor = iminor(inode);

	if (minor >= ARRAY_SIZE(devlist) || !devlist[minor].fops)
		return -ENXIO;
	filp->f_op = devlist[minor].fops;
	return 0;
}

static const struct file_operations memory_fops = {
	.open = memory_open,
	.llseek = noop_llseek,
};

static int __init chr_dev_init(void)
{
	unsigned int minor;

	if (register_chrdev(MEM_MAJOR, "mem", &memory_fops))
		printk("unable to get major %d for memory devs\n", MEM_MAJOR);
	for (minor = 0; minor < ARRAY_SIZE(devlist); minor++)
		if (devlist[minor].name)
			devtmpfs_create_node(devlist[minor].name, S_IFCHR | devlist[minor].mode,
					     MKDEV(MEM_MAJOR, minor));
	return 0;
}
fs_initcall(chr_dev_init);
