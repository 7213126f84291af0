/*
 * Attributes: one value per file below /sys, shown and stored as text of at most a page.
 */
#ifndef _LINUX_SYSFS_H
#define _LINUX_SYSFS_H

#include <linux/types.h>

struct kobject;
struct dentry;

struct attribute {
	const char *name;
	umode_t mode;
};

struct attribute_group {
	const char *name;
	struct attribute **attrs;
};

struct sysfs_ops {
	ssize_t (*show)(struct kobject *, struct attribute *, char *);
	ssize_t (*store)(struct kobject *, struct attribute *, const char *, size_t);
};

#define __ATTR(_name, _mode, _show, _store) {			\
	.attr = { .name = #_name, .mode = (_mode) },		\
	.show = _show,						\
	.store = _store,					\
}
#define __ATTR_RO(_name)	__ATTR(_name, 0444, _name ## _show, NULL)
#define __ATTR_WO(_name)	__ATTR(_name, 0200, NULL, _name ## _store)
#define __ATTR_RW(_name)	__ATTR(_name, 0644, _name ## _show, _name ## _store)

int sysfs_create_dir(struct kobject *kobj);
void sysfs_remove_dir(struct kobject *kobj);
int sysfs_create_file(struct kobject *kobj, const struct attribute *attr);
void sysfs_remove_file(struct kobject *kobj, const struct attribute *attr);
int sysfs_create_group(struct kobject *kobj, const struct attribute_group *group);
void sysfs_remove_group(struct kobject *kobj, const struct attribute_group *group);
int sysfs_emit(char *buf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
