/*
 * Trees of dentries that the kernel makes and removes itself. Every name counts itself while it exists.
 */
#include <linux/fs.h>
#include <linux/namei.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "simple_tree.h"

static const struct inode_operations simple_file_inode_operations = {
	.setattr = simple_setattr,
};

static void simple_evict_inode(struct inode *inode)
{
	if (S_ISLNK(inode->i_mode))
		kfree(inode->i_link);
}

static const struct super_operations simple_tree_ops = {
	.statfs = simple_statfs,
	.evict_inode = simple_evict_inode,
};

static struct inode *make_inode(struct super_block *sb, umode_t mode, const struct file_operations *fops,
				void *private)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_ino = get_next_ino();
	inode->i_mode = mode;
	inode->i_private = private;
	inode->i_atime = inode->i_mtime = inode->i_ctime = current_time(inode);
	if (S_ISDIR(mode)) {
		inode->i_op = &simple_dir_inode_operations;
		inode->i_fop = &simple_dir_operations;
		inc_nlink(inode);
	} else if (S_ISLNK(mode)) {
		inode->i_op = &simple_symlink_inode_operations;
	} else {
		inode->i_op = &simple_file_inode_operations;
		inode->i_fop = fops;
	}
	return inode;
}

struct dentry *simple_tree_create(struct dentry *parent, const char *name, umode_t mode,
				  const struct file_operations *fops, void *private)
{
	struct inode *dir = d_inode(parent);
	struct dentry *dentry;
	struct inode *inode;

	inode_lock(dir);
	dentry = lookup_one_len(name, parent, strlen(name));
	if (IS_ERR(dentry))
		goto out;
	if (dentry->d_inode) {
		dput(dentry);
		dentry = ERR_PTR(-EEXIST);
		goto out;
	}
	inode = make_inode(parent->d_sb, mode, fops, private);
	if (!inode) {
		dput(dentry);
		dentry = ERR_PTR(-ENOMEM);
		goto out;
	}
	d_instantiate(dentry, inode);	/* lookup's count is the name's own now */
	if (S_ISDIR(mode))
		inc_nlink(dir);
out:
	inode_unlock(dir);
	return dentry;
}

struct dentry *simple_tree_symlink(struct dentry *parent, const char *name, const char *target)
{
	char *copy = kstrdup(target, GFP_KERNEL);
	struct dentry *dentry;

	if (!copy)
		return ERR_PTR(-ENOMEM);
	dentry = simple_tree_create(parent, name, S_IFLNK | S_IRWXUGO, NULL, NULL);
	if (IS_ERR(dentry)) {
		kfree(copy);
		return dentry;
	}
	d_inode(dentry)->i_link = copy;
	d_inode(dentry)->i_size = strlen(copy);
	return dentry;
}

struct dentry *simple_tree_lookup(struct dentry *parent, const char *name)
{
	struct dentry *dentry;

	inode_lock(d_inode(parent));
	dentry = lookup_one_len(name, parent, strlen(name));
	inode_unlock(d_inode(parent));
	if (!IS_ERR(dentry) && !dentry->d_inode) {
		dput(dentry);
		dentry = NULL;
	}
	return dentry;
}

/* A child that is there, counted, or NULL. */
static struct dentry *first_child(struct dentry *dentry)
{
	struct dentry *child;

	spin_lock(&dcache_lock);
	list_for_each_entry(child, &dentry->d_subdirs, d_child) {
		if (child->d_inode && !d_unhashed(child)) {
			child->d_lockref.count++;
			spin_unlock(&dcache_lock);
			return child;
		}
	}
	spin_unlock(&dcache_lock);
	return NULL;
}

void simple_tree_remove(struct dentry *dentry)
{
	struct dentry *child, *parent;

	while ((child = first_child(dentry)) != NULL) {
		simple_tree_remove(child);
		dput(child);
	}
	parent = dget_parent(dentry);
	inode_lock(d_inode(parent));
	if (!d_unhashed(dentry)) {
		d_drop(dentry);
		if (S_ISDIR(d_inode(dentry)->i_mode)) {
			clear_nlink(d_inode(dentry));
			drop_nlink(d_inode(parent));
		} else {
			drop_nlink(d_inode(dentry));
		}
		dput(dentry);	/* the name's own count */
	}
	inode_unlock(d_inode(parent));
	dput(parent);
}

int simple_tree_fill_super(struct super_block *sb, unsigned long magic, umode_t mode)
{
	sb->s_magic = magic;
	sb->s_op = &simple_tree_ops;
	sb->s_root = d_make_root(make_inode(sb, S_IFDIR | mode, NULL, NULL));
	return sb->s_root ? 0 : -ENOMEM;
}
