/*
 * The mount tree and the system calls that change it: mount, umount2, and bind mounts.
 *
 * There is one namespace for all tasks. mount_lock guards the tree; namespace_mutex orders its changes.
 */
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/namei.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sched.h>
#include <linux/capability.h>
#include <linux/init.h>
#include <linux/export.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "internal.h"
#include "mount.h"

LIST_HEAD(mount_list);
static DEFINE_SPINLOCK(mount_lock);
static DEFINE_MUTEX(namespace_mutex);
static int last_mnt_id;

void lock_mount_hash(void)
{
	spin_lock(&mount_lock);
}

void unlock_mount_hash(void)
{
	spin_unlock(&mount_lock);
}

static struct mount *alloc_vfsmnt(const char *name)
{
	struct mount *mnt = kzalloc(sizeof(*mnt), GFP_KERNEL);

	if (!mnt)
		return NULL;
	mnt->mnt_devname = kstrdup(name ? name : "none", GFP_KERNEL);
	if (!mnt->mnt_devname) {
		kfree(mnt);
		return NULL;
	}
	mnt->mnt_parent = mnt;
	mnt->mnt_count = 1;
	mnt->mnt_id = ++last_mnt_id;
	INIT_LIST_HEAD(&mnt->mnt_mounts);
	INIT_LIST_HEAD(&mnt->mnt_child);
	INIT_LIST_HEAD(&mnt->mnt_list);
	return mnt;
}

struct vfsmount *mntget(struct vfsmount *mnt)
{
	if (mnt) {
		lock_mount_hash();
		real_mount(mnt)->mnt_count++;
		unlock_mount_hash();
	}
	return mnt;
}
EXPORT_SYMBOL(mntget);

/* The last user of a mount that has left the tree ends it, and maybe its file system. */
static void cleanup_mnt(struct mount *mnt)
{
	struct super_block *sb = mnt->mnt.mnt_sb;

	dput(mnt->mnt.mnt_root);
	deactivate_super(sb);
	kfree(mnt->mnt_devname);
	kfree(mnt);
}

void mntput(struct vfsmount *m)
{
	struct mount *mnt;
	int left;

	if (!m)
		return;
	mnt = real_mount(m);
	lock_mount_hash();
	left = --mnt->mnt_count;
	unlock_mount_hash();
	if (left == 0)
		cleanup_mnt(mnt);
}
EXPORT_SYMBOL(mntput);

void path_get(const struct path *path)
{
	mntget(path->mnt);
	dget(path->dentry);
}
EXPORT_SYMBOL(path_get);

void path_put(const struct path *path)
{
	dput(path->dentry);
	mntput(path->mnt);
}
EXPORT_SYMBOL(path_put);

int mnt_want_write(struct vfsmount *mnt)
{
	if ((mnt->mnt_flags & MNT_READONLY) || (mnt->mnt_sb->s_flags & SB_RDONLY))
		return -EROFS;
	return 0;
}
EXPORT_SYMBOL(mnt_want_write);

void mnt_drop_write(struct vfsmount *mnt)
{
	/* Nothing is counted: a remount to read-only checks no writers. */
	(void)mnt;
}
EXPORT_SYMBOL(mnt_drop_write);

struct vfsmount *lookup_mnt(const struct path *path)
{
	struct mount *child;
	struct vfsmount *found = NULL;

	lock_mount_hash();
	/* The newest mount on a directory hides older ones, and new children are put in front. */
	list_for_each_entry(child, &real_mount(path->mnt)->mnt_mounts, mnt_child) {
		if (child->mnt_mountpoint == path->dentry) {
			child->mnt_count++;
			found = &child->mnt;
			break;
		}
	}
	unlock_mount_hash();
	return found;
}

/* Steps from the root of a mount to the directory it is mounted on. Returns 0 at the top of the tree. */
int follow_up(struct path *path)
{
	struct mount *mnt = real_mount(path->mnt);
	struct path up;

	lock_mount_hash();
	if (mnt->mnt_parent == mnt) {
		unlock_mount_hash();
		return 0;
	}
	mnt->mnt_parent->mnt_count++;
	up.mnt = &mnt->mnt_parent->mnt;
	up.dentry = mnt->mnt_mountpoint;
	unlock_mount_hash();
	dget(up.dentry);
	path_put(path);
	*path = up;
	return 1;
}

/* Steps onto the root of what is mounted here, if anything is. */
int follow_down(struct path *path)
{
	struct vfsmount *mounted = lookup_mnt(path);

	if (!mounted)
		return 0;
	dput(path->dentry);
	mntput(path->mnt);
	path->mnt = mounted;
	path->dentry = dget(mounted->mnt_root);
	return 1;
}

/* A mount of a type, not yet in the tree. */
struct vfsmount *vfs_kern_mount(struct file_system_type *type, int flags, const char *name, void *data)
{
	struct mount *mnt = alloc_vfsmnt(name);
	struct dentry *root;

	if (!mnt)
		return ERR_PTR(-ENOMEM);
	root = type->mount(type, flags, name, data);
	if (IS_ERR(root)) {
		kfree(mnt->mnt_devname);
		kfree(mnt);
		return ERR_CAST(root);
	}
	mnt->mnt.mnt_root = root;
	mnt->mnt.mnt_sb = root->d_sb;
	mnt->mnt_mountpoint = root;
	return &mnt->mnt;
}
EXPORT_SYMBOL(vfs_kern_mount);

/* A mount for the kernel's own use, such as the one pipes live on. */
struct vfsmount *kern_mount(struct file_system_type *type)
{
	struct vfsmount *mnt = vfs_kern_mount(type, 0, type->name, NULL);

	if (!IS_ERR(mnt))
		mnt->mnt_flags |= MNT_INTERNAL;
	return mnt;
}
EXPORT_SYMBOL(kern_mount);

/* Hangs mnt into the tree at path. The tree takes over the caller's count of mnt. */
static int graft_tree(struct mount *mnt, struct path *path)
{
	if (S_ISDIR(d_inode(mnt->mnt.mnt_root)->i_mode) != S_ISDIR(d_inode(path->dentry)->i_mode))
		return -ENOTDIR;
	path_get(path);
	lock_mount_hash();
	mnt->mnt_parent = real_mount(path->mnt);
	mnt->mnt_mountpoint = path->dentry;
	path->dentry->d_flags |= DCACHE_MOUNTED;
	list_add(&mnt->mnt_child, &mnt->mnt_parent->mnt_mounts);
	list_add_tail(&mnt->mnt_list, &mount_list);
	unlock_mount_hash();
	return 0;
}

static noinline int do_add_mount(struct mount *mnt, struct path *mountpoint, int mnt_flags)
{
	int error;

	mutex_lock(&namespace_mutex);
	while (d_mountpoint(mountpoint->dentry) && follow_down(mountpoint))
		;
	/* The same file system twice in the same place helps nobody. */
	if (mountpoint->mnt->mnt_sb == mnt->mnt.mnt_sb && mountpoint->mnt->mnt_root == mountpoint->dentry &&
	    mnt->mnt.mnt_root == mountpoint->dentry) {
		error = -EBUSY;
	} else {
		mnt->mnt.mnt_flags = mnt_flags;
		error = graft_tree(mnt, mountpoint);
	}
	mutex_unlock(&namespace_mutex);
	return error;
}

static noinline int do_new_mount(struct path *path, const char *fstype, int sb_flags, int mnt_flags,
				 const char *name, void *data)
{
	struct file_system_type *type;
	struct vfsmount *mnt;
	int error;

	if (!fstype)
		return -EINVAL;
	type = get_fs_type(fstype);
	if (!type)
		return -ENODEV;
	mnt = vfs_kern_mount(type, sb_flags, name, data);
	if (IS_ERR(mnt))
		return PTR_ERR(mnt);
	error = do_add_mount(real_mount(mnt), path, mnt_flags);
	if (error)
		mntput(mnt);
	return error;
}

/* mount --bind: the same files at another place. */
static noinline int do_loopback(struct path *path, const char *old_name)
{
	struct path old_path;
	struct mount *mnt;
	int error;

	if (!old_name || !*old_name)
		return -EINVAL;
	error = kern_path(old_name, LOOKUP_FOLLOW | LOOKUP_AUTOMOUNT, &old_path);
	if (error)
		return error;
	mnt = alloc_vfsmnt(real_mount(old_path.mnt)->mnt_devname);
	if (!mnt) {
		path_put(&old_path);
		return -ENOMEM;
	}
	mnt->mnt.mnt_root = dget(old_path.dentry);
	mnt->mnt.mnt_sb = old_path.mnt->mnt_sb;
	mnt->mnt_mountpoint = mnt->mnt.mnt_root;
	atomic_inc(&mnt->mnt.mnt_sb->s_active);
	error = do_add_mount(mnt, path, old_path.mnt->mnt_flags & ~MNT_INTERNAL);
	if (error)
		mntput(&mnt->mnt);
	path_put(&old_path);
	return error;
}

static noinline int do_remount(struct path *path, int mnt_flags)
{
	if (path->dentry != path->mnt->mnt_root)
		return -EINVAL;
	lock_mount_hash();
	path->mnt->mnt_flags = (path->mnt->mnt_flags & MNT_INTERNAL) | mnt_flags;
	unlock_mount_hash();
	return 0;
}

/* Sorts a mount request out by its flags, as mount(2) describes them. */
noinline int path_mount(const char *dev_name, struct path *path, const char *type_page, unsigned long flags,
			void *data_page)
{
	int mnt_flags = 0;

	if ((flags & MS_MGC_MSK) == MS_MGC_VAL)
		flags &= ~MS_MGC_MSK;
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (flags & MS_NOSUID)
		mnt_flags |= MNT_NOSUID;
	if (flags & MS_NODEV)
		mnt_flags |= MNT_NODEV;
	if (flags & MS_NOEXEC)
		mnt_flags |= MNT_NOEXEC;
	if (flags & MS_NOATIME)
		mnt_flags |= MNT_NOATIME;
	if (flags & MS_RDONLY)
		mnt_flags |= MNT_READONLY;
	if (flags & MS_REMOUNT)
		return do_remount(path, mnt_flags);
	if (flags & MS_BIND)
		return do_loopback(path, dev_name);
	if (flags & MS_MOVE)
		return -EINVAL;
	return do_new_mount(path, type_page, flags & SB_NOEXEC, mnt_flags, dev_name, data_page);
}

noinline long do_mount(const char *dev_name, const char __user *dir_name, const char *type_page,
		       unsigned long flags, void *data_page)
{
	struct path path;
	int error;

	error = user_path_at(AT_FDCWD, dir_name, LOOKUP_FOLLOW, &path);
	if (error)
		return error;
	error = path_mount(dev_name, &path, type_page, flags, data_page);
	path_put(&path);
	return error;
}

/* A string argument of mount(2): NULL stays NULL. */
static char *copy_mount_string(const char __user *data)
{
	return data ? strndup_user(data, PATH_MAX) : NULL;
}

SYSCALL_DEFINE5(mount, char __user *, dev_name, char __user *, dir_name, char __user *, type, unsigned long, flags,
		void __user *, data)
{
	char *kernel_type, *kernel_dev, *options = NULL;
	long error;

	kernel_type = copy_mount_string(type);
	if (IS_ERR(kernel_type))
		return PTR_ERR(kernel_type);
	kernel_dev = copy_mount_string(dev_name);
	error = PTR_ERR(kernel_dev);
	if (IS_ERR(kernel_dev))
		goto out_type;
	options = copy_mount_string(data);
	error = PTR_ERR(options);
	if (IS_ERR(options))
		goto out_dev;
	error = do_mount(kernel_dev, dir_name, kernel_type, flags, options);
	kfree(options);
out_dev:
	kfree(kernel_dev);
out_type:
	kfree(kernel_type);
	return error;
}

/* Takes mnt and everything mounted below it out of the tree. */
static noinline void umount_tree(struct mount *mnt, int how)
{
	struct dentry *mountpoint = mnt->mnt_mountpoint;
	struct mount *parent = mnt->mnt_parent;
	struct mount *child;
	bool still_covered = false;

	while (!list_empty(&mnt->mnt_mounts))
		umount_tree(list_first_entry(&mnt->mnt_mounts, struct mount, mnt_child), how);
	lock_mount_hash();
	list_del_init(&mnt->mnt_child);
	list_del_init(&mnt->mnt_list);
	mnt->mnt_parent = mnt;
	mnt->mnt_mountpoint = mnt->mnt.mnt_root;
	list_for_each_entry(child, &mount_list, mnt_list)
		if (child->mnt_mountpoint == mountpoint && child->mnt_parent != child)
			still_covered = true;
	if (!still_covered)
		mountpoint->d_flags &= ~DCACHE_MOUNTED;
	unlock_mount_hash();
	dput(mountpoint);
	mntput(&parent->mnt);
	mntput(&mnt->mnt);
}

static noinline int do_umount(struct mount *mnt, int flags)
{
	int error = 0;

	if (mnt->mnt_parent == mnt)
		return -EINVAL;
	mutex_lock(&namespace_mutex);
	/* In use, beyond the tree's count and the caller's: by open files, working directories, mounts below. */
	if (!(flags & MNT_DETACH) && mnt->mnt_count > 2)
		error = -EBUSY;
	else
		umount_tree(mnt, flags);
	mutex_unlock(&namespace_mutex);
	return error;
}

noinline int path_umount(struct path *path, int flags)
{
	int error;

	if (!capable(CAP_SYS_ADMIN))
		error = -EPERM;
	else if (path->dentry != path->mnt->mnt_root)
		error = -EINVAL;
	else
		error = do_umount(real_mount(path->mnt), flags);
	path_put(path);
	return error;
}

SYSCALL_DEFINE2(umount, char __user *, name, int, flags)
{
	unsigned int lookup_flags = (flags & UMOUNT_NOFOLLOW) ? 0 : LOOKUP_FOLLOW;
	struct path path;
	int error;

	if (flags & ~(MNT_FORCE | MNT_DETACH | UMOUNT_NOFOLLOW))
		return -EINVAL;
	error = user_path_at(AT_FDCWD, name, lookup_flags, &path);
	if (error)
		return error;
	return path_umount(&path, flags);
}

/* The first mount: an empty ramfs, which every task's root and working directory start from. */
void __init mnt_init(void)
{
	struct vfsmount *mnt;
	struct path root;

	init_rootfs();
	mnt = vfs_kern_mount(get_fs_type("rootfs"), 0, "rootfs", NULL);
	if (IS_ERR(mnt))
		panic("Can't create rootfs");
	list_add_tail(&real_mount(mnt)->mnt_list, &mount_list);
	root.mnt = mnt;
	root.dentry = mnt->mnt_root;
	set_fs_pwd(current->fs, &root);
	set_fs_root(current->fs, &root);
}
