/*
 * Kernel objects: reference counted, named, and visible as directories in sysfs.
 */
#include <linux/kobject.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/export.h>

struct kobject *kernel_kobj;
EXPORT_SYMBOL(kernel_kobj);

static ssize_t kobj_attr_show(struct kobject *kobj, struct attribute *attr, char *buf)
{
	struct kobj_attribute *kattr = container_of(attr, struct kobj_attribute, attr);

	return kattr->show ? kattr->show(kobj, kattr, buf) : -EIO;
}

static ssize_t kobj_attr_store(struct kobject *kobj, struct attribute *attr, const char *buf, size_t count)
{
	struct kobj_attribute *kattr = container_of(attr, struct kobj_attribute, attr);

	return kattr->store ? kattr->store(kobj, kattr, buf, count) : -EIO;
}

static const struct sysfs_ops kobj_sysfs_ops = {
	.show = kobj_attr_show,
	.store = kobj_attr_store,
};

static void dynamic_kobj_release(struct kobject *kobj)
{
	kfree(kobj);
}

/* Of objects made by kobject_create_and_add(). */
static const struct kobj_type dynamic_kobj_ktype = {
	.release = dynamic_kobj_release,
	.sysfs_ops = &kobj_sysfs_ops,
};

/* Of objects that say nothing about themselves: their owner frees them. */
static const struct kobj_type plain_ktype = {
	.sysfs_ops = &kobj_sysfs_ops,
};

void kobject_init(struct kobject *kobj, const struct kobj_type *ktype)
{
	kref_init(&kobj->kref);
	INIT_LIST_HEAD(&kobj->entry);
	kobj->ktype = ktype ? ktype : &plain_ktype;
	kobj->state_in_sysfs = 0;
}
EXPORT_SYMBOL(kobject_init);

static int set_name(struct kobject *kobj, const char *fmt, va_list args)
{
	char name[64];
	char *copy;

	vsnprintf(name, sizeof(name), fmt, args);
	copy = kstrdup(name, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	if (kobj->name_allocated)
		kfree(kobj->name);
	kobj->name = copy;
	kobj->name_allocated = 1;
	return 0;
}

int kobject_set_name(struct kobject *kobj, const char *fmt, ...)
{
	va_list args;
	int error;

	va_start(args, fmt);
	error = set_name(kobj, fmt, args);
	va_end(args);
	return error;
}
EXPORT_SYMBOL(kobject_set_name);

static int add(struct kobject *kobj, struct kobject *parent)
{
	int error;

	kobj->parent = kobject_get(parent);
	error = sysfs_create_dir(kobj);
	if (error) {
		kobject_put(parent);
		kobj->parent = NULL;
		return error;
	}
	kobj->state_in_sysfs = 1;
	return 0;
}

int kobject_add(struct kobject *kobj, struct kobject *parent, const char *fmt, ...)
{
	va_list args;
	int error;

	va_start(args, fmt);
	error = set_name(kobj, fmt, args);
	va_end(args);
	return error ? error : add(kobj, parent);
}
EXPORT_SYMBOL(kobject_add);

int kobject_init_and_add(struct kobject *kobj, const struct kobj_type *ktype, struct kobject *parent,
			 const char *fmt, ...)
{
	va_list args;
	int error;

	kobject_init(kobj, ktype);
	va_start(args, fmt);
	error = set_name(kobj, fmt, args);
	va_end(args);
	return error ? error : add(kobj, parent);
}
EXPORT_SYMBOL(kobject_init_and_add);

struct kobject *kobject_create_and_add(const char *name, struct kobject *parent)
{
	struct kobject *kobj = kzalloc(sizeof(*kobj), GFP_KERNEL);

	if (!kobj)
		return NULL;
	if (kobject_init_and_add(kobj, &dynamic_kobj_ktype, parent, "%s", name)) {
		kobject_put(kobj);
		return NULL;
	}
	return kobj;
}
EXPORT_SYMBOL(kobject_create_and_add);

struct kobject *kobject_get(struct kobject *kobj)
{
	if (kobj)
		kref_get(&kobj->kref);
	return kobj;
}
EXPORT_SYMBOL(kobject_get);

void kobject_del(struct kobject *kobj)
{
	struct kobject *parent;

	if (!kobj || !kobj->state_in_sysfs)
		return;
	sysfs_remove_dir(kobj);
	kobj->state_in_sysfs = 0;
	parent = kobj->parent;
	kobj->parent = NULL;
	kobject_put(parent);
}
EXPORT_SYMBOL(kobject_del);

static void kobject_release(struct kref *kref)
{
	struct kobject *kobj = container_of(kref, struct kobject, kref);
	const char *name = kobj->name_allocated ? kobj->name : NULL;

	kobject_del(kobj);
	if (kobj->ktype->release)
		kobj->ktype->release(kobj);
	kfree(name);
}

void kobject_put(struct kobject *kobj)
{
	if (kobj)
		kref_put(&kobj->kref, kobject_release);
}
EXPORT_SYMBOL(kobject_put);

static int __init kernel_kobject_init(void)
{
	kernel_kobj = kobject_create_and_add("kernel", NULL);
	return kernel_kobj ? 0 : -ENOMEM;
}
core_initcall(kernel_kobject_init);
