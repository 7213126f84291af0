/*
 * Inodes: their birth, their links and their end. An inode lives while it is counted; the names of a file count it.
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/sched.h>
#include <linux/cred.h>
#include <linux/capability.h>
#include <linux/init.h>
#include <linux/export.h>
#include <linux/mount.h>

static struct kmem_cache *inode_cachep;
static atomic_t last_ino = ATOMIC_INIT(0);

static const struct inode_operations empty_iops;

/* Sockets, and whatever else has no open of its own. */
static int no_open(struct inode *inode, struct file *file)
{
	return -ENXIO;
}

static const struct file_operations no_open_fops = {
	.open = no_open,
};

/* Inode numbers for file systems that have none of their own. */
unsigned int get_next_ino(void)
{
	return atomic_inc_return(&last_ino);
}
EXPORT_SYMBOL(get_next_ino);

static void inode_init_always(struct super_block *sb, struct inode *inode)
{
	memset(inode, 0, sizeof(*inode));
	inode->i_sb = sb;
	inode->i_op = &empty_iops;
	inode->i_fop = &no_open_fops;
	inode->__i_nlink = 1;
	inode->i_blkbits = 12;
	atomic_set(&inode->i_count, 1);
	spin_lock_init(&inode->i_lock);
	init_rwsem(&inode->i_rwsem);
	INIT_HLIST_HEAD(&inode->i_dentry);
	INIT_LIST_HEAD(&inode->i_sb_list);
	INIT_LIST_HEAD(&inode->i_devices);
	inode->i_mapping = &inode->i_data;
	inode->i_data.host = inode;
	spin_lock_init(&inode->i_data.tree_lock);
}

noinline struct inode *new_inode(struct super_block *sb)
{
	struct inode *inode;

	if (sb->s_op && sb->s_op->alloc_inode)
		inode = sb->s_op->alloc_inode(sb);
	else
		inode = kmem_cache_alloc(inode_cachep, GFP_KERNEL);
	if (!inode)
		return NULL;
	inode_init_always(sb, inode);
	spin_lock(&sb->s_inode_list_lock);
	list_add(&inode->i_sb_list, &sb->s_inodes);
	spin_unlock(&sb->s_inode_list_lock);
	return inode;
}
EXPORT_SYMBOL(new_inode);

void clear_inode(struct inode *inode)
{
	truncate_inode_pages(inode->i_mapping, 0);
}
EXPORT_SYMBOL(clear_inode);

static void evict(struct inode *inode)
{
	struct super_block *sb = inode->i_sb;

	spin_lock(&sb->s_inode_list_lock);
	list_del(&inode->i_sb_list);
	spin_unlock(&sb->s_inode_list_lock);
	if (S_ISCHR(inode->i_mode) && inode->i_cdev)
		inode->i_cdev = NULL;
	if (sb->s_op && sb->s_op->evict_inode)
		sb->s_op->evict_inode(inode);
	clear_inode(inode);
	if (sb->s_op && sb->s_op->free_inode)
		sb->s_op->free_inode(inode);
	else
		kmem_cache_free(inode_cachep, inode);
}

void ihold(struct inode *inode)
{
	atomic_inc(&inode->i_count);
}
EXPORT_SYMBOL(ihold);

noinline void iput(struct inode *inode)
{
	if (inode && atomic_dec_and_test(&inode->i_count))
		evict(inode);
}
EXPORT_SYMBOL(iput);

void set_nlink(struct inode *inode, unsigned int nlink)
{
	inode->__i_nlink = nlink;
}
EXPORT_SYMBOL(set_nlink);

void inc_nlink(struct inode *inode)
{
	inode->__i_nlink++;
}
EXPORT_SYMBOL(inc_nlink);

void drop_nlink(struct inode *inode)
{
	inode->__i_nlink--;
}
EXPORT_SYMBOL(drop_nlink);

void clear_nlink(struct inode *inode)
{
	inode->__i_nlink = 0;
}
EXPORT_SYMBOL(clear_nlink);

/* Owner and mode of a new file: the creator's, except that a set-group-ID directory hands its group down. */
void inode_init_owner(struct user_namespace *mnt_userns, struct inode *inode, const struct inode *dir, umode_t mode)
{
	inode->i_uid = current_fsuid();
	inode->i_gid = current_fsgid();
	if (dir && (dir->i_mode & S_ISGID)) {
		inode->i_gid = dir->i_gid;
		if (S_ISDIR(mode))
			mode |= S_ISGID;
	}
	inode->i_mode = mode;
}
EXPORT_SYMBOL(inode_init_owner);

/* What a file does when it is a device or a pipe is not its file system's affair. */
void init_special_inode(struct inode *inode, umode_t mode, dev_t rdev)
{
	inode->i_mode = mode;
	if (S_ISCHR(mode)) {
		inode->i_fop = &def_chr_fops;
		inode->i_rdev = rdev;
	} else if (S_ISBLK(mode)) {
		inode->i_fop = &def_blk_fops;
		inode->i_rdev = rdev;
	} else if (S_ISFIFO(mode)) {
		inode->i_fop = &pipefifo_fops;
	} else {
		inode->i_rdev = rdev;
	}
}
EXPORT_SYMBOL(init_special_inode);

struct timespec64 current_time(struct inode *inode)
{
	struct timespec64 now;

	ktime_get_real_ts64(&now);
	return now;
}
EXPORT_SYMBOL(current_time);

void touch_atime(const struct path *path)
{
	struct inode *inode = d_inode(path->dentry);

	/* As with the relatime mount option: only if the file changed since it was last read. */
	if (path->mnt->mnt_flags & (MNT_NOATIME | MNT_READONLY))
		return;
	if (inode->i_atime.tv_sec <= inode->i_mtime.tv_sec)
		inode->i_atime = current_time(inode);
}
EXPORT_SYMBOL(touch_atime);

int file_update_time(struct file *file)
{
	struct inode *inode = file_inode(file);

	inode->i_mtime = inode->i_ctime = current_time(inode);
	inode->i_version++;
	return 0;
}
EXPORT_SYMBOL(file_update_time);

bool inode_owner_or_capable(struct user_namespace *mnt_userns, const struct inode *inode)
{
	return uid_eq(current_fsuid(), inode->i_uid) || capable(CAP_FOWNER);
}
EXPORT_SYMBOL(inode_owner_or_capable);

void __init inode_init_caches(void)
{
	inode_cachep = kmem_cache_create("inode_cache", sizeof(struct inode), 0, SLAB_PANIC, NULL);
}
