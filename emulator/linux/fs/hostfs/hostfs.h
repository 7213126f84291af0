/*
 * Files whose content the machine's host makes: an open one holds a handle that the host gave out.
 */
#ifndef _FS_HOSTFS_H
#define _FS_HOSTFS_H

#include <linux/fs.h>

/* For files of other file systems that the host serves too, such as /proc/kallsyms: path is the host's name for it. */
int hostfs_open_path(struct file *file, const char *path);
ssize_t hostfs_read(struct file *file, char __user *buf, size_t count, loff_t *ppos);
ssize_t hostfs_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos);
int hostfs_release(struct inode *inode, struct file *file);

#endif
