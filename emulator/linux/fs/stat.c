/*
 * Asking about a file: the stat family, readlink, access and statfs.
 */
#include <linux/fs.h>
#include <linux/file.h>
#include <linux/namei.h>
#include <linux/mount.h>
#include <linux/cred.h>
#include <linux/security.h>
#include <linux/statfs.h>
#include <linux/string.h>
#include <linux/export.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

/* What the inode itself knows: enough for most file systems. */
void generic_fillattr(struct user_namespace *mnt_userns, struct inode *inode, struct kstat *stat)
{
	stat->dev = inode->i_sb->s_dev;
	stat->ino = inode->i_ino;
	stat->mode = inode->i_mode;
	stat->nlink = inode->i_nlink;
	stat->uid = inode->i_uid;
	stat->gid = inode->i_gid;
	stat->rdev = inode->i_rdev;
	stat->size = i_size_read(inode);
	stat->atime = inode->i_atime;
	stat->mtime = inode->i_mtime;
	stat->ctime = inode->i_ctime;
	stat->blksize = 1 << inode->i_blkbits;
	stat->blocks = inode->i_blocks;
}
EXPORT_SYMBOL(generic_fillattr);

noinline int vfs_getattr(const struct path *path, struct kstat *stat, u32 request_mask, unsigned int query_flags)
{
	struct inode *inode = d_inode(path->dentry);
	int error = security_inode_getattr(path);

	if (error)
		return error;
	memset(stat, 0, sizeof(*stat));
	if (inode->i_op->getattr)
		return inode->i_op->getattr(mnt_user_ns(path->mnt), path, stat, request_mask, query_flags);
	generic_fillattr(mnt_user_ns(path->mnt), inode, stat);
	return 0;
}
EXPORT_SYMBOL(vfs_getattr);

static noinline int vfs_statx(int dfd, const char __user *filename, int flags, struct kstat *stat)
{
	unsigned int lookup_flags = 0;
	struct path path;
	int error;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH))
		return -EINVAL;
	if (!(flags & AT_SYMLINK_NOFOLLOW))
		lookup_flags |= LOOKUP_FOLLOW;
	if (flags & AT_EMPTY_PATH)
		lookup_flags |= LOOKUP_EMPTY;
	error = user_path_at_empty(dfd, filename, lookup_flags, &path, NULL);
	if (error)
		return error;
	error = vfs_getattr(&path, stat, 0, flags);
	path_put(&path);
	return error;
}

static noinline int vfs_fstat(int fd, struct kstat *stat)
{
	struct fd f = fdget_raw(fd);
	int error;

	if (!f.file)
		return -EBADF;
	error = vfs_getattr(&f.file->f_path, stat, 0, 0);
	fdput(f);
	return error;
}

/* Hands the answer to user space in its own layout. */
static noinline int cp_new_stat(const struct kstat *stat, struct stat __user *statbuf)
{
	struct stat tmp;

	memset(&tmp, 0, sizeof(tmp));
	tmp.st_dev = new_encode_dev(stat->dev);
	tmp.st_ino = stat->ino;
	tmp.st_mode = stat->mode;
	tmp.st_nlink = stat->nlink;
	tmp.st_uid = __kuid_val(stat->uid);
	tmp.st_gid = __kgid_val(stat->gid);
	tmp.st_rdev = new_encode_dev(stat->rdev);
	tmp.st_size = stat->size;
	tmp.st_atime = stat->atime.tv_sec;
	tmp.st_atime_nsec = stat->atime.tv_nsec;
	tmp.st_mtime = stat->mtime.tv_sec;
	tmp.st_mtime_nsec = stat->mtime.tv_nsec;
	tmp.st_ctime = stat->ctime.tv_sec;
	tmp.st_ctime_nsec = stat->ctime.tv_nsec;
	tmp.st_blocks = stat->blocks;
	tmp.st_blksize = stat->blksize;
	return copy_to_user(statbuf, &tmp, sizeof(tmp)) ? -EFAULT : 0;
}

static int do_newstat(int dfd, const char __user *filename, struct stat __user *statbuf, int flags)
{
	struct kstat stat;
	int error = vfs_statx(dfd, filename, flags, &stat);

	return error ? error : cp_new_stat(&stat, statbuf);
}

SYSCALL_DEFINE2(newstat, const char __user *, filename, struct stat __user *, statbuf)
{
	return do_newstat(AT_FDCWD, filename, statbuf, 0);
}

SYSCALL_DEFINE2(newlstat, const char __user *, filename, struct stat __user *, statbuf)
{
	return do_newstat(AT_FDCWD, filename, statbuf, AT_SYMLINK_NOFOLLOW);
}

SYSCALL_DEFINE4(newfstatat, int, dfd, const char __user *, filename, struct stat __user *, statbuf, int, flag)
{
	return do_newstat(dfd, filename, statbuf, flag);
}

SYSCALL_DEFINE2(newfstat, unsigned int, fd, struct stat __user *, statbuf)
{
	struct kstat stat;
	int error = vfs_fstat(fd, &stat);

	return error ? error : cp_new_stat(&stat, statbuf);
}

#define STATX_BASIC_STATS	0x7ffU
#define STATX_BTIME		0x800U
#define STATX_MNT_ID		0x1000U
#define STATX__RESERVED		0x80000000U
#define AT_STATX_SYNC_TYPE	0x6000

struct statx_timestamp {
	s64 tv_sec;
	u32 tv_nsec;
	s32 __reserved;
};

/* As statx(2) passes it. */
struct statx {
	u32 stx_mask;
	u32 stx_blksize;
	u64 stx_attributes;
	u32 stx_nlink;
	u32 stx_uid;
	u32 stx_gid;
	u16 stx_mode;
	u16 __spare0;
	u64 stx_ino;
	u64 stx_size;
	u64 stx_blocks;
	u64 stx_attributes_mask;
	struct statx_timestamp stx_atime, stx_btime, stx_ctime, stx_mtime;
	u32 stx_rdev_major, stx_rdev_minor;
	u32 stx_dev_major, stx_dev_minor;
	u64 stx_mnt_id;
	u64 __spare2[13];
};

static struct statx_timestamp statx_time(struct timespec64 ts)
{
	return (struct statx_timestamp) { .tv_sec = ts.tv_sec, .tv_nsec = ts.tv_nsec };
}

/* Everything that every file system knows is told, whatever was asked for; times of birth are not kept. */
SYSCALL_DEFINE5(statx, int, dfd, const char __user *, filename, unsigned int, flags, unsigned int, mask,
		struct statx __user *, buffer)
{
	struct kstat stat;
	struct statx tmp;
	int error;

	if (mask & STATX__RESERVED)
		return -EINVAL;
	if ((flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE)
		return -EINVAL;
	error = vfs_statx(dfd, filename, flags & ~AT_STATX_SYNC_TYPE, &stat);
	if (error)
		return error;
	memset(&tmp, 0, sizeof(tmp));
	tmp.stx_mask = STATX_BASIC_STATS;
	tmp.stx_blksize = stat.blksize;
	tmp.stx_nlink = stat.nlink;
	tmp.stx_uid = __kuid_val(stat.uid);
	tmp.stx_gid = __kgid_val(stat.gid);
	tmp.stx_mode = stat.mode;
	tmp.stx_ino = stat.ino;
	tmp.stx_size = stat.size;
	tmp.stx_blocks = stat.blocks;
	tmp.stx_atime = statx_time(stat.atime);
	tmp.stx_ctime = statx_time(stat.ctime);
	tmp.stx_mtime = statx_time(stat.mtime);
	tmp.stx_rdev_major = MAJOR(stat.rdev);
	tmp.stx_rdev_minor = MINOR(stat.rdev);
	tmp.stx_dev_major = MAJOR(stat.dev);
	tmp.stx_dev_minor = MINOR(stat.dev);
	return copy_to_user(buffer, &tmp, sizeof(tmp)) ? -EFAULT : 0;
}

/* The text of a symbolic link. It belongs to done: do_delayed_call() frees it. */
const char *vfs_get_link(struct dentry *dentry, struct delayed_call *done)
{
	struct inode *inode = d_inode(dentry);

	set_delayed_call(done, NULL, NULL);
	if (!S_ISLNK(inode->i_mode))
		return ERR_PTR(-EINVAL);
	if (inode->i_op->get_link)
		return inode->i_op->get_link(dentry, inode, done);
	return inode->i_link;
}
EXPORT_SYMBOL(vfs_get_link);

noinline int vfs_readlink(struct dentry *dentry, char __user *buffer, int length)
{
	struct inode *inode = d_inode(dentry);
	struct delayed_call done;
	const char *link;
	int size;

	if (inode->i_op->readlink)
		return inode->i_op->readlink(dentry, buffer, length);
	link = vfs_get_link(dentry, &done);
	if (IS_ERR(link))
		return PTR_ERR(link);
	size = strlen(link);
	if (size > length)
		size = length;
	if (copy_to_user(buffer, link, size))
		size = -EFAULT;
	do_delayed_call(&done);
	return size;
}
EXPORT_SYMBOL(vfs_readlink);

static noinline int do_readlinkat(int dfd, const char __user *pathname, char __user *buf, int bufsiz)
{
	struct path path;
	int empty = 0;
	int error;

	if (bufsiz <= 0)
		return -EINVAL;
	error = user_path_at_empty(dfd, pathname, LOOKUP_EMPTY, &path, &empty);
	if (error)
		return error;
	if (S_ISLNK(d_inode(path.dentry)->i_mode)) {
		touch_atime(&path);
		error = vfs_readlink(path.dentry, buf, bufsiz);
	} else {
		error = empty ? -ENOENT : -EINVAL;
	}
	path_put(&path);
	return error;
}

SYSCALL_DEFINE4(readlinkat, int, dfd, const char __user *, pathname, char __user *, buf, int, bufsiz)
{
	return do_readlinkat(dfd, pathname, buf, bufsiz);
}

SYSCALL_DEFINE3(readlink, const char __user *, path, char __user *, buf, int, bufsiz)
{
	return do_readlinkat(AT_FDCWD, path, buf, bufsiz);
}

/* access(2) asks for the real user, not the effective one: credentials change for the time of the question. */
static noinline long do_faccessat(int dfd, const char __user *filename, int mode, int flags)
{
	const struct cred *old_cred = NULL;
	struct cred *override = NULL;
	struct path path;
	long error;

	if (mode & ~(MAY_READ | MAY_WRITE | MAY_EXEC))
		return -EINVAL;
	if (flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (!(flags & AT_EACCESS) && !uid_eq(current_uid(), current_fsuid())) {
		override = prepare_creds();
		if (!override)
			return -ENOMEM;
		override->fsuid = override->uid;
		override->fsgid = override->gid;
		old_cred = override_creds(override);
	}
	error = user_path_at_empty(dfd, filename, ((flags & AT_SYMLINK_NOFOLLOW) ? 0 : LOOKUP_FOLLOW) |
				   ((flags & AT_EMPTY_PATH) ? LOOKUP_EMPTY : 0), &path, NULL);
	if (!error) {
		error = inode_permission(mnt_user_ns(path.mnt), d_inode(path.dentry), mode | MAY_ACCESS);
		if (!error && (mode & MAY_WRITE))
			error = mnt_want_write(path.mnt);
		path_put(&path);
	}
	if (override) {
		revert_creds(old_cred);
		put_cred(override);
	}
	return error;
}

SYSCALL_DEFINE3(faccessat, int, dfd, const char __user *, filename, int, mode)
{
	return do_faccessat(dfd, filename, mode, 0);
}

SYSCALL_DEFINE4(faccessat2, int, dfd, const char __user *, filename, int, mode, int, flags)
{
	return do_faccessat(dfd, filename, mode, flags);
}

SYSCALL_DEFINE2(access, const char __user *, filename, int, mode)
{
	return do_faccessat(AT_FDCWD, filename, mode, 0);
}

noinline int vfs_statfs(const struct path *path, struct kstatfs *buf)
{
	struct super_block *sb = path->dentry->d_sb;
	int error;

	memset(buf, 0, sizeof(*buf));
	error = sb->s_op->statfs ? sb->s_op->statfs(path->dentry, buf) : -ENOSYS;
	if (!error && !buf->f_frsize)
		buf->f_frsize = buf->f_bsize;
	buf->f_flags = path->mnt->mnt_flags & MNT_READONLY ? 1 : 0;
	return error;
}
EXPORT_SYMBOL(vfs_statfs);

static int do_statfs(const struct path *path, struct statfs __user *buf)
{
	struct kstatfs st;
	struct statfs out;
	int error = vfs_statfs(path, &st);

	if (error)
		return error;
	memset(&out, 0, sizeof(out));
	out.f_type = st.f_type;
	out.f_bsize = st.f_bsize;
	out.f_blocks = st.f_blocks;
	out.f_bfree = st.f_bfree;
	out.f_bavail = st.f_bavail;
	out.f_files = st.f_files;
	out.f_ffree = st.f_ffree;
	out.f_namelen = st.f_namelen;
	out.f_frsize = st.f_frsize;
	out.f_flags = st.f_flags;
	return copy_to_user(buf, &out, sizeof(out)) ? -EFAULT : 0;
}

SYSCALL_DEFINE2(statfs, const char __user *, pathname, struct statfs __user *, buf)
{
	struct path path;
	int error = user_path_at(AT_FDCWD, pathname, LOOKUP_FOLLOW, &path);

	if (error)
		return error;
	error = do_statfs(&path, buf);
	path_put(&path);
	return error;
}

SYSCALL_DEFINE2(fstatfs, unsigned int, fd, struct statfs __user *, buf)
{
	struct fd f = fdget_raw(fd);
	int error = -EBADF;

	if (f.file) {
		error = do_statfs(&f.file->f_path, buf);
		fdput(f);
	}
	return error;
}
