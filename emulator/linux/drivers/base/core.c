/*
 * Classes and devices: a directory in /sys for each, and the device's node in /dev.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/namei.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/export.h>

static struct kobject *class_kobj;
static DEFINE_MUTEX(class_mutex);

/* Makes name below /dev, directories included. The mode carries the type. */
noinline int devtmpfs_create_node(const char *name, umode_t mode, dev_t dev)
{
	char path_name[128];
	struct dentry *dentry;
	struct path path;
	char *slash;
	int error;

	snprintf(path_name, sizeof(path_name), "/dev/%s", name);
	for (slash = path_name; slash; slash = strchr(slash + 1, '/')) {
		if (slash == path_name)
			continue;
		*slash = '\0';
		dentry = kern_path_create(AT_FDCWD, path_name, &path, LOOKUP_DIRECTORY);
		if (!IS_ERR(dentry)) {
			vfs_mkdir(&init_user_ns, d_inode(path.dentry), dentry, 0755);
			done_path_create(&path, dentry);
		}
		*slash = '/';
	}
	dentry = kern_path_create(AT_FDCWD, path_name, &path, 0);
	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	error = vfs_mknod(&init_user_ns, d_inode(path.dentry), dentry, mode, dev);
	done_path_create(&path, dentry);
	return error;
}

int devtmpfs_delete_node(const char *name)
{
	char path_name[128];
	struct filename *filename;

	snprintf(path_name, sizeof(path_name), "/dev/%s", name);
	filename = getname_kernel(path_name);
	return IS_ERR(filename) ? PTR_ERR(filename) : do_unlinkat(AT_FDCWD, filename);
}

struct class *__class_create(struct module *owner, const char *name)
{
	struct class *cls = kzalloc(sizeof(*cls), GFP_KERNEL);
	int error;

	if (!cls)
		return ERR_PTR(-ENOMEM);
	cls->name = name;
	cls->owner = owner;
	INIT_LIST_HEAD(&cls->devices);
	error = kobject_init_and_add(&cls->kobj, NULL, class_kobj, "%s", name);
	if (error) {
		kobject_put(&cls->kobj);
		kfree(cls);
		return ERR_PTR(error);
	}
	return cls;
}
EXPORT_SYMBOL(__class_create);

void class_destroy(struct class *cls)
{
	if (IS_ERR_OR_NULL(cls))
		return;
	kobject_del(&cls->kobj);
	kobject_put(&cls->kobj);
	kfree(cls);
}
EXPORT_SYMBOL(class_destroy);

static ssize_t dev_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sprintf(buf, "%u:%u\n", MAJOR(dev->devt), MINOR(dev->devt));
}
static DEVICE_ATTR_RO(dev);

static ssize_t dev_attr_show(struct kobject *kobj, struct attribute *attr, char *buf)
{
	struct device_attribute *dattr = container_of(attr, struct device_attribute, attr);

	return dattr->show ? dattr->show(container_of(kobj, struct device, kobj), dattr, buf) : -EIO;
}

static ssize_t dev_attr_store(struct kobject *kobj, struct attribute *attr, const char *buf, size_t count)
{
	struct device_attribute *dattr = container_of(attr, struct device_attribute, attr);

	return dattr->store ? dattr->store(container_of(kobj, struct device, kobj), dattr, buf, count) : -EIO;
}

static const struct sysfs_ops dev_sysfs_ops = {
	.show = dev_attr_show,
	.store = dev_attr_store,
};

static const struct kobj_type device_ktype = {
	.sysfs_ops = &dev_sysfs_ops,
};

/* Makes a device of a class and its node in /dev, named by fmt. Returns ERR_PTR() on failure. */
noinline struct device *device_create(struct class *cls, struct device *parent, dev_t devt, void *drvdata,
				      const char *fmt, ...)
{
	struct device *dev;
	umode_t mode = 0600;
	char name[64];
	va_list args;
	int error;

	if (IS_ERR_OR_NULL(cls))
		return ERR_PTR(-ENODEV);
	dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	if (!dev)
		return ERR_PTR(-ENOMEM);
	va_start(args, fmt);
	vsnprintf(name, sizeof(name), fmt, args);
	va_end(args);
	dev->class = cls;
	dev->parent = parent;
	dev->devt = devt;
	dev->driver_data = drvdata;
	error = kobject_init_and_add(&dev->kobj, &device_ktype, &cls->kobj, "%s", name);
	if (error)
		goto free;
	device_create_file(dev, &dev_attr_dev);
	if (cls->devnode)
		dev->devnode = cls->devnode(dev, &mode);
	if (!dev->devnode)
		dev->devnode = kstrdup(name, GFP_KERNEL);
	error = -ENOMEM;
	if (dev->devnode && MAJOR(devt))
		error = devtmpfs_create_node(dev->devnode, S_IFCHR | (mode ? mode : 0600), devt);
	else if (dev->devnode)
		error = 0;
	if (error)
		goto del;
	mutex_lock(&class_mutex);
	list_add_tail(&dev->class_node, &cls->devices);
	mutex_unlock(&class_mutex);
	return dev;
del:
	kobject_del(&dev->kobj);
free:
	kobject_put(&dev->kobj);
	kfree(dev->devnode);
	kfree(dev);
	return ERR_PTR(error);
}
EXPORT_SYMBOL(device_create);

noinline void device_destroy(struct class *cls, dev_t devt)
{
	struct device *dev, *found = NULL;

	if (IS_ERR_OR_NULL(cls))
		return;
	mutex_lock(&class_mutex);
	list_for_each_entry(dev, &cls->devices, class_node)
		if (dev->devt == devt)
			found = dev;
	if (found)
		list_del(&found->class_node);
	mutex_unlock(&class_mutex);
	if (!found)
		return;
	if (MAJOR(devt))
		devtmpfs_delete_node(found->devnode);
	kobject_del(&found->kobj);
	kobject_put(&found->kobj);
	kfree(found->devnode);
	kfree(found);
}
EXPORT_SYMBOL(device_destroy);

int device_create_file(struct device *dev, const struct device_attribute *attr)
{
	return sysfs_create_file(&dev->kobj, &attr->attr);
}
EXPORT_SYMBOL(device_create_file);

void device_remove_file(struct device *dev, const struct device_attribute *attr)
{
	sysfs_remove_file(&dev->kobj, &attr->attr);
}
EXPORT_SYMBOL(device_remove_file);

static int __init classes_init(void)
{
	class_kobj = kobject_create_and_add("class", NULL);
	return class_kobj ? 0 : -ENOMEM;
}
postcore_initcall(classes_init);
