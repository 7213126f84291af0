/*
 * Miscellaneous devices: many drivers share major 10; the minor says which of them an open() is for.
 */
#include <linux/miscdevice.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/export.h>

#define DYNAMIC_MINORS	128	/* minors 0..127 are given out, the highest first */

static LIST_HEAD(misc_list);
static DEFINE_MUTEX(misc_mtx);
static struct class *misc_class;

static struct miscdevice *find_misc(int minor)
{
	struct miscdevice *misc;

	list_for_each_entry(misc, &misc_list, list)
		if (misc->minor == minor)
			return misc;
	return NULL;
}

static int find_free_minor(void)
{
	int minor;

	for (minor = DYNAMIC_MINORS - 1; minor >= 0; minor--)
		if (!find_misc(minor))
			return minor;
	return -EBUSY;
}

/* What a file of a module's device does, and a release() that lets the module go. */
struct misc_fops {
	struct file_operations fops;
	const struct file_operations *driver;
};

static int misc_release(struct inode *inode, struct file *file)
{
	const struct misc_fops *wrapped = container_of(file->f_op, struct misc_fops, fops);
	const struct file_operations *driver = wrapped->driver;
	int ret = 0;

	if (driver->release)
		ret = driver->release(inode, file);
	file->f_op = &def_chr_fops;
	kfree(wrapped);
	module_put(driver->owner);
	return ret;
}

static noinline int misc_open(struct inode *inode, struct file *file)
{
	struct misc_fops *wrapped = NULL;
	struct miscdevice *misc;
	int ret = -ENODEV;

	mutex_lock(&misc_mtx);
	misc = find_misc(iminor(inode));
	if (!misc || !try_module_get(misc->fops->owner))
		goto out;
	file->private_data = misc;
	file->f_op = misc->fops;
	if (misc->fops->owner) {
		ret = -ENOMEM;
		wrapped = kmalloc(sizeof(*wrapped), GFP_KERNEL);
		if (!wrapped)
			goto put;
		wrapped->fops = *misc->fops;
		wrapped->fops.release = misc_release;
		wrapped->driver = misc->fops;
		file->f_op = &wrapped->fops;
	}
	ret = file->f_op->open ? file->f_op->open(inode, file) : 0;
	if (!ret)
		goto out;
put:
	file->f_op = &def_chr_fops;
	kfree(wrapped);
	module_put(misc->fops->owner);
out:
	mutex_unlock(&misc_mtx);
	return ret;
}

/* Makes a device and its node in /dev. misc->minor is MISC_DYNAMIC_MINOR or a number that must be free. */
noinline int misc_register(struct miscdevice *misc)
{
	int error = 0;

	INIT_LIST_HEAD(&misc->list);
	mutex_lock(&misc_mtx);
	if (misc->minor == MISC_DYNAMIC_MINOR) {
		int minor = find_free_minor();

		if (minor < 0)
			error = minor;
		else
			misc->minor = minor;
	} else if (find_misc(misc->minor)) {
		error = -EBUSY;
	}
	if (!error) {
		misc->this_device = device_create(misc_class, misc->parent, MKDEV(MISC_MAJOR, misc->minor), misc,
						  "%s", misc->nodename ? misc->nodename : misc->name);
		error = PTR_ERR_OR_ZERO(misc->this_device);
	}
	if (!error)
		list_add(&misc->list, &misc_list);
	mutex_unlock(&misc_mtx);
	return error;
}
EXPORT_SYMBOL(misc_register);

noinline void misc_deregister(struct miscdevice *misc)
{
	if (list_empty(&misc->list))
		return;
	mutex_lock(&misc_mtx);
	list_del_init(&misc->list);
	device_destroy(misc_class, MKDEV(MISC_MAJOR, misc->minor));
	mutex_unlock(&misc_mtx);
}
EXPORT_SYMBOL(misc_deregister);

static int misc_show(struct seq_file *m, void *v)
{
	struct miscdevice *misc;

	mutex_lock(&misc_mtx);
	list_for_each_entry(misc, &misc_list, list)
		seq_printf(m, "%3i %s\n", misc->minor, misc->name);
	mutex_unlock(&misc_mtx);
	return 0;
}

static const struct file_operations misc_fops = {
	.open = misc_open,
	.llseek = noop_llseek,
};

static int __init misc_init(void)
{
	proc_create_single("misc", 0, NULL, misc_show);
	misc_class = class_create(THIS_MODULE, "misc");
	if (IS_ERR(misc_class))
		return PTR_ERR(misc_class);
	return register_chrdev(MISC_MAJOR, "misc", &misc_fops);
}
subsys_initcall(misc_init);
