/* A character device over a red-black tree, probed by the module itself; the class has its old two arguments. */
#include <asm/uaccess.h>
#include <linux/cdev.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/param.h>
#include <linux/pci.h>
#include <linux/rbtree.h>
#include <linux/sched.h>
#include <linux/semaphore.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/types.h>

struct item {
	struct rb_node node;
	int key, data;
};

struct rb_dev {
	struct cdev cdev;
	struct rb_root root;
	char name[20];
	spinlock_t lock;
	int order;
} *device;

static dev_t number;
static struct class *class;
static char *user_name = "guest";
module_param(user_name, charp, 0000);

static int rb_open(struct inode *inode, struct file *file)
{
	file->private_data = container_of(inode->i_cdev, struct rb_dev, cdev);
	return 0;
}

static noinline int rb_add(struct rb_dev *dev, int key, int data)
{
	struct rb_node **link = &dev->root.rb_node, *parent = NULL;
	struct item *item;

	while (*link) {
		parent = *link;
		item = container_of(parent, struct item, node);
		if (item->key == key) {
			item->data = data;
			return 0;
		}
		link = key < item->key ? &(*link)->rb_left : &(*link)->rb_right;
	}
	item = kmalloc(sizeof(struct item), GFP_KERNEL);
	if (!item)
		return -ENOMEM;
	memset(item, 0, sizeof(struct item));
	item->key = key;
	item->data = data;
	rb_link_node(&item->node, parent, link);
	rb_insert_color(&item->node, &dev->root);
	return 1;
}

static ssize_t rb_write(struct file *file, const char *buf, size_t count, loff_t *pos)
{
	struct rb_dev *dev = file->private_data;
	char text[32] = "";
	int key, data;

	if (copy_from_user(text, buf, min(count, sizeof(text) - 1)))
		return -EFAULT;
	if (sscanf(text, "%d %d", &key, &data) != 2)
		return -EINVAL;
	rb_add(dev, key, data);
	return count;
}

static ssize_t rb_read(struct file *file, char *buf, size_t count, loff_t *pos)
{
	struct rb_dev *dev = file->private_data;
	struct rb_node *n;
	size_t at = 0;

	if (*pos)
		return 0;
	for (n = dev->order ? rb_last(&dev->root) : rb_first(&dev->root); n; n = dev->order ? rb_prev(n) : rb_next(n)) {
		char text[32], *p;
		int len = sprintf(text, "%d=%d ", rb_entry(n, struct item, node)->key, rb_entry(n, struct item, node)->data);

		for (p = text; len-- && at < count; p++)
			if (put_user(*p, buf + at++))
				return -EFAULT;
	}
	*pos += at;
	return at;
}

static long rb_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct rb_dev *dev = file->private_data;
	int order;

	if (cmd != 1)
		return -ENOTTY;
	if (get_user(order, (int __user *)arg))
		return -EFAULT;
	dev->order = order;
	return 0;
}

static int rb_release(struct inode *inode, struct file *file)
{
	return 0;
}

static struct file_operations fops = {
	.owner = THIS_MODULE, .open = rb_open, .release = rb_release, .write = rb_write, .read = rb_read,
	.unlocked_ioctl = rb_ioctl,
};

static int before(struct kprobe *p, struct pt_regs *regs)
{
	pr_info("rb_add(%ld, %ld) by task %s on cpu %d, stack at %d\n", (long)(int)regs->si, (long)(int)regs->dx, current->comm,
		(int)current_thread_info()->cpu == smp_processor_id(), (regs->sp & ~PAGE_MASK) != 0);
	return 0;
}

static void after(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
}

static struct kprobe kp = { .pre_handler = before, .post_handler = after };

static int __init rb_init(void)
{
	if (alloc_chrdev_region(&number, 0, 1, "rbtree") < 0)
		return -1;
	class = class_create(THIS_MODULE, "rbtree");
	device = kmalloc(sizeof(*device), GFP_KERNEL);
	if (!device)
		return -ENOMEM;
	memset(device, 0, sizeof(*device));
	sprintf(device->name, "rbt%d", MINOR(number));
	spin_lock_init(&device->lock);
	cdev_init(&device->cdev, &fops);
	device->cdev.owner = THIS_MODULE;
	if (cdev_add(&device->cdev, MKDEV(MAJOR(number), 0), 1))
		return -1;
	device_create(class, NULL, MKDEV(MAJOR(number), 0), NULL, "rbt%d", 0);
	kp.addr = (kprobe_opcode_t *)kallsyms_lookup_name("rb_add");
	msleep(1);
	return register_kprobe(&kp);
}

static void __exit rb_exit(void)
{
	struct rb_node *n;

	unregister_kprobe(&kp);
	while ((n = rb_first(&device->root)) != NULL) {
		rb_erase(n, &device->root);
		kfree(rb_entry(n, struct item, node));
	}
	unregister_chrdev_region(number, 1);
	device_destroy(class, MKDEV(MAJOR(number), 0));
	cdev_del(&device->cdev);
	kfree(device);
	class_destroy(class);
}

module_init(rb_init);
module_exit(rb_exit);
MODULE_LICENSE("GPL v2");

/* console
 * warning: 'kallsyms_lookup_name' is deprecated: not exported since 5.7: a kprobe with .symbol_name finds it
 * $ insmod /root/rb_device.ko; for i in 5 3 9 3; do echo $i $((i*i)) > /dev/rbt0; done; cat /dev/rbt0; echo; echo x > /dev/rbt0; ls /sys/class/rbtree; grep rbtree /proc/devices
 * rb_add(5, 25) by task echo on cpu 1, stack at 1
 * rb_add(3, 9) by task echo on cpu 1, stack at 1
 * rb_add(9, 81) by task echo on cpu 1, stack at 1
 * rb_add(3, 9) by task echo on cpu 1, stack at 1
 * 3=9 5=25 9=81…
 * echo: write error: Invalid argument
 * rbt0
 * 254 rbtree
 * $ rmmod rb_device; ls /dev/rbt0
 * ls: cannot access '/dev/rbt0': No such file or directory
 */
