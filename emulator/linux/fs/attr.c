/*
 * Changing a file's attributes: size, mode, owner and times, and the system calls for it.
 */
#include <linux/fs.h>
#include <linux/file.h>
#include <linux/namei.h>
#include <linux/mount.h>
#include <linux/cred.h>
#include <linux/capability.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/security.h>
#include <linux/export.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "internal.h"

/* Whether the current task may make this change. */
int setattr_prepare(struct user_namespace *mnt_userns, struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);

	if ((attr->ia_valid & ATTR_UID) && !capable(CAP_CHOWN) &&
	    !(uid_eq(current_fsuid(), inode->i_uid) && uid_eq(attr->ia_uid, inode->i_uid)))
		return -EPERM;
	if ((attr->ia_valid & ATTR_GID) && !capable(CAP_CHOWN) &&
	    !(uid_eq(current_fsuid(), inode->i_uid) &&
	      (gid_eq(attr->ia_gid, inode->i_gid) || in_group_p(attr->ia_gid))))
		return -EPERM;
	if ((attr->ia_valid & ATTR_MODE) && !inode_owner_or_capable(mnt_userns, inode))
		return -EPERM;
	if ((attr->ia_valid & (ATTR_ATIME_SET | ATTR_MTIME_SET)) && !inode_owner_or_capable(mnt_userns, inode))
		return -EPERM;
	if ((attr->ia_valid & ATTR_SIZE) && attr->ia_size < 0)
		return -EINVAL;
	return 0;
}
EXPORT_SYMBOL(setattr_prepare);

/* Makes the change in the inode, except for the size, which is more work than a store. */
void setattr_copy(struct user_namespace *mnt_userns, struct inode *inode, const struct iattr *attr)
{
	if (attr->ia_valid & ATTR_UID)
		inode->i_uid = attr->ia_uid;
	if (attr->ia_valid & ATTR_GID)
		inode->i_gid = attr->ia_gid;
	if (attr->ia_valid & ATTR_ATIME)
		inode->i_atime = attr->ia_atime;
	if (attr->ia_valid & ATTR_MTIME)
		inode->i_mtime = attr->ia_mtime;
	if (attr->ia_valid & ATTR_CTIME)
		inode->i_ctime = attr->ia_ctime;
	if (attr->ia_valid & ATTR_MODE)
		inode->i_mode = attr->ia_mode;
}
EXPORT_SYMBOL(setattr_copy);

/* The one gate through which attributes change. Called with the inode locked. */
noinline int notify_change(struct user_namespace *mnt_userns, struct dentry *dentry, struct iattr *attr,
			   struct inode **delegated_inode)
{
	struct inode *inode = d_inode(dentry);
	struct timespec64 now = current_time(inode);
	int error;

	attr->ia_ctime = now;
	attr->ia_valid |= ATTR_CTIME;
	if (!(attr->ia_valid & ATTR_ATIME_SET))
		attr->ia_atime = now;
	if (!(attr->ia_valid & ATTR_MTIME_SET))
		attr->ia_mtime = now;
	if (attr->ia_valid & ATTR_MODE)
		attr->ia_mode = (attr->ia_mode & S_IALLUGO) | (inode->i_mode & ~S_IALLUGO);
	error = security_inode_setattr(dentry, attr);
	if (error)
		return error;
	if (inode->i_op->setattr)
		return inode->i_op->setattr(mnt_userns, dentry, attr);
	return simple_setattr(mnt_userns, dentry, attr);
}
EXPORT_SYMBOL(notify_change);

noinline int do_truncate(struct user_namespace *mnt_userns, struct dentry *dentry, loff_t length,
			 unsigned int time_attrs, struct file *filp)
{
	struct iattr attr = { .ia_valid = ATTR_SIZE | time_attrs, .ia_size = length };
	int error;

	if (length < 0)
		return -EINVAL;
	if (length > i_size_read(d_inode(dentry)) && (unsigned long)length > rlimit(RLIMIT_FSIZE)) {
		send_sig(SIGXFSZ, current, 0);
		return -EFBIG;
	}
	if (filp) {
		attr.ia_file = filp;
		attr.ia_valid |= ATTR_FILE;
	}
	inode_lock(d_inode(dentry));
	error = notify_change(mnt_userns, dentry, &attr, NULL);
	inode_unlock(d_inode(dentry));
	return error;
}

static noinline long vfs_truncate(const struct path *path, loff_t length)
{
	struct inode *inode = d_inode(path->dentry);
	long error;

	if (S_ISDIR(inode->i_mode))
		return -EISDIR;
	if (!S_ISREG(inode->i_mode))
		return -EINVAL;
	error = mnt_want_write(path->mnt);
	if (error)
		return error;
	error = inode_permission(mnt_user_ns(path->mnt), inode, MAY_WRITE);
	if (!error)
		error = get_write_access(inode);
	if (!error) {
		error = do_truncate(mnt_user_ns(path->mnt), path->dentry, length, ATTR_MTIME, NULL);
		put_write_access(inode);
	}
	mnt_drop_write(path->mnt);
	return error;
}

SYSCALL_DEFINE2(truncate, const char __user *, name, long, length)
{
	struct path path;
	long error;

	if (length < 0)
		return -EINVAL;
	error = user_path_at(AT_FDCWD, name, LOOKUP_FOLLOW, &path);
	if (error)
		return error;
	error = vfs_truncate(&path, length);
	path_put(&path);
	return error;
}

SYSCALL_DEFINE2(ftruncate, unsigned int, fd, long, length)
{
	struct fd f;
	long error = -EINVAL;

	if (length < 0)
		return -EINVAL;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	if (S_ISREG(file_inode(f.file)->i_mode) && (f.file->f_mode & FMODE_WRITE))
		error = do_truncate(file_mnt_user_ns(f.file), file_dentry(f.file), length, ATTR_MTIME, f.file);
	fdput(f);
	return error;
}

static int apply(const struct path *path, struct iattr *attr)
{
	struct inode *inode = d_inode(path->dentry);
	int error = mnt_want_write(path->mnt);

	if (error)
		return error;
	inode_lock(inode);
	error = notify_change(mnt_user_ns(path->mnt), path->dentry, attr, NULL);
	inode_unlock(inode);
	mnt_drop_write(path->mnt);
	return error;
}

int chmod_common(const struct path *path, umode_t mode)
{
	struct iattr attr = { .ia_valid = ATTR_MODE | ATTR_CTIME, .ia_mode = mode };

	return apply(path, &attr);
}

static int chown_common(const struct path *path, uid_t user, gid_t group)
{
	struct iattr attr = { .ia_valid = ATTR_CTIME };

	if (user != (uid_t)-1) {
		attr.ia_valid |= ATTR_UID;
		attr.ia_uid = KUIDT_INIT(user);
	}
	if (group != (gid_t)-1) {
		attr.ia_valid |= ATTR_GID;
		attr.ia_gid = KGIDT_INIT(group);
	}
	/* A change of owner takes set-user-ID and set-group-ID away. */
	if (S_ISREG(d_inode(path->dentry)->i_mode)) {
		attr.ia_valid |= ATTR_MODE;
		attr.ia_mode = d_inode(path->dentry)->i_mode & ~(S_ISUID | S_ISGID);
		if (!inode_owner_or_capable(mnt_user_ns(path->mnt), d_inode(path->dentry)))
			return -EPERM;
	}
	return apply(path, &attr);
}

SYSCALL_DEFINE3(fchmodat, int, dfd, const char __user *, filename, umode_t, mode)
{
	struct path path;
	int error = user_path_at(dfd, filename, LOOKUP_FOLLOW, &path);

	if (error)
		return error;
	error = chmod_common(&path, mode);
	path_put(&path);
	return error;
}

SYSCALL_DEFINE2(chmod, const char __user *, filename, umode_t, mode)
{
	struct path path;
	int error = user_path_at(AT_FDCWD, filename, LOOKUP_FOLLOW, &path);

	if (error)
		return error;
	error = chmod_common(&path, mode);
	path_put(&path);
	return error;
}

SYSCALL_DEFINE2(fchmod, unsigned int, fd, umode_t, mode)
{
	struct fd f = fdget(fd);
	int error = -EBADF;

	if (f.file) {
		error = chmod_common(&f.file->f_path, mode);
		fdput(f);
	}
	return error;
}

static int do_fchownat(int dfd, const char __user *filename, uid_t user, gid_t group, int flag)
{
	struct path path;
	int error;

	if (flag & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	error = user_path_at_empty(dfd, filename, ((flag & AT_SYMLINK_NOFOLLOW) ? 0 : LOOKUP_FOLLOW) |
				   ((flag & AT_EMPTY_PATH) ? LOOKUP_EMPTY : 0), &path, NULL);
	if (error)
		return error;
	error = chown_common(&path, user, group);
	path_put(&path);
	return error;
}

SYSCALL_DEFINE5(fchownat, int, dfd, const char __user *, filename, uid_t, user, gid_t, group, int, flag)
{
	return do_fchownat(dfd, filename, user, group, flag);
}

SYSCALL_DEFINE3(chown, const char __user *, filename, uid_t, user, gid_t, group)
{
	return do_fchownat(AT_FDCWD, filename, user, group, 0);
}

SYSCALL_DEFINE3(lchown, const char __user *, filename, uid_t, user, gid_t, group)
{
	return do_fchownat(AT_FDCWD, filename, user, group, AT_SYMLINK_NOFOLLOW);
}

SYSCALL_DEFINE3(fchown, unsigned int, fd, uid_t, user, gid_t, group)
{
	struct fd f = fdget(fd);
	int error = -EBADF;

	if (f.file) {
		error = chown_common(&f.file->f_path, user, group);
		fdput(f);
	}
	return error;
}

#define UTIME_NOW	((1L << 30) - 1)
#define UTIME_OMIT	((1L << 30) - 2)

static bool valid_nsec(long nsec)
{
	return nsec == UTIME_OMIT || nsec == UTIME_NOW || (unsigned long)nsec < NSEC_PER_SEC;
}

/* times: access time and modification time, NULL for now. Without a filename it is dfd's file. */
static long do_utimes(int dfd, const char __user *filename, const struct timespec64 *times, int flags)
{
	struct iattr attr = { .ia_valid = ATTR_CTIME | ATTR_ATIME | ATTR_MTIME };
	struct path path;
	int error;

	if (times) {
		if (!valid_nsec(times[0].tv_nsec) || !valid_nsec(times[1].tv_nsec))
			return -EINVAL;
		if (times[0].tv_nsec == UTIME_OMIT && times[1].tv_nsec == UTIME_OMIT)
			return 0;
	}
	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (times) {
		if (times[0].tv_nsec == UTIME_OMIT)
			attr.ia_valid &= ~ATTR_ATIME;
		else if (times[0].tv_nsec != UTIME_NOW)
			attr.ia_valid |= ATTR_ATIME_SET;
		if (times[1].tv_nsec == UTIME_OMIT)
			attr.ia_valid &= ~ATTR_MTIME;
		else if (times[1].tv_nsec != UTIME_NOW)
			attr.ia_valid |= ATTR_MTIME_SET;
		attr.ia_atime = times[0];
		attr.ia_mtime = times[1];
	}
	if (!filename && dfd != AT_FDCWD) {
		struct fd f = fdget(dfd);

		if (flags) {
			fdput(f);
			return -EINVAL;
		}
		if (!f.file)
			return -EBADF;
		error = apply(&f.file->f_path, &attr);
		fdput(f);
		return error;
	}
	error = user_path_at(dfd, filename, (flags & AT_SYMLINK_NOFOLLOW) ? 0 : LOOKUP_FOLLOW, &path);
	if (error)
		return error;
	if (!(attr.ia_valid & (ATTR_ATIME_SET | ATTR_MTIME_SET)) &&
	    !inode_owner_or_capable(mnt_user_ns(path.mnt), d_inode(path.dentry)))
		error = inode_permission(mnt_user_ns(path.mnt), d_inode(path.dentry), MAY_WRITE);
	if (!error)
		error = apply(&path, &attr);
	path_put(&path);
	return error;
}

SYSCALL_DEFINE4(utimensat, int, dfd, const char __user *, filename, struct timespec64 __user *, utimes, int, flags)
{
	struct timespec64 times[2];

	if (utimes && copy_from_user(times, utimes, sizeof(times)))
		return -EFAULT;
	return do_utimes(dfd, filename, utimes ? times : NULL, flags);
}

SYSCALL_DEFINE2(utimes, const char __user *, filename, struct timeval __user *, utimes)
{
	struct timespec64 times[2];
	struct timeval tv[2];
	int i;

	if (utimes && copy_from_user(tv, utimes, sizeof(tv)))
		return -EFAULT;
	for (i = 0; utimes && i < 2; i++) {
		if ((unsigned long)tv[i].tv_usec >= 1000000)
			return -EINVAL;
		times[i] = (struct timespec64) { tv[i].tv_sec, tv[i].tv_usec * 1000 };
	}
	return do_utimes(AT_FDCWD, filename, utimes ? times : NULL, 0);
}

struct utimbuf {
	long actime;
	long modtime;
};

SYSCALL_DEFINE2(utime, const char __user *, filename, struct utimbuf __user *, times)
{
	struct timespec64 pair[2];
	struct utimbuf buf;

	if (times && copy_from_user(&buf, times, sizeof(buf)))
		return -EFAULT;
	if (times) {
		pair[0] = (struct timespec64) { buf.actime, 0 };
		pair[1] = (struct timespec64) { buf.modtime, 0 };
	}
	return do_utimes(AT_FDCWD, filename, times ? pair : NULL, 0);
}
