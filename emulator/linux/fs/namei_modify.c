/*
 * Making, removing and renaming names: each operation as the system call, the walk to the parent directory, and the
 * vfs_ function that checks permission and asks the file system.
 */
#include <linux/fs.h>
#include <linux/file.h>
#include <linux/fs_struct.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/cred.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/string.h>
#include <linux/export.h>
#include <linux/syscalls.h>
#include "internal.h"

int may_create(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *child)
{
	if (child->d_inode)
		return -EEXIST;
	if (!dir->i_nlink)
		return -ENOENT;
	return inode_permission(mnt_userns, dir, MAY_WRITE | MAY_EXEC);
}

/* In a sticky directory such as /tmp only the owners of file and directory may remove a name. */
static bool check_sticky(struct inode *dir, struct inode *inode)
{
	if (!(dir->i_mode & S_ISVTX))
		return false;
	if (uid_eq(inode->i_uid, current_fsuid()) || uid_eq(dir->i_uid, current_fsuid()))
		return false;
	return !capable(CAP_FOWNER);
}

int may_delete(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *victim, bool isdir)
{
	struct inode *inode = d_inode(victim);
	int error;

	if (!inode)
		return -ENOENT;
	error = inode_permission(mnt_userns, dir, MAY_WRITE | MAY_EXEC);
	if (error)
		return error;
	if (check_sticky(dir, inode))
		return -EPERM;
	if (isdir) {
		if (!S_ISDIR(inode->i_mode))
			return -ENOTDIR;
		if (IS_ROOT(victim))
			return -EBUSY;
	} else if (S_ISDIR(inode->i_mode)) {
		return -EISDIR;
	}
	return 0;
}

/*
 * Walks to name's parent, locks it and returns a negative dentry for the last component. done_path_create() undoes
 * all of it. A trailing slash is for directories only: lookup_flags has LOOKUP_DIRECTORY then.
 */
static noinline struct dentry *filename_create(int dfd, struct filename *name, struct path *path,
					       unsigned int lookup_flags)
{
	struct dentry *dentry;
	struct qstr last;
	int type, error;

	error = filename_parentat(dfd, name, 0, path, &last, &type);
	if (error)
		return ERR_PTR(error);
	dentry = ERR_PTR(-EEXIST);
	if (type != LAST_NORM)
		goto out;
	inode_lock(d_inode(path->dentry));
	dentry = __lookup_hash(&last, path->dentry, LOOKUP_CREATE | LOOKUP_EXCL);
	if (IS_ERR(dentry))
		goto unlock;
	error = mnt_want_write(path->mnt);
	if (dentry->d_inode)
		error = -EEXIST;
	else if (last.name[last.len] && !(lookup_flags & LOOKUP_DIRECTORY))
		error = -ENOENT;
	if (!error)
		return dentry;
	dput(dentry);
	dentry = ERR_PTR(error);
unlock:
	inode_unlock(d_inode(path->dentry));
out:
	path_put(path);
	return dentry;
}

struct dentry *kern_path_create(int dfd, const char *pathname, struct path *path, unsigned int lookup_flags)
{
	struct filename *name = getname_kernel(pathname);
	struct dentry *dentry;

	if (IS_ERR(name))
		return ERR_CAST(name);
	dentry = filename_create(dfd, name, path, lookup_flags);
	putname(name);
	return dentry;
}
EXPORT_SYMBOL(kern_path_create);

void done_path_create(struct path *path, struct dentry *dentry)
{
	dput(dentry);
	inode_unlock(d_inode(path->dentry));
	mnt_drop_write(path->mnt);
	path_put(path);
}
EXPORT_SYMBOL(done_path_create);

noinline int vfs_create(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry, umode_t mode,
			bool want_excl)
{
	int error = may_create(mnt_userns, dir, dentry);

	if (error)
		return error;
	if (!dir->i_op->create)
		return -EACCES;
	mode = (mode & S_IALLUGO) | S_IFREG;
	error = security_inode_create(dir, dentry, mode);
	return error ? error : dir->i_op->create(mnt_userns, dir, dentry, mode, want_excl);
}
EXPORT_SYMBOL(vfs_create);

noinline int vfs_mknod(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry, umode_t mode,
		       dev_t dev)
{
	int error = may_create(mnt_userns, dir, dentry);

	if (error)
		return error;
	if ((S_ISCHR(mode) || S_ISBLK(mode)) && !capable(CAP_MKNOD))
		return -EPERM;
	if (!dir->i_op->mknod)
		return -EPERM;
	error = security_inode_mknod(dir, dentry, mode, dev);
	return error ? error : dir->i_op->mknod(mnt_userns, dir, dentry, mode, dev);
}
EXPORT_SYMBOL(vfs_mknod);

static noinline int do_mknodat(int dfd, struct filename *name, umode_t mode, unsigned int dev)
{
	struct path path;
	struct dentry *dentry = filename_create(dfd, name, &path, 0);
	int error = PTR_ERR(dentry);

	if (IS_ERR(dentry))
		goto out;
	mode &= ~current_umask();
	switch (mode & S_IFMT) {
	case 0:
	case S_IFREG:
		error = vfs_create(mnt_user_ns(path.mnt), d_inode(path.dentry), dentry, mode, true);
		break;
	case S_IFCHR:
	case S_IFBLK:
		error = vfs_mknod(mnt_user_ns(path.mnt), d_inode(path.dentry), dentry, mode, new_decode_dev(dev));
		break;
	case S_IFIFO:
	case S_IFSOCK:
		error = vfs_mknod(mnt_user_ns(path.mnt), d_inode(path.dentry), dentry, mode, 0);
		break;
	case S_IFDIR:
		error = -EPERM;
		break;
	default:
		error = -EINVAL;
	}
	done_path_create(&path, dentry);
out:
	putname(name);
	return error;
}

SYSCALL_DEFINE4(mknodat, int, dfd, const char __user *, filename, umode_t, mode, unsigned int, dev)
{
	return do_mknodat(dfd, getname(filename), mode, dev);
}

SYSCALL_DEFINE3(mknod, const char __user *, filename, umode_t, mode, unsigned int, dev)
{
	return do_mknodat(AT_FDCWD, getname(filename), mode, dev);
}

noinline int vfs_mkdir(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	int error = may_create(mnt_userns, dir, dentry);

	if (error)
		return error;
	if (!dir->i_op->mkdir)
		return -EPERM;
	mode &= S_IRWXUGO | S_ISVTX;
	error = security_inode_mkdir(dir, dentry, mode);
	return error ? error : dir->i_op->mkdir(mnt_userns, dir, dentry, mode);
}
EXPORT_SYMBOL(vfs_mkdir);

noinline int do_mkdirat(int dfd, struct filename *name, umode_t mode)
{
	struct path path;
	struct dentry *dentry = filename_create(dfd, name, &path, LOOKUP_DIRECTORY);
	int error = PTR_ERR(dentry);

	if (!IS_ERR(dentry)) {
		error = vfs_mkdir(mnt_user_ns(path.mnt), d_inode(path.dentry), dentry, mode & ~current_umask());
		done_path_create(&path, dentry);
	}
	putname(name);
	return error;
}

SYSCALL_DEFINE3(mkdirat, int, dfd, const char __user *, pathname, umode_t, mode)
{
	return do_mkdirat(dfd, getname(pathname), mode);
}

SYSCALL_DEFINE2(mkdir, const char __user *, pathname, umode_t, mode)
{
	return do_mkdirat(AT_FDCWD, getname(pathname), mode);
}

noinline int vfs_rmdir(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry)
{
	struct inode *inode;
	int error = may_delete(mnt_userns, dir, dentry, true);

	if (error)
		return error;
	if (!dir->i_op->rmdir)
		return -EPERM;
	inode = d_inode(dentry);
	ihold(inode);
	inode_lock(inode);
	error = d_mountpoint(dentry) ? -EBUSY : security_inode_rmdir(dir, dentry);
	if (!error)
		error = dir->i_op->rmdir(dir, dentry);
	inode_unlock(inode);
	if (!error)
		d_delete(dentry);
	iput(inode);
	return error;
}
EXPORT_SYMBOL(vfs_rmdir);

/* Walks to the parent of a name to be removed, locks it, and returns the name's dentry. */
static struct dentry *lookup_victim(struct path *path, struct qstr *last)
{
	struct dentry *dentry;

	inode_lock(d_inode(path->dentry));
	dentry = __lookup_hash(last, path->dentry, 0);
	if (IS_ERR(dentry))
		inode_unlock(d_inode(path->dentry));
	return dentry;
}

noinline int do_rmdir(int dfd, struct filename *name)
{
	struct dentry *dentry;
	struct path path;
	struct qstr last;
	int type;
	int error = filename_parentat(dfd, name, 0, &path, &last, &type);

	if (error)
		goto out_name;
	if (type == LAST_DOTDOT)
		error = -ENOTEMPTY;
	else if (type == LAST_DOT)
		error = -EINVAL;
	else if (type == LAST_ROOT)
		error = -EBUSY;
	else
		error = mnt_want_write(path.mnt);
	if (error)
		goto out_path;
	dentry = lookup_victim(&path, &last);
	error = PTR_ERR(dentry);
	if (!IS_ERR(dentry)) {
		error = vfs_rmdir(mnt_user_ns(path.mnt), d_inode(path.dentry), dentry);
		dput(dentry);
		inode_unlock(d_inode(path.dentry));
	}
	mnt_drop_write(path.mnt);
out_path:
	path_put(&path);
out_name:
	putname(name);
	return error;
}

SYSCALL_DEFINE1(rmdir, const char __user *, pathname)
{
	return do_rmdir(AT_FDCWD, getname(pathname));
}

noinline int vfs_unlink(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
			struct inode **delegated_inode)
{
	struct inode *target;
	int error = may_delete(mnt_userns, dir, dentry, false);

	if (error)
		return error;
	if (!dir->i_op->unlink)
		return -EPERM;
	target = d_inode(dentry);
	inode_lock(target);
	error = d_mountpoint(dentry) ? -EBUSY : security_inode_unlink(dir, dentry);
	if (!error)
		error = dir->i_op->unlink(dir, dentry);
	inode_unlock(target);
	if (!error)
		d_delete(dentry);
	return error;
}
EXPORT_SYMBOL(vfs_unlink);

/* unlink(2): takes one name of a file away; the file goes with its last name and its last user. */
noinline int do_unlinkat(int dfd, struct filename *name)
{
	struct inode *inode = NULL;
	struct dentry *dentry;
	struct path path;
	struct qstr last;
	int type;
	int error = filename_parentat(dfd, name, 0, &path, &last, &type);

	if (error)
		goto out_name;
	error = -EISDIR;
	if (type != LAST_NORM)
		goto out_path;
	error = mnt_want_write(path.mnt);
	if (error)
		goto out_path;
	dentry = lookup_victim(&path, &last);
	error = PTR_ERR(dentry);
	if (!IS_ERR(dentry)) {
		inode = d_inode(dentry);
		if (last.name[last.len]) {	/* a trailing slash */
			error = !inode ? -ENOENT : S_ISDIR(inode->i_mode) ? -EISDIR : -ENOTDIR;
			inode = NULL;
		} else {
			/* Held until the directory is unlocked: freeing a big file takes time. */
			if (inode)
				ihold(inode);
			error = vfs_unlink(mnt_user_ns(path.mnt), d_inode(path.dentry), dentry, NULL);
		}
		dput(dentry);
		inode_unlock(d_inode(path.dentry));
	}
	if (inode)
		iput(inode);
	mnt_drop_write(path.mnt);
out_path:
	path_put(&path);
out_name:
	putname(name);
	return error;
}

SYSCALL_DEFINE3(unlinkat, int, dfd, const char __user *, pathname, int, flag)
{
	if (flag & ~AT_REMOVEDIR)
		return -EINVAL;
	if (flag & AT_REMOVEDIR)
		return do_rmdir(dfd, getname(pathname));
	return do_unlinkat(dfd, getname(pathname));
}

SYSCALL_DEFINE1(unlink, const char __user *, pathname)
{
	return do_unlinkat(AT_FDCWD, getname(pathname));
}

noinline int vfs_symlink(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
			 const char *oldname)
{
	int error = may_create(mnt_userns, dir, dentry);

	if (error)
		return error;
	if (!dir->i_op->symlink)
		return -EPERM;
	error = security_inode_symlink(dir, dentry, oldname);
	return error ? error : dir->i_op->symlink(mnt_userns, dir, dentry, oldname);
}
EXPORT_SYMBOL(vfs_symlink);

static noinline int do_symlinkat(struct filename *from, int newdfd, struct filename *to)
{
	struct dentry *dentry;
	struct path path;
	int error = PTR_ERR(from);

	if (!IS_ERR(from)) {
		dentry = filename_create(newdfd, to, &path, 0);
		error = PTR_ERR(dentry);
		if (!IS_ERR(dentry)) {
			error = vfs_symlink(mnt_user_ns(path.mnt), d_inode(path.dentry), dentry, from->name);
			done_path_create(&path, dentry);
		}
	}
	putname(to);
	putname(from);
	return error;
}

SYSCALL_DEFINE3(symlinkat, const char __user *, oldname, int, newdfd, const char __user *, newname)
{
	return do_symlinkat(getname(oldname), newdfd, getname(newname));
}

SYSCALL_DEFINE2(symlink, const char __user *, oldname, const char __user *, newname)
{
	return do_symlinkat(getname(oldname), AT_FDCWD, getname(newname));
}

noinline int vfs_link(struct dentry *old_dentry, struct user_namespace *mnt_userns, struct inode *dir,
		      struct dentry *new_dentry, struct inode **delegated_inode)
{
	struct inode *inode = d_inode(old_dentry);
	int error;

	if (!inode)
		return -ENOENT;
	error = may_create(mnt_userns, dir, new_dentry);
	if (error)
		return error;
	if (dir->i_sb != inode->i_sb)
		return -EXDEV;
	if (!dir->i_op->link || S_ISDIR(inode->i_mode))
		return -EPERM;
	error = security_inode_link(old_dentry, dir, new_dentry);
	if (error)
		return error;
	inode_lock(inode);
	error = inode->i_nlink ? dir->i_op->link(old_dentry, dir, new_dentry) : -ENOENT;
	inode_unlock(inode);
	return error;
}
EXPORT_SYMBOL(vfs_link);

static noinline int do_linkat(int olddfd, struct filename *old, int newdfd, struct filename *new, int flags)
{
	struct path old_path, new_path;
	struct dentry *dentry;
	int error = -EINVAL;

	if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		goto out;
	error = filename_lookup(olddfd, old, (flags & AT_SYMLINK_FOLLOW) ? LOOKUP_FOLLOW : 0, &old_path, NULL);
	if (error)
		goto out;
	dentry = filename_create(newdfd, new, &new_path, 0);
	error = PTR_ERR(dentry);
	if (!IS_ERR(dentry)) {
		error = -EXDEV;
		if (old_path.mnt == new_path.mnt)
			error = vfs_link(old_path.dentry, mnt_user_ns(new_path.mnt), d_inode(new_path.dentry),
					 dentry, NULL);
		done_path_create(&new_path, dentry);
	}
	path_put(&old_path);
out:
	putname(old);
	putname(new);
	return error;
}

SYSCALL_DEFINE5(linkat, int, olddfd, const char __user *, oldname, int, newdfd, const char __user *, newname,
		int, flags)
{
	return do_linkat(olddfd, getname(oldname), newdfd, getname(newname), flags);
}

SYSCALL_DEFINE2(link, const char __user *, oldname, const char __user *, newname)
{
	return do_linkat(AT_FDCWD, getname(oldname), AT_FDCWD, getname(newname), 0);
}
