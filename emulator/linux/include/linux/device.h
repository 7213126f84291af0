/*
 * Classes and devices, as far as a driver uses them to make its node in /dev appear.
 */
#ifndef _LINUX_DEVICE_H
#define _LINUX_DEVICE_H

#include <linux/types.h>
#include <linux/list.h>
#include <linux/kdev_t.h>
#include <linux/kobject.h>
#include <linux/module.h>

struct device;

struct class {
	const char *name;
	struct module *owner;
	struct kobject kobj;
	struct list_head devices;
	char *(*devnode)(struct device *dev, umode_t *mode);
};

struct device {
	struct kobject kobj;
	struct device *parent;
	struct class *class;
	dev_t devt;
	void *driver_data;
	struct list_head class_node;
	char *devnode;		/* its name in /dev */
};

struct device_attribute {
	struct attribute attr;
	ssize_t (*show)(struct device *dev, struct device_attribute *attr, char *buf);
	ssize_t (*store)(struct device *dev, struct device_attribute *attr, const char *buf, size_t count);
};

#define DEVICE_ATTR(_name, _mode, _show, _store) \
	struct device_attribute dev_attr_ ## _name = __ATTR(_name, _mode, _show, _store)
#define DEVICE_ATTR_RO(_name)	struct device_attribute dev_attr_ ## _name = __ATTR_RO(_name)
#define DEVICE_ATTR_RW(_name)	struct device_attribute dev_attr_ ## _name = __ATTR_RW(_name)

struct class *__class_create(struct module *owner, const char *name);
void class_destroy(struct class *cls);
struct device *device_create(struct class *cls, struct device *parent, dev_t devt, void *drvdata,
			     const char *fmt, ...);
void device_destroy(struct class *cls, dev_t devt);
int device_create_file(struct device *device, const struct device_attribute *attr);
void device_remove_file(struct device *dev, const struct device_attribute *attr);
int devtmpfs_create_node(const char *name, umode_t mode, dev_t dev);
int devtmpfs_delete_node(const char *name);

/* Linux 6.4 dropped the module argument: both forms work. */
#define __class_create_1(name)		__class_create(THIS_MODULE, name)
#define __class_create_2(owner, name)	__class_create(owner, name)
#define __class_create_pick(_1, _2, pick, ...)	pick
#define class_create(...) __class_create_pick(__VA_ARGS__, __class_create_2, __class_create_1, )(__VA_ARGS__)

static inline const char *dev_name(const struct device *dev)
{
	return kobject_name(&dev->kobj);
}

static inline void *dev_get_drvdata(const struct device *dev)
{
	return dev->driver_data;
}

static inline void dev_set_drvdata(struct device *dev, void *data)
{
	dev->driver_data = data;
}

#endif
