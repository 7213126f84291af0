/*
 * debugfs: directories and files that parts of the kernel and modules make for whoever looks into them.
 */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/mount.h>
#include <linux/statfs.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/export.h>
#include "../simple_tree.h"

static int debugfs_fill_super(struct super_block *sb, void *data, int silent)
{
	return simple_tree_fill_super(sb, DEBUGFS_MAGIC, 0700);
}

static struct dentry *debugfs_mount(struct file_system_type *type, int flags, const char *dev_name, void *data)
{
	return mount_single(type, flags, data, debugfs_fill_super);
}

static struct file_system_type debug_fs_type = {
	.name = "debugfs",
	.mount = debugfs_mount,
	.kill_sb = kill_litter_super,
};

/* The root, mounted inside the kernel from the first use on so that files can be made before anybody mounts it. */
static struct dentry *debugfs_root(void)
{
	static struct vfsmount *debugfs_mnt;

	if (!debugfs_mnt) {
		struct vfsmount *mnt;

		register_filesystem(&debug_fs_type);
		mnt = kern_mount(&debug_fs_type);
		if (IS_ERR(mnt))
			return ERR_CAST(mnt);
		debugfs_mnt = mnt;
	}
	return debugfs_mnt->mnt_root;
}

/*
 * Makes a file. Callers may ignore the result: a failed directory given as parent of other files fails those too.
 * data is found in the inode's i_private.
 */
noinline struct dentry *debugfs_create_file(const char *name, umode_t mode, struct dentry *parent, void *data,
					    const struct file_operations *fops)
{
	if (!parent)
		parent = debugfs_root();
	if (IS_ERR(parent))
		return parent;
	if (!(mode & S_IFMT))
		mode |= S_IFREG;
	return simple_tree_create(parent, name, mode, fops, data);
}
EXPORT_SYMBOL(debugfs_create_file);

noinline struct dentry *debugfs_create_dir(const char *name, struct dentry *parent)
{
	if (!parent)
		parent = debugfs_root();
	return IS_ERR(parent) ? parent : simple_tree_create(parent, name, S_IFDIR | 0755, NULL, NULL);
}
EXPORT_SYMBOL(debugfs_create_dir);

struct dentry *debugfs_create_symlink(const char *name, struct dentry *parent, const char *dest)
{
	if (!parent)
		parent = debugfs_root();
	return IS_ERR(parent) ? parent : simple_tree_symlink(parent, name, dest);
}
EXPORT_SYMBOL(debugfs_create_symlink);

struct dentry *debugfs_lookup(const char *name, struct dentry *parent)
{
	if (!parent)
		parent = debugfs_root();
	return IS_ERR_OR_NULL(parent) ? NULL : simple_tree_lookup(parent, name);
}
EXPORT_SYMBOL(debugfs_lookup);

noinline void debugfs_remove(struct dentry *dentry)
{
	if (!IS_ERR_OR_NULL(dentry))
		simple_tree_remove(dentry);
}
EXPORT_SYMBOL(debugfs_remove);

#define DEBUGFS_NUMBER(type, suffix, format)								\
static int debugfs_ ## suffix ## _get(void *data, u64 *value)						\
{													\
	*value = *(type *)data;										\
	return 0;											\
}													\
static int debugfs_ ## suffix ## _set(void *data, u64 value)						\
{													\
	*(type *)data = value;										\
	return 0;											\
}													\
DEFINE_SIMPLE_ATTRIBUTE(fops_ ## suffix, debugfs_ ## suffix ## _get, debugfs_ ## suffix ## _set, format);	\
void debugfs_create_ ## suffix(const char *name, umode_t mode, struct dentry *parent, type *value)	\
{													\
	debugfs_create_file(name, mode, parent, value, &fops_ ## suffix);				\
}													\
EXPORT_SYMBOL(debugfs_create_ ## suffix)

DEBUGFS_NUMBER(u8, u8, "%llu\n");
DEBUGFS_NUMBER(u16, u16, "%llu\n");
DEBUGFS_NUMBER(u32, u32, "%llu\n");
DEBUGFS_NUMBER(u64, u64, "%llu\n");
DEBUGFS_NUMBER(u32, x32, "0x%08llx\n");
DEBUGFS_NUMBER(u64, x64, "0x%016llx\n");

static ssize_t debugfs_read_bool(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	char text[2] = { *(bool *)file->private_data ? 'Y' : 'N', '\n' };

	return simple_read_from_buffer(buf, count, ppos, text, 2);
}

static ssize_t debugfs_write_bool(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	bool value;
	char text[8];
	size_t size = count < sizeof(text) - 1 ? count : sizeof(text) - 1;

	if (copy_from_user(text, buf, size))
		return -EFAULT;
	text[size] = '\0';
	if (kstrtobool(text, &value))
		return -EINVAL;
	*(bool *)file->private_data = value;
	return count;
}

static const struct file_operations fops_bool = {
	.open = simple_open,
	.read = debugfs_read_bool,
	.write = debugfs_write_bool,
	.llseek = default_llseek,
};

void debugfs_create_bool(const char *name, umode_t mode, struct dentry *parent, bool *value)
{
	debugfs_create_file(name, mode, parent, value, &fops_bool);
}
EXPORT_SYMBOL(debugfs_create_bool);

static int __init debugfs_init(void)
{
	return PTR_ERR_OR_ZERO(debugfs_root());
}
core_initcall(debugfs_init);
