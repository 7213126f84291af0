/*
 * Super blocks: one for each file system in use, made by its type's mount() and killed with its last mount.
 */
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/export.h>
#include <linux/statfs.h>

static LIST_HEAD(super_blocks);
static DEFINE_SPINLOCK(sb_lock);
static unsigned int last_anonymous_minor;

static struct super_block *alloc_super(struct file_system_type *type, int flags)
{
	struct super_block *sb = kzalloc(sizeof(*sb), GFP_KERNEL);

	if (!sb)
		return NULL;
	sb->s_type = type;
	sb->s_flags = flags;
	sb->s_blocksize = 4096;
	sb->s_blocksize_bits = 12;
	sb->s_maxbytes = 0x7fffffffffffffffLL;
	sb->s_time_gran = 1;
	sb->s_op = &simple_super_operations;
	atomic_set(&sb->s_active, 1);
	INIT_LIST_HEAD(&sb->s_inodes);
	spin_lock_init(&sb->s_inode_list_lock);
	mutex_init(&sb->s_vfs_rename_mutex);
	strscpy(sb->s_id, type->name, sizeof(sb->s_id));
	return sb;
}

/* A new super block on a device number that stands for no device. */
struct super_block *sget(struct file_system_type *type, int flags)
{
	struct super_block *sb = alloc_super(type, flags);

	if (!sb)
		return ERR_PTR(-ENOMEM);
	spin_lock(&sb_lock);
	sb->s_dev = MKDEV(0, ++last_anonymous_minor);
	list_add_tail(&sb->s_list, &super_blocks);
	spin_unlock(&sb_lock);
	return sb;
}
EXPORT_SYMBOL(sget);

/* mount() for types that make a new, empty file system each time: ramfs, tmpfs. */
struct dentry *mount_nodev(struct file_system_type *type, int flags, void *data,
			   int (*fill_super)(struct super_block *, void *, int))
{
	struct super_block *sb = sget(type, flags);
	int error;

	if (IS_ERR(sb))
		return ERR_CAST(sb);
	error = fill_super(sb, data, 0);
	if (error) {
		deactivate_super(sb);
		return ERR_PTR(error);
	}
	return dget(sb->s_root);
}
EXPORT_SYMBOL(mount_nodev);

static struct super_block *find_super(struct file_system_type *type)
{
	struct super_block *sb;

	spin_lock(&sb_lock);
	list_for_each_entry(sb, &super_blocks, s_list) {
		if (sb->s_type == type && sb->s_root) {
			atomic_inc(&sb->s_active);
			spin_unlock(&sb_lock);
			return sb;
		}
	}
	spin_unlock(&sb_lock);
	return NULL;
}

/* mount() for types of which there is one, however often it is mounted: proc, sysfs, debugfs. */
struct dentry *mount_single(struct file_system_type *type, int flags, void *data,
			    int (*fill_super)(struct super_block *, void *, int))
{
	struct super_block *sb = find_super(type);

	return sb ? dget(sb->s_root) : mount_nodev(type, flags, data, fill_super);
}
EXPORT_SYMBOL(mount_single);

/* The end of a file system whose files are its dentries. */
void kill_litter_super(struct super_block *sb)
{
	if (sb->s_root)
		shrink_dcache_for_umount(sb);
	if (sb->s_op->put_super)
		sb->s_op->put_super(sb);
}
EXPORT_SYMBOL(kill_litter_super);

/* The end of a file system whose dentries come and go: only the root is left. */
void kill_anon_super(struct super_block *sb)
{
	struct dentry *root = sb->s_root;

	sb->s_root = NULL;
	dput(root);
	if (sb->s_op->put_super)
		sb->s_op->put_super(sb);
}
EXPORT_SYMBOL(kill_anon_super);

/* Gives a mount's hold on a super block back. */
void deactivate_super(struct super_block *sb)
{
	if (!atomic_dec_and_test(&sb->s_active))
		return;
	spin_lock(&sb_lock);
	list_del(&sb->s_list);
	spin_unlock(&sb_lock);
	sb->s_type->kill_sb(sb);
	kfree(sb);
}
EXPORT_SYMBOL(deactivate_super);
