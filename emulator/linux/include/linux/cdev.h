/*
 * Character devices: a range of device numbers and the file operations behind it.
 */
#ifndef _LINUX_CDEV_H
#define _LINUX_CDEV_H

#include <linux/types.h>
#include <linux/kdev_t.h>
#include <linux/list.h>
#include <linux/kobject.h>

struct file_operations;
struct inode;
struct module;

struct cdev {
	struct kobject kobj;
	struct module *owner;
	const struct file_operations *ops;
	struct list_head list;		/* in the table of all cdevs */
	dev_t dev;
	unsigned int count;
	bool allocated;			/* by cdev_alloc(): freed by cdev_del() */
};

void cdev_init(struct cdev *cdev, const struct file_operations *fops);
struct cdev *cdev_alloc(void);
int cdev_add(struct cdev *cdev, dev_t dev, unsigned int count);
void cdev_del(struct cdev *cdev);
void cd_forget(struct inode *inode);

#endif
