/*
 * Building a tree of directories and files out of dentries, for file systems whose content is made by the kernel:
 * sysfs and debugfs.
 */
#ifndef _FS_SIMPLE_TREE_H
#define _FS_SIMPLE_TREE_H

#include <linux/fs.h>

/* Makes one name below parent. mode carries the type. Returns the dentry, uncounted for the caller, or ERR_PTR(). */
struct dentry *simple_tree_create(struct dentry *parent, const char *name, umode_t mode,
				  const struct file_operations *fops, void *private);
struct dentry *simple_tree_symlink(struct dentry *parent, const char *name, const char *target);
struct dentry *simple_tree_lookup(struct dentry *parent, const char *name);
/* Removes a name and everything below it. */
void simple_tree_remove(struct dentry *dentry);
/* fill_super() for an empty tree: a root directory. */
int simple_tree_fill_super(struct super_block *sb, unsigned long magic, umode_t mode);

#endif
