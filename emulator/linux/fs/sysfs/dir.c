/*
 * sysfs: a directory for each kernel object and a file for each of its attributes.
 */
#include <linux/sysfs.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/statfs.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/export.h>
#include "../simple_tree.h"

/* Behind an attribute's file: found through the inode's i_private, freed when the file's name goes. */
struct sysfs_file {
	struct kobject *kobj;
	const struct attribute *attr;
};

static int sysfs_fill_super(struct super_block *sb, void *data, int silent)
{
	return simple_tree_fill_super(sb, SYSFS_MAGIC, 0755);
}

static struct dentry *sysfs_mount(struct file_system_type *type, int flags, const char *dev_name, void *data)
{
	return mount_single(type, flags, data, sysfs_fill_super);
}

static struct file_system_type sysfs_fs_type = {
	.name = "sysfs",
	.mount = sysfs_mount,
	.kill_sb = kill_litter_super,
	.fs_flags = FS_USERNS_MOUNT,
};

static struct dentry *sysfs_root(void)
{
	static struct vfsmount *sysfs_mnt;

	if (!sysfs_mnt) {
		struct vfsmount *mnt;

		register_filesystem(&sysfs_fs_type);
		mnt = kern_mount(&sysfs_fs_type);
		if (IS_ERR(mnt))
			return ERR_CAST(mnt);
		sysfs_mnt = mnt;
	}
	return sysfs_mnt->mnt_root;
}

int sysfs_create_dir(struct kobject *kobj)
{
	struct dentry *parent = kobj->parent ? kobj->parent->sd : sysfs_root();
	struct dentry *dentry;

	if (IS_ERR_OR_NULL(parent))
		return -ENOENT;
	dentry = simple_tree_create(parent, kobj->name, S_IFDIR | 0755, NULL, NULL);
	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	kobj->sd = dentry;
	return 0;
}

static void free_files(struct dentry *dir)
{
	struct dentry *child;

	spin_lock(&dcache_lock);
	list_for_each_entry(child, &dir->d_subdirs, d_child) {
		if (child->d_inode && S_ISREG(child->d_inode->i_mode)) {
			kfree(child->d_inode->i_private);
			child->d_inode->i_private = NULL;
		}
	}
	spin_unlock(&dcache_lock);
}

void sysfs_remove_dir(struct kobject *kobj)
{
	if (!kobj->sd)
		return;
	free_files(kobj->sd);
	simple_tree_remove(kobj->sd);
	kobj->sd = NULL;
}

static ssize_t sysfs_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	const struct sysfs_file *sf = file_inode(file)->i_private;
	const struct sysfs_ops *ops;
	ssize_t length;
	char *page;

	if (!sf)
		return -ENODEV;
	ops = sf->kobj->ktype->sysfs_ops;
	if (!ops->show)
		return -EIO;
	page = kzalloc(PAGE_SIZE, GFP_KERNEL);
	if (!page)
		return -ENOMEM;
	length = ops->show(sf->kobj, (struct attribute *)sf->attr, page);
	if (length >= 0)
		length = simple_read_from_buffer(buf, count, ppos, page, length);
	kfree(page);
	return length;
}

static ssize_t sysfs_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	const struct sysfs_file *sf = file_inode(file)->i_private;
	const struct sysfs_ops *ops;
	ssize_t result;
	char *page;

	if (!sf)
		return -ENODEV;
	ops = sf->kobj->ktype->sysfs_ops;
	if (!ops->store)
		return -EIO;
	if (count >= PAGE_SIZE)
		count = PAGE_SIZE - 1;
	page = memdup_user_nul(buf, count);
	if (IS_ERR(page))
		return PTR_ERR(page);
	result = ops->store(sf->kobj, (struct attribute *)sf->attr, page, count);
	kfree(page);
	return result;
}

/* What an attribute's mode does not allow, nobody may: here root's rights do not count. */
static int sysfs_open(struct inode *inode, struct file *file)
{
	if ((file->f_mode & FMODE_WRITE) && !(inode->i_mode & S_IWUGO))
		return -EACCES;
	if ((file->f_mode & FMODE_READ) && !(inode->i_mode & S_IRUGO))
		return -EACCES;
	return 0;
}

static const struct file_operations sysfs_file_operations = {
	.open = sysfs_open,
	.read = sysfs_read,
	.write = sysfs_write,
	.llseek = generic_file_llseek,
};

int sysfs_create_file(struct kobject *kobj, const struct attribute *attr)
{
	struct sysfs_file *sf;
	struct dentry *dentry;

	if (!kobj || !kobj->sd || !attr)
		return -EINVAL;
	sf = kmalloc(sizeof(*sf), GFP_KERNEL);
	if (!sf)
		return -ENOMEM;
	sf->kobj = kobj;
	sf->attr = attr;
	dentry = simple_tree_create(kobj->sd, attr->name, S_IFREG | (attr->mode & 0777), &sysfs_file_operations, sf);
	if (IS_ERR(dentry)) {
		kfree(sf);
		return PTR_ERR(dentry);
	}
	d_inode(dentry)->i_size = PAGE_SIZE;
	return 0;
}
EXPORT_SYMBOL(sysfs_create_file);

void sysfs_remove_file(struct kobject *kobj, const struct attribute *attr)
{
	struct dentry *dentry = kobj->sd ? simple_tree_lookup(kobj->sd, attr->name) : NULL;

	if (IS_ERR_OR_NULL(dentry))
		return;
	kfree(d_inode(dentry)->i_private);
	d_inode(dentry)->i_private = NULL;
	simple_tree_remove(dentry);
	dput(dentry);
}
EXPORT_SYMBOL(sysfs_remove_file);

int sysfs_create_group(struct kobject *kobj, const struct attribute_group *group)
{
	struct attribute **attr;
	int error = 0;

	for (attr = group->attrs; *attr && !error; attr++)
		error = sysfs_create_file(kobj, *attr);
	return error;
}
EXPORT_SYMBOL(sysfs_create_group);

void sysfs_remove_group(struct kobject *kobj, const struct attribute_group *group)
{
	struct attribute **attr;

	for (attr = group->attrs; *attr; attr++)
		sysfs_remove_file(kobj, *attr);
}
EXPORT_SYMBOL(sysfs_remove_group);

int sysfs_emit(char *buf, const char *fmt, ...)
{
	va_list args;
	int length;

	va_start(args, fmt);
	length = vscnprintf(buf, PAGE_SIZE, fmt, args);
	va_end(args);
	return length;
}
EXPORT_SYMBOL(sysfs_emit);
