/* A character device with everything: read, write, seek, ioctl, poll, mmap, a class with attributes, debugfs, sysfs. */
#include <linux/cdev.h>
#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/kobject.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#define GET_SIZE _IOR('c', 1, int)
#define SET_MARK _IOW('c', 2, struct mark)
struct mark {
	int at;
	char what;
};

static dev_t devt;
static struct cdev cdev;
static struct class *class;
static struct device *device;
static struct dentry *directory;
static struct kobject *kobj;
static char *page;
static size_t size;
static bool ready;
static DEFINE_MUTEX(lock);
static DECLARE_WAIT_QUEUE_HEAD(waiters);
static u32 opens;

static int c_open(struct inode *inode, struct file *file)
{
	opens++;
	file->private_data = page;
	return iminor(inode) == MINOR(devt) ? 0 : -ENODEV;
}

static ssize_t c_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	if (wait_event_interruptible(waiters, ready || (file->f_flags & O_NONBLOCK)))
		return -ERESTARTSYS;
	return ready ? simple_read_from_buffer(buf, count, pos, page, size) : -EAGAIN;
}

static ssize_t c_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	ssize_t n;

	if (mutex_lock_interruptible(&lock))
		return -ERESTARTSYS;
	n = simple_write_to_buffer(page, PAGE_SIZE, pos, buf, count);
	if (n > 0) {
		size = max_t(size_t, size, *pos);
		ready = true;
		wake_up_interruptible(&waiters);
	}
	mutex_unlock(&lock);
	return n;
}

static long c_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct mark mark;

	switch (cmd) {
	case GET_SIZE:
		return put_user((int)size, (int __user *)arg);
	case SET_MARK:
		if (copy_from_user(&mark, (void __user *)arg, sizeof(mark)))
			return -EFAULT;
		if (mark.at < 0 || mark.at >= (int)size)
			return -ERANGE;
		page[mark.at] = mark.what;
		return 0;
	default:
		return -ENOTTY;
	}
}

static __poll_t c_poll(struct file *file, poll_table *wait)
{
	poll_wait(file, &waiters, wait);
	return EPOLLOUT | EPOLLWRNORM | (ready ? EPOLLIN | EPOLLRDNORM : 0);
}

static int c_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_end - vma->vm_start > PAGE_SIZE || vma->vm_pgoff)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, virt_to_phys(page) >> PAGE_SHIFT, PAGE_SIZE, vma->vm_page_prot);
}

static const struct file_operations fops = {
	.owner = THIS_MODULE, .open = c_open, .read = c_read, .write = c_write, .llseek = default_llseek,
	.unlocked_ioctl = c_ioctl, .poll = c_poll, .mmap = c_mmap,
};

static ssize_t bytes_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%zu of %s\n", size, (char *)dev_get_drvdata(dev));
}

static ssize_t bytes_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
{
	unsigned int value;
	int err = kstrtouint(buf, 0, &value);

	if (err)
		return err;
	if (value > PAGE_SIZE)
		return -EINVAL;
	size = value;
	return count;
}
static DEVICE_ATTR_RW(bytes);

static ssize_t greeting_show(struct kobject *k, struct kobj_attribute *attr, char *buf)
{
	return sprintf(buf, "hello\n");
}
static struct kobj_attribute greeting = __ATTR_RO(greeting);

static int __init chardev_init(void)
{
	int err = alloc_chrdev_region(&devt, 0, 1, "chardev");

	if (err)
		return err;
	page = (char *)get_zeroed_page(GFP_KERNEL);
	cdev_init(&cdev, &fops);
	err = cdev_add(&cdev, devt, 1);
	class = class_create(THIS_MODULE, "lab");
	device = device_create(class, NULL, devt, "driver data", "chardev%d", 0);
	if (err || IS_ERR(device))
		return -EINVAL;
	err = device_create_file(device, &dev_attr_bytes);
	directory = debugfs_create_dir("chardev", NULL);
	debugfs_create_u32("opens", 0644, directory, &opens);
	debugfs_create_bool("ready", 0644, directory, &ready);
	kobj = kobject_create_and_add("chardev", kernel_kobj);
	return err ? err : sysfs_create_file(kobj, &greeting.attr);
}

static void __exit chardev_exit(void)
{
	kobject_put(kobj);
	debugfs_remove_recursive(directory);
	device_remove_file(device, &dev_attr_bytes);
	device_destroy(class, devt);
	class_destroy(class);
	cdev_del(&cdev);
	unregister_chrdev_region(devt, 1);
	free_page((unsigned long)page);
}

module_init(chardev_init);
module_exit(chardev_exit);
MODULE_LICENSE("GPL");

/* console
 * $ insmod /root/chardev.ko; ls /sys/class/lab /sys/kernel/chardev; cat /sys/kernel/chardev/greeting
 * /sys/class/lab:
 * chardev0
 *
 * /sys/kernel/chardev:
 * greeting
 * hello
 * $ chardev_use
 * nonblocking read -1 EAGAIN
 * poll 1: in 0 out 1
 * wrote 5, size 5
 * poll 1: in 1 out 1
 * mark 0, mark too far -1 ERANGE, other -1 ENOTTY
 * mapped: heLlo, changed
 * read: HeLlo
 * lseek 2, rest Llo
 * $ cat /sys/class/lab/chardev0/bytes /sys/kernel/debug/chardev/opens /sys/kernel/debug/chardev/ready; echo 3 > /sys/class/lab/chardev0/bytes; cat /dev/chardev0; echo
 * 5 of driver data
 * 1
 * Y
 * HeL
 * $ echo x > /sys/class/lab/chardev0/bytes; echo 4097 > /sys/class/lab/chardev0/bytes; echo 9 > /sys/kernel/debug/chardev/opens; cat /sys/kernel/debug/chardev/opens
 * echo: write error: Invalid argument
 * echo: write error: Invalid argument
 * 9
 * $ rmmod chardev; ls /sys/class/lab /dev/chardev0 /sys/kernel/chardev
 * ls: cannot access '/sys/class/lab': No such file or directory
 * ls: cannot access '/dev/chardev0': No such file or directory
 * ls: cannot access '/sys/kernel/chardev': No such file or directory
 */
