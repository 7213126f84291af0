/*
 * Character devices: which driver owns which device number, and the open() that hands a file over to its driver.
 */
#include <linux/fs.h>
#include <linux/cdev.h>
#include <linux/kdev_t.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/seq_file.h>
#include <linux/proc_fs.h>
#include <linux/init.h>
#include <linux/export.h>

#define DYNAMIC_MAJOR_FIRST	234	/* dynamic majors are given out downwards from here */
#define DYNAMIC_MAJOR_LAST	511

/* A range of numbers that a driver has reserved. */
struct char_device_struct {
	struct list_head list;
	unsigned int major;
	unsigned int baseminor;
	unsigned int minorct;
	char name[64];
	struct cdev *cdev;	/* made by __register_chrdev() */
};

static LIST_HEAD(chrdevs);
static LIST_HEAD(cdev_map);
static DEFINE_MUTEX(chrdevs_lock);

static bool major_in_use(unsigned int major)
{
	struct char_device_struct *cd;

	list_for_each_entry(cd, &chrdevs, list)
		if (cd->major == major)
			return true;
	return false;
}

static int find_dynamic_major(void)
{
	int major;

	for (major = 254; major >= DYNAMIC_MAJOR_FIRST; major--)
		if (!major_in_use(major))
			return major;
	for (major = DYNAMIC_MAJOR_LAST; major >= 384; major--)
		if (!major_in_use(major))
			return major;
	return -EBUSY;
}

/* Reserves minors baseminor.. of a major (0: any free one). Returns -EBUSY if somebody else has some of them. */
static noinline struct char_device_struct *__register_chrdev_region(unsigned int major, unsigned int baseminor,
								    int minorct, const char *name)
{
	struct char_device_struct *cd, *other;
	int error = 0;

	if (minorct <= 0 || baseminor + minorct > MINORMASK + 1)
		return ERR_PTR(-EINVAL);
	cd = kzalloc(sizeof(*cd), GFP_KERNEL);
	if (!cd)
		return ERR_PTR(-ENOMEM);
	mutex_lock(&chrdevs_lock);
	if (major == 0) {
		error = find_dynamic_major();
		if (error > 0) {
			major = error;
			error = 0;
		}
	}
	list_for_each_entry(other, &chrdevs, list)
		if (other->major == major && baseminor < other->baseminor + other->minorct &&
		    other->baseminor < baseminor + minorct)
			error = -EBUSY;
	if (!error) {
		cd->major = major;
		cd->baseminor = baseminor;
		cd->minorct = minorct;
		strscpy(cd->name, name, sizeof(cd->name));
		list_add_tail(&cd->list, &chrdevs);
	}
	mutex_unlock(&chrdevs_lock);
	if (error) {
		kfree(cd);
		return ERR_PTR(error);
	}
	return cd;
}

static struct char_device_struct *__unregister_chrdev_region(unsigned int major, unsigned int baseminor, int minorct)
{
	struct char_device_struct *cd;

	mutex_lock(&chrdevs_lock);
	list_for_each_entry(cd, &chrdevs, list) {
		if (cd->major == major && cd->baseminor == baseminor && cd->minorct == (unsigned int)minorct) {
			list_del(&cd->list);
			mutex_unlock(&chrdevs_lock);
			return cd;
		}
	}
	mutex_unlock(&chrdevs_lock);
	return NULL;
}

noinline int alloc_chrdev_region(dev_t *dev, unsigned int baseminor, unsigned int count, const char *name)
{
	struct char_device_struct *cd = __register_chrdev_region(0, baseminor, count, name);

	if (IS_ERR(cd))
		return PTR_ERR(cd);
	*dev = MKDEV(cd->major, cd->baseminor);
	return 0;
}
EXPORT_SYMBOL(alloc_chrdev_region);

int register_chrdev_region(dev_t from, unsigned int count, const char *name)
{
	return PTR_ERR_OR_ZERO(__register_chrdev_region(MAJOR(from), MINOR(from), count, name));
}
EXPORT_SYMBOL(register_chrdev_region);

void unregister_chrdev_region(dev_t from, unsigned int count)
{
	kfree(__unregister_chrdev_region(MAJOR(from), MINOR(from), count));
}
EXPORT_SYMBOL(unregister_chrdev_region);

int __register_chrdev(unsigned int major, unsigned int baseminor, unsigned int count, const char *name,
		      const struct file_operations *fops)
{
	struct char_device_struct *cd = __register_chrdev_region(major, baseminor, count, name);
	struct cdev *cdev;

	if (IS_ERR(cd))
		return PTR_ERR(cd);
	cdev = cdev_alloc();
	if (!cdev) {
		kfree(__unregister_chrdev_region(cd->major, baseminor, count));
		return -ENOMEM;
	}
	cdev->owner = fops->owner;
	cdev->ops = fops;
	cdev_add(cdev, MKDEV(cd->major, baseminor), count);
	cd->cdev = cdev;
	return major ? 0 : cd->major;
}
EXPORT_SYMBOL(__register_chrdev);

void __unregister_chrdev(unsigned int major, unsigned int baseminor, unsigned int count, const char *name)
{
	struct char_device_struct *cd = __unregister_chrdev_region(major, baseminor, count);

	if (cd && cd->cdev)
		cdev_del(cd->cdev);
	kfree(cd);
}
EXPORT_SYMBOL(__unregister_chrdev);

void cdev_init(struct cdev *cdev, const struct file_operations *fops)
{
	memset(cdev, 0, sizeof(*cdev));
	INIT_LIST_HEAD(&cdev->list);
	cdev->ops = fops;
}
EXPORT_SYMBOL(cdev_init);

struct cdev *cdev_alloc(void)
{
	struct cdev *cdev = kzalloc(sizeof(*cdev), GFP_KERNEL);

	if (cdev) {
		INIT_LIST_HEAD(&cdev->list);
		cdev->allocated = true;
	}
	return cdev;
}
EXPORT_SYMBOL(cdev_alloc);

/* From now on opens of these numbers reach the driver. */
noinline int cdev_add(struct cdev *cdev, dev_t dev, unsigned int count)
{
	cdev->dev = dev;
	cdev->count = count;
	mutex_lock(&chrdevs_lock);
	list_add(&cdev->list, &cdev_map);
	mutex_unlock(&chrdevs_lock);
	return 0;
}
EXPORT_SYMBOL(cdev_add);

noinline void cdev_del(struct cdev *cdev)
{
	mutex_lock(&chrdevs_lock);
	list_del_init(&cdev->list);
	mutex_unlock(&chrdevs_lock);
	if (cdev->allocated)
		kfree(cdev);
}
EXPORT_SYMBOL(cdev_del);

void cd_forget(struct inode *inode)
{
	inode->i_cdev = NULL;
}

static struct cdev *cdev_lookup(dev_t dev)
{
	struct cdev *cdev, *found = NULL;

	mutex_lock(&chrdevs_lock);
	list_for_each_entry(cdev, &cdev_map, list) {
		if (dev >= cdev->dev && dev < cdev->dev + cdev->count) {
			/* A module that is leaving takes no new users. */
			if (try_module_get(cdev->owner))
				found = cdev;
			break;
		}
	}
	mutex_unlock(&chrdevs_lock);
	return found;
}

static int chrdev_release(struct inode *inode, struct file *filp);

/* The driver's operations, plus a release() that lets go of its module. */
struct chrdev_fops {
	struct file_operations fops;
	const struct file_operations *driver;
	struct module *owner;
};

/* The first open() of a device node: finds the driver and leaves the file to it. */
static noinline int chrdev_open(struct inode *inode, struct file *filp)
{
	struct cdev *cdev = cdev_lookup(inode->i_rdev);
	struct chrdev_fops *wrapped;
	int ret = 0;

	if (!cdev)
		return -ENXIO;
	inode->i_cdev = cdev;
	if (!cdev->owner) {
		filp->f_op = cdev->ops;
	} else {
		wrapped = kmalloc(sizeof(*wrapped), GFP_KERNEL);
		if (!wrapped) {
			module_put(cdev->owner);
			return -ENOMEM;
		}
		wrapped->fops = *cdev->ops;
		wrapped->fops.release = chrdev_release;
		wrapped->driver = cdev->ops;
		wrapped->owner = cdev->owner;
		filp->f_op = &wrapped->fops;
	}
	if (filp->f_op->open)
		ret = filp->f_op->open(inode, filp);
	if (ret && cdev->owner) {
		kfree((void *)filp->f_op);
		filp->f_op = &def_chr_fops;
		module_put(cdev->owner);
	}
	return ret;
}

static int chrdev_release(struct inode *inode, struct file *filp)
{
	const struct chrdev_fops *wrapped = container_of(filp->f_op, struct chrdev_fops, fops);
	struct module *owner = wrapped->owner;
	int ret = 0;

	if (wrapped->driver->release)
		ret = wrapped->driver->release(inode, filp);
	filp->f_op = &def_chr_fops;
	kfree(wrapped);
	module_put(owner);
	return ret;
}

const struct file_operations def_chr_fops = {
	.open = chrdev_open,
	.llseek = noop_llseek,
};

static int devices_show(struct seq_file *m, void *v)
{
	struct char_device_struct *cd;

	seq_puts(m, "Character devices:\n");
	mutex_lock(&chrdevs_lock);
	list_for_each_entry(cd, &chrdevs, list)
		seq_printf(m, "%3d %s\n", cd->major, cd->name);
	mutex_unlock(&chrdevs_lock);
	return 0;
}

static int __init proc_devices_init(void)
{
	proc_create_single("devices", 0, NULL, devices_show);
	return 0;
}
fs_initcall(proc_devices_init);
